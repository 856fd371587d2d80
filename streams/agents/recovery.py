"""How Faust takes up its work after the partitions have changed, mended: as it comes it can lose a message in every restart.

Faust 0.15.3 goes on fetching while it seeks the committed offsets: what it has fetched is then cleared from the queues, or
dropped, as its partition is not yet resumed, and is not read again, since the consumer believes to be past it. Here nothing is
fetched while it seeks, and it seeks in every partition.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer

from streams.agents.lease import heard

log = logging.getLogger("faust.tables")


class _Thread(AIOKafkaConsumerThread):
    """Where Faust's consumer lives; the lease follows what it hears of the group."""

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
    """Faust's recovery, which ends while nothing is fetched."""

    logger = log

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
