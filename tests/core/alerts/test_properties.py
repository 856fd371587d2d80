"""What holds of alerts whatever happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from msgspec.structs import replace

from streams.core.alerts import decode, due, encode, follow, tick
from streams.core.records import QuietHours
from tests.core.alerts.making import NOON, PHRASES, STORIES, incident, renamed

HOUR = timedelta(hours=1)
PARIS_NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")






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
