"""The life of a story: which version is known, what it told, what a new one changes, and what is held back until its time.

Pure: the clock comes as an argument, and what is known of a story is a value. Publishing and storing are not for this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct

from streams.core.records import Article, Development, DevelopmentType, Family, Field, Place

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The embargo of an article whose embargo cannot be read: it holds, and no clock comes so far."""
KILLS = frozenset({"kill"})
"""Signals (IPTC) that withdraw a story, as the status `canceled` does."""
_WHAT_IS_TOLD = ("type", "field", "text", "actor", "target", "place", "date", "quantities", "source", "status", "background")
"""The fields of a development that say something; where it stands in the text is none of them."""

_encoder = msgspec.msgpack.Encoder()


class Told(Struct, frozen=True, array_like=True):
    """A development that is out: enough to know whether it has changed and to take it back."""

    digest: bytes
    """Of what it says."""
    key: str
    """The Kafka key that it went out under."""
    type: DevelopmentType
    family: Family
    plover: str
    field: Field


class Held(Struct, frozen=True):
    """A message that must not go out yet, whole."""

    version: int
    until: datetime | None
    """When it may go out; none: when a newer version says so."""
    unreadable: bool
    """It has an embargo that cannot be read, or mentions one and cannot be read at all."""
    received: datetime
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes
    headers: list[tuple[str, bytes]]

    @property
    def why(self) -> str:
        """What keeps it, in words."""
        if self.unreadable:
            return "its embargo cannot be read; send a version with one that can"
        return "withheld until a new version" if self.until is None else "embargoed"


class Known(Struct, frozen=True):
    """What is known of one story."""

    version: int = 0
    """The highest that is out or withdrawn; 0: none."""
    canceled: bool = False
    told: dict[str, Told] = {}
    """The developments that are out, by id."""
    held: Held | None = None
    touched: datetime | None = None
    """When a version of it last changed something (the broker's clock)."""

    @property
    def latest(self) -> int:
        """The highest version that came, be it out, withdrawn or held."""
        return max(self.version, self.held.version if self.held else 0)


Step = Literal["repeat", "hold", "kill", "publish"]


def is_kill(article: Article) -> bool:
    """Whether this version withdraws the story."""
    return article.status == "canceled" or (article.signal or "").lower().removeprefix("sig:") in KILLS


def embargo_over(article: Article, now: datetime) -> bool:
    """Whether an article may go out as far as its status and embargo go. `now` is the earlier of all clocks that must have come so far."""
    if article.embargoed is not None:
        return article.embargoed <= now
    return article.status != "withheld"


def step(known: Known, article: Article, now: datetime) -> Step:
    """What a version that came means for the story: an older one and the same again mean nothing, but a kill kills its own version."""
    if is_kill(article):
        again = known.canceled and article.version == known.version
        return "repeat" if again or article.version < known.latest else "kill"
    if article.version <= known.latest:
        return "repeat"
    return "publish" if embargo_over(article, now) else "hold"


def canceled(article: Article) -> Article:
    """The article as it is told that it is withdrawn: that it was, and nothing of what it said."""
    return Article(
        id=article.id, version=article.version, published=article.published, updated=article.updated, received=article.received,
        source=article.source, language=article.language, status="canceled", signal=article.signal, format=article.format,
    )  # fmt: skip


def changed(known: Known, developments: Iterable[tuple[str, Development]]) -> list[tuple[str, Development]]:
    """Of the developments of a new version with their keys those that are new or say something else."""
    return [(key, d) for key, d in developments if (told := known.told.get(d.id)) is None or (told.key, told.digest) != (key, digest(d))]


def gone(known: Known, developments: Iterable[tuple[str, Development]]) -> list[tuple[str, Told]]:
    """(id, what was told) of the developments that are out and that the new version does not tell, or tells under another key."""
    now = {d.id: key for key, d in developments}
    return [(id_, told) for id_, told in known.told.items() if now.get(id_) != told.key]


def told(developments: Iterable[tuple[str, Development]]) -> dict[str, Told]:
    """What to remember of developments that went out under these keys."""
    return {d.id: Told(digest(d), key, d.type, d.family, d.plover, d.field) for key, d in developments}


def digest(development: Development) -> bytes:
    """16 bytes of BLAKE2b over what a development says."""
    return blake2b(_encoder.encode([_plain(getattr(development, name)) for name in _WHAT_IS_TOLD]), digest_size=16).digest()


def _plain(value: object) -> object:
    return msgspec.structs.astuple(value) if isinstance(value, Place) else value


def released(article: Article) -> Article:
    """The article once its time has come: what was withheld until then is usable now."""
    return msgspec.structs.replace(article, status="usable") if article.status == "withheld" else article


def is_over(known: Known, now: datetime, keep: timedelta) -> bool:
    """Whether a story may be forgotten: nothing of it is held, and nothing has come for so long."""
    return known.held is None and known.touched is not None and known.touched + keep < now


def encode_known(known: Known) -> bytes:
    """As it is stored."""
    return _encoder.encode(known)


def decode_known(data: bytes) -> Known:
    """As it was stored.

    :raises msgspec.DecodeError: it is something else.
    """
    return _decoder.decode(data)


_decoder = msgspec.msgpack.Decoder(Known)
