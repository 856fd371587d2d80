"""Cuts a sentence into clauses: segments (a main or subordinate clause) and units (what stands between its commas)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass

from streams.core.lexicon import Lexicon
from streams.core.text import Sentence

_HARD = frozenset(';:()[]«»“”„"—–|…?!')
_OPENING, _CLOSING = frozenset('«„“"'), frozenset('»“”"')
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Clauses:
    """For each token its unit and its segment, both numbered from 0 in reading order."""

    unit: list[int]
    segment: list[int]

    def bounds(self, numbers: Sequence[int], first: int, last: int) -> tuple[int, int]:
        """The first and last token that have the numbers of tokens `first` and `last`."""
        return bisect_left(numbers, numbers[first]), bisect_right(numbers, numbers[last]) - 1


def _named(words: Sequence[str]) -> set[int]:
    """The quotation marks around a name of up to three words («Iskander») and the brackets around one ("(RSF)"): they cut nothing."""
    out: set[int] = set()
    for i, word in enumerate(words):
        if word == "(" and words[i + 2 : i + 3] == [")"]:
            out.update((i, i + 2))
        if word in _OPENING and i not in out:
            for j in range(i + 2, min(i + 5, len(words))):
                if words[j] in _CLOSING:
                    out.update((i, j))
                    break
    return out


def cut(sentence: Sentence, masks: Sequence[int], covered: Set[int], lexicon: Lexicon) -> Clauses:
    """The clauses of a sentence.

    A segment ends at strong punctuation and before a word that starts a new main clause after a comma (`linkers`); a unit also at a
    comma, before a word that opens a subordinate clause (`openers`: what it depends on stays in sight) and before a coordinator
    (`coordinators`) that brings a second trigger. A word that a phrase covers cuts nothing.
    """
    words, starts, ends = sentence.words, sentence.starts, sentence.ends
    openers = lexicon.grammar.get("openers", _NONE)
    linkers = lexicon.grammar.get("linkers", _NONE)
    coordinators = lexicon.grammar.get("coordinators", _NONE)
    triggers = lexicon.concepts.triggers
    named = _named(words)
    unit: list[int] = []
    segment: list[int] = []
    u = s = 0
    seen = False  # a trigger in this unit
    for i, word in enumerate(words):
        if i in named:
            pass
        elif word in _HARD or (word == "-" and i and ends[i - 1] < starts[i]):  # not that of "250-kg"
            u, s, seen = u + 1, s + 1, False
        elif word == ",":
            u, seen = u + 1, False
        elif i in covered:
            pass
        elif word in openers:
            u, seen = u + 1, False
        elif word in linkers and i and words[i - 1] == ",":
            u, s, seen = u + 1, s + 1, False
        elif word in coordinators and seen and any(m & triggers for m in masks[i + 1 : i + 5]):
            u, seen = u + 1, False
        seen = seen or bool(masks[i] & triggers)
        unit.append(u)
        segment.append(s)
    return Clauses(unit, segment)
