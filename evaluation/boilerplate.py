"""Measures the boilerplate tagger: `python evaluation/boilerplate.py [PAGES.jsonl.gz]`.

Prints the gold articles by language, the gold lines by language and class with the false alarms on reporting lines, and,
where pages with labelled lines are given ({"language", "lines", "labels"}: 1 boilerplate, 0 reporting, -1 unsure), the
curve of recall against the share of reporting lines tagged, and the speed. `--part fit|held` takes the two thirds or the
third of the gold that a hash of the id sets aside, `--errors` lists what went wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import zlib
from collections import Counter, defaultdict
from pathlib import Path

from streams.lexicons.boilerplate import load_finder

GOLD = Path(__file__).parent / "gold"


def held(identifier: str) -> bool:
    """Whether the item belongs to the third that is set aside."""
    return zlib.crc32(identifier.encode()) % 3 == 0


def rows(name: str, part: str):
    """The items of a gold file that the part takes."""
    for text in (GOLD / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        if part == "all" or held(row["article"]["id"]) == (part == "held"):
            yield row["article"], row["gold"]


def line_classes(body: str, spans: list[tuple[int, int, str]]):
    """(start, end, class or None) of each line: the class that covers half of it or more."""
    start = 0
    for line in body.split("\n"):
        end = start + len(line)
        if line.strip():
            covered: Counter[str] = Counter()
            for a, b, cls in spans:
                covered[cls] += max(0, min(end, b) - max(start, a))
            yield start, end, covered.most_common(1)[0][0] if 2 * sum(covered.values()) >= end - start and covered else None
        start = end + 1


def compare(items, finder, errors: list[str]):
    """Counts by language: lines and characters found, missed and wrong."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for article, gold in items:
        body, c = article["body"], counts[article["language"]]
        want = [(s["start"], s["end"], s["class"]) for s in gold["boilerplate"]]
        found = finder.find(body, article["language"], article["headline"])
        got = [(s.start, s.end, s.cls) for s in found]
        for (start, end, g), (_, _, p) in zip(line_classes(body, want), line_classes(body, got), strict=True):
            c["tp"] += bool(g and p)
            c["fp"] += bool(p and not g)
            c["fn"] += bool(g and not p)
            c["reporting"] += not g
            c["class"] += bool(g and g == p)
            rule = next((s.rule for s in found if s.start < end and s.end > start), "")
            if bool(g) != bool(p) or g != p:
                errors.append(f"{article['language']} want {g} got {p} ({rule}) | {body[start:end][:150]}")
        a, b = ({i for x, y, _ in spans for i in range(x, y)} for spans in (want, got))
        c["ctp"] += len(a & b)
        c["cfp"] += len(b - a)
        c["cfn"] += len(a - b)
        for x, y, _ in sorted({(s[0], s[1], "") for s in got} ^ {(s[0], s[1], "") for s in want}):
            if len(body) > 400:
                kind = "spurious or other" if any(s[:2] == (x, y) for s in got) else "missed"
                errors.append(f"{article['language']} {kind} span | {body[x:y][:110]}")
    return counts


def ratio(a: int, b: int) -> str:
    """A share with three digits; a dash where there is nothing to share."""
    return f"{a / b:.3f}" if b else "  -  "


def show(title: str, counts: dict[str, Counter[str]]) -> None:
    """A row by language and one for all."""
    print(title)
    total: Counter[str] = Counter()
    for language in sorted(counts):
        total.update(counts[language])
    for language, c in [*sorted(counts.items()), ("all", total)]:
        print(
            f"  {language:4} P {ratio(c['tp'], c['tp'] + c['fp'])} R {ratio(c['tp'], c['tp'] + c['fn'])}"
            f" F1 {ratio(2 * c['tp'], 2 * c['tp'] + c['fp'] + c['fn'])}"
            f"  class {ratio(c['class'], c['tp'])}  reporting tagged {ratio(c['fp'], c['reporting'])} ({c['fp']}/{c['reporting']})"
            f"  char F1 {ratio(2 * c['ctp'], 2 * c['ctp'] + c['cfp'] + c['cfn'])}  n {c['tp'] + c['fn']}"
        )


def by_class(items, finder) -> None:
    """Recall of the gold lines by class and language."""
    table: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for article, gold in items:
        for span in gold["boilerplate"]:
            found = finder.find(article["body"], article["language"], article["headline"])
            hit = any(s.start < span["end"] and s.end > span["start"] for s in found)
            for key in (article["language"], "all"):
                table[span["class"]][key][0] += hit
                table[span["class"]][key][1] += 1
    languages = ["de", "en", "es", "fr", "it", "ru", "uk", "all"]
    print("recall of lines".ljust(14) + "".join(f"{x:>9}" for x in languages))
    for cls in sorted(table):
        print(f"  {cls:12}" + "".join(f"{table[cls][x][0]:>5}/{table[cls][x][1]:<3}" for x in languages))


def pages(path: str):
    """(language, body, labels) of the labelled pages."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for text in file:
            page = json.loads(text)
            yield page["language"], "\n".join(page["lines"]), page["labels"]


def shares(c: Counter[str]) -> str:
    """Recall of the boilerplate lines and the share of the reporting lines tagged."""
    return f"{ratio(c['1 True'], c['1 True'] + c['1 False'])} {ratio(c['0 True'], c['0 True'] + c['0 False'])}"


def curve(path: str, errors: list[str]) -> None:
    """Recall against the share of reporting lines tagged, over thresholds; then the speed at the usual one."""
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    print("threshold  recall  reporting tagged   (outside pages)")
    for threshold in (0.4, 0.5, 0.6, 0.75, 0.9, 1.0, 1.25, 1.5):
        finder = load_finder(threshold)
        c: Counter[str] = Counter()
        for language, body, labels in pages(path):
            lines = list(line_classes(body, [(s.start, s.end, s.cls) for s in finder.find(body, language)]))
            if len(lines) != len(labels):
                lines = [(0, 0, None)] * len(labels)
                c["odd"] += 1
            for (start, end, p), label in zip(lines, labels, strict=True):
                c[f"{label} {bool(p)}"] += 1
                if threshold == 1.0:
                    by_language[language if language in finder.cues.languages else "no data"][f"{label} {bool(p)}"] += 1
                if threshold == 1.0 and p and label == 0:
                    errors.append(f"{language} {p} | {body[start:end][:140]}")
        print(f"{threshold:9}  {shares(c)}" + (f"  lines unlike labels on {c['odd']} pages" if c["odd"] else ""))
    print("at 1.0:  " + "  ".join(f"{language} {shares(c)}" for language, c in sorted(by_language.items())))
    data = list(pages(path))
    finder = load_finder()
    best = 0.0
    for _ in range(3):
        begin = time.process_time()
        for language, body, _labels in data:
            finder.find(body, language)
        best = max(best, len(data) / (time.process_time() - begin))
    print(f"{best:.0f} pages/s on one core")


def main() -> None:
    """Prints what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?")
    parser.add_argument("--part", choices=["all", "fit", "held"], default="all")
    parser.add_argument("--language")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    finder = load_finder()
    errors: list[str] = []

    def items(name: str):
        return [(a, g) for a, g in rows(name, options.part) if options.language in (None, a["language"])]

    show("articles", compare(items("dev.jsonl"), finder, errors))
    show("lines", compare(items("lines.jsonl"), finder, errors))
    show("lines of a second hand", compare(items("second/lines.jsonl"), finder, errors))
    show("pages of a second hand", compare(items("second/pages.jsonl"), finder, errors))
    show("sentences (all reporting)", compare([(a, {"boilerplate": []}) for a, _ in items("sentences.jsonl")], finder, errors))
    by_class(items("lines.jsonl"), finder)
    if options.errors:
        print(*errors, sep="\n")
    if options.pages:
        outside: list[str] = []
        curve(options.pages, outside)
        if options.errors:
            print(*outside, sep="\n")


if __name__ == "__main__":
    main()
