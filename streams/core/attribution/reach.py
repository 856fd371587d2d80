"""How far what somebody says reaches in its sentence."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from streams.core.developments.find import Reading
from streams.core.lexicon import Lexicon

_PAUSES = frozenset(',«»“”„"—–')
_NONE: frozenset[str] = frozenset()
_LEADING = 3
"""Words before a subject that begins its clause."""


@dataclass(slots=True)
class Reach:
    """The tokens that an attribution covers, both included."""

    low: int
    high: int


def reach(reading: Reading, at: int, first: int, last: int, lexicon: Lexicon) -> Reach:
    """The reach of the word of saying at token `at` with the speaker at `first` to `last`."""
    words, unit = reading.sentence.words, reading.clauses.unit
    start, end = (min(at, first), max(at, last)) if first <= last else (at, at)
    high = len(words) - 1
    if first > at and put_behind(reading, at, lexicon):
        return Reach(0, high)
    if _opens(reading, at, end, lexicon):
        return Reach(start, high)
    begin = bisect_left(unit, unit[start])
    joins = lexicon.grammar.get("coordinators", _NONE) if begin < start else _NONE
    opens = words[begin] in joins or words[begin] in lexicon.grammar.get("openers", _NONE)
    tells = _tells(reading, end, lexicon) or (opens and "verb_last" in lexicon.grammar and _tells(reading, begin, lexicon))
    if tells and (opens or (first <= last < at and first - begin < _LEADING)):
        return Reach(begin, high)  # "..., but the army says ...", "..., of which the army says ...", "...: the army says ..."
    return Reach(_fragment(reading, begin, end, lexicon), high)


def _fragment(reading: Reading, begin: int, end: int, lexicon: Lexicon) -> int:
    """The start of what an aside belongs to, where that is a clause of its own ("..., most of which, the army says, were shot down")."""
    unit, masks, triggers = reading.clauses.unit, reading.masks, lexicon.concepts.triggers
    if begin < 2 or reading.sentence.words[begin - 1] != "," or any(mask & triggers for mask in masks[begin : end + 1]):
        return 0
    before = bisect_left(unit, unit[begin - 2])
    if any(mask & triggers for mask in masks[before:begin]) or not any(mask & triggers for mask in masks[:before]):
        return 0
    segment = reading.clauses.segment
    return before if any(mask & triggers and segment[i] == segment[end] for i, mask in enumerate(masks) if i > end) else 0


def verb_start(reading: Reading, at: int, lexicon: Lexicon) -> int:
    """The first token of a verb with its auxiliaries."""
    words, auxiliaries = reading.sentence.words, lexicon.grammar.get("auxiliaries", _NONE)
    while at > 0 and words[at - 1] in auxiliaries:
        at -= 1
    return at


def put_behind(reading: Reading, at: int, lexicon: Lexicon) -> bool:
    """Whether the verb is put behind what is said: it begins its piece of the sentence, and something stands before it."""
    words, at = reading.sentence.words, verb_start(reading, at, lexicon)
    return at > 1 and words[at - 1] in _PAUSES and any(mask & lexicon.concepts.triggers for mask in reading.masks[:at])


def _tells(reading: Reading, end: int, lexicon: Lexicon) -> bool:
    """Whether something is told behind the token in its own unit."""
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
