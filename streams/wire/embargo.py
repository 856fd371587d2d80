"""When an article may go out, from what a wire says. What cannot be read as a time never comes: guessing could publish too early."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec
import orjson

from streams.core.records import Instant
from streams.core.versions import NEVER

YEARS = range(1800, 2200)
"""Years that every program down the line can hold in any time zone."""
NAMES = ("embargoed", "embargoedUntil")
"""What the formats call it."""
_STATUSES = ("status", "pubstatus", "pubStatus")
_SPEAKS_OF_ONE = re.compile(rb'"embargoed(?:until)?"\s*:\s*(?!null\b)|:\s*"withheld"', re.IGNORECASE)


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
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        return NEVER if _SPEAKS_OF_ONE.search(value) else None
    if not isinstance(document, dict):
        return None
    times = [found for name in NAMES if (found := time(document.get(name))) is not None]
    withheld = any(document.get(name) == "withheld" for name in _STATUSES)
    return max(times, default=NEVER if withheld else None)
