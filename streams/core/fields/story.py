"""What an article has established so far, and what a sentence of it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.dates import DateMention
from streams.core.developments.find import Found, Reading
from streams.core.lexicon import Lexicon
from streams.core.numbers import NumberMention
from streams.core.place_names import PlaceMention
from streams.core.records import Article, Place, Status
from streams.core.tagger import Language, Tagger


@dataclass(slots=True)
class Seen:
    """A sentence and what the tables found in it."""

    reading: Reading
    actors: list[ActorMention]
    places: list[PlaceMention]
    numbers: list[NumberMention]
    earlier: Callable[[], Sequence[PlaceMention]] = list
    """Finds the places that the sentence before it in the paragraph names."""


@dataclass(slots=True, frozen=True)
class Told:
    """A development as the story remembers it."""

    line: int
    sentence: tuple[str, int]
    """Field and start of its sentence."""
    type: str
    actor: list[str]
    target: list[str]


@dataclass(slots=True)
class Story:
    """What an article has established so far, in reading order."""

    article: Article
    language: Language
    tagger: Tagger
    countries: Counter[str]
    """States and the countries of places, by how often the article names them."""
    top: tuple[str, ...]
    """The two of them that it names most."""
    places: Sequence[PlaceMention]
    """All places that its telling sentences name."""
    group: str = ""
    """The armed group that the article names most."""
    place: Place | None = None
    speaker: str | None = None
    """The source named last."""
    bodies: dict[str, str] = field(default_factory=dict)
    """Kind of body (army, government, security) -> the state of the one named last with its state."""
    when: date | None = None
    dated: tuple[int, str, str, str] | None = None
    """(line, date, name of the place, type) of the development dated last."""
    last_type: str | None = None
    """The type that a denial without words of its own denies."""
    told: list[Told] = field(default_factory=list)
    """The developments so far."""
    parties: dict[str, set[str]] = field(default_factory=dict)
    """`actor`, `target` and both with each type ("actor shelling") -> who was it so far."""
    located: dict[int, tuple[PlaceMention, Place | None]] = field(default_factory=dict)
    """Identity of a mention -> itself, so that it lives as long as its identity is a key, and the place that it means."""
    shown: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    """(headline or body, what, value) -> where the article showed it last."""

    def tell(self, told: Told) -> None:
        """Remembers a development."""
        self.told.append(told)
        for role, codes in (("actor", told.actor), ("target", told.target)):
            for key in (role, f"{role} {told.type}"):
                self.parties.setdefault(key, set()).update(codes)

    def resolve(self, mention: PlaceMention) -> Place | None:
        """Which place a mention means in this article."""
        known = self.located.get(id(mention))
        if known is None:
            known = self.located[id(mention)] = mention, self.tagger.places.resolve(mention, self.places, self.countries)
        return known[1]

    @property
    def published(self) -> datetime | None:
        """When the article was put out."""
        return self.article.published


@dataclass(slots=True)
class Scene:
    """A development on its way: what was found, what bears on it, and its fields as far as they are known."""

    story: Story
    seen: Seen
    found: Found
    others: Sequence[Found]
    """All developments of its sentence."""
    told: Sequence[Speaker]
    """Who says something in its sentence."""
    dated: Sequence[DateMention]
    """The dates that its sentence names."""
    status: Status = "reported"
    source: str | None = None
    speaker: Speaker | None = None
    place: Place | None = None
    date: str | None = None

    @property
    def reading(self) -> Reading:
        """The sentence."""
        return self.seen.reading

    @property
    def lexicon(self) -> Lexicon:
        """The words of its language."""
        return self.story.language.lexicon

    @property
    def country(self) -> str | None:
        """Alpha-3 code of where it happened."""
        return self.place.country if self.place else None

    @property
    def segment(self) -> tuple[int, int]:
        """The first and last token of its segment."""
        clauses = self.seen.reading.clauses
        return clauses.bounds(clauses.segment, self.found.first, self.found.last)


def follow(story: Story, seen: Seen) -> Reading:
    """The sentence, marked where it follows an act of violence told in this paragraph or the one before."""
    reading, families = seen.reading, story.tagger.types.families
    field, line = reading.sentence.field, reading.sentence.line
    last = next((told for told in reversed(story.told) if families[told.type] == "violence"), None)
    reading.trailing = last is not None and line - (last.line if last.sentence[0] == field else 0) <= 1
    return reading
