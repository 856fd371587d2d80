"""Subscriptions in YAML files, a document each: read, and their faults named with line, path and cure. Sends nothing."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from streams.cli.errors import USAGE, Failure
from streams.core.records import Subscription
from streams.core.subscriptions import check

_FIELD = re.compile(r"field `(.*)`", re.DOTALL)
_VALUE = re.compile(r"enum value '(.*?)'", re.DOTALL)
_PLACE = re.compile(r" - at `(.*)`$", re.DOTALL)
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


class Fault(NamedTuple):
    """What is wrong in a file."""

    line: int
    document: int
    text: str
    """The path, what is wrong there, and the cure."""


class Invalid(Exception):
    """A file that holds something else than subscriptions; carries every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


def read(path: str) -> list[Subscription]:
    """The subscriptions of a file, or of standard input (`-`).

    :raises Invalid: one of its documents is no subscription.
    :raises Failure: the file cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Failure(f"{path}: {(error.strerror or str(error)).lower()}", USAGE) from error
    return parse(data)


def parse(data: bytes) -> list[Subscription]:
    """The subscriptions of a YAML stream, a document each.

    :raises Invalid: it is no YAML, or one of its documents is no subscription.
    """
    found: dict[str, Subscription] = {}
    faults: list[Fault] = []
    for number, node in enumerate(_documents(data), 1):
        try:
            subscription = _subscription(node, number)
            if subscription.id in found:
                raise Invalid([_fault(node, number, "id", f"{subscription.id} stands in this file twice; give the other a new id")])
            found[subscription.id] = subscription
        except Invalid as error:
            faults += error.faults
    if faults:
        raise Invalid(faults)
    if not found:
        raise Invalid([Fault(1, 1, "there is no subscription here; write at least an id")])
    return list(found.values())


def _documents(data: bytes) -> list[yaml.Node]:
    try:
        return [node for node in yaml.compose_all(data, Loader=yaml.BaseLoader) if node is not None and node.value != ""]
    except (yaml.YAMLError, RecursionError) as error:
        raise Invalid([_no_yaml(error, 0)]) from error


def _no_yaml(error: yaml.YAMLError | RecursionError, document: int) -> Fault:
    mark = error.problem_mark or error.context_mark if isinstance(error, yaml.MarkedYAMLError) else None
    said = error.problem or error.context if isinstance(error, yaml.MarkedYAMLError) else str(error)
    return Fault(mark.line + 1 if mark else 1, document, f"this is no YAML that can be used: {said}; correct it")


def _subscription(node: yaml.Node, document: int) -> Subscription:
    try:
        # All scalars are strings here, and the types say what they mean: 22:00 stays a time of day, and NO a word.
        plain = yaml.BaseLoader("").construct_document(node)
        doubled = list(_doubled(node))
    except (yaml.YAMLError, RecursionError) as error:
        raise Invalid([_no_yaml(error, document)]) from error
    if doubled:
        raise Invalid([_fault(key, document, "", f"`{key.value}` stands here twice; keep one") for key in doubled])
    try:
        subscription = msgspec.convert(plain, Subscription, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([_explained(node, document, str(error))]) from error
    faults = [_fault(node, document, *text.split(": ", 1)) for text in check(subscription)]
    if faults:
        raise Invalid(faults)
    return subscription


def _explained(node: yaml.Node, document: int, said: str) -> Fault:
    """What msgspec says is wrong, with the place in the file and the cure."""
    place = _PLACE.search(said)
    path = place[1].removeprefix("$").removeprefix(".") if place else ""
    problem = said[: place.start()] if place else said
    if unknown := _FIELD.search(problem):
        name = unknown[1]
        if "missing" in problem:
            return _fault(node, document, path, f"`{name}` is missing; write it")
        return _fault(node, document, f"{path}.{name}".removeprefix("."), f"this is no field{_close(name, _fields(path))}")
    value = _at(node, path)[0]
    if wrong := _VALUE.search(problem):
        return _fault(node, document, path, f"{wrong[1]!r} is not allowed{_close(wrong[1], _allowed(path))}")
    shown = f"{value.value!r}: " if isinstance(value, yaml.ScalarNode) else ""
    cure = "write [a, b] or a line with - for each" if "`array`" in problem else "see docs/subscribing.md"
    return _fault(node, document, path, f"{shown}{problem[:1].lower()}{problem[1:]}; {cure}")


def _fields(path: str) -> list[str]:
    return [field.name for field in msgspec.structs.fields(_type(path))]


def _type(path: str) -> Any:
    """The record that stands at a path of a subscription."""
    from streams.core.records import Circle, QuietHours

    return {"": Subscription, "quiet": QuietHours}.get(path, Circle)


def _allowed(path: str) -> list[str]:
    schema = msgspec.json.schema(Subscription)["$defs"]["Subscription"]["properties"][path.partition("[")[0]]
    return list(schema.get("enum") or schema["items"]["enum"])


def _close(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; allowed: {', '.join(known)}"


def _fault(node: yaml.Node, document: int, path: str, text: str) -> Fault:
    return Fault(_at(node, path)[1], document, f"{path}: {text}" if path else text)


def _at(node: yaml.Node, path: str) -> tuple[yaml.Node, int]:
    """The node at a path and its line; where the path ends early, how far it went."""
    line = node.start_mark.line + 1
    for name, index in _STEP.findall(path):
        if index and isinstance(node, yaml.SequenceNode) and int(index) < len(node.value):
            node = node.value[int(index)]
        elif isinstance(node, yaml.MappingNode) and (found := [pair for pair in node.value if pair[0].value == name]):
            line, node = found[0][0].start_mark.line + 1, found[0][1]
            continue
        else:
            break
        line = node.start_mark.line + 1
    return node, line


def _doubled(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The keys that stand in one mapping twice: YAML lets the last win, which nobody means."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        yield from (key for number, (key, _) in enumerate(node.value) if isinstance(key, yaml.ScalarNode) and key.value in names[:number])
    children = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
    if isinstance(node, yaml.CollectionNode):
        for child in children:
            yield from _doubled(child)
