"""Reads newsroom.incidents.v1: tells each subscriber what `core.alerts` decides of it, at once or when it is due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from streams import codec, topics
from streams.agents.reading import put_aside
from streams.agents.subscriptions import Book
from streams.core import alerts
from streams.core.alerts import Watch
from streams.core.records import Alert, Incident
from streams.delivery import WIRE_TIME, Batch, Incoming, Memory, Outgoing, Send
from streams.metrics import Metrics
from streams.settings import Settings

SOURCE = "/newsroom/alerts"
"""The CloudEvents source of all that this agent makes."""


class AlertsAgent:
    """Turns a batch of incidents into alerts and returns when the broker has acknowledged them."""

    def __init__(
        self, settings: Settings, book: Book, phrases: Mapping[str, Any], metrics: Metrics, send: Send, memory: Memory
    ) -> None:
        self._settings = settings
        self._book = book
        self._phrases = phrases
        self._metrics = metrics
        self._send = send
        self._memory = memory
        self._turn = asyncio.Lock()
        self._due: dict[tuple[int, str], datetime] = {}
        """(partition, incident) -> when something of it is to be sent."""
        self._followed: dict[str, set[tuple[int, str]]] = {}
        """Subscription -> the incidents that it has a thread of."""

    def restore(self) -> None:
        """Look again at what waits, after the partitions have changed."""
        self._due.clear()
        self._followed.clear()
        for partition, id_, value in self._memory.all():
            self._index(partition, id_, alerts.decode(value))

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises Exception: what sending again cannot mend.
        """
        async with self._turn:
            batch = Batch(self._send, on_retry=self._metrics.retries.inc)
            told: list[tuple[Incoming, Outgoing]] = []
            for message in messages:
                for record in self.process(message):
                    await batch.add(record)
                    told.append((message, record))
            await batch.acknowledged()
            await self._memory.store()
            self._metrics.alerted(message.header(WIRE_TIME) for message, _ in told)

    def due(self, now: datetime) -> set[int]:
        """The partitions in which something is to be sent by the machine's clock."""
        return {partition for (partition, _), at in self._due.items() if at <= now}

    async def send_due(self, partition: int, at: datetime) -> None:
        """Send what is due in a partition at a time that the broker told."""
        await self._again(partition, at, sorted(id_ for (p, id_), due in self._due.items() if p == partition and due <= at))

    async def subscription_changed(self, partition: int, at: datetime, subscription: str, offset: int) -> None:
        """Look again at what a subscription was told, once the book knows the change at `offset` of its topic."""
        await self._book.knows(offset)
        await self._again(partition, at, sorted(id_ for p, id_ in self._followed.get(subscription, ()) if p == partition))

    def process(self, message: Incoming) -> list[Outgoing]:
        """The alerts that a record of an incident gives rise to."""
        try:
            incident = codec.decode(message.value or b"", Incident)
        except codec.Rejected as rejected:
            return put_aside(message, rejected, self._settings, self._metrics)
        watch = self._watch(message.partition, incident.id)
        if watch is not None and incident.revision <= watch.incident.revision:
            return []  # a repeat, after a crash
        watch, made = alerts.follow(watch, incident, self._book.subscriptions, message.time, self._phrases)
        self._remember(message.partition, incident.id, watch)
        return list(self._outgoing(made, message))

    async def _again(self, partition: int, at: datetime, ids: Iterable[str]) -> None:
        async with self._turn:
            batch = Batch(self._send, on_retry=self._metrics.retries.inc)
            for id_ in ids:
                watch = self._watch(partition, id_)
                if watch is None:
                    continue
                watch, made = alerts.tick(watch, self._book.subscriptions, at, self._phrases)
                self._remember(partition, id_, watch)
                for record in self._outgoing(made, None):
                    await batch.add(record)
            await batch.acknowledged()
            await self._memory.store()

    def _outgoing(self, made: Iterable[Alert], cause: Incoming | None) -> Iterator[Outgoing]:
        for alert in made:
            self._metrics.alerts.labels(alert.msg_type).inc()
            headers = codec.cloud_event_headers(alert, SOURCE, alert.sent, cause and cause.header("traceparent"))
            if cause is not None and (wire := cause.header(WIRE_TIME)) is not None:
                headers.append((WIRE_TIME, wire))
            yield Outgoing(self._settings.topic(topics.ALERTS), alert.subscription.encode(), codec.encode(alert), headers)

    def _watch(self, partition: int, id_: str) -> Watch | None:
        value = self._memory.get(partition, id_)
        return None if value is None else alerts.decode(value)

    def _remember(self, partition: int, id_: str, watch: Watch | None) -> None:
        for incidents in self._followed.values():
            incidents.discard((partition, id_))
        self._due.pop((partition, id_), None)
        if watch is not None:
            self._index(partition, id_, watch)
            self._memory.put(partition, id_, alerts.encode(watch))
        elif self._memory.get(partition, id_) is not None:
            self._memory.put(partition, id_, None)

    def _index(self, partition: int, id_: str, watch: Watch) -> None:
        for subscription in watch.threads:
            self._followed.setdefault(subscription, set()).add((partition, id_))
        if (at := alerts.due(watch)) is not None:
            self._due[partition, id_] = at
