"""How a name stands to the trigger of a development: on which side, how far in and how far away, behind which words."""

from __future__ import annotations

from collections.abc import Sequence, Set

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.fields.story import Scene
from streams.core.names import token_before
from streams.core.place_names import PlaceMention

Name = ActorMention | PlaceMention
_NONE: frozenset[str] = frozenset()
FLOWN = 4
"""Words between those that speak of a ship's flag and the state whose it is."""


def side(name: Name, at: int) -> str:
    """`L` before the trigger, `R` after it, `I` about it."""
    return "L" if name.last < at else "R" if name.first > at else "I"


def zone(name: Name, scene: Scene) -> str:
    """`e` in the evidence, `s` in its segment, `p` elsewhere in the sentence."""
    found = scene.found
    if found.first <= name.first and name.last <= found.last:
        return "e"
    low, high = scene.segment
    return "s" if low <= name.first and name.last <= high else "p"


def away(name: Name, at: int) -> int:
    """Words from the nearer end of the name to the trigger; 0 where it is about it."""
    return max(at - name.last, name.first - at, 0)


def apart(name: Name, at: int) -> str:
    """The distance as a sign: 1, 2, up to 4, up to 8 words, or more (9)."""
    words = away(name, at)
    return "1" if words < 2 else "2" if words < 3 else "4" if words < 5 else "8" if words < 9 else "9"


def inside(name: Name, speaker: Speaker) -> bool:
    """Whether it belongs to the words that name a speaker."""
    return speaker.first <= name.first and name.last <= speaker.last


def leads(name: Name, scene: Scene, keys: Sequence[str]) -> list[str]:
    """What stands before it, articles passed over: those of these keys of the grammar that have the word, `word`, or `start`; and
    `article` where one was passed over.
    """
    words, grammar = scene.reading.sentence.words, scene.lexicon.grammar
    articles: Set[str] = grammar.get("articles", _NONE)
    at = token_before(words, name.first, articles)
    found = ["start"] if at < 0 else [key for key in keys if words[at] in grammar.get(key, _NONE)] or ["word"]
    return found if at == name.first - 1 else [*found, "article"]


def flown(name: Name, scene: Scene) -> bool:
    """Whether a state is named for the flag of a ship only ("Liberia-flagged", "flying the flag of Liberia"): of the names around
    these words it is the nearest.
    """
    reading, lexicon = scene.reading, scene.lexicon
    flag = lexicon.concepts.bit["FLAG"]
    halves = reading.sentence.words[name.last].rpartition("-")
    if halves[0] and lexicon.words["-" + halves[2]] & flag:
        return True
    for at in range(max(0, name.first - FLOWN), min(len(reading.masks), name.last + FLOWN + 1)):
        if reading.masks[at] & flag and not any(away(m, at) < away(name, at) for m in scene.seen.actors):
            return True
    return False
