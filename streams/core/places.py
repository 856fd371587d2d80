"""Placeholder until the gazetteer is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.core.records import Place
from streams.core.text import Sentence


@dataclass(slots=True)
class PlaceMention:
    first: int
    last: int
    name: str
    countries: tuple[str, ...] = ()


class Gazetteer:
    def find(self, sentence: Sentence, text: str, language: str) -> list[PlaceMention]:
        return []

    def resolve(self, mentions: Sequence[PlaceMention], countries: Mapping[str, int]) -> Place:
        return Place(mentions[0].name)
