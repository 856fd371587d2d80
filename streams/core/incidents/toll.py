"""The ledger of victims: who counts how many, what each says last, and what cannot all be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import combinations

from streams.core.records import Figure, QuantityKind, Report, Toll

Number = int | float

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_ENDLESS = float("inf")


def tolls(reports: Sequence[Report], kinds: Sequence[QuantityKind], about: float) -> list[Toll]:
    """A toll for each kind of victim that the reports count. What is denied or expected counts nobody."""
    told = [report for report in reports if report.status not in ("denied", "expected")]
    counted = ((kind, _figures(told, kind)) for kind in kinds)
    return [_toll(kind, figures, about) for kind, figures in counted if figures]


def _figures(reports: Iterable[Report], kind: QuantityKind) -> list[Figure]:
    """Every figure, the oldest first."""
    found = [
        Figure(
            min=q.min, max=q.max, approx=q.approx, source=report.source or report.agency or report.outlet or None,
            development=report.development, told=report.told,
        )
        for report in reports
        for q in report.quantities
        if q.kind == kind and (q.min is not None or q.max is not None)
    ]  # fmt: skip
    return sorted(found, key=_when)


def _toll(kind: QuantityKind, figures: list[Figure], about: float) -> Toll:
    last = _last(figures)
    low = min(map(_low, last))
    high = max(map(_high, last))
    closed = max((_high(figure) for figure in last if _high(figure) < _ENDLESS), default=-1.0)
    if high == _ENDLESS and all(_low(figure) <= closed for figure in last):
        high = closed  # "at least 12" says no more than 15
    return Toll(
        kind=kind,
        min=None if low < 0 else low,
        max=None if high == _ENDLESS else high,
        figures=figures,
        rose=_rose(figures),
        contradicted=sorted({who for pair in combinations(last, 2) if _clash(*pair, about) for who in map(_who, pair)}),
    )


def _last(figures: Iterable[Figure]) -> list[Figure]:
    """What each source says last, the oldest first; of several counts in one telling the highest, for the others are parts of it."""
    last: dict[str, Figure] = {}
    for figure in figures:
        known = last.get(_who(figure))
        if known is None or _when(known) < _when(figure) or _top(known) <= _top(figure):
            last[_who(figure)] = figure
    return sorted(last.values(), key=_when)


def _rose(figures: Sequence[Figure]) -> datetime | None:
    """When a report last raised the highest figure."""
    highest, rose = _top(figures[0]), None
    for figure in figures[1:]:
        if _top(figure) > highest:
            highest, rose = _top(figure), figure.told
    return rose


def _clash(earlier: Figure, later: Figure, about: float) -> bool:
    """Whether two figures cannot both be right: a toll rises, so a later one may be higher but not lower."""
    slack = 1 + about if earlier.approx or later.approx else 1.0
    if _high(later) * slack < _low(earlier):
        return True
    return _when(earlier) == _when(later) and _high(earlier) * slack < _low(later)


def _who(figure: Figure) -> str:
    return figure.source or figure.development


def _when(figure: Figure) -> datetime:
    return figure.told or _LONG_AGO


def _low(figure: Figure) -> Number:
    return -1 if figure.min is None else figure.min


def _high(figure: Figure) -> Number:
    return _ENDLESS if figure.max is None else figure.max


def _top(figure: Figure) -> Number:
    """The highest number that it names."""
    return max(n for n in (figure.min, figure.max) if n is not None)
