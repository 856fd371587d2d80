"""When it happened, and whether it is old news (codebook, rulings 8, 9 and 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import inf

from streams.core import dates
from streams.core.attribution import Speaker, to_come
from streams.core.developments.find import Found
from streams.core.developments.kinds import FELT, RESULTS, SPEECH
from streams.core.fields.story import Scene, Seen, Story
from streams.core.records import Quantity

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


def moment(scene: Scene) -> tuple[str | None, date | None]:
    """(ISO date, its first day) nearest to the trigger: in its clause, else in the sentence, else of what the story told before."""
    story, found = scene.story, scene.found
    line, name = scene.reading.sentence.line, scene.place.name if scene.place else ""
    own = _own(scene)
    if not own:
        return (_carried(story, found.type, line, name) if scene.status != "expected" else None), None
    best = min(own, key=lambda m: abs(m.first - found.trigger))
    iso = best.ahead if _ahead(scene, best) else best.iso
    day = _day(iso)
    later = day is not None and story.published is not None and day > story.published.date()
    if found.type in SPEECH:  # who speaks has spoken: a day to come dates what is spoken of
        return (None, None) if later else (iso, day)
    if scene.status != "expected" and not later:
        story.dated = (line, iso, name, found.type)
    return iso, day


def _own(scene: Scene) -> list[dates.DateMention]:
    """The dates that may date a development: those of its clause, else those around it that date nothing else (ruling 8)."""
    if not scene.dated:
        return []
    found, unit, words = scene.found, scene.reading.clauses.unit, scene.reading.sentence.words
    saying = {unit[s.at] for s in scene.told} - {unit[found.trigger]}
    voices = [o.trigger for o in scene.others if o.type in SPEECH and o.trigger < found.trigger] if found.type not in SPEECH else []
    free = [m for m in scene.dated if not any(abs(m.first - v) < abs(m.first - found.trigger) for v in voices)]
    free = [m for m in free if not any(_says(s, m, words) and m.last < found.trigger for s in scene.told if s.at != found.trigger)]
    inside = [m for m in free if found.first <= m.first <= found.last and unit[m.first] not in saying]
    if found.type in SPEECH:  # a deadline dates what is asked for
        inside = [m for m in inside if m.kind != "until"]
    if inside:
        return inside
    if found.type in SPEECH:
        return [m for m in scene.dated if m.kind != "until" and (unit[m.first] in saying or _opens(scene.seen, m, found))]
    around = [m for m in free if unit[m.first] not in saying or m.kind != "weekday"]
    return [m for m in around if _shared(m, found) or not _dates_another(m, found, scene.others)]


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


def _ahead(scene: Scene, mention: dates.DateMention) -> bool:
    """Whether a date that may be past or to come is one to come: by what is told, by a bound, or by a word beside it."""
    if mention.kind == "until" or _comes(scene, mention):
        return True
    return mention.kind != "since" and (scene.status == "expected" or (scene.status != "confirmed" and _soon(mention, scene.story)))


def _comes(scene: Scene, mention: dates.DateMention) -> bool:
    """Whether a word beside the date puts it ahead: a verb in the future, "due", "scheduled"."""
    if mention.iso == mention.ahead:
        return False
    reading, lexicon, known = scene.reading, scene.lexicon, scene.story.language.dates
    words, unit = reading.sentence.words, reading.clauses.unit
    near = range(max(0, mention.first - COMING_REACH), min(len(words), mention.last + COMING_REACH + 1))
    coming = known.coming if known else frozenset()
    return any(unit[i] == unit[mention.first] and (words[i] in coming or to_come(reading, i, lexicon)) for i in near)


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


def history(scene: Scene, counted: Sequence[Quantity]) -> bool:
    """Whether a development is old news: by its date, or as the sum of a whole war, whose beginning need not be told."""
    old = background(scene.story, scene.date)
    if scene.status == "expected":  # what is still to come is none, though it may end what began long ago
        return old and "/" not in (scene.date or "")
    return old or any((quantity.min or 0) >= _OF_A_WAR.get(scene.found.type, inf) for quantity in counted)


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
