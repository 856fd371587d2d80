"""When a message may go out: cooldown, digest and quiet hours. A cancellation never asks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from streams.core.records import QuietHours, Subscription

_TRIES = 100
"""How many digests may fall into quiet hours before the message goes out at their end."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def known_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, not a file, not a name
        return False
    return True


def allowed(asked: Subscription, since: datetime, sent: datetime | None, at: datetime) -> datetime:
    """When what came up at `since` may go out, `sent` being the last message; not after `at` means now."""
    start = max(since, sent + timedelta(seconds=asked.cooldown_seconds)) if sent else since
    ready = _digest(asked, start)
    return ready if ready > at else after_quiet(asked.quiet, at)


def after_quiet(quiet: QuietHours | None, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours that it lies in."""
    if quiet is None or quiet.start == quiet.end:
        return at
    local = at.astimezone(ZoneInfo(quiet.zone))
    start, end = (time.fromisoformat(clock) for clock in (quiet.start, quiet.end))
    clock = time(local.hour, local.minute, local.second, local.microsecond)
    over_midnight = start > end
    if not (clock >= start or clock < end if over_midnight else start <= clock < end):
        return at
    day = local.date() + timedelta(days=over_midnight and clock >= start)
    return datetime.combine(day, end, local.tzinfo).replace(fold=local.fold).astimezone(UTC)


def _digest(asked: Subscription, start: datetime) -> datetime:
    """The first whole multiple of the interval, from `start` on, that is not in quiet hours."""
    ready = after_quiet(asked.quiet, start)
    for _ in range(_TRIES if asked.digest_seconds else 0):
        multiple = _multiple(asked.digest_seconds, ready)
        ready = after_quiet(asked.quiet, multiple)
        if ready == multiple:
            break
    return ready


def _multiple(seconds: int, at: datetime) -> datetime:
    interval = timedelta(seconds=seconds)
    return _EPOCH - (_EPOCH - at) // interval * interval
