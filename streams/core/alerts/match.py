"""Whether an incident is what a subscription asks for, and which of its quotes show it best."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import get_args
from unicodedata import normalize

from streams.core.places import kilometres
from streams.core.records import CapCertainty, CapSeverity, Circle, Evidence, Incident, Place, Report, Subscription
from streams.core.text import fold

QUOTES = 5
"""The most that an alert shows."""
_LEAST_KM = 111.0
"""A degree of latitude is longer."""
_SEVERITIES: dict[str, int] = {name: rank for rank, name in enumerate(get_args(CapSeverity))}
_CERTAINTIES: dict[str, int] = {name: rank for rank, name in enumerate(get_args(CapCertainty))}


class Facets:
    """An incident turned round: what subscriptions ask for, each looked up once for all of them."""

    def __init__(self, incident: Incident):
        reports, place = incident.reports, incident.place
        self.retracted = incident.retracted
        self.types = frozenset({incident.type, *incident.types})
        self.family = incident.family
        self.place = place
        self.country = place.country if place else None
        self.parties = frozenset({*incident.actor, *incident.target})
        self.languages = frozenset(prefix for tag in {r.language for r in reports} for prefix in _prefixes(tag))
        self.sources = frozenset(name.casefold() for r in reports for name in (r.agency, r.outlet, r.source) if name)
        self.severity = _SEVERITIES[incident.severity]
        self.certainty = _CERTAINTIES[incident.certainty]
        self.independent = incident.independent_sources
        self.statuses = frozenset({incident.status, *(position.status for position in incident.positions)})
        self.expected = incident.status == "expected"
        self.background = incident.background
        self._reports = reports
        self._text: str | None = None

    def text(self) -> str:
        """All evidence; made only when somebody asks for words."""
        if self._text is None:
            self._text = "\n".join(_plain(report.text) for report in self._reports)
        return self._text


def matches(subscription: Subscription, incident: Incident) -> bool:
    """Whether the incident is what the subscription asks for."""
    return holds(Facets(incident), subscription)


def holds(facets: Facets, asked: Subscription) -> bool:
    """The same, with the incident looked at before; what rules out most and costs least comes first."""
    if facets.retracted or (facets.background and not asked.background):
        return False
    if (asked.types or asked.families) and facets.family not in asked.families and facets.types.isdisjoint(asked.types):
        return False
    if asked.countries and not asked.near and facets.country not in asked.countries:
        return False
    if asked.parties and facets.parties.isdisjoint(asked.parties):
        return False
    if _SEVERITIES[asked.severity] < facets.severity or _CERTAINTIES[asked.certainty] < facets.certainty:
        return False
    if asked.independent_sources > facets.independent:
        return False
    if facets.expected and not asked.expected:
        return False
    if asked.statuses and facets.statuses.isdisjoint(asked.statuses):
        return False
    if asked.languages and facets.languages.isdisjoint(map(str.lower, asked.languages)):
        return False
    if asked.sources and facets.sources.isdisjoint(map(str.casefold, asked.sources)):
        return False
    if asked.near and facets.country not in asked.countries and not _near(facets.place, asked.near):
        return False
    return not asked.words or _any_of(tuple(asked.words)).search(facets.text()) is not None


def quotes(incident: Incident, asked: Subscription) -> list[Evidence]:
    """The best quotes first: what the subscription asks for, told as news, from as many outlets as there are."""
    best = sorted(incident.reports, key=lambda report: _rank(report, asked))
    seen: set[str] = set()
    firsts: list[Report] = []
    others: list[Report] = []
    clauses: dict[tuple[str, str, int], Report] = {}
    for report in best:
        clauses.setdefault((report.article, report.field, report.start), report)  # one clause may tell two things
    for report in clauses.values():
        outlet = (report.outlet or report.agency or report.article).casefold()
        (others if outlet in seen else firsts).append(report)
        seen.add(outlet)
    return [_evidence(report) for report in (firsts + others)[:QUOTES]]


def _rank(report: Report, asked: Subscription) -> tuple[bool, int, float, str]:
    names = {name.casefold() for name in (report.agency, report.outlet, report.source) if name}
    hits = (report.type in asked.types) + (not names.isdisjoint(map(str.casefold, asked.sources)))
    hits += not {*_prefixes(report.language)}.isdisjoint(map(str.lower, asked.languages or [asked.language]))
    hits += 2 * (bool(asked.words) and _any_of(tuple(asked.words)).search(_plain(report.text)) is not None)
    return report.background, -hits, -report.told.timestamp() if report.told else 0.0, report.development


def _evidence(report: Report) -> Evidence:
    return Evidence(
        text=report.text,
        article=report.article,
        version=report.version,
        agency=report.agency,
        language=report.language,
        field=report.field,
        start=report.start,
        end=report.end,
        source=report.source,
        status=report.status,
    )


def _near(place: Place | None, circles: list[Circle]) -> bool:
    if place is None or place.lat is None or place.lon is None:
        return False
    for circle in circles:
        north = abs(place.lat - circle.lat) * _LEAST_KM  # is nearly always too far by itself, and costs nothing
        if north <= circle.radius_km and kilometres(place.lat, place.lon, circle.lat, circle.lon) <= circle.radius_km:
            return True
    return False


def _prefixes(tag: str | None) -> list[str]:
    """`fr-CA` is `fr` and `fr-ca`."""
    parts = tag.lower().split("-") if tag else []
    return ["-".join(parts[: i + 1]) for i in range(len(parts))]


def _plain(text: str) -> str:
    return fold(normalize("NFC", text)).casefold()


@lru_cache(maxsize=4096)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of the words as a whole, whatever the case and the spaces."""
    plain = ("\\s+".join(map(re.escape, _plain(word).split())) for word in words if word.strip())
    return re.compile(rf"(?<!\w)(?:{'|'.join(plain) or '(?!)'})(?!\w)")
