"""What a line can say: cues and concept rules, compiled from the data of the lexicons. Where a line stands belongs in `position`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.core.boilerplate.normal import LATIN, Form, form_of
from streams.core.boilerplate.patterns import Pattern, compile_pattern, spelled
from streams.core.lazily import Lazily

STRONG, WEAK = 1.0, 0.5
SHAPES = ("short", "long", "stop", "ask", "price", "clock", "digits", "bars", "colon", "url", "symbol")
"""What `shapes` sees without reading words; rules name them beside the concepts."""
ASKED = ("against", "coin", "reader", "section")
"""Concepts that the code asks for, whether or not the data has words for them."""


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """One way of saying: an entry's id, its class, what it weighs and its pattern."""

    id: str
    cls: str
    weight: float
    label: bool
    """Holds for labels only: short units that no stop ends."""
    pattern: Pattern


class Rule(NamedTuple):
    """Concepts that together give a class: every bit of `needs`, one bit of each of `either`, none of `bars`."""

    id: str
    cls: str
    weight: float
    needs: int
    either: tuple[int, ...]
    bars: int

    def holds(self, mask: int, shapes: int = 0) -> bool:
        """Whether the concepts of a unit fulfil it, where `shapes` may be had or not as it needs."""
        some = mask | shapes
        return some & self.needs == self.needs and not mask & self.bars & ~shapes and all(some & bits for bits in self.either)


_MEMO_LIMIT = 200_000


class Ruled(NamedTuple):
    """The rules that hold, the weightiest first, and the shapes that they ask for."""

    rules: tuple[Rule, ...]
    asked: int


class Rules(dict[int, Ruled | None]):
    """Mask -> the rules that hold, worked out once a mask; None for no rule. `shapes` may be had or not."""

    def __init__(self, rules: Iterable[Rule], shapes: int = 0):
        super().__init__()
        self._rules = tuple(rules)
        self._shapes = shapes

    def __missing__(self, mask: int) -> Ruled | None:
        held = tuple(sorted((rule for rule in self._rules if rule.holds(mask, self._shapes)), key=lambda rule: -rule.weight))
        asked = reduce(or_, (bits for rule in held for bits in (rule.needs, rule.bars, *rule.either)), 0)
        if len(self) > _MEMO_LIMIT:
            self.clear()
        found = self[mask] = Ruled(held, asked) if held else None
        return found


_DIGIT = re.compile(r"\d")
_GATES: dict[str, Callable[[str], bool]] = {
    "symbol": lambda line: not line[0].isalnum(),
    "digit": lambda line: _DIGIT.search(line) is not None,
    "slash": lambda line: "/" in line,
    "letter": lambda line: line[0].isalpha(),
}
"""Which lines a mark is tried on, at their start; the gate `rare` is a set of characters that pages seldom hold, tried anywhere."""


class Marks:
    """What a line shows without words, by the gate that lets a line in: most lines pass none."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], rare: str):
        gates: dict[str, list[tuple[str, str]]] = {}
        for entry in entries:
            gates.setdefault(entry["gate"], []).append((entry["id"], entry["regex"]))
        self._rare = re.compile(rare)
        self._loose = _joined(gates.pop("rare", []))
        self._anchored = [(_GATES[gate], *_joined(marks)) for gate, marks in gates.items()]

    def rare_on(self, page: str) -> bool:
        """Whether any line of the page may pass the gate `rare`."""
        return self._rare.search(page) is not None

    def search(self, line: str, rare: bool) -> str | None:
        """The id of a mark in the line; `rare` is what `rare_on` said of its page."""
        for gate, marks, ids in self._anchored:
            if gate(line) and (found := marks.match(line)) and found.lastgroup:
                return ids[int(found.lastgroup[1:])]
        if rare and self._rare.search(line) and (found := self._loose[0].search(line)) and found.lastgroup:
            return self._loose[1][int(found.lastgroup[1:])]
        return None


def _joined(marks: Sequence[tuple[str, str]]) -> tuple[re.Pattern[str], list[str]]:
    return re.compile("|".join(f"(?P<m{i}>{regex})" for i, (_, regex) in enumerate(marks)) or "(?!)"), [name for name, _ in marks]


Meaning = tuple[int, tuple[Cue, ...]]
"""What a run of words stands for: bits of concepts, and the cues that it calls for."""


@dataclass(frozen=True, slots=True)
class LanguageCues:
    """The cues of one language, those that need no language included."""

    form: Form
    automaton: BytesAhoCorasick
    meanings: list[Meaning]
    price: re.Pattern[bytes]
    address: re.Pattern[str] | None
    """How the reader is addressed where only capitals tell it (German "Sie"); searched on the text as received."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Everything compiled. `threshold` is the least score that tags a line; a lower one finds more and loses more reporting."""

    languages: Mapping[str, LanguageCues]
    rules: Rules
    possible: Rules
    """By the concepts alone: the rules that some shape could make hold."""
    bits: Mapping[str, int]
    marks: Marks
    threshold: float


def compile_cues(data: Mapping[str, Any], threshold: float = 1.0) -> Cues:
    """Cues from the plain data of the lexicons: language (or `any`) -> {`words`, `cues`}; `any` also has `rules` and `marks`.

    A language is compiled when it is first asked for, and then raises `ValueError` naming the language and the entry.
    """
    names = sorted({name for part in data.values() for name in part.get("words", {})} | set(ASKED))
    bits = {name: 1 << i for i, name in enumerate((*SHAPES, *names))}
    shapes = reduce(or_, (bits[name] for name in SHAPES))
    rules = [_rule(entry, bits) for entry in data["any"].get("rules", ())]
    parts = {language: [("any", data["any"])] + [(language, data[language])] * (language != "any") for language in data}
    languages = {language: partial(_language, those, bits) for language, those in parts.items()}
    marks = Marks(data["any"].get("marks", ()), data["any"].get("rare", "(?!)"))
    return Cues(Lazily(languages), Rules(rules), Rules(rules, shapes), bits, marks, threshold)


def _language(parts: list[tuple[str, Any]], bits: Mapping[str, int]) -> LanguageCues:
    concepts: dict[str, list[str]] = {}
    for _, part in parts:
        for name, forms in part.get("words", {}).items():
            concepts.setdefault(name, []).extend(map(str, forms))
    form = form_of(concepts.get("reader", ())) if len(parts) > 1 else LATIN
    masks: dict[str, int] = {}
    called: dict[str, list[Cue]] = {}
    for name, forms in concepts.items():
        for word in forms:
            known = spelled(word, form)
            masks[known] = masks.get(known, 0) | bits[name]
    for language, part in parts:
        for entry in part.get("cues", ()):
            for cue in _cues(language, entry, concepts, form):
                for known in cue.pattern.calls:
                    called.setdefault(known, []).append(cue)
    heard = sorted(known for known in masks.keys() | called.keys() if known.strip("* "))
    automaton = BytesAhoCorasick([_literal(known) for known in heard], implementation=Implementation.ContiguousNFA)
    address = next((part["address"] for _, part in parts if "address" in part), None)
    meanings = [(masks.get(known, 0), tuple(called.get(known, ()))) for known in heard]
    return LanguageCues(form, automaton, meanings, _price(concepts, form), re.compile(address) if address else None)


def _price(concepts: Mapping[str, list[str]], form: Form) -> re.Pattern[bytes]:
    """A number beside a coin; none where it counts millions: a price and not a sum."""

    def choice(name: str) -> str:
        words = list(filter(None, (spelled(word, form) for word in concepts.get(name, ()))))
        if not words:
            return "(?!)"
        return "(?:" + "|".join(re.escape(w.removesuffix("*")) + ("[^ ]*" if w.endswith("*") else "(?![^ ])") for w in words) + ")"

    coin, mass, one = choice("coin"), choice("mass"), choice("one")
    number = r"(?: \d[^ ]*)"
    return re.compile(rf" {coin}{number}+(?![^ ])(?! (?:\d|{mass}))|(?:{number}| {one}){number}* {coin}".encode("latin-1"))


def _literal(known: str) -> bytes:
    """The bytes to look for: whole words, but for what any ending may follow and the end of the unit."""
    return f" {known[:-1]}".encode("latin-1") if known.endswith("*") else f" {known}{' ' * (known[-1] != '$')}".encode("latin-1")


def _cues(language: str, entry: Mapping[str, Any], concepts: Mapping[str, list[str]], form: Form) -> Iterable[Cue]:
    for key, weight in (("says", STRONG), ("labels", STRONG), ("hints", WEAK)):
        for source in entry.get(key, ()):
            try:
                pattern = compile_pattern(source, concepts, form)
            except ValueError as error:
                raise ValueError(f"lexicons/{language}/boilerplate.yml: {entry['id']}: {error}") from error
            yield Cue(entry["id"], entry.get("class") or entry["id"].partition(".")[0], weight, key == "labels" or pattern.lone, pattern)


def _rule(entry: Mapping[str, Any], bits: Mapping[str, int]) -> Rule:
    def mask(names: str) -> int:
        out = 0
        for name in names.split("|"):
            if name not in bits:
                raise ValueError(f"lexicons/any/boilerplate.yml: {entry['id']}: no concept {name!r}")
            out |= bits[name]
        return out

    needs, bars, either = 0, 0, []
    for token in entry["when"].split():
        if token[0] == "-":
            bars |= mask(token[1:])
        elif "|" in token:
            either.append(mask(token))
        else:
            needs |= mask(token)
    return Rule(entry["id"], entry["id"].partition(".")[0], float(entry.get("weight", STRONG)), needs, tuple(either), bars)
