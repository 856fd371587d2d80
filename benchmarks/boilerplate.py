"""The boilerplate tagger beside four known tools on the same plain lines: `python -m benchmarks.boilerplate [--data PAGES.jsonl.gz]`.

Wire text has lost its HTML, so each tool gets what is left of a page: every line as a paragraph of a minimal page. A line counts
as removed when the tool's output does not keep it, and for the tagger when boilerplate covers half of it or more. `--data` takes
pages with labelled lines ({"language", "lines", "labels"}: 1 boilerplate, 0 reporting, -1 unsure, not counted); without it the
gold articles are the pages. Speed is pages per second of processor time, over pages that were read once before.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.wire import GOLD
from evaluation.readme import write
from streams.core.boilerplate import Finder
from streams.core.records import Boilerplate
from streams.lexicons.boilerplate import load_finder

try:
    import justext
    import trafilatura
    from boilerpy3.extractors import NumWordsRulesExtractor
    from resiliparse.extract.html2text import extract_plain_text
except ImportError as error:
    sys.exit(f"the benchmark needs {error.name}: `make bench` installs it")

SECONDS = 1.0
"""Processor seconds that each tool is timed for at least."""
STOPLISTS = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ko": "Korean", "lt": "Lithuanian", "no": "Norwegian_Bokmal", "pt": "Portuguese", "ru": "Russian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip
"""Language -> jusText's name for its list of stop words."""


class Page(NamedTuple):
    """A page: its lines with their labels (1 boilerplate, 0 reporting, -1 unsure), and the same as text and as HTML."""

    language: str
    lines: list[str]
    labels: list[int]
    body: str
    html: str


class Tool(NamedTuple):
    """What is timed, and what its result says: whether each line of the page is removed."""

    run: Callable[[Page], Any]
    removed: Callable[[Page, Any], list[bool]]


def page(language: str, lines: list[str], labels: list[int]) -> Page:
    """The page of these lines."""
    paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)
    document = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title></title></head><body>\n{paragraphs}\n</body></html>'
    return Page(language, lines, labels, "\n".join(lines), document)


def gold_pages() -> Iterator[Page]:
    """The gold articles; a line is boilerplate where gold spans cover half of it or more."""
    for text in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        body, spans = row["article"]["body"], [(span["start"], span["end"]) for span in row["gold"]["boilerplate"]]
        lines = [line for line in body.split("\n") if line.strip()]
        yield page(row["article"]["language"], lines, list(map(int, half_covered(body, spans))))


def half_covered(body: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """For each line that is not blank, whether the spans cover half of it or more: the rule of the codebook."""
    covered, start = [], 0
    for line in body.split("\n"):
        end = start + len(line)
        if line.strip():
            covered.append(2 * sum(max(0, min(end, b) - max(start, a)) for a, b in spans) >= end - start)
        start = end + 1
    return covered


def labelled_pages(path: Path) -> Iterator[Page]:
    """The pages of a file of labelled lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for text in file:
            row = json.loads(text)
            yield page(row["language"], row["lines"], row["labels"])


def tools() -> dict[str, Tool]:
    """Name -> tool, each as it comes; of boilerpy3's extractors the one that finds most for what it loses on plain lines."""
    finder = load_finder()
    stoplists = {language: justext.get_stoplist(name) for language, name in STOPLISTS.items()}
    extractor = NumWordsRulesExtractor()

    def with_justext(page: Page) -> str:
        stoplist = stoplists.get(page.language)
        # Without stop words jusText is told so by thresholds of nought; else it would drop every line of the language.
        settings = {} if stoplist else {"stopwords_low": 0, "stopwords_high": 0}
        paragraphs = justext.justext(page.html, stoplist or frozenset(), **settings)
        return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)

    def read_anew(page: Page) -> list[Boilerplate]:
        """As on the first day: nothing of an earlier page is remembered."""
        return Finder(finder.cues).find(page.body, page.language)

    return {
        "newsroom": Tool(lambda page: finder.find(page.body, page.language), _tagged),
        "newsroom, nothing remembered": Tool(read_anew, _tagged),
        "jusText": Tool(with_justext, _not_kept),
        "boilerpy3": Tool(lambda page: extractor.get_content(page.html), _not_kept),
        "trafilatura": Tool(lambda page: trafilatura.extract(page.html), _not_kept),
        "resiliparse": Tool(lambda page: extract_plain_text(page.html, preserve_formatting=True, main_content=True), _not_kept),
    }


def _tagged(page: Page, found: Sequence[Boilerplate]) -> list[bool]:
    return half_covered(page.body, [(span.start, span.end) for span in found])


def _not_kept(page: Page, output: str | None) -> list[bool]:
    """By the letters and digits of the lines alone, for the tools change spaces and signs; a line that repeats is kept from the top."""
    left = Counter(_letters(line) for line in (output or "").split("\n"))
    removed = []
    for line in page.lines:
        letters = _letters(line)
        removed.append(not left[letters])
        left[letters] -= left[letters] > 0
    return removed


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line)) or line.strip()


def quality(tool: Tool, pages: Sequence[Page]) -> tuple[float, float, float, float]:
    """Precision, recall and F1 of the lines removed, and the share of the reporting lines among them."""
    count: Counter[tuple[int, bool]] = Counter()
    for each in pages:
        count.update(zip(each.labels, tool.removed(each, tool.run(each)), strict=True))
    right, wrong, missed, kept = count[1, True], count[0, True], count[1, False], count[0, False]
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return right / max(1, right + wrong), right / max(1, right + missed), f1, wrong / max(1, wrong + kept)


def speed(tool: Tool, pages: Sequence[Page]) -> float:
    """Pages a second of processor time: whole rounds over the pages until `SECONDS` have passed."""
    rounds, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < SECONDS:
        for each in pages:
            tool.run(each)
        rounds += 1
    return rounds * len(pages) / spent


def table(pages: Sequence[Page]) -> str:
    """The Markdown table: a row a tool; `to the tagger` is the tool's speed as a multiple of the tagger's."""
    labels = Counter(label for each in pages for label in each.labels)
    title = f"{len(pages)} pages, {labels[1]:,} lines of boilerplate, {labels[0]:,} of reporting"
    rows = [f"| {title} | precision | recall | F1 | reporting lost | pages/s | to the tagger |", "|---|---:|---:|---:|---:|---:|---:|"]
    own = 0.0
    for name, tool in tools().items():
        precision, recall, f1, lost = quality(tool, pages)
        rate = speed(tool, pages)
        own = own or rate
        rows.append(f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {lost:.1%} | {rate:,.0f} | {rate / own:.2f} |")
    return "\n".join(rows)


def main() -> None:
    """The command."""
    example = "Example: python -m benchmarks.boilerplate --write README.md"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=example)
    parser.add_argument("--data", type=Path, metavar="PAGES", help="gzipped pages with labelled lines (default: the gold articles)")
    parser.add_argument("--write", type=Path, metavar="README", help="put the table between the marks bench-boilerplate of this file")
    options = parser.parse_args()
    try:
        pages = list(labelled_pages(options.data) if options.data else gold_pages())
    except (OSError, EOFError, ValueError, KeyError) as error:
        sys.exit(f"{options.data or GOLD}: not readable as pages with labelled lines ({error!r}); see --help for the form")
    text = table(pages)
    print(text)
    if options.write:
        write(options.write, "bench-boilerplate", text)


if __name__ == "__main__":
    main()
