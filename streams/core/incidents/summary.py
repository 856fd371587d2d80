"""What the reports of an incident tell together. The same reports in the same order give the same incident."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from msgspec import structs

from streams.core.incidents import grade
from streams.core.incidents.days import common, days_of, gap, is_long, read
from streams.core.incidents.groups import Groups, most_told
from streams.core.incidents.records import Days, IncidentRules
from streams.core.incidents.toll import tolls
from streams.core.incidents.where import level
from streams.core.records import Incident, Place, Report
from streams.core.text import fold


def founded(id_: str, report: Report, rules: IncidentRules) -> Incident:
    """An incident of which nothing is told yet but its type."""
    return Incident(id=id_, type=report.type, family=rules.families[report.type])


def summarise(before: Incident, reports: list[Report], rules: IncidentRules, groups: Groups) -> Incident:
    """The incident as its reports, one at least, tell it."""
    standing = [report for report in reports if not report.background] or reports
    actual = [report for report in standing if report.status != "expected"] or standing
    type_ = groups.leading(actual)
    # "No casualties" denies a part, not the strike.
    held = [report for report in actual if report.status != "denied" or groups.tier[report.type] == groups.tier[type_]] or actual
    status = grade.best_status(held, rules.status)
    facts = grade.found(reports, status, rules, any(report.status == "denied" for report in held))
    severity, certainty = grade.severity(facts, rules.severity), grade.certainty(facts, rules.certainty)
    told = [report.told for report in reports if report.told is not None]
    actor, target = (_party(actual, type_ in rules.turned, side, rules) for side in (0, 1))
    return structs.replace(
        before,
        type=type_,
        types=groups.sorted(report.type for report in reports),
        family=rules.families[type_],
        place=_place(reports),
        date=_date(reports, rules.long_days),
        actor=actor,
        target=target,
        first_seen=min(told, default=None),
        updated=max(told, default=None),
        reports=reports,
        independent_sources=len({report.outlet for report in reports}),
        status=status,
        positions=grade.positions(held),
        casualties=tolls(reports, rules.victims, rules.about),
        severity=severity.severity,
        severity_rule=severity.rule,
        certainty=certainty.certainty,
        certainty_rule=certainty.rule,
        background=standing is reports and reports[0].background,
        retracted=False,
    )


def emptied(before: Incident) -> Incident:
    """The incident of which no report stands any more: what it was, and that it is gone."""
    return Incident(
        id=before.id, type=before.type, family=before.family, place=before.place, date=before.date, actor=before.actor,
        target=before.target, first_seen=before.first_seen, updated=before.updated, background=before.background,
        revision=before.revision, retracted=True,
    )  # fmt: skip


def days(reports: Sequence[Report], incident: Incident, rules: IncidentRules) -> Days:
    """The days that its reports allow, that of its date first."""
    date = read(incident.date)
    allowed = [days_of(report, rules.undated) for report in reports]
    return common([date, *allowed] if date is not None else allowed)


def _place(reports: Sequence[Report]) -> Place | None:
    """The narrowest place that is told; of several as narrow that which most outlets tell, one that the gazetteer knows first."""
    narrowest = max(level(report.place) for report in reports)
    narrow = [r for r in reports if r.place is not None and level(r.place) == narrowest]
    told = most_told([r for r in narrow if r.place is not None and r.place.lat is not None] or narrow, _named)
    return told[0].place if told else None


def _named(report: Report) -> Hashable:
    place = report.place
    return None if place is None else place.geonameid if place.geonameid is not None else (fold(place.name), place.country)


def _date(reports: Sequence[Report], long_days: int) -> str | None:
    """The date that most outlets tell or allow, the shortest first; a day or a night before a longer span."""
    dated = [(days, report) for report in reports if (days := read(report.date)) is not None]

    def rank(one: tuple[Days, Report]) -> tuple[bool, int, int]:
        allowed = {report.outlet for days, report in dated if not gap(days, one[0]) and not is_long(days, long_days)}
        return is_long(one[0], long_days), -len(allowed), one[0].last - one[0].first

    return min({report.date: (days, report) for days, report in reversed(dated)}.values(), key=rank)[1].date if dated else None


def _party(reports: Sequence[Report], flipped: bool, side: int, rules: IncidentRules) -> list[str]:
    """The side (0: who acts, 1: who is acted on) that most outlets name, the way round that the incident's type has it."""

    def named(report: Report) -> list[str]:
        return report.target if side ^ flipped ^ (report.type in rules.turned) else report.actor

    told = most_told(reports, lambda report: tuple(sorted(named(report))) or None)
    return list(named(told[0])) if told else []
