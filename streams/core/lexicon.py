"""What the words of a language mean: its tables of concepts, and the marking of a sentence with them.

Built from compiled data (see `streams.lexicons.compile`); reads no file and knows no word itself.
A concept is a bit, so what a clause speaks of is an OR and a condition is an AND.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter, or_
from typing import Any

from streams.core.text import LONGEST_WORD, Tokenizer

PSEUDO = ("PHRASE", "ACTOR", "STATE", "GROUP", "PLACE", "NUMBER", "WEAK", "COMPOUND", "THEATRE")
"""Bits that no `concepts.yml` fills: PHRASE (may begin a phrase), WEAK (the entry wants more support), COMPOUND (one word made of
several), THEATRE (a place in a country at war), the others by tables."""
SLOT = re.compile(r"<([A-Z_|]+)>")
"""The part of a pattern's element that any word of a concept fills."""
_STOPS = frozenset(".;:!?()")
_CACHE = 50_000


class Concepts:
    """The concepts of `types.yml` as bits, with their weights."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]], kept: Iterable[str] = ()):
        self.names: tuple[str, ...] = (*PSEUDO, *data)
        self.bit = {name: 1 << i for i, name in enumerate(self.names)}
        weights = {"STATE": 1, "GROUP": 2, "THEATRE": 1} | {name: int(concept.get("weight", 0)) for name, concept in data.items()}
        self._masks: dict[tuple[str, ...], int] = {}
        self.weights = tuple((self.bit[name], weight) for name, weight in weights.items() if weight)
        self._weighed: dict[int, int] = {}
        """Set of concepts -> its weight, remembered: few sets come over and over."""
        self.weighted = self.mask(name for name, weight in weights.items() if weight)
        self.guards = self.mask(name for name, weight in weights.items() if weight < 0)
        self.triggers = self.mask(name for name, concept in data.items() if concept.get("trigger"))
        self.things = self.mask(name for name, concept in data.items() if concept.get("thing"))
        """Concepts that tell a development where nothing else of their clause does ("Missiles on Odesa")."""
        self.tables_named = self.mask(("ACTOR", "STATE", "GROUP", "PLACE", "THEATRE"))
        self.tables_at_war = self.mask(("STATE", "GROUP", "THEATRE"))
        self.tables = self.tables_named | self.bit["NUMBER"]
        self.kept = self.tables | self.mask(kept)
        """What the words of a phrase that tells a development go on to mean: the things and people that the rules ask for beside it."""

    def mask(self, names: Iterable[str]) -> int:
        """The bits of these concepts together. Raises KeyError for a name that `types.yml` does not have."""
        names = tuple(names)
        if (known := self._masks.get(names)) is None:
            known = self._masks[names] = reduce(or_, (self.bit[name] for name in names), 0)
        return known

    def weigh(self, mask: int) -> int:
        """The weight of a set of concepts: above 0 it speaks of armed conflict, below of another domain."""
        wanted = mask & self.weighted
        weight = self._weighed.get(wanted)
        if weight is None:
            if len(self._weighed) > _CACHE:
                self._weighed.clear()
            weight = self._weighed[wanted] = sum(weight for bit, weight in self.weights if wanted & bit)
        return weight

    def of(self, mask: int) -> list[str]:
        """The names of the concepts in a mask."""
        return [name for name in self.names if mask & self.bit[name]]


@dataclass(slots=True)
class _Element:
    forms: frozenset[str]
    mask: int
    gap: int
    """How many tokens may stand between the element before and this one; below 0: no token, but the end of the clause is asked for."""


@dataclass(slots=True)
class Phrase:
    """A pattern of several tokens that means one concept."""

    before: list[_Element]
    """The elements to the left of the anchor, nearest first."""
    after: list[_Element]
    mask: int
    entry: str
    need: frozenset[str]
    """Where not empty: one of these stands in the sentence, or nothing matches (the cheap look)."""

    def match(self, words: Sequence[str], masks: Sequence[int], at: int) -> tuple[list[int], list[tuple[int, int]]] | None:
        """(the tokens that the pattern covers when its anchor is token `at`, the tokens that it asks a concept of and which), else None."""
        covered: list[int] = [at]
        asked: list[tuple[int, int]] = []
        for elements, step in ((self.before, -1), (self.after, 1)):
            if not self._walk(elements, 0, words, masks, at, step, covered, asked):
                return None
        return covered, asked

    def _walk(
        self,
        elements: list[_Element],
        number: int,
        words: Sequence[str],
        masks: Sequence[int],
        at: int,
        step: int,
        covered: list[int],
        asked: list[tuple[int, int]],
    ) -> bool:
        """Whether the elements from `number` on follow token `at`; the nearest word that fits is tried first."""
        if number == len(elements):
            return True
        element = elements[number]
        if element.gap < 0:
            follows = words[at + 1] if at + 1 < len(words) else "."
            if follows not in _STOPS and follows != "," and follows not in element.forms:
                return False
            return self._walk(elements, number + 1, words, masks, at, step, covered, asked)
        for _ in range(element.gap + 1):
            at += step
            if not 0 <= at < len(words):
                return False
            if words[at] in element.forms:
                covered.append(at)
                if self._walk(elements, number + 1, words, masks, at, step, covered, asked):
                    return True
                covered.pop()
            elif masks[at] & element.mask:
                asked.append((at, element.mask))
                if self._walk(elements, number + 1, words, masks, at, step, covered, asked):
                    return True
                asked.pop()
            if words[at] in _STOPS and not (words[at] == "." and words[at - 1].isdigit()):  # "am 13. Juli"
                return False
        return False


_Match = tuple[tuple[int, int, int], list[int], list[tuple[int, int]], Phrase]
"""((minus its elements, minus the tokens covered, anchor), tokens covered, (token, concepts asked of it), phrase)."""


class _Words(dict[str, int]):
    """Form -> concept bits; an unknown form is taken apart once (hyphens, compounds) and remembered."""

    def __init__(self, known: dict[str, int], shortest: int, compound: int):
        super().__init__(known)
        self._learnt: set[str] = set()
        """The forms that the lexicon does not have."""
        self._shortest = shortest
        """The least length of a compound's last part; 0 for a language that makes none."""
        self._compound = compound

    def __missing__(self, word: str) -> int:
        if len(self._learnt) > _CACHE:
            for learnt in self._learnt:
                del self[learnt]
            self._learnt.clear()
        parts = self.parts(word)
        mask = reduce(or_, (self[part] for part in parts), self._compound if len(parts) > 1 else 0)
        if len(word) <= LONGEST_WORD:
            self[word] = mask
            self._learnt.add(word)
        return mask

    def _knows(self, word: str) -> bool:
        return word in self and word not in self._learnt

    def parts(self, word: str) -> list[str]:
        """The known words that an unknown one is made of."""
        if "-" in word[1:-1]:
            return [part for part in word.split("-") if self._knows(part)]
        if not self._shortest or not 9 <= len(word) <= LONGEST_WORD or not word.isalpha():
            return []
        for cut in range(3, len(word) - self._shortest + 1):  # the longest known tail: the head of the compound
            if self._knows(tail := word[cut:]):
                head = word[:cut]
                shapes = (head, head[:-1], head[:-2], head + "e", head[:-1] + "e")  # with and without what joins the parts
                heads = [h for h in shapes if len(h) > 2 and self._knows(h)]
                return [tail, *(heads[:1] or self.parts(head))]
        return []


class _Forms(dict[str, frozenset[str]]):
    """A word of a pattern -> the forms that it stands for, worked out once: many patterns share their words."""

    def __init__(self, same: Mapping[str, list[str]], inflected: Mapping[str, str]):
        super().__init__()
        self._same, self._inflected = same, inflected
        self._one: dict[str, str] = {}
        """Each form once: many words share it."""
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def __missing__(self, word: str) -> frozenset[str]:
        forms: set[str] = set()
        for option in word.split("|"):
            if option.startswith("="):
                forms.add(option[1:])
            else:
                forms.update(self._same.get(option) or self._inflected.get(option, option).split())
        found = frozenset([self._one.setdefault(form, form) for form in forms])
        found = self[word] = self._sets.setdefault(found, found)
        return found


_Look = tuple[frozenset[str], frozenset[str] | None, frozenset[str] | None, Phrase]
"""A phrase with the words of which one must stand in the sentence, those right before its anchor and those right after it (None: any)."""


def _beside(elements: list[_Element]) -> frozenset[str] | None:
    """The words of which one must stand right beside the anchor; None where another may."""
    first = elements[0] if elements else None
    return first.forms if first is not None and not first.gap and not first.mask else None


_Looks = tuple[list[_Look], list[_Look]]
"""The phrases of an anchor that ask no concept of a word, and those that do; longest first."""


def _look(phrase: Phrase) -> _Look:
    return phrase.need, _beside(phrase.before), _beside(phrase.after), phrase


def _both(one: list[_Look], other: list[_Look]) -> list[_Look]:
    return one + other if one and other else one or other


def _by_form(anchored: Mapping[str, _Looks], forms: _Forms) -> dict[str, _Looks]:
    """Anchor form -> its phrases; forms of one anchor share them."""
    out: dict[str, _Looks] = {}
    for anchor, looks in anchored.items():
        for form in forms[anchor]:
            others = out.get(form)
            out[form] = looks if others is None else (_both(others[0], looks[0]), _both(others[1], looks[1]))
    for listed in {id(listed): listed for looks in out.values() for listed in looks}.values():
        listed.sort(key=lambda look: -len(look[3].before) - len(look[3].after))
    return out


_order = itemgetter(0)


def _matches(words: Sequence[str], present: Set[str], masks: Sequence[int], anchors: Sequence[tuple[int, list[_Look]]]) -> list[_Match]:
    """The phrases that match at their anchors; `present` are the words as a set."""
    out = []
    last = len(words) - 1
    for i, looks in anchors:
        left = words[i - 1] if i else ""
        right = words[i + 1] if i < last else ""
        for need, before, after, phrase in looks:
            if (before is not None and left not in before) or (after is not None and right not in after):
                continue
            if need and need.isdisjoint(present):
                continue
            if (match := phrase.match(words, masks, i)) is not None:
                out.append(((-len(match[0]) - len(match[1]), -len(match[0]), i), match[0], match[1], phrase))
    return out


class Lexicon:
    """One language: how it cuts text, what its words mean, and its grammar words."""

    def __init__(self, data: Mapping[str, Any], concepts: Concepts):
        grammar = data["grammar"]
        self.code: str = data["code"]
        self.coverage: str = grammar.get("coverage", "full")
        self.concepts = concepts
        self.tokenizer = Tokenizer(grammar.get("clitics", ()), grammar.get("enclitics", ()), grammar.get("abbreviations", ()))
        self.grammar: dict[str, frozenset[str]] = {k: frozenset(v) for k, v in grammar.items() if isinstance(v, list)}
        self._together: dict[tuple[str, ...], frozenset[str]] = {}
        self.ahead = frozenset(data.get("ahead", "").split())
        """Forms of verbs that mean the future by themselves."""
        self.patterns: dict[str, int] = {}
        """Entry -> how many patterns it has."""
        self._entries: dict[str, tuple[str, ...]] = {}
        forms = _Forms({form: group for group in grammar.get("same", {}).values() for form in group}, data["forms"])
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # thousands of forms come from the same entries
        words: dict[str, int] = {}
        anchored: dict[str, _Looks] = {}
        self.phrase_count = 0
        for entry, concept, patterns, weak in data["entries"]:
            mask = concepts.bit[concept] | (concepts.bit["WEAK"] if weak else 0)
            self.patterns[entry] = len(patterns)
            for pattern in patterns:
                elements = pattern.split()
                if len(elements) == 1:
                    for form in forms[elements[0]]:
                        words[form] = words.get(form, 0) | mask
                        entries = (*self._entries.get(form, ()), entry)
                        self._entries[form] = shared.setdefault(entries, entries)
                    continue
                anchor, phrase = self._phrase(elements, mask if concept != "IGNORE" else 0, entry, forms)
                asks = any(element.mask for element in (*phrase.before, *phrase.after))
                anchored.setdefault(anchor, ([], []))[asks].append(_look(phrase))
                self.phrase_count += 1
                if phrase.mask & concepts.triggers:
                    for form in forms[anchor]:
                        words[form] = words.get(form, 0) | concepts.bit["PHRASE"]
        self.phrases = _by_form(anchored, forms)
        self.words = _Words(words, int(grammar.get("compounds", 0)), concepts.bit["COMPOUND"])
        self.trigger = concepts.triggers | concepts.things | concepts.bit["PHRASE"] | concepts.bit["DENY"]

    def grammar_words(self, keys: tuple[str, ...]) -> frozenset[str]:
        """The words of these keys of the grammar together, worked out once."""
        if (known := self._together.get(keys)) is None:
            known = self._together[keys] = frozenset().union(*(self.grammar.get(key, ()) for key in keys))
        return known

    def _phrase(self, elements: list[str], mask: int, entry: str, forms: _Forms) -> tuple[str, Phrase]:
        """The word that a pattern is found by, and the pattern."""
        parsed: list[tuple[str, _Element]] = []
        gap = 0
        for text in elements:
            if text.startswith(".."):
                gap = int(text[2:] or 3)
            elif text == "$":
                parsed.append(("", _Element(self.grammar.get("closers", frozenset()), 0, -1)))
            elif slot := SLOT.search(text):
                words = SLOT.sub("", text).strip("|")
                parsed.append(("", _Element(forms[words] if words else frozenset(), self.concepts.mask(slot[1].split("|")), gap)))
                gap = 0
            else:
                parsed.append((text, _Element(forms[text], 0, gap)))
                gap = 0
        anchor = max(range(len(parsed)), key=lambda i: (len(parsed[i][0].split("|")[0].lstrip("=")) if parsed[i][0] else -1, -i))
        if not parsed[anchor][0]:
            raise ValueError(f"{entry}: a pattern needs at least one word: {' '.join(elements)}")
        left = []
        for i in range(anchor - 1, -1, -1):  # the gap stands before an element; walking left it belongs to the one after
            left.append(_Element(parsed[i][1].forms, parsed[i][1].mask, parsed[i + 1][1].gap))
        right = [element for _, element in parsed[anchor + 1 :]]
        others = [element.forms for i, (text, element) in enumerate(parsed) if i != anchor and text]
        return parsed[anchor][0], Phrase(left, right, mask, entry, min(others, key=len, default=frozenset()))

    def mark(self, words: Sequence[str], masks: list[int]) -> tuple[dict[int, str], set[int]]:
        """Adds to `masks` (which may hold table bits already) what the words mean; returns token -> entry for the phrases found,
        and the tokens that they cover.

        The longest phrase wins; the words that it covers mean nothing else, and its anchor carries its concept. Phrases that
        cover the same words all count. A slot takes a thing or person that a phrase without slots names, too.
        """
        known = self.words
        for i, word in enumerate(words):
            masks[i] |= known[word]
        phrases = self.phrases
        present = set(words)
        anchors = [(i, phrases[word]) for i, word in enumerate(words) if word in phrases]
        matches = _matches(words, present, masks, [(i, looks) for i, (looks, _) in anchors if looks])
        lent: Sequence[int] = masks
        if matches:
            lent = list(masks)
            for _, tokens, _, phrase in matches:
                if not phrase.mask & self.concepts.triggers:
                    for token in tokens:
                        lent[token] |= phrase.mask
        matches += _matches(words, present, lent, [(i, looks) for i, (_, looks) in anchors if looks])
        matches.sort(key=_order)
        found: dict[int, str] = {}
        covered: set[int] = set()
        same: tuple[int, list[int]] | None = None
        for (_, _, i), tokens, asked, phrase in matches:
            if not all((masks[token] | (0 if token in covered else lent[token])) & wanted for token, wanted in asked):
                continue  # a longer phrase made that word mean nothing
            if covered.isdisjoint(tokens):
                tells = phrase.mask & self.concepts.triggers
                kept = self.concepts.kept if tells else self.concepts.tables if phrase.mask else 0
                for token in tokens:
                    masks[token] = (masks[token] | (lent[token] if tells else 0)) & kept
                masks[i] |= phrase.mask
                covered.update(tokens)
                found[i] = phrase.entry
                same = (i, sorted(tokens))
            elif same == (i, sorted(tokens)):
                masks[i] |= phrase.mask
                found[i] = found[i] if phrase.entry in found[i] else f"{found[i]} {phrase.entry}"
        return found, covered

    def entries(self, word: str) -> Iterator[str]:
        """The entries that a single word comes from."""
        for part in [word] if word in self._entries else self.words.parts(word):
            yield from self._entries.get(part, ())

    def entry(self, word: str, mask: int) -> str:
        """The entry of a word that means one of the concepts in `mask` (entry ids begin with their concept)."""
        bit = self.concepts.bit
        return next((entry for entry in self.entries(word) if bit[entry.split("/")[1]] & mask), "")
