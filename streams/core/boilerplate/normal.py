"""The form of a text that cues are matched on: folded, without accents, always as long as the text itself."""

from __future__ import annotations

import unicodedata

from streams.core.text import fold


def _base(c: str) -> str:
    base = unicodedata.normalize("NFKD", c)[0]
    return base if base.isalpha() and base.isascii() else c


_OTHERS = (("ß", "s"), ("ø", "o"), ("ł", "l"))
_ACCENTS = tuple((c, _base(c)) for c in map(chr, range(0xC0, 0x180)) if c == c.lower() and _base(c) != c) + _OTHERS


def normal(text: str) -> str:
    """`fold`ed, Latin letters without their accents: "Réservé" and "RESERVE" are the same. One character for one."""
    folded = fold(text)
    if not folded.isascii():
        for accented, base in _ACCENTS:
            if accented in folded:
                folded = folded.replace(accented, base)
    return folded
