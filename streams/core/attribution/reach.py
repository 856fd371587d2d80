"""How far what somebody says reaches in its sentence."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from streams.core.developments.find import Reading
from streams.core.lexicon import Lexicon

_PAUSES = frozenset(',«»“”„"—–')
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reach:
    """The tokens that an attribution covers, both included."""

    low: int
    high: int


def reach(reading: Reading, at: int, first: int, last: int, lexicon: Lexicon) -> Reach:
    """The reach of the word of saying at token `at` with the speaker at `first` to `last`."""
    words, unit = reading.sentence.words, reading.clauses.unit
    start, end = (min(at, first), max(at, last)) if first <= last else (at, at)
    whole = Reach(0, len(words) - 1)
    if first > at and told(reading, at, lexicon):
        return whole
    if _opens(reading, at, end, lexicon):
        return Reach(start, whole.high)
    begin = bisect_left(unit, unit[start])
    if words[begin] in lexicon.grammar.get("coordinators", _NONE) and begin < start and _tells(reading, end, lexicon):
        return Reach(begin, whole.high)  # "..., but the army says ..."
    if words[begin] in lexicon.grammar.get("openers", _NONE) and _tells(reading, end, lexicon):
        return Reach(begin, whole.high)  # "..., of which the army says ..."
    return whole


def told(reading: Reading, at: int, lexicon: Lexicon) -> bool:
    """Whether the verb is put behind what is said: it begins its piece of the sentence, and something stands before it."""
    words, auxiliaries = reading.sentence.words, lexicon.grammar.get("auxiliaries", _NONE)
    while at > 0 and words[at - 1] in auxiliaries:
        at -= 1
    return at > 1 and words[at - 1] in _PAUSES and any(mask & lexicon.concepts.triggers for mask in reading.masks[:at])


def _tells(reading: Reading, end: int, lexicon: Lexicon) -> bool:
    """Whether something is told behind the speaker in its own unit."""
    unit, triggers = reading.clauses.unit, lexicon.concepts.triggers
    return any(mask & triggers and unit[i] == unit[end] for i, mask in enumerate(reading.masks) if i > end)


def _opens(reading: Reading, at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether what is said follows: behind a word for "that", or behind a colon."""
    words, that = reading.sentence.words, lexicon.grammar.get("complementizers", _NONE)
    if words[at] == ":":
        return True
    for spot in (at + 1, end + 1):
        if spot < len(words) and words[spot] == ":":
            return True
        spot += "that_behind_comma" in lexicon.grammar and words[spot : spot + 1] == [","]
        if spot < len(words) and words[spot] in that and (spot == at + 1 or words[spot] not in lexicon.grammar.get("of", _NONE)):
            return True
    return False
