"""Fills the fields of a development: who, whom, where, when, how many, who says so. This is their order; the choices are in modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from streams.core import dates, numbers
from streams.core.actors import ActorMention
from streams.core.attribution import Speaker, denials, settle, speakers
from streams.core.developments.find import Found, Reading
from streams.core.developments.roles import FELT, SPEECH, roles
from streams.core.lexicon import Lexicon
from streams.core.places import PlaceMention
from streams.core.quantities import quantities
from streams.core.records import Article, Development, Place, Quantity
from streams.core.tagger import Language, Tagger

FLOATING = frozenset(
    {*SPEECH, "arms_transfer", "sanction", "ceasefire", "mobilization", "cyberattack", "interception", "exercise", "talks", "release", "abduction"}
)
"""A place told elsewhere in the article is not theirs."""
AGREED = frozenset({"ceasefire", "sanction", "arms_transfer", "talks", "exercise", "cyberattack"})
"""A state or capital that their clause names is a party, unless a word of place stands before it."""
_NONE: frozenset[str] = frozenset()
_QUOTES = frozenset("«»“”„\"")
RESULTS = frozenset({"casualties", "infrastructure_damage"})
"""What an act leads to: it has the act's actor."""
WITNESSES = frozenset({"agency", "ngo", "court", "alliance"})
"""Those who report what others do."""
GIVEN = frozenset({"aid", "arms_transfer", "deployment"})
"""What those give, too."""
TOLD_BY_ACTOR = frozenset(
    {
        *("drone_strike", "air_strike", "shelling", "bombing", "cbrn_attack", "cyberattack", "infrastructure_damage", "interception"),
        *("capture", "incursion", "siege", "withdrawal", "deployment", "mobilization", "exercise", "arms_transfer", "aid", "release"),
        *("detention", "abduction", "displacement", "talks", "ceasefire"),
    }
)
"""What a party that reports it mostly did itself."""
SEATS = frozenset({"coup", "protest", "clash"})
"""They take place in a capital that their clause names, whoever it stands for."""
CARRIED = frozenset({*FELT, "clash", "interception", "withdrawal"})
"""Without a date of their own they share that of what the same paragraph tells before."""
OLD = timedelta(days=14)
"""What began earlier is background (codebook, section 2)."""


@dataclass(slots=True)
class Seen:
    """A sentence and what the tables found in it."""

    reading: Reading
    actors: list[ActorMention]
    places: list[PlaceMention]
    numbers: list[numbers.NumberMention]


@dataclass(slots=True)
class Story:
    """What an article has established so far, in reading order."""

    article: Article
    language: Language
    tagger: Tagger
    countries: Counter[str]
    """States and the countries of places, by how often the article names them."""
    places: Sequence[PlaceMention]
    """All places that its telling sentences name."""
    group: str = ""
    """The armed group that the article names most."""
    place: Place | None = None
    speaker: str | None = None
    """The source named last."""
    when: date | None = None
    dated: tuple[int, str] | None = None
    """(line, date) of the development dated last."""
    last_type: str | None = None
    """The type that a denial without words of its own denies."""
    act: tuple[int, list[str], list[str]] | None = None
    """(line, actor, target) of the act of violence told last."""
    acts: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    """Type -> (actor, target) of the development of it told last."""

    @property
    def published(self) -> datetime | None:
        """When the article was put out."""
        return self.article.published


def development_id(article_id: str, kind: str, evidence: str) -> str:
    """32 hex digits of BLAKE2b over article id, type and evidence text."""
    return blake2b("\0".join((article_id, kind, evidence)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def fill(story: Story, seen: Seen, found: Sequence[Found]) -> Iterator[Development]:
    """The developments of a sentence with their fields, in reading order."""
    text = story.article.headline if seen.reading.sentence.field == "headline" else story.article.body
    lexicon = story.language.lexicon
    if not found and not any(mask & lexicon.concepts.bit["DENY"] for mask in seen.reading.masks):
        return
    actors = [_named(story, m, None) for m in seen.actors]
    told = speakers(seen.reading, text, actors, lexicon)
    mentioned = [m for m in seen.actors if m.where != "in" and not any(s.first <= m.first and m.last <= s.last for s in told)]
    mentioned += _armed(story, seen)
    moments = _dates(story, seen, text)
    found = sorted([*found, *denials(told, found, seen.reading, story.last_type, lexicon)], key=lambda f: f.first)
    accusers: list[tuple[int, str]] = []
    accused: list[str] = []
    for number, one in enumerate(found):
        status, source, speaker = settle(one, seen.reading, told, found[:number], story.speaker, lexicon)
        if speaker is None and status != "reported":
            source = source or next((accuser for at, accuser in reversed(accusers) if at < one.trigger), None)
        story.speaker = source or story.speaker
        place = _place(story, seen, one, told)
        when, day = _date(story, seen, moments, one, status, told)
        party = speaker.code if speaker is not None and speaker.code else source
        actor, target = _roles(story, seen, one, mentioned, party, place)
        place = place or _struck(story, seen, one, target)
        if one.type in SPEECH and not actor:
            actor = _speaking(one, told, seen)
        elif one.type not in SPEECH and accused and (not actor or actor[0] in {code for _, code in accusers}):
            actor = [code for code in accused if code not in target] or actor
        actor, target = _shared(story, seen, one, actor, target)
        if one.type in SPEECH and actor:
            accusers.append((one.trigger, actor[0]))
            if one.type == "accusation":
                accused = target
        background = _background(story, when)
        development = _record(story, seen, one, text)
        yield Development(
            **development,
            actor=actor,
            target=target,
            place=place,
            date=when,
            quantities=_quantities(story, seen, one),
            source=source,
            status=status,
            background=background,
        )
        if one.type not in SPEECH and one.type != "casualties":
            story.last_type = one.type
        if place is not None and place.country:
            story.place = place
        if day is not None:
            story.when = day


def _record(story: Story, seen: Seen, found: Found, text: str) -> dict[str, Any]:
    sentence = seen.reading.sentence
    first, last = found.first, found.last
    if found.type in SPEECH and not _QUOTES.isdisjoint(sentence.words):  # what is said stands in quotation marks beside the verb
        first, last = 0, len(sentence.words) - 1
    grammar = story.language.lexicon.grammar
    idle = grammar.get("openers", _NONE) | grammar.get("coordinators", _NONE) | grammar.get("complementizers", _NONE)
    while first < min(last, found.trigger) and (not sentence.words[first][0].isalnum() or sentence.words[first] in idle):
        first += 1
    while last > first and not sentence.words[last][-1].isalnum() and sentence.words[last] not in "%°€$£":
        last -= 1
    evidence = sentence.slice(text, first, last)
    types = story.tagger.types
    return {
        "id": development_id(story.article.id, found.type, evidence),
        "type": found.type,
        "family": types.families[found.type],
        "plover": types.plover[found.type],
        "field": sentence.field,
        "start": sentence.starts[first],
        "end": sentence.ends[last],
        "text": evidence,
        "rule": f"{found.entry} {found.rule}",
    }


def _roles(
    story: Story, seen: Seen, found: Found, mentioned: Sequence[ActorMention], source: str | None, place: Place | None
) -> tuple[list[str], list[str]]:
    """Actor and target: by the clause; where it names none, by who reports it and by where it is."""
    country = place.country if place else None
    told = [m for m in seen.actors if m.code == source and (m.kind not in WITNESSES or found.type in GIVEN)]
    known = source if told and found.type in TOLD_BY_ACTOR else None
    if found.type in FELT and known == country:
        known = None  # the victim tells it
    receives = found.type in SPEECH or found.type in GIVEN
    mentions = [_named(story, m, place) for m in mentioned if m.where != "to" or m.kind != "capital" or receives]
    actor, target = roles(found, seen.reading, mentions, known, story.language.lexicon)
    if not target and found.type in FELT and country and (country not in actor or found.type == "casualties"):
        target = [country]
    if not actor and found.type == "detention" and country and country not in target:
        actor = [country]  # who arrests is the state, where nobody else is named
    return actor, target


def _speaking(found: Found, told: Sequence[Speaker], seen: Seen) -> list[str]:
    """Who says it, where a verb of saying stands beside the demand or the threat: "..., avverte Islamabad"."""
    known = {m.code for m in seen.actors}
    near = sorted((s for s in told if s.code in known), key=lambda s: abs(s.at - found.trigger))
    return [near[0].code] if near and near[0].code else []


def _shared(story: Story, seen: Seen, found: Found, actor: list[str], target: list[str]) -> tuple[list[str], list[str]]:
    """What a toll, a ruin or a bare denial shares with the act told last: who did it, and to whom."""
    known = story.acts.get(found.type) if found.rule == "denial" else None
    line = seen.reading.sentence.line
    if known is None and found.type in RESULTS and story.act is not None and story.act[0] == line:
        known = story.act[1:]
    if known is not None:
        other, hit = known
        actor = other if found.rule == "denial" else actor or [code for code in other if code not in target]
        target = hit if found.rule == "denial" else target or hit
    family = story.tagger.types.families[found.type]
    if found.rule != "denial":
        story.acts[found.type] = (actor, target)
        if family == "violence" and found.type not in RESULTS and actor:
            story.act = (line, actor, target)
    return actor, target


def _armed(story: Story, seen: Seen) -> list[ActorMention]:
    """Rebels, gunmen, paramilitaries without a name, as the armed group that the article names most."""
    if not story.group:
        return []
    lexicon = story.language.lexicon
    armed, named = lexicon.concepts.bit["ARMED"], lexicon.concepts.bit["ACTOR"]
    return [ActorMention(i, i, story.group, "group") for i, mask in enumerate(seen.reading.masks) if mask & armed and not mask & named]


def _named(story: Story, mention: ActorMention, place: Place | None) -> ActorMention:
    """A mention that names no state ("the army") as that of the place, else of the country that the article names most."""
    if mention.code:
        return mention
    code = (place.country if place else None) or next((country for country, _ in story.countries.most_common(1)), "")
    return replace(mention, code=code)


def _place(story: Story, seen: Seen, found: Found, told: Sequence[Speaker]) -> Place | None:
    if found.type in SPEECH:
        return None
    acting = {i: a.where for a in seen.actors for i in range(a.first, a.last + 1)}
    spoken = [m for m in seen.places if not any(s.first <= m.first and m.last <= s.last for s in told) and _locates(m, acting, found.type)]
    known = [m for m in spoken if not m.guessed]
    guesses = [m for m in spoken if m.guessed and m.first not in acting and not _means(seen.reading, m, story.language.lexicon)]
    clauses = seen.reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    wide: Place | None = None
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


def _struck(story: Story, seen: Seen, found: Found, target: Sequence[str]) -> Place | None:
    """The capital or state that is acted on, where the clause names no other place: "Damascus falls"."""
    if found.type not in FELT and found.type not in SEATS:
        return None
    acted = [m for m in seen.actors if m.kind in ("capital", "state") and (m.code in target or (m.kind == "capital" and found.type in SEATS))]
    low, high = seen.reading.clauses.bounds(seen.reading.clauses.segment, found.first, found.last)
    for mention in seen.places:
        if low <= mention.first <= high and any(m.first <= mention.first <= m.last for m in acted):
            return story.tagger.places.resolve(mention, story.places, story.countries)
    return None


def _means(reading: Reading, mention: PlaceMention, lexicon: Lexicon) -> bool:
    """Whether a word of the name means something else in the lexicon."""
    return any(mask & ~lexicon.concepts.tables for mask in reading.masks[mention.first : mention.last + 1])


def _locates(mention: PlaceMention, acting: Mapping[int, str], kind: str) -> bool:
    """Whether a name says where it happened, and not only who acts; `acting` has the tokens of actors, with what stands before them."""
    if mention.first not in acting:
        return True
    where = acting[mention.first]
    if kind in AGREED:
        return where == "in" or (where == "to" and kind in ("talks", "ceasefire", "exercise"))
    return mention.located


def _dates(story: Story, seen: Seen, text: str) -> list[dates.DateMention]:
    if story.language.dates is None:
        return []
    return dates.find(seen.reading.sentence, text, story.language.dates, story.published, story.when)


def _date(
    story: Story, seen: Seen, moments: Sequence[dates.DateMention], found: Found, status: str, told: Sequence[Speaker]
) -> tuple[str | None, date | None]:
    """The date nearest to the trigger: in its clause, else in the sentence but for the weekday of the statement (ruling 8)."""
    unit = seen.reading.clauses.unit
    saying = {unit[s.at] for s in told} - {unit[found.trigger]}
    inside = [m for m in moments if found.first <= m.first and m.last <= found.last and unit[m.first] not in saying]
    inside = inside or [m for m in moments if unit[m.first] not in saying or m.kind != "weekday"]
    if not inside:
        if found.type in CARRIED and status != "expected" and story.dated is not None and seen.reading.sentence.line == story.dated[0]:
            return story.dated[1], None
        return None, None
    best = min(inside, key=lambda m: abs(m.first - found.trigger))
    iso = best.ahead if status == "expected" else best.iso
    if status != "expected":
        story.dated = (seen.reading.sentence.line, iso)
    return iso, _day(iso)


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso.split("/")[0])
    except ValueError:
        return None


def _background(story: Story, iso: str | None) -> bool:
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


def _quantities(story: Story, seen: Seen, found: Found) -> list[Quantity]:
    kinds = story.language.kinds
    if kinds is None or found.type in SPEECH:
        return []
    return quantities(seen.reading.sentence, seen.numbers, kinds, found.type, found.first, found.last)  # type: ignore[arg-type]
