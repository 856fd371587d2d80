"""The whole tagger beside spaCy's blank pipeline, which only cuts tokens and sentences: `python -m benchmarks.developments`.

Dense articles are those of the gold that tell developments, their lines turned so that no two are the same; in the mixed wire one in
ten is such, the others are made of sentences that tell none. Speed is articles a second of processor time; `nothing remembered`
means no line of an earlier article, as on the first day. Memory is that of a process with all languages loaded. The compiled build is
measured where `make compiled` has made one; builds take turns, and of each the best round counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.tagger import COUNT, mixed, rate
from benchmarks.wire import dense
from evaluation.readme import write
from evaluation.same import run

try:
    import spacy
except ImportError as error:
    sys.exit(f"the benchmark needs {error.name}: `make bench` installs it")

ROOT = Path(__file__).parents[1]
BUILDS = {"newsroom": ROOT, "newsroom compiled": ROOT / ".cache" / "compiled"}
ROUNDS = 2


def builds() -> dict[str, dict[str, float]]:
    """Build -> its best figures of all rounds."""
    there = {name: path for name, path in BUILDS.items() if (path / "streams").exists()}
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in there}
    for _ in range(ROUNDS):
        for name, path in there.items():
            rounds[name].append(json.loads(run(path, "benchmarks.tagger")))
    least = ("ready", "memory")
    return {name: {key: (min if key in least else max)(one[key] for one in ran) for key in ran[0]} for name, ran in rounds.items()}


def table() -> str:
    """The Markdown table and the line on start and memory."""
    rows = ["| articles/s on one core | dense conflict articles | mixed wire, one in ten |", "|---|---:|---:|"]
    measured = builds()
    for name, figures in measured.items():
        rows.append(f"| {name} | {figures['dense']:,.0f} | {figures['mixed']:,.0f} |")
        rows.append(f"| {name}, nothing remembered | {figures['dense anew']:,.0f} | {figures['mixed anew']:,.0f} |")
    cutters = {language: spacy.blank(language) for language in ("fr", "en", "de", "es", "it", "uk", "ru")}
    for cutter in cutters.values():
        cutter.add_pipe("sentencizer")
    cut = [rate(lambda article: cutters[article.language or "en"](article.body), wire) for wire in (dense(COUNT), list(mixed(COUNT)))]
    rows.append(f"| spaCy blank: tokens and sentences only | {cut[0]:,.0f} | {cut[1]:,.0f} |")
    starts = [f"{name}: ready in {one['ready']:.1f} s, {one['memory']:.0f} MB" for name, one in measured.items()]
    return "\n".join(rows) + f"\n\n{'; '.join(starts)}, with the seven full languages loaded."


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
