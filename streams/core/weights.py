"""What signs are worth, for choices that many weak signs decide together. Data comes from `lexicons/parties.json`."""

from __future__ import annotations

from collections.abc import Mapping


class Weights:
    """The worth of each sign for each type of development: what it is worth for all, and for it alone, added."""

    def __init__(self, data: Mapping[str, Mapping[str, float]], foes: Mapping[str, tuple[str, ...]]):
        self._signs = data
        self._tables: dict[str, dict[str, float]] = {}
        self.foes = foes
        """Who is at war with whom, both ways, the main enemy first."""
        self.wars: Mapping[str, frozenset[str]] = {code: frozenset(enemies) for code, enemies in foes.items()}

    def of(self, kind: str) -> Mapping[str, float]:
        """Sign -> worth for developments of this type."""
        table = self._tables.get(kind)
        if table is None:
            summed = {sign: by.get("all", 0.0) + by.get(kind, 0.0) for sign, by in self._signs.items()}
            table = self._tables[kind] = {sign: worth for sign, worth in summed.items() if worth}
        return table
