"""Fits what the signs of a party are worth (`streams/lexicons/parties.json`) to the gold: a log-linear model over pairs of parties.

python evaluation/fit.py [--rounds 2] [--folds 5] [--write]

Each matched development of the gold is one example: of all pairs (actor, target) that `streams.core.fields.parties` considers, the gold's
is to be the most likely one. Weights are fitted by L-BFGS on the penalised likelihood (L2). What the article told before is a sign too,
so fitting is done in rounds: each tags the gold with the weights of the round before. `--folds` first shows how well weights fitted to
some articles do on others: that is the figure to believe. Plain sentences (`plain/`) count
too, each less than an example of the gold: they say in all languages what the gold, which looks for the rare ways, seldom says.
Build time only; needs scipy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from gold import tagged
from plain import tellings
from scipy import sparse
from scipy.optimize import minimize
from score import match

from streams.core.actors import ActorMention
from streams.core.enrich import enrich
from streams.core.fields import who
from streams.core.fields.parties import Field, field
from streams.core.fields.signs import Scene
from streams.core.records import Article
from streams.core.tagger import Tagger
from streams.core.weights import Weights
from streams.lexicons import ROOT, load_tagger

TARGET = ROOT / "parties.json"
SETS = ("dev", "sentences", "second/articles", "second/sentences")
PENALTY = 8.0
"""Of the squares of the weights: what does best on articles that were not fitted to (1 to 16 were tried)."""
SMALL = 0.03
"""Weights below it are left out of the table."""
PLAIN = 0.5
"""How much a plain line counts beside an example of the gold."""
RARE = 4
"""Signs seen in fewer examples are left out."""


Key = tuple[str, str, str]
"""role, sign, and the type it is for, or `all`"""
Table = dict[str, dict[str, dict[str, float]]]


@dataclass
class Example:
    """A development of the gold, and what may be chosen for it."""

    article: str
    type: str
    actor: frozenset[str]
    target: frozenset[str]
    field: Field
    count: float = 1.0
    """How much it counts."""

    @property
    def right(self) -> int:
        """The number of the right choice; -1 where the gold's parties are no candidates."""
        gold = (self.actor, self.target)
        return next((i for i, c in enumerate(self.field.choices) if (frozenset(c.actor), frozenset(c.target)) == gold), -1)


def examples(tagger: Tagger) -> Iterator[Example]:
    """The matched developments of all sets and of the plain lines, as the tagger's present weights lead to them."""
    considered: list[tuple[str, int, Field]] = []
    choose = who.choose

    def noted(scene: Scene, mentions: Sequence[ActorMention]) -> tuple[list[str], list[str]]:
        at = scene.reading.sentence.starts[scene.found.trigger]
        considered.append((scene.found.type, at, field(scene, mentions)))
        return choose(scene, mentions)

    who.choose = noted
    try:
        yield from _from_gold(tagger, considered)
        for number, one in enumerate(tellings()):
            considered.clear()
            enrich(Article(id=f"plain{number}", body=one.text, language=one.language), tagger)
            if seen := [c for kind, _, c in considered if kind == one.type]:
                yield Example(f"plain{one.text[:12]}", one.type, one.actor, one.target, seen[0], PLAIN)
    finally:
        who.choose = choose


def _from_gold(tagger: Tagger, considered: list[tuple[str, int, Field]]) -> Iterator[Example]:
    for name in SETS:
        for article, gold, predicted in tagged(name, tagger):
            for told, found in match(gold["developments"], predicted["developments"])[0]:
                seen = [c for kind, at, c in considered if kind == found["type"] and found["start"] <= at < found["end"]]
                if seen:
                    yield Example(article["id"], told["type"], frozenset(told["actor"]), frozenset(told["target"]), seen[0])
            considered.clear()


class Model:
    """Signs by scope as columns, choices as rows."""

    def __init__(self, some: Sequence[Example]):
        counts = Counter(key for one in some for key in {key for row in self._keys(one) for key in row})
        self.columns = {key: i for i, key in enumerate(sorted(key for key, n in counts.items() if n >= RARE))}
        self.weights = self._fit([one for one in some if one.right >= 0])

    @staticmethod
    def _keys(one: Example) -> Iterator[list[Key]]:
        """The keys of each choice."""

        def keys(role: str, signs: Sequence[str]) -> list[Key]:
            return [(role, sign, scope) for sign in signs for scope in ("all", one.type)]

        acts = {side: keys("actor", signs) for side, signs in one.field.signs.items()}
        suffers = {side: keys("target", signs) for side, signs in one.field.signs.items()}
        for choice in one.field.choices:
            yield [*acts[choice.actor], *suffers[choice.target], *keys("pair", choice.signs)]

    def _rows(self, some: Sequence[Example]) -> tuple[Any, np.ndarray]:
        columns = [[self.columns[key] for key in row if key in self.columns] for one in some for row in self._keys(one)]
        ends = np.cumsum([0, *map(len, columns)])
        flat = np.fromiter((c for row in columns for c in row), dtype=np.int64, count=ends[-1])
        starts = np.cumsum([0, *(len(one.field.choices) for one in some)])
        return sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(columns), len(self.columns))), starts

    def _fit(self, some: Sequence[Example]) -> np.ndarray:
        rows, starts = self._rows(some)
        right = starts[:-1] + np.array([one.right for one in some])
        owner = np.repeat(np.arange(len(some)), np.diff(starts))
        counted = np.array([one.count for one in some])
        wanted = np.asarray(rows[right].T @ counted).ravel()
        turned = rows.T.tocsr()

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            worth = rows @ weights
            top = np.maximum.reduceat(worth, starts[:-1])
            power = np.exp(worth - top[owner])
            total = np.add.reduceat(power, starts[:-1])
            likelihood = float(counted @ (worth[right] - top - np.log(total)))
            expected = turned @ (power * (counted / total)[owner])
            return PENALTY / 2 * float(weights @ weights) - likelihood, expected - wanted + PENALTY * weights

        return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x)

    def right(self, some: Sequence[Example]) -> tuple[float, float]:
        """Shares of actors and of targets that are right."""
        rows, starts = self._rows(some)
        worth = rows @ self.weights
        hits = np.zeros(2)
        for number, one in enumerate(some):
            values = worth[starts[number] : starts[number + 1]]
            share = np.exp(values - values.max())
            actors: Counter[frozenset[str]] = Counter()
            targets: Counter[frozenset[str]] = Counter()
            for choice, part in zip(one.field.choices, share, strict=True):
                actors[frozenset(choice.actor)] += part
                targets[frozenset(choice.target)] += part
            hits += (max(actors, key=actors.__getitem__) == one.actor, max(targets, key=targets.__getitem__) == one.target)
        return tuple(hits / len(some))

    def table(self) -> Table:
        """Role -> sign -> scope -> weight, the small ones left out."""
        out: Table = {}
        for (role, sign, scope), column in self.columns.items():
            if abs(value := round(float(self.weights[column]), 2)) >= SMALL:
                out.setdefault(role, {}).setdefault(sign, {})[scope] = value
        return out


def fold(article: str, folds: int) -> int:
    """The part of the gold that an article belongs to."""
    return int.from_bytes(hashlib.blake2b(article.encode(), digest_size=4).digest(), "big") % folds


def write(table: Table, path: Path) -> None:
    """A sign a line."""
    roles = []
    for role, signs in sorted(table.items()):
        lines = [f"  {json.dumps(sign)}: {json.dumps(by)}" for sign, by in sorted(signs.items())]
        roles.append(f"{json.dumps(role)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(roles) + "\n}\n", encoding="utf-8")


def summary(some: Sequence[Example]) -> str:
    """How many examples there are, and how many can be right."""
    gold = [one for one in some if one.count == 1]
    reached = sum(one.right >= 0 for one in gold) / len(gold)
    return f"{len(gold)} developments and {len(some) - len(gold)} plain lines; of the gold {reached:.3f} within reach"


def folded(some: Sequence[Example], part: int, folds: int) -> tuple[int, np.ndarray]:
    """(number, shares right) of the gold in one part, by weights fitted to the others."""
    model = Model([one for one in some if fold(one.article, folds) != part])
    other = [one for one in some if one.count == 1 and fold(one.article, folds) == part]
    return len(other), np.array(model.right(other))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="replace parties.json")
    options = parser.parse_args()
    tagger = load_tagger()
    for number in range(options.rounds):
        some = list(examples(tagger))
        print(f"round {number + 1}: {summary(some)}", flush=True)
        if options.folds > 1:
            other = [folded(some, part, options.folds) for part in range(options.folds)]
            total = sum(n for n, _ in other)
            actor, target = sum(n * shares for n, shares in other) / total
            print(f"  on articles not fitted to: actor {actor:.3f}, target {target:.3f}", flush=True)
        model = Model(some)
        for name, count in (("the gold", 1.0), ("the plain lines", PLAIN)):
            if part := [one for one in some if one.count == count]:
                print("  on {}, fitted to: actor {:.3f}, target {:.3f}".format(name, *model.right(part)), flush=True)
        tagger = replace(tagger, parties=Weights(model.table(), tagger.parties.foes))
    if options.write:
        write(model.table(), TARGET)


if __name__ == "__main__":
    main()
