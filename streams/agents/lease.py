"""A worker writes only while the group must still hold it for a member: what wakes from a long sleep, or was cut off, writes nothing old.

Kafka hands the partitions of a member to another when it has not heard of it for a session. Nothing tells the first one, and what it
was about to write would land behind what the other has written since: a story that was withdrawn would stand again. So each heartbeat
that the group has answered is a lease for one session, counted from when it was sent. Without one nothing is sent, and what is under
way is torn off, lest the network deliver it later. A worker that has lost its place with work in hand begins anew: the work is another's.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import RebalanceInProgressError
from aiokafka.protocol.group import HeartbeatRequest, SyncGroupRequest
from aiokafka.protocol.produce import ProduceRequest
from faust.transport.drivers.aiokafka import Producer

_LOOK_SECONDS = 0.05
_HANG_UP = struct.pack("ii", 1, 0)  # SO_LINGER of no time: what was not yet delivered never is


class LostPlace(Exception):
    """The group has given this worker's partitions to others while it had work in hand."""

    def __init__(self) -> None:
        super().__init__("the group has given its partitions to others while it had work in hand: they will do it")


class Lease:
    """How long the group must still hold this worker for a member. Renewed in the consumer's thread, asked in the others."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds`: the session, after which the group gives a silent member up."""
        self._seconds = seconds
        self._clock = clock
        self._until = -1.0
        self._lost = False
        self._in_hand = 0
        self.on_lost: Callable[[LostPlace], None] = lambda error: None
        """What ends the process; called in the thread that finds out."""

    @property
    def holds(self) -> bool:
        """Whether it may write."""
        return self._clock() < self._until

    def renew(self, asked: float) -> None:
        """The group has answered a heartbeat that was sent then."""
        self._lost = False
        self._until = asked + self._seconds

    def lose(self) -> None:
        """The group does not know this member any more."""
        self._lost, self._until = True, -1.0
        if self._in_hand:
            self.on_lost(LostPlace())

    @contextmanager
    def work(self) -> Iterator[None]:
        """What is done here must not outlive the place in the group.

        :raises LostPlace: it is lost already.
        """
        self._in_hand += 1
        try:
            if self._lost:
                raise LostPlace
            yield
        finally:
            self._in_hand -= 1


def heard(coordinator: Any, lease: Lease) -> None:
    """Let a lease follow what the group coordinator of an aiokafka consumer hears."""
    send, reset = coordinator._send_req, coordinator.reset_generation

    async def sending(request: Any) -> Any:
        asked = time.monotonic()
        response = await send(request)
        if isinstance(request, HeartbeatRequest | SyncGroupRequest):
            heartbeat = isinstance(request, HeartbeatRequest)
            if response.error_code == 0 or (heartbeat and response.error_code == RebalanceInProgressError.errno):  # still a member then
                lease.renew(asked)
        return response

    def resetting() -> None:
        lease.lose()
        reset()

    coordinator._send_req, coordinator.reset_generation = sending, resetting


class Writer(Producer):
    """Faust's producer, which writes nothing without a lease."""

    logger = logging.getLogger("faust.transport")

    def _new_producer(self, transactional_id: str | None = None) -> AIOKafkaProducer:
        producer = super()._new_producer(transactional_id)
        self._lease: Lease = self.app.lease  # type: ignore[attr-defined]
        self._client = producer.client
        self._send = self._client.send
        self._client.send = self._send_if_held  # the last step before the socket: what waited for anything is looked at again
        return producer

    async def on_start(self) -> None:
        """Begin to watch the lease."""
        await super().on_start()
        self.add_future(self._hang_up_when_over())

    async def _send_if_held(self, node_id: int, request: Any, **options: Any) -> Any:
        if isinstance(request, ProduceRequest):
            while await self._client.ready(node_id, **options) and not self._lease.holds:
                await asyncio.sleep(_LOOK_SECONDS)
        return await self._send(node_id, request, **options)

    async def _hang_up_when_over(self) -> None:
        """Tear off what is under way when the lease ends."""
        held = False
        while not self.should_stop:
            if held and not self._lease.holds:
                self._hang_up()
            held = self._lease.holds
            await asyncio.sleep(_LOOK_SECONDS)

    def _hang_up(self) -> None:
        for connection in list(self._client._conns.values()):
            with suppress(OSError, AttributeError):
                connection._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HANG_UP)
                connection._writer.transport.abort()
            connection.close()
