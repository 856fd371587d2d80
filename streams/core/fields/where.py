"""Where it happened: the narrowest named place of the event, told apart from who acts and who speaks (codebook, rulings 14 and 23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.developments.find import Found, Reading
from streams.core.developments.roles import FELT, SPEECH
from streams.core.fields.story import Seen, Story
from streams.core.lexicon import Lexicon
from streams.core.places import PlaceMention
from streams.core.records import Place

FLOATING = frozenset(
    {
        *SPEECH,
        "arms_transfer",
        "sanction",
        "ceasefire",
        "mobilization",
        "cyberattack",
        "interception",
        "exercise",
        "talks",
        "release",
        "abduction",
    }
)
"""A place told elsewhere in the article is not theirs."""
AGREED = frozenset({"ceasefire", "sanction", "arms_transfer", "talks", "exercise", "cyberattack", "release"})
"""A state or capital that their clause names is a party, unless a word of place stands before it."""
_NONE: frozenset[str] = frozenset()
SEATS = frozenset({"coup", "protest", "clash"})
"""They take place in a capital that their clause names, whoever it stands for."""


def place(story: Story, seen: Seen, found: Found, told: Sequence[Speaker]) -> Place | None:
    """The place that the clause names, else the sentence, else what the article named last; `told` are the sentence's speakers."""
    if found.type in SPEECH:
        return None
    acting = {i: a for a in seen.actors for i in range(a.first, a.last + 1)}
    lexicon = story.language.lexicon
    spoken = [m for m in seen.places if not any(s.first <= m.first and m.last <= s.last for s in told) and _locates(m, acting, found.type)]
    known = [m for m in spoken if not m.guessed]
    guesses = [m for m in spoken if m.guessed and m.first not in acting and not _means(seen.reading, m, lexicon)]
    clauses = seen.reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    wide: Place | None = None
    if found.type in AGREED:
        known = [m for m in known if low <= m.first and m.last <= high]
    for choice in (
        [m for m in known if found.first <= m.first and m.last <= found.last],
        [m for m in guesses if found.first <= m.first and m.last <= found.last],
        [m for m in known if low <= m.first and m.last <= high],
        known,
    ):
        for mention in sorted(choice, key=lambda m: (not m.located, abs(m.first - found.trigger), m.first)):
            place = story.tagger.places.resolve(mention, story.places, story.countries)
            if place is not None and place.precision != "country":
                return place
            wide = wide or place
        if wide is not None:
            return wide
    return None if found.type in FLOATING else story.place


def struck(story: Story, seen: Seen, found: Found, target: Sequence[str]) -> Place | None:
    """The capital or state that is acted on, where the clause names no other place: "Damascus falls"."""
    if found.type not in FELT and found.type not in SEATS:
        return None
    acted = [
        m for m in seen.actors if m.kind in ("capital", "state") and (m.code in target or (m.kind == "capital" and found.type in SEATS))
    ]
    low, high = seen.reading.clauses.bounds(seen.reading.clauses.segment, found.first, found.last)
    for mention in seen.places:
        if low <= mention.first <= high and any(m.first <= mention.first <= m.last for m in acted):
            return story.tagger.places.resolve(mention, story.places, story.countries)
    return None


def _means(reading: Reading, mention: PlaceMention, lexicon: Lexicon) -> bool:
    """Whether a word of the name means something else in the lexicon."""
    return any(mask & ~lexicon.concepts.tables for mask in reading.masks[mention.first : mention.last + 1])


def _locates(mention: PlaceMention, acting: Mapping[int, ActorMention], kind: str) -> bool:
    """Whether a name says where it happened, and not only who acts; `acting` has the tokens of the actors."""
    actor = acting.get(mention.first)
    if actor is None:
        return True
    if kind in AGREED:
        return actor.where == "in" or (actor.where == "to" and kind in ("talks", "ceasefire", "exercise"))
    return mention.located
