"""When it happened, and whether it is old news (codebook, rulings 8, 9 and 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from streams.core import dates
from streams.core.attribution import Speaker
from streams.core.developments.find import Found
from streams.core.developments.kinds import FELT, SPEECH
from streams.core.fields.story import Seen, Story

CARRIED = frozenset({*FELT, "clash", "interception", "withdrawal"})
"""Without a date of their own they share that of what the same paragraph tells before."""
LONG_AGO, SOON = timedelta(days=240), timedelta(days=90)
OLD = timedelta(days=14)
"""What began earlier is background (codebook, section 2)."""


def moments(story: Story, seen: Seen, text: str) -> list[dates.DateMention]:
    """The dates that a sentence names."""
    if story.language.dates is None:
        return []
    return dates.find(seen.reading.sentence, text, story.language.dates, story.published, story.when)


def moment(
    story: Story, seen: Seen, moments: Sequence[dates.DateMention], found: Found, status: str, told: Sequence[Speaker]
) -> tuple[str | None, date | None]:
    """The date nearest to the trigger: in its clause, else in the sentence but for the weekday of the statement (ruling 8)."""
    unit = seen.reading.clauses.unit
    saying = {unit[s.at] for s in told} - {unit[found.trigger]}
    inside = [m for m in moments if found.first <= m.first and m.last <= found.last and unit[m.first] not in saying]
    if not inside and found.type not in SPEECH:
        inside = [m for m in moments if unit[m.first] not in saying or m.kind != "weekday"]
    if not inside:
        if found.type in CARRIED and status != "expected" and story.dated is not None and seen.reading.sentence.line == story.dated[0]:
            return story.dated[1], None
        return None, None
    best = min(inside, key=lambda m: abs(m.first - found.trigger))
    iso = best.ahead if status == "expected" or _soon(best, story) else best.iso
    if status != "expected":
        story.dated = (seen.reading.sentence.line, iso)
    return iso, _day(iso)


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
