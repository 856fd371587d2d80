"""Honest wires to damage and to measure by: the samples and the articles of the gold, each under an id that no other has."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "streams" / "wires" / "sample"
GOLD = ROOT / "evaluation" / "gold" / "dev.jsonl"


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Every sample that is JSON, the shortest first, then every article of the gold."""
    samples = sorted((path.read_bytes() for path in SAMPLES.glob("*.json") if "broken" not in path.name), key=len)
    gold = [json.loads(line)["article"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return (*map(json.loads, samples), *gold)


@cache
def bodies(language: str) -> str:
    """The bodies of the gold in one language, a paragraph a line."""
    return "\n".join(document["body"] for document in documents() if document.get("language") == language and document.get("body"))


def named(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """The document under an id of its own, which one changed byte does not make another's."""
    name = "uri" if "uri" in document else "id"
    return {**document, name: f"{random.getrandbits(96):024x}"}


def wire(random: Random, number: int) -> bytes:
    """An honest wire; the same number, the same document."""
    return json.dumps(named(documents()[number % len(documents())], random), ensure_ascii=False).encode()


def article(random: Random, **fields: object) -> bytes:
    """An article of ours with these fields and an id of its own."""
    return json.dumps(named({"id": "", "language": "en", **fields}, random), ensure_ascii=False).encode("utf-8", "surrogatepass")
