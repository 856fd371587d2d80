"""Finds the boilerplate of a body: what each line says, then where it stands, then the parts of lines."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import partial

from streams.core.boilerplate.cues import Cues
from streams.core.boilerplate.position import lift
from streams.core.boilerplate.saying import Reader
from streams.core.lazily import Lazily
from streams.core.records import Boilerplate

_HIDDEN = "\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_CLUSTERS = re.compile(f"[^\n{_HIDDEN}]?[{_HIDDEN}]+")
_MARKS = re.compile("[^\u0300-\u036f]")
_SPACES = "\u00a0\u202f\u2009\u2007"
DATELINES = 16
"""A dateline stands in one of the first lines, the furniture over the story counted."""


class Finder:
    """Finds boilerplate by the cues of all languages."""

    def __init__(self, cues: Cues):
        self.cues = cues
        self._readers = Lazily({name: partial(self._reader, name) for name in cues.languages})

    def _reader(self, language: str) -> Reader:
        return Reader(self.cues.languages[language], self.cues)

    def find(self, body: str, language: str | None, headline: str = "") -> list[Boilerplate]:
        """The spans of the body that are not the reporting, sorted, not overlapping; code points into `body` as received.

        `language` is a BCP 47 tag; what has no cues of its own is read by those that need no language. `headline` is that of the
        article: a line that tells it again is reporting.
        """
        if not body.isascii():
            if _INVISIBLE.search(body):
                return self._find_composed(body, language, headline)
            for space in _SPACES:
                body = body.replace(space, " ")
        code = (language or "").split("-")[0].lower()
        return self._spans(body, code if code in self._readers else "any", headline)

    def _find_composed(self, body: str, language: str | None, headline: str) -> list[Boilerplate]:
        """As `find` on the text with composed accents and without soft hyphens and zero-width characters, its offsets put back."""
        text: list[str] = []
        ends, gone = [0], [0]
        end = length = 0
        for cluster in _CLUSTERS.finditer(body):
            letter = _composed(cluster.group())
            text += [body[end : cluster.start()], letter]
            length += cluster.start() - end + len(letter)
            end = cluster.end()
            ends.append(length)
            gone.append(end - length)
        text.append(body[end:])

        def back(at: int) -> int:
            return at + gone[bisect_right(ends, at) - 1]

        return [Boilerplate(back(s.start), back(s.end), s.cls, s.rule) for s in self.find("".join(text), language, headline)]

    def _spans(self, body: str, code: str, headline: str) -> list[Boilerplate]:
        raw = body.split("\n")
        read = self._readers[code].read(raw, DATELINES)
        lines = list(filter(None, read))
        weighed = [line.whole for line in lines]
        threshold = self.cues.threshold
        lift(lines, weighed, threshold, headline)
        out = []
        at = number = 0
        for text, line in zip(raw, read, strict=True):
            if line is not None:
                found = weighed[number]
                number += 1
                if line.parts:
                    start = at + line.lead
                    out += [Boilerplate(start + a, start + b, part.cls, part.rule) for a, b, part in line.parts]  # type: ignore[arg-type]
                elif found is not None and found.score >= threshold:
                    start = at + line.lead
                    out.append(Boilerplate(start, start + line.length, found.cls, found.rule))  # type: ignore[arg-type]
            at += len(text) + 1
        return out


def _composed(cluster: str) -> str:
    """One character for a letter and what hangs on it, none where it hangs on nothing."""
    if _INVISIBLE.match(cluster):
        return ""
    return unicodedata.normalize("NFC", cluster[0] + _MARKS.sub("", cluster[1:]))[0]
