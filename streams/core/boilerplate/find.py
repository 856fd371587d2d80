"""Finds the boilerplate of a body: weighs each line by what it says, then by where it stands, then cuts the parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from streams.core.boilerplate import parts
from streams.core.boilerplate.cues import Cues, LanguageCues
from streams.core.boilerplate.evidence import Weighed, mark, weigh
from streams.core.boilerplate.normal import normal
from streams.core.boilerplate.page import Line, page
from streams.core.boilerplate.position import lift
from streams.core.records import Boilerplate

_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
WORD = re.compile(r"\w+")
SEVERAL = 110
"""A line shorter than this is one unit, however many sentences it has."""
WHOLE = 200
"""A line up to this length may be boilerplate by what its sentences say together; a longer one only by each alone."""

Span = tuple[int, int, Weighed]


def find(body: str, language: str | None, cues: Cues) -> list[Boilerplate]:
    """The spans of the body that are not the reporting, sorted, not overlapping; code points into `body` as received."""
    if not body.isascii() and _INVISIBLE.search(body):
        return _find_visible(body, language, cues)
    return [Boilerplate(start, end, found.cls, found.rule) for start, end, found in _spans(body, cues.of(language), cues)]  # type: ignore[arg-type]


def _find_visible(body: str, language: str | None, cues: Cues) -> list[Boilerplate]:
    """As `find` on the text without soft hyphens, zero-width and combining characters, its offsets put back."""
    kept = [i for i, c in enumerate(body) if not _INVISIBLE.match(c)]
    spans = find("".join(body[i] for i in kept), language, cues)
    ends = [*kept[1:], len(body)]
    return [Boilerplate(kept[s.start], ends[s.end - 1] if body[kept[s.end - 1] : ends[s.end - 1]].isprintable() else kept[s.end - 1] + 1, s.cls, s.rule) for s in spans]


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
        if i < 6 and (end := parts.dateline(body, line.start, line.end)) > line.start and not _labels(norm, line.start, end, own):
            cut[i] = [(line.start, end, Weighed("byline", 1.0, "cue:byline.dateline"))]
            start = end
        end = line.end
        if ending := parts.ending(body, start, end):
            end, cls = ending
        found, spans = _line(body, norm, start, end, cues, own)
        weighed.append(found)
        if ending:
            spans.append((end, line.end, Weighed(cls, 1.0, f"cue:{cls}.ending")))
        if spans:
            cut.setdefault(i, []).extend(spans)
    lift(lines, weighed, cues.threshold)
    return list(_whole_or_parts(lines, weighed, cut, cues.threshold))


def _labels(norm: str, start: int, end: int, own: LanguageCues) -> bool:
    """Whether what looks like a dateline calls for cues: "URGENT -", "VIDEO -"."""
    return any((word := own.words[w]) and word.cues for w in WORD.findall(norm, start, end) if w.isalpha()) and not any(c in norm[start:end] for c in "(/")


def _whole_or_parts(lines: Sequence[Line], weighed: Sequence[Weighed | None], cut: dict[int, list[Span]], threshold: float) -> list[Span]:
    out: list[Span] = []
    for i, line in enumerate(lines):
        found = weighed[i]
        if found is not None and found.score >= threshold and i not in cut:
            out.append((line.start, line.end, found))
        else:
            out += cut.get(i, ())
    return out


def _line(body: str, norm: str, start: int, end: int, cues: Cues, own: LanguageCues) -> tuple[Weighed | None, list[Span]]:
    """What the line says as a whole; else, where it has several sentences and only some say it, the spans of those."""
    whole = weigh(body, norm, start, end, cues, own, 0) if start < end else None
    if whole is None or end - start < SEVERAL:
        return whole, []
    units = parts.sentences(body, start, end)
    if len(units) == 1:
        return whole, []
    found = [weigh(body, norm, a, b, cues, own, 0) for a, b in units]
    spans = [(a, b, w) for (a, b), w in zip(units, found, strict=True) if w is not None and w.score >= cues.threshold]
    if not spans:
        return (whole if end - start <= WHOLE else None), []
    if 2 * sum(b - a for a, b, _ in spans) >= end - start or (spans[0][0] == start and end - start <= WHOLE):
        return max((w for _, _, w in spans), key=lambda w: w.score), []
    return None, spans
