"""Which language an article is in: what the wire says, unless the letters say otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

_CYRILLIC = re.compile("[а-яёіїєґ]+", re.I)
_LATIN = re.compile("[a-zà-ÿœ]+", re.I)
SAMPLE = 2000
"""Characters that are looked at."""
CYRILLIC_LANGUAGES = frozenset({"uk", "ru", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg"})


def settle(declared: str | None, text: str, identify: Callable[[str], str]) -> str | None:
    """The primary subtag (ISO 639-1) of the article's language; null where there is no letter to tell by.

    A declared language stands unless it is written in another script than the text; then, and where none is declared,
    `identify` decides.
    """
    sample = text[:SAMPLE]
    cyrillic = len("".join(_CYRILLIC.findall(sample)))
    latin = len("".join(_LATIN.findall(sample)))
    if declared:
        code = declared.replace("_", "-").split("-")[0].lower()
        if not cyrillic + latin or (cyrillic > latin) == (code in CYRILLIC_LANGUAGES) or cyrillic < 20 > latin:
            return code
    return identify(sample) if any(c.isalpha() for c in sample) else None
