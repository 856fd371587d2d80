"""ninjs 1.0 to 1.8, as the IPTC's schemas of 2013 to 2025 define it: one headline, bodies by the names of their fields."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from streams.core.records import ArticleId
from streams.wire.ninjs.common import (
    ContactInfo,
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
from streams.wire.rejected import Rejected, reject_field, shorten

NAME = "ninjs 1"
Key = Annotated[str, Meta(pattern="^[a-zA-Z0-9_]")]
# The standard's own expressions have no end, so anything may follow one good character; its test suite insists on it.
TEXT = re.compile(r"(headline|body|description)_[a-zA-Z0-9_]")
_WRITTEN_IN = re.compile(r"text|x?html5?|xml|nitf")
_GEOMETRY = re.compile(r"geometry_[a-zA-Z0-9_]")


class Concept(Strict):
    name: str = ""
    rel: str = ""
    scheme: str = ""
    code: str = ""


class Party(Concept):
    contactinfo: list[ContactInfo] = []


class Organisation(Party):
    symbols: list[Symbol] = []


class Subject(Concept):
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0


class Genre(Strict):
    name: str = ""
    scheme: str = ""
    code: str = ""


class TrustIndicator(Strict):
    scheme: str = ""
    code: str = ""
    title: str = ""
    href: str = ""


class DigitalSourceType(Strict):
    name: str = ""
    uri: str = ""
    literal: str = ""


class Resource(Strict):
    role: str = ""
    title: str = ""
    language: str = ""
    contenttype: str = ""


class Rendition(Strict):
    href: str = ""
    mimetype: str = ""
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
    standard: Standard | UnsetType = field(name="$standard", default=UNSET)
    type: MediaType | UnsetType = UNSET
    mimetype: str = ""
    representationtype: Literal["complete", "incomplete"] | UnsetType = UNSET
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
    person: list[Party] = []
    organisation: list[Organisation] = []
    place: list[Party] = []
    subject: list[Subject] = []
    event: list[Concept] = []
    object: list[Concept] = []
    infosource: list[Party] = []
    title: str = ""
    byline: str = ""
    headline: str = ""
    slugline: str = ""
    located: str = ""
    charcount: float = 0
    wordcount: float = 0
    renditions: dict[Key, Rendition] = {}
    associations: dict[Key, dict[str, Any]] = {}
    altids: dict[str, Any] = {}
    trustindicator: list[TrustIndicator] = []
    genre: list[Genre] = []
    expires: str = ""
    rightsinfo: RightsInfo | UnsetType = UNSET
    digitalsourcetype: DigitalSourceType | UnsetType = UNSET
    texts: dict[str, str] = field(name=" texts", default_factory=dict)
    """The fields whose names the provider makes up: no name in a message can be this one, which `read` fills."""

    def headline_texts(self) -> list[Text]:
        return [Text("main", "", self.headline), *self._named("headline_")]

    def body_texts(self) -> list[Text]:
        return self._named("body_")

    def creator(self) -> str:
        return self.byline

    def embargo(self) -> str | UnsetType:
        return self.embargoed

    def subject_codes(self) -> list[str]:
        return [subject.scheme + subject.code if "/mediatopic/" in subject.scheme else subject.code for subject in self.subject]

    def source_names(self) -> list[str]:
        return [source.name for source in self.infosource]

    def _named(self, prefix: str) -> list[Text]:
        """The end of a name says what the text is written in (`body_html`) or what it is for (`headline_short`)."""
        named = [(name.removeprefix(prefix), text) for name, text in self.texts.items() if name.startswith(prefix)]
        return [Text("", end, text) if _WRITTEN_IN.fullmatch(end) else Text(end, "", text) for end, text in named]


NAMES = frozenset(f.encode_name for f in msgspec.structs.fields(Item)) - {" texts"}


def read(document: dict[str, Any]) -> Item:
    """The item, its associated items looked at too.

    :raises Rejected: it is not valid ninjs 1.
    """
    return _read(document, NAME)


def _read(document: dict[str, Any], where: str) -> Item:
    texts = {name: text for name, text in document.items() if TEXT.match(name)}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise Rejected("invalid-field", f"{where}: `{shorten(name)}`: expected `str`")
    rest = {name: value for name, value in document.items() if name not in texts}
    if isinstance(places := rest.get("place"), list):
        rest["place"] = [_without_geometry(place) for place in places]
    try:
        item = msgspec.convert(rest, Item)
    except msgspec.ValidationError as error:
        reject_field(error, where)
    item.texts = texts
    for name, association in item.associations.items():
        _read(association, f"{where}: associations.{shorten(name)}")
    return item


def _without_geometry(place: Any) -> Any:
    if not isinstance(place, dict):
        return place
    return {name: value for name, value in place.items() if not (_GEOMETRY.match(name) and isinstance(value, dict))}
