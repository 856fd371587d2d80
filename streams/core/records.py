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
CapSeverity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
"""CAP 1.2 `severity`, the worst first."""
CapCertainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
"""CAP 1.2 `certainty`, the surest first."""
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


class Said(Struct, frozen=True, kw_only=True):
    """What is said of an event, as the codebook has it."""

    actor: list[str] = []
    target: list[str] = []
    place: Place | None = None
    date: str | None = None
    """An ISO 8601 date, month, year or `start/end` interval, resolved against `published`."""
    quantities: list[Quantity] = []
    source: str | None = None
    """Who says so: a code, or the words of the text."""
    status: Status = "reported"
    background: bool = False


class Development(Said, frozen=True, kw_only=True):
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
    spans: Spans = {}
    """Field -> [start, end] of each piece of text that shows it, in the same field of the article as the evidence."""


class Enriched(Article, frozen=True, kw_only=True):
    """The article whole, with what the tagger found in it."""

    boilerplate: list[Boilerplate] = []
    developments: list[Development] = []
    fingerprint: str = ""
    """64 hex digits of BLAKE2b over the reporting, boilerplate left out and spaces folded."""
    signature: str = ""
    """MinHash of the reporting (base64): how much of it two texts share, without either text."""
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
    told: Instant | None = None
    """When this version was put out: updated, else published, else when it came on the wire."""
    language: str | None = None
    fingerprint: str = ""
    signature: str = ""
    """That of the article (`enriched`)."""
    part: Annotated[int, Meta(ge=1)] = 1
    parts: Annotated[int, Meta(ge=1)] = 1
    """This is record `part` of the `parts` that this version of the article sends under the same key."""
    retracted: bool = False
    """It is withdrawn, or its article no longer tells it; only its id, type and article are filled then."""


class Report(Said, frozen=True, kw_only=True):
    """One development that an incident is made of, as one version of one article tells it."""

    development: str
    """The id of the development."""
    article: ArticleId
    version: Version
    agency: str | None = None
    """The agency that sent the article, as it calls itself."""
    outlet: str = ""
    """For whom it counts: reports with the same outlet are copies of one text, or quote the same outlet, and count once."""
    language: str | None = None
    told: Instant | None = None
    type: DevelopmentType
    field: Field
    start: Offset
    end: Offset
    text: str
    """The evidence as it stands in the field of the article."""
    reasons: list[str] = []
    """Why it was taken to tell of this incident (`place: ...`, `date: ...`); none for the report that founded it."""


class Position(Struct, frozen=True):
    """What some of the reports hold of an incident: claims and denials stand side by side."""

    status: Status
    who: list[str]
    """Who says so (`source` of the reports), else the agencies that tell it as fact."""


class Figure(Struct, frozen=True, kw_only=True):
    """One count of victims as one report gives it."""

    min: int | float | None
    max: int | float | None
    approx: bool = False
    source: str | None = None
    """Who says so: the source of the report, else its agency."""
    development: str
    told: Instant | None = None


class Toll(Struct, frozen=True, kw_only=True):
    """The victims of one kind: the range of what each source says last, and every figure."""

    kind: QuantityKind
    min: int | float | None
    max: int | float | None
    figures: list[Figure]
    """Oldest first."""
    rose: Instant | None = None
    """When a report last raised the highest figure."""
    contradicted: list[str] = []
    """Sources whose last figures cannot all be right."""


class Incident(Struct, frozen=True, kw_only=True):
    """What happened, merged over articles, languages, versions and sources. Keyed by its id."""

    id: str
    """A hash of the id of the development that founded it."""
    type: DevelopmentType
    """The most precise of its types."""
    types: list[DevelopmentType] = []
    """All that its reports tell of: the strike, the damage, the dead."""
    family: Family
    place: Place | None = None
    date: str | None = None
    actor: list[str] = []
    target: list[str] = []
    first_seen: Instant | None = None
    updated: Instant | None = None
    reports: list[Report] = []
    independent_sources: int = 0
    """Copies of one agency text count once, and what quotes an outlet counts for that outlet."""
    status: Status = "reported"
    """The best supported."""
    positions: list[Position] = []
    casualties: list[Toll] = []
    severity: CapSeverity = "Unknown"
    severity_rule: str = ""
    """The rule of `lexicons/incidents.yml` that gave it."""
    certainty: CapCertainty = "Unknown"
    certainty_rule: str = ""
    background: bool = False
    """Every report of it is background."""
    revision: int = 0
    """Counts the records of this incident: a reader that has seen a higher one may drop this."""
    closed: bool = False
    """It takes no more reports: none came for the set time."""
    retracted: bool = False
    """None of its reports stands any more."""


SubscriptionId = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9._-]{0,99}$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
ClockTime = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
HeadlineLanguage = Literal["fr", "en", "de", "es", "it", "uk", "ru"]


class Circle(Struct, frozen=True, forbid_unknown_fields=True):
    """A place with what lies around it; degrees and kilometres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    radius_km: Annotated[float, Meta(gt=0, le=20_038)]
    name: str = ""


class QuietHours(Struct, frozen=True, forbid_unknown_fields=True):
    """When nothing but a cancellation may be sent, by the clock of a time zone; may run over midnight."""

    start: ClockTime
    end: ClockTime
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    """IANA time zone, such as Europe/Paris."""


class Subscription(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wants to hear of what. An empty list asks for nothing; all that is asked must hold at once."""

    id: SubscriptionId
    name: str = ""
    types: list[DevelopmentType] = []
    families: list[Family] = []
    """With `types`: any of both."""
    countries: list[Country] = []
    near: list[Circle] = []
    """With `countries`: in any of both."""
    parties: list[str] = []
    """Codes; the incident has one of them as actor or target."""
    languages: list[str] = []
    """A report is in one of them (BCP 47, regions included)."""
    sources: list[str] = []
    """A report is by one of these agencies, or quotes one."""
    severity: CapSeverity = "Unknown"
    """The least severe that counts; `Unknown`: any."""
    certainty: CapCertainty = "Unknown"
    """The least certain that counts; `Unknown`: any."""
    independent_sources: Annotated[int, Meta(ge=1)] = 1
    """The fewest that count."""
    statuses: list[Status] = []
    words: list[str] = []
    """A piece of evidence holds one of them, whatever the case."""
    expected: bool = False
    """Whether what is only planned, feared or called for counts."""
    background: bool = False
    """Whether what is only told as history counts."""
    cooldown_seconds: Annotated[int, Meta(ge=0)] = 0
    """At least so long between two messages on one incident; a cancellation does not wait."""
    quiet: QuietHours | None = None
    digest_seconds: Annotated[int, Meta(ge=0)] = 0
    """Send only at whole multiples of this since 1970 (UTC), all that has come together; 0: at once."""
    language: HeadlineLanguage = "en"
    """Of the headlines."""


class Evidence(Struct, frozen=True, kw_only=True):
    """A quote of an article that speaks for an alert."""

    text: str
    article: ArticleId
    version: Version
    agency: str | None = None
    language: str | None = None
    field: Field
    start: Offset
    end: Offset
    source: str | None = None
    status: Status = "reported"


class Alert(Struct, frozen=True, kw_only=True):
    """An incident that a subscription matched, with the life of a CAP 1.2 message. Keyed by the subscription."""

    id: str
    """A hash of subscription, incident and the place in the thread: the same said twice has the same id."""
    subscription: SubscriptionId
    incident: str
    msg_type: Literal["alert", "update", "cancel"]
    references: list[str] = []
    """The ids of the earlier messages on this incident to this subscription, oldest first."""
    sent: Instant
    headline: str
    """Made of the fields, in the language of the subscription; 120 characters at most."""
    type: DevelopmentType
    status: Status
    severity: CapSeverity
    certainty: CapCertainty
    place: Place | None = None
    date: str | None = None
    actor: list[str] = []
    target: list[str] = []
    casualties: list[Toll] = []
    independent_sources: int = 0
    evidence: list[Evidence] = []
    changes: list[str] = []
    """What is new since the last message, in words of the subscription's language."""


class Tick(Struct, frozen=True, kw_only=True):
    """Tells the workers of one partition that time has passed, that a subscription has changed, that a worker was suspended or that all
    may go on; its Kafka timestamp is the broker's clock. `embargo` is written no more and does nothing."""

    reason: Literal["embargo", "alerts", "subscription", "suspended", "resume"]
    subscription: SubscriptionId | None = None
    offset: int = -1
    """Where the changed subscription stands on its topic."""
