"""Finds the places that a sentence names and says which place of the world a name means.

A name that is not known, or that stays ambiguous, gets no point. Which place an event has is for the clause to say.
Data comes compiled from `streams.lexicons.places`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import asin, cos, log10, radians, sqrt
from typing import Any

from streams.core.names import capital, key, opening, shouted
from streams.core.records import Place, Precision
from streams.core.text import Sentence, unaccented

LANGUAGES = ("en", "fr", "es", "it", "de", "uk", "ru")
CITY, REGION, COUNTRY, SEA = range(4)
_PRECISIONS: tuple[Precision | None, ...] = ("city", "region", "country", None)
NOWHERE = 2**31 - 1
"""Stands for the latitude of a place without a point."""
_TAILS = ("", "а", "о", "ь", "и", "ы", "е", "ка", "і", "не")
_LONGEST = 6
_BIG = 100_000
_BLOCK, _OPEN = 64, 2_000
"""Names in a block; blocks that stay taken apart."""
_LAST = "\U0010ffff"
_MARGIN = 0.4
"""How much better (in powers of ten of the population) the best meaning of a name must be than the next."""
_REMEMBERED = 20_000
_QUOTES = frozenset("«»\"“”„'")


@dataclass(slots=True)
class PlaceMention:
    """A place as a sentence names it, by token numbers, inclusive."""

    first: int
    last: int
    name: str
    """As it stands in the text."""
    candidates: tuple[int, ...] = ()
    """Numbers of the places that bear the name; none for a name that only its neighbour ("the village of ...") shows to be a place."""
    located: bool = False
    """A preposition or a settlement word stands before it."""
    region: bool = False
    """A word beside it says that the region is meant, not the town."""
    around: bool = False
    """The country around the town is meant ("Покровський напрямок"): the town's point, as a region."""
    home: frozenset[str] = frozenset()
    """Countries (alpha-3) that a writer of the language means where nothing else tells."""
    guessed: bool = False
    """Only a preposition shows that it may be a place."""


class _Words:
    """What one language says around places."""

    def __init__(self, data: Mapping[str, Any], language: str):
        self.locatives = frozenset(data["locatives"][language])
        self.region = frozenset(data["region"][language])
        self.settlement = frozenset(data["settlement"][language])
        self.links = frozenset(data["links"][language])
        self.inside = frozenset(data["inside"][language])
        self.bit = 1 << LANGUAGES.index(language)
        self.nouns_raised = language == "de"
        self.areas = frozenset(data["areas"].get(language, ()))
        """Nouns that make a region of the adjective of a town ("область")."""
        self.surroundings = frozenset(data["surroundings"].get(language, ()))
        """Nouns that mean the country around the town ("напрямок", "район")."""
        self.sites = frozenset(data["sites"].get(language, ()))
        """Nouns of things that lie in the town whose adjective stands before them ("порт", "аеродром")."""
        self.irregular: Mapping[str, str] = data["irregular"]
        """Stems of adjectives -> towns that no rule makes of them."""
        self.soft = language == "uk"
        self.home: frozenset[str] = frozenset(data["home"][language])
        """Countries that a writer of the language means where nothing else tells."""
        self.adjectives: tuple[str, ...] = tuple(sorted(data["adjectives"].get(language, ()), key=len, reverse=True))
        """Endings of such adjectives after the stem in -ськ- or -ск-."""


class _Names:
    """The sorted names, kept in blocks that are taken apart when a look falls into them: a third of the memory of a list."""

    def __init__(self, names: Iterable[str]):
        self._heads: list[str] = []
        self._blocks: list[str] = []
        rest = iter(names)
        while block := list(islice(rest, _BLOCK)):
            self._heads.append(block[0])
            self._blocks.append("\n".join(block))
        self._open: dict[int, list[str]] = {}

    def _block(self, number: int) -> list[str]:
        block = self._open.get(number)
        if block is None:
            if len(self._open) > _OPEN:
                self._open.clear()
            block = self._open[number] = self._blocks[number].split("\n")
        return block

    def __getitem__(self, at: int) -> str:
        return self._block(at // _BLOCK)[at % _BLOCK]

    def __iter__(self) -> Iterator[str]:
        for number in range(len(self._blocks)):
            yield from self._block(number)

    def where(self, name: str) -> int:
        """Where a name stands or would stand among them."""
        number = max(bisect_right(self._heads, name) - 1, 0)
        return number * _BLOCK + bisect_left(self._block(number), name)


class _Singles(dict[str, tuple[int, bool, bool]]):
    """Token -> (where it stands or would stand among the names, whether it is one, whether a longer name begins with it), remembered."""

    def __init__(self, names: _Names):
        super().__init__()
        self._names = names

    def __missing__(self, word: str) -> tuple[int, bool, bool]:
        if len(self) > _REMEMBERED:
            self.clear()
        single = place_key((word,))
        where = self._names.where(single)
        exact = self._names[where] == single
        opens = self._names[where + exact].startswith(single if single[-1:] == "'" else single + " ")
        self[word] = found = (where, exact, opens)
        return found


class Gazetteer:
    """All places and their names. `data` is what `streams.lexicons.places.load` reads: packed columns of the compiled table."""

    def __init__(self, data: Mapping[str, Any]):
        self.names = _Names([*(name for names in data["names"] for name in names.split("\n")), _LAST])
        """Sorted; the last is greater than any."""
        self._singles = _Singles(self.names)
        self.common: bytes = data["common"]
        """For each name the languages (a bit each) in which it is a common word."""
        self._first = _column("I", data["first"])
        self._members = _column("I", data["members"])
        self._ids = _column("I", data["ids"])
        self._lats = _column("i", data["lats"])
        self._lons = _column("i", data["lons"])
        self._populations = _column("I", data["populations"])
        self._admins = _column("H", data["admins"])
        self._countries = _column("H", data["countries"])
        self._kinds: bytes = data["kinds"]
        self.codes: list[str] = data["codes"]
        """ISO 3166-1 alpha-3 of the countries, by number."""
        self._regions: dict[int, int] = dict(data["regions"])
        """Admin number -> the place that is this region."""
        words = data["words"]
        self._lower = frozenset(data["lower"])
        """First words of names that may begin with a small letter ("mer Rouge")."""
        self._not_before = frozenset(words["not_before"]) | frozenset(words["titles"])
        self._not_after = frozenset(words["not_after"])
        self._first_names = frozenset(words["first_names"])
        self._words = {language: _Words(words, language) for language in LANGUAGES}

    # -- finding ---------------------------------------------------------------------------------------------------------------

    def find(self, sentence: Sentence, text: str, language: str) -> list[PlaceMention]:
        """The places named in the sentence, in reading order, the longest name of each; `text` is the field that it was cut from."""
        local = self._words.get(language)
        if local is None:
            return []
        found: list[PlaceMention] = []
        words, starts, lower = sentence.words, sentence.starts, self._lower
        begin = opening(sentence)
        after = 0
        loud: bool | None = None
        for at in [i for i, word in enumerate(words) if text[starts[i]].isupper() or word in lower]:
            if at < after:
                continue
            if loud is None:
                loud = shouted(sentence, text)
            mention = self._at(sentence, text, at, begin, loud, local)
            if mention is not None:
                found.append(mention)
                after = mention.last + 1
        return found

    def _at(self, sentence: Sentence, text: str, at: int, begin: int, loud: bool, local: _Words) -> PlaceMention | None:
        number, length = self._longest(sentence.words, at)
        head = self._head(sentence, at, local)
        adjective = self._adjectival(sentence, text, at, local) if length < 2 and local.adjectives else None
        if adjective is not None:
            return adjective
        if number < 0:
            return self._unknown(sentence, text, at, head, local)
        last = at + length - 1
        located = head in local.locatives or head in local.settlement
        if not self._is_place(sentence, text, at, last, number, begin, loud, located, local):
            return None
        candidates = tuple(self._members[self._first[number] : self._first[number + 1]])
        region = head in local.region or (last + 1 < len(sentence.words) and sentence.words[last + 1] in local.region)
        return PlaceMention(at, last, sentence.slice(text, at, last), candidates, located or region, region, False, local.home)

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, int]:
        """(number of the name, its tokens) of the longest name that begins at a token; -1 where none does."""
        names = self.names
        where, exact, opens = self._singles[words[at]]
        if opens:
            for length in range(min(_LONGEST, len(words) - at), 1, -1):
                longer = place_key(words[at : at + length])
                there = names.where(longer)
                if names[there] == longer:
                    return there, length
        return (where, 1) if exact else (-1, 0)

    def _adjectival(self, sentence: Sentence, text: str, at: int, local: _Words) -> PlaceMention | None:
        """A town by its adjective and a noun ("Покровський напрямок", "Одеський порт", "Глушковского района")."""
        noun = sentence.words[at + 1] if at + 1 < len(sentence.words) else ""
        area, around = noun in local.areas, noun in local.surroundings
        if not area and not around and noun not in local.sites:
            return None
        word = place_key(sentence.words[at : at + 1])
        ending = next((ending for ending in local.adjectives if word.endswith(ending)), None)
        if ending is None:
            return None
        stem = word[: len(word) - len(ending)]
        if stem[-1:] != "к" or len(stem) < 5:
            return None
        # the town of "покровський" is Покровськ, of "харківський" Харків, of "одеський" Одеса, of "глушковский" Глушково
        kept = stem.removesuffix("к").removesuffix("ь")
        bases = {kept, kept.removesuffix("с")}
        names = {stem + "ь" if local.soft else stem, local.irregular.get(stem, stem), *(base + tail for base in bases for tail in _TAILS)}
        found = [self._number(name) for name in names]
        number = max((n for n in found if n >= 0), key=lambda n: self._populations[self._members[self._first[n]]], default=-1)
        if number < 0:
            return None
        candidates = tuple(self._members[self._first[number] : self._first[number + 1]])
        return PlaceMention(at, at + 1, sentence.slice(text, at, at + 1), candidates, True, area, around, local.home)

    def _number(self, name: str) -> int:
        where = self.names.where(name)
        return where if self.names[where] == name else -1

    @staticmethod
    def _head(sentence: Sentence, at: int, local: _Words) -> str:
        """The word before a name, a link ("of", "de") between them passed over where a region or settlement word stands before it."""
        if not at:
            return ""
        before = sentence.words[at - 1]
        if at > 1 and before in local.links and (noun := sentence.words[at - 2]) in local.region | local.settlement:
            return noun
        return before

    @staticmethod
    def _unknown(sentence: Sentence, text: str, at: int, head: str, local: _Words) -> PlaceMention | None:
        word = sentence.words[at]
        if not capital(sentence, text, at) or not word[0].isalpha() or len(word) < 3:
            return None
        guessed = head not in local.settlement
        if guessed and (head not in local.inside or len(word) < 4 or text[sentence.starts[at] : sentence.ends[at]].isupper()):
            return None
        last = at
        while last + 1 < len(sentence.words) and last - at < 2 and sentence.words[last + 1].isalpha() and capital(sentence, text, last + 1):
            if local.nouns_raised:
                break
            last += 1
        return PlaceMention(at, last, sentence.slice(text, at, last), (), True, guessed=guessed)

    def _is_place(
        self, sentence: Sentence, text: str, at: int, last: int, number: int, begin: int, loud: bool, located: bool, local: _Words
    ) -> bool:
        """Whether the name is one here: no common word, no part of a person's or a club's name."""
        words = sentence.words
        before = words[at - 1] if at > begin else ""
        after = words[last + 1] if last + 1 < len(words) else ""
        if before in self._not_before or before in self._first_names or after in self._not_after:
            return False
        first = self._members[self._first[number]]
        if self._kinds[first] >= COUNTRY:
            return True
        common = self.common[number] & local.bit
        if last == at:
            if common and (at == begin or loud or before in _QUOTES or not (located or local.adjectives)):
                return False
            if len(words[at]) < 4 and self._populations[first] < _BIG:
                return located
        elif at == begin and words[at] in local.locatives and self._populations[first] < _BIG:  # "La Mission", "El Consejo"
            return False
        elif not any(c.isupper() for c in text[sentence.starts[at + 1] : sentence.ends[last]]):
            return at != begin and self._kinds[first] != CITY
        if local.nouns_raised or loud or self._populations[first] >= _BIG or self._kinds[first] == REGION:
            return True
        follows = at - 1 > begin and before.isalpha() and capital(sentence, text, at - 1)
        return not follows and not (after.isalpha() and capital(sentence, text, last + 1))

    # -- resolving -------------------------------------------------------------------------------------------------------------

    def countries(self, mentions: Iterable[PlaceMention]) -> Counter[str]:
        """How often each country is meant by big places, and by others that bear their name in one country only."""
        out: Counter[str] = Counter()
        for mention in mentions:
            codes = {self.codes[self._countries[i]] for i in mention.candidates}
            if codes and (len(codes) == 1 or self._populations[mention.candidates[0]] >= _BIG):
                out[self.codes[self._countries[mention.candidates[0]]]] += 1
        out.pop("", None)
        return out

    def likely(self, mention: PlaceMention) -> str:
        """The country (alpha-3) of the biggest place of that name; empty where none is known."""
        return self.codes[self._countries[mention.candidates[0]]] if mention.candidates else ""

    def resolve(self, mention: PlaceMention, others: Sequence[PlaceMention], countries: Mapping[str, int]) -> Place | None:
        """The place that a mention means, by the other places and the countries (alpha-3 -> how often) of the article, and by population.

        A place without a point where the name is unknown or stays ambiguous; None where nothing supports that a rare name is a place.
        """
        total = sum(countries.values())
        if not mention.candidates:
            code = max(countries, key=lambda c: countries[c]) if total else None
            return Place(mention.name, code if code and countries[code] * 2 > total else None)
        near = [m.candidates[0] for m in others if m is not mention and 0 < len(m.candidates) < 3]
        admins = {self._admins[i] for i in near if self._admins[i]}
        ranked = sorted(((self._score(i, mention, countries, total, admins), i) for i in mention.candidates), reverse=True)
        score, best = ranked[0]
        country = self.codes[self._countries[best]]
        if not self._supported(best, mention, country, countries, admins):
            return None
        rivals = [i for s, i in ranked[1:] if score - s < _MARGIN and not self._near(best, i)]
        if rivals and self._kinds[best] == CITY:
            same = all(self._countries[i] == self._countries[best] for i in rivals)
            return Place(mention.name, country if same else None)
        if mention.region and self._kinds[best] == CITY:
            region = self._regions.get(self._admins[best])
            return self._place(mention.name, best if region is None else region, "region")
        return self._place(mention.name, best, "region" if mention.around and self._kinds[best] == CITY else None)

    def _score(self, place: int, mention: PlaceMention, countries: Mapping[str, int], total: int, admins: set[int]) -> float:
        kind = self._kinds[place]
        score = log10(self._populations[place] + 100) if kind == CITY else 5.5 + (mention.region and kind == REGION)
        country = self.codes[self._countries[place]]
        named = countries.get(country, 0)
        if named:
            score += 0.6 + named / total
        elif country in mention.home:
            score += 0.8
        return score + 1.5 * (self._admins[place] in admins)

    def _supported(self, place: int, mention: PlaceMention, country: str, countries: Mapping[str, int], admins: set[int]) -> bool:
        if self._kinds[place] != CITY or self._populations[place] >= _BIG or country in countries or country in mention.home:
            return True
        return mention.located and (self._admins[place] in admins or not countries)

    def _near(self, one: int, other: int) -> bool:
        """Whether two places of one name are the same for a reader: one region and within 30 km, or one without a point."""
        if self._lats[one] == NOWHERE or self._lats[other] == NOWHERE or self._kinds[one] != self._kinds[other]:
            return self._countries[one] == self._countries[other]
        return kilometres(self._lats[one] / 1e5, self._lons[one] / 1e5, self._lats[other] / 1e5, self._lons[other] / 1e5) < 30

    def _place(self, name: str, place: int, precision: Precision | None = None) -> Place:
        kind = self._kinds[place]
        known = self._lats[place] != NOWHERE
        level = precision or _PRECISIONS[kind]
        return Place(
            name,
            self.codes[self._countries[place]] or None,
            self._ids[place] or None,
            self._lats[place] / 1e5 if known else None,
            self._lons[place] / 1e5 if known else None,
            level if known or kind == COUNTRY else None,
        )


def place_key(words: Sequence[str]) -> str:
    """What the gazetteer knows the tokens by: `key`, without diacritics where the letters are Latin ("Járkov", "Jarkov")."""
    found = key(words)
    return found if found.isascii() or found[0] >= "\u0370" else unaccented(found).lower()


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine, radius 6,371 km) of two points in degrees."""
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    return 12742 * asin(sqrt((1 - cos(north)) / 2 + cos(radians(lat1)) * cos(radians(lat2)) * (1 - cos(east)) / 2))


def _column(typecode: str, packed: bytes) -> array[int]:
    column = array(typecode)
    column.frombytes(packed)
    return column
