"""The lines of a body and what can be seen of each without reading it: length, final stop, whether it looks like a title or a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŽŠČІЇЄҐА-ЯЁ][\w'’.-]*|(?:de|del|della|di|da|von|van|der|den|zu|la|le|al|el|bin|ibn|du|dos|y|e|ter|i|і|и|et|und|and)(?=\s))"
    r"(?:[\s-](?:[A-ZÀ-ÖØ-ÞŁŚŻŽŠČІЇЄҐА-ЯЁ][\w'’.-]*|(?:de|del|della|di|da|von|van|der|den|zu|la|le|al|el|bin|ibn|du|dos|y|e|ter|i|і|и|et|und|and)(?=\s)))"
    r"{1,4}(?:, [A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ][\w-]+)?\Z"
)
TEXT, TITLE = 110, 150


@dataclass(slots=True)
class Line:
    """A line of the body: `start` and `end` without white space around it."""

    start: int
    end: int
    stop: bool
    """It ends as a sentence ends."""
    text: bool
    """Long enough and closed by a stop: by its look a paragraph."""
    title: bool
    """Short and open-ended: a headline, a label, a name."""
    name: bool
    """Two to five capitalised words: a person's name, perhaps with a place."""


def page(body: str) -> list[Line]:
    """The lines of the body that hold more than white space."""
    out = []
    start = 0
    for raw in body.split("\n"):
        stripped = raw.strip()
        if stripped:
            first = start + raw.index(stripped[0])
            out.append(_line(stripped, first, first + len(stripped)))
        start += len(raw) + 1
    return out


def _line(text: str, start: int, end: int) -> Line:
    stop = text.rstrip("\"'»”“’)]* ")[-1:] in ".!?…:;,"
    length = end - start
    closed = stop and text.rstrip("\"'»”“’)]* ")[-1:] in ".!?…"
    title = not stop and length <= TITLE
    return Line(
        start,
        end,
        closed,
        length > TEXT or (closed and length >= 60),
        title,
        title and length < 50 and bool(_NAME.match(text)),
    )
