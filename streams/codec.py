"""Bytes to records and back, with the limits that keep a worker safe. Knows no Kafka beyond a value and its headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from streams import wire
from streams.core.records import Alert, Article, Enriched, Incident, ReportedDevelopment
from streams.core.versions import is_kill
from streams.harmless import header_value
from streams.wire.embargo import YEARS
from streams.wire.payload import Payload
from streams.wire.rejected import REASONS, Reason, Rejected, reject_field

__all__ = ["MAX_BYTES", "REASONS", "Reason", "Rejected", "cloud_event_headers", "decode", "decode_article", "encode"]

Record = TypeVar("Record", bound=msgspec.Struct)
Headers = Sequence[tuple[str, bytes]]

MAX_BYTES = 1_000_000
"""The largest message that is read: a little under what a Kafka broker takes by default (1,048,588 with its frame)."""

_TIMES = ("published", "updated", "received")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_encoder = msgspec.json.Encoder()


def encode(record: msgspec.Struct) -> bytes:
    """The record as JSON in UTF-8, its fields in the order of its class: the same record gives the same bytes."""
    return _encoder.encode(record)


def decode(data: bytes, record: type[Record]) -> Record:
    """The record in a message of our own topics; fields that it does not know are ignored.

    :raises Rejected: it is not JSON, or a field is missing or has the wrong type or value.
    """
    try:
        data.decode()  # the decoder does not look into the fields that it ignores, and who hands the bytes on would stumble
        decoded: Record = _decoder(record).decode(data)
    except msgspec.ValidationError as error:
        reject_field(error, record.__name__)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Rejected("invalid-json", f"{record.__name__}: {error}") from None
    return decoded


@cache
def _decoder(record: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(record)


def decode_article(value: bytes | None, headers: Headers = (), max_bytes: int = MAX_BYTES) -> Article:
    """The article in a message of any wire format that `streams.wire` lists; `max_bytes` is the size of the value.

    :raises Rejected: it breaks a limit or cannot be read; no other exception, whatever the bytes.
    """
    if value is None:
        raise Rejected("no-value", "the message is a tombstone; to withdraw a story send it again with `status` `canceled`")
    if len(value) > max_bytes:
        raise Rejected("too-large", f"the message has {len(value):,} bytes, the limit is {max_bytes:,}; raise it, or send less")
    if not value or value.isspace():
        raise Rejected("empty-message", "the message is empty; send one article a message")
    article = wire.read(Payload(value, _content_type(headers)))
    _check_times(article)
    _check_use(article)
    return article


def _content_type(headers: Headers) -> str:
    content_type = next((v for k, v in headers if k.lower() == "content-type"), b"") or b""
    media_type = content_type.decode("latin-1").lower()
    if media_type.startswith("application/cloudevents"):
        raise Rejected("unknown-format", "header content-type: a structured CloudEvent; send it in binary mode, the article as the value")
    return media_type


def _check_times(article: Article) -> None:
    """No program down the line must stumble over a year that a clock in another zone cannot hold."""
    for name in _TIMES:
        time = getattr(article, name)
        if time is not None and time.year not in YEARS:
            raise Rejected("bad-time", f"article: `{name}`: the year {time.year} is not in {YEARS[0]}-{YEARS[-1]}; correct it")


def _check_use(article: Article) -> None:
    if not article.id.strip():
        raise Rejected("empty-article", "article: `id` is blank; name the story")
    if not (article.headline.strip() or article.body.strip() or is_kill(article)):
        raise Rejected("empty-article", "article: both `headline` and `body` are empty; there is no text to tag")
    if article.language is not None and not _LANGUAGE.fullmatch(article.language):
        raise Rejected("invalid-field", "article: `language` is no BCP 47 tag such as `fr` or `pt-BR`; correct it, or leave it out")


def cloud_event_headers(record: msgspec.Struct, source: str, time: datetime | None, traceparent: bytes | None) -> list[tuple[str, bytes]]:
    """The CloudEvents 1.0 headers of a message in binary mode (Kafka protocol binding, section 3.2).

    `source` is a URI reference that names the producer, `time` when the event happened (needs an offset),
    `traceparent` the W3C header that came in; one that is not well-formed is left out, as that standard asks.
    """
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", header_value(_event_id(record)).encode()),
        ("ce_type", _event_type(record).encode()),
        ("ce_source", source.encode()),
        ("content-type", b"application/json"),
    ]
    if time is not None:
        headers.append(("ce_time", msgspec.json.encode(time).strip(b'"')))
    if traceparent is not None and _TRACEPARENT.fullmatch(traceparent):
        headers.append(("traceparent", traceparent))
    return headers


def _event_type(record: msgspec.Struct) -> str:
    if isinstance(record, ReportedDevelopment):
        return "newsroom.development.retracted.v1" if record.retracted else "newsroom.development.v1"
    if isinstance(record, Incident):
        return "newsroom.incident.retracted.v1" if record.retracted else "newsroom.incident.v1"
    if isinstance(record, Alert):
        return f"newsroom.alert.{record.msg_type}.v1"
    return "newsroom.enriched.v1" if isinstance(record, Enriched) else f"newsroom.{type(record).__name__.lower()}.v1"


def _event_id(record: msgspec.Struct) -> str:
    """The same for the same record, and different for each thing that is said: consumers drop what repeats an id."""
    if isinstance(record, ReportedDevelopment):
        return f"{record.id}:{record.version}" + (":retracted" if record.retracted else "")
    if isinstance(record, Alert):
        return record.id
    digest = blake2b(encode(record), digest_size=16).hexdigest()
    if isinstance(record, Incident):
        return f"{record.id}:{digest}"
    return f"{record.id}:{record.version}:{digest}" if isinstance(record, Article) else digest
