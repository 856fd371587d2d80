"""When a message may go out: quiet hours and digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from streams.core.alerts import due, known_zone
from streams.core.alerts.when import after_quiet, allowed
from streams.core.records import QuietHours
from tests.core.alerts.making import NOON, Desk, incident, kinds, subscription

HOUR = timedelta(hours=1)
PARIS_NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")






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
