"""What the counts of a clause count: dead, prisoners, drones, money, as the codebook wants them for a type of development.

Numbers come from `numbers`; nouns and verbs are the part `kinds` of `lexicons/<language>/numbers.yml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from streams.core.numbers import Number, NumberMention
from streams.core.phrases import expand
from streams.core.records import DevelopmentType, Quantity, QuantityKind
from streams.core.text import Sentence

# The codebook's kinds by type of development (rulings 4, 10 and 27).
_PEOPLE: dict[str, QuantityKind] = {
    "detention": "captured", "abduction": "captured", "release": "released", "displacement": "displaced",
    "deployment": "troops", "mobilization": "troops", "exercise": "troops", "incursion": "troops",
}  # fmt: skip
_DRONES = frozenset({"drone_strike", "interception", "exercise", "deployment", "arms_transfer", "incursion"})
_MISSILES = frozenset({"shelling", "interception", "exercise", "deployment", "arms_transfer"})
_ITEMS = frozenset({
    "interception", "infrastructure_damage", "bombing", "shelling", "air_strike", "arms_transfer", "aid", "deployment", "incursion",
    "exercise", "capture", "clash", "cyberattack", "cbrn_attack", "sanction", "detention",
})  # fmt: skip
_ANY_NOUN = frozenset({"interception", "infrastructure_damage", "air_strike", "arms_transfer", "capture", "cyberattack"})
"""Types in which a noun that no list has is a thing; elsewhere it is left out."""
_MONEY = frozenset({"arms_transfer", "aid", "release", "abduction", "cyberattack", "mobilization", "demand"})
_GROUND = frozenset({"advance", "capture", "withdrawal"})
_ONE: dict[str, tuple[str, ...]] = {
    "drone_strike": ("drone",), "interception": ("drone", "missile", "munition", "aircraft"), "shelling": ("missile", "munition"),
    "bombing": ("munition",), "air_strike": ("munition",), "exercise": ("missile",),
    "detention": ("person",), "abduction": ("person",), "release": ("person",),
}  # fmt: skip
"""Whose single munition or person counts as 1."""
_HARM = ("killed", "wounded", "missing", "casualties")
_THINGS = frozenset({"thing", "place", "drone", "missile", "munition", "event"})
_STOPS = frozenset(",;:()–—[].!?")
_REACH = 6
_REMEMBERED = 20_000
_MONEY_ONLY = 10**8


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
        found = self[word] = self._named(word)
        return found

    def _named(self, word: str) -> str | None:
        if word[-1] in "0123456789s" and word[0].isalpha() and "-" in word and any(c.isdecimal() for c in word):
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
        max(map(len, (*phrases, *one_harmed)), default=0),
    )  # fmt: skip


def quantities(
    sentence: Sentence, numbers: Sequence[NumberMention], rules: KindRules, type_: DevelopmentType, first: int, last: int
) -> list[Quantity]:
    """The quantities that the clause of tokens `first` to `last` gives a development of this type.

    `numbers` are those of the whole sentence, found by `numbers.find_with_articles`.
    """
    near = [n for n in numbers if first - 3 <= n.first and first <= n.last <= last]
    if not near and type_ != "casualties":
        return []
    clause = _Clause(sentence, near, rules, first, last)
    found = clause.harmed() if type_ == "casualties" else clause.counted(type_)
    unique: list[Quantity] = []
    for quantity in found:
        if quantity not in unique:
            unique.append(quantity)
    return unique


def _quantity(kind: QuantityKind, number: NumberMention, factor: Number = 1) -> Quantity:
    def scaled(value: Number | None) -> Number | None:
        return value if value is None or factor == 1 else round(value * factor, 1)

    return Quantity(kind, scaled(number.min), scaled(number.max), number.approx)


class _Clause:
    """The tokens of one clause, each with its class."""

    def __init__(self, sentence: Sentence, numbers: list[NumberMention], rules: KindRules, first: int, last: int):
        self._words, self._rules, self._first, self._last = sentence.words, rules, first, last
        self._numbers = self._without_wholes([n for n in numbers if not n.part])
        self._classes: dict[int, str] = {}
        self._inside: set[int] = set()
        """Tokens of a phrase after its first: they say nothing by themselves."""
        in_numbers = {at for n in numbers if not n.article for at in range(n.first, n.last + 1)}
        at = first
        while at <= last:
            name, length = self._class(at)
            if name and at not in in_numbers:
                self._classes[at] = name
            self._inside.update(range(at + 1, at + length))
            at += length

    def _without_wholes(self, numbers: list[NumberMention]) -> list[NumberMention]:
        """Leaves out the 146 of "118 of the 146" and of "118 drones of the 146"."""
        wholes = set()
        for a, b in pairwise(numbers):
            between = tuple(self._words[a.last + 1 : b.first])
            if not a.article and len(between) < 5 and any(between[at:] in self._rules.partitives for at in range(len(between))):
                wholes.add(b.first)
        return [n for n in numbers if n.first not in wholes]

    def _class(self, at: int) -> tuple[str | None, int]:
        """The class of the phrase or word that begins there, and its length."""
        rules, words = self._rules, self._words
        for length in range(min(rules.reach, self._last + 1 - at), 0, -1) if words[at] in rules.opening else ():
            if name := rules.phrases.get(tuple(words[at : at + length])):
                return name, length
        return rules.nouns[words[at]], 1

    def _noun(self, number: NumberMention) -> tuple[str | None, int]:
        """The class of what the number stands before, and its place; None for a noun that no list has."""
        taken = {n.first for n in self._numbers if n.first > number.last and not n.article}
        for at in range(number.last + 1, min(number.last + 1 + _REACH, self._last + 1)):
            if self._words[at] in _STOPS or at in taken:
                break
            name = self._classes.get(at)
            following = self._classes.get(at + 1)
            if name in _HARM:
                break
            if name == "person" and following in _THINGS:
                return following, at + 1  # three military aircraft, two police stations
            if name and (name != "other" or at <= number.last + 3):
                return name, at
        return None, -1

    # --- dead, wounded, missing --------------------------------------------------------------------------------------------------

    def harmed(self) -> list[Quantity]:
        cues = self._cues()
        free = dict(cues)
        found: list[Quantity] = []
        previous: str | None = None
        for number in self._numbers:
            noun, _ = self._noun(number)
            if noun not in (None, "person") or (number.article and not self._one_person(number, cues)):
                continue
            cue = self._nearest(number, free) or self._nearest(number, cues)
            if cue is not None:
                free.pop(cue, None)
            elif number.article:
                continue
            previous = cues[cue] if cue is not None else previous or "killed"
            found.append(_quantity(previous, number))  # type: ignore[arg-type]
        return found + self._one_harmed({quantity.kind for quantity in found})

    def _cues(self) -> dict[int, str]:
        """Words for harm by place; "dead and injured" of one count is one word for both."""
        cues = {at: name for at, name in self._classes.items() if name in _HARM}
        places = sorted(cues)
        joined = self._rules.conjunctions
        for a, b in pairwise(places):
            if {cues.get(a), cues.get(b)} == {"killed", "wounded"} and b - a <= 3 and joined.issuperset(self._words[a + 1 : b]):
                del cues[a]
                cues[b] = "casualties"
        return cues

    def _nearest(self, number: NumberMention, cues: Mapping[int, str]) -> int | None:
        """The place of the nearest cue that no other count stands before; a cue after the number wins a tie."""
        left = max((n.last for n in self._numbers if n.last < number.first and not n.article), default=self._first - 1)
        right = min((n.first for n in self._numbers if n.first > number.last and not n.article), default=self._last + 1)
        best, distance = None, 1000
        for at in cues:
            if left < at < number.first:
                away = 2 * (number.first - at) + 1
            elif number.last < at < right:
                away = 2 * (at - number.last)
            else:
                continue
            if away < distance:
                best, distance = at, away
        return best

    def _one_person(self, number: NumberMention, cues: Mapping[int, str]) -> bool:
        """Whether the article stands before a person or a word for harm: "un mort", "a soldier"."""
        after = range(number.last + 1, min(number.last + 4, self._last + 1))
        return any(self._rules.singular.get(self._words[at]) == "person" for at in after) or any(at in cues for at in after[:2])

    def _one_harmed(self, known: set[str]) -> list[Quantity]:
        """One person harmed in a way that no count tells of: "a man died, nine were wounded"."""
        words, rules = self._words, self._rules
        for at in range(self._first, self._last + 1):
            for length in range(min(rules.reach, self._last + 1 - at), 0, -1):
                kind = rules.one_harmed.get(tuple(words[at : at + length]))
                denied = not rules.negations.isdisjoint(words[max(self._first, at - 5) : at])
                if kind and not denied and kind not in known and "casualties" not in known:
                    return [Quantity(kind, 1, 1)]  # type: ignore[arg-type]
        return []

    # --- everything else ---------------------------------------------------------------------------------------------------------

    def counted(self, type_: str) -> list[Quantity]:
        cues = {} if type_ in _PEOPLE else self._cues()
        found = [q for n in self._numbers if not n.article and (q := self._count(n, type_, cues))]
        if type_ == "release" and len(found) == 2 and found[0] == found[1] and found[0].min is not None and found[0].max is not None:
            return [Quantity("released", 2 * found[0].min, 2 * found[0].max, found[0].approx)]  # 150 for 150
        if not any(q.kind != "items" or "munition" in _ONE.get(type_, ()) for q in found):
            found += self._single(type_)
        return found

    def _count(self, number: NumberMention, type_: str, cues: Iterable[int]) -> Quantity | None:
        noun, at = self._noun(number)
        money = noun if noun in ("money_usd", "money_eur") else self._currency_before(number)
        if money:
            return _quantity(money, number) if type_ in _MONEY else None  # type: ignore[arg-type]
        if noun in ("distance", "area"):
            kind: QuantityKind = "distance_km" if noun == "distance" else "area_km2"
            return _quantity(kind, number, self._rules.kilometres.get(self._words[at], 1)) if type_ in _GROUND else None
        if noun == "other":
            return None
        if noun == "drone":
            return _quantity("drones", number) if type_ in _DRONES else None
        if noun == "missile":
            return _quantity("missiles", number) if type_ in _MISSILES else None
        if noun == "firm" or (noun == "place" and type_ == "deployment"):
            return _quantity("items", number) if type_ == "sanction" else None
        following = self._words[number.last + 1] if number.last < self._last else "."
        if noun is None and following in _STOPS and type_ != "release":
            return None  # "by ten", "aged 30"; but 150 for 150
        if type_ in _PEOPLE and noun in (None, "person"):
            return _quantity(_PEOPLE[type_], number)
        if type_ not in _ITEMS or noun == "person" or (noun is None and type_ not in _ANY_NOUN):
            return None
        if type_ in ("clash", "detention") and noun != ("event" if type_ == "clash" else "thing"):
            return None
        if noun == "munition" and type_ == "infrastructure_damage":
            return None
        if number.min == 1 and tuple(self._words[number.last + 1 : number.last + 2]) in self._rules.partitives:
            return None  # "one of the"
        if noun is None and (number.min or number.max or 0) >= _MONEY_ONLY:
            return None  # "61 billion for Kyiv"
        if noun is None and any(-3 <= at - number.last <= _REACH for at in cues):
            return None
        return _quantity("items", number)

    def _currency_before(self, number: NumberMention) -> str | None:
        before = self._rules.words.get(self._words[number.first - 1]) if number.first else None
        return before if before in ("money_usd", "money_eur") else None

    def _single(self, type_: str) -> list[Quantity]:
        """A munition or a person in the singular, told with its article where the language has one."""
        wanted, rules = _ONE.get(type_, ()), self._rules
        for at in range(self._first, self._last + 1):
            name = rules.singular.get(self._words[at])
            if name not in wanted or at in self._inside:
                continue
            before = self._words[max(0, at - 4) : at]
            stop = max((i + 1 for i, word in enumerate(before) if word in _STOPS), default=0)
            if not rules.determiners or any(word in rules.determiners for word in before[stop:]):
                kinds: dict[str, QuantityKind] = {"drone": "drones", "missile": "missiles", "person": _PEOPLE.get(type_, "captured")}
                return [Quantity(kinds.get(name or "", "items"), 1, 1)]
        return []
