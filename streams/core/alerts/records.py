"""What is remembered of an incident and of those who were told of it, and the words of a language. No behaviour but packing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from streams.core.records import CapCertainty, CapSeverity, DevelopmentType, Incident, Place, QuantityKind, Status

Part = Literal["type", "place", "date", "actor", "target", "status", "toll", "severity", "certainty", "sources"]
"""What a message says that may change."""
Ending = Literal["retracted", "unmatched", "removed"]
"""Why a thread ends: the incident is withdrawn, it is no longer asked for, or nobody asks any more."""


class Told(Struct, frozen=True, array_like=True):
    """What a message said, as far as a change of it is worth another."""

    type: DevelopmentType
    place: Place | None
    date: str | None
    actor: list[str]
    target: list[str]
    status: list[Status]
    """The best supported, then what others hold."""
    toll: list[tuple[QuantityKind, int | float | None, int | float | None]]
    severity: CapSeverity
    certainty: CapCertainty
    sources: int


class Thread(Struct, frozen=True, array_like=True):
    """What one subscription was told of one incident."""

    ids: list[str] = []
    """Of the messages so far, oldest first; the last hundred."""
    count: int = 0
    """How many there were."""
    open: bool = False
    """Whether the last was no cancellation."""
    told: Told | None = None
    headline: str = ""
    language: str = ""
    """Of that headline: a cancellation has the same, even when the subscription is gone."""
    sent: datetime | None = None
    since: datetime | None = None
    """When what waits came up."""
    due: datetime | None = None
    """When it may go out."""


class Watch(Struct, frozen=True):
    """The latest record of an incident, and the threads on it by subscription."""

    incident: Incident
    threads: dict[str, Thread] = {}


class Phrases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of headlines and changes in one language (`lexicons/<language>/headlines.yml` and `lexicons/compiled.names.json`)."""

    language: str
    types: dict[DevelopmentType, str]
    """Noun phrases."""
    town: str = ""
    """Of `{type}` and `{place}`; empty where the name of a town would have to be inflected."""
    towns: dict[DevelopmentType, str] = {}
    """Of `{place}`, for types that are said of a town in another way: "capture of {place}"."""
    prepositions: list[str]
    """What stands before a place in a text, when the two can be taken over as they stand."""
    ending: str = ""
    """A regular expression for names that say where and not where to."""
    contract: list[tuple[str, str]] = []
    """Regular expressions and what stands for them: "à Le" is "au"."""
    colon: str
    semicolon: str
    said: str
    """Of `{who}`, with the space or comma before it."""
    toll: dict[QuantityKind, dict[str, str]]
    """Of `{n}`, by plural category."""
    between: str
    """Of `{min}` and `{max}`; the other three of `{n}`."""
    over: str
    under: str
    approx: str
    thousands: str
    thousands_from: int
    unconfirmed: str
    confirmed: str
    expected: str
    denied: str
    denied_by: str
    owned_by: str
    """Of `{who}`: who did it says so."""
    canceled: str
    """Of `{headline}`."""
    endings: dict[Ending, str]
    parts: dict[Part, str]
    changed: str
    """Of `{part}`, `{new}` and `{old}`; `new` and `gone` lack one."""
    new: str
    gone: str
    statuses: dict[Status, str]
    severities: dict[CapSeverity, str]
    certainties: dict[CapCertainty, str]
    speakers: dict[str, str] = {}
    """Code -> the name with its article, where it has one, for use behind `said`."""
    plurals: str
    """The plural category of each number below 200 by its first letter (`*`: other); above, the last two digits decide."""
    names: dict[str, str]
    """Code -> the name of a state or party."""
    town_names: dict[int, str] = {}
    """GeoNames id -> the name of a town in the letters of the language, in the nominative."""
    capitals: dict[str, str]
    """Code of a state -> its capital, which stands for its government."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Watch)


def encode(watch: Watch) -> bytes:
    """The watch as a table keeps it."""
    return _encoder.encode(watch)


def decode(data: bytes) -> Watch:
    """What `encode` made."""
    return _decoder.decode(data)
