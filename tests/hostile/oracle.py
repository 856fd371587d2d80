"""What is wrong with a payload, found by other means than ours: the JSON reader of Python and the committed JSON Schema."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from streams.wire.rejected import REASONS
from streams.wire.strict_json import MAX_DEPTH, MAX_NUMBER, MAX_VALUES

SCHEMA = Path(__file__).parents[2] / "schemas" / "article.v1.json"
FIELD = frozenset({"missing-field", "unknown-field", "invalid-field", "bad-time", "bad-embargo", "empty-article"})
_LONG_NUMBER = re.compile(rb"[-+0-9.eE]{%d}" % (MAX_NUMBER + 1))
_HALF = re.compile(r"[\ud800-\udfff]")
_SPEAKS = re.compile(rb"embargo|withheld|e\s*m\s*b", re.IGNORECASE)


class Faults(NamedTuple):
    """Reasons that a dead letter may give, and whether a record would be wrong."""

    possible: frozenset[str]
    certain: bool


def faults(value: bytes, limit: int) -> Faults:
    """What a reader must or may complain of in a message, by the rules of `streams.wire`."""
    if len(value) > limit:
        return Faults(frozenset({"too-large"}), True)
    if not value or value.isspace():
        return Faults(frozenset({"empty-message"}), True)
    looks = _looks(value)
    try:
        text = value.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return Faults(looks | {"not-utf8"}, True)
    if "\0" in text:
        return Faults(looks | {"null-character"}, True)
    return _of_text(text, looks)


def may_be_held(value: bytes) -> bool:
    """Whether anything in the message could be an embargo."""
    return _SPEAKS.search(value.replace(b"\0", b"")) is not None or re.search(rb"\\u00[46][5-9a-f]", value) is not None


def _looks(value: bytes) -> frozenset[str]:
    """What bytes look like before they are read; cheap limits may be found first."""
    found = set()
    if value.count(b",") + value.count(b"[") + value.count(b"{") > MAX_VALUES or value.count(b'"') > 4 * MAX_VALUES:
        found.add("too-many-values")
    if _LONG_NUMBER.search(value):
        found.add("long-number")
    if b"\\u0000" in value or b"\0" in value:
        found.add("null-character")
    return frozenset(found)


class _Seen:
    """What the hooks of the JSON reader notice."""

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.values = 0

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            self.faults.add("duplicate-key")
        return dict(pairs)

    def number(self, text: str) -> float | int:
        if len(text) > MAX_NUMBER:
            self.faults.add("long-number")
            return 0
        value = float(text)
        if math.isinf(value):
            self.faults.add("not-a-number")
        return int(text) if text.lstrip("-").isdecimal() else value

    def constant(self, _: str) -> float:
        self.faults.add("not-a-number")
        return 0.0


def _of_text(text: str, looks: frozenset[str]) -> Faults:
    seen = _Seen()
    deep = _depth(text) > MAX_DEPTH
    try:
        document = json.loads(
            text, object_pairs_hook=seen.pairs, parse_int=seen.number, parse_float=seen.number, parse_constant=seen.constant
        )
    except json.JSONDecodeError:
        half = {"lone-surrogate"} if re.search(r"\\u[dD][89a-fA-F]", text) else set()
        number = {"not-a-number"} if re.search(r"NaN|Infinity|[0-9][eE][0-9]{3}", text) else set()
        return Faults(looks | half | number | {"invalid-json"} | ({"too-deep"} if deep else set()), True)
    except RecursionError:
        return Faults(looks | {"too-deep", "invalid-json"}, True)
    found = seen.faults | ({"too-deep"} if deep else set()) | _in_values(document)
    if found:
        return Faults(looks | found, True)
    if looks & {"too-many-values"}:
        return Faults(looks, False)
    return _of_document(document)


def _depth(text: str) -> int:
    """How many lists and objects are open at once, whatever stands in strings."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*+"?', "", text, flags=re.DOTALL)
    depth = most = 0
    for c in re.findall(r"[\[\]{}]", outside):
        depth += 1 if c in "[{" else -1
        most = max(most, depth)
    return most


def _in_values(document: Any) -> set[str]:
    """Null characters and halves of characters in keys and texts, and too many values."""
    found: set[str] = set()
    count, todo = 0, [document]
    while todo:
        item = todo.pop()
        count += 1
        texts = [item] if isinstance(item, str) else list(item) if isinstance(item, dict) else []
        for text in texts:
            if "\0" in text:
                found.add("null-character")
            if _HALF.search(text):
                found.add("lone-surrogate")
        todo.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
    return found | ({"too-many-values"} if count > MAX_VALUES + 2 else set())


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_bytes()))


def _of_document(document: Any) -> Faults:
    if not isinstance(document, dict) or not document.keys() & {"id", "uri"}:
        return Faults(frozenset({"unknown-format"}), True)
    if "id" not in document:
        return Faults(FIELD, False)  # the standard's own schemas are not here
    plain = {name: value for name, value in document.items() if name != "embargoed"}  # what it holds is never a fault
    wrong = not _schema().is_valid(plain)
    blank = not wrong and (not document["id"].strip() or not (_told(document) or _killed(document)))
    return Faults(FIELD, wrong or blank)


def _told(document: dict[str, Any]) -> bool:
    return bool(str(document.get("headline") or "").strip() or str(document.get("body") or "").strip())


def _killed(document: dict[str, Any]) -> bool:
    return document.get("status") == "canceled" or "kill" in str(document.get("signal") or "").lower()


assert set(REASONS) >= FIELD
