"""What the three generations of ninjs share: strict records, and the few things of an item that an article is made of."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType

# Defaults are empty values, never null: ninjs has no nulls, so a null must not pass.
MediaType = Literal["text", "audio", "video", "picture", "graphic", "composite", "component"]
PubStatus = Literal["usable", "withheld", "canceled"]
Urgency = Annotated[int, Meta(ge=1, le=9)]
Percent = Annotated[int, Meta(ge=0, le=100)]
ScanType = Literal["progressive", "interlaced"]


class Text(NamedTuple):
    """A headline or body: `role` and `content_type` are empty where the wire does not say."""

    role: str
    content_type: str
    value: str


class Item(Protocol):
    """A news item of any generation; strings are empty where the wire does not say."""

    uri: str
    version: str
    first_created: str
    version_created: str
    content_created: str
    pub_status: PubStatus
    urgency: Urgency | UnsetType
    language: str
    located: str
    copyright_holder: str

    def headline_texts(self) -> list[Text]: ...

    def body_texts(self) -> list[Text]: ...

    def creator(self) -> str: ...

    def embargo(self) -> str | UnsetType: ...

    def subject_codes(self) -> list[str]: ...

    def source_names(self) -> list[str]: ...


class Strict(Struct, forbid_unknown_fields=True, kw_only=True, rename=lambda name: name.replace("_", "")):
    """A record of ninjs 1 and 2, whose names run together: `content_type` is `contenttype`."""


class StrictCamel(Struct, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """A record of ninjs 3, whose names are in camel case: `content_type` is `contentType`."""


class Standard(Strict):
    """Which standard an item says that it follows."""

    name: str = ""
    version: str = ""
    schema: str = ""


class Point(Strict):
    x: int = 0
    y: int = 0


class Address(Strict):
    lines: list[str] = []
    locality: str = ""
    area: str = ""
    postalcode: str = ""
    country: str = ""


class ContactInfo(Strict):
    type: str = ""
    role: str = ""
    lang: str = ""
    name: str = ""
    value: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET

    def __post_init__(self) -> None:
        exactly_one(value=self.value, address=self.address)


class Symbol(Strict):
    ticker: str = ""
    exchange: str = ""
    symboltype: str = ""
    symbol: str = ""


class RightsInfo(Struct, kw_only=True):
    """Open to other fields in ninjs 1 and 2."""

    langid: str = ""
    linkedrights: str | UnsetType = UNSET
    encodedrights: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        exactly_one(linkedrights=self.linkedrights, encodedrights=self.encodedrights)


class GeoJson(Struct):
    """Any object of RFC 7946; its coordinates are not looked at."""

    type: Literal[
        "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
        "Feature", "FeatureCollection",
    ]  # fmt: skip


def exactly_one(**fields: object) -> None:
    """:raises ValueError: none or both of the fields are there."""
    if sum(value is not UNSET for value in fields.values()) != 1:
        raise ValueError(f"exactly one of `{'` and `'.join(fields)}` must be there")
