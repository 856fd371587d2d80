"""One file a wire format: a message in, an `Article` out. No format knows Kafka, or another format.

A format is a module with `detect(payload)` (cheap, looks at names and first bytes only) and `read(payload)`.
To add one, write the module and put it into `FORMATS`.
"""

from __future__ import annotations

from typing import Protocol

from streams.core.records import Article
from streams.wire import article, ninjs
from streams.wire.payload import Payload
from streams.wire.rejected import Rejected


class Format(Protocol):
    """What a module of this package offers; both functions may raise `Rejected`."""

    def detect(self, payload: Payload, /) -> bool: ...

    def read(self, payload: Payload, /) -> Article: ...


FORMATS: tuple[Format, ...] = (
    article,
    ninjs,
)  # fmt: skip
"""The first that detects its own reads it, so those that look at bytes stand before those that look into JSON."""


def read(payload: Payload) -> Article:
    """The article in `payload`, by the first format that knows it.

    :raises Rejected: no format knows it, or the one that does cannot read it.
    """
    for wire in FORMATS:
        if wire.detect(payload):
            return wire.read(payload)
    raise Rejected("unknown-format", "this is no wire format that we read: an Article has `id`, a ninjs item has `uri`")
