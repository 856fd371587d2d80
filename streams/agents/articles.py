"""Reads wire.articles.v1: a message becomes a tagged article with its developments, or a dead letter. Nothing else belongs here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

import faust
import msgspec
from faust.types import Message

from streams import codec, topics
from streams.core.enrich import enrich
from streams.core.records import Development, Enriched, ReportedDevelopment
from streams.core.tagger import Tagger
from streams.delivery import Batch, DeadLetterLimit, Incoming, Outgoing, Send, dead_letter
from streams.logs import place
from streams.metrics import Metrics
from streams.settings import Settings

SOURCE = "/newsroom/articles"
"""The CloudEvents source of all that this agent makes."""

Fail = Callable[[BaseException], NoReturn]

_WITHIN_SECONDS = 0.01  # how long a batch may wait to fill: what it costs an article when little comes in
_MILLISECONDS = 1000


class Outcome(NamedTuple):
    """What one message became: an enriched article and its records, or a dead letter and its reason."""

    records: list[Outgoing]
    enriched: Enriched | None
    reason: str | None


class ArticlesAgent:
    """Tags a batch of messages and returns when the broker has acknowledged all that was made of it."""

    def __init__(self, settings: Settings, tagger: Tagger, metrics: Metrics, send: Send) -> None:
        self._settings = settings
        self._tagger = tagger
        self._metrics = metrics
        self._send = send
        self._limit = DeadLetterLimit(settings.dead_letter_share, settings.dead_letter_window, settings.dead_letter_minimum)

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises TooManyDeadLetters: the wire is broken rather than a message.
        :raises Exception: what sending again cannot mend.
        """
        batch = Batch(self._send, on_retry=self._metrics.retries.inc)
        outcomes = []
        for message in messages:
            outcome = self.process(message)
            self._limit.count(outcome.reason)
            for record in outcome.records:
                await batch.add(record)
            outcomes.append(outcome)
            await asyncio.sleep(0)  # tagging is all CPU: let the heartbeats, the producer and the health page have their turn
        with self._metrics.stage.labels("acknowledge").time():
            await batch.acknowledged()
        self._count(messages, outcomes)

    def process(self, message: Incoming) -> Outcome:
        """What a message becomes. The same message gives the same bytes."""
        stage = "decode"
        try:
            with self._metrics.stage.labels("decode").time():
                article = codec.decode_article(message.value, message.headers, self._settings.max_article_bytes)
            stage = "tag"
            with self._metrics.stage.labels("tag").time():
                enriched = enrich(article, self._tagger)
            stage = "encode"
            with self._metrics.stage.labels("encode").time():
                return Outcome(self._records(message, enriched), enriched, None)
        except codec.Rejected as rejected:
            return self._dead(message, rejected.reason, rejected.message, stage)
        except _TooLong as error:
            return self._dead(message, "result-too-large", str(error), stage)
        except MemoryError:
            raise
        except Exception as error:  # a fault in the tagger: this article would stop the wire for ever, the limit stops a faulty tagger
            return self._dead(message, "tagger-failed", f"{type(error).__name__} at {place(error)}", stage)

    def _records(self, message: Incoming, enriched: Enriched) -> list[Outgoing]:
        when = enriched.updated or enriched.published or _timestamp(message)
        parent = message.header("traceparent")

        def outgoing(topic: str, key: str, record: msgspec.Struct) -> Outgoing:
            headers = codec.cloud_event_headers(record, SOURCE, when, parent)
            made = Outgoing(self._settings.topic(topic), key.encode(), codec.encode(record), headers)
            if made.size > (limit := topics.described()[topic].max_bytes):
                raise _TooLong(f"the tagged record has {made.size:,} bytes, {topic} takes {limit:,}")
            return made

        developments = [
            outgoing(topics.DEVELOPMENTS, development_key(development, enriched), reported(development, enriched))
            for development in enriched.developments
        ]
        return [outgoing(topics.ARTICLES, enriched.id, enriched), *developments]

    def _dead(self, message: Incoming, reason: str, detail: str, stage: str) -> Outcome:
        letter = dead_letter(message, self._settings.topic(topics.DEAD_LETTERS), reason=reason, detail=detail, stage=stage)
        return Outcome([letter], None, reason)

    def _count(self, messages: Sequence[Incoming], outcomes: Sequence[Outcome]) -> None:
        self._metrics.batch.observe(len(messages))
        now = time.time() * _MILLISECONDS
        for message, outcome in zip(messages, outcomes, strict=True):
            if message.timestamp >= 0:
                self._metrics.latency.observe(max(0.0, now - message.timestamp) / _MILLISECONDS)
            if outcome.enriched is not None:
                self._metrics.enriched(outcome.enriched)
            if outcome.reason is not None:
                self._metrics.dead_letter(outcome.reason)


class _TooLong(Exception):
    pass


def reported(development: Development, article: Enriched) -> ReportedDevelopment:
    """The development with the article that tells it, as it stands on its own topic."""
    return ReportedDevelopment(
        **msgspec.structs.asdict(development),
        article=article.id,
        version=article.version,
        source_agency=article.source,
        published=article.published,
        language=article.language,
        fingerprint=article.fingerprint,
    )


def development_key(development: Development, article: Enriched) -> str:
    """The country of its place, so that all reports of an event meet in one partition; without one the id of the article."""
    return (development.place.country if development.place else None) or article.id


def attach(app: faust.App, topic: str, batch_size: int, handle: Callable[[Sequence[Incoming]], Awaitable[None]], fail: Fail) -> None:
    """Let `app` read `topic` in batches. `fail` must end the process: once a stream moves on, or is cancelled, Faust commits the batch."""

    @app.agent(app.topic(topic, key_serializer="raw", value_serializer="raw"), name="articles")
    async def articles(stream: Any) -> None:
        async for events in stream.take_events(batch_size, within=_WITHIN_SECONDS):
            try:
                await handle([_incoming(event.message) for event in events])
            except BaseException as error:
                fail(error)


def _incoming(message: Message) -> Incoming:
    timestamp = -1 if message.timestamp is None else round(message.timestamp * _MILLISECONDS)
    headers: Any = message.headers or ()  # a sequence of pairs, as aiokafka reads them
    return Incoming(message.topic, message.partition, message.offset, timestamp, message.key, message.value, list(headers))


def _timestamp(message: Incoming) -> datetime | None:
    return datetime.fromtimestamp(message.timestamp / _MILLISECONDS, UTC) if message.timestamp >= 0 else None
