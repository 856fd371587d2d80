"""Where it happened: the narrowest named place of the event, told apart from who acts and who speaks (codebook, rulings 14 and 23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.developments.find import Found, Reading
from streams.core.developments.kinds import FELT, SPEECH
from streams.core.fields.story import Seen, Story
from streams.core.lexicon import Lexicon
from streams.core.place_names import PlaceMention
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
SEATS = frozenset({"coup", "protest", "clash"})
"""They take place in a capital that their clause names, whoever it stands for."""
LEFT = frozenset({"displacement", "withdrawal", "abduction"})
"""Where they set out is their place, not where they lead."""
SENT = frozenset({"drone_strike", "shelling", "air_strike", "interception", "infrastructure_damage", "incursion", "cyberattack"})
"""What comes from somewhere does not happen there."""
HELD = frozenset({"capture", "withdrawal", "siege", "advance", "incursion"})
"""They happen in the state or capital that their clause names and that does not act."""


def place(story: Story, seen: Seen, found: Found, told: Sequence[Speaker]) -> Place | None:
    """The place that the clause names, else the sentence, else what the article named last, else where a local speaker sits.

    `told` are the sentence's speakers.
    """
    if found.type in SPEECH or found.type == "sanction":
        return None  # what is decided or said in an office has no place of its own
    acting = {i: a for a in seen.actors for i in range(a.first, a.last + 1)}
    said = [m for m in seen.places if _seat(m, found, told)]
    seats = {m.first for m in said}
    named = [m for m in seen.places if m.first not in seats and _locates(m, acting, found.type)]
    direct = [m for m in named if not (m.origin and found.type in SENT) and not (m.goal and found.type in LEFT)]
    here = _named(story, seen, found, direct, acting)
    if here is not None:
        return here
    before = None if found.type in FLOATING else _before(story, seen)
    if len(direct) < len(named) and found.type in LEFT and (before is None or before.precision == "country"):
        return _named(story, seen, found, named, acting)  # where they arrive (ruling 14)
    return before if before is not None or found.type in FLOATING else _spoken(story, said, acting)


def _named(story: Story, seen: Seen, found: Found, named: Sequence[PlaceMention], acting: Mapping[int, ActorMention]) -> Place | None:
    """The place that the sentence names, the nearest clause first; a state only where nothing narrower stands as near."""
    wide: Place | None = None
    for choice in _choices(seen.reading, found, named, acting, story.language.lexicon):
        hosts = {m.host.first for m in choice if m.host is not None and not m.near}

        def rank(m: PlaceMention, hosts: set[int] = hosts) -> tuple[object, ...]:
            prior = found.type in LEFT and not m.origin
            late = m.origin and found.type not in LEFT
            return prior, late, m.first in hosts, m.first in acting, not m.located, abs(m.first - found.trigger), m.first

        for mention in sorted(choice, key=rank):
            place = story.tagger.places.resolve(_listed(mention, choice), story.places, story.countries)
            if place is not None and place.precision != "country":
                return place
            wide = wide or place
        if wide is not None:
            return wide
    return None


def _choices(
    reading: Reading, found: Found, named: Sequence[PlaceMention], acting: Mapping[int, ActorMention], lexicon: Lexicon
) -> Iterator[list[PlaceMention]]:
    """What may be meant, the likeliest first: names in the evidence, guesses in the evidence, names in the clause, in the sentence."""
    low, high = reading.clauses.bounds(reading.clauses.segment, found.first, found.last)
    known = [m for m in named if not m.guessed or m.host is not None]
    if found.type in AGREED:
        known = [m for m in known if low <= m.first and m.last <= high]
    yield [m for m in known if found.first <= m.first and m.last <= found.last]
    guesses = [m for m in named if m.guessed and m.host is None and found.first <= m.first and m.last <= found.last]
    yield [m for m in guesses if m.first not in acting and not _means(reading, m, lexicon)]
    yield [m for m in known if low <= m.first and m.last <= high]
    yield known


def _listed(mention: PlaceMention, choice: Sequence[PlaceMention]) -> PlaceMention:
    """The first of the names that stand alike with the one chosen (ruling 14)."""
    for other in reversed(choice):
        if mention.listed == other.last and mention.listed >= 0:
            mention = other
    return mention


def _before(story: Story, seen: Seen) -> Place | None:
    """What the sentence before names, else the place of what was told last."""
    for mention in seen.earlier():
        if not mention.guessed and (mention.located or mention.heading):
            place = story.tagger.places.resolve(mention, story.places, story.countries)
            if place is not None and place.precision in ("city", "region"):
                return place
    return story.place


def _spoken(story: Story, said: Sequence[PlaceMention], acting: Mapping[int, ActorMention]) -> Place | None:
    """The town or region of who speaks: a mayor, a survivor; not the capital that a ministry sits in."""
    for mention in said:
        if mention.first not in acting and not story.tagger.places.is_seat(mention):
            return story.tagger.places.resolve(mention, story.places, story.countries)
    return None


def _seat(mention: PlaceMention, found: Found, told: Sequence[Speaker]) -> bool:
    """Whether a name only says where a speaker sits: it belongs to the speaker's name, or stands outside of the evidence beside it."""
    for speaker in told:
        if speaker.first <= mention.first and mention.last <= speaker.last:
            beside = speaker.named[0] <= mention.first <= speaker.named[1] + 2
            return beside or not (found.first <= mention.first and mention.last <= found.last)
    return False


def carried(seen: Seen, kind: str, place: Place) -> bool:
    """Whether what is told next may have happened there too: not where people went, nor where a party only met another."""
    if place.country is None or kind in AGREED:
        return False
    return not any(m.goal and m.name == place.name for m in seen.places)


def struck(story: Story, seen: Seen, found: Found, told: Sequence[Speaker], actor: Sequence[str], target: Sequence[str]) -> Place | None:
    """The capital or state that is acted on, where the clause names no other place: "Damascus falls"."""
    if found.type not in FELT and found.type not in SEATS and found.type not in HELD:
        return None
    speaking = {i for s in told for i in range(s.first, s.last + 1)}
    quiet = [m for m in seen.actors if m.first not in speaking and m.kind in ("capital", "state")]
    acted = [m for m in quiet if _suffers(m, found.type, actor, target)]
    low, high = seen.reading.clauses.bounds(seen.reading.clauses.segment, found.first, found.last)
    opening = [m for m in quiet if m.first == 0 and m.kind == "capital" and m.code not in actor]
    for mention in seen.places:
        if low <= mention.first <= high and any(m.first <= mention.first <= m.last for m in acted):
            return story.tagger.places.resolve(mention, story.places, story.countries)
    for mention in seen.places:
        if any(m.first <= mention.first <= m.last for m in opening):  # "Nairobi burns: ..."
            return story.tagger.places.resolve(mention, story.places, story.countries)
    return None


def _suffers(mention: ActorMention, kind: str, actor: Sequence[str], target: Sequence[str]) -> bool:
    if mention.code in target or (mention.kind == "capital" and kind in SEATS):
        return True
    return kind in HELD and mention.code not in actor


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
