"""When it happened, and whether it is old news (codebook, rulings 8, 9 and 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import inf

from streams.core import dates
from streams.core.attribution import Speaker
from streams.core.developments.find import Found
from streams.core.developments.kinds import FELT, RESULTS, SPEECH
from streams.core.fields.story import Seen, Story
from streams.core.records import Place, Quantity

CARRIED = frozenset({*FELT, "clash", "interception", "withdrawal"})
"""Without a date of their own they share that of what the same paragraph tells before."""
COMING_REACH = 7
"""Words to either side of a date in which a future puts it ahead."""
RESULT_REACH = 2
"""Paragraphs after which dead and damage may still be those of the act told of before."""
_VIOLENT = frozenset(
    {*RESULTS, "air_strike", "shelling", "drone_strike", "bombing", "attack_on_civilians", "clash", "interception", "detention"}
)
_OF_A_WAR = {"casualties": 20_000, "displacement": 3_000_000}
"""So many people are not killed or driven out within a fortnight."""
_SHARED = frozenset({"weekday", "night", "time"})
"""Kinds of date that one clause of a sentence lends to the others: "On Monday ...", "overnight ..."."""
_ADDING_UP = frozenset({"casualties", "displacement"})
LONG_AGO, SOON = timedelta(days=240), timedelta(days=90)
OLD = timedelta(days=14)
"""What began earlier is background (codebook, section 2)."""


def moments(story: Story, seen: Seen, text: str) -> list[dates.DateMention]:
    """The dates that a sentence names."""
    if story.language.dates is None:
        return []
    return dates.find(seen.reading.sentence, text, story.language.dates, story.published, story.when)


def moment(
    story: Story,
    seen: Seen,
    moments: Sequence[dates.DateMention],
    found: Found,
    others: Sequence[Found],
    status: str,
    told: Sequence[Speaker],
    place: Place | None,
) -> tuple[str | None, date | None]:
    """The date nearest to the trigger: in its clause, else in the sentence, else of what the story told before.

    `others` are all developments of the sentence.
    """
    line, name = seen.reading.sentence.line, place.name if place else ""
    own = _own(seen, moments, found, others, told)
    if not own:
        iso = _carried(story, found.type, line, name) if status != "expected" else None
        return iso, None
    best = min(own, key=lambda m: abs(m.first - found.trigger))
    iso = best.ahead if _ahead(story, seen, best, status) else best.iso
    day = _day(iso)
    to_come = day is not None and story.published is not None and day > story.published.date()
    if found.type in SPEECH:  # who speaks has spoken: a day to come dates what is spoken of
        return (None, None) if to_come else (iso, day)
    if status != "expected" and not to_come:
        story.dated = (line, iso, name, found.type)
    return iso, day


def _own(
    seen: Seen, moments: Sequence[dates.DateMention], found: Found, others: Sequence[Found], told: Sequence[Speaker]
) -> list[dates.DateMention]:
    """The dates that may date a development: those of its clause, else those around it that date nothing else (ruling 8)."""
    if not moments:
        return []
    unit = seen.reading.clauses.unit
    saying = {unit[s.at] for s in told} - {unit[found.trigger]}
    voices = [o.trigger for o in others if o.type in SPEECH and o.trigger < found.trigger] if found.type not in SPEECH else []
    free = [m for m in moments if not any(abs(m.first - v) < abs(m.first - found.trigger) for v in voices)]
    words = seen.reading.sentence.words
    free = [m for m in free if not any(_says(s, m, words) and m.last < found.trigger for s in told if s.at != found.trigger)]
    inside = [m for m in free if found.first <= m.first <= found.last and unit[m.first] not in saying]
    if found.type in SPEECH:  # a deadline dates what is asked for
        inside = [m for m in inside if m.kind != "until"]
    if inside:
        return inside
    if found.type in SPEECH:
        return [m for m in moments if m.kind != "until" and (unit[m.first] in saying or _opens(seen, m, found))]
    around = [m for m in free if unit[m.first] not in saying or m.kind != "weekday"]
    return [m for m in around if _shared(m, found) or not _dates_another(m, found, others)]


def _says(speaker: Speaker, mention: dates.DateMention, words: Sequence[str]) -> bool:
    """Whether a weekday stands directly behind a verb of saying: "said on Thursday that ..."."""
    return mention.kind == "weekday" and speaker.at < mention.first <= speaker.at + 2 and "," not in words[speaker.at : mention.first]


def _opens(seen: Seen, mention: dates.DateMention, found: Found) -> bool:
    """Whether the sentence begins with a date, and the clause follows: "On Monday, Kyiv accused ..."."""
    between = seen.reading.sentence.words[mention.last + 1 : found.first]
    return mention.first == 0 and mention.kind in _SHARED and mention.last < found.first and between in ([], [","])


def _shared(mention: dates.DateMention, found: Found) -> bool:
    """Whether one clause of a sentence lends such a date to the others; what adds up also takes "since"."""
    return mention.kind in _SHARED or (mention.kind == "since" and found.type in _ADDING_UP)


def _dates_another(mention: dates.DateMention, found: Found, others: Sequence[Found]) -> bool:
    """Whether a date stands in the clause of another development and nearer to that."""
    return any(
        o.first <= mention.first <= o.last and abs(o.trigger - mention.first) < abs(found.trigger - mention.first)
        for o in others
        if o is not found and o.type != "casualties"
    )


def _carried(story: Story, kind: str, line: int, place: str) -> str | None:
    """The date of what was told before, where this belongs to it: in the same paragraph, or results of an act of violence in the next."""
    if story.dated is None:
        return None
    before, iso, there, last = story.dated
    if line == before:
        return iso if kind in CARRIED else None
    if kind not in RESULTS or last not in _VIOLENT or not 0 < line - before <= RESULT_REACH or background(story, iso):
        return None
    return iso if place == there or (kind == "infrastructure_damage" and line - before == 1) else None


def _ahead(story: Story, seen: Seen, mention: dates.DateMention, status: str) -> bool:
    """Whether a date that may be past or to come is one to come: by what is told, by a bound, or by a word beside it."""
    if mention.kind == "until" or _comes(story, seen, mention):
        return True
    return mention.kind != "since" and (status == "expected" or (status != "confirmed" and _soon(mention, story)))


def _comes(story: Story, seen: Seen, mention: dates.DateMention) -> bool:
    """Whether a word beside the date puts it ahead: a verb in the future, "due", "scheduled"."""
    if mention.iso == mention.ahead:
        return False
    lexicon, words, unit = story.language.lexicon, seen.reading.sentence.words, seen.reading.clauses.unit
    coming = story.language.dates.coming if story.language.dates else frozenset()
    endings = tuple(lexicon.grammar.get("future", ())) or ("\0",)
    near = range(max(0, mention.first - COMING_REACH), min(len(words), mention.last + COMING_REACH + 1))

    def future(i: int) -> bool:
        return len(words[i]) > 4 and words[i].endswith(endings) and not seen.reading.capitals[i]

    return any(unit[i] == unit[mention.first] and (words[i] in coming or words[i] in lexicon.ahead or future(i)) for i in near)


def _soon(mention: dates.DateMention, story: Story) -> bool:
    """Whether a day without a year is rather one of the next weeks than one of last year."""
    back, ahead = _day(mention.iso), _day(mention.ahead or "")
    if story.published is None or back is None or ahead is None:
        return False
    today = story.published.date()
    return today - back > LONG_AGO and timedelta() < ahead - today < SOON


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso.split("/")[0])
    except ValueError:
        return None


def history(story: Story, iso: str | None, status: str, kind: str, counted: Sequence[Quantity]) -> bool:
    """Whether a development is old news: by its date, or as the sum of a whole war, whose beginning need not be told."""
    if status == "expected":  # what is still to come is none, though it may end what began long ago
        return background(story, iso) and "/" not in (iso or "")
    return background(story, iso) or any((quantity.min or 0) >= _OF_A_WAR.get(kind, inf) for quantity in counted)


def background(story: Story, iso: str | None) -> bool:
    """Whether what has this date began too long before the article for news."""
    if iso is None or story.published is None:
        return False
    start = iso.split("/")[0]
    begun = _day(start) or _day((start + "-01-01")[:10] if len(start) == 4 else f"{start}-01")
    if begun is None:
        return False
    if len(start) == 7:  # a month is old when its last day is
        begun = (begun + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if len(start) == 4:
        begun = begun.replace(month=12, day=31)
    return story.published.date() - begun > OLD
