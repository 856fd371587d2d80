"""What a line says: cues and concept rules, compiled from the data of the lexicons. Where a line stands belongs in `position`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from streams.core.boilerplate.normal import normal
from streams.core.boilerplate.patterns import Pattern, compile_pattern

STRONG, WEAK = 1.0, 0.5
SHAPES = ("short", "long", "stop", "ask", "price", "clock", "digits", "bars", "colon", "url", "symbol")
"""What `shapes` sees without reading words; rules name them beside the concepts."""


class Cue(NamedTuple):
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

    def holds(self, mask: int) -> bool:
        """Whether the concepts and shapes of a unit fulfil it."""
        return mask & self.needs == self.needs and not mask & self.bars and all(mask & bits for bits in self.either)


class Word(NamedTuple):
    """What a word stands for: bits of concepts, and the cues that it calls for."""

    mask: int
    cues: tuple[Cue, ...]


_NOTHING = Word(0, ())
_MEMO_LIMIT = 200_000


class Words(dict[str, Word | None]):
    """Word -> what it stands for, None for most; endings are tried once a word and remembered."""

    def __init__(self, exact: Mapping[str, Word], stems: Mapping[str, Word]):
        super().__init__(exact)
        self._exact, self._stems = exact, stems
        self._lengths = sorted({len(s) for s in stems})

    def __missing__(self, word: str) -> Word | None:
        found = None
        for length in self._lengths:
            if length <= len(word) and (stem := self._stems.get(word[:length])):
                found = join(found or _NOTHING, stem)
        if len(self) > _MEMO_LIMIT:
            self.clear()
            self.update(self._exact)
        self[word] = found
        return found


def join(a: Word, b: Word) -> Word:
    """Both meanings of a word."""
    return Word(a.mask | b.mask, (*a.cues, *b.cues))


class Marks(NamedTuple):
    """What a line shows without words; groups are numbered as `ids` are."""

    anchored: re.Pattern[str]
    loose: re.Pattern[str]
    rare: re.Pattern[str]
    ids: tuple[str, ...]

    def search(self, line: str) -> str | None:
        """The id of a mark in the line."""
        found = self.anchored.match(line) or (self.rare.search(line) and self.loose.search(line))
        return self.ids[int(found.lastgroup[1:])] if found and found.lastgroup else None


class Rules(dict[int, tuple[Rule, ...]]):
    """Mask -> the rules that hold, the weightiest first, worked out once a mask."""

    def __init__(self, rules: Iterable[Rule]):
        super().__init__()
        self._rules = tuple(rules)

    def __missing__(self, mask: int) -> tuple[Rule, ...]:
        found = tuple(sorted((rule for rule in self._rules if rule.holds(mask)), key=lambda rule: -rule.weight))
        if len(self) > _MEMO_LIMIT:
            self.clear()
        self[mask] = found
        return found


@dataclass(frozen=True)
class LanguageCues:
    """The cues of one language, those that need no language included."""

    words: Words
    bits: Mapping[str, int]
    address: re.Pattern[str] | None
    """How the reader is addressed where only capitals tell it (German "Sie"); searched on the text as received."""


@dataclass(frozen=True)
class Cues:
    """Everything compiled. `threshold` is the least score that tags a line; a lower one finds more and loses more reporting."""

    languages: Mapping[str, LanguageCues]
    rules: Rules
    bits: Mapping[str, int]
    marks: Marks
    threshold: float = 1.0
    names: tuple[str, ...] = field(default=())

    def of(self, language: str | None) -> LanguageCues:
        """The cues of a BCP 47 tag; those without language where there are none."""
        return self.languages.get((language or "").split("-")[0].lower()) or self.languages["any"]


def compile_cues(data: Mapping[str, Any], threshold: float = 1.0) -> Cues:
    """Cues from the plain data of the lexicons: language (or `any`) -> {`words`, `cues`}; `any` also has `rules`.

    Raises `ValueError` naming the language and the entry.
    """
    names = sorted({name for part in data.values() for name in part.get("words", {})})
    bits = {name: 1 << i for i, name in enumerate((*SHAPES, *names))}
    rules = Rules(_rule(entry, bits) for entry in data["any"].get("rules", ()))
    languages = {}
    for language in data:
        parts = [("any", data["any"])] if language == "any" else [("any", data["any"]), (language, data[language])]
        languages[language] = _language(parts, bits)
    return Cues(languages, rules, bits, _marks(data["any"]), threshold, tuple(names))


def _marks(data: Mapping[str, Any]) -> Marks:
    entries = data.get("marks", ())
    joined = {
        anchored: "|".join(
            f"(?P<m{i}>{entry['regex']})" for i, entry in enumerate(entries) if entry["regex"].startswith("^") == anchored
        )
        for anchored in (True, False)
    }
    ids = tuple(entry["id"] for entry in entries)
    return Marks(re.compile(joined[True]), re.compile(joined[False]), re.compile(data.get("rare", "")), ids)


def _language(parts: list[tuple[str, Any]], bits: Mapping[str, int]) -> LanguageCues:
    concepts: dict[str, list[str]] = {}
    for _, part in parts:
        for name, forms in part.get("words", {}).items():
            concepts.setdefault(name, []).extend(normal(form) for form in forms)
    exact: dict[str, Word] = {}
    stems: dict[str, Word] = {}

    def add(form: str, word: Word) -> None:
        table, key = (stems, form[:-1]) if form.endswith("*") else (exact, form)
        table[key] = join(table.get(key, _NOTHING), word)

    for name, forms in concepts.items():
        for form in forms:
            add(form, Word(bits[name], ()))
    for language, part in parts:
        for entry in part.get("cues", ()):
            for cue in _cues(language, entry, concepts):
                for form in cue.pattern.calls:
                    add(form, Word(0, (cue,)))
    for stem, word in stems.items():  # a word listed whole may also have a listed beginning
        for form in [f for f in exact if f.startswith(stem)]:
            exact[form] = join(exact[form], word)
    address = next((part["address"] for _, part in parts if "address" in part), None)
    return LanguageCues(Words(exact, stems), bits, re.compile(address) if address else None)


def _cues(language: str, entry: Mapping[str, Any], concepts: Mapping[str, list[str]]) -> Iterable[Cue]:
    for key, weight in (("says", STRONG), ("labels", STRONG), ("hints", WEAK)):
        for source in entry.get(key, ()):
            try:
                pattern = compile_pattern(normal(source), concepts)
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
