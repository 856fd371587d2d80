"""How an agent of this house reads its topic with Faust: in batches, whole, never past a batch that was not handled, and nothing unseen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn

import faust
from faust.types import Message

from streams import topics
from streams.agents.lease import Lease
from streams.codec import Rejected
from streams.delivery import Incoming, Outgoing, dead_letter
from streams.metrics import Metrics
from streams.settings import Settings

Fail = Callable[[BaseException], NoReturn]
Handle = Callable[[Sequence[Incoming]], Awaitable[None]]

_WITHIN_SECONDS = 0.003  # how long a batch may wait to fill: what it costs a message when little comes in
_MILLISECONDS = 1000


def put_aside(message: Incoming, rejected: Rejected, settings: Settings, metrics: Metrics) -> list[Outgoing]:
    """The dead letter of a record of ours that cannot be read, counted."""
    metrics.dead_letters.labels(rejected.reason).inc()
    topic = settings.topic(topics.DEAD_LETTERS)
    return [dead_letter(message, topic, reason=rejected.reason, detail=rejected.message, stage="decode")]


def attach(app: faust.App, name: str, topic: str, batch_size: int, handle: Handle, fail: Fail) -> None:
    """Let `app` read `topic` in batches. `fail` must end the process: once a stream moves on, or is cancelled, Faust commits the batch."""

    lease: Lease = app.lease  # type: ignore[attr-defined]
    lease.on_lost = fail

    async def read(stream: Any) -> None:
        async for events in stream.take_events(batch_size, within=_WITHIN_SECONDS):
            try:
                with lease.work():
                    await handle([_incoming(event.message) for event in events])
            except BaseException as error:
                fail(error)

    app.agent(app.topic(topic, key_serializer="raw", value_serializer="raw"), name=name)(read)


def _incoming(message: Message) -> Incoming:
    timestamp = -1 if message.timestamp is None else round(message.timestamp * _MILLISECONDS)
    headers: Any = message.headers or ()  # a sequence of pairs, as aiokafka reads them
    return Incoming(message.topic, message.partition, message.offset, timestamp, message.key, message.value, list(headers))
