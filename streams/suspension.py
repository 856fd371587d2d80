"""The words that workers are suspended and resumed by: ticks on newsroom.ticks.v1, said to every partition. Knows no agent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.structs import RecordMetadata

from streams import codec, topics
from streams.core.records import Tick
from streams.settings import Settings

_WAIT_MS = 100
_POLL_MS = 250


class Word(NamedTuple):
    """What was said, and when by the broker's clock."""

    reason: Literal["suspended", "resume"]
    at: int
    """Milliseconds since 1970."""


def partitions(settings: Settings) -> list[TopicPartition]:
    """Where ticks are."""
    name = settings.topic(topics.TICKS)
    return [TopicPartition(name, number) for number in range(topics.described()[topics.TICKS].partitions)]


async def say(settings: Settings, reason: Literal["suspended", "resume"]) -> Mapping[TopicPartition, RecordMetadata]:
    """Say a word to every partition, so that every worker hears it; returns where it stands, and when it was said.

    :raises KafkaError: the broker is away or refuses.
    """
    async with AIOKafkaProducer(**settings.kafka(), acks="all") as producer:
        where = partitions(settings)
        value = codec.encode(Tick(reason=reason))
        told = await asyncio.gather(*(producer.send_and_wait(tp.topic, value, partition=tp.partition) for tp in where))
    return dict(zip(where, told, strict=True))


async def resumed(settings: Settings, after: Mapping[TopicPartition, RecordMetadata], since: int) -> Word:
    """The next word to go on that is said after another one, or was said since a time (milliseconds since 1970; -1: none).

    :raises KafkaError: the broker is away or refuses.
    """
    async with AIOKafkaConsumer(**settings.kafka(), enable_auto_commit=False, auto_offset_reset="earliest") as consumer:
        consumer.assign(list(after))
        earlier = {} if since < 0 else await consumer.offsets_for_times(dict.fromkeys(after, since))
        for partition, told in after.items():
            found = earlier.get(partition)
            consumer.seek(partition, told.offset + 1 if found is None else min(found.offset, told.offset + 1))
        while True:
            for partition, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                for record in records:
                    word = _word(record)
                    meant = record.offset > after[partition].offset or 0 <= since <= record.timestamp
                    if meant and word is not None and word.reason == "resume":
                        return word


async def unheard(settings: Settings) -> Word | None:
    """The last word among the ticks that the group has not committed yet: it was said while nobody was at work.

    :raises KafkaError: the broker is away or refuses.
    """
    consumer = AIOKafkaConsumer(
        **settings.kafka(), group_id=settings.group, enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=_WAIT_MS
    )
    words: list[Word] = []
    async with consumer:
        waiting = partitions(settings)
        consumer.assign(waiting)
        for partition in waiting:
            consumer.seek(partition, await consumer.committed(partition) or 0)
        while not await _at_end(consumer, waiting):
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                words += filter(None, map(_word, records))
    return max(words, key=lambda word: word.at, default=None)


async def _at_end(consumer: AIOKafkaConsumer, where: list[TopicPartition]) -> bool:
    """Whether all that fetching told of has been read; the embedded broker's list of ends is wrong."""
    for partition in where:
        end = consumer.highwater(partition)
        if end is None or await consumer.position(partition) < end:
            return False
    return True


def _word(record: ConsumerRecord[bytes, bytes]) -> Word | None:
    try:
        tick = codec.decode(record.value or b"", Tick)
    except codec.Rejected:
        return None  # the agent of ticks tells
    return Word(tick.reason, record.timestamp) if tick.reason in ("suspended", "resume") else None
