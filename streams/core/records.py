"""The words everything else speaks: the records on the topics, frozen and typed. No behaviour belongs here.

`msgspec.Struct` gives one definition that is decoded, validated, encoded and described as a JSON Schema; it is
made several times faster than a frozen dataclass, and a JSON name may be a Python keyword (`class`).
Offsets are Unicode code points into the text as received, end exclusive.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

ArticleId = Annotated[str, Meta(min_length=1, max_length=512)]
Version = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Urgency = Annotated[int, Meta(ge=1, le=9)]
Offset = Annotated[int, Meta(ge=0)]
Instant = Annotated[datetime, Meta(tz=True)]

PubStatus = Literal["usable", "withheld", "canceled"]
BoilerplateClass = Literal[
    "newsletter", "paywall", "subscription", "login", "consent", "share", "related",
    "credit", "byline", "copyright", "advert", "player", "correction", "artefact",
]  # fmt: skip
DevelopmentType = Literal[
    "clash", "shelling", "air_strike", "drone_strike", "bombing", "cbrn_attack", "attack_on_civilians",
    "infrastructure_damage", "interception", "cyberattack",
    "advance", "capture", "withdrawal", "incursion", "siege",
    "deployment", "mobilization", "exercise", "arms_transfer",
    "casualties", "detention", "abduction", "release", "displacement", "aid",
    "ceasefire", "talks", "demand", "threat", "accusation", "sanction",
    "protest", "coup",
]  # fmt: skip
Family = Literal["violence", "territory", "force", "people", "diplomacy", "unrest"]
Status = Literal["reported", "claimed", "confirmed", "denied", "expected"]
Field = Literal["headline", "body"]
Precision = Literal["city", "region", "country"]
Coverage = Literal["full", "partial", "boilerplate"]
QuantityKind = Literal[
    "killed", "wounded", "casualties", "missing", "captured", "released", "displaced", "troops",
    "distance_km", "area_km2", "drones", "missiles", "money_usd", "money_eur", "items",
]  # fmt: skip


class Article(Struct, frozen=True, kw_only=True):
    """One version of one story as a wire sent it. Only `id` and one of `headline` and `body` must be there."""

    id: ArticleId
    """Names the story in all its versions (ninjs `uri`, NewsML-G2 and RSS `guid`); the Kafka key."""
    version: Version = 1
    published: Instant | None = None
    """When the agency put it out, with the offset it gave; every relative date in the text resolves against it."""
    updated: Instant | None = None
    received: Instant | None = None
    source: str | None = None
    """The agency, as it calls itself."""
    language: str | None = None
    """BCP 47; null where the wire does not say."""
    headline: str = ""
    body: str = ""
    """A paragraph a line."""
    byline: str | None = None
    dateline: str | None = None
    urgency: Urgency | None = None
    """IPTC urgency: 1 is the most urgent, 9 user-defined."""
    status: PubStatus = "usable"
    signal: str | None = None
    """What this version is: `update`, `correction`, `kill`, ... (IPTC signal)."""
    embargoed: Instant | None = None
    subjects: list[str] = []
    """IPTC Media Topics or whatever the wire uses, as codes."""
    format: str = "article"
    """The wire format that it came in: `article`, `ninjs/2.1`, ..."""


class Boilerplate(Struct, frozen=True):
    """A span of the body that is not the reporting: tagged, never deleted."""

    start: Offset
    end: Offset
    cls: BoilerplateClass = field(name="class")
    rule: str
    """What gave it away: `cue:` and the entry, or `position:` and the rule, or both."""


class Place(Struct, frozen=True):
    """The narrowest place of an event. `lat`, `lon` and `geonameid` only where the gazetteer knows it: never a guess."""

    name: str
    """As it stands in the text."""
    country: str | None = None
    """ISO 3166-1 alpha-3; null at sea or where nothing tells."""
    geonameid: int | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None


class Quantity(Struct, frozen=True):
    """How many: `min` and `max` are inclusive, null means open ("more than 600,000" is min 600000, max null)."""

    kind: QuantityKind
    min: int | float | None
    max: int | float | None
    approx: bool = False


Spans = dict[Literal["actor", "target", "place", "date", "quantities", "source"], list[tuple[Offset, Offset]]]
"""Where a text shows the fields of a development."""


class Development(Struct, frozen=True, kw_only=True):
    """One thing that a party to a conflict did, suffers, plans or demands, told by one clause of one article."""

    id: str
    """A hash of article id, type and evidence text: a new version that keeps the clause keeps the id."""
    type: DevelopmentType
    family: Family
    plover: str
    """The PLOVER category and mode that the type stands for."""
    field: Field
    start: Offset
    end: Offset
    text: str
    """The evidence as it stands in the field."""
    rule: str
    """The entry and the type rule that fired."""
    actor: list[str] = []
    target: list[str] = []
    place: Place | None = None
    date: str | None = None
    """An ISO 8601 date, month, year or `start/end` interval, resolved against `published`."""
    quantities: list[Quantity] = []
    source: str | None = None
    status: Status = "reported"
    background: bool = False
    spans: Spans = {}
    """Field -> [start, end] of each piece of text that shows it, in the same field of the article as the evidence."""


class Enriched(Article, frozen=True, kw_only=True):
    """The article whole, with what the tagger found in it."""

    boilerplate: list[Boilerplate] = []
    developments: list[Development] = []
    fingerprint: str = ""
    """64 hex digits of BLAKE2b over the reporting, boilerplate left out and spaces folded."""
    coverage: Coverage = "boilerplate"
    """`full`, `partial` (a small development lexicon) or `boilerplate` (none: no developments does not mean peace)."""
    tagger: str = ""
    """The version of the code and of the lexicons."""


class ReportedDevelopment(Development, frozen=True, kw_only=True):
    """A development on its own topic, with the article that tells it."""

    article: ArticleId
    version: Version
    source_agency: str | None = None
    published: Instant | None = None
    language: str | None = None
    fingerprint: str = ""
    retracted: bool = False
