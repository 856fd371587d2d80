"""Reads wire.articles.v1: a version of a story becomes a tagged article and what changed in its developments, waits for its time,
withdraws the story, or is a dead letter. What a version means is decided in `core.versions`; nothing else belongs here."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from streams import codec, topics
from streams.core import versions
from streams.core.enrich import enrich
from streams.core.records import Article, Development, Enriched, ReportedDevelopment
from streams.core.tagger import Tagger
from streams.core.versions import NEVER, Held, Known, Told
from streams.delivery import WIRE_TIME, Batch, DeadLetterLimit, Incoming, Memory, Outgoing, Send, dead_letter, instant
from streams.logs import place
from streams.metrics import Metrics
from streams.settings import Settings
from streams.wire import embargo

SOURCE = "/newsroom/articles"
"""The CloudEvents source of all that this agent makes."""
REKEYED = "newsroom-rekeyed"
"""The header of an article that came under a key other than its id and was sent on under its id."""
UNREAD = "\0"
"""Begins the key of a held message that is no valid article: no id can."""
SWEPT = 20
"""Stories looked at per batch whether they may be forgotten."""

_MILLISECONDS = 1000


class Outcome(Struct, frozen=True):
    """What one message became."""

    kind: str
    """`enriched`, `canceled`, `repeat`, `held`, `rekeyed` or `dead_letter`."""
    records: list[Outgoing] = []
    enriched: Enriched | None = None
    reason: str | None = None


class ArticlesAgent:
    """Tags a batch of messages and returns when the broker has acknowledged all that was made of it."""

    def __init__(self, settings: Settings, tagger: Tagger, metrics: Metrics, send: Send, memory: Memory) -> None:
        self._settings = settings
        self._tagger = tagger
        self._metrics = metrics
        self._send = send
        self._memory = memory
        self._keep = timedelta(days=settings.story_days)
        self._limit = DeadLetterLimit(settings.dead_letter_share, settings.dead_letter_window, settings.dead_letter_minimum)
        self._turn = asyncio.Lock()
        self.held: dict[tuple[int, str], datetime | None] = {}
        """(partition, key) of what is held -> when it may go out; none: when a newer version says so."""

    def restore(self) -> None:
        """Look again at what is held, after the partitions have changed."""
        found = ((partition, key, versions.decode_known(value).held) for partition, key, value in self._memory.all())
        self.held = {(partition, key): held.until for partition, key, held in found if held}
        self._metrics.held(self.held.values())

    def accept(self, until: int) -> None:
        """What came until then (milliseconds since 1970, by the wire's timestamps) and cannot be read no longer stops the work."""
        self._limit.accept(until)

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises TooManyDeadLetters: the wire is broken rather than a message.
        :raises Exception: what sending again cannot mend.
        """
        async with self._turn:
            batch = Batch(self._send, on_retry=self._metrics.retries.inc)
            outcomes = []
            for message in messages:
                outcome = self.process(message, _clock(message.timestamp))
                self._limit.count(outcome.reason, message.timestamp)
                await self._add(batch, outcome)
                outcomes.append(outcome)
                await asyncio.sleep(0)  # tagging is all CPU: let the heartbeats, the producer and the health page have their turn
            self._forget_old(_clock(messages[-1].timestamp))
            await self._finish(batch)
            self._metrics.batch.observe(len(messages))
            self._count(messages, outcomes)

    def due(self, now: datetime) -> set[int]:
        """The partitions in which something held may go out by the machine's clock."""
        return {partition for (partition, _), until in self.held.items() if until is not None and until <= now}

    async def release(self, partition: int, at: datetime) -> None:
        """Let go what is due in a partition at a time that the broker told, if the machine's clock has come so far too."""
        async with self._turn:
            now = min(at, datetime.now(UTC))
            batch = Batch(self._send, on_retry=self._metrics.retries.inc)
            for key in sorted(key for (p, key), until in self.held.items() if p == partition and until is not None and until <= now):
                outcome = self._release(partition, key, now)
                await self._add(batch, outcome)
                self._observe(outcome)
            await self._finish(batch)

    def process(self, message: Incoming, now: datetime) -> Outcome:
        """What a message becomes at a time by all clocks. The same messages at the same times give the same bytes."""
        try:
            with self._metrics.stage.labels("decode").time():
                article = codec.decode_article(message.value, message.headers, self._settings.max_article_bytes)
        except codec.Rejected as rejected:
            return self._unreadable(message, rejected.reason, rejected.message, now)
        except MemoryError:
            raise
        except Exception as error:  # a fault in a reader: this message would stop the wire for ever
            return self._unreadable(message, "reader-failed", f"{type(error).__name__} at {place(error)}", now)
        if message.key != article.id.encode() and message.header(REKEYED) is None:
            headers = [*message.headers, (REKEYED, b"1")]
            return Outcome("rekeyed", [Outgoing(message.topic, article.id.encode(), message.value, headers)])
        return self._step(message, article, now)

    def _step(self, message: Incoming, article: Article, now: datetime) -> Outcome:
        known = self._known(message.partition, article.id)
        step = versions.step(known, article, now)
        if step == "hold":
            return self._hold(message, article.id, known, article.version, article.embargoed, now)
        if step == "kill":
            return self._kill(message, article, known, now)
        return Outcome("repeat") if step == "repeat" else self._publish(message, article, known, now)

    def _publish(self, message: Incoming, article: Article, known: Known, now: datetime) -> Outcome:
        stage = "tag"
        try:
            with self._metrics.stage.labels("tag").time():
                enriched = enrich(versions.released(article), self._tagger)
            stage = "encode"
            with self._metrics.stage.labels("encode").time():
                keyed = [(development_key(d, enriched, self._tagger.places.states), d) for d in enriched.developments]
                told = _told_at(message, enriched)
                records = self._records(
                    message,
                    enriched,
                    # What is new first: what has moved elsewhere then leaves an incident before the last report of it is taken back.
                    [(key, reported(d, enriched, told)) for key, d in versions.changed(known, keyed)]
                    + [(what.key, withdrawn(id_, what, enriched, told)) for id_, what in versions.gone(known, keyed)],
                )
        except _TooLong as error:
            return self._dead(message, "result-too-large", str(error), stage)
        except MemoryError:
            raise
        except Exception as error:  # a fault in the tagger: this article would stop the wire for ever, the limit stops a faulty tagger
            return self._dead(message, "tagger-failed", f"{type(error).__name__} at {place(error)}", stage)
        self._remember(message.partition, article.id, Known(article.version, told=versions.told(keyed), touched=now))
        return Outcome("enriched", records, enriched)

    def _kill(self, message: Incoming, article: Article, known: Known, now: datetime) -> Outcome:
        gone = Enriched(**msgspec.structs.asdict(versions.canceled(article)), tagger=self._tagger.version)
        told = _told_at(message, gone)
        records = self._records(message, gone, [(what.key, withdrawn(id_, what, gone, told)) for id_, what in known.told.items()])
        self._remember(message.partition, article.id, Known(article.version, canceled=True, touched=now))
        return Outcome("canceled", records)

    def _hold(
        self, message: Incoming, key: str, known: Known, version: int, until: datetime | None, now: datetime
    ) -> Outcome:
        unreadable = until == NEVER
        held = Held(
            version, None if unreadable else until, unreadable, now, message.partition, message.offset, message.timestamp,
            message.key, message.value or b"", list(message.headers),
        )  # fmt: skip
        self._remember(message.partition, key, msgspec.structs.replace(known, held=held))
        return Outcome("held")

    def _release(self, partition: int, key: str, now: datetime) -> Outcome:
        known = self._known(partition, key)
        held = known.held
        if held is None:
            return Outcome("repeat")
        message = Incoming(
            self._settings.topic(topics.WIRE), held.partition, held.offset, held.timestamp, held.key, held.value, held.headers
        )
        self._remember(partition, key, None if key.startswith(UNREAD) else msgspec.structs.replace(known, held=None))
        return self.process(message, now)

    def _unreadable(self, message: Incoming, reason: str, detail: str, now: datetime) -> Outcome:
        """A dead letter is read by many: what may be under an embargo is held, and is a dead letter only when its time has come."""
        until = embargo.of_unreadable(message.value or b"")
        if until is None or until <= now:
            return self._dead(message, reason, detail, "decode")
        return self._hold(message, f"{UNREAD}{message.offset}", Known(), 0, until, now)

    def _known(self, partition: int, key: str) -> Known:
        stored = self._memory.get(partition, key)
        return versions.decode_known(stored) if stored is not None else Known()

    def _remember(self, partition: int, key: str, known: Known | None) -> None:
        self._memory.put(partition, key, None if known is None else versions.encode_known(known))
        if known is not None and known.held is not None:
            self.held[partition, key] = known.held.until
        else:
            self.held.pop((partition, key), None)

    def _forget_old(self, now: datetime) -> None:
        for partition, key, value in self._memory.sweep(SWEPT):
            if versions.is_over(versions.decode_known(value), now, self._keep):
                self._memory.put(partition, key, None)

    def _records(self, message: Incoming, article: Enriched, developments: Sequence[tuple[str, ReportedDevelopment]]) -> list[Outgoing]:
        """The article, then what changed, those of a key numbered, so that its reader knows when it has seen all."""
        parts = Counter(key for key, _ in developments)
        seen: Counter[str] = Counter()
        records = [self._outgoing(message, topics.ARTICLES, article.id, article, article)]
        for key, record in developments:
            seen[key] += 1
            numbered = msgspec.structs.replace(record, part=seen[key], parts=parts[key])
            records.append(self._outgoing(message, topics.DEVELOPMENTS, key, numbered, article))
        return records

    def _outgoing(self, message: Incoming, topic: str, key: str, record: msgspec.Struct, article: Article) -> Outgoing:
        headers = codec.cloud_event_headers(record, SOURCE, _told_at(message, article), message.header("traceparent"))
        headers.append((WIRE_TIME, str(message.timestamp).encode()))
        made = Outgoing(self._settings.topic(topic), key.encode(), codec.encode(record), headers)
        if made.size > (limit := topics.described()[topic].max_bytes):
            raise _TooLong(f"the tagged record has {made.size:,} bytes, {topic} takes {limit:,}")
        return made

    def _dead(self, message: Incoming, reason: str, detail: str, stage: str) -> Outcome:
        letter = dead_letter(message, self._settings.topic(topics.DEAD_LETTERS), reason=reason, detail=detail, stage=stage)
        return Outcome("dead_letter", [letter], reason=reason)

    async def _add(self, batch: Batch, outcome: Outcome) -> None:
        for record in outcome.records:
            await batch.add(record)

    async def _finish(self, batch: Batch) -> None:
        """What was made must be out before it is remembered that it is."""
        with self._metrics.stage.labels("acknowledge").time():
            await batch.acknowledged()
        with self._metrics.stage.labels("store").time():
            await self._memory.store()
        self._metrics.held(self.held.values())

    def _count(self, messages: Sequence[Incoming], outcomes: Sequence[Outcome]) -> None:
        now = time.time() * _MILLISECONDS
        for message, outcome in zip(messages, outcomes, strict=True):
            if message.timestamp >= 0:
                self._metrics.latency.observe(max(0.0, now - message.timestamp) / _MILLISECONDS)
            self._observe(outcome)

    def _observe(self, outcome: Outcome) -> None:
        self._metrics.outcome(outcome.kind, outcome.enriched, outcome.reason)


class _TooLong(Exception):
    pass


def reported(development: Development, article: Enriched, told: datetime | None = None) -> ReportedDevelopment:
    """The development with the article that tells it, as it stands on its own topic. `told` is when this version was put out."""
    return ReportedDevelopment(
        **msgspec.structs.asdict(development),
        article=article.id,
        version=article.version,
        source_agency=article.source,
        published=article.published,
        told=told or article.updated or article.published,
        language=article.language,
        fingerprint=article.fingerprint,
        signature=article.signature,
    )


def withdrawn(id_: str, what: Told, article: Enriched, told: datetime | None) -> ReportedDevelopment:
    """The record that takes a development back; it quotes nothing."""
    return ReportedDevelopment(
        id=id_, type=what.type, family=what.family, plover=what.plover, field=what.field, start=0, end=0, text="", rule="",
        article=article.id, version=article.version, source_agency=article.source, published=article.published, told=told,
        language=article.language, retracted=True,
    )  # fmt: skip


def development_key(development: Development, article: Article, states: frozenset[str] | set[str]) -> str:
    """The country of its place, so that all reports of an event meet in one partition; without one a state that it is done to or
    that does it, else the id of the article."""
    if development.place is not None and development.place.country:
        return development.place.country
    parties = (states.intersection(development.target), states.intersection(development.actor))
    return next((min(party) for party in parties if party), article.id)


def _told_at(message: Incoming, article: Article) -> datetime | None:
    return article.updated or article.published or (instant(message.timestamp) if message.timestamp >= 0 else None)


def _clock(timestamp: int) -> datetime:
    """The earlier of the machine's clock and the broker's, as far as a message tells it."""
    now = datetime.now(UTC)
    return min(now, instant(timestamp)) if timestamp >= 0 else now
