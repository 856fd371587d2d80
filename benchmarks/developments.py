"""The whole tagger beside spaCy's blank pipeline, which only cuts tokens and sentences: `python -m benchmarks.developments`.

Dense articles are those of the gold that tell developments, their lines turned so that no two are the same; in the mixed wire one in
ten is such, the others are made of sentences that tell none. Speed is articles a second of processor time; `nothing remembered`
means no line of an earlier article, as on the first day. Memory is that of a process with all languages loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.wire import GOLD, dense, turned
from evaluation.readme import write
from streams.core.boilerplate import Finder
from streams.core.enrich import enrich
from streams.core.records import Article
from streams.lexicons import load_tagger

try:
    import spacy
except ImportError as error:
    sys.exit(f"the benchmark needs {error.name}: pip install -c constraints.txt -e '.[bench]', or `make bench`")

COUNT = 600
"""Articles of each wire."""
SENTENCES = 12
"""Sentences of an article that tells no development."""
MEASURE = """
import resource, sys, time
begun = time.perf_counter()
from benchmarks.wire import dense
from streams.core.enrich import enrich
from streams.lexicons import load_tagger
tagger = load_tagger()
article, *others = dense(60)
enrich(article, tagger)
ready = time.perf_counter() - begun
for article in others:
    enrich(article, tagger)
print(ready, int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6)
"""


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


def table() -> str:
    """The Markdown table and the line on start and memory."""
    tagger = load_tagger()
    cutters = {language: spacy.blank(language) for language in ("fr", "en", "de", "es", "it", "uk", "ru")}
    for cutter in cutters.values():
        cutter.add_pipe("sentencizer")

    def anew(article: Article) -> object:
        return enrich(article, replace(tagger, furniture=Finder(tagger.furniture.cues)))

    tools: dict[str, Callable[[Article], object]] = {
        "newsroom": lambda article: enrich(article, tagger),
        "newsroom, nothing remembered": anew,
        "spaCy blank: tokens and sentences only": lambda article: cutters[article.language or "en"](article.body),
    }
    wires = {"dense": dense(COUNT), "mixed": list(mixed(COUNT))}
    rows = ["| articles/s on one core | dense conflict articles | mixed wire, one in ten |", "|---|---:|---:|"]
    for name, run in tools.items():
        rows.append(f"| {name} | {rate(run, wires['dense']):,.0f} | {rate(run, wires['mixed']):,.0f} |")
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
    ready, memory = map(float, done.stdout.split())
    return "\n".join(rows) + f"\n\nReady in {ready:.1f} s; {memory:.0f} MB with the seven full languages loaded."


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="README", help="put the table between the marks bench-developments of this file")
    options = parser.parse_args()
    text = table()
    print(text)
    if options.write:
        write(options.write, "bench-developments", text)


if __name__ == "__main__":
    main()
