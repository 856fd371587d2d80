"""Where it happened: of the places that the text names, the one that the signs speak for most (codebook, rulings 14 and 23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streams.core.developments.kinds import AGREED, SPEECH
from streams.core.fields.spots import Spot, spots
from streams.core.fields.story import Scene, Seen
from streams.core.records import Place
from streams.core.trace import SHOWN, Rival
from streams.core.weights import shares, strongest

_NOWHERE = Spot(None, [])


def weigh(scene: Scene) -> list[tuple[float, Spot]]:
    """The places that the text names for it, and none, each with what its signs are worth; what is said has none."""
    story, seen = scene.story, scene.seen
    if scene.found.type in SPEECH or not (seen.places or story.place or seen.earlier()):
        return [(0.0, _NOWHERE)]
    worth = story.tagger.weights.of(scene.found.type)
    return [(worth.sum(worth.place, spot.signs), spot) for spot in spots(scene)]


def likeliest(weighed: Sequence[tuple[float, Spot]]) -> Place | None:
    """The place worth most, the first of equals."""
    return max(weighed, key=lambda one: one[0])[1].place


def rivals(scene: Scene, weighed: Sequence[tuple[float, Spot]]) -> Iterator[Rival]:
    """The likeliest places, each with the signs that speak for it most: for `explain`."""
    if len(weighed) == 1:
        return
    table = scene.story.tagger.weights.of(scene.found.type).place
    beside = shares([worth for worth, _ in weighed])
    for share, (_, spot) in sorted(zip(beside, weighed, strict=True), key=lambda one: -one[0])[:SHOWN]:
        value = f"{spot.place.name}, {spot.place.country or '?'}" if spot.place else "nowhere"
        yield Rival(scene.found.type, value, round(share / sum(beside), 2), strongest((table.get(s, 0.0), s) for s in spot.signs))


def carried(seen: Seen, kind: str, place: Place) -> bool:
    """Whether what is told next may have happened there too: not where people went, nor where a party only met another."""
    if place.country is None or kind in AGREED:
        return False
    return not any(m.goal and m.name == place.name for m in seen.places)
