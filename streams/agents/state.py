"""What an agent remembers: a Faust table, written only after all that was made of a batch is acknowledged.

A table that ran ahead of what was published would take the repeat after a crash for something that is out already. So
changes stay in an overlay until `store`, which sends them to the changelog topic, waits for the broker, and then
writes the table. Keys carry their partition, so that what belongs to another worker's partitions is known as such.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import faust
from faust.streams import _current_event
from faust.types import TP

from streams.delivery import Batch, Outgoing, Send

_ROCKSDB = {"write_buffer_size": 4 << 20, "max_write_buffer_number": 2, "target_file_size_base": 8 << 20, "block_cache_size": 8 << 20}
"""Bytes: there is a database for each partition of each state, so none may take what Faust gives it (2 GB of cache)."""


class State:
    """Keys to values of the partitions that this worker has, both bytes."""

    def __init__(self, app: faust.App, topic: str, send: Send, on_retry: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._topic = topic
        self._send = send
        self._on_retry = on_retry
        self._overlay: dict[bytes, bytes | None] = {}
        self._sweep: Iterator[bytes] = iter(())
        self._table: Any = app.Table(
            topic,
            key_type=bytes,
            value_type=bytes,
            changelog_topic=app.topic(topic, key_serializer="raw", value_serializer="raw"),
            options=dict(_ROCKSDB),
        )

    def on_recovered(self, restore: Callable[[], None]) -> None:
        """Call `restore` when the partitions have changed and all that was stored of them is here."""

        async def recovered() -> None:
            self._overlay.clear()
            self._sweep = iter(())
            self._forget_what_others_have()
            restore()

        self._table.on_recover(recovered)

    def get(self, partition: int, key: str) -> bytes | None:
        """What is remembered under a key; none where nothing is."""
        full = _full(partition, key)
        if full in self._overlay:
            return self._overlay[full]
        with _At(partition), self._table.whole():
            value: bytes | None = self._table.data.get(full)
        return value

    def put(self, partition: int, key: str, value: bytes | None) -> None:
        """Remember a value, or nothing any more."""
        self._overlay[_full(partition, key)] = value

    async def store(self) -> None:
        """Make what was put last. Call it when all that was made of the same batch is acknowledged.

        :raises Exception: what sending again cannot mend.
        """
        changes, self._overlay = self._overlay, {}
        if not changes:
            return
        ours = self._ours()
        changes = {key: value for key, value in changes.items() if _partition(key) in ours}  # another worker has taken over the rest
        batch = Batch(self._send, self._on_retry)
        for key, value in changes.items():
            await batch.add(Outgoing(self._topic, key, value, (), _partition(key)))
        for (key, value), sent in zip(changes.items(), await batch.acknowledged(), strict=True):
            with _At(_partition(key)):
                if value is None:
                    self._table.data.pop(key, None)
                else:
                    self._table.data[key] = value
            self._table.data.set_persisted_offset(TP(sent.topic, sent.partition), sent.offset)

    def all(self) -> Iterator[tuple[int, str, bytes]]:
        """(partition, key, value) of all that is stored."""
        with self._table.whole():
            for full, value in self._table.data.items():
                partition, _, key = full.partition(b"/")
                yield int(partition), key.decode("utf-8", "surrogatepass"), value

    def sweep(self, count: int) -> Iterator[tuple[int, str, bytes]]:
        """The next `count` of all that is stored, round and round: what is old is found without stopping the work."""
        for _ in range(count):
            full = next(self._sweep, None)
            if full is None:
                self._sweep = iter(list(self._table.data))
                return
            partition, _, key = full.partition(b"/")
            name = key.decode("utf-8", "surrogatepass")
            if (value := self.get(int(partition), name)) is not None:
                yield int(partition), name, value

    def _ours(self) -> set[int]:
        return {tp.partition for tp in self._app.assignor.assigned_actives() if tp.topic == self._topic}

    def _forget_what_others_have(self) -> None:
        """The table in memory keeps what it wrote of partitions that have gone to another worker."""
        ours = self._ours()
        for full in [full for full in self._table.data if _partition(full) not in ours]:
            with _At(_partition(full)):
                self._table.data.pop(full, None)


class _At:
    """As much of an event as Faust's stores look at to know the partition."""

    def __init__(self, partition: int) -> None:
        self.message = SimpleNamespace(partition=partition)

    def __enter__(self) -> None:
        self._token = _current_event.set(weakref.ref(self))  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        _current_event.reset(self._token)


def _full(partition: int, key: str) -> bytes:
    return b"%d/%s" % (partition, key.encode("utf-8", "surrogatepass"))


def _partition(full: bytes) -> int:
    return int(full.partition(b"/")[0])
