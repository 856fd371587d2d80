"""What the clause and the story show of a place where it may have happened: signs, which `where` weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.fields.standing import apart, flown, inside, leads, side, zone
from streams.core.fields.story import Scene, Story
from streams.core.place_names import PlaceMention
from streams.core.records import Place

_LEADS = ("by", "against", "of", "with", "openers", "coordinators")
"""Grammar words that may stand right before a name."""
MOST = 24
"""Places of a sentence that are looked at, the nearest to what happened: each is held against each, a hostile one names hundreds."""
_MARKS = ("located", "region", "around", "guessed", "origin", "goal", "heading", "near")
"""What the finder of names says of a mention."""


@dataclass(slots=True)
class Spot:
    """A place that the text names, or none, and its signs."""

    place: Place | None
    signs: list[str]


def spots(scene: Scene) -> Iterator[Spot]:
    """No place, each that the sentence names, those of the sentence before, and that of what was told last."""
    story, seen = scene.story, scene.seen
    named = _nearest(seen.places, scene.found.trigger)
    shown = "some" if any(m.located for m in named) else "no"
    before = "one" if story.place else "none"
    yield Spot(None, ["none", f"none of {min(3, len(named))}", f"none, {shown} located", f"none, {before} before"])
    acting = {i: a for a in seen.actors for i in range(a.first, a.last + 1)}
    for mention in named:
        place = story.resolve(mention)
        if place is not None and not flown(mention, scene):
            yield Spot(place, [*_is(place, story), *_stands(mention, acting, scene), *_ranked(mention, named, scene)])
    for mention in seen.earlier():
        if not mention.guessed:
            place = story.resolve(mention)
            if place is not None:
                how = "located" if mention.located else "heading" if mention.heading else "plain"
                yield Spot(place, ["earlier", f"earlier {place.precision}", f"earlier {how}"])
    if story.place is not None:
        yield Spot(story.place, ["carried", f"carried {story.place.precision}", f"carried over {min(2, len(named))}"])


def _is(place: Place, story: Story) -> Iterator[str]:
    """What kind of place it is, and whether the article is about its country."""
    yield "named"
    yield f"{place.precision}"
    yield "known" if place.lat is not None else "unknown"
    yield "on land" if place.country else "at sea or unknown"
    yield f"top{story.top.index(place.country)}" if place.country in story.top else "not top"
    if place.country in story.tagger.types.theatres:
        yield "at war"
    if story.place is not None:
        yield "land as before" if story.place.country == place.country else "other land than before"


def _stands(mention: PlaceMention, acting: dict[int, ActorMention], scene: Scene) -> Iterator[str]:
    """Where the name stands, by which words, and whether it stands for somebody."""
    reading, at, concepts = scene.reading, scene.found.trigger, scene.lexicon.concepts
    where, here, spoken = side(mention, at), zone(mention, scene), _spoken(mention, scene.told)
    yield f"{here}{spoken}"
    yield f"{where}{here}{spoken}"
    yield f"{where}{apart(mention, at)}"
    for mark in _MARKS:
        if getattr(mention, mark):
            yield mark
            yield f"{mark} {here}"
    actor = acting.get(mention.first)
    if actor is None:
        yield "nobody"
    else:
        yield f"is {actor.kind}"
        yield f"is {actor.kind} {where}{here}"
        yield f"is {'adjective' if actor.adjective else 'noun'}"
        yield f"{actor.where or 'bare'} {actor.kind}"
    yield from (f"<{key}" for key in leads(mention, scene, _LEADS))
    yield "unit" if reading.clauses.unit[mention.first] == reading.clauses.unit[at] else "apart"
    if any(mask & ~concepts.tables for mask in reading.masks[mention.first : mention.last + 1]):
        yield "means something else"
    if scene.story.tagger.places.is_seat(mention):
        yield "seat"
        yield f"seat {here}"


def _spoken(mention: PlaceMention, told: Sequence[Speaker]) -> str:
    """Whether it stands in the words that name a speaker, or beside them."""
    for speaker in told:
        if inside(mention, speaker):
            return " of a speaker" if speaker.named[0] <= mention.first <= speaker.named[1] + 2 else " beside a speaker"
    return ""


def _nearest(named: Sequence[PlaceMention], trigger: int) -> Sequence[PlaceMention]:
    """Those that are looked at, in reading order."""
    if len(named) <= MOST:
        return named
    return sorted(sorted(named, key=lambda m: abs(m.first - trigger))[:MOST], key=lambda m: m.first)


def _ranked(mention: PlaceMention, named: Sequence[PlaceMention], scene: Scene) -> Iterator[str]:
    """How it stands among the other places of the sentence."""
    low, high = scene.segment
    beside = [m for m in named if low <= m.first and m.last <= high]
    if mention.host is not None:
        yield "hosted"
    if any(m.host is mention for m in named):
        yield "host"
    if mention.listed >= 0:
        yield "listed later"
    if any(m.listed == mention.last for m in named):
        yield "listed first"
    if beside and beside[0] is mention:
        yield "first in the segment"
    if len(beside) == 1:
        yield "one in the segment"
    if min(named, key=lambda m: abs(m.first - scene.found.trigger)) is mention:
        yield "nearest"
    if named[0] is mention:
        yield "first"
    if len(named) == 1:
        yield "only one"
