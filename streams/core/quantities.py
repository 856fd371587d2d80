"""What the counts of a clause count: dead, prisoners, drones, money, as the codebook wants them for a type of development.

Numbers come from `numbers`, nouns and verbs from `kinds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from streams.core.kinds import KindRules
from streams.core.numbers import Number, NumberMention
from streams.core.records import DevelopmentType, Quantity, QuantityKind
from streams.core.text import Sentence

# The codebook's kinds by type of development (rulings 4, 10 and 27).
_PEOPLE: dict[str, QuantityKind] = {
    "detention": "captured", "abduction": "captured", "release": "released", "displacement": "displaced",
    "deployment": "troops", "mobilization": "troops", "exercise": "troops", "incursion": "troops", "withdrawal": "troops",
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
_FLOWN = "exercise"
"""The type in which a distance is the flight of a missile."""
_ONE: dict[str, tuple[str, ...]] = {
    "drone_strike": ("drone",), "interception": ("drone", "missile", "munition", "aircraft"), "shelling": ("missile", "munition"),
    "bombing": ("munition",), "air_strike": ("munition",), "exercise": ("missile",),
    "detention": ("person",), "abduction": ("person",), "release": ("person",),
}  # fmt: skip
"""Whose single munition or person counts as 1."""
_COUNTS_PEOPLE = frozenset({"killed", "wounded", "missing", "casualties", *_PEOPLE.values()})
COUNTED = frozenset({
    "casualties", "cyberattack", "bombing", "advance", "interception", "drone_strike", "air_strike", "shelling", "arms_transfer",
    *_PEOPLE,
}) - {"withdrawal"}  # fmt: skip
"""Types that are often told with a count, even some way from their verb."""
_HARM = ("killed", "wounded", "missing", "casualties")
_THINGS = frozenset({"thing", "place", "drone", "missile", "munition", "event"})
_STOPS = frozenset(",;:()–—[].!?")
_REACH = 6
_MONEY_ONLY = 10**8


def quantities(
    sentence: Sentence,
    numbers: Sequence[NumberMention],
    rules: KindRules,
    type_: DevelopmentType,
    first: int,
    last: int,
    harm: QuantityKind = "killed",
) -> list[Quantity]:
    """The quantities that the clause of tokens `first` to `last` gives a development of this type.

    `numbers` are those of the whole sentence, found by `numbers.find_with_articles`. `harm` is what people suffer that no word of harm
    stands beside.
    """
    near = [n for n in numbers if first - 3 <= n.first and first <= n.last <= last]
    if not near and type_ != "casualties" and (type_ not in _ONE or rules.singular.keys().isdisjoint(sentence.words[first : last + 1])):
        return []
    clause = _Clause(sentence, near, rules, first, last)
    found = clause.harmed(harm) if type_ == "casualties" else clause.counted(type_)
    unique: list[Quantity] = []
    for quantity in found:
        if quantity not in unique:
            unique.append(quantity)
    return unique


def _quantity(kind: QuantityKind, number: NumberMention, factor: Number = 1) -> Quantity:
    def scaled(value: Number | None) -> Number | None:
        return value if value is None or factor == 1 else round(value * factor, 1)

    return Quantity(kind, scaled(number.min), scaled(number.max), number.approx)


def _sum(one: Quantity, other: Quantity) -> Quantity:
    def plus(a: Number | None, b: Number | None) -> Number | None:
        return None if a is None or b is None else a + b

    return Quantity(one.kind, plus(one.min, other.min), plus(one.max, other.max), one.approx or other.approx)


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

    def harmed(self, harm: QuantityKind) -> list[Quantity]:
        cues = self._cues()
        free = dict(cues)
        counts: list[tuple[NumberMention, Quantity]] = []
        previous: str | None = None
        for number in self._numbers:
            noun, _ = self._noun(number)
            if noun not in (None, "person") or (number.article and not self._one_person(number, cues)):
                continue
            cue = self._nearest(number, free)
            if cue is None and number.article and not self._among(number):
                continue
            if cue is None:
                cue = self._nearest(number, cues)
                if noun is None and cue is not None and cue < number.first and not number.article and self._alone(number):
                    continue  # "80 people have died and 32,000 have fled"
            if cue is not None:
                free.pop(cue, None)
            previous = cues[cue] if cue is not None else previous or harm
            counts.append((number, _quantity(previous, number)))  # type: ignore[arg-type]
        found = self._summed(counts)
        return found + self._one_harmed({quantity.kind for quantity in found})

    def _alone(self, number: NumberMention) -> bool:
        """Whether a count without a noun begins a clause of its own, behind "and"."""
        return number.first > self._first and self._words[number.first - 1] in self._rules.conjunctions

    def _among(self, number: NumberMention) -> bool:
        """Whether the one person is told with others: "a general and three soldiers"."""
        at = self._numbers.index(number)
        return any(self._joined(a, b) for a, b in pairwise(self._numbers[max(0, at - 1) : at + 2]))

    def _summed(self, counts: Sequence[tuple[NumberMention, Quantity]]) -> list[Quantity]:
        """The quantities, those of people that "and" joins added up: "twenty pupils and two teachers"."""
        out: list[Quantity] = []
        for at, (number, quantity) in enumerate(counts):
            before = counts[at - 1][0] if at else None
            if before is not None and out[-1].kind == quantity.kind and quantity.kind in _COUNTS_PEOPLE and self._joined(before, number):
                out[-1] = _sum(out[-1], quantity)
            else:
                out.append(quantity)
        return out

    def _joined(self, one: NumberMention, other: NumberMention) -> bool:
        """Whether "and" stands before the second count, by itself or with a short word ("et de trois"), and both count people."""
        words, joining = self._words, self._rules.conjunctions - {","}
        begin = other.first - 1 if words[other.first - 1] in joining else other.first - 2
        if begin <= one.last or begin - one.last > _REACH or words[begin] not in joining or len(words[other.first - 1]) > 3:
            return False
        between = range(one.last + 1, begin)
        if any(self._classes.get(at) in _HARM or words[at] in _STOPS for at in between):
            return False
        if other.article:
            return self._one_person(other, {})
        noun = self._noun(other)[0]
        return noun == "person" or (noun is None and self._noun(one)[0] == "person" and words[other.last + 1 : other.last + 2] != [])

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
        counts = []
        for number in self._numbers:
            if not number.article and (quantity := self._count(number, type_, cues)):
                counts.append((number, quantity))
            elif number.article and type_ in _PEOPLE and self._one_person(number, {}):
                counts.append((number, _quantity(_PEOPLE[type_], number)))
        found = self._without_single(self._summed(counts), counts)
        if type_ == "release" and self._of_each_side(counts):
            found = [Quantity(q.kind, q.min and 2 * q.min, q.max and 2 * q.max, q.approx) for q in found]
        if type_ == "release" and len(found) == 2 and found[0] == found[1] and found[0].min is not None and found[0].max is not None:
            return [Quantity("released", 2 * found[0].min, 2 * found[0].max, found[0].approx)]  # 150 for 150
        if not any(q.kind not in ("items", "distance_km") or "munition" in _ONE.get(type_, ()) for q in found):
            found += self._single(type_)
        return found

    def _without_single(self, found: list[Quantity], counts: Sequence[tuple[NumberMention, Quantity]]) -> list[Quantity]:
        """Leaves out the one person ("a doctor") beside a count that it is not added to, as far as it counted at all."""
        if all(number.article for number, _ in counts):
            return []
        return [q for q in found if (q.min, q.max) != (1, 1) or any(q is quantity and not n.article for n, quantity in counts)]

    def _of_each_side(self, counts: Sequence[tuple[NumberMention, Quantity]]) -> bool:
        """Whether both sides of an exchange give up what the one count says."""
        if len(counts) != 1:
            return False
        first = counts[0][0].first
        if first and self._words[first - 1] in self._rules.each_before:
            return True
        clause = self._words[self._first : self._last + 1]
        return any(tuple(clause[at : at + len(form)]) == form for form in self._rules.each for at in range(len(clause)))

    def _count(self, number: NumberMention, type_: str, cues: Iterable[int]) -> Quantity | None:
        noun, at = self._noun(number)
        money = noun if noun in ("money_usd", "money_eur") else self._currency_before(number)
        if money:
            return _quantity(money, number) if type_ in _MONEY else None  # type: ignore[arg-type]
        if noun in ("distance", "area"):
            kind: QuantityKind = "distance_km" if noun == "distance" else "area_km2"
            told = (type_ in _GROUND or (type_ == _FLOWN and noun == "distance")) and not self._locates(number, at)
            return _quantity(kind, number, self._rules.kilometres.get(self._words[at], 1)) if told else None
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
        if (noun == "munition" and type_ == "infrastructure_damage") or (noun == "event" and type_ == "air_strike"):
            return None
        if number.min == 1 and tuple(self._words[number.last + 1 : number.last + 2]) in self._rules.partitives:
            return None  # "one of the"
        if noun is None and (number.min or number.max or 0) >= _MONEY_ONLY:
            return None  # "61 billion for Kyiv"
        if noun is None and type_ == "interception" and (fired := self._fired_before(number)):
            return _quantity(fired, number)
        if noun is None and any(-3 <= at - number.last <= _REACH for at in cues):
            return None
        return _quantity("items", number)

    def _locates(self, number: NumberMention, unit: int) -> bool:
        """Whether a distance only says where something is: "12 km from", "à 15 km de"."""
        before, rules = self._words[number.first - 1] if number.first else "", self._rules
        if self._classes.get(unit) == "area":
            return False
        return before in rules.locating_before or not rules.locating_after.isdisjoint(self._words[unit + 1 : unit + 3])

    def _fired_before(self, number: NumberMention) -> QuantityKind | None:
        """What the sentence told of last, for a count without a noun: "fired rockets; two were shot down"."""
        for at in range(number.first - 1, -1, -1):
            name = self._class(at)[0]
            if name in ("drone", "missile"):
                return "drones" if name == "drone" else "missiles"
        return None

    def _currency_before(self, number: NumberMention) -> str | None:
        before = self._rules.words.get(self._words[number.first - 1]) if number.first else None
        return before if before in ("money_usd", "money_eur") else None

    def _single(self, type_: str) -> list[Quantity]:
        """A munition or a person in the singular, told with its article where the language has one."""
        wanted, rules = _ONE.get(type_, ()), self._rules
        for at in range(self._first, self._last + 1):
            name = rules.singular.get(self._words[at])
            if name not in wanted or at in self._inside or not rules.negations.isdisjoint(self._words[max(self._first, at - 3) : at]):
                continue
            before = self._words[max(0, at - 4) : at]
            stop = max((i + 1 for i, word in enumerate(before) if word in _STOPS), default=0)
            headline = at < 2 and not stop and name in ("drone", "missile")  # "Drone hits Odesa", but not "drone attacks"
            headline = headline and self._classes.get(at + 1) not in _THINGS
            if not rules.determiners or headline or any(word in rules.determiners for word in before[stop:]):
                kinds: dict[str, QuantityKind] = {"drone": "drones", "missile": "missiles", "person": _PEOPLE.get(type_, "captured")}
                return [Quantity(kinds.get(name or "", "items"), 1, 1)]
        return []
