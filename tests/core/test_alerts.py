"""Who hears of an incident, when, and what: examples, then what holds whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from streams.core.alerts import Watch, decode, due, encode, follow, known_zone, matches, tick
from streams.core.alerts.match import quotes
from streams.core.alerts.when import after_quiet, allowed
from streams.core.records import Circle, Place, Position, QuietHours
from tests.core.alert_records import NOON, ODESSA, PHRASES, STORIES, incident, renamed, report, subscription, toll

HOUR = timedelta(hours=1)
PARIS_NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")


# -- matching ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "record", "expected"),
    [
        ({}, {}, True),
        ({}, {"retracted": True}, False),
        ({"types": ["drone_strike"]}, {}, True),
        ({"types": ["casualties"]}, {"types": ["drone_strike", "casualties"]}, True),
        ({"types": ["talks"]}, {}, False),
        ({"types": ["talks"], "families": ["violence"]}, {}, True),
        ({"families": ["diplomacy"]}, {}, False),
        ({"countries": ["UKR"]}, {}, True),
        ({"countries": ["RUS"]}, {}, False),
        ({"countries": ["UKR"]}, {"place": None}, False),
        ({"near": [Circle(46.0, 31.0, 60)]}, {}, True),
        ({"near": [Circle(46.0, 31.0, 50)]}, {}, False),
        ({"near": [Circle(46.4775, 90.0, 1000)]}, {}, False),
        ({"near": [Circle(46.0, 31.0, 60)]}, {"place": Place("Odessa", "UKR")}, False),
        ({"countries": ["RUS"], "near": [Circle(46.0, 31.0, 60)]}, {}, True),
        ({"countries": ["UKR"], "near": [Circle(0, 0, 1)]}, {}, True),
        ({"parties": ["UKR"]}, {}, True),
        ({"parties": ["SDN"]}, {}, False),
        ({"languages": ["fr"]}, {"reports": [report(language="fr-CA")]}, True),
        ({"languages": ["FR-ca"]}, {"reports": [report(language="fr-CA")]}, True),
        ({"languages": ["fr-CA"]}, {"reports": [report(language="fr")]}, False),
        ({"languages": ["f"]}, {}, False),
        ({"languages": ["en"]}, {"reports": [report(), report(2, language="en")]}, True),
        ({"sources": ["afp"]}, {}, True),
        ({"sources": ["LE GOUVERNEUR"]}, {}, True),
        ({"sources": ["Reuters"]}, {}, False),
        ({"severity": "Severe"}, {}, True),
        ({"severity": "Severe"}, {"severity": "Extreme"}, True),
        ({"severity": "Severe"}, {"severity": "Moderate"}, False),
        ({"severity": "Minor"}, {"severity": "Unknown"}, False),
        ({"certainty": "Likely"}, {"certainty": "Possible"}, False),
        ({"certainty": "Likely"}, {"certainty": "Observed"}, True),
        ({"independent_sources": 2}, {}, False),
        ({"independent_sources": 2}, {"independent_sources": 2}, True),
        ({"statuses": ["denied"]}, {}, False),
        ({"statuses": ["denied"]}, {"positions": [Position("denied", ["RUS"])]}, True),
        ({"words": ["MORTS"]}, {}, True),
        ({"words": ["mort"]}, {}, False),
        ({"words": ["frappe  de drone"]}, {}, True),
        ({"words": ["port", "odessa"]}, {}, True),
        ({"words": ["a.a"]}, {}, False),
        ({}, {"status": "expected"}, False),
        ({"expected": True}, {"status": "expected"}, True),
        ({}, {"background": True}, False),
        ({"background": True}, {"background": True}, True),
        ({"countries": ["UKR"], "parties": ["SDN"]}, {}, False),
    ],
)
def test_matching(asked, record, expected):
    assert matches(subscription(**asked), incident(**record)) is expected


def test_the_best_quotes_come_first_and_every_outlet_before_a_second_of_one():
    reports = [report(n, outlet="afp" if n < 5 else f"o{n}", text=f"texte {n}", background=n == 9) for n in range(1, 10)]
    reports[3] = report(4, text="le port brûle")
    found = [quote.text for quote in quotes(incident(reports=reports), subscription(words=["port"]))]
    assert found == ["le port brûle", "texte 5", "texte 6", "texte 7", "texte 8"]


# -- the life of an alert ----------------------------------------------------------------------------------------------------------


class Desk:
    """A subscriber: what came, in order."""

    def __init__(self, **asked):
        self.asked = {"desk": subscription(**asked)}
        self.watch: Watch | None = None
        self.at = NOON

    def hears(self, record=None, after=timedelta(0)):
        """What a record, or the time alone, brings."""
        self.at += after
        if record is not None:
            self.watch, alerts = follow(self.watch, record, self.asked, self.at, PHRASES)
        else:
            self.watch, alerts = tick(self.watch, self.asked, self.at, PHRASES) if self.watch else (None, [])
        return alerts


def kinds(alerts):
    return [alert.msg_type for alert in alerts]


def test_alert_update_cancel():
    desk = Desk()
    [first] = desk.hears(incident())
    assert (first.msg_type, first.references, first.changes, first.sent) == ("alert", [], [], NOON)
    assert first.evidence[0].text == "Une frappe de drone a fait trois morts à Odessa"
    assert desk.hears(incident()) == []
    [second] = desk.hears(incident(casualties=[toll(5, 5)], severity="Extreme", independent_sources=2), HOUR)
    assert (second.msg_type, second.references) == ("update", [first.id])
    assert [line.replace("\u00a0", " ") for line in second.changes] == [
        "bilan : 5 morts (avant : 3 morts)", "gravité : extrême (avant : grave)", "sources indépendantes : 2 (avant : 1)",
    ]  # fmt: skip
    [last] = desk.hears(incident(retracted=True, reports=[]), HOUR)
    assert (last.msg_type, last.references, last.changes) == ("cancel", [first.id, second.id], ["information retirée"])
    assert last.headline.startswith("Annulé\u00a0: Frappe de drone à Odessa\u00a0: 5 morts")
    assert len({first.id, second.id, last.id}) == 3


def test_a_toll_corrected_down_is_an_update():
    desk = Desk()
    desk.hears(incident())
    [alert] = desk.hears(incident(casualties=[]))
    assert alert.changes == ["bilan\u00a0: retiré (avant\u00a0: 3 morts)"]


def test_every_correction_has_a_line():
    desk = Desk()
    desk.hears(incident())
    corrected = incident(
        type="shelling", place=Place("Mykolaïv", "UKR", 700569, precision="city"), date="2026-03-01", actor=[], target=["UKR", "MDA"],
        status="confirmed", certainty="Likely",
    )  # fmt: skip
    [alert] = desk.hears(corrected)
    assert [line.replace("\u00a0", " ") for line in alert.changes] == [
        "statut : confirmé (avant : affirmé)", "certitude : probable (avant : possible)",
        "nature : bombardement (avant : frappe de drone)", "lieu : Mykolaïv (avant : Odessa)", "date : 2026-03-01 (avant : 2026-03-02)",
        "auteur : retiré (avant : Russie)", "visé : Moldavie, Ukraine (avant : Ukraine)",
    ]  # fmt: skip


def test_another_spelling_of_the_place_is_no_news():
    desk = Desk()
    desk.hears(incident())
    assert desk.hears(incident(place=replace(ODESSA, name="Odesa"))) == []


def test_a_match_that_ends_is_cancelled_and_may_begin_again():
    desk = Desk(severity="Severe")
    assert kinds(desk.hears(incident())) == ["alert"]
    [cancel] = desk.hears(incident(severity="Moderate"))
    assert (cancel.msg_type, cancel.changes) == ("cancel", ["ne correspond plus à l'abonnement"])
    assert desk.hears(incident(severity="Minor")) == []
    [again] = desk.hears(incident())
    assert (again.msg_type, len(again.references)) == ("alert", 2)


def test_a_changed_subscription_and_a_removed_one_are_cancelled_in_the_language_of_the_alert():
    desk = Desk()
    desk.hears(incident())
    desk.asked = {"desk": subscription(countries=["SDN"], language="en")}
    [cancel] = desk.hears()
    assert cancel.headline.startswith("Annulé")
    desk.asked = {"desk": subscription(language="en")}
    assert kinds(desk.hears()) == ["alert"]
    desk.asked = {}
    [cancel] = desk.hears()
    assert (cancel.msg_type, cancel.changes) == ("cancel", ["the subscription was removed"])
    assert desk.hears() == []


def test_time_begins_no_thread():
    desk = Desk()
    desk.hears(incident())
    desk.asked["night"] = renamed(subscription(), "night")
    assert desk.hears(after=HOUR) == []


def test_nobody_asks_and_nothing_is_remembered():
    assert follow(None, incident(), {}, NOON, PHRASES) == (None, [])
    assert follow(None, incident(), {"desk": subscription(countries=["SDN"])}, NOON, PHRASES) == (None, [])
    assert follow(None, incident(closed=True), {"desk": subscription()}, NOON, PHRASES) == (None, [])


def test_cooldown_sends_one_message_about_the_latest():
    desk = Desk(cooldown_seconds=3600)
    desk.hears(incident())
    assert desk.hears(incident(casualties=[toll(4, 4)]), HOUR / 4) == []
    assert desk.hears(incident(casualties=[toll(5, 5)]), HOUR / 4) == []
    assert due(desk.watch) == NOON + HOUR
    [update] = desk.hears(after=HOUR / 2)
    assert update.changes == ["bilan\u00a0: 5 morts (avant\u00a0: 3 morts)"]
    assert due(desk.watch) is None


def test_what_went_back_to_what_was_told_is_not_sent():
    desk = Desk(cooldown_seconds=3600)
    desk.hears(incident())
    desk.hears(incident(casualties=[toll(4, 4)]), HOUR / 4)
    assert desk.hears(incident(), HOUR / 4) == []
    assert due(desk.watch) is None
    assert desk.hears(after=HOUR) == []


def test_a_cancellation_waits_for_nothing():
    desk = Desk(cooldown_seconds=86_400, digest_seconds=300, quiet=QuietHours("13:00", "14:00", "UTC"))
    desk.hears(incident())
    assert kinds(desk.hears(incident(retracted=True), HOUR)) == ["cancel"]


def test_a_first_alert_that_waits_just_vanishes():
    desk = Desk(quiet=QuietHours("11:00", "13:00", "UTC"))
    assert desk.hears(incident()) == []
    assert due(desk.watch) == NOON + HOUR
    assert desk.hears(incident(retracted=True), HOUR / 2) == []
    assert desk.watch is None


def test_digests_come_at_whole_multiples():
    desk = Desk(digest_seconds=3600)
    assert kinds(desk.hears(incident())) == ["alert"]
    assert desk.hears(incident(casualties=[toll(4, 4)]), timedelta(seconds=1)) == []
    assert due(desk.watch) == NOON + HOUR
    late = desk.hears(incident(casualties=[toll(5, 5)]), HOUR)
    assert kinds(late) == ["update"]


def test_a_closed_incident_sends_what_waits_and_is_forgotten():
    desk = Desk(cooldown_seconds=3600)
    desk.hears(incident())
    desk.hears(incident(casualties=[toll(4, 4)]), HOUR / 4)
    assert desk.hears(incident(casualties=[toll(4, 4)], closed=True), HOUR / 4) == []
    assert desk.watch is not None
    assert kinds(desk.hears(after=HOUR)) == ["update"]
    assert desk.watch is None


def test_closing_begins_and_cancels_nothing():
    told = Desk()
    told.hears(incident())
    assert told.hears(incident(closed=True)) == []
    assert told.watch is None
    taken_back = Desk()
    taken_back.hears(incident())
    taken_back.hears(incident(retracted=True))
    assert taken_back.hears(incident(closed=True)) == []
    assert taken_back.watch is None


def test_references_are_the_last_hundred():
    desk = Desk()
    alerts = [desk.hears(incident(independent_sources=n))[0] for n in range(1, 105)]
    assert alerts[-1].references == [alert.id for alert in alerts[3:103]]
    assert len({alert.id for alert in alerts}) == 104


# -- quiet hours -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-15T20:59", "2026-01-15T20:59"),
        ("2026-01-15T21:00", "2026-01-16T06:00"),
        ("2026-01-16T05:59", "2026-01-16T06:00"),
        ("2026-01-16T06:00", "2026-01-16T06:00"),
        ("2026-07-15T20:00", "2026-07-16T05:00"),
        ("2026-03-28T23:00", "2026-03-29T05:00"),  # the clock goes forward in this night
        ("2026-10-24T23:00", "2026-10-25T06:00"),  # and back in this one
    ],
)
def test_quiet_hours_by_the_clock_of_paris(at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert after_quiet(PARIS_NIGHT, moment) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_hour_that_comes_twice_is_quiet_twice():
    quiet = QuietHours("01:00", "02:30", "Europe/Paris")
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert after_quiet(quiet, second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_equal_ends_are_never_quiet():
    assert after_quiet(QuietHours("08:00", "08:00", "UTC"), NOON) == NOON


def test_a_digest_in_quiet_hours_is_the_next_one_after_them():
    asked = subscription(digest_seconds=7200, quiet=QuietHours("13:00", "17:00", "UTC"))
    assert allowed(asked, NOON + HOUR / 2, None, NOON + HOUR / 2) == NOON + 6 * HOUR
    never = subscription(digest_seconds=86_400, quiet=QuietHours("23:00", "07:00", "UTC"))
    start = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    assert after_quiet(never.quiet, allowed(never, start, None, start)) == allowed(never, start, None, start)


def test_who_comes_late_waits_for_the_end_of_the_quiet_hours():
    desk = Desk(cooldown_seconds=3000, quiet=QuietHours("13:00", "14:00", "UTC"))
    desk.hears(incident())
    desk.hears(incident(casualties=[]), HOUR / 2)
    assert due(desk.watch) == NOON + timedelta(minutes=50)
    assert desk.hears(after=HOUR) == []
    assert due(desk.watch) == NOON + 2 * HOUR
    assert kinds(desk.hears(after=HOUR / 2)) == ["update"]


def test_zones():
    assert known_zone("Europe/Kyiv")
    assert not any(map(known_zone, ["Europe/Nowhere", "../etc/passwd", "/etc/passwd", "", "\0", "x" * 64]))


# -- whatever happens --------------------------------------------------------------------------------------------------------------


def play(story):
    """What is remembered in the end and all that was sent, each with the subscription in force."""
    desk, night, events = story
    asked = {"desk": renamed(desk, "desk"), "night": renamed(night, "night")}
    record, at = incident(), NOON
    watch, alerts = follow(None, record, asked, at, PHRASES)
    heard = [(alert, asked[alert.subscription]) for alert in alerts]
    for wait, event in events:
        at, alerts = at + wait, []
        if isinstance(event, dict):
            record = replace(record, **event)
            watch, alerts = follow(watch, record, asked, at, PHRASES)
        elif isinstance(event, tuple):
            name, new = event
            asked = {other: kept for other, kept in asked.items() if other != name} | ({name: renamed(new, name)} if new else {})
        if watch is not None:
            watch, more = tick(decode(encode(watch)), asked, at, PHRASES)
            alerts = alerts + more
        heard += [(alert, asked.get(alert.subscription)) for alert in alerts]
    return watch, heard, asked, at


@settings(max_examples=150)
@given(STORIES)
def test_every_thread_is_in_order(story):
    _, heard, _, _ = play(story)
    for name in ("desk", "night"):
        thread = [alert for alert, _ in heard if alert.subscription == name]
        assert len({alert.id for alert in thread}) == len(thread)
        for number, alert in enumerate(thread):
            assert alert.references == [earlier.id for earlier in thread[:number]]
            is_open = number > 0 and thread[number - 1].msg_type != "cancel"
            assert (alert.msg_type == "alert") is not is_open
            assert bool(alert.changes) is is_open


@settings(max_examples=150)
@given(STORIES)
def test_nothing_but_cancellations_comes_in_quiet_hours_or_too_soon(story):
    _, heard, _, _ = play(story)
    last: dict[str, datetime] = {}
    for alert, asked in heard:
        if alert.msg_type != "cancel" and asked is not None:
            if asked.quiet is not None:
                clock, quiet = f"{alert.sent.astimezone(ZoneInfo(asked.quiet.zone)):%H:%M}", asked.quiet
                over = quiet.start > quiet.end
                assert not (clock >= quiet.start or clock < quiet.end if over else quiet.start <= clock < quiet.end)
            sent = last.get(alert.subscription)
            assert sent is None or alert.sent >= sent + timedelta(seconds=asked.cooldown_seconds)
        last[alert.subscription] = alert.sent


@settings(max_examples=100)
@given(STORIES)
def test_the_same_again_gives_the_same_bytes(story):
    assert msgspec.json.encode([alert for alert, _ in play(story)[1]]) == msgspec.json.encode([alert for alert, _ in play(story)[1]])


@settings(max_examples=150)
@given(STORIES)
def test_what_waits_goes_out_when_it_is_due_and_not_before(story):
    watch, _, asked, _ = play(story)
    if watch is not None and (when := due(watch)) is not None:
        before, early = tick(watch, asked, when - timedelta(seconds=1), PHRASES)
        assert early == []
        after, alerts = tick(before, asked, when, PHRASES)
        assert alerts
        assert after is None or due(after) is None or due(after) > when
        assert tick(after, asked, when, PHRASES)[1] == [] if after else True


@settings(max_examples=100)
@given(STORIES)
def test_a_closed_incident_is_forgotten_in_the_end(story):
    watch, _, asked, at = play(story)
    if watch is None:
        return
    watch, _ = follow(watch, replace(watch.incident, closed=True), asked, at, PHRASES)
    for _ in range(3):
        if watch is not None:
            watch, alerts = tick(watch, asked, due(watch), PHRASES)
            assert alerts
    assert watch is None


def test_a_clause_that_tells_two_things_is_quoted_once():
    twice = [report(1), report(2, type="infrastructure_damage", article="a1"), report(3, article="a1", start=40, end=50)]
    assert [(quote.article, quote.start) for quote in quotes(incident(reports=twice), subscription())] == [("a1", 0), ("a1", 40)]


def test_a_cancellation_takes_back_what_was_told():
    gone = incident(type="casualties", severity="Unknown", place=None, reports=[], retracted=True)
    asked = {"s": subscription(id="s")}
    watch, (told,) = follow(None, incident(), asked, NOON, PHRASES)
    _, (canceled,) = follow(watch, gone, asked, NOON, PHRASES)
    assert (canceled.type, canceled.severity, canceled.place) == (told.type, told.severity, told.place)


def test_one_more_claim_of_what_is_reported_is_no_news_and_a_denial_is():
    desk = Desk()
    reported = incident(status="reported", positions=[Position("reported", ["AFP"])])
    desk.hears(reported)
    assert desk.hears(replace(reported, positions=[*reported.positions, Position("claimed", ["Reuters"])])) == []
    [alert] = desk.hears(replace(reported, positions=[*reported.positions, Position("denied", ["RUS"])]))
    assert alert.msg_type == "update"
