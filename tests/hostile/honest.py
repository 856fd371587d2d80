"""What an honest article of a size costs: the measure for hostile ones, taken in the same run on the same machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle, islice, pairwise
from random import Random
from typing import Any

from tests.hostile.wires import article, documents, named

SIZES = (1_000, 4_000, 16_000, 64_000, 256_000)
"""Bytes. The least is the floor: it is what a flash has, a quarter of a usual article, and what takes no more than five of these stops
nobody. Below it the fixed costs of a message and the grain of the clock are measured, not the reading."""
_EACH = {1_000: 120, 4_000: 60, 16_000: 24, 64_000: 12, 256_000: 6}


def sized(size: int, number: int) -> bytes:
    """An article of about so many bytes, made of the gold of one language, its lines turned and numbered as no other's."""
    told = [document for document in documents() if document.get("body") and document.get("language")]
    first = told[number % len(told)]
    lines = [line for document in told if document["language"] == first["language"] for line in document["body"].split("\n")]
    turned = cycle(lines[number % len(lines) :] + lines[: number % len(lines)])
    body, length = [], 0
    for at, line in enumerate(islice(turned, size)):
        if length >= size:
            break
        body.append(f"{line} ({number}.{at})")
        length += len(body[-1].encode())
    fields: dict[str, Any] = {name: first.get(name) for name in ("language", "headline", "source", "published")}
    return article(Random(f"{size}/{number}"), **fields, body="\n".join(body))


class Measure:
    """Seconds that an honest article takes, by its bytes: between two sizes in proportion, past the largest in proportion to it."""

    def __init__(self, seconds: Callable[[bytes], float]) -> None:
        """`seconds` runs a message and returns its CPU time."""
        for document in documents():  # each language is loaded by its first article
            seconds(json.dumps(named(document, Random(document.get("id", "x")))).encode())
        self._points = [self._point(size, seconds) for size in SIZES]

    @staticmethod
    def _point(size: int, seconds: Callable[[bytes], float]) -> tuple[float, float]:
        values = [sized(size, number) for number in range(_EACH[size])]
        return sum(map(len, values)) / len(values), sum(map(seconds, values)) / len(values)

    def __call__(self, size: int) -> float:
        """Seconds for so many bytes; never fewer than for the least size."""
        for (low, fast), (high, slow) in pairwise(self._points):
            if size <= high:
                return fast + (slow - fast) * max(0.0, size - low) / (high - low)
        largest, seconds = self._points[-1]
        return seconds * size / largest

    def __str__(self) -> str:
        return ", ".join(f"{size / 1000:.0f} KB {seconds * 1000:.1f} ms" for size, seconds in self._points)
