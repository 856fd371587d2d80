"""A line of a page: what can be seen of it without reading it (length, stop, whether it looks like a title or a name), and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.core.boilerplate.evidence import Weighed
from streams.core.text import fold

_UP = "A-ZÀ-ÖØ-ÞŁŚŻŽŠČІЇЄҐА-ЯЁ"
_PART = r"(?:de|del|della|di|da|von|van|der|den|zu|la|le|al|el|bin|ibn|du|dos|y|e|ter|i|і|и|et|und|and)(?=\s)"
_WORD = rf"(?:[{_UP}][\w'’.-]*|{_PART})"
_NAME = re.compile(rf"(?:{_WORD}(?:\s{_WORD}){{1,4}}|[{_UP}][\w.'’-]*-[{_UP}][\w.'’-]*)(?:, [{_UP}][\w-]+)?\Z")
_CLOSERS = "\"'»”“’)]* "
_STOPS = frozenset(".!?…")
_ENDS = _STOPS | frozenset(":;,")
_words = re.compile(r"[^\W\d_]{4,}").findall
_STEM = 5
TEXT, TITLE, NAME, SENTENCE = 110, 150, 50, 60

Span = tuple[int, int, Weighed]


@dataclass(slots=True)
class Line:
    """A line without the white space around it; one object serves every page that holds it."""

    text: str
    lead: int
    """How much white space stood before it."""
    length: int
    paragraph: bool
    """Long enough and closed by a stop: by its look a paragraph."""
    title: bool
    """Short and open-ended: a headline, a label, a name."""
    name: bool
    """Two to five capitalised words: a person's name, perhaps with a place."""
    opens: bool
    """It ends with a colon."""
    whole: Weighed | None = None
    """What it says as a whole."""
    parts: tuple[Span, ...] = ()
    """The parts of it that say something else than the rest."""
    _stems: list[str] | None = None

    def looks_like(self, rest: str) -> None:
        """Takes the look of what stands before the furniture at its end, where that is a sentence."""
        seen = line(rest)
        if seen is not None and not seen.title and not seen.opens:
            self.paragraph, self.title, self.name = seen.paragraph, False, False

    def stems(self) -> list[str]:
        """The beginnings of its longer words."""
        if self._stems is None:
            self._stems = [word[:_STEM] for word in _words(fold(self.text))]
        return self._stems


def line(raw: str) -> Line | None:
    """The line as it looks; None where it holds nothing but white space."""
    text = raw.strip()
    if not text:
        return None
    length = len(text)
    last = text[-1]
    if last in _CLOSERS:
        last = text.rstrip(_CLOSERS)[-1:]
    title = last not in _ENDS and length <= TITLE and any(map(str.isalnum, text))
    return Line(
        text,
        raw.index(text[0]),
        length,
        length > TEXT or (length >= SENTENCE and last in _STOPS),
        title,
        title and length < NAME and _NAME.match(text) is not None,
        last == ":",
    )
