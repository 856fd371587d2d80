"""How well an incident is supported, how bad and how sure it is, by the ordered rules of `lexicons/incidents.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from streams.core.incidents.records import CertaintyRule, Facts, IncidentRules, SeverityRule, StatusRule
from streams.core.incidents.toll import tolls
from streams.core.records import DevelopmentType, Position, Report, Status, Toll

_STATUSES: tuple[Status, ...] = ("confirmed", "reported", "claimed", "denied", "expected")


class Found(NamedTuple):
    """What the rules are asked about."""

    types: frozenset[DevelopmentType]
    status: Status
    killed: float
    harmed: float
    outlets: int
    denied: bool
    actual: bool


def positions(reports: Sequence[Report]) -> list[Position]:
    """Who holds what, the surest first."""
    held: dict[Status, dict[str, None]] = {}
    for report in reports:
        held.setdefault(report.status, {})[report.source or report.agency or report.outlet] = None
    return [Position(status, list(held[status])) for status in _STATUSES if status in held]


def best_status(reports: Sequence[Report], rules: Sequence[StatusRule]) -> Status:
    """The best supported status."""
    held = {status: {report.outlet for report in reports if report.status == status} for status in _STATUSES}
    for rule in rules:
        if len(held[rule.status]) >= rule.outlets and not (rule.undenied and len(held["denied"]) > len(held[rule.status])):
            return rule.status
    return "reported"


def found(reports: Sequence[Report], status: Status, rules: IncidentRules, denied: bool) -> Found:
    """The facts of an incident for its severity and certainty; only what is told as actual counts."""
    actual = [report for report in reports if not report.background and report.status not in ("denied", "expected")]
    counts = {toll.kind: _supported(toll) for toll in tolls(actual, rules.victims, rules.about)}
    killed = counts.get("killed", 0)
    return Found(
        types=frozenset(report.type for report in actual),
        status=status,
        killed=killed,
        harmed=max(killed + counts.get("wounded", 0), counts.get("casualties", 0)),
        outlets=len({report.outlet for report in reports if report.status == status}),
        denied=denied,
        actual=bool(actual),
    )


def severity(facts: Found, rules: Sequence[SeverityRule]) -> SeverityRule:
    """The first rule that holds."""
    return next((rule for rule in rules if _holds(rule.when, facts)), SeverityRule("", "Unknown"))


def certainty(facts: Found, rules: Sequence[CertaintyRule]) -> CertaintyRule:
    """The first rule that holds."""
    return next((rule for rule in rules if _holds(rule.when, facts)), CertaintyRule("", "Unknown"))


def _supported(toll: Toll) -> float:
    """How many victims to go by: the highest figure, the lowest where figures contradict each other."""
    if toll.contradicted:
        return toll.min or 0
    return max(toll.min or 0, toll.max or 0)


def _holds(when: Facts, facts: Found) -> bool:
    return (
        (not when.types or not facts.types.isdisjoint(when.types))
        and (not when.status or facts.status in when.status)
        and facts.killed >= when.killed
        and facts.harmed >= when.harmed
        and facts.outlets >= when.outlets
        and when.denied in (None, facts.denied)
        and when.actual in (None, facts.actual)
    )
