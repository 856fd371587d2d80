"""The headers of our messages, described as records so that schemas can be made of them. They are written by `codec` and `delivery`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Count = Annotated[str, Meta(pattern="^-?[0-9]+$")]


class DeadLetter(Struct, kw_only=True, rename=lambda name: name.replace("_", ".", 1)):
    """The headers that a dead letter has besides those that it came with; its key and value are those that it came with."""

    dlq_topic: str
    """The topic that it was read from."""
    dlq_partition: Count
    dlq_offset: Count
    dlq_timestamp: Count
    """Milliseconds since 1970 in UTC, as the producer or the broker set it; -1 when neither did."""
    dlq_reason: Annotated[str, Meta(pattern="^[a-z][a-z-]*$")]
    """A code: those of streams/wire/rejected.py for what cannot be read, others for what cannot be tagged or published."""
    dlq_message: str
    """What is wrong, where, and what to do about it; never a quote of the text."""
    dlq_stage: Literal["decode", "tag", "encode"]
    """The step that gave up."""


class CloudEvent(Struct, kw_only=True, rename={"content_type": "content-type"}):
    """The headers of a CloudEvent 1.0 in binary mode."""

    ce_specversion: Literal["1.0"]
    ce_id: str
    """The same for the same record: a reader that has seen it may drop the message."""
    ce_type: str
    ce_source: str
    content_type: Literal["application/json"]
    ce_time: str | None = None
    """When the story was put out (RFC 3339)."""
    traceparent: str | None = None
    """W3C Trace Context, passed on from the message that this one was made of."""
