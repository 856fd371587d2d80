"""Finds the boilerplate of a body: weighs each line by what it says, then by where it stands, then cuts the parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from streams.core.boilerplate import parts
from streams.core.boilerplate.cues import Cues, LanguageCues
from streams.core.boilerplate.evidence import Weighed, mark, weigh
from streams.core.boilerplate.normal import normal
from streams.core.boilerplate.page import Line, page
from streams.core.boilerplate.position import lift
from streams.core.records import Boilerplate

_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
_CLUSTERS = re.compile("[^\n\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]?[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]+")
_MARKS = re.compile("[^\u0300-\u036f]")
_SPACES = "\u00a0\u202f\u2009\u2007"
WORD = re.compile(r"\w+")
DATELINES = 6
"""A dateline stands in one of the first lines."""
SEVERAL = 110
"""A line shorter than this is one unit, however many sentences it has."""
QUESTION = 60
"""A question up to this length belongs to the appeal that answers it."""
WHOLE = 200
"""A line up to this length may be boilerplate by what its sentences say together; a longer one only by each alone."""

Span = tuple[int, int, Weighed]


def find(body: str, language: str | None, cues: Cues) -> list[Boilerplate]:
    """The spans of the body that are not the reporting, sorted, not overlapping; code points into `body` as received."""
    if not body.isascii():
        if _INVISIBLE.search(body):
            return _find_composed(body, language, cues)
        for space in _SPACES:
            body = body.replace(space, " ")
    return [Boilerplate(start, end, found.cls, found.rule) for start, end, found in _spans(body, cues.of(language), cues)]  # type: ignore[arg-type]


def _find_composed(body: str, language: str | None, cues: Cues) -> list[Boilerplate]:
    """As `find` on the text with composed accents and without soft hyphens and zero-width characters, its offsets put back."""
    starts: list[int] = []
    text: list[str] = []
    end = 0
    for cluster in _CLUSTERS.finditer(body):
        first, letter = cluster.start(), _composed(cluster.group())
        starts += range(end, first + len(letter))
        text += [body[end:first], letter]
        end = cluster.end()
    starts += range(end, len(body) + 1)
    text.append(body[end:])
    spans = find("".join(text), language, cues)
    return [Boilerplate(starts[s.start], starts[s.end], s.cls, s.rule) for s in spans]


def _composed(cluster: str) -> str:
    """One character for a letter and what hangs on it, none where it hangs on nothing."""
    if _INVISIBLE.match(cluster):
        return ""
    return unicodedata.normalize("NFC", cluster[0] + _MARKS.sub("", cluster[1:]))[0]


def _spans(body: str, own: LanguageCues, cues: Cues) -> list[Span]:
    norm = normal(body)
    lines = page(body)
    weighed: list[Weighed | None] = []
    cut: dict[int, list[Span]] = {}
    for i, line in enumerate(lines):
        start = line.start
        if marked := mark(body[line.start : line.end], cues):
            weighed.append(marked)
            continue
        end = parts.dateline(body, start, line.end) if i < DATELINES else start
        if end > start and not _labels(norm, start, end, own):
            cut[i] = [(line.start, end, Weighed("byline", 1.0, "cue:byline.dateline"))]
            start = end
        end = line.end
        if ending := parts.ending(body, start, end):
            end, cls = ending
        found, spans = _line(body, norm, start, end, cues, own)
        weighed.append(found)
        if line.end - line.start >= SEVERAL:
            spans += _orphans(body, norm, start, end, own)
        if ending:
            spans.append((end, line.end, Weighed(cls, 1.0, f"cue:{cls}.ending")))
        if spans:
            cut.setdefault(i, []).extend(spans)
    lift(lines, weighed, cues.threshold)
    return list(_whole_or_parts(lines, weighed, cut, cues.threshold))


def _orphans(body: str, norm: str, start: int, end: int, own: LanguageCues) -> list[Span]:
    """Names of sections that stand as a sentence in the middle of a paragraph."""
    section = own.bits.get("section", 0)
    return [
        (a, b, Weighed("artefact", 1.0, "position:section name within a paragraph"))
        for a, b in parts.orphans(body, start, end)
        if all((word := own.words[w]) is not None and word.mask & section for w in WORD.findall(norm, a, b))
    ]


def _labels(norm: str, start: int, end: int, own: LanguageCues) -> bool:
    """Whether what looks like a dateline calls for cues: "URGENT -", "VIDEO -"."""
    if "(" in norm[start:end] or "/" in norm[start:end]:
        return False
    return any((word := own.words[w]) is not None and word.cues for w in WORD.findall(norm, start, end) if w.isalpha())


def _whole_or_parts(lines: Sequence[Line], weighed: Sequence[Weighed | None], cut: dict[int, list[Span]], threshold: float) -> list[Span]:
    out: list[Span] = []
    for i, line in enumerate(lines):
        found = weighed[i]
        if found is not None and found.score >= threshold and i not in cut:
            out.append((line.start, line.end, found))
        else:
            out += _apart(cut.get(i, []))
    return out


def _apart(spans: list[Span]) -> list[Span]:
    """The spans of a line in order, without those that begin in another."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: s[:2]):
        if not out or span[0] >= out[-1][1]:
            out.append(span)
    return out


def _line(body: str, norm: str, start: int, end: int, cues: Cues, own: LanguageCues) -> tuple[Weighed | None, list[Span]]:
    """What the line says as a whole; else, where it has several sentences and only some say it, the spans of those."""
    whole = weigh(body, norm, start, end, cues, own) if start < end else None
    if whole is None or end - start < SEVERAL:
        return whole, []
    units = parts.sentences(body, start, end)
    if len(units) == 1:
        return whole, []
    found = [weigh(body, norm, a, b, cues, own) for a, b in units]
    spans: list[Span] = []
    for i, ((a, b), w) in enumerate(zip(units, found, strict=True)):
        if w is not None and w.score >= cues.threshold:
            if i and body[units[i - 1][1] - 1] == "?" and a - units[i - 1][0] <= QUESTION:  # "More on this? Sign up"
                a = units[i - 1][0]
            if spans and spans[-1][2].cls == w.cls and a - spans[-1][1] <= 2:
                a = spans.pop()[0]
            spans.append((a, b, w))
    if not spans:
        return (whole if end - start <= WHOLE else None), []
    if 2 * sum(b - a for a, b, _ in spans) >= end - start or (spans[0][0] == start and end - start <= WHOLE):
        return max((w for _, _, w in spans), key=lambda w: w.score), []
    return None, spans
