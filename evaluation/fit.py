"""Fits what the signs of parties and places are worth (`streams/lexicons/weights.json`) to the gold: two log-linear models.

python evaluation/fit.py [--rounds 2] [--folds 5] [--write README.md]      (`make fit` writes)

Each matched development of the gold is an example twice: of all pairs (actor, target) that `streams.core.fields.parties` considers, and of
all places that `streams.core.fields.spots` considers, the gold's is to be the most likely. Weights are fitted by L-BFGS on the penalised
likelihood (L2). What the article told before is a sign too, so fitting is done in rounds: each tags the gold with the weights of the round
before. `--folds` shows how well weights fitted to some articles do on others: that is the figure to believe, if a little too good: what an
article told before was found by the weights of the round before, which had seen it. Plain sentences
(`plain/`) count too, each less than an example of the gold: they say in all languages what the gold, which looks for the rare ways, seldom
says. Build time only; needs scipy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import readme
from gold import tagged
from plain import tellings
from report import LANGUAGES, percent, table
from scipy import sparse
from scipy.optimize import minimize
from score import match, same

from streams.core.actors import ActorMention
from streams.core.enrich import enrich
from streams.core.fields import parties, where
from streams.core.fields.parties import Field, Side, field
from streams.core.fields.signs import Scene
from streams.core.fields.spots import Setting, Spot, spots
from streams.core.records import Article
from streams.core.tagger import Tagger
from streams.core.weights import Weights
from streams.lexicons import ROOT, load_tagger

TARGET = ROOT / "weights.json"
SETS = ("dev", "sentences", "second/articles", "second/sentences")
PENALTY = 4.0
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
    """A development of the gold, what may be chosen for it, and how much it counts."""

    article: str
    language: str
    type: str
    count: float

    def keys(self, role: str, signs: Sequence[str]) -> list[Key]:
        """The columns of the signs."""
        return [(role, sign, scope) for sign in signs for scope in ("all", self.type)]


@dataclass
class PartyExample(Example):
    """Of pairs of parties."""

    actor: frozenset[str]
    target: frozenset[str]
    field: Field

    @property
    def right(self) -> int:
        """The number of the right choice; -1 where the gold's is no candidate."""
        gold = (self.actor, self.target)
        return next((i for i, c in enumerate(self.field.choices) if (frozenset(c.actor), frozenset(c.target)) == gold), -1)

    def rows(self) -> Iterator[list[Key]]:
        """The columns of each choice."""
        acts = {side: self.keys("actor", signs) for side, signs in self.field.signs.items()}
        suffers = {side: self.keys("target", signs) for side, signs in self.field.signs.items()}
        for choice in self.field.choices:
            yield [*acts[choice.actor], *suffers[choice.target], *self.keys("pair", choice.signs)]

    def hits(self, shares: np.ndarray) -> tuple[bool, bool]:
        """Whether the likeliest actor and the likeliest target are right."""
        actors: Counter[Side] = Counter()
        targets: Counter[Side] = Counter()
        for choice, share in zip(self.field.choices, shares, strict=True):
            actors[choice.actor] += share
            targets[choice.target] += share
        return frozenset(actors.most_common(1)[0][0]) == self.actor, frozenset(targets.most_common(1)[0][0]) == self.target


@dataclass
class PlaceExample(Example):
    """Of places."""

    gold: dict[str, Any]
    spots: list[Spot]

    def _is(self, spot: Spot) -> tuple[bool, bool]:
        told = {"place": {"name": spot.place.name, "country": spot.place.country} if spot.place else None}
        return same("country", self.gold, told), same("place", self.gold, told)

    @property
    def right(self) -> int:
        """The number of the right place, of the right name where none has the right country too; -1 where the gold's is not considered."""
        found = [self._is(spot) for spot in self.spots]
        named = [i for i, (_, name) in enumerate(found) if name]
        return next((i for i in named if found[i][0]), named[0] if named else -1)

    def rows(self) -> Iterator[list[Key]]:
        """The columns of each place."""
        return (self.keys("place", spot.signs) for spot in self.spots)

    def hits(self, shares: np.ndarray) -> tuple[bool, bool]:
        """Whether country and name of the likeliest place are right."""
        return self._is(self.spots[int(np.argmax(shares))])


class Notes:
    """What the tagger considered: (type, where its trigger stands, what)."""

    def __init__(self) -> None:
        self.parties: list[tuple[str, int, Field]] = []
        self.places: list[tuple[str, int, list[Spot]]] = []

    def choose(self, scene: Scene, mentions: Sequence[ActorMention]) -> Field:
        """In place of `parties.field`."""
        considered = field(scene, mentions)
        self.parties.append((scene.found.type, scene.reading.sentence.starts[scene.found.trigger], considered))
        return considered

    def spot(self, setting: Setting) -> list[Spot]:
        """In place of `spots.spots`."""
        considered = list(spots(setting))
        self.places.append((setting.found.type, setting.seen.reading.sentence.starts[setting.found.trigger], considered))
        return considered

    def clear(self) -> None:
        """For the next article."""
        self.parties.clear()
        self.places.clear()


def examples(tagger: Tagger) -> list[Example]:
    """The matched developments of all sets and of the plain lines, as the tagger's present weights lead to them."""
    notes = Notes()
    parties.field, where.spots = notes.choose, notes.spot
    try:
        return [*_from_gold(tagger, notes), *_from_plain(tagger, notes)]
    finally:
        parties.field, where.spots = field, spots


def _from_gold(tagger: Tagger, notes: Notes) -> Iterator[Example]:
    for name in SETS:
        for article, gold, predicted in tagged(name, tagger):
            for told, found in match(gold["developments"], predicted["developments"])[0]:
                kind, start, end = told["type"], found["start"], found["end"]
                seen = [c for k, at, c in notes.parties if k == kind and start <= at < end]
                if seen:
                    yield PartyExample(
                        article["id"], article["language"], kind, 1.0, frozenset(told["actor"]), frozenset(told["target"]), seen[0]
                    )
                near = [c for k, at, c in notes.places if k == kind and start <= at < end]
                if near:
                    yield PlaceExample(article["id"], article["language"], kind, 1.0, told, near[0])
            notes.clear()


def _from_plain(tagger: Tagger, notes: Notes) -> Iterator[Example]:
    for number, one in enumerate(tellings()):
        notes.clear()
        enrich(Article(id=f"plain{number}", body=one.text, language=one.language), tagger)
        if seen := [c for kind, _, c in notes.parties if kind == one.type]:
            yield PartyExample(one.line, one.language, one.type, PLAIN, one.actor, one.target, seen[0])
        if one.place is not None and (near := [c for kind, _, c in notes.places if kind == one.type]):
            name, country = one.place
            gold = {"place": {"name": name, "country": country} if name else None}
            yield PlaceExample(one.line, one.language, one.type, PLAIN, gold, near[0])


class Model:
    """Signs by scope as columns, choices as rows."""

    def __init__(self, some: Sequence[Any]):
        counts = Counter(key for one in some for key in {key for row in one.rows() for key in row})
        self.columns = {key: i for i, key in enumerate(sorted(key for key, n in counts.items() if n >= RARE))}
        self.weights = self._fit([one for one in some if one.right >= 0])

    def _rows(self, some: Sequence[Any]) -> tuple[Any, np.ndarray]:
        rows = [[[self.columns[key] for key in row if key in self.columns] for row in one.rows()] for one in some]
        columns = [row for one in rows for row in one]
        ends = np.cumsum([0, *map(len, columns)])
        flat = np.fromiter((c for row in columns for c in row), dtype=np.int64, count=ends[-1])
        starts = np.cumsum([0, *map(len, rows)])
        return sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(columns), len(self.columns))), starts

    def _fit(self, some: Sequence[Any]) -> np.ndarray:
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

    def hits(self, some: Sequence[Any]) -> np.ndarray:
        """For each example whether its two fields are right."""
        rows, starts = self._rows(some)
        worth = rows @ self.weights
        parts = [worth[low:high] for low, high in pairwise(starts)]
        return np.array([one.hits(np.exp(part - part.max())) for one, part in zip(some, parts, strict=True)])

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


def folded(some: Sequence[Any], folds: int) -> np.ndarray:
    """For each example of the gold whether its fields are right by weights fitted to other articles."""
    gold = [one for one in some if one.count == 1]
    hits = np.zeros((len(gold), 2), dtype=bool)
    for part in range(folds):
        other = [number for number, one in enumerate(gold) if fold(one.article, folds) == part]
        model = Model([one for one in some if fold(one.article, folds) != part])
        hits[other] = model.hits([gold[number] for number in other])
    return hits


@dataclass
class Fitted:
    """A model, and how right it is in each language: on other articles, on those fitted to."""

    model: Model
    shares: dict[str, tuple[np.ndarray, np.ndarray]]


def fitted(name: str, some: Sequence[Any], folds: int) -> Fitted:
    """The model of one kind of example; prints how good it is."""
    model = Model(some)
    gold = [one for one in some if one.count == 1]
    reached = sum(one.right >= 0 for one in gold) / len(gold)
    print(f"  {name}: {len(gold)} of the gold, {len(some) - len(gold)} plain; the right one is considered in {reached:.3f}", flush=True)
    known, other = model.hits(gold), folded(some, folds) if folds else np.zeros((len(gold), 2))
    languages = np.array([one.language for one in gold])
    shares = {"all": (other.mean(0), known.mean(0))}
    shares |= {code: (other[languages == code].mean(0), known[languages == code].mean(0)) for code in LANGUAGES}
    print(
        "  right on other articles {:.3f} {:.3f}, on those fitted to {:.3f} {:.3f}".format(*shares["all"][0], *shares["all"][1]), flush=True
    )
    return Fitted(model, shares)


def shown(pairs: Fitted, places: Fitted) -> str:
    """The table of the README: right on articles that were not fitted to / on those that were."""
    rows = []
    for code in ("all", *LANGUAGES):
        sides = zip(*(np.concatenate([pairs.shares[code][i], places.shares[code][i]]) for i in (0, 1)), strict=True)
        rows.append([code, *(f"{percent(other)} / {percent(known)}" for other, known in sides)])
    return table(["", "actor", "target", "country", "place"], rows)


def write(weights: Table, path: Path) -> None:
    """A sign a line."""
    roles = []
    for role, signs in sorted(weights.items()):
        lines = [f"  {json.dumps(sign)}: {json.dumps(by)}" for sign, by in sorted(signs.items())]
        roles.append(f"{json.dumps(role)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(roles) + "\n}\n", encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, choices=range(1, 6), default=2)
    parser.add_argument("--folds", type=int, choices=range(2, 11), default=5)
    parser.add_argument("--write", type=Path, help="replace weights.json, and the table between the marks `<!-- fit -->` of this file")
    options = parser.parse_args()
    tagger = load_tagger()
    for number in range(options.rounds):
        folds = options.folds if number == options.rounds - 1 else 0
        print(f"round {number + 1}", flush=True)
        some = examples(tagger)
        places = fitted("country and name of places", [one for one in some if isinstance(one, PlaceExample)], folds)
        pairs = fitted("actor and target", [one for one in some if isinstance(one, PartyExample)], folds)
        weights = pairs.model.table() | places.model.table()
        tagger = replace(tagger, weights=Weights(weights))
    if options.write:
        write(weights, TARGET)
        readme.write(options.write, "fit", shown(pairs, places))


if __name__ == "__main__":
    main()
