"""Whether a development tells of an incident: what keeps them apart, which signs speak for it, and how much these are worth.

Which incidents are asked at all is for the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, NamedTuple

from streams.core.incidents import sides, where
from streams.core.incidents.days import days_of, gap, is_long
from streams.core.incidents.groups import Groups
from streams.core.incidents.outlets import alike
from streams.core.incidents.records import Case, Days, IncidentRules
from streams.core.records import Incident, Report, ReportedDevelopment
from streams.core.text import fold

When = Literal["same_day", "touching_days", "undated", "unknown", "neighbours", "differ"]
Victims = Literal["toll", "figure", "differ", "none"]
_HERE = ("same_town", "same_region")
_MET = ("same_day", "touching_days")


class Asked(NamedTuple):
    """A development made ready to be weighed."""

    report: Report
    fingerprint: str
    signature: str
    days: Days
    sides: sides.Sides
    words: frozenset[str]
    before: str | None
    """The incident that its article tells last before it."""


class Match(NamedTuple):
    """What speaks for it that a development tells of an incident from which nothing keeps it apart."""

    worth: int
    enough: bool
    coarse: bool
    """Its place may be that of other incidents as well."""
    telling: bool
    """It counts the same victims, has the same words, or is the same thing in the same town on the same day."""
    reasons: list[str]


class Matcher:
    """Weighs developments against incidents by the rules."""

    def __init__(self, rules: IncidentRules, groups: Groups) -> None:
        self._rules = rules
        self._groups = groups
        self._mutual_types = frozenset(rules.mutual)
        self._apart = {one: frozenset(others) for one, others in rules.strangers.items()}

    def ask(self, development: ReportedDevelopment, mine: Iterable[Case]) -> Asked:
        """The development made ready to be weighed; `mine` are the incidents that its article reports."""
        report = as_report(development)
        return Asked(
            report,
            development.fingerprint,
            development.signature,
            days_of(report, self._rules.undated),
            sides.sides(report.type, report.actor, report.target, self._rules),
            frozenset(fold(report.text).split()),
            self._told_before(report, mine),
        )

    def again(self, report: Report, case: Case, home: str) -> Asked:
        """A report that an incident has, made ready to be weighed against another, that its article tells as well."""
        text, rules = case.texts[report.article], self._rules
        return Asked(
            report,
            text.fingerprint,
            text.signature,
            days_of(report, rules.undated),
            sides.sides(report.type, report.actor, report.target, rules),
            frozenset(fold(report.text).split()),
            home,
        )

    def look(self, asked: Asked, case: Case) -> Match | None:
        """What speaks for it; None where something keeps them apart."""
        rules, incident, report = self._rules, case.incident, asked.report
        place = where.relation(report.place, incident.place, rules)
        if place == "differ" or (when := self._when(asked, case)) == "differ":
            return None
        victims = self._victims(report, incident, when)
        if place == "unknown" and victims != "toll":
            return None
        own, copied = asked.before == incident.id, self._copied(asked, case)
        mutual = self._mutual(report, incident)
        mine = asked.sides
        theirs = sides.sides(incident.type, incident.actor, incident.target, rules)
        actor, target = sides.shared(mine, theirs, mutual)
        strong = bool(copied) or (victims == "toll" and place == "same_town")
        if when == "neighbours" and not (strong and victims in ("toll", "figure") and (actor or target)):
            return None
        if not (own or strong) and self._strangers(report, incident):
            return None
        if sides.opposed(mine, theirs, mutual) and not (when in _MET and (strong or self._loose(asked, incident, place, victims))):
            return None
        both = sides.agree(mine, theirs, mutual)
        signs = {
            place: report.place.name if report.place else "",
            when: report.date or "",
            self._kind(report, incident): report.type,
            "actor" if actor else "": " ".join(sorted(actor)),
            "target" if target else "": " ".join(sorted(target)),
            victims: _counted(report, rules),
            "own_article" if own else "": report.article,
            "same_text" if copied else "": copied,
        }
        worth = sum(getattr(rules.signs, sign, 0) for sign in signs)
        late = when == "undated" and victims != "figure" and self._told_apart(report, incident)
        sure = bool(own or copied or victims == "toll")
        enough = worth >= rules.need and (sure or not (late or self._vague(report, place, when, both, victims == "figure")))
        met = place == "same_town" and when == "same_day" and report.type in incident.types
        reasons = [_reason(sign, told) for sign, told in signs.items() if sign in _FIELD]
        return Match(worth, enough, place not in _HERE, met or bool(copied) or victims in ("figure", "toll"), reasons)

    def _mutual(self, report: Report, incident: Incident) -> bool:
        """Whether it does not matter on which side a party stands: both act, or who denies it may be taken for who did it."""
        return not self._mutual_types.isdisjoint((report.type, incident.type)) or "denied" in (report.status, incident.status)

    def _loose(self, asked: Asked, incident: Incident, place: where.Relation, victims: Victims) -> bool:
        """Whether other parties may be the same ones, seen otherwise: a ship by its flag and by the coast, the same number of dead."""
        if place not in _HERE:
            return False
        theirs = sides.sides(incident.type, incident.actor, incident.target, self._rules)
        return victims == "figure" or sides.at_home(asked.sides, theirs, incident.place.country if incident.place else None)

    def _kind(self, report: Report, incident: Incident) -> str:
        if report.type in incident.types:
            return "same_type"
        return "part" if self._groups.tier[report.type] != self._groups.tier[incident.type] else "other_means"

    def _strangers(self, report: Report, incident: Incident) -> bool:
        """Whether it tells something that is a part of the incident only where one article says so, and none does."""
        return report.type not in incident.types and any(
            (report.type == one and not others.isdisjoint(incident.types)) or (report.type in others and one in incident.types)
            for one, others in self._apart.items()
        )

    def _vague(self, report: Report, place: where.Relation, when: When, both: bool, counted: bool) -> bool:
        """Whether place, date, parties and victims tell too little to know that no other incident is meant."""
        if when == "unknown":
            return True
        if self._groups.of(report.type).by == "parties":
            return not (both or counted) and place not in _HERE
        if place == "coarse":
            return not (both and counted and when in _MET)
        return place == "in_region" and not (both or counted)

    def _told_apart(self, report: Report, incident: Incident) -> bool:
        """Whether it is told so long before or after all that is told of the incident that without a date another day may be meant."""
        if report.told is None or incident.first_seen is None or incident.updated is None:
            return False
        within = timedelta(hours=self._rules.undated.told_within_hours)
        return not incident.first_seen - within <= report.told <= incident.updated + within

    def _when(self, asked: Asked, case: Case) -> When:
        mine, theirs = asked.days, case.days
        report, incident = asked.report, case.incident
        expected = (report.status == "expected") != (incident.status == "expected")
        dated = mine.dated and theirs.dated
        if (expected or report.background != incident.background) and not (dated and not gap(mine, theirs)):
            return "differ"
        return self._meeting(mine, theirs)

    def _meeting(self, mine: Days, theirs: Days) -> When:
        least = self._rules.long_days
        dated = mine.dated and theirs.dated
        if is_long(mine, least) or is_long(theirs, least):
            if dated:
                return "same_day" if mine == theirs else "differ"
            endless = [days for days in (mine, theirs) if not days.dated and is_long(days, least)]
            return "unknown" if endless else "differ"
        if apart := gap(mine, theirs):
            return "neighbours" if dated and apart == 1 else "differ"
        if dated and mine != theirs and mine.last - mine.first == theirs.last - theirs.first == 1:
            return "neighbours"  # the nights before and after one day
        return "undated" if not dated else "same_day" if mine == theirs else "touching_days"

    def _victims(self, report: Report, incident: Incident, when: When) -> Victims:
        """How the numbers of victims of a report stand to those that are known. A round number says little unless the day is the same."""
        mine = {(q.kind, q.min, q.max) for q in report.quantities if q.kind in self._rules.victims and not q.approx}
        known = {(toll.kind, f.min, f.max) for toll in incident.casualties for f in toll.figures}
        equal = mine & known
        if not equal:
            return "differ" if {kind for kind, *_ in mine} & {kind for kind, *_ in known} else "none"
        telling = any(low and low >= self._rules.distinctive and (low % 10 or when in _MET) for _, low, _ in equal)
        return "toll" if telling or len({kind for kind, *_ in equal}) > 1 else "figure"

    def _copied(self, asked: Asked, case: Case) -> str:
        """The article, of which its own is a copy, that tells this incident in about the same words; empty where there is none."""
        for other in case.incident.reports:
            if other.type == asked.report.type and other.article != asked.report.article:
                common = _common(asked.words, frozenset(fold(other.text).split()))
                if common >= self._rules.same_words and alike(
                    asked.fingerprint, asked.signature, case.texts[other.article], self._rules.copy
                ):
                    return other.article
        return ""

    def _told_before(self, report: Report, cases: Iterable[Case]) -> str | None:
        """The id of the incident, of the same group of types, that the same article tells last before a report."""
        here = (report.field == "body", report.start)
        number = self._groups.number
        told = [
            ((other.field == "body", other.start), case.incident.id)
            for case in cases
            for other in case.incident.reports
            if other.article == report.article and other.development != report.development
            and number[other.type] == number[report.type] and (other.field == "body", other.start) <= here
        ]  # fmt: skip
        return max(told, default=(here, None))[1]


_FIELD = {
    "same_town": "place", "same_region": "place", "in_region": "place", "same_country": "place",
    "same_day": "date", "touching_days": "date", "undated": "date", "neighbours": "date",
    "same_type": "type", "part": "type", "other_means": "type", "actor": "actor", "target": "target",
    "figure": "toll", "toll": "toll", "own_article": "article", "same_text": "text",
}  # fmt: skip
"""The signs that are told as reasons, and what each is about."""


def _reason(sign: str, told: str) -> str:
    """`place: same town (Odesa)`, `actor: RUS`."""
    field = _FIELD[sign]
    name = sign.replace("_", " ")
    return f"{field}: {told}" if name == field else f"{field}: {name} ({told})" if told else f"{field}: {name}"


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _counted(report: Report, rules: IncidentRules) -> str:
    return ", ".join(f"{q.kind} {q.min if q.min is not None else q.max}" for q in report.quantities if q.kind in rules.victims)


def as_report(development: ReportedDevelopment) -> Report:
    """The development as one report of an incident."""
    return Report(
        development=development.id, article=development.article, version=development.version, agency=development.source_agency,
        language=development.language, told=development.told or development.published, type=development.type, field=development.field,
        start=development.start, end=development.end, text=development.text, actor=development.actor, target=development.target,
        place=development.place, date=development.date, quantities=development.quantities, source=development.source,
        status=development.status, background=development.background,
    )  # fmt: skip
