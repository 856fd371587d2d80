"""Reading topics and publishing to them, for commands: no consumer group, nothing committed, everything acknowledged. Decodes nothing."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from types import TracebackType
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from streams.cli.errors import SETUP, Failure
from streams.settings import Settings

logging.getLogger("kafka").setLevel(logging.CRITICAL)  # its warnings repeat what a command says once, with the cure

BEGINNING, LATEST = "beginning", "latest"
Start = str | int
"""`BEGINNING`, `LATEST`, or the offset to start from in every partition."""

_BOOTSTRAP_MS = 5_000
_POLL_MS = 200
_IN_FLIGHT = 1_000
_MAX_BYTES = 8 * 2**20  # the broker has the last word on what is too long
_ACKNOWLEDGE_SECONDS = 60.0

__all__ = ["BEGINNING", "LATEST", "ConsumerRecord", "Publisher", "Start", "check_present", "consumer", "poll", "read_all", "read_one"]


class Publisher:
    """`with Publisher(settings) as publisher:` sends messages; the block ends when the broker has acknowledged every one.

    :raises Failure: from `send`, when the topic is missing; sending to it would make it, on some brokers, and not as described.
    :raises kafka.errors.KafkaError: from `send` or at the end, when a message cannot be delivered.
    """

    def __init__(self, settings: Settings) -> None:
        with closing(_connect(settings)) as asking:
            self._present = asking.topics()
        self._settings = settings
        self._producer = KafkaProducer(
            **settings.kafka(), acks="all", linger_ms=5, max_request_size=_MAX_BYTES, bootstrap_timeout_ms=_BOOTSTRAP_MS
        )
        self._waiting: deque[Any] = deque()
        self.acknowledged: list[tuple[int, int]] = []
        """(partition, offset) of each message, in the order of sending."""

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._acknowledge(leave=0)
        finally:
            self._producer.close(timeout=0 if kind else None)

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> None:
        """Queue a message, waiting for earlier ones when many are under way. It goes where its key leads, unless `partition` says where."""
        if topic not in self._present:
            raise _missing(self._settings, topic)
        self._waiting.append(self._producer.send(topic, key=key, value=value, headers=list(headers), partition=partition))
        self._acknowledge(leave=_IN_FLIGHT)

    def _acknowledge(self, leave: int) -> None:
        while len(self._waiting) > leave:
            done = self._waiting[0].get(timeout=_ACKNOWLEDGE_SECONDS)
            self._waiting.popleft()
            self.acknowledged.append((done.partition, done.offset))


def check_present(settings: Settings, name: str) -> None:
    """Do nothing where there is a topic of this name (without prefix).

    :raises Failure: it is missing, or hidden from this user.
    :raises kafka.errors.KafkaError: the broker is away or refuses.
    """
    with closing(_connect(settings)) as asking:
        _partitions(asking, settings, settings.topic(name))


@contextmanager
def consumer(settings: Settings, names: Sequence[str], start: Start) -> Iterator[KafkaConsumer]:
    """A consumer that stands at `start` in every partition of the topics (named without prefix).

    :raises Failure: a topic is missing.
    :raises kafka.errors.KafkaError: the broker is away or refuses.
    """
    with closing(_connect(settings)) as reader:
        reader.assign([partition for topic in names for partition in _partitions(reader, settings, settings.topic(topic))])
        if start == BEGINNING:
            reader.seek_to_beginning()
        elif start == LATEST:
            _seek_to_end(reader)
        else:
            for partition in reader.assignment():
                reader.seek(partition, start)
        yield reader


def _connect(settings: Settings) -> KafkaConsumer:
    options = {"group_id": None, "enable_auto_commit": False, "auto_offset_reset": "earliest", "bootstrap_timeout_ms": _BOOTSTRAP_MS}
    return KafkaConsumer(**settings.kafka_python(), **options)


def _partitions(reader: KafkaConsumer, settings: Settings, topic: str) -> list[TopicPartition]:
    found = reader.partitions_for_topic(topic)
    if not found:
        raise _missing(settings, topic)
    return [TopicPartition(topic, number) for number in sorted(found)]


def _missing(settings: Settings, topic: str) -> Failure:
    cure = "Make the topics: newsroom topics create; or, if they are there, ask for the right to this one: deploy/kafka/acls lists them"
    return Failure(f"{settings.broker} has no topic {topic}, or hides it from this user. {cure}", SETUP)


def poll(reader: KafkaConsumer) -> list[ConsumerRecord]:
    """What has arrived, waiting a moment for it; in the order of arrival within a partition."""
    return [record for records in reader.poll(_POLL_MS).values() for record in records]


def read_all(settings: Settings, topic: str) -> list[ConsumerRecord]:
    """Every message that the topic holds now, oldest first."""
    records = []
    with consumer(settings, [topic], BEGINNING) as reader:
        while not _at_end(reader):
            records += poll(reader)
    return sorted(records, key=lambda record: (record.timestamp, record.partition, record.offset))


def read_one(settings: Settings, topic: str, partition: int, offset: int) -> ConsumerRecord | None:
    """The message at an offset, or none where there is none."""
    with consumer(settings, [topic], BEGINNING) as reader:
        place = TopicPartition(settings.topic(topic), partition)
        if place not in reader.assignment():
            return None
        reader.assign([place])
        reader.seek(place, offset)
        while True:
            found = poll(reader)
            if found:
                return found[0] if found[0].offset == offset else None
            if _at_end(reader):
                return None


def _at_end(reader: KafkaConsumer) -> bool:
    """Whether everything up to the end that fetching told of has been read; the embedded broker's list of ends is wrong."""
    for partition in reader.assignment():
        end = reader.highwater(partition)
        if end is None or reader.position(partition) < end:
            return False
    return True


def _seek_to_end(reader: KafkaConsumer) -> None:
    reader.seek_to_end()
    while any(reader.highwater(partition) is None for partition in reader.assignment()):
        reader.poll(_POLL_MS)
    for partition in reader.assignment():
        reader.seek(partition, reader.highwater(partition))
