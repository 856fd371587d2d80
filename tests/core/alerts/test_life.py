"""Who hears of an incident, and what: an alert, its updates, its end."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from streams.core.alerts import due, follow
from streams.core.records import Place, Position, QuietHours
from tests.core.alerts.making import NOON, ODESSA, PHRASES, Desk, incident, kinds, renamed, subscription, toll

HOUR = timedelta(hours=1)
PARIS_NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")




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
