"""Fits what the signs of parties and places are worth (`streams/lexicons/weights.json`) to the gold: two log-linear models.

python evaluation/fit.py [--rounds 2] [--folds 5] [--write README.md]      (`make fit` writes)

Each matched development of the gold is an example twice: of all pairs (actor, target) that `streams.core.fields.parties` considers, and of
all places that `streams.core.fields.spots` considers, the gold's is to be the most likely. Weights are fitted by L-BFGS on the penalised
likelihood (L2). What the article told before is a sign too, so fitting is done in rounds: each tags the gold with the weights of the round
before, the first with none. `--folds` shows how well weights fitted to some articles, in all rounds, do on others: that is the figure to
believe. Plain sentences
(`plain/`) count too, each less than an example of the gold: they say in all languages what the gold, which looks for the rare ways, seldom
says. Build time only; needs scipy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import readme
from gold import tagged
from plain import tellings
from report import LANGUAGES, percent, table
from scipy import sparse
from scipy.optimize import minimize
from score import match, same

from streams.core.enrich import weighed
from streams.core.fields.parties import Weighed
from streams.core.fields.spots import Spot
from streams.core.fields.where import likeliest
from streams.core.records import Article, Place
from streams.core.tagger import Tagger
from streams.core.weights import Weights, shares
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
    weighed: Weighed

    @property
    def right(self) -> int:
        """The number of the right choice; -1 where the gold's is no candidate."""
        gold = (self.actor, self.target)
        return next((i for i, c in enumerate(self.weighed.choices) if (frozenset(c.actor), frozenset(c.target)) == gold), -1)

    def rows(self) -> Iterator[list[Key]]:
        """The columns of each choice."""
        acts = {side: self.keys("actor", signs) for side, signs in self.weighed.signs.items()}
        suffers = {side: self.keys("target", signs) for side, signs in self.weighed.signs.items()}
        for choice in self.weighed.choices:
            yield [*acts[choice.actor], *suffers[choice.target], *self.keys("pair", choice.signs)]

    def hits(self, worths: Sequence[float]) -> tuple[bool, bool]:
        """Whether the likeliest actor and the likeliest target are right."""
        actor, target = replace(self.weighed, shares=shares(worths)).likeliest()
        return frozenset(actor) == self.actor, frozenset(target) == self.target


@dataclass
class PlaceExample(Example):
    """Of places."""

    gold: dict[str, Any]
    spots: list[Spot]

    def _is(self, place: Place | None) -> tuple[bool, bool]:
        told = {"place": {"name": place.name, "country": place.country} if place else None}
        return same("country", self.gold, told), same("place", self.gold, told)

    @property
    def right(self) -> int:
        """The number of the right place, of the right name where none has the right country too; -1 where the gold's is not considered."""
        found = [self._is(spot.place) for spot in self.spots]
        named = [i for i, (_, name) in enumerate(found) if name]
        return next((i for i in named if found[i][0]), named[0] if named else -1)

    def rows(self) -> Iterator[list[Key]]:
        """The columns of each place."""
        return (self.keys("place", spot.signs) for spot in self.spots)

    def hits(self, worths: Sequence[float]) -> tuple[bool, bool]:
        """Whether country and name of the likeliest place are right."""
        return self._is(likeliest(list(zip(worths, self.spots, strict=True))))


def examples(tagger: Tagger) -> list[PartyExample | PlaceExample]:
    """The matched developments of all sets and of the plain lines, as the tagger's present weights lead to them."""
    return [*_from_gold(tagger), *_from_plain(tagger)]


def _from_gold(tagger: Tagger) -> Iterator[PartyExample | PlaceExample]:
    for name in SETS:
        for article, gold, predicted in tagged(name, tagger):
            notes = {note.id: note for note in weighed(msgspec.convert(article, Article), tagger)}
            for told, found in match(gold["developments"], predicted["developments"])[0]:
                about = (article["id"], article["language"], told["type"], 1.0)
                note = notes[found["id"]]
                if note.parties is not None:
                    yield PartyExample(*about, frozenset(told["actor"]), frozenset(told["target"]), note.parties)
                if len(note.places) > 1:
                    yield PlaceExample(*about, told, [spot for _, spot in note.places])


def _from_plain(tagger: Tagger) -> Iterator[PartyExample | PlaceExample]:
    for number, one in enumerate(tellings()):
        notes = weighed(Article(id=f"plain{number}", body=one.text, language=one.language), tagger)
        note = next((note for note in notes if note.scene.found.type == one.type), None)
        if note is None:
            continue
        about = (one.line, one.language, one.type, PLAIN)
        if note.parties is not None:
            yield PartyExample(*about, one.actor, one.target, note.parties)
        if one.place is not None and len(note.places) > 1:
            name, country = one.place
            gold = {"place": {"name": name, "country": country} if name else None}
            yield PlaceExample(*about, gold, [spot for _, spot in note.places])


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
        return np.array([one.hits(part.tolist()) for one, part in zip(some, parts, strict=True)])

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


Fields = dict[str, np.ndarray]
"""Language, or `all` -> the shares right of its two fields."""


def right(some: Sequence[Any], hits: np.ndarray) -> Fields:
    """The shares right, by language."""
    languages = np.array([one.language for one in some])
    return {"all": hits.mean(0)} | {code: hits[languages == code].mean(0) for code in LANGUAGES}


class Fit:
    """The models of parties and of places."""

    def __init__(self, some: Sequence[Any]):
        self.models = {kind: Model([one for one in some if isinstance(one, kind)]) for kind in (PartyExample, PlaceExample)}

    def table(self) -> Table:
        """The weights of both."""
        return {role: signs for model in self.models.values() for role, signs in model.table().items()}

    def hits(self, some: Sequence[Any]) -> dict[type, tuple[list[Any], np.ndarray]]:
        """For each kind the examples of the gold and whether their fields are right."""
        gold = {kind: [one for one in some if isinstance(one, kind) and one.count == 1] for kind in self.models}
        return {kind: (gold[kind], model.hits(gold[kind])) for kind, model in self.models.items()}


def fit(tagger: Tagger, rounds: int, left_out: Callable[[str], bool] = lambda article: False) -> tuple[Fit, list[Any]]:
    """Weights fitted in rounds to all but the articles left out, and the examples of the last round, those left out with them.

    The first round begins without any weight, so that the same comes out whatever the shipped ones are.
    """
    tagger = replace(tagger, weights=Weights({}))
    for number in range(rounds):
        some = examples(tagger)
        fitted = Fit([one for one in some if not left_out(one.article)])
        if number < rounds - 1:
            tagger = replace(tagger, weights=Weights(fitted.table()))
    return fitted, some


def folded(tagger: Tagger, rounds: int, folds: int) -> dict[type, Fields]:
    """The shares right of articles that neither the weights nor what led to them have seen."""
    parts: dict[type, list[tuple[list[Any], np.ndarray]]] = {PartyExample: [], PlaceExample: []}
    for part in range(folds):
        fitted, some = fit(tagger, rounds, lambda article, part=part: fold(article, folds) == part)
        for kind, found in fitted.hits([one for one in some if fold(one.article, folds) == part]).items():
            parts[kind].append(found)
        print(f"fold {part + 1} of {folds}", flush=True)
    return {kind: right([x for one, _ in found for x in one], np.concatenate([hits for _, hits in found])) for kind, found in parts.items()}


def shown(other: dict[type, Fields], known: dict[type, Fields]) -> str:
    """The table of the README: right on articles that were not fitted to / on those that were."""
    rows = []
    for code in ("all", *LANGUAGES):
        here, there = (np.concatenate([part[PartyExample][code], part[PlaceExample][code]]) for part in (other, known))
        rows.append([code, *(f"{percent(a)} / {percent(b)}" for a, b in zip(here, there, strict=True))])
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
    fitted, some = fit(tagger, options.rounds)
    for kind, (gold, _) in fitted.hits(some).items():
        reached = sum(one.right >= 0 for one in gold) / len(gold)
        print(f"{kind.__name__}: {len(gold)} of the gold; the right one is considered in {reached:.3f}", flush=True)
    told = shown(folded(tagger, options.rounds, options.folds), {kind: right(*found) for kind, found in fitted.hits(some).items()})
    print(told)
    if options.write:
        write(fitted.table(), TARGET)
        readme.write(options.write, "fit", told)


if __name__ == "__main__":
    main()
