"""The days on which something may have been, from its date or from when it was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from streams.core.incidents.records import Days, Undated
from streams.core.iso import first_of, last_day
from streams.core.records import Report

UNKNOWN = Days(date.min.toordinal(), date.max.toordinal(), False)
"""Any day: history without a date, or nothing that says when it was told."""
_ONE = timedelta(1)


def days_of(report: Report, undated: Undated) -> Days:
    """When a report says that it was, else about when it was told."""
    dated = read(report.date)
    if dated is not None:
        return dated
    if report.told is None or report.background or not date.min + _ONE * 9 < report.told.date() < date.max - _ONE * 9:
        return UNKNOWN
    first = (report.told - timedelta(hours=undated.hours_before)).toordinal()
    return Days(first, (report.told + timedelta(hours=undated.hours_after)).toordinal(), False)


def read(iso: str | None) -> Days | None:
    """An ISO day, month, year or interval; None where it is none."""
    if not iso:
        return None
    try:
        start = first_of(iso)
        first = date.fromisoformat(start + "-01-01"[len(start) - 4 :]).toordinal()
        return Days(first, max(first, date.fromisoformat(last_day(iso)).toordinal()), True)
    except ValueError:
        return None


def common(many: Iterable[Days]) -> Days:
    """The days that all allow; those that leave nothing of what the earlier ones allow are left out. What is dated goes first."""
    first, last, dated = UNKNOWN
    for days in sorted(many, key=lambda d: not d.dated):
        if days.first <= last and first <= days.last:
            first, last, dated = max(first, days.first), min(last, days.last), dated or days.dated
    return Days(first, last, dated)


def gap(one: Days, other: Days) -> int:
    """Days between: 0 where they touch, 1 for neighbours."""
    return max(0, one.first - other.last, other.first - one.last)


def is_long(days: Days, least: int) -> bool:
    """Whether they are a span rather than a day or a night."""
    return days.last - days.first + 1 >= least
