"""Where it happened: of the places that the text names, the one that the signs speak for most (codebook, rulings 14 and 23)."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.attribution import Speaker
from streams.core.developments.find import Found
from streams.core.developments.kinds import AGREED, SPEECH
from streams.core.fields.spots import Setting, Spot, spots
from streams.core.fields.story import Seen, Story
from streams.core.records import Place


def place(story: Story, seen: Seen, found: Found, told: Sequence[Speaker]) -> Place | None:
    """The place of a development, and no other than the text names; `told` are the sentence's speakers."""
    if found.type in SPEECH or not (seen.places or story.place or seen.earlier()):
        return None
    return _likeliest(Setting(story, seen, found, told)).place


def _likeliest(setting: Setting) -> Spot:
    worth = setting.story.tagger.weights.of(setting.found.type)
    return max(spots(setting), key=lambda spot: worth.sum(worth.place, spot.signs))


def carried(seen: Seen, kind: str, place: Place) -> bool:
    """Whether what is told next may have happened there too: not where people went, nor where a party only met another."""
    if place.country is None or kind in AGREED:
        return False
    return not any(m.goal and m.name == place.name for m in seen.places)
