"""The fields of a development."""

from streams.core.fields.fill import fill
from streams.core.fields.story import Seen, Story

__all__ = ["Seen", "Story", "fill"]
