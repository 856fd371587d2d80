"""One message as it came: what a wire format looks at to know whether it is its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from streams.wire import strict_json


@dataclass
class Payload:
    """The bytes of a message, and its media type where the sender names it (lower case, else empty)."""

    value: bytes
    content_type: str = ""

    @cached_property
    def json(self) -> Any:
        """The JSON document, read once for all formats that ask.

        :raises Rejected: it is not JSON within the limits of `strict_json`.
        """
        return strict_json.loads(self.value)
