"""What one build of the tagger does: `python -m benchmarks.tagger` prints JSON, for `benchmarks.developments` to compare builds.

Start and memory come first, before anything else is loaded: from the first import to the first article out, and all languages loaded.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

BEGUN = time.perf_counter()

from benchmarks.wire import GOLD, dense, turned  # noqa: E402
from streams.core.boilerplate import Finder  # noqa: E402
from streams.core.enrich import enrich  # noqa: E402
from streams.core.records import Article  # noqa: E402
from streams.lexicons import load_tagger  # noqa: E402

COUNT = 600
"""Articles of each wire."""
SENTENCES = 12
"""Sentences of an article that tells no development."""


def mixed(count: int) -> Iterator[Article]:
    """One dense article, then nine of sentences that tell no development, and so on."""
    told: dict[str, list[str]] = {}
    for line in GOLD.with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["gold"]["developments"]:
            told.setdefault(row["article"]["language"], []).append(row["article"]["body"])
    quiet = [
        {"id": f"{language}-{at}", "language": language, "body": "\n".join(bodies[at : at + SENTENCES])}
        for language, bodies in sorted(told.items())
        for at in range(0, len(bodies), SENTENCES)
    ]
    others = turned(quiet, count)
    for number, article in enumerate(dense(count)):
        yield article if number % 10 == 0 else next(others)


def rate(run: Callable[[Article], object], articles: Sequence[Article]) -> float:
    """Articles a second of processor time, after a first round that loads the languages."""
    for article in articles[:60]:
        run(article)
    begun = time.process_time()
    for article in articles:
        run(article)
    return len(articles) / (time.process_time() - begun)


def measured() -> dict[str, float]:
    """Seconds to the first article, megabytes, and the rates."""
    tagger = load_tagger()
    article, *others = dense(60)
    enrich(article, tagger)
    ready = time.perf_counter() - BEGUN
    for article in others:
        enrich(article, tagger)
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

    def known(article: Article) -> object:
        return enrich(article, tagger)

    def anew(article: Article) -> object:
        return enrich(article, replace(tagger, furniture=Finder(tagger.furniture.cues)))

    wires = {"dense": dense(COUNT), "mixed": list(mixed(COUNT))}
    rates = {f"{wire}{state}": rate(run, wires[wire]) for wire in wires for state, run in (("", known), (" anew", anew))}
    return {"ready": ready, "memory": memory, **rates}


if __name__ == "__main__":
    print(json.dumps(measured()))
