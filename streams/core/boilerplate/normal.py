"""The form of a text that cues are heard in: bytes, one a letter, folded, its words set apart by one space.

A unit (a line, a sentence) begins with the token `^` and ends with the token `$`; colons, bars and dashes are tokens too, all other
punctuation is gone. So a phrase is a run of bytes, and one automaton finds all phrases of a language in one pass over a page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from streams.core.text import fold

LINE, SENTENCE = b"\n", b"\x0b"
_STOP, _HYPHEN = b"\x01", b"\x02"
_STOPS, _DASHES = ".!?…", "–—―/·•>→"
_KEPT = ":|%+&©№"
_MONEY = "€$£₴₽¥"
_TOKENS = (*tuple((sign, b" " + sign + b" ") for sign in (b":", b"|", b"-", b"%", b"\xa9", b"+", b"&", b"\xb9")), (b"$", b" \x04 "))
_OTHERS = {"ß": "s", "ø": "o", "ł": "l", "ё": "е"}
_SIGNS = (("\u202f", " "), ("\u2009", " "), ("\u2007", " "), ("→", "—"), ("►", "—"), ("₴", "€"), ("₽", "€"), ("İ", "I"))
"""What the code pages lack and the patterns know."""


class Form:
    """The normal form of one script, by its code page; letters that it lacks are gaps."""

    def __init__(self, codec: str):
        self._codec = codec
        self._table = bytes(self._byte(i) for i in range(256))

    def _byte(self, i: int) -> int:
        char = bytes([i]).decode(self._codec, "ignore")
        if char in ("\n", "") or i < 0x20:
            return i if char == "\n" else 0x20
        if char in _STOPS:
            return _STOP[0]
        if char == "-":
            return _HYPHEN[0]
        if char in _DASHES:
            return 0x2D
        if char in _MONEY:
            return 0x24  # "$", before it comes to mean the end of a unit
        if char in _KEPT:
            return i
        if not (char.isalnum() or char == "_"):
            return 0x20
        low = fold(char)
        base = unicodedata.normalize("NFKD", low)[0]
        letter = _OTHERS.get(low) or (base if base.isascii() and base.isalpha() else low)
        return letter.encode(self._codec, "replace")[0]

    def __call__(self, text: str) -> bytes:
        """The normal form: `LINE` for each line end, `SENTENCE` where a stop and a space end a sentence within a line."""
        if not text.isascii():
            for sign, plain in _SIGNS:
                if sign in text:
                    text = text.replace(sign, plain)
        out = text.encode(self._codec, "replace").translate(self._table)
        for known, token in _TOKENS:
            if known in out:
                out = out.replace(known, token)
        out = out.replace(b" \x02 ", b" - ").replace(b"\x02", b" ")
        out = b" ^ " + out.replace(b"\x01 ", b" $\x0b ^ ").replace(b"\n", b" $\n ^ ").replace(b"\x01", b" ") + b" $"
        for spaces in (b"    ", b"  ", b"  "):
            out = out.replace(spaces, b" ")
        return out


LATIN, CYRILLIC = Form("cp1252"), Form("cp1251")


def form_of(samples: Sequence[str]) -> Form:
    """The form for a language that writes such words."""
    return CYRILLIC if any("а" <= c <= "я" for word in samples for c in word) else LATIN
