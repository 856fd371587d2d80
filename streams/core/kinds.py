"""What a count may count: nouns and verbs by kind, the part `kinds` of `lexicons/<language>/numbers.yml`.

How a clause is read is `quantities`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from streams.core.phrases import expand
from streams.core.text import LONGEST_WORD

_REMEMBERED = 20_000


class _Class(NamedTuple):
    """Words of one class: whole words, beginnings ("дрон*") and endings ("*panzer")."""

    name: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]


class _Nouns(dict[str, str | None]):
    """Word -> its class, None for one that no list has; a word that is not listed is looked at once, by its shape and its ends."""

    def __init__(self, known: Mapping[str, str], classes: Sequence[_Class]):
        super().__init__(known)
        self._known, self._classes = known, classes

    def __missing__(self, word: str) -> str | None:
        if len(self) > _REMEMBERED:
            self.clear()
            self.update(self._known)
        found = self._named(word)
        if len(word) <= LONGEST_WORD:
            self[word] = found
        return found

    def _named(self, word: str) -> str | None:
        if "-" in word and word[0].isalpha() and any(c.isdecimal() for c in word):
            return "thing"  # F-16s, Су-27
        if len(word) > 3:
            for name, begins, ends in self._classes:
                if (begins and word.startswith(begins)) or (ends and word.endswith(ends)):
                    return name
        return None


class KindRules(NamedTuple):
    """One language's counted nouns, compiled. Made by `compile_kinds`; never changed."""

    words: dict[str, str]
    nouns: _Nouns
    phrases: dict[tuple[str, ...], str]
    opening: frozenset[str]
    """Their first words."""
    singular: dict[str, str]
    """Singular nouns, and the class of which they are one."""
    determiners: frozenset[str]
    """Words one of which must stand before a singular noun; empty where the language has no article."""
    one_harmed: dict[tuple[str, ...], str]
    """Phrases that tell of one person without a count: "was shot dead"."""
    kilometres: dict[str, float]
    """Units of distance and of area, in km and km²."""
    partitives: frozenset[tuple[str, ...]]
    """Words between a count and the whole that it is taken of: "118 of the 146"."""
    conjunctions: frozenset[str]
    negations: frozenset[str]
    locating_before: frozenset[str]
    """Words before a distance that make it a place: "à 15 km de"."""
    locating_after: frozenset[str]
    """Words after it that do so: "15 km from"."""
    each: frozenset[tuple[str, ...]]
    """Phrases that give a count to either side of an exchange: "each side freed 175"."""
    each_before: frozenset[str]
    """Words that do so directly before the number only: "по 303", "je 175"."""
    reach: int


def compile_kinds(data: Mapping[str, Any]) -> KindRules:
    """Rules from the part `kinds` of one `numbers.yml`. Raises `KeyError` for a part that is missing."""
    words: dict[str, str] = {}
    classes = []
    phrases: dict[tuple[str, ...], str] = {}
    for name, forms in data["nouns"].items():
        whole = forms.split()
        words |= {form: name for form in whole if "*" not in form}
        begins, ends = tuple(f[:-1] for f in whole if f.endswith("*")), tuple(f[1:] for f in whole if f.startswith("*"))
        if begins or ends:
            classes.append(_Class(name, begins, ends))
    for name, patterns in data.get("phrases", {}).items():
        phrases |= {form: name for pattern in patterns for form in expand(pattern)}
    one_harmed = {form: name for name, patterns in data.get("one_harmed", {}).items() for pattern in patterns for form in expand(pattern)}
    partitives = frozenset(form for pattern in data.get("partitives", ()) for form in expand(pattern))
    return KindRules(
        words, _Nouns(words, classes), phrases, frozenset(form[0] for form in phrases),
        {form: name for name, forms in data.get("singular", {}).items() for form in forms.split()},
        frozenset(data.get("determiners", "").split()), one_harmed,
        {form: factor for factor, forms in data["kilometres"].items() for form in forms.split()},
        partitives, frozenset(data.get("conjunctions", "").split()),
        frozenset(data.get("negations", "").split()),
        frozenset(data.get("locating_before", "").split()), frozenset(data.get("locating_after", "").split()),
        frozenset(form for pattern in data.get("each", ()) for form in expand(pattern)), frozenset(data.get("each_before", "").split()),
        max(map(len, (*phrases, *one_harmed)), default=0),
    )  # fmt: skip
