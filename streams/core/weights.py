"""What signs are worth, for choices that many weak signs decide together. Data comes from `lexicons/parties.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Worth(NamedTuple):
    """Sign -> worth for one type of development: of an actor, of a target, of a pair of both."""

    actor: Mapping[str, float]
    target: Mapping[str, float]
    pair: Mapping[str, float]

    @staticmethod
    def sum(table: Mapping[str, float], signs: Iterable[str]) -> float:
        """What the signs are worth together; those that the table does not have are worth nothing."""
        return sum([table[sign] for sign in signs if sign in table])


class Weights:
    """The worth of each sign for each type of development: what it is worth for all, and for it alone, added.

    `data` has role (`actor`, `target`, `pair`) -> sign -> type or `all` -> weight.
    """

    def __init__(self, data: Mapping[str, Mapping[str, Mapping[str, float]]], foes: Mapping[str, tuple[str, ...]]):
        self._data = data
        self._worth: dict[str, Worth] = {}
        self.foes = foes
        """Who is at war with whom, both ways, the main enemy first."""
        self.wars: Mapping[str, frozenset[str]] = {code: frozenset(enemies) for code, enemies in foes.items()}

    def of(self, kind: str) -> Worth:
        """What signs are worth for developments of this type."""
        worth = self._worth.get(kind)
        if worth is None:
            worth = self._worth[kind] = Worth(*(self._table(role, kind) for role in Worth._fields))
        return worth

    def _table(self, role: str, kind: str) -> dict[str, float]:
        summed = {sign: by.get("all", 0.0) + by.get(kind, 0.0) for sign, by in self._data.get(role, {}).items()}
        return {sign: worth for sign, worth in summed.items() if worth}
