"""The quality tables of the README: by language, by type, by field, with what is bad left in.

python evaluation/report.py [--write README.md]     (`make score`)
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gold import Item, tagged
from readme import write
from score import FIELDS, match, score

from streams.lexicons import load_tagger

LANGUAGES = ("fr", "en", "de", "es", "it", "uk", "ru")


def percent(value: float | None) -> str:
    """A share as the tables show it."""
    return "–" if value is None else f"{value:.3f}"[1:] if value < 1 else "1.0"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def by_language(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    """All, then each language."""
    return [("all", list(items)), *((code, [i for i in items if i[0]["language"] == code]) for code in LANGUAGES)]


def boilerplate(items: Sequence[Item]) -> str:
    """Lines and characters of boilerplate found in whole articles or in single lines."""
    rows = []
    for name, some in by_language(items):
        b = score(some)["boilerplate"]
        rows.append([name, *(percent(b[k]) for k in ("p", "r", "f1", "fpr", "class", "char_f1"))])
    return table(["", "precision", "recall", "F1", "reporting lines tagged", "class right", "character F1"], rows)


def developments(dev: Sequence[Item], sentences: Sequence[Item]) -> str:
    """Developments found (type and evidence), in articles and in single sentences."""
    rows = []
    for (name, articles), (_, lines) in zip(by_language(dev), by_language(sentences), strict=True):
        a, s = score(articles), score(lines)
        negatives = [p for _, g, p in lines if not g["developments"]]
        false = sum(bool(p["developments"]) for p in negatives) / len(negatives)
        cells = [a["developments"][k] for k in ("p", "r", "f1")] + [a["conflict_article"]["f1"]]
        rows.append([name, *map(percent, cells + [s["developments"][k] for k in ("p", "r", "f1")] + [false])])
    return table(["", "articles P", "R", "F1", "conflict or not F1", "sentences P", "R", "F1", "negatives with any"], rows)


def fields(dev: Sequence[Item], sentences: Sequence[Item]) -> str:
    """Fields right over matched developments, articles / sentences."""
    rows = []
    for (name, articles), (_, lines) in zip(by_language(dev), by_language(sentences), strict=True):
        a, s = score(articles)["fields"], score(lines)["fields"]
        rows.append([name, *(f"{percent(a[f])} / {percent(s[f])}" for f in FIELDS)])
    return table(["", *FIELDS], rows)


def types(dev: Sequence[Item], sentences: Sequence[Item]) -> str:
    """Each type, and what it is taken for: another type told where the gold has this one, and not this one."""
    everything = score([*dev, *sentences])["types"]
    a, s = score(dev)["types"], score(sentences)["types"]
    none = {"f1": None}
    confusion: dict[str, Counter[str]] = {}
    for _, gold, predicted in [*dev, *sentences]:
        _, missed, wrong = match(gold["developments"], predicted.get("developments") or [])
        for g in missed:
            for p in wrong:
                if min(g["end"], p["end"]) > max(g["start"], p["start"]):
                    confusion.setdefault(g["type"], Counter())[p["type"]] += 1
    rows = []
    for kind, n in sorted(everything.items(), key=lambda pair: pair[1]["f1"] or 0):
        taken = ", ".join(f"{other} {count}" for other, count in confusion.get(kind, Counter()).most_common(3))
        f1 = [percent(part.get(kind, none)["f1"]) for part in (a, s)]
        rows.append([kind, str(n["tp"] + n["fn"]), percent(n["p"]), percent(n["r"]), percent(n["f1"]), *f1, taken])
    return table(["", "in gold", "P", "R", "F1", "F1 articles", "F1 sentences", "missed and told as"], rows)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="put the tables between the marks `<!-- score -->` and `<!-- /score -->` of this file")
    options = parser.parse_args()
    tagger = load_tagger()
    dev, sentences = list(tagged("dev", tagger)), list(tagged("sentences", tagger))
    lines, more_lines, pages, more_dev, more_sentences = (
        list(tagged(name, tagger)) for name in ("lines", "second/lines", "second/pages", "second/articles", "second/sentences")
    )
    parts = [
        f"Boilerplate, {len(dev)} articles:",
        boilerplate(dev),
        f"Boilerplate, {len(lines)} single lines, a third of them reporting that looks like it:",
        boilerplate(lines),
        f"The same by a second hand, {len(more_lines):,} lines:",
        boilerplate(more_lines),
        f"and {len(pages)} whole pages:",
        boilerplate(pages),
        f"Developments, {len(dev)} articles and {len(sentences):,} single sentences that each say it in another way:",
        developments(dev, sentences),
        f"The same by a second hand, {len(more_dev)} articles and {len(more_sentences):,} sentences:",
        developments(more_dev, more_sentences),
        "Fields, share right over matched developments, articles / sentences:",
        fields(dev, sentences),
        "Types, articles and sentences together, the worst first:",
        types(dev, sentences),
    ]
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        write(options.write, "score", text)


if __name__ == "__main__":
    main()
