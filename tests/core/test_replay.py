"""The past again: the same alerts as a worker that was there would have sent, what waits at its time."""

from datetime import UTC, datetime, timedelta

from streams.core.alerts import due, follow, tick
from streams.core.records import Incident, Place, QuietHours, Report, Subscription
from streams.core.replay import replay
from streams.lexicons import load_phrases

PHRASES = load_phrases()
NOON = datetime(2026, 1, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def incident(**changes: object) -> Incident:
    """A drone strike that one report tells of."""
    report = Report(
        development="d1", article="urn:1", version=1, agency="Harbour Wire", language="en", type="drone_strike", field="body", start=0,
        end=5, text="A drone fired", actor=["RSF_SDN"], status="claimed", told=NOON,
    )  # fmt: skip
    fields = {
        "id": "i1", "type": "drone_strike", "family": "violence", "place": Place("El Obeid", "SDN", 1, 13.18, 30.22, "city"),
        "actor": ["RSF_SDN"], "first_seen": NOON, "updated": NOON, "reports": [report], "independent_sources": 1, "status": "claimed",
        "severity": "Severe", "certainty": "Possible",
    }  # fmt: skip
    return Incident(**{**fields, **changes})


def told(past, *asked, until=NOON + timedelta(days=2)):
    return list(replay(past, {one.id: one for one in asked}, PHRASES, until))


def test_a_life():
    past = [
        (NOON, incident()),
        (NOON + MINUTE, incident()),
        (NOON + 2 * MINUTE, incident(severity="Extreme")),
        (NOON + 3 * MINUTE, incident(severity="Extreme", retracted=True, reports=[])),
    ]
    alerts = told(past, Subscription(id="desk"))
    assert [(one.msg_type, one.sent - NOON) for one in alerts] == [("alert", 0 * MINUTE), ("update", 2 * MINUTE), ("cancel", 3 * MINUTE)]
    assert alerts[2].references == [alerts[0].id, alerts[1].id]


def test_what_waits_is_sent_when_it_is_due_and_before_what_comes_later():
    past = [(NOON, incident()), (NOON + MINUTE, incident(severity="Extreme")), (NOON + 60 * MINUTE, incident(id="i2"))]
    alerts = told(past, Subscription(id="desk", cooldown_seconds=600))
    assert [(one.incident, one.msg_type, one.sent - NOON) for one in alerts] == [
        ("i1", "alert", 0 * MINUTE), ("i1", "update", 10 * MINUTE), ("i2", "alert", 60 * MINUTE),
    ]  # fmt: skip


def test_what_is_due_after_the_end_is_not_sent():
    past = [(NOON, incident()), (NOON + MINUTE, incident(severity="Extreme"))]
    asked = Subscription(id="desk", cooldown_seconds=600)
    assert len(told(past, asked, until=NOON + 10 * MINUTE)) == 2
    assert len(told(past, asked, until=NOON + 9 * MINUTE)) == 1


def test_what_waited_and_was_retracted_is_never_sent():
    quiet = Subscription(id="night", quiet=QuietHours("11:00", "14:00", "UTC"))
    assert told([(NOON, incident()), (NOON + MINUTE, incident(retracted=True, reports=[]))], quiet) == []


def test_two_subscriptions_hear_of_it_each_in_its_time():
    alerts = told([(NOON, incident())], Subscription(id="now"), Subscription(id="night", quiet=QuietHours("11:00", "14:00", "UTC")))
    assert [(one.subscription, one.sent - NOON) for one in alerts] == [("now", 0 * MINUTE), ("night", 120 * MINUTE)]


def test_it_is_the_same_as_a_worker_that_asks_every_minute():
    """Ticking more often than needed sends the same messages, each a minute late at most."""
    asked = {one.id: one for one in (Subscription(id="slow", cooldown_seconds=420), Subscription(id="digest", digest_seconds=900))}
    severities = ["Severe", "Extreme", "Severe", "Moderate", "Extreme", "Minor"]
    past = [(NOON + 7 * number * MINUTE, incident(severity=severity)) for number, severity in enumerate(severities)]
    end = NOON + 120 * MINUTE
    by_minute, watch, left = [], None, list(past)
    for minute in range(121):
        now = NOON + minute * MINUTE
        if watch is not None and (at := due(watch)) is not None and at <= now:
            watch, alerts = tick(watch, asked, now, PHRASES)
            by_minute += alerts
        while left and left[0][0] <= now:
            watch, alerts = follow(watch, left.pop(0)[1], asked, now, PHRASES)
            by_minute += alerts
    replayed = list(replay(past, asked, PHRASES, end))
    assert [(one.id, one.headline, one.changes) for one in replayed] == [(one.id, one.headline, one.changes) for one in by_minute]
    assert len(replayed) > 4
