"""The articles of the benchmarks: the gold repeated, with ids and texts varied so that no cache of whole texts helps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from streams import codec
from streams.core.records import Article

GOLD = Path(__file__).parents[1] / "evaluation" / "gold" / "dev.jsonl"


def articles(count: int) -> Iterator[Article]:
    """That many articles; the same ones every time."""
    originals = [json.loads(line)["article"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    for number in range(count):
        original = originals[number % len(originals)]
        lines = original["body"].split("\n")
        turn = number // len(originals) % len(lines)
        body = "\n".join([*lines[turn:], *lines[:turn], f"({number})"])
        yield codec.decode_article(json.dumps({**original, "id": f"bench-{number}", "body": body}).encode())


def messages(count: int) -> Iterator[tuple[bytes, bytes, list[tuple[str, bytes]]]]:
    """The same as messages of the wire: key, value, headers."""
    for article in articles(count):
        yield article.id.encode(), codec.encode(article), []
