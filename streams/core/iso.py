"""Days, months and spans as ISO 8601 writes them. What a phrase means is `date_readings`."""

from __future__ import annotations

from datetime import date, timedelta


def iso_day(year: int, month: int, day: int) -> str | None:
    """`YYYY-MM-DD`; None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def iso_month(year: int, month: int) -> str:
    """`YYYY-MM`."""
    return f"{year:04d}-{month:02d}"


def iso_span(first: date, last: date) -> str:
    """`start/end`, both included."""
    return f"{first.isoformat()}/{last.isoformat()}"


def shift_months(day: date, months: int) -> tuple[int, int]:
    """(year, month) so many months away."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def first_of(iso: str) -> str:
    """The start of an ISO date or interval."""
    return iso.partition("/")[0]


def last_day(iso: str) -> str:
    """The last day of an ISO day, month, year or interval."""
    last = iso.rpartition("/")[2]
    if len(last) == 4:
        return f"{last}-12-31"
    if len(last) == 7:
        year, month = shift_months(date.fromisoformat(f"{last}-01"), 1)
        return (date(year, month, 1) - timedelta(1)).isoformat()
    return last
