"""ninjs 2.0 to 2.4, as the IPTC's schemas of 2021 to 2025 define it: headlines and bodies are lists with roles."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from streams.core.records import ArticleId
from streams.wire.ninjs.common import (
    ContactInfo,
    GeoJson,
    MediaType,
    Percent,
    Point,
    PubStatus,
    RightsInfo,
    ScanType,
    Standard,
    Strict,
    Symbol,
    Text,
    Urgency,
)
from streams.wire.rejected import reject_field

NAME = "ninjs 2"


class Textual(Strict):
    value: str
    role: str = ""
    content_type: str = ""


class Body(Textual):
    charcount: float = 0
    wordcount: float = 0


class Genre(Strict):
    name: str = ""
    uri: str = ""
    literal: str = ""


class Concept(Genre):
    rel: str = ""


class Party(Concept):
    contactinfo: list[ContactInfo] = []


class Organisation(Party):
    symbols: list[Symbol] = []


class Place(Party):
    geojson: GeoJson | UnsetType = UNSET


class Subject(Concept):
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0


class InfoSource(Genre):
    role: str = ""
    contactinfo: list[ContactInfo] = []


class AltId(Strict):
    role: str = ""
    value: str = ""


class TrustIndicator(Strict):
    role: str = ""
    title: str = ""
    href: str = ""


class Resource(Strict):
    role: str = ""
    title: str = ""
    language: str = ""
    contenttype: str = ""


class Rendition(Strict):
    name: str
    href: str = ""
    contenttype: str = ""
    title: str = ""
    height: float = 0
    width: float = 0
    sizeinbytes: float = 0
    duration: float = 0
    format: str = ""
    aspectratio: str = ""
    videocodec: str = ""
    framerate: float = 0
    poi: Point | UnsetType = UNSET
    transportprotocol: str = ""
    scantype: ScanType | UnsetType = UNSET
    bitrate: str = ""
    resources: list[Resource] = []
    extensions: dict[str, str] = {}


class Item(Strict):
    uri: ArticleId
    standard: Standard | UnsetType = UNSET
    type: MediaType | UnsetType = UNSET
    representationtype: Literal["full", "partial"] | UnsetType = UNSET
    profile: str = ""
    version: str = ""
    first_created: str = ""
    version_created: str = ""
    content_created: str = ""
    contentdigitised: str = ""
    embargoed: str | UnsetType = UNSET
    pub_status: PubStatus = "usable"
    urgency: Urgency | UnsetType = UNSET
    copyright_holder: str = ""
    copyrightnotice: str = ""
    usageterms: str = ""
    ednote: str = ""
    language: str = ""
    descriptions: list[Textual] = []
    bodies: list[Body] = []
    headlines: list[Textual] = []
    people: list[Party] = []
    organisations: list[Organisation] = []
    places: list[Place] = []
    subjects: list[Subject] = []
    events: list[Concept] = []
    objects: list[Concept] = []
    infosources: list[InfoSource] = []
    title: str = ""
    by: str = ""
    slugline: str = ""
    located: str = ""
    renditions: list[Rendition] = []
    associations: list[Association] = []
    altids: list[AltId] = []
    trustindicators: list[TrustIndicator] = []
    genres: list[Genre] = []
    expires: str = ""
    rightsinfo: RightsInfo | UnsetType = UNSET
    digitalsourcetype: Genre | UnsetType = UNSET

    def headline_texts(self) -> list[Text]:
        return [Text(text.role, text.content_type, text.value) for text in self.headlines]

    def body_texts(self) -> list[Text]:
        return [Text(text.role, text.content_type, text.value) for text in self.bodies]

    def creator(self) -> str:
        return self.by

    def embargo(self) -> str | UnsetType:
        return self.embargoed

    def subject_codes(self) -> list[str]:
        return [subject.uri or subject.literal for subject in self.subjects]

    def source_names(self) -> list[str]:
        return [source.name for source in self.infosources]


class Association(Item, kw_only=True):
    name: str


NAMES = frozenset(f.encode_name for f in msgspec.structs.fields(Item))


def read(document: dict[str, Any]) -> Item:
    """The item, its associated items looked at too.

    :raises Rejected: it is not valid ninjs 2.
    """
    try:
        return msgspec.convert(document, Item)
    except msgspec.ValidationError as error:
        reject_field(error, NAME)
