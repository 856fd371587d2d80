"""Reads wire.articles.v1: a version of a story becomes a tagged article and what changed in its developments, waits for its time,
withdraws the story, or is a dead letter. What a version means is decided in `core.versions`; nothing else belongs here.

What is held is let go by a message in its own partition of the wire: so the log alone tells whether its time came before the next version.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
RELEASE = "newsroom-release"
"""The header of an empty message: what is due in its partition by its timestamp goes out where it stands among the versions."""
UNREAD = "\0"
"""Begins the key of a held message that is no valid article: no id can."""
AGAIN_SECONDS = 1.0
"""How long after a release that came too soon, because the broker's clock is behind, the next is written."""
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
        self._ask_again: dict[int, float] = {}
        """Partition -> from when on (`time.monotonic`: clocks jump) a release may be written."""
        self.held: dict[tuple[int, str], datetime | None] = {}
        """(partition, key) of what is held -> when it may go out; none: when a newer version says so."""

    def restore(self) -> None:
        """Look again at what is held, after the partitions have changed."""
        found = ((partition, key, versions.decode_known(value).held) for partition, key, value in self._memory.all())
        self.held = {(partition, key): held.until for partition, key, held in found if held}
        self._ask_again.clear()
        self._metrics.held(self.held.values())

    def accept(self, until: int) -> None:
        """What came until then (milliseconds since 1970, by the wire's timestamps) and cannot be read no longer stops the work."""
        self._limit.accept(until)

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises TooManyDeadLetters: the wire is broken rather than a message.
        :raises Exception: what sending again cannot mend.
        """
        batch = Batch(self._send, on_retry=self._metrics.retries.inc)
        outcomes = []
        for message in messages:
            for outcome in self._outcomes(message):
                for record in outcome.records:
                    await batch.add(record)
                outcomes.append(outcome)
            await asyncio.sleep(0)  # tagging is all CPU: let the heartbeats, the producer and the health page have their turn
        self._forget_old(_clock(messages[-1].timestamp))
        await self._finish(batch)
        self._metrics.batch.observe(len(messages))
        self._count(messages, outcomes)

    async def ask_for_release(self) -> None:
        """Write a message to each partition of the wire in which something held is due by the machine's clock, if none is on its way."""
        now = datetime.now(UTC)
        due = {partition for (partition, _), until in self.held.items() if until is not None and until <= now}
        due = {partition for partition in due if self._ask_again.get(partition, 0.0) <= time.monotonic()}
        self._ask_again |= dict.fromkeys(due, math.inf)
        batch = Batch(self._send, on_retry=self._metrics.retries.inc)
        for partition in sorted(due):
            await batch.add(Outgoing(self._settings.topic(topics.WIRE), None, b"", [(RELEASE, b"1")], partition))
        await batch.acknowledged()

    def _outcomes(self, message: Incoming) -> Iterator[Outcome]:
        now = _clock(message.timestamp)
        if not message.value and message.header(RELEASE) is not None:
            self._ask_again[message.partition] = time.monotonic() + AGAIN_SECONDS
            due = sorted(key for (p, key), until in self.held.items() if p == message.partition and until is not None and until <= now)
            yield from (self._release(message.partition, key, now) for key in due)
        else:
            outcome = self.process(message, now)
            self._limit.count(outcome.reason, message.timestamp)
            yield outcome

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

    async def _finish(self, batch: Batch) -> None:
        """What was made must be out before it is remembered that it is."""
        with self._metrics.stage.labels("acknowledge").time():
            await batch.acknowledged()
        with self._metrics.stage.labels("store").time():
            await self._memory.store()
        self._metrics.held(self.held.values())

    def _count(self, messages: Sequence[Incoming], outcomes: Sequence[Outcome]) -> None:
        now = time.time() * _MILLISECONDS
        for message in messages:
            if message.timestamp >= 0:
                self._metrics.latency.observe(max(0.0, now - message.timestamp) / _MILLISECONDS)
        for outcome in outcomes:
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
