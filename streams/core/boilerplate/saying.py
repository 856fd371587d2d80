"""What one line says, wherever it stands: as a whole, or by its parts. Where it stands belongs in `position`.

What a line says is remembered, for wires repeat: the furniture of a site is the same on every page, a new version keeps most of its
paragraphs. Memory changes no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from streams.core.boilerplate import parts
from streams.core.boilerplate.cues import Cues, LanguageCues
from streams.core.boilerplate.evidence import Heard, Weighed, heard_in, listen, mark, together, weigh, worth_reading
from streams.core.boilerplate.page import Line, Span, line

_WORD = re.compile(r"\w+")
_QUOTES = re.compile('[«„“"]')
SEVERAL = 110
"""A line shorter than this is always read with care."""
QUESTION = 60
"""A question up to this length belongs to the appeal that answers it."""
LABEL = 30
"""A sentence that is longer, ends with a stop and holds no word of furniture is reporting."""
CAPTION = 30
"""What stands before a credit and is shorter describes nothing."""
MOST = 0.8
"""A line whose sentences say different things is split where they are so much of it."""
WHOLE = 200
"""A line up to this length may be boilerplate by what its sentences say together; a longer one only by each alone."""

_MOST = 4_000_000
"""Characters of the lines that are remembered: some 30,000 lines. Lines are not counted, for a single one may fill a message."""


class _Known(dict[str, Line | None]):
    """Line -> what it is and says."""

    size = 0
    """Characters of all of them."""


class Reader:
    """Reads the lines of pages in one language."""

    def __init__(self, own: LanguageCues, cues: Cues):
        self._own, self._cues = own, cues
        self._known = _Known()
        self._early = _Known()
        """Apart: lines that may begin with a dateline."""

    def read(self, raw: Sequence[str], datelines: int) -> list[Line | None]:
        """What each line is and says, None for blank ones; the first `datelines` of them may begin with a dateline."""
        early, later = self._early, self._known
        try:
            return [early[text] for text in raw[:datelines]] + [later[text] for text in raw[datelines:]]
        except KeyError:
            self._learn(raw[:datelines], early, True)
            self._learn(raw[datelines:], later, False)
            return self.read(raw, datelines)

    def _learn(self, raw: Sequence[str], known: _Known, early: bool) -> None:
        """Makes the lines known that are not; those of the page stay known until the next one."""
        if known.size > _MOST:
            known.clear()
            known.size = 0
        new = {text: line(text) for text in raw if text not in known}
        known.update(new)
        known.size += sum(map(len, new))
        lines = [one for one in new.values() if one is not None]
        if not lines:
            return
        text = "\n".join([one.text for one in lines])
        norm = self._own.form(text)
        rare = self._cues.marks.rare_on(text)
        for one, units in zip(lines, listen(norm, self._own), strict=True):
            one.whole, one.parts = self._say(one.text, early, norm, units, rare)
            if one.parts and one.parts[-1][1] >= one.length and one.parts[-1][0] > 0:
                one.looks_like(one.text[: one.parts[-1][0]])

    def _say(self, text: str, early: bool, norm: bytes, units: list[Heard], rare: bool) -> tuple[Weighed | None, tuple[Span, ...]]:
        cues, own = self._cues, self._own
        if marked := mark(text, cues, rare):
            return marked, ()
        cut = self._asides(text, early)
        if cut:
            for start, end, _ in cut:
                text = text[:start] + " " * (end - start) + text[end:]
            norm = own.form(text)
            units = listen(norm, own)[0]
        found = None
        if units and len(text) < SEVERAL and units[0].line is None and not parts.barred(text):
            found = _weighed(text, norm, together(units), cues, own)
        elif units:
            if len(text) < SEVERAL or worth_reading(units, norm, cues, own):
                found, spans = _long_line(text, norm, units, cues, own)
                cut += spans
            section = cues.bits["section"]
            if any(unit.mask & section for unit in units):
                cut += _orphans(text, section, own)
        if found is not None and found.score >= cues.threshold and len(text) < WHOLE:
            return found, ()
        return found, tuple(_apart(cut)) if cut else ()

    def _asides(self, line: str, early: bool) -> list[Span]:
        """The dateline before the line, and what in brackets in or behind it is a line of its own."""
        out: list[Span] = []
        if early and (after := parts.dateline(line, 0, len(line))) and not _labels(line[:after], self._own):
            out.append((0, after, Weighed("byline", 1.0, "cue:byline.dateline")))
        if "(" in line or "[" in line:
            for start, end in parts.brackets(line):
                if out and start < out[0][1]:
                    continue
                inner = line[start + 1 : end - 1]
                if end == len(line) and parts.agency(inner):
                    out.append((start, end, Weighed("copyright", 1.0, "cue:copyright.agency")))
                    continue
                found = mark(inner, self._cues, False) or _weighed(inner, *heard_in(inner, self._own), self._cues, self._own)
                if found is not None and found.score >= self._cues.threshold:
                    out.append((start, end, found))
        if (credit := parts.credit(line)) is not None:
            out.append((credit if credit > CAPTION else 0, len(line), Weighed("credit", 1.0, "cue:credit.ending")))
        return out


def _apart(spans: list[Span]) -> list[Span]:
    """The spans of a line in order, without those that begin in another."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: s[:2]):
        if not out or span[0] >= out[-1][1]:
            out.append(span)
    return out


def _labels(dateline: str, own: LanguageCues) -> bool:
    """Whether what looks like a dateline calls for cues: "URGENT -", "VIDEO -"."""
    return "(" not in dateline and "/" not in dateline and bool(heard_in(dateline, own)[1].calls)


def _orphans(line: str, section: int, own: LanguageCues) -> list[Span]:
    """Names of sections that stand as a sentence in the middle of a paragraph."""
    return [
        (a, b, Weighed("artefact", 1.0, "position:section name within a paragraph"))
        for a, b in parts.orphans(line, 0, len(line))
        if all(heard_in(word, own)[1].mask & section for word in _WORD.findall(line, a, b))
    ]


def _long_line(text: str, norm: bytes, heard: list[Heard], cues: Cues, own: LanguageCues) -> tuple[Weighed | None, list[Span]]:
    """What the line says as a whole; else, where it has several sentences and only some say it, or not the same, the spans of those."""
    whole = _weighed(text, norm, together(heard), cues, own)
    if whole is None:
        return None, []
    units = parts.sentences(text, 0, len(text))
    if len(units) == 1:
        return whole, []
    heard_ = [heard_in(text[a:b], own) for a, b in units]
    found = [_weighed(text[a:b], n, h, cues, own) for (a, b), (n, h) in zip(units, heard_, strict=True)]
    spans: list[Span] = []
    told = False
    plain = cues.bits["against"] | cues.bits["section"]
    for i, ((a, b), w) in enumerate(zip(units, found, strict=True)):
        if w is not None and w.score >= cues.threshold:
            if i and text[units[i - 1][1] - 1] == "?" and a - units[i - 1][0] <= QUESTION:  # "More on this? Sign up"
                a = units[i - 1][0]
                if spans and spans[-1][0] >= a:
                    spans.pop()
            if spans and spans[-1][2].cls == w.cls and a - spans[-1][1] <= 3:
                a = spans.pop()[0]
            spans.append((a, b, w))
        elif w is None and not heard_[i][1].mask & ~plain and b - a > LABEL and text[b - 1] in ".!…":
            told = True
    if not spans:
        return (whole if len(text) <= WHOLE and not (told and len(text) >= SEVERAL) else None), []
    covered = sum(b - a for a, b, _ in spans)
    if len({w.cls for _, _, w in spans}) > 1 and covered >= MOST * len(text):
        return None, spans
    if (2 * covered >= len(text) and not told) or (spans[0][0] == 0 and len(text) <= WHOLE):
        return max((w for _, _, w in spans), key=lambda w: w.score), []
    return None, spans


def _weighed(text: str, norm: bytes, heard: Heard, cues: Cues, own: LanguageCues) -> Weighed | None:
    found = weigh(text, norm, heard, cues, own)
    if found is not None and _QUOTES.search(text):
        return weigh(text, *heard_in(text, own), cues, own)
    return found
