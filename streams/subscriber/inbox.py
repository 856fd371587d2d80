"""The alerts of one subscription from Kafka, each once as far as memory goes, committed when they are delivered. Delivers nothing.

What is promised: every alert at least once, in the order of the topic. A repeat on the topic is dropped if its first was among the last
that were read, also before a restart: what lies shortly before the committed place is read again, only to remember it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, RetriableError

from streams.codec import Rejected, decode
from streams.core.records import Alert
from streams.settings import Settings
from streams.topics import ALERTS

REMEMBERED = 1_000
"""How many messages before the committed place are read again in each partition."""
_IDS = 50_000
_POLL_SECONDS = 1.0
_JOIN_SECONDS = 5.0
"""How long to wait at once for a place in the group: kafka-python 3.0 begins to join anew in every poll, so joining must fit into one."""
_PAUSE_SECONDS = 0.2
_BOOTSTRAP_MS = 5_000
_AT_ONCE = 100


class Received(NamedTuple):
    """An alert, its bytes as they lie on the topic, and where they lie."""

    alert: Alert
    value: bytes
    partition: TopicPartition
    offset: int


class Inbox(ConsumerRebalanceListener):  # type: ignore[misc]
    """`with Inbox(...) as inbox: for received in inbox:` gives each alert; `commit` it once it is delivered, before the next one."""

    def __init__(
        self,
        settings: Settings,
        subscription: str,
        group: str,
        start: str,
        check: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """`start`, `beginning` or `latest`, counts where the group has committed nothing.

        `check` is called again and again and raises to end; `say` takes complaints.

        :raises kafka.errors.KafkaError: the broker is away or refuses.
        """
        self._key, self._start, self._check, self._say = subscription.encode(), start, check, say
        self._committed: dict[TopicPartition, int] = {}
        self._ids: dict[str, None] = {}
        self._away = False
        self._reader = KafkaConsumer(
            **settings.kafka_python(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(settings.session_seconds * 1000),
            heartbeat_interval_ms=int(settings.heartbeat_seconds * 1000),
            bootstrap_timeout_ms=_BOOTSTRAP_MS,
            max_poll_records=_AT_ONCE,
        )
        self._reader.subscribe([settings.topic(ALERTS)], listener=self)

    def __enter__(self) -> Inbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._reader.close(autocommit=False)

    def __iter__(self) -> Iterator[Received]:
        while True:
            self._check()
            for partition, records in self._poll(_POLL_SECONDS if self._reader.assignment() else _JOIN_SECONDS).items():
                yield from self._new(partition, records)

    def commit(self, received: Received) -> None:
        """Note that an alert is delivered."""
        self._remember(received.alert.id)
        self._commit(received.partition, received.offset + 1)

    def wait(self, seconds: float) -> None:
        """Let time pass while keeping the place in the group, and reading nothing."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._check()
            self._reader.pause(*self._reader.assignment())
            for partition, records in self._poll(min(left, _POLL_SECONDS)).items():
                self._reader.seek(partition, records[0].offset)  # came to us in this very poll
        self._reader.resume(*self._reader.assignment())

    def _poll(self, seconds: float) -> dict[TopicPartition, list[Any]]:
        found = self._polled(seconds)
        for partition in self._reader.assignment() - self._committed.keys():
            found.pop(partition, None)
            with suppress(KafkaError):  # then the next poll places it
                self._committed[partition] = self._place(partition)
        return found

    def _polled(self, seconds: float) -> dict[TopicPartition, list[Any]]:
        """What came; nothing while the broker is away, however long that is."""
        try:
            found: dict[TopicPartition, list[Any]] = self._reader.poll(seconds * 1000)
        except RetriableError as error:
            if not self._away:
                self._say(f"the broker does not answer ({type(error).__name__}): waiting")
            self._away = True
            time.sleep(_PAUSE_SECONDS)
            return {}
        if found and self._away:
            self._say("the broker is back")
            self._away = False
        return found

    def _place(self, partition: TopicPartition) -> int:
        """Stand a little before the committed place of a partition that came to us, and return that place."""
        first = self._reader.beginning_offsets([partition])[partition]
        committed: int | None = self._reader.committed(partition)
        if committed is None and self._start == "latest":
            committed = self._reader.end_offsets([partition])[partition]
            self._reader.commit({partition: OffsetAndMetadata(committed, "", -1)})  # at once: what comes from now on is wanted
        if committed is None:
            committed = first
        self._reader.seek(partition, max(first, committed - REMEMBERED))
        return int(committed)

    def _new(self, partition: TopicPartition, records: Sequence[Any]) -> Iterator[Received]:
        if self._committed.get(partition, 0) > (self._reader.highwater(partition) or 0):
            self._committed[partition] = 0  # the topic was made anew since
        for record in records:
            committed = self._committed.get(partition)
            if committed is None:
                return  # lost to another member while waiting, who reads it from the committed place on
            received = self._received(record, partition)
            if received is None:
                continue
            if record.offset < committed:
                self._remember(received.alert.id)
            elif received.alert.id not in self._ids:
                yield received
                self._check()
        self._commit(partition, records[-1].offset + 1)

    def _received(self, record: Any, partition: TopicPartition) -> Received | None:
        """What a message holds, if it is for this subscription."""
        if record.key != self._key or record.value is None:
            return None
        try:
            return Received(decode(record.value, Alert), record.value, partition, record.offset)
        except Rejected as error:
            self._say(f"{record.topic} {record.partition}:{record.offset} is no alert: {error}; passed over")
            return None

    def _remember(self, id_: str) -> None:
        self._ids[id_] = None
        if len(self._ids) > _IDS:
            del self._ids[next(iter(self._ids))]

    def _commit(self, partition: TopicPartition, offset: int) -> None:
        """Note how far delivery has come. What the broker does not take now, the next commit takes along; until then it may repeat."""
        if offset > self._committed.get(partition, offset):
            with suppress(KafkaError):
                self._reader.commit({partition: OffsetAndMetadata(offset, "", -1)})
                self._committed[partition] = offset

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Placed at the next poll: nothing that waits for the broker may be called from here."""

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Whatever is delivered is committed; if they come back, another may have gone on."""
        for partition in revoked:
            self._committed.pop(partition, None)
