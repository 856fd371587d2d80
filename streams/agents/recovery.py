"""How Faust takes up its work after the partitions have changed, mended: as it comes it can lose a message in every restart.

Faust 0.15.3 goes on fetching while it seeks the committed offsets: what it has fetched is then cleared from the queues, or
dropped, as its partition is not yet resumed, and is not read again, since the consumer believes to be past it. Here nothing is
fetched while it seeks, and it seeks in every partition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, MutableMapping
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer
from faust.types import TP

from streams.agents.lease import heard

log = logging.getLogger("faust.tables")

_FETCH_BYTES = 4 << 20
_POLL_MS = 200
_AT_ONCE = 1_000
"""Records applied before anything else has its turn."""


class _Thread(AIOKafkaConsumerThread):
    """Where Faust's consumer lives; the lease follows what it hears of the group."""

    logger = log

    async def on_start(self) -> None:
        """Start the consumer."""
        await super().on_start()
        heard(self._ensure_consumer()._coordinator, self.app.lease)  # type: ignore[attr-defined]


class Reader(Consumer):
    """Faust's consumer, of which one can wait until it is not fetching."""

    logger = log

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fetching = asyncio.Lock()

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def seek_to_committed(self) -> Any:
        """Go back to what is committed; where nothing ever was, to the beginning: aiokafka would stay where it has fetched to."""
        committed = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset and self.app.topics.acks_enabled_for(tp.topic)]
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
        return committed

    async def _getmany(self, active_partitions: Any, timeout: float) -> Any:
        async with self.fetching:
            return await super()._getmany(active_partitions, timeout)


class _Recovery(Recovery):
    """Faust's recovery, which reads what is stored in bulk and ends while nothing is fetched."""

    logger = log

    async def _build_offsets(self, consumer: Any, tps: set[TP], destination: Any, title: str) -> None:
        await super()._build_offsets(consumer, tps, destination, title)
        if title == "active":
            behind = {tp for tp in tps if destination[tp] < (self.active_highwaters[tp] or -1)}
            if behind:
                await self._load(behind, destination)

    async def _load(self, tps: Collection[TP], offsets: MutableMapping[TP, int]) -> None:
        """Apply all that lies on these changelog partitions beyond `offsets`, and move these on; Faust reads what comes after."""
        reader = AIOKafkaConsumer(**self.app.clients, enable_auto_commit=False, max_partition_fetch_bytes=_FETCH_BYTES)  # type: ignore[attr-defined]
        async with reader:
            behind = {TopicPartition(tp.topic, tp.partition): tp for tp in tps}
            reader.assign(list(behind))
            for partition, tp in behind.items():
                reader.seek(partition, offsets[tp] + 1)
            while behind:
                for partition, records in (await reader.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)).items():
                    self._apply(behind[partition], records)
                for partition, tp in list(behind.items()):
                    offsets[tp] = await reader.position(partition) - 1
                    if offsets[tp] >= self.active_highwaters[tp]:
                        reader.pause(partition)
                        del behind[partition]

    def _apply(self, tp: TP, records: list[ConsumerRecord[bytes, bytes]]) -> None:
        events: list[Any] = [
            SimpleNamespace(
                key=record.key, value=record.value,
                message=SimpleNamespace(tp=tp, partition=tp.partition, offset=record.offset, key=record.key, value=record.value),
            )
            for record in records
        ]  # fmt: skip
        self.tp_to_table[tp].apply_changelog_batch(events)

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        consumer: Any = self.app.consumer
        consumer.stop_flow()  # what was fetched and is not handed on is left; Faust resumes the flow when it has sought
        async with consumer.fetching:
            await super().on_recovery_completed(generation_id)


class Tables(TableManager):
    """Faust's tables with that recovery."""

    logger = log

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = _Recovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
