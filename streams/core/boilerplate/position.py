"""Where a line stands: outside the story, in a run of titles, under a label, alone between paragraphs. What it says belongs in `cues`.

The scores say how surely such a line is not reporting; they were measured on labelled news pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streams.core.boilerplate.evidence import Weighed
from streams.core.boilerplate.page import Line
from streams.core.text import fold

LONG_RUN = 9
"""A longer run of titles may be a list that is the story: results, ingredients, steps."""
LABEL = 45
"""A label over a list of other headlines is at most so long."""
PARAGRAPH = 150
"""A line that ends with a stop is surely a paragraph of the story from this length on."""
SHORT = 60
"""Where no line is so long, the story is told in paragraphs of this length."""
SENTENCE = 60
"""From this length on a line is more than a label."""
FIRM = 1.25
"""What a sentence between two paragraphs must say: more than one thing, or one that begins as furniture begins."""
AKIN = 0.3
"""A title that shares so much of its words with the story is perhaps its own: a sub-heading, its headline, a standfirst."""
OWN = 0.6
"""One that shares so much with the headline is the headline told again."""
HEADING = 0.5
"""What the last title before a paragraph of the story weighs by its place."""
BETWEEN = 6
"""The story goes on where no more titles, and no more lines of furniture at once, stand before its next paragraph or sentence."""
BEFORE = 2
"""It began earlier where no more titles or furniture stand behind a shorter paragraph."""
SECTION = 25
"""A title of one or two words up to this length over the headline names the section of the site."""
_OWNER, _OWNED = "cue:copyright.owner", re.compile(r"\d|[.!?]\s|.{61}")
"""A rights mark before a bare name over or in the story is that of a picture."""
_ITEM = re.compile(r"\d|:\s|\s[-–—]\s")
"""An item of a list that the line before it opens: who got how much."""
_DATED, _PATH = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d[:h]\d\d\b"), re.compile(r"\s[›>»→|/]\s")
_words = re.compile(r"[^\W\d_]{4,}").findall
_STEM, _ENOUGH = 5, 4_000
_TOLD = re.compile(r"[:|>»→]\s*\S+\s+\S|\s[-–—]\s*\S+\s+\S|[)\]]$")
"""A label that names the other story itself, or stands in brackets: nothing is listed under it."""


class Story:
    """The words of the story, to tell its own titles from those of others."""

    def __init__(self, lines: Sequence[Line], tagged: Sequence[bool], headline: str):
        self._lines, self._tagged = lines, tagged
        self._headline = fold(headline)
        self.headed = bool(headline.strip())
        self._told = ""

    def akin(self, line: Line) -> bool:
        """Whether the line speaks of what the story speaks of."""
        if not self._told:
            paragraphs = [line.text for line, out in zip(self._lines, self._tagged, strict=True) if line.paragraph and not out]
            self._told = fold("\n".join([self._headline, *paragraphs])[:_ENOUGH])
        return _share(line.stems(), self._told) >= AKIN

    def own(self, line: Line) -> bool:
        """Whether the line is the headline told again."""
        return self.headed and _share(line.stems(), self._headline) >= OWN


def _share(stems: Sequence[str], text: str) -> float:
    return sum([stem in text for stem in stems]) / len(stems) if stems else 0.0


@dataclass(slots=True)
class _Run:
    """Lines `begin` to `end` (exclusive), all of them titles or tagged by what they say."""

    begin: int
    end: int
    place: str
    cued: float
    """The share that is tagged."""
    leads: bool
    """A paragraph follows: it may be a sub-heading."""


def lift(lines: Sequence[Line], weighed: list[Weighed | None], threshold: float, headline: str) -> None:
    """Adds to each line what its place says; changes `weighed`."""
    tagged = [found is not None and found.score >= threshold for found in weighed]
    first, last = _extent(lines, tagged, 0)
    if first < 0:
        return
    last = _goes_on(lines, tagged, last)
    story = Story(lines, tagged, headline)
    for i, found in enumerate(weighed):
        if found is None:
            continue
        if not tagged[i]:
            weighed[i] = _placed(found, i, lines[i], first, last)
        elif found.rule == _OWNER and i <= last and not _OWNED.search(lines[i].text):
            weighed[i] = Weighed("credit", found.score, f"{found.rule} position:beside the story", found.firm)
        elif first <= i <= last and _doubtful(i, lines, found, tagged):
            weighed[i] = Weighed(found.cls, found.score - 0.5, f"{found.rule} position:between paragraphs")
            tagged[i] = False
    _beside_labels(lines, weighed, tagged, story, first, last)
    first, last = _extent(lines, tagged, PARAGRAPH)
    if first < 0:
        first, last = _extent(lines, tagged, SHORT)
    if first >= 0:
        first, last = _begins(lines, tagged, first), _goes_on(lines, tagged, last)
        for run in _runs(lines, tagged, first, last):
            _judge(run, lines, weighed, tagged, story)


def _placed(found: Weighed, i: int, line: Line, first: int, last: int) -> Weighed:
    """Weak evidence outside the story, or on a label in it, is stronger."""
    if not first <= i <= last:
        return Weighed(found.cls, found.score + 0.5, f"{found.rule} position:{'head' if i < first else 'tail'}")
    if line.title and line.length <= LABEL:
        return Weighed(found.cls, found.score + 0.25, f"{found.rule} position:label")
    return found


def _doubtful(i: int, lines: Sequence[Line], found: Weighed, tagged: Sequence[bool]) -> bool:
    """A sentence in the story that says too little, with no furniture beside it; a label in it that opens a paragraph ("Photo:")."""
    if lines[i].length < SENTENCE:
        return lines[i].opens and lines[i + 1].paragraph and not tagged[i + 1]
    return not found.firm and found.score < FIRM and not any(tagged[max(i - 1, 0) : i + 2 : 2])


def _extent(lines: Sequence[Line], tagged: Sequence[bool], least: int) -> tuple[int, int]:
    """The first and last line of the story: paragraphs by their look, `least` characters or longer; (-1, -1) where there is none."""
    inside = [i for i, line in enumerate(lines) if line.paragraph and not tagged[i] and line.length >= least]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def _goes_on(lines: Sequence[Line], tagged: Sequence[bool], last: int) -> int:
    """The last line of the story where shorter paragraphs and sentences follow the last long one, little but sub-headings between."""
    return _reach(lines, tagged, range(last, len(lines)), BETWEEN, lambda line: line.paragraph or not (line.title or line.opens))


def _begins(lines: Sequence[Line], tagged: Sequence[bool], first: int) -> int:
    """The first line of the story where shorter paragraphs stand before the first long one."""
    return _reach(lines, tagged, range(first, -1, -1), BEFORE, lambda line: line.paragraph)


def _reach(lines: Sequence[Line], tagged: Sequence[bool], way: range, most: int, tells: Callable[[Line], bool]) -> int:
    """How far the story reaches along a way that begins in it: the last line that tells, no more than `most` titles, nor furniture
    further than `most` lines off, before it.
    """
    reached, titles = way[0], 0
    for i in way[1:]:
        if tagged[i]:
            if abs(i - reached) > most:
                break
        elif tells(lines[i]):
            reached, titles = i, 0
        elif lines[i].title:
            titles += 1
            if titles > most:
                break
    return reached


def _put(weighed: list[Weighed | None], i: int, cls: str, score: float, rule: str) -> None:
    found = weighed[i]
    if found is None:
        weighed[i] = Weighed(cls, score, rule)
    elif found.score < score:
        weighed[i] = Weighed(found.cls, score, f"{found.rule} {rule}")


def _beside_labels(
    lines: Sequence[Line], weighed: list[Weighed | None], tagged: Sequence[bool], story: Story, first: int, last: int
) -> None:
    """Headlines under "Most read" or "More on this"; outside the story what a newsletter is about, under its sign-up; a bare name."""
    open_list = ""
    signed = False
    for i, line in enumerate(lines):
        if tagged[i]:
            found = weighed[i]
            cls = found.cls if found else ""
            open_list = cls if cls == "related" or (cls == "advert" and i > last and " " in line.text) else ""
            open_list *= line.title and line.length <= LABEL and not (first <= i <= last and _TOLD.search(line.text) is not None)
            signed = cls == "newsletter"
            continue
        outside = not first <= i <= last
        if i > last and not open_list and line.title and line.length <= LABEL and _signs(weighed, tagged, i + 1):
            weighed[i] = Weighed("newsletter", 1.0, "position:name of a newsletter")
            signed = False
            continue
        if open_list:
            heads = first <= i <= last and not tagged[i - 1] and i + 1 < len(lines) and not (tagged[i + 1] or lines[i + 1].title)
            open_list *= line.title and not story.own(line) and not (heads and story.akin(line))
            if open_list:
                _put(weighed, i, open_list, 1.0, "position:under a label")
        if signed and outside and line.title:
            weighed[i] = Weighed("newsletter", 1.0, "position:strapline")
        signed = False
        if line.name and outside and (i > last or (i == 0 and first < 3) or _dated(weighed, tagged, story, lines, i)) and len(lines) > 3:
            _put(weighed, i, "byline", 1.0, "position:name at the edge")


def _signs(weighed: Sequence[Weighed | None], tagged: Sequence[bool], i: int) -> bool:
    """Whether the line offers a newsletter."""
    return i < len(tagged) and tagged[i] and (found := weighed[i]) is not None and found.cls == "newsletter"


def _dated(weighed: Sequence[Weighed | None], tagged: Sequence[bool], story: Story, lines: Sequence[Line], i: int) -> bool:
    """Whether a byline or a date stands beside the name at the head."""
    if story.own(lines[i]) or len(lines[i].text.split()) > 3:
        return False
    return any(tagged[j] and (found := weighed[j]) is not None and found.cls == "byline" for j in (i - 1, i + 1) if 0 <= j < len(lines))


def _runs(lines: Sequence[Line], tagged: Sequence[bool], first: int, last: int) -> list[_Run]:
    """The runs of lines that look like titles, before, in and after the story."""
    out = []
    begin = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and (lines[end].title or tagged[end]):
            continue
        if end > begin:
            place = "head" if end <= first else "tail" if begin > last else "story"
            leads = end < len(lines) and not lines[end].opens
            out.append(_Run(begin, end, place, sum(tagged[begin:end]) / (end - begin), leads))
        begin = end + 1
    return out


def _judge(run: _Run, lines: Sequence[Line], weighed: list[Weighed | None], tagged: Sequence[bool], story: Story) -> None:
    """Runs of titles outside the story are furniture, within it only beside other furniture; a title of the story's own is never."""
    surely, perhaps = _scores(run)
    if not surely:
        return
    rule = f"position:titles in {run.place}"
    own = [i for i in range(run.begin, run.end) if story.own(lines[i])] if story.headed else []
    listed = run.begin > 0 and lines[run.begin - 1].opens and not tagged[run.begin - 1]
    for i in range(run.begin, run.end):
        listed = listed and not tagged[i]
        if listed and (run.place == "story" or _ITEM.search(lines[i].text)):
            continue
        score = surely
        if run.leads and i == run.end - 1:
            if run.place != "head":
                score = perhaps = min(perhaps, HEADING)
            elif lines[i].text[0].isalpha() and "," not in lines[i].text and not lines[i].name:
                score = perhaps
        if surely > perhaps or (own and run.place == "head"):
            near = any(abs(i - j) <= 1 for j in own)
            doubt = run.place == "story" or near or run.end - i < 3 or not run.cued or run.end - run.begin > LONG_RUN
            if (i - 1 in own and lines[i].length > SECTION) or (doubt and story.akin(lines[i])):
                score = perhaps
        if i not in own:
            _put(weighed, i, _kind(lines[i], run.place), score, rule)


def _kind(line: Line, place: str) -> str:
    """What a title is: over the story the name of a section, a row of them, a path or a date rather than another story's headline."""
    if place != "head":
        return "related"
    if _DATED.search(line.text):
        return "byline"
    if _PATH.search(line.text) or not any(map(str.isalpha, line.text)):
        return "artefact"
    words = line.text.split()
    short = len(words) <= 2 and line.length <= SECTION
    row = len(words) > 2 and all(word[0].isupper() for word in words)
    return "artefact" if line.text[0].isalpha() and (short or row) else "related"


def _scores(run: _Run) -> tuple[float, float]:
    """How surely the lines of a run are not reporting: those that share no words with the story, and those that do."""
    length = run.end - run.begin
    if run.place == "story":
        if length > 1 and 3 * run.cued >= 1:
            return 1.0, 0.5
        return (0.5, 0.5) if length > 2 else (0.0, 0.0)
    if run.place == "tail":
        score = 0.9 if length > LONG_RUN else 0.8 if length < 3 and run.leads else 1.0
        return score, score
    if length > LONG_RUN:
        return (1.0, 0.9) if run.cued and run.leads else (0.9, 0.8)
    return (1.0, 0.8) if length > 2 or run.cued else (0.8, 0.8)
