"""The fields of a development."""

from streams.core.fields.fill import Note, fill
from streams.core.fields.story import Seen, Story, follow

__all__ = ["Note", "Seen", "Story", "fill", "follow"]
