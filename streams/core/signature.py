"""How much of its wording a text shares with another, told by two short strings: MinHash over pairs of words.

Light rewrites keep most pairs and few longer runs. What counts as a copy is a rule.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import lru_cache
from itertools import pairwise
from operator import eq

from rensa import RMinHash  # type: ignore[import-untyped]

from streams.core.text import fold, plain

_PLACES = 128
"""Bytes of a signature, one a permutation. Signatures of another count or seed do not compare."""
_SEED = 1
_CHANCE = 1 / 256
"""How often a byte is the same though the texts share nothing."""
_LONGEST = 20_000
"""Code points that are looked at: copies of one text show it early, and a page may be endless."""
_MARKS = ".,:;!?…'\"«»“”„‘()[]-–—"
"""What stands beside a word and is none of it."""


def signature(text: str) -> str:
    """The signature of a text, 172 characters of base64; empty where it has no two words."""
    words = [bare for word in plain(fold(text[:_LONGEST])).split() if (bare := word.strip(_MARKS))]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    if not pairs:
        return ""
    minhash = RMinHash(_PLACES, _SEED)
    minhash.update(pairs)
    return b64encode(bytes(value & 255 for value in minhash.digest())).decode("ascii")


def similarity(one: str, other: str) -> float:
    """The share of pairs of words that two texts have in common, as their signatures tell it: 0 to 1, give or take 0.05.

    A text without a signature is like none.
    """
    mine, theirs = _bytes(one), _bytes(other)
    if len(mine) != _PLACES or len(theirs) != _PLACES:
        return 0.0
    same: int = sum(map(eq, mine, theirs))
    return max(0.0, (same / _PLACES - _CHANCE) / (1 - _CHANCE))


@lru_cache(4096)
def _bytes(signed: str) -> bytes:
    try:
        return b64decode(signed, validate=True)
    except ValueError:  # not ours
        return b""
