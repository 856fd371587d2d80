"""JSON from strangers: every limit is checked at C speed before a value is made. Knows no record.

A payload that is built to hurt must not cost more than an honest one of its size, so nothing here loops over bytes in
Python: strings are cut out of the text by `bytes.split`, and what is left, its structure, is counted. Only values are
looped over, once their number is known to be small.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import orjson

from streams.wire.rejected import Reason, Rejected, shorten

MAX_VALUES = 20_000
"""Values in one message. A full ninjs item with its pictures has a few hundred; a value costs up to 60 bytes of memory."""
MAX_NUMBER = 64
"""Characters of one number."""
MAX_DEPTH = 64
"""Lists and objects inside each other. ninjs comes to about a dozen; orjson itself stops at 1,024, before its stack is at risk."""

_LONG_NUMBER = b"0" * (MAX_NUMBER + 1)
_NUMBERS = bytes(ord("0") if chr(c) in "0123456789+-.eE" else ord(" ") for c in range(256))
_NOT_A_NUMBER = re.compile(rb"NaN|Infinity")
_NAMED_UP_TO = 65_536


def loads(value: bytes) -> Any:
    """The document in `value` (UTF-8, with or without a byte order mark).

    :raises Rejected: it breaks a limit, or is not the JSON of RFC 8259 with unique keys and finite numbers.
    """
    value = value.removeprefix(b"\xef\xbb\xbf")
    structure = _structure(value)
    _check_limits(structure)
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise _explain(value, structure, error) from None
    _check_shape(document, value, structure)
    return document


def _structure(value: bytes) -> bytes:
    """What stands outside the strings: brackets, colons, commas, numbers, literals and white space."""
    if b"\\" in value:
        # Pairs first: a backslash that is left over in front of a quote is an escape, in front of u0000 likewise.
        value = value.replace(b"\\\\", b"")
        if b"\\u0000" in value:
            raise Rejected("null-character", "the text has the character U+0000 (\\u0000); take it out")
        value = value.replace(b'\\"', b"")
    if value.count(b'"') > 4 * MAX_VALUES:
        raise _too_many()
    return b"".join(value.split(b'"')[::2])


def _check_limits(structure: bytes) -> None:
    if structure.count(b",") + structure.count(b"[") + structure.count(b"{") > MAX_VALUES:
        raise _too_many()
    if len(structure) > MAX_NUMBER and _LONG_NUMBER in structure.translate(_NUMBERS):
        raise Rejected("long-number", f"a number has more than {MAX_NUMBER} characters; send it as text or shorter")


def _too_many() -> Rejected:
    return Rejected("too-many-values", f"the message has more than {MAX_VALUES:,} values; send the article without its annexes")


def _check_shape(document: Any, value: bytes, structure: bytes) -> None:
    """Level by level: how deep it goes, and whether it has as many keys as the text has colons outside its strings."""
    keys, level = 0, [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                keys += len(item)
                below.extend(item.values())
            elif type(item) is list:
                below.extend(item)
        level = [item for item in below if type(item) is dict or type(item) is list]
        if not level:
            break
    else:
        raise _too_deep()
    if keys != structure.count(b":"):
        # Looking for its name takes a slow parser, so only where that is cheap.
        name = f"`{_repeated_key(value)}`" if len(value) <= _NAMED_UP_TO else "a key"
        raise Rejected("duplicate-key", f"{name} is there twice in one object; send it once")


def _repeated_key(value: bytes) -> str:
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        if not found and len({name for name, _ in pairs}) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            found.append(counts.most_common(1)[0][0])

    json.loads(value, object_pairs_hook=look)
    return shorten(found[0]) if found else "?"


def _too_deep() -> Rejected:
    return Rejected("too-deep", f"lists and objects are nested more than {MAX_DEPTH} deep; send it flatter")


def _explain(value: bytes, structure: bytes, error: orjson.JSONDecodeError) -> Rejected:
    """Why `value` is not JSON: the first cause, in the order of the causes that make others look broken."""
    try:
        value.decode()
    except UnicodeDecodeError as problem:
        return Rejected("not-utf8", f"byte {problem.start} is not UTF-8; send the message in UTF-8")
    if "depth" in error.msg.lower() or "recursion" in error.msg.lower():
        return _too_deep()
    if b"\0" in value:
        return Rejected("null-character", f"byte {value.index(0)} is a null character; take it out")
    reason: Reason = "invalid-json"
    cure = "send one JSON object a message"
    if "surrogate" in error.msg:
        reason, cure = "lone-surrogate", "send both halves of the pair, or the character itself"
    elif "infinity" in error.msg or _NOT_A_NUMBER.search(structure):
        reason, cure = "not-a-number", "JSON has finite numbers only; send null or leave it out"
    return Rejected(reason, f"{error.msg} (line {error.lineno}, column {error.colno}); {cure}")
