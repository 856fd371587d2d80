"""Why a message cannot be read: the reason codes and the exception that carries one. Neither ever holds article text."""

from __future__ import annotations

import re
from typing import Literal, NoReturn, get_args

import msgspec

Reason = Literal[
    "no-value",         # a Kafka tombstone: null instead of bytes
    "empty-message",    # no bytes, or white space only
    "too-large",        # more bytes than the limit
    "not-utf8",         # bytes that are not UTF-8
    "null-character",   # U+0000, raw or escaped: legal JSON, but databases and C programs down the line cut the text there
    "lone-surrogate",   # half of a \ud83d\ude00 pair: no Unicode text
    "too-deep",         # more nested lists and objects than the limit
    "too-many-values",  # more values than the limit: small bytes, large memory
    "long-number",      # a number of more characters than the limit
    "not-a-number",     # NaN, Infinity, or a number that overflows to it
    "duplicate-key",    # one object names a key twice: which one is meant?
    "invalid-json",     # broken in any other way
    "unknown-format",   # none of the formats in streams.wire
    "missing-field",    # a field that must be there is not
    "unknown-field",    # a field that the format forbids
    "invalid-field",    # a field of the wrong type or value
    "bad-time",         # a time that cannot be read, has no offset, or lies outside 1800-2199
    "bad-embargo",      # the same in an embargo: guessing could publish too early
    "empty-article",    # valid in its format, but without an id, or without headline and body: nothing to tag
]  # fmt: skip
REASONS: tuple[str, ...] = get_args(Reason)

_PLACE = re.compile(r" - at (?:`key` in )?`\$\.?([^`]*)`\Z")
_QUOTED = re.compile(r"value '?(.*?)'?$", re.DOTALL)
_FIELD = re.compile(r"field `(.*?)`?\Z", re.DOTALL)  # a name may hold what looks like the place behind it
_PATTERN = re.compile(r" matching regex .*", re.DOTALL)
_LONGEST_QUOTE = 40


class Rejected(ValueError):
    """A message that can never be read: its dead letter carries `reason` and `message` as headers."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason: Reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


def shorten(text: str) -> str:
    """The first characters of a name or value, safe to print on one line."""
    line = "".join(c if c.isprintable() else "?" for c in text[: _LONGEST_QUOTE + 1])
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…"


def reject_field(error: msgspec.ValidationError, record: str) -> NoReturn:
    """Raise `Rejected` for what msgspec says is wrong, naming the field; `record` names what was to be read."""
    text = str(error)
    place = _PLACE.search(text)
    path = place[1] if place else ""
    problem = text[: place.start()] if place else text
    if problem.startswith("Object missing required field"):
        name = ".".join(filter(None, (path, _FIELD.findall(problem)[0])))
        raise Rejected("missing-field", f"{record}: `{shorten(name)}` is missing; send it") from error
    if problem.startswith("Object contains unknown field"):
        name = ".".join(filter(None, (path, _FIELD.findall(problem)[0])))
        raise Rejected("unknown-field", f"{record}: `{shorten(name)}` is not a field of this format; leave it out") from error
    problem = _QUOTED.sub(lambda m: f"value '{shorten(m[1])}'", problem) if problem.startswith("Invalid enum") else problem
    problem = _PATTERN.sub(" of the form that the standard gives", problem)
    embargo = path.split(".")[-1].startswith("embargoed")
    reason: Reason = "invalid-field"
    if "datetime" in problem:
        reason = "bad-embargo" if embargo else "bad-time"
        problem += "; write it as RFC 3339 with an offset, such as 2025-10-22T09:40:00+02:00"
    elif embargo:
        reason = "bad-embargo"
    where = f"`{shorten(path)}`: " if path else ""
    raise Rejected(reason, f"{record}: {where}{problem}") from error
