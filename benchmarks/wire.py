"""The articles of the benchmarks: the gold repeated, with ids and texts varied so that no cache of whole texts helps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from streams import codec
from streams.core.records import Article

GOLD = Path(__file__).parents[1] / "evaluation" / "gold" / "dev.jsonl"


def articles(count: int) -> Iterator[Article]:
    """That many articles of the gold; the same ones every time."""
    return turned([json.loads(line)["article"] for line in GOLD.read_text(encoding="utf-8").splitlines()], count)


def dense(count: int) -> list[Article]:
    """Articles of the gold that tell developments, each with its lines turned."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return list(turned([row["article"] for row in rows if row["gold"]["developments"]], count))


def turned(originals: Sequence[Mapping[str, Any]], count: int) -> Iterator[Article]:
    """That many articles made of these, over and over, with other ids and their lines turned."""
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
