"""Which types may be parts of one incident, and which of them names it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from streams.core.incidents.records import Group, IncidentRules
from streams.core.records import DevelopmentType, Report


class Groups:
    """The groups of types by number."""

    def __init__(self, rules: IncidentRules) -> None:
        self.number: dict[DevelopmentType, int] = {}
        self.tier: dict[DevelopmentType, int] = {}
        self._rank: dict[DevelopmentType, int] = {}
        self._groups = rules.groups
        for number, group in enumerate(rules.groups):
            for tier, types in enumerate(group.tiers):
                for type_ in types:
                    self.number[type_], self.tier[type_], self._rank[type_] = number, tier, len(self._rank)

    def of(self, type_: DevelopmentType) -> Group:
        """The group of a type."""
        return self._groups[self.number[type_]]

    def leading(self, reports: Sequence[Report]) -> DevelopmentType:
        """The best supported type of the most precise tier that is told."""
        tier = min(self.tier[report.type] for report in reports)
        ranked = sorted((r for r in reports if self.tier[r.type] == tier), key=lambda r: self._rank[r.type])
        return most_told(ranked, lambda r: r.type)[0].type

    def sorted(self, types: Iterable[DevelopmentType]) -> list[DevelopmentType]:
        """The most precise first, each once."""
        return sorted(set(types), key=self._rank.__getitem__)


def most_told(reports: Iterable[Report], what: Callable[[Report], Hashable]) -> list[Report]:
    """The first report of each thing told, that which most outlets tell first. Reports that do not tell it (None) are left out."""
    first: dict[Hashable, Report] = {}
    outlets: dict[Hashable, set[str]] = {}
    for report in reports:
        if (told := what(report)) is not None:
            first.setdefault(told, report)
            outlets.setdefault(told, set()).add(report.outlet)
    return [first[told] for told in sorted(first, key=lambda told: -len(outlets[told]))]
