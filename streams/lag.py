"""How many records wait for the workers, by what the broker knows: a consumer that joins no group asks it again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_fixed

from streams.settings import Settings

log = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0
_LONGEST_SECONDS = 15.0
"""What is older is not shown: the client itself would ask a broker that is away for much longer."""
_AGAIN_SECONDS = 1.0


class Lag:
    """Calling it gives the records that wait in each (topic, partition) as of the last look; nothing where the broker is away.

    What a consumer itself knows of the end of a partition is as old as its last fetch, and that may hold the work of a minute.
    """

    def __init__(self, settings: Settings, partitions: Callable[[], Collection[TopicPartition]]) -> None:
        """`partitions` tells which of them are to be shown now."""
        self._settings = settings
        self._partitions = partitions
        self._found: dict[tuple[str, int], int] = {}

    def __call__(self) -> Mapping[tuple[str, int], int]:
        shown = {(tp.topic, tp.partition) for tp in self._partitions()}
        return {place: records for place, records in self._found.items() if place in shown}

    async def follow(self) -> None:
        """Keep up for ever."""
        again = AsyncRetrying(
            retry=retry_if_exception_type((KafkaError, OSError)),
            wait=wait_fixed(_AGAIN_SECONDS),
            before_sleep=before_sleep_log(log, logging.DEBUG),  # who works tells that the broker is away
        )
        await again(self._follow)

    async def _follow(self) -> None:
        self._found = {}
        options = {"group_id": self._settings.group, "enable_auto_commit": False}
        async with AIOKafkaConsumer(**self._settings.kafka(), **options) as consumer:
            while True:
                async with asyncio.timeout(_LONGEST_SECONDS):
                    self._found = await self._look(consumer)
                await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self, consumer: AIOKafkaConsumer) -> dict[tuple[str, int], int]:
        where = [TopicPartition(tp.topic, tp.partition) for tp in self._partitions()]
        if not where:
            return {}
        # all at once: where the worker has more than it can do, each answer waits for its turn
        begins, ends, *done = await asyncio.gather(
            consumer.beginning_offsets(where), consumer.end_offsets(where), *(consumer.committed(tp) for tp in where)
        )
        return {
            (tp.topic, tp.partition): max(0, ends[tp] - (begins[tp] if offset is None else offset))
            for tp, offset in zip(where, done, strict=True)
        }
