"""When an article may go out, from what a wire says. What cannot be read as a time never comes: guessing could publish too early."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec
import orjson

from streams.core.records import Instant
from streams.core.versions import NEVER
from streams.wire import strict_json

YEARS = range(1800, 2200)
"""Years that every program down the line can hold in any time zone."""
NAMES = ("embargoed", "embargoedUntil")
"""What the formats call it."""
_STATUSES = ("status", "pubstatus", "pubStatus")
_SPEAKS_OF_ONE = re.compile(rb'"embargoed(?:until)?"\s*+:\s*+(?!null\b)|:\s*+"withheld"', re.IGNORECASE)


def time(value: Any) -> datetime | None:
    """The instant that a field gives; none where it is null, `NEVER` where it holds anything but an RFC 3339 time with an offset."""
    if value is None:
        return None
    try:
        found = msgspec.convert(value, Instant)
    except msgspec.ValidationError:
        return NEVER
    return found if found.year in YEARS else NEVER


def of_unreadable(value: bytes) -> datetime | None:
    """Until when a message that is no valid article must stay unseen; none where nothing in it speaks of an embargo."""
    spoken = len(_SPEAKS_OF_ONE.findall(value.replace(b"\0", b"")))  # UTF-16 is Latin letters with nulls between
    try:
        document = _document(value)
    except ValueError:
        return NEVER if spoken else None
    if not isinstance(document, dict):
        return NEVER if spoken else None
    times = [found for name in NAMES if (found := time(document.get(name))) is not None]
    withheld = sum(document.get(name) == "withheld" for name in _STATUSES)
    if withheld or spoken > len(times):  # a name that stands twice, or deeper: which one is meant?
        return max(times) if times and spoken <= len(times) + withheld else NEVER
    return max(times, default=None)


def _document(value: bytes) -> Any:
    """:raises ValueError: it is no JSON, or so many values that reading them would fill the memory."""
    if value.count(b",") + value.count(b"[") + value.count(b"{") > strict_json.MAX_VALUES:
        raise ValueError("too many values")
    return orjson.loads(value)
