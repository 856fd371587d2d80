"""ninjs 3.0 to 3.3, as the IPTC's schemas of 2023 to 2025 define it: ninjs 2 in camel case, with events and planning."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from streams.core.records import ArticleId
from streams.wire.ninjs.common import (
    GeoJson,
    MediaType,
    Percent,
    Point,
    PubStatus,
    ScanType,
    Standard,
    StrictCamel,
    Text,
    Urgency,
    exactly_one,
)
from streams.wire.rejected import reject_field

NAME = "ninjs 3"
NewsType = MediaType | Literal["event", "planning"]
_DATE = r"-?\d{4,}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?"
TruncatedDate = Annotated[str, Meta(pattern=rf"^{_DATE}({_TIME})?)?)?$")]
"""A year, a month, a day or an instant."""


class Address(StrictCamel):
    lines: list[str] = []
    locality: str = ""
    area: str = ""
    postal_code: str = ""
    country: str = ""


class ContactInfo(StrictCamel):
    type: str = ""
    role: str = ""
    lang: str = ""
    name: str = ""
    value: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET

    def __post_init__(self) -> None:
        exactly_one(value=self.value, address=self.address)


class Textual(StrictCamel):
    value: str
    role: str = ""
    content_type: str = ""


class Body(Textual):
    char_count: int = 0
    word_count: int = 0


class Genre(StrictCamel):
    name: str = ""
    uri: str = ""
    literal: str = ""


class Concept(Genre):
    rel: str = ""


class Event(Concept):
    id: str = ""


class Party(Concept):
    contact_info: list[ContactInfo] = []


class Symbol(StrictCamel):
    exchange: str = ""
    symbol_type: str = ""
    symbol: str = ""


class Organisation(Party):
    symbols: list[Symbol] = []


class Place(Party):
    geojson: GeoJson | UnsetType = field(name="geoJSON", default=UNSET)


class Subject(Concept):
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0


class InfoSource(Genre):
    role: str = ""
    contact_info: list[ContactInfo] = []


class AltId(StrictCamel):
    role: str = ""
    value: str = ""


class TrustIndicator(StrictCamel):
    role: str = ""
    title: str = ""
    href: str = ""


class RightsInfo(StrictCamel):
    lang_id: str = ""
    linked_rights: str | UnsetType = UNSET
    encoded_rights: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        exactly_one(linkedRights=self.linked_rights, encodedRights=self.encoded_rights)


class Resource(StrictCamel):
    role: str = ""
    title: str = ""
    language: str = ""
    content_type: str = ""


class Rendition(StrictCamel):
    name: str
    href: str = ""
    content_type: str = ""
    title: str = ""
    width: int = 0
    height: int = 0
    size_in_bytes: int = 0
    duration: float = 0
    format: str = ""
    aspect_ratio: str = ""
    video_codec: str = ""
    frame_rate: float = 0
    poi: Point | UnsetType = UNSET
    transport_protocol: str = ""
    scan_type: ScanType | UnsetType = UNSET
    bitrate: str = ""
    resources: list[Resource] = []
    extensions: dict[str, str] = {}


class RecurrenceRule(StrictCamel):
    frequency: Literal["secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly"] | UnsetType = UNSET
    interval: int = 0
    until: str = ""
    count: int = 0


class Recurrence(StrictCamel):
    # The schema asks for a list and a string at once; either is taken. Not with the pattern: a union of a list and a
    # string with a pattern makes msgspec 0.22.0 free memory twice.
    recurrence_dates: str | list[str] = []
    recurrence_rules: list[RecurrenceRule] = []


class Dates(StrictCamel):
    start_date: str | UnsetType = UNSET
    end_date: str | UnsetType = UNSET
    expected_start_date: TruncatedDate | UnsetType = UNSET
    expected_end_date: TruncatedDate | UnsetType = UNSET
    expected_duration: str = ""
    recurrence: Recurrence | UnsetType = UNSET

    def __post_init__(self) -> None:
        try:
            exactly_one(endDate=self.end_date, expectedEndDate=self.expected_end_date)
        except ValueError:  # one of the two pairs is enough
            exactly_one(startDate=self.start_date, expectedStartDate=self.expected_start_date)


class EventDetails(StrictCamel):
    event_status: str = ""
    planned_coverage_status: str = ""
    dates: Dates | UnsetType = UNSET
    organiser: Organisation | UnsetType = UNSET


class Reference(StrictCamel):
    name: str = ""
    value: str = ""


class Commissioned(StrictCamel):
    by: str = ""
    on: str = ""
    references: list[Reference] = []


class Audience(StrictCamel):
    audience: str = ""
    significance: int = 0


class Range(StrictCamel):
    range_from: int = 0
    range_to: int = 0


class PlannedCoverage(StrictCamel):
    uri: str = ""
    title: str = ""
    pub_status: PubStatus = "usable"
    type: NewsType | UnsetType = UNSET
    commissioned: Commissioned | UnsetType = UNSET
    dates: Dates | UnsetType = UNSET
    audiences: list[Audience] = []
    excl_audience: list[str] = []
    ed_note: str = ""
    urgency: Urgency | UnsetType = UNSET
    language: str = ""
    item_count: Range | UnsetType = UNSET
    word_count: int = 0
    renditions: list[Rendition] = []


class Item(StrictCamel):
    uri: ArticleId
    standard: Standard | UnsetType = UNSET
    type: NewsType | UnsetType = UNSET
    representation_type: Literal["full", "partial"] | UnsetType = UNSET
    profile: str = ""
    version: str = ""
    first_created: str = ""
    version_created: str = ""
    content_created: str = ""
    content_digitised: str = ""
    embargoed_until: str | UnsetType = UNSET
    pub_status: PubStatus = "usable"
    urgency: Urgency | UnsetType = UNSET
    copyright_holder: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    ed_note: str = ""
    language: str = ""
    descriptions: list[Textual] = []
    bodies: list[Body] = []
    headlines: list[Textual] = []
    people: list[Party] = []
    organisations: list[Organisation] = []
    places: list[Place] = []
    subjects: list[Subject] = []
    events: list[Event] = []
    event_details: EventDetails | UnsetType = UNSET
    planned_coverage: list[PlannedCoverage] = []
    objects: list[Concept] = []
    info_sources: list[InfoSource] = []
    title: str = ""
    by: str = ""
    slugline: str = ""
    located: str = ""
    renditions: list[Rendition] = []
    associations: list[Association] = []
    alt_ids: list[AltId] = []
    trust_indicators: list[TrustIndicator] = []
    genres: list[Genre] = []
    expires: str = ""
    rights_info: RightsInfo | UnsetType = UNSET
    digital_source_type: Genre | UnsetType = UNSET

    def headline_texts(self) -> list[Text]:
        return [Text(text.role, text.content_type, text.value) for text in self.headlines]

    def body_texts(self) -> list[Text]:
        return [Text(text.role, text.content_type, text.value) for text in self.bodies]

    def creator(self) -> str:
        return self.by

    def embargo(self) -> str | UnsetType:
        return self.embargoed_until

    def subject_codes(self) -> list[str]:
        return [subject.uri or subject.literal for subject in self.subjects]

    def source_names(self) -> list[str]:
        return [source.name for source in self.info_sources]


class Association(Item, kw_only=True):
    name: str
    rel: str = ""


NAMES = frozenset(f.encode_name for f in msgspec.structs.fields(Item))


def read(document: dict[str, Any]) -> Item:
    """The item, its associated items looked at too.

    :raises Rejected: it is not valid ninjs 3.
    """
    try:
        return msgspec.convert(document, Item)
    except msgspec.ValidationError as error:
        reject_field(error, NAME)
