"""What a date phrase means: the day, month, year or span that its words stand for, counted from the day of publication.

How phrases are found in a sentence is `dates`. The names of the readings are those that `lexicons/<language>/dates.yml` uses.
The clock, time zone and locale of the machine are never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from streams.core.iso import iso_day, iso_month, iso_span, last_day, shift_months

DateKind = Literal["weekday", "day", "night", "month", "year", "span", "time", "after", "since", "until", "from"]


class Now(NamedTuple):
    """What relative phrases count from; None where the article has no date."""

    published: date | None
    reference: date | None
    """The day that "the day before" counts from: the last one named, else the day of publication."""


class Values(NamedTuple):
    """What the slots of a phrase took, in the order of the phrase."""

    weekday: list[int]
    """0 is Monday."""
    month: list[int]
    day: list[int]
    year: list[int]
    n: list[int]
    unit: list[str]
    """`hour`, `day`, `week`, `fortnight`, `month`, `year`."""
    offset: list[int]
    """Days from publication: yesterday is -1."""
    ordinal: list[int]
    season: list[int]
    """The month that the season begins in."""
    clock: list[str]
    """An hour with its minutes, which tells no day."""


Reading = tuple[str, str] | None
"""(read as past, read as future); None where the phrase means nothing here."""
READINGS: dict[str, tuple[DateKind, Callable[[Values, Now], Reading]]] = {}


def _absolute(kind: DateKind, *names: str) -> Callable[[Callable[[Values, Now], Reading]], Callable[[Values, Now], Reading]]:
    """Registers a reading that may do without a date of publication."""

    def register(read: Callable[[Values, Now], Reading]) -> Callable[[Values, Now], Reading]:
        READINGS.update(dict.fromkeys(names, (kind, read)))
        return read

    return register


def _relative(kind: DateKind, *names: str) -> Callable[[Callable[[Values, date], Reading]], Callable[[Values, date], Reading]]:
    """Registers a reading that counts from the day of publication."""

    def register(read: Callable[[Values, date], Reading]) -> Callable[[Values, date], Reading]:
        _absolute(kind, *names)(lambda v, now: read(v, now.published) if now.published else None)
        return read

    return register


def _twice(iso: str | None) -> Reading:
    return (iso, iso) if iso else None


# --- days of the week ------------------------------------------------------------------------------------------------------------


def _weekdays(day: date, weekday: int) -> tuple[date, date]:
    """The last and the next such day; `day` itself is both."""
    return day - timedelta((day.weekday() - weekday) % 7), day + timedelta((weekday - day.weekday()) % 7)


@_relative("weekday", "weekday")
def _weekday(v: Values, day: date) -> Reading:
    past, ahead = _weekdays(day, v.weekday[0])
    return past.isoformat(), ahead.isoformat()


@_relative("day", "weekday_last")
def _weekday_last(v: Values, day: date) -> Reading:
    return _twice(_weekdays(day - timedelta(1), v.weekday[0])[0].isoformat())


@_relative("day", "weekday_next")
def _weekday_next(v: Values, day: date) -> Reading:
    return _twice(_weekdays(day + timedelta(1), v.weekday[0])[1].isoformat())


@_relative("day", "weekday_ahead")
def _weekday_ahead(v: Values, day: date) -> Reading:
    """ "Due on Friday": the day of publication or a day of the week that follows."""
    return _twice(_weekdays(day, v.weekday[0])[1].isoformat())


@_relative("day", "weekday_of_last_week")
def _weekday_of_last_week(v: Values, day: date) -> Reading:
    return _twice((day - timedelta(day.weekday() + 7 - v.weekday[0])).isoformat())


@_relative("day", "weekday_of_next_week")
def _weekday_of_next_week(v: Values, day: date) -> Reading:
    return _twice((day + timedelta(7 - day.weekday() + v.weekday[0])).isoformat())


@_relative("span", "weekday_range")
def _weekday_range(v: Values, day: date) -> Reading:
    """Two days of the week: the first is the one before the second."""
    length = timedelta((v.weekday[1] - v.weekday[0]) % 7)
    past, ahead = _weekdays(day, v.weekday[1])[0], _weekdays(day, v.weekday[0])[1]
    return iso_span(past - length, past), iso_span(ahead, ahead + length)


READINGS["night_between"] = ("night", READINGS["weekday_range"][1])


@_relative("night", "night_to")
def _night_to(v: Values, day: date) -> Reading:
    past, ahead = _weekdays(day, v.weekday[0])
    return iso_span(past - timedelta(1), past), iso_span(ahead - timedelta(1), ahead)


# --- days, months and years of the calendar --------------------------------------------------------------------------------------


def _dated(v: Values, now: Now, month: int, day: int, text: Callable[[int], str | None]) -> Reading:
    """`text` of the year that the phrase names, or of the last and the next year in which `month` and `day` (0: the whole month) come."""
    if v.year:
        return _twice(text(v.year[-1]))
    if not now.published:
        return None
    this = (now.published.month, now.published.day if day else 0)
    past, ahead = text(now.published.year - ((month, day) > this)), text(now.published.year + ((month, day) < this))
    return (past, ahead) if past and ahead else None


@_absolute("day", "day_month")
def _day_month(v: Values, now: Now) -> Reading:
    return _dated(v, now, v.month[0], v.day[0], lambda year: iso_day(year, v.month[0], v.day[0]))


@_absolute("span", "day_range")
def _day_range(v: Values, now: Now) -> Reading:
    """Two days of one month, or a day and a month each."""

    def text(year: int) -> str | None:
        first = iso_day(year - (v.month[0] > v.month[-1]), v.month[0], v.day[0])
        last = iso_day(year, v.month[-1], v.day[1])
        return f"{first}/{last}" if first and last and first <= last else None

    return _dated(v, now, v.month[-1], v.day[1], text)


def _night(before: int) -> Callable[[Values, Now], Reading]:
    """The night that begins `before` days before the last day that the phrase names: "the night of 9 to 10 March" may name both."""

    def read(v: Values, now: Now) -> Reading:
        def text(year: int) -> str | None:
            iso = iso_day(year, v.month[-1], v.day[-1])
            first = date.fromisoformat(iso) - timedelta(before) if iso and "0001-01-01" < iso < "9999-12-31" else None
            return iso_span(first, first + timedelta(1)) if first else None

        return _dated(v, now, v.month[-1], v.day[-1], text)

    return read


_absolute("night", "night_to_day")(_night(1))
_absolute("night", "night_of_day")(_night(0))


@_absolute("month", "month")
def _bare_month(v: Values, now: Now) -> Reading:
    return _dated(v, now, v.month[0], 0, lambda year: iso_month(year, v.month[0]))


@_absolute("span", "month_range")
def _month_range(v: Values, now: Now) -> Reading:
    def text(year: int) -> str:
        start = v.year[0] if len(v.year) > 1 else year - (v.month[0] > v.month[1])
        return f"{iso_month(start, v.month[0])}/{iso_month(year, v.month[1])}"

    return _dated(v, now, v.month[1], 0, text)


_relative("month", "month_last_year")(lambda v, day: _twice(iso_month(day.year - 1, v.month[0])))
_relative("month", "month_this_year")(lambda v, day: _twice(iso_month(day.year, v.month[0])))
_relative("month", "month_next_year")(lambda v, day: _twice(iso_month(day.year + 1, v.month[0])))


@_absolute("year", "year", "year_bound")
def _year(v: Values, now: Now) -> Reading:
    return _twice(f"{v.year[0]:04d}")


@_absolute("span", "year_range")
def _year_range(v: Values, now: Now) -> Reading:
    return _twice(f"{v.year[0]:04d}/{v.year[1]:04d}") if v.year[0] <= v.year[1] else None


@_absolute("span", "quarter")
def _quarter(v: Values, now: Now) -> Reading:
    if not 1 <= v.ordinal[0] <= 4:
        return None
    month = 3 * v.ordinal[0] - 2
    return _dated(v, now, month, 0, lambda year: f"{iso_month(year, month)}/{iso_month(year, month + 2)}")


@_absolute("span", "season")
def _season(v: Values, now: Now) -> Reading:
    """Three months; a winter is named by the year that it ends in."""
    month = v.season[0]
    return _dated(v, now, month, 0, lambda year: f"{iso_month(year - (month == 12), month)}/{iso_month(year, (month + 1) % 12 + 1)}")


# --- counted from publication ----------------------------------------------------------------------------------------------------

_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14}


def _moved(day: date, n: int, unit: str) -> str:
    """The day, month or year `n` units away, as precise as the unit; a single year to the month, hours as the days that they touch."""
    if unit == "hour":
        n, unit = (n + 23) // 24 if n > 0 else -((23 - n) // 24), "day"
    if unit in _UNIT_DAYS:
        return (day + timedelta(n * _UNIT_DAYS[unit])).isoformat()
    if unit == "month":
        return iso_month(*shift_months(day, n))
    return f"{day.year + n:04d}" if abs(n) != 1 else iso_month(day.year + n, day.month)


@_relative("day", "offset")
def _offset(v: Values, day: date) -> Reading:
    return _twice((day + timedelta(v.offset[0])).isoformat())


@_relative("day", "last_night")
def _last_night(v: Values, day: date) -> Reading:
    """The evening before publication, in languages that say so of it and not of the whole night."""
    return _twice((day - timedelta(1)).isoformat())


@_relative("night", "night_to_offset")
def _night_to_offset(v: Values, day: date) -> Reading:
    end = day + timedelta(v.offset[0])
    return _twice(iso_span(end - timedelta(1), end))


@_relative("night", "overnight")
def _overnight(v: Values, day: date) -> Reading:
    """The night that ends on the day of publication; ahead, the one that begins on it."""
    return iso_span(day - timedelta(1), day), iso_span(day, day + timedelta(1))


_relative("night", "night_past")(lambda v, day: _twice(iso_span(day - timedelta(1), day)))


@_relative("time", "night_time")
def _night_time(v: Values, day: date) -> Reading:
    """ "The nightly raid": the night that ends on the day of publication, where no other day is near."""
    return _twice(iso_span(day - timedelta(1), day))


def _from_reference(days: int) -> Callable[[Values, Now], Reading]:
    return lambda v, now: _twice((now.reference + timedelta(days)).isoformat()) if now.reference else None


_absolute("day", "before")(_from_reference(-1))
_absolute("day", "next_day")(_from_reference(1))
_absolute("time", "time")(_from_reference(0))


def _counted(sign: int) -> Callable[[Values, date], Reading]:
    return lambda v, day: _twice(_moved(day, sign * (v.n[0] if v.n else 1), v.unit[0]))


_relative("day", "ago")(_counted(-1))
_relative("after", "after")(_counted(-1))


@_relative("day", "anniversary")
def _anniversary(v: Values, day: date) -> Reading:
    """ "It is two years since": told when the day comes round, so the month is known too."""
    n = v.n[0] if v.n else 1
    return _twice(iso_month(day.year - n, day.month) if v.unit[0] == "year" else _moved(day, -n, v.unit[0]))


@_absolute("day", "before_by")
def _before_by(v: Values, now: Now) -> Reading:
    """ "A week before the march": counted back from the day told of last."""
    return _twice(_moved(now.reference, -(v.n[0] if v.n else 1), v.unit[0])) if now.reference else None


_relative("day", "in_future")(_counted(1))


def _past_span(v: Values, day: date) -> Reading:
    """Up to publication; a single month is told to the day."""
    n = v.n[0] if v.n else 1
    start = _moved(day, -n, v.unit[0])
    if n == 1 and v.unit[0] == "month":
        start = iso_day(int(start[:4]), int(start[5:]), min(day.day, 28)) or start
    return _twice(f"{start}/{day.isoformat()}")


_relative("span", "past_span")(_past_span)


@_relative("span", "lasting")
def _lasting(v: Values, day: date) -> Reading:
    """ "Within a week", of what is past: the last week; hours, months and years only tell how long it took."""
    return _past_span(v, day) if v.unit[0] in _UNIT_DAYS else None


@_relative("span", "in_span")
def _in_span(v: Values, day: date) -> Reading:
    """ "In three days": what took so long, or what is so far away."""
    n = v.n[0] if v.n else 1
    return f"{_moved(day, -n, v.unit[0])}/{day.isoformat()}", _moved(day, n, v.unit[0])


_relative("since", "for_span")(_past_span)


@_relative("span", "nth_day")
def _nth_day(v: Values, day: date) -> Reading:
    """ "For a third day": from the first of them to the day of publication."""
    return _twice(iso_span(day - timedelta(v.ordinal[0] - 1), day))


@_relative("until", "within")
def _within(v: Values, day: date) -> Reading:
    return _twice(f"{day.isoformat()}/{last_day(_moved(day, v.n[-1] if v.n else 1, v.unit[0]))}")


def _unit(n: int) -> Callable[[Values, date], Reading]:
    """The week, month or year that lies `n` from this one; this week goes as far as it has come."""

    def read(v: Values, day: date) -> Reading:
        if v.unit[0] == "hour":
            return None
        if v.unit[0] != "week":
            return _twice(f"{day.year + n:04d}" if v.unit[0] == "year" else _moved(day, n, v.unit[0]))
        monday = day + timedelta(7 * n - day.weekday())
        return iso_span(monday, day if n == 0 else monday + timedelta(6)), iso_span(monday, monday + timedelta(6))

    return read


_relative("span", "unit_last")(_unit(-1))
_relative("span", "unit_this")(_unit(0))
_relative("span", "unit_next")(_unit(1))


@_relative("day", "start_of_unit")
def _start_of_unit(v: Values, day: date) -> Reading:
    starts = {"week": day - timedelta(day.weekday()), "month": day.replace(day=1), "year": day.replace(month=1, day=1)}
    return _twice(starts[v.unit[0]].isoformat()) if v.unit[0] in starts else None


@_relative("month", "end_of_unit")
def _end_of_unit(v: Values, day: date) -> Reading:
    if v.unit[0] == "week":
        return _twice((day + timedelta(6 - day.weekday())).isoformat())
    return _twice(iso_month(day.year, 12 if v.unit[0] == "year" else day.month))


_relative("year", "year_last")(lambda v, day: _twice(f"{day.year - 1:04d}"))
_relative("year", "year_this")(lambda v, day: _twice(f"{day.year:04d}"))
_relative("day", "year_start")(lambda v, day: _twice(day.replace(month=1, day=1).isoformat()))
_relative("day", "month_start")(lambda v, day: _twice(day.replace(day=1).isoformat()))
_relative("month", "year_end")(lambda v, day: _twice(iso_month(day.year, 12)))
_relative("month", "month_end")(lambda v, day: _twice(iso_month(day.year, day.month)))


@_relative("span", "weekend")
def _weekend(v: Values, day: date) -> Reading:
    past, ahead = _weekdays(day, 5)
    if day.weekday() == 6:
        ahead = past
    return iso_span(past, min(past + timedelta(1), day)), iso_span(ahead, ahead + timedelta(1))


@_relative("span", "weekend_last")
def _weekend_last(v: Values, day: date) -> Reading:
    saturday = _weekdays(day - timedelta(max(1, day.weekday() - 4)), 5)[0]
    return _twice(iso_span(saturday, saturday + timedelta(1)))
