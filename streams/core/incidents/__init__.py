"""Merges developments into incidents: a fold over the log, so the same developments in the same order give the same incidents.

`index` finds the incidents that a development may belong to, `match` weighs it against them, `summary` makes the incident of its reports.
No clock, no store: what is stored comes in by a function, what has changed goes out as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec
from msgspec import structs

from streams.core.incidents.days import days_of
from streams.core.incidents.groups import Groups
from streams.core.incidents.index import Index
from streams.core.incidents.match import Match, Matcher, as_report
from streams.core.incidents.outlets import Outlets, text_of, with_outlets
from streams.core.incidents.records import Case, IncidentRules
from streams.core.incidents.summary import days, emptied, founded, summarise
from streams.core.records import Report, ReportedDevelopment

__all__ = ["Case", "IncidentRules", "Incidents", "decode"]


class _Stored(msgspec.Struct, array_like=True):
    """A case, and what finds it, which is read without reading the case."""

    version: int
    found_by: bytes
    case: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Case)
_stored_decoder = msgspec.msgpack.Decoder(_Stored)


def decode(data: bytes) -> Case:
    """A case as it was stored.

    :raises msgspec.DecodeError: it is something else.
    """
    return _decoder.decode(_stored_decoder.decode(data).case)


class Incidents:
    """The open incidents. `fetch` reads one that is stored by its id; what a call returns must be stored, in order, before the next."""

    def __init__(self, rules: IncidentRules, fetch: Callable[[str], Case | None], keep_days: float) -> None:
        self._rules = rules
        self._fetch = fetch
        self._keep = timedelta(days=keep_days)
        self._groups = Groups(rules)
        self._outlets = Outlets(rules.outlets)
        self._matcher = Matcher(rules, self._groups)
        self._index = Index(rules, self._groups)

    def __len__(self) -> int:
        return len(self._index)

    def encode(self, case: Case) -> bytes:
        """A case as it is stored."""
        return _encoder.encode(_Stored(self._index.version, self._index.pack(case), _encoder.encode(case)))

    def restore(self, stored: Iterable[bytes]) -> None:
        """Build the index of what is stored and forget what it held."""
        self._index = Index(self._rules, self._groups)
        self._index.load([self._found_by(_stored_decoder.decode(one)) for one in stored])

    def _found_by(self, stored: _Stored) -> bytes:
        if stored.version == self._index.version:
            return stored.found_by
        return self._index.pack(_decoder.decode(stored.case))

    def apply(self, key: str, development: ReportedDevelopment, at: datetime) -> list[Case]:
        """The incidents that a development changes, as they are now; none where it is known.

        :param at: the broker's time of its record
        """
        since = at.timestamp()
        at += timedelta(seconds=self._index.touched_after(key, since) - since)  # the log's order counts, not its clocks
        mine = self._read(self._index.of_article(key, development.article))
        home = next((case for case in mine if _report(case, development.id) is not None), None)
        left = next((case for case in mine if development.id in case.withdrawn), None)
        if left is not None and home is None and left.withdrawn[development.id][0] >= development.version:
            return []
        if development.retracted:
            return self._retract(home or left, development)
        if home is None:
            back = self._back(left, development, mine, at)
            return [back] if back else self._enter(key, development, mine, at)
        if any(known.development == development.id and known.version >= development.version for known in home.incident.reports):
            return self._healed(home, mine)
        return self._update(home, development, mine, at)

    def expire(self, key: str, at: datetime) -> list[Case]:
        """The incidents of a key that have had no report for the set time, closed; they are forgotten."""
        closed = []
        for case in self._read(self._index.untouched(key, (at - self._keep).timestamp())):
            self._index.drop(case)
            closed.append(structs.replace(case, incident=structs.replace(case.incident, closed=True)))
        return closed

    def _healed(self, home: Case, mine: list[Case]) -> list[Case]:
        """Those of an article's incidents that hold nothing but what `home` holds: it moved there, but that was not stored."""
        held = {report.development for report in home.incident.reports}
        left = [c for c in mine if c is not home and c.incident.reports and all(r.development in held for r in c.incident.reports)]
        return [self._follow(self._made(case, []), case) for case in left]

    def _read(self, ids: Iterable[str]) -> list[Case]:
        return [case for id_ in ids if (case := self._fetch(id_)) is not None]

    def _retract(self, case: Case | None, development: ReportedDevelopment) -> list[Case]:
        """Take a report away, and remember that; what nobody knows needs no memory."""
        known = None if case is None else _report(case, development.id)
        if case is None or (known is not None and known.version > development.version):
            return []
        withdrawn = self._remembered(case, development.id, development.version, development.article)
        return [self._follow(self._without(structs.replace(case, withdrawn=withdrawn), development.id), case)]

    def _update(self, home: Case, development: ReportedDevelopment, mine: list[Case], at: datetime) -> list[Case]:
        """A newer version of a report: in its place where it still may tell of the incident, else taken away there and placed anew."""
        if len(home.incident.reports) == 1:
            return [self._joined(home, development, [], at)]
        rest = self._without(home, development.id)
        match = self._matcher.look(self._matcher.ask(development, mine), rest)
        if match is not None:
            founder = home.incident.reports[0].development == development.id
            return [self._joined(home, development, [] if founder else match.reasons, at)]
        self._follow(rest, home)  # comes first: should only this be stored, the same version comes again and is placed then
        return [rest, *self._enter(home.key, development, [rest if case is home else case for case in mine], at)]

    def _back(self, left: Case | None, development: ReportedDevelopment, mine: list[Case], at: datetime) -> Case | None:
        """What was withdrawn and is told again by a newer version comes back to its incident, unless it now tells of something else."""
        if left is None or len(left.incident.reports) >= self._rules.most_reports:
            return None
        match = self._matcher.look(self._matcher.ask(development, mine), left)
        return None if match is None else self._joined(left, development, match.reasons if left.incident.reports else [], at)

    def _enter(self, key: str, development: ReportedDevelopment, mine: list[Case], at: datetime) -> list[Case]:
        """Join the incident that most speaks for, and let what its article alone told follow it there; or found one."""
        matches = self._matches(key, development, mine)
        if not matches or (matches[0][0].coarse and self._rivalled(matches[0][0], [match for match, _ in matches[1:]])):
            return [self._founded(key, development, at)]
        first, home = matches[0]
        alone = {c.incident.id: c for _, c in matches if all(report.article == development.article for report in c.incident.reports)}
        match, case = next(((m, c) for m, c in matches if c.incident.id not in alone and self._draws(m, first)), matches[0])
        following = {} if case is home and home.incident.id in alone else self._following(alone, case)
        if home.incident.id in alone and home.incident.id not in following:
            return [self._joined(home, development, first.reasons, at)]
        joined = self._joined(case, development, match.reasons, at)
        if following:
            reports = [report for some in following.values() for report in some]
            joined = self._follow(self._made(joined, [*joined.incident.reports, *reports]), joined)
        return [joined, *(self._follow(self._made(alone[id_], []), alone[id_]) for id_ in following)]

    def _matches(self, key: str, development: ReportedDevelopment, mine: list[Case]) -> list[tuple[Match, Case]]:
        """The incidents that it may tell of, the likeliest first."""
        asked = self._matcher.ask(development, mine)
        known = {case.incident.id for case in mine}
        near = self._read(id_ for id_ in self._index.near(key, asked.report, asked.days) if id_ not in known)
        matches = [
            (match, case)
            for case in (*mine, *near)
            if self._takes(case, development) and (match := self._matcher.look(asked, case)) is not None and match.enough
        ]
        return sorted(matches, key=lambda one: (-one[0].worth, one[1].incident.id))

    def _draws(self, match: Match, best: Match) -> bool:
        """Whether an incident that others tell is as likely, but for the article's own bond, and it is no chance."""
        return match.telling and match.worth >= best.worth - self._rules.signs.own_article

    def _following(self, alone: dict[str, Case], target: Case) -> dict[str, list[Report]]:
        """Incidents all of whose reports may tell of another -> these reports, with why they may."""
        following = {}
        for id_, source in alone.items():
            reports = source.incident.reports
            asked = (self._matcher.again(report, source, target.incident.id) for report in reports)
            looks = [look for one in asked if (look := self._matcher.look(one, target)) is not None and look.enough]
            if len(looks) == len(reports) < self._rules.most_reports - len(target.incident.reports):
                following[id_] = [structs.replace(r, reasons=look.reasons) for r, look in zip(reports, looks, strict=True)]
        return following

    def _rivalled(self, best: Match, others: list[Match]) -> bool:
        """Whether another incident is about as likely to be meant."""
        return any(best.worth - other.worth < self._rules.margin for other in others)

    def _takes(self, case: Case, development: ReportedDevelopment) -> bool:
        reports = case.incident.reports
        same_group = self._groups.number[case.incident.type] == self._groups.number[development.type]
        full = len(reports) >= self._rules.most_reports
        return same_group and bool(reports) and not (full and self._outdated(case, development) is None)

    def _outdated(self, case: Case, development: ReportedDevelopment) -> Report | None:
        """The oldest report of the same kind by the same agency, which a new one may replace where there is no more room."""
        return next((r for r in case.incident.reports if (r.agency, r.type) == (development.source_agency, development.type)), None)

    def _founded(self, key: str, development: ReportedDevelopment, at: datetime) -> Case:
        report = as_report(development)
        id_ = blake2b(f"{development.id} {development.version}".encode(), digest_size=8).hexdigest()
        incident = founded(id_, report, self._rules)
        return self._joined(Case(incident=incident, key=key, days=days_of(report, self._rules.undated), touched=at), development, [], at)

    def _joined(self, case: Case, development: ReportedDevelopment, reasons: list[str], at: datetime) -> Case:
        """The case with a report more, or with a newer version of one that it has."""
        report = structs.replace(as_report(development), reasons=reasons)
        reports = [report if known.development == report.development else known for known in case.incident.reports]
        if report not in reports:
            case, reports = self._with_room(case, development)
            reports.append(report)
        texts = case.texts | {development.article: text_of(development, case.texts, self._rules.copy)}
        withdrawn = {id_: by for id_, by in case.withdrawn.items() if id_ != development.id}
        return self._follow(self._made(structs.replace(case, texts=texts, withdrawn=withdrawn, touched=at), reports), case)

    def _with_room(self, case: Case, development: ReportedDevelopment) -> tuple[Case, list[Report]]:
        """The case and its reports; of a full one the outdated report is withdrawn, so that it does not come back when it comes twice."""
        reports = list(case.incident.reports)
        old = self._outdated(case, development) if len(reports) >= self._rules.most_reports else None
        if old is not None:
            reports.remove(old)
            case = structs.replace(case, withdrawn=self._remembered(case, old.development, old.version, old.article))
        return case, reports

    def _remembered(self, case: Case, development: str, version: int, article: str) -> dict[str, tuple[int, str]]:
        """What was taken back from a case, with one more, which are as many as its reports may be at most."""
        withdrawn = {id_: by for id_, by in case.withdrawn.items() if id_ != development}
        withdrawn[development] = version, article
        while len(withdrawn) > self._rules.most_reports:
            del withdrawn[next(iter(withdrawn))]
        return withdrawn

    def _without(self, case: Case, development: str) -> Case:
        return self._made(case, [report for report in case.incident.reports if report.development != development])

    def _made(self, case: Case, reports: list[Report]) -> Case:
        """The case with these reports and all that follows from them."""
        if not reports:
            return structs.replace(case, incident=emptied(case.incident), texts={})
        counted = with_outlets(reports, case.texts, self._outlets)
        incident = summarise(case.incident, counted, self._rules, self._groups)
        telling = {report.article for report in counted}
        texts = {article: text for article, text in case.texts.items() if article in telling}
        return structs.replace(case, incident=incident, days=days(counted, incident, self._rules), texts=texts)

    def _follow(self, case: Case, before: Case) -> Case:
        """Let the index follow what a case has become."""
        self._index.put(case, before)
        return case


def _report(case: Case, development: str) -> Report | None:
    return next((report for report in case.incident.reports if report.development == development), None)
