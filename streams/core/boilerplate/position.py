"""Where a line stands: outside the story, in a run of titles, under a label, seen twice. What it says belongs in `cues`."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.boilerplate.evidence import Weighed
from streams.core.boilerplate.page import Line

RUN, LONG_RUN = 3, 9
"""So many title-like lines in a row are a list and not sub-headings; a longer one may be a list that is the story."""
LABEL = 45
"""A label over a list of other headlines is at most so long."""
PARAGRAPH = 150
"""A line that ends with a stop is surely a paragraph of the story from this length on."""


def lift(lines: Sequence[Line], weighed: list[Weighed | None], threshold: float) -> None:
    """Adds to each line what its place says; changes `weighed`."""
    tagged = [found is not None and found.score >= threshold for found in weighed]
    first, last = _story(lines, tagged, 0)
    if first < 0:
        return
    for i, line in enumerate(lines):
        found = weighed[i]
        if found and not tagged[i]:
            if not first <= i <= last:
                weighed[i] = Weighed(found.cls, found.score + 0.5, f"{found.rule} position:{'head' if i < first else 'tail'}")
            elif line.title and line.end - line.start <= LABEL:
                weighed[i] = Weighed(found.cls, found.score + 0.25, f"{found.rule} position:label")
    _under_labels(lines, weighed, tagged)
    _straplines(lines, weighed, tagged, first, last)
    _names(lines, weighed, first, last)
    _runs(lines, weighed, tagged, *_story(lines, tagged, PARAGRAPH))


def _story(lines: Sequence[Line], tagged: Sequence[bool], least: int) -> tuple[int, int]:
    """The first and last line of the story: paragraphs by their look, `least` characters or longer; (-1, -1) where there is none."""
    inside = [i for i, line in enumerate(lines) if line.text and not tagged[i] and line.end - line.start >= least]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def _put(weighed: list[Weighed | None], i: int, cls: str, score: float, rule: str) -> None:
    found = weighed[i]
    if found is None or found.score < score:
        weighed[i] = Weighed(cls if found is None else found.cls, score, rule if found is None else f"{found.rule} {rule}")


def _under_labels(lines: Sequence[Line], weighed: list[Weighed | None], tagged: Sequence[bool]) -> None:
    """Headlines under "Most read" or "More on this"."""
    open_list = False
    for i, line in enumerate(lines):
        found = weighed[i]
        if tagged[i] and found:
            open_list = found.cls == "related" and line.title and line.end - line.start <= LABEL
        elif open_list and line.title:
            _put(weighed, i, "related", 1.0, "position:under a label")
        else:
            open_list = False


def _straplines(lines: Sequence[Line], weighed: list[Weighed | None], tagged: Sequence[bool], first: int, last: int) -> None:
    """The open-ended line after a newsletter's sign-up, outside the story: what the newsletter is about."""
    for i in range(1, len(lines)):
        before = weighed[i - 1]
        if tagged[i - 1] and before and before.cls == "newsletter" and not first <= i <= last and lines[i].title and not tagged[i]:
            weighed[i] = Weighed("newsletter", 1.0, "position:strapline")


def _names(lines: Sequence[Line], weighed: list[Weighed | None], first: int, last: int) -> None:
    """A bare name before or after the story."""
    for i, line in enumerate(lines):
        if line.name and (i > last or (i == 0 and 0 < first < 3)) and len(lines) > 3:
            _put(weighed, i, "byline", 1.0, "position:name at the edge")


def _runs(lines: Sequence[Line], weighed: list[Weighed | None], tagged: Sequence[bool], first: int, last: int) -> None:
    """Runs of title-like lines: before and after the story they are furniture, within it only perhaps."""
    begin = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and (lines[end].title or tagged[end]):
            continue
        length, cued = end - begin, any(tagged[begin:end])
        if length:
            place = "head" if end <= first else "tail" if begin > last else "story"
            score = _run_score(place, length, cued) if first >= 0 else 0.5
            for i in range(begin, end):
                _put(weighed, i, "related", score, f"position:titles in {place}")
        begin = end + 1


def _run_score(place: str, length: int, cued: bool) -> float:
    """How surely a run is not reporting; measured on labelled news pages."""
    if place == "story":
        return 0.0 if length < RUN else 0.7 if cued and length > 4 else 0.5
    if length > LONG_RUN:
        return 0.9
    if place == "head" and length < RUN:
        return 0.8
    return 1.0
