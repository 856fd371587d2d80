"""Text from strangers made harmless for terminals, logs, labels and headers. What shows it decides where; nothing here prints."""

from __future__ import annotations

import re
from urllib.parse import quote

# C0 and C1 controls, DEL, directional marks and overrides, line and paragraph separators, language tags, lone surrogates:
# whatever moves the cursor, recolours, reorders or hides what follows. Every one is replaced by one, so offsets stay true.
_UNSAFE = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f"
_IN_TEXT = re.compile(f"[{_UNSAFE}]")
_IN_JSON = re.compile(f"[{_UNSAFE}]".replace("\x00-\x1f", ""))


def safe(text: str) -> str:
    """The text on one line, as long as it was: white space controls become spaces, other controls U+FFFD."""
    return _IN_TEXT.sub(lambda found: " " if found.group() in "\t\n\r\x0b\x0c\x85\u2028\u2029" else "\ufffd", text)


def safe_json(encoded: bytes) -> str:
    """The same JSON with every character that a terminal might obey written as an escape."""
    return _IN_JSON.sub(_escape, encoded.decode("utf-8", "replace"))


def header_value(text: str) -> str:
    """The text with every control character percent-encoded: for headers that others may hand on over HTTP."""
    return _IN_TEXT.sub(lambda found: quote(found.group(), errors="replace"), text)


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
