"""Where a line stands: outside the story, in a run of titles, under a label, seen twice. What it says belongs in `cues`."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.boilerplate.evidence import Weighed
from streams.core.boilerplate.page import Line

RUN = 3
"""So many title-like lines in a row are a list, not sub-headings."""
LABEL = 45
"""A label over a list of other headlines is at most so long."""


def story(lines: Sequence[Line], tagged: Sequence[Weighed | None], threshold: float) -> tuple[int, int]:
    """The first and last line of the story: paragraphs by their look that say nothing of boilerplate; (-1, -1) where there is none."""
    inside = [i for i, line in enumerate(lines) if line.text and (tagged[i] is None or tagged[i].score < threshold)]  # type: ignore[union-attr]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def lift(lines: Sequence[Line], weighed: list[Weighed | None], threshold: float) -> None:
    """Adds to each line what its place says; changes `weighed`."""
    first, last = story(lines, weighed, threshold)
    if first < 0:
        return
    for i, line in enumerate(lines):
        found = weighed[i]
        if found and found.score < threshold:
            if not first <= i <= last:
                weighed[i] = Weighed(found.cls, found.score + 0.5, f"{found.rule} position:{'head' if i <= first else 'tail'}")
            elif line.title and line.end - line.start <= LABEL:
                weighed[i] = Weighed(found.cls, found.score + 0.25, f"{found.rule} position:label")
    _under_labels(lines, weighed, threshold)
    _ends(lines, weighed, first, last)
    _runs(lines, weighed)


def _under_labels(lines: Sequence[Line], weighed: list[Weighed | None], threshold: float) -> None:
    """Headlines under "Most read" or "More on this"."""
    open_list = False
    for i, line in enumerate(lines):
        found = weighed[i]
        if found and found.score >= threshold:
            open_list = found.cls == "related" and line.end - line.start <= LABEL
        elif open_list and line.title:
            weighed[i] = Weighed("related", 1.0, "position:under a label")
        else:
            open_list = False


def _ends(lines: Sequence[Line], weighed: list[Weighed | None], first: int, last: int) -> None:
    """Open-ended lines after the story, and a bare name before or after it."""
    for i in range(last + 1, len(lines)):
        if weighed[i] is None and lines[i].title:
            weighed[i] = Weighed("byline" if lines[i].name else "related", 1.0, "position:after the story")
    if first in (1, 2) and weighed[0] is None and lines[0].name and len(lines) > 3:
        weighed[0] = Weighed("byline", 1.0, "position:name before the story")


def _runs(lines: Sequence[Line], weighed: list[Weighed | None]) -> None:
    """Runs of title-like lines."""
    begin = 0
    for i in range(len(lines) + 1):
        if i < len(lines) and (lines[i].title or weighed[i] is not None):
            continue
        if i - begin >= RUN:
            for j in range(begin, i):
                if weighed[j] is None:
                    weighed[j] = Weighed("related", 1.0, "position:run of titles")
        begin = i + 1
