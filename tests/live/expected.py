"""Whether the records that came are those that a scenario expects. Pure: knows records as JSON, neither Kafka nor files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

Record = dict[str, Any]
"""A record as it is compared: its JSON with its Kafka `key`, the name of the scenario taken off its ids."""

ARTICLES, DEVELOPMENTS, INCIDENTS, ALERTS, DEAD_LETTERS, HELD = "articles", "developments", "incidents", "alerts", "dead-letters", "held"


def difference(expected: Any, actual: Any, where: str = "") -> str | None:
    """What in `actual` is not as expected, in words; none when all is. A mapping names some of the fields, a list is whole and in order,
    a text may hold `*` for anything."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = (difference(value, actual.get(name), f"{where}.{name}") for name, value in expected.items())
        return next(filter(None, found), None)
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return f"{where}: {len(actual)} instead of {len(expected)}: {actual}"
        found = (difference(*pair, f"{where}[{at}]") for at, pair in enumerate(zip(expected, actual, strict=True)))
        return next(filter(None, found), None)
    if isinstance(expected, str) and isinstance(actual, str) and "*" in expected:
        pattern = ".*".join(map(re.escape, expected.split("*")))
        return None if re.fullmatch(pattern, actual, re.DOTALL) else f"{where}: {actual!r} is not like {expected!r}"
    return None if expected == actual and type(expected) is type(actual) else f"{where}: {actual!r} instead of {expected!r}"


def mismatch(expected: Sequence[Record], threads: Sequence[Sequence[Record]]) -> str | None:
    """Why the records that came are not those expected, nothing more and nothing less; none when they are.

    Within a thread order counts, between threads it does not: what has different keys may come in any order.
    """
    if _interleaved(list(expected), [list(thread) for thread in threads]):
        return None
    came = [record for thread in threads for record in thread]
    if len(came) != len(expected):
        return f"{len(came)} records instead of {len(expected)}"
    lonely = [at for at, wanted in enumerate(expected) if all(difference(wanted, record) for record in came)]
    return "; ".join(f"record {at}{difference(expected[at], came[at])}" for at in lonely) or "the order is another"


def _interleaved(expected: list[Record], threads: list[list[Record]]) -> bool:
    if not expected:
        return not any(threads)
    first, rest = expected[0], expected[1:]
    for at, thread in enumerate(threads):
        left = [*threads[:at], thread[1:], *threads[at + 1 :]]
        if thread and difference(first, thread[0]) is None and _interleaved(rest, left):
            return True
    return False


def threads(records: Iterable[Record], thread: Callable[[Record], Hashable]) -> list[list[Record]]:
    """The records by thread, in the order they came."""
    found: dict[Hashable, list[Record]] = {}
    for record in records:
        found.setdefault(thread(record), []).append(record)
    return list(found.values())


def once(records: Iterable[Record], name: Callable[[Record], Hashable]) -> list[Record]:
    """The records without repeats: of one name the first, as a subscriber does."""
    found: dict[Hashable, Record] = {}
    for record in records:
        found.setdefault(name(record), record)
    return list(found.values())


def latest(records: Iterable[Record]) -> list[Record]:
    """Of each id the last, as a compacted topic keeps it."""
    return list({record["id"]: record for record in records}.values())


def broken_promises(alerts: Sequence[Record]) -> list[str]:
    """What no scenario may see, whatever it is about: a sentence for each fault of the alerts, repeats among them."""
    faults = []
    first: dict[str, Record] = {}
    for alert in alerts:
        if _unsent(first.setdefault(alert["id"], alert)) != _unsent(alert):
            faults.append(f"{alert['id']} came twice and differs")
    for thread in in_threads(ALERTS, alerts):
        told: list[str] = []
        last = "cancel"
        for alert in thread:
            if alert["references"] != told:
                faults.append(f"{alert['id']} refers to {alert['references']} after {told}")
            if (alert["msg_type"] == "alert") != (last == "cancel"):
                faults.append(f"{alert['msg_type']} after {last}")
            if len(alert["headline"]) > 120:
                faults.append(f"a headline of {len(alert['headline'])} characters: {alert['headline']}")
            told.append(alert["id"])
            last = alert["msg_type"]
    return faults


def _unsent(alert: Record) -> Record:
    return {name: value for name, value in alert.items() if name != "sent"}


def in_threads(name: str, records: Sequence[Record]) -> list[list[Record]]:
    """The records of a topic as they are compared: without repeats, and of what has a state the last one."""
    if name == HELD:
        return [[record] for record in latest(records) if record["held"]]
    if name == INCIDENTS:
        return [[record] for record in latest(records)]
    unique = once(records, lambda record: record["id"] if name == ALERTS else json.dumps(record))
    return threads(unique, lambda record: tuple(record.get(part) for part in ("key", "article", "incident")))
