"""Scores the tagger on the gold by language and type, and shows its errors: for people who extend a lexicon.

python evaluation/developments.py [--language fr] [--set sentences] [--type capture] [--errors 40] [--split work|held|all]

A third of the gold (by a hash of the article's id) is `held`: look at it last.
"""

from __future__ import annotations

import argparse

import score
from gold import tagged

from streams.lexicons import load_tagger

SETS = ["dev", "sentences", "second/articles", "second/sentences"]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language")
    parser.add_argument("--set", action="append", choices=SETS)
    parser.add_argument("--type", help="show only errors of this type")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--fields", action="store_true", help="show the wrong fields too")
    parser.add_argument("--split", choices=["work", "held", "all"], default="all")
    options = parser.parse_args()
    tagger = load_tagger()
    for name in options.set or SETS:
        rows = list(tagged(name, tagger, options.language, options.split))
        shown: list[str] = []
        total = score.score(rows, 1, shown)
        score.show(name, total)
        negatives = [p for _, g, p in rows if not g["developments"]]
        wrong = sum(bool(p["developments"]) for p in negatives)
        print(f"           articles without a development: {len(negatives)}, with a false one: {wrong}")
        for language in sorted({a["language"] for a, _, _ in rows}) if not options.language else []:
            s = score.score([r for r in rows if r[0]["language"] == language])
            print(f"  {language}  developments P {s['developments']['p']} R {s['developments']['r']} F1 {s['developments']['f1']}")
        if options.errors:
            for kind, n in total["types"].items():
                print(f"  {kind:22} P {n['p']} R {n['r']} F1 {n['f1']}  ({n['tp']}+{n['fn']} gold)")
        mine = [e for e in shown if e.startswith(("missed", "wrong")) or options.fields]
        mine = [e for e in mine if not e.startswith("boilerplate") and (not options.type or f" {options.type} " in e)]
        print(*mine[: options.errors], sep="\n")


if __name__ == "__main__":
    main()
