"""The gold sets and what the tagger makes of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from streams.core.enrich import Tagger, enrich
from streams.core.records import Article

HERE = Path(__file__).parent
Item = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
"""(article, gold, predicted)"""


def held(article_id: str) -> bool:
    """Whether the article belongs to the third that is looked at last (by a hash of its id)."""
    return hashlib.blake2b(article_id.encode(), digest_size=1).digest()[0] % 3 == 0


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of `gold/NAME.jsonl`: `article` and `gold`."""
    return map(json.loads, (HERE / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def articles(name: str) -> Iterator[Article]:
    """The articles of `gold/NAME.jsonl`."""
    return (msgspec.convert(row["article"], Article) for row in rows(name))


def tagged(name: str, tagger: Tagger, language: str | None = None, split: str = "all") -> Iterator[Item]:
    """The articles of `gold/NAME.jsonl` with their gold and what the tagger finds. `split` is `work`, `held` or `all`."""
    for row in rows(name):
        article = row["article"]
        if (language and article["language"] != language) or (split != "all" and held(article["id"]) != (split == "held")):
            continue
        yield article, row["gold"], json.loads(msgspec.json.encode(enrich(msgspec.convert(article, Article), tagger)))
