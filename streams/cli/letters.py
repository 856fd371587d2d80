"""A dead letter as it lies on its topic: the message as it came, and why it is there. Prints nothing."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from kafka.consumer.fetcher import ConsumerRecord

_PREFIX = "dlq."


class DeadLetter(Struct, frozen=True, kw_only=True):
    """One dead letter. What it says of its origin is empty or null where the headers are missing or make no sense."""

    partition: int
    offset: int
    """Where it lies on the dead letter topic."""
    reason: str
    message: str
    stage: str
    topic: str
    topic_partition: int | None
    topic_offset: int | None
    """Where it came from."""
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]
    """As they came, without those that the worker added."""

    @classmethod
    def from_record(cls, record: ConsumerRecord) -> DeadLetter:
        """The dead letter in a Kafka message. The worker's headers are the last of their names: what came in may imitate them."""
        said = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers if name.startswith(_PREFIX)}
        return cls(
            partition=record.partition,
            offset=record.offset,
            reason=said.get("dlq.reason", ""),
            message=said.get("dlq.message", ""),
            stage=said.get("dlq.stage", ""),
            topic=said.get("dlq.topic", ""),
            topic_partition=_number(said.get("dlq.partition", "")),
            topic_offset=_number(said.get("dlq.offset", "")),
            key=record.key,
            value=record.value,
            headers=[(name, value) for name, value in record.headers if not name.startswith(_PREFIX)],
        )

    @property
    def place(self) -> str:
        """`PARTITION:OFFSET` on the dead letter topic, as `newsroom dead-letters show` takes it."""
        return f"{self.partition}:{self.offset}"

    @property
    def origin(self) -> str:
        """Topic, partition and offset that it came from."""
        return f"{self.topic} {self.topic_partition}:{self.topic_offset}"

    def as_json(self) -> dict[str, Any]:
        """Its fields for JSON; bytes that are not UTF-8 stand as `{"base64": ...}`."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        headers = [[name, _text(value)] for name, value in self.headers]
        return {**fields, "key": _text(self.key), "value": _text(self.value), "headers": headers}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _text(value: bytes | None) -> str | dict[str, str] | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
