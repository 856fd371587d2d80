"""What signs are worth, for choices that many weak signs decide together. Data comes from `lexicons/weights.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from typing import NamedTuple


class Worth(NamedTuple):
    """Sign -> worth for one type of development: of an actor, of a target, of a pair of both, of a place."""

    actor: Mapping[str, float]
    target: Mapping[str, float]
    pair: Mapping[str, float]
    place: Mapping[str, float]

    @staticmethod
    def sum(table: Mapping[str, float], signs: Iterable[str]) -> float:
        """What the signs are worth together; those that the table does not have are worth nothing."""
        return sum([table[sign] for sign in signs if sign in table])


class Weights:
    """The worth of each sign for each type of development: what it is worth for all, and for it alone, added.

    `data` has role (`actor`, `target`, `pair`, `place`) -> sign -> type or `all` -> weight.
    """

    def __init__(self, data: Mapping[str, Mapping[str, Mapping[str, float]]]):
        self._data = data
        self._worth: dict[str, Worth] = {}

    def of(self, kind: str) -> Worth:
        """What signs are worth for developments of this type."""
        worth = self._worth.get(kind)
        if worth is None:
            worth = self._worth[kind] = Worth(*(self._table(role, kind) for role in Worth._fields))
        return worth

    def _table(self, role: str, kind: str) -> dict[str, float]:
        summed = {sign: by.get("all", 0.0) + by.get(kind, 0.0) for sign, by in self._data.get(role, {}).items()}
        return {sign: worth for sign, worth in summed.items() if worth}


def shares(worths: Sequence[float]) -> list[float]:
    """How likely each choice is beside the one worth most, whose share is 1. `worths` is not empty."""
    top = max(worths)
    return [exp(worth - top) for worth in worths]


def strongest(told: Iterable[tuple[float, str]], most: int = 3) -> list[str]:
    """The signs that are worth most, the best first; none that is worth nothing."""
    return [sign for value, sign in sorted(told, reverse=True)[:most] if value > 0]
