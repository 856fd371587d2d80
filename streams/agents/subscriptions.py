"""Reads newsroom.subscriptions.v1. Every worker keeps the whole book of subscriptions by a consumer of its own (`Book`), as Faust's
global tables do not see what other workers write; one worker puts what is no subscription aside and tells all partitions of a change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_fixed

from streams import codec, topics
from streams.agents.reading import put_aside
from streams.core import subscriptions
from streams.core.records import Subscription, Tick
from streams.delivery import Batch, Incoming, Outgoing, Send
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

_POLL_MS = 250
_AGAIN_SECONDS = 1.0


def read(key: bytes | None, value: bytes) -> Subscription:
    """The subscription in a message.

    :raises codec.Rejected: it is none, or does not belong under this key.
    """
    subscription = codec.decode(value, Subscription)
    if key != subscription.id.encode():
        raise codec.Rejected("invalid-field", f"Subscription: the key is not its id `{subscription.id}`; send it under its id")
    if faults := subscriptions.check(subscription):
        raise codec.Rejected("invalid-field", f"Subscription: {'; '.join(faults)}")
    return subscription


class Book:
    """The subscriptions in force. An invalid record leaves the last good one standing."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self._settings = settings
        self._metrics = metrics
        self._partition = TopicPartition(settings.topic(topics.SUBSCRIPTIONS), 0)
        self._read = -1
        self._moved = asyncio.Condition()
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Read all that there is.

        :raises KafkaError: the broker is away or refuses.
        """
        self._consumer = AIOKafkaConsumer(**self._settings.kafka(), enable_auto_commit=False, auto_offset_reset="earliest")
        await self._consumer.start()
        self._consumer.assign([self._partition])
        await self._consumer.seek_to_beginning()
        while not await self._at_end():
            await self._take()
        log.info("%d subscriptions", len(self.subscriptions))

    async def follow(self) -> None:
        """Keep up with the topic for ever."""
        kept_on = AsyncRetrying(
            retry=retry_if_exception_type(KafkaError), wait=wait_fixed(_AGAIN_SECONDS), before_sleep=before_sleep_log(log, logging.WARNING)
        )
        while True:
            await kept_on(self._take)

    async def stop(self) -> None:
        """Leave the topic."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def knows(self, offset: int) -> None:
        """Wait until the record at an offset has been read."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._read >= offset)

    async def _at_end(self) -> bool:
        assert self._consumer is not None
        end = self._consumer.highwater(self._partition)
        return end is not None and await self._consumer.position(self._partition) >= end

    async def _take(self) -> None:
        assert self._consumer is not None
        for messages in (await self._consumer.getmany(timeout_ms=_POLL_MS)).values():
            for message in messages:
                self._note(message.key, message.value)
            async with self._moved:
                self._read = messages[-1].offset
                self._moved.notify_all()
        self._metrics.subscriptions.set(len(self.subscriptions))

    def _note(self, key: bytes | None, value: bytes | None) -> None:
        if value is None:
            self.subscriptions.pop((key or b"").decode("utf-8", "replace"), None)
            return
        try:
            subscription = read(key, value)
        except codec.Rejected:
            return  # the agent puts it aside
        self.subscriptions[subscription.id] = subscription


class SubscriptionsAgent:
    """Puts aside what is no subscription, and tells every partition of alerts that one has changed."""

    def __init__(self, settings: Settings, metrics: Metrics, send: Send, partitions: int) -> None:
        self._settings = settings
        self._metrics = metrics
        self._send = send
        self._partitions = partitions

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises Exception: what sending again cannot mend.
        """
        batch = Batch(self._send, on_retry=self._metrics.retries.inc)
        for message in messages:
            for record in self.process(message):
                await batch.add(record)
        await batch.acknowledged()

    def process(self, message: Incoming) -> list[Outgoing]:
        """A tick to every partition, or a dead letter."""
        try:
            if message.value is not None:
                read(message.key, message.value)
        except codec.Rejected as rejected:
            return put_aside(message, rejected, self._settings, self._metrics)
        name = (message.key or b"").decode("utf-8", "replace")
        tick = codec.encode(Tick(reason="subscription", subscription=name, offset=message.offset))
        topic = self._settings.topic(topics.TICKS)
        return [Outgoing(topic, None, tick, (), partition) for partition in range(self._partitions)]
