"""What waits is what the broker knows of, whether a worker has fetched it or not."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams import topics
from streams.lag import Lag
from streams.settings import Settings
from tests.live.harness import Kafka, Newsroom, until

pytestmark = pytest.mark.live


async def shown(lag: Lag, partition: TopicPartition, records: int | None) -> None:
    """Return when it shows that many; none: when it shows nothing."""
    place = partition.topic, partition.partition
    await asyncio.to_thread(until, f"{records} to be shown", lambda: lag().get(place) == records, 60)


async def commit(settings: Settings, partition: TopicPartition, offset: int) -> None:
    async with AIOKafkaConsumer(**settings.kafka(), group_id=settings.group, enable_auto_commit=False) as consumer:
        consumer.assign([partition])
        await consumer.commit({partition: offset})


def test_what_no_worker_has_fetched_or_committed_is_shown(kafka: Kafka) -> None:
    room = Newsroom(kafka.address)
    subscriptions = TopicPartition(room.settings.topic(topics.SUBSCRIPTIONS), 0)
    mine = [subscriptions]
    lag = Lag(room.settings, lambda: mine)

    async def followed() -> None:
        following = asyncio.create_task(lag.follow())
        await shown(lag, subscriptions, 0)
        await asyncio.to_thread(room.publish, [(b"a", b"{}", [])] * 7, topics.SUBSCRIPTIONS)
        await shown(lag, subscriptions, 7)
        await commit(room.settings, subscriptions, 5)
        await shown(lag, subscriptions, 2)
        mine.clear()
        assert lag() == {}
        following.cancel()

    asyncio.run(followed())


def test_nothing_is_shown_while_the_broker_is_away_and_it_is_shown_again_afterwards(kafka: Kafka) -> None:
    room = Newsroom(kafka.address)
    wire = TopicPartition(room.settings.topic(topics.WIRE), 0)
    lag = Lag(room.settings, lambda: [wire])

    async def followed() -> None:
        following = asyncio.create_task(lag.follow())
        await shown(lag, wire, 0)
        await asyncio.to_thread(lambda: kafka.stop(kill=True))
        await shown(lag, wire, None)
        await asyncio.to_thread(kafka.start)
        await shown(lag, wire, 0)
        following.cancel()

    asyncio.run(followed())
