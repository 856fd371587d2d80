"""Reads newsroom.developments.v1: merges what happened (`core.incidents`) and sends an incident when an article has told all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from streams import codec, topics
from streams.agents.reading import put_aside
from streams.core import incidents
from streams.core.incidents import Case, Incidents
from streams.core.records import Incident, ReportedDevelopment
from streams.delivery import WIRE_TIME, Batch, Incoming, Memory, Outgoing, Send
from streams.metrics import Metrics
from streams.settings import Settings

SOURCE = "/newsroom/incidents"
"""The CloudEvents source of all that this agent makes."""

SWEPT = 5
"""Incidents looked at per batch whether they are over."""

Telling = tuple[str, str, int]
"""A Kafka key, an article and a version of it: what that version tells under that key comes in numbered parts."""


class Stored(Struct, array_like=True):
    """A case and the tellings that have changed it and are not over."""

    case: bytes
    waiting: list[Telling] = []


class IncidentsAgent:
    """Merges a batch of developments and returns when the broker has acknowledged all that was made of it."""

    def __init__(self, settings: Settings, rules: Any, metrics: Metrics, send: Send, memory: Memory) -> None:
        self._settings = settings
        self._metrics = metrics
        self._send = send
        self._memory = memory
        self._partition = 0
        self._incidents = Incidents(rules, self._fetch, settings.incident_days)
        self._waiting: dict[Telling, set[str]] = {}
        """Tellings that are not over -> the incidents that they have changed."""
        self._changed: dict[str, tuple[int, Case]] = {}
        """Incidents that are not stored yet, with their partition."""
        self._turn = asyncio.Lock()

    def restore(self) -> None:
        """Build the index again, after the partitions have changed."""
        self._waiting.clear()
        self._changed.clear()
        self._incidents.restore(self._stored())
        self._metrics.open_incidents.set(len(self._incidents))

    def _stored(self) -> Iterator[bytes]:
        for _, id_, value in self._memory.all():
            stored = _decoder.decode(value)
            for telling in stored.waiting:
                self._waiting.setdefault(telling, set()).add(id_)
            yield stored.case

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises Exception: what sending again cannot mend.
        """
        async with self._turn:
            batch = Batch(self._send, on_retry=self._metrics.retries.inc)
            with self._metrics.stage.labels("merge").time():
                for message in messages:
                    for record in self.process(message):
                        await batch.add(record)
                for record in self._old(messages[-1]):
                    await batch.add(record)
            await batch.acknowledged()
            self._remember()
            await self._memory.store()
            self._metrics.open_incidents.set(len(self._incidents))

    def process(self, message: Incoming) -> list[Outgoing]:
        """The incidents as they stand once an article version has told all that it tells under a key."""
        try:
            development = codec.decode(message.value or b"", ReportedDevelopment)
        except codec.Rejected as rejected:
            return put_aside(message, rejected, self._settings, self._metrics)
        self._partition = message.partition
        key = (message.key or b"").decode("utf-8", "replace")
        closed = [self._keep(case) for case in self._incidents.expire(key, message.time)]
        telling = (key, development.article, development.version)
        changed = self._waiting.setdefault(telling, set())
        changed.update(map(self._keep, self._incidents.apply(key, development, message.time)))
        if development.part < development.parts:
            return list(self._published(message, closed))
        del self._waiting[telling]
        return list(self._published(message, [*closed, *sorted(changed)]))

    def _old(self, message: Incoming) -> list[Outgoing]:
        """What is over, of keys of which nothing comes any more: what comes would close it first, so when this looks changes nothing."""
        since = message.time - timedelta(days=self._settings.incident_days)
        closed: dict[str, None] = {}
        for partition, _, value in self._memory.sweep(SWEPT):
            case = incidents.decode(_decoder.decode(value).case)
            if case.touched < since:
                self._partition = partition
                closed.update((self._keep(old), None) for old in self._incidents.expire(case.key, message.time))
        return list(self._published(message, closed))

    def _keep(self, case: Case) -> str:
        self._changed[case.incident.id] = self._partition, case
        return case.incident.id

    def _published(self, message: Incoming, ids: Iterable[str]) -> Iterator[Outgoing]:
        for id_ in ids:
            case = self._fetch(id_)
            if case is None:
                continue
            case.incident = msgspec.structs.replace(case.incident, revision=case.incident.revision + 1)
            self._keep(case)
            yield self._outgoing(message, case.incident)

    def _outgoing(self, message: Incoming, incident: Incident) -> Outgoing:
        headers = codec.cloud_event_headers(incident, SOURCE, incident.updated, message.header("traceparent"))
        if (wire := message.header(WIRE_TIME)) is not None:
            headers.append((WIRE_TIME, wire))
        return Outgoing(self._settings.topic(topics.INCIDENTS), incident.id.encode(), codec.encode(incident), headers)

    def _fetch(self, id_: str) -> Case | None:
        if id_ in self._changed:
            return self._changed[id_][1]
        value = self._memory.get(self._partition, id_)
        return None if value is None else incidents.decode(_decoder.decode(value).case)

    def _remember(self) -> None:
        for id_, (partition, case) in self._changed.items():
            waiting = [telling for telling, ids in self._waiting.items() if id_ in ids]
            stored = None if case.incident.closed else _encoder.encode(Stored(self._incidents.encode(case), waiting))
            self._memory.put(partition, id_, stored)
        self._changed.clear()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Stored)
