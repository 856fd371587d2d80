"""Finds the places that a sentence names and says which place of the world a name means.

A name that is not known, or that stays ambiguous, gets no point. Which place an event has is for the clause to say.
Data comes compiled from `streams.lexicons.places`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, log10, radians, sqrt
from typing import Any

from streams.core.names import capital, key, opening, shouted
from streams.core.records import Place, Precision
from streams.core.text import Sentence, unaccented

LANGUAGES = ("en", "fr", "es", "it", "de", "uk", "ru")
CITY, REGION, COUNTRY, SEA = range(4)
NOWHERE = 2**31 - 1
"""Stands for the latitude of a place without a point."""
_LONGEST = 6
_BIG = 100_000
_MARGIN = 0.5


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


class _Words:
    """What one language says around places."""

    def __init__(self, data: Mapping[str, Any], language: str):
        self.locatives = frozenset(data["locatives"][language])
        self.region = frozenset(data["region"][language])
        self.settlement = frozenset(data["settlement"][language])
        self.links = frozenset(data["links"][language])
        self.bit = 1 << LANGUAGES.index(language)
        self.nouns_raised = language == "de"


class Gazetteer:
    """All places and their names. `data` is what `streams.lexicons.places.load` reads: packed columns of the compiled table."""

    def __init__(self, data: Mapping[str, Any]):
        self.names: list[str] = [name for names in data["names"] for name in names.split("\n")]
        self.names.append("\U0010ffff")
        """Sorted; ends with a name that is greater than any."""
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
        self._codes: list[str] = data["codes"]
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
        begin = opening(sentence, text)
        loud: bool | None = None
        at, count = 0, len(words)
        while at < count:
            word = words[at]
            if not text[starts[at]].isupper() and word not in lower:
                at += 1
                continue
            if loud is None:
                loud = shouted(sentence, text)
            mention = self._at(sentence, text, at, begin, loud, local)
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at = mention.last + 1
        return found

    def _at(self, sentence: Sentence, text: str, at: int, begin: int, loud: bool, local: _Words) -> PlaceMention | None:
        number, length = self._longest(sentence.words, at)
        head = self._head(sentence, at, local)
        if number < 0:
            return self._unknown(sentence, text, at, head, local)
        last = at + length - 1
        located = head in local.locatives or head in local.settlement
        if not self._is_place(sentence, text, at, last, number, begin, loud, located, local):
            return None
        candidates = tuple(self._members[self._first[number] : self._first[number + 1]])
        region = head in local.region or (last + 1 < len(sentence.words) and sentence.words[last + 1] in local.region)
        return PlaceMention(at, last, sentence.slice(text, at, last), candidates, located or region, region)

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, int]:
        """(number of the name, its tokens) of the longest name that begins at a token; -1 where none does."""
        names = self.names
        single = place_key(words[at : at + 1])
        where = bisect_left(names, single)
        exact = names[where] == single
        after = where + exact
        if names[after].startswith(single if single[-1] == "'" else single + " "):
            for length in range(min(_LONGEST, len(words) - at), 1, -1):
                longer = place_key(words[at : at + length])
                there = bisect_left(names, longer, after)
                if names[there] == longer:
                    return there, length
        return (where, 1) if exact else (-1, 0)

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
        if head not in local.settlement or not capital(sentence, text, at) or not sentence.words[at][0].isalpha() or len(sentence.words[at]) < 3:
            return None
        last = at
        while last + 1 < len(sentence.words) and last - at < 2 and sentence.words[last + 1].isalpha() and capital(sentence, text, last + 1):
            if local.nouns_raised:
                break
            last += 1
        return PlaceMention(at, last, sentence.slice(text, at, last), (), True)

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
            if common and (not located or at == begin or loud):
                return False
            if len(words[at]) < 4 and self._populations[first] < _BIG:
                return located
        elif not any(text[sentence.starts[i]].isupper() for i in range(at + 1, last + 1)):
            return at != begin and self._kinds[first] != CITY
        if local.nouns_raised or loud or self._populations[first] >= _BIG or self._kinds[first] == REGION:
            return True
        beside = (at > begin and before.isalpha() and capital(sentence, text, at - 1)) or (after.isalpha() and capital(sentence, text, last + 1))
        return not beside

    # -- resolving -------------------------------------------------------------------------------------------------------------

    def countries(self, mentions: Iterable[PlaceMention]) -> Counter[str]:
        """How often each country is meant by mentions that can mean one country only or a big place."""
        out: Counter[str] = Counter()
        for mention in mentions:
            codes = {self._codes[self._countries[i]] for i in mention.candidates}
            if len(codes) == 1:
                out.update(codes)
            elif codes and self._populations[mention.candidates[0]] >= _BIG:
                out[self._codes[self._countries[mention.candidates[0]]]] += 1
        out.pop("", None)
        return out

    def resolve(self, mention: PlaceMention, others: Sequence[PlaceMention], countries: Mapping[str, int]) -> Place | None:
        """The place that a mention means, by the other places and the countries (alpha-3 -> how often) of the article, and by population.

        A place without a point where the name is unknown or stays ambiguous; None where nothing supports that a rare name is a place.
        """
        total = sum(countries.values())
        if not mention.candidates:
            code = max(countries, key=lambda c: countries[c]) if total else None
            return Place(mention.name, code if code and countries[code] * 2 > total else None)
        admins = {self._admins[i] for m in others if m is not mention and len(m.candidates) < 3 for i in m.candidates[:1] if self._admins[i]}
        ranked = sorted(((self._score(i, mention, countries, total, admins), i) for i in mention.candidates), reverse=True)
        score, best = ranked[0]
        country = self._codes[self._countries[best]]
        if not self._supported(best, mention, country, countries, admins):
            return None
        rivals = [i for s, i in ranked[1:] if score - s < _MARGIN and not self._near(best, i)]
        if rivals and self._kinds[best] == CITY:
            same = all(self._countries[i] == self._countries[best] for i in rivals)
            return Place(mention.name, country if same else None)
        if mention.region and self._kinds[best] == CITY:
            region = self._regions.get(self._admins[best])
            return self._place(mention.name, best if region is None else region, "region")
        return self._place(mention.name, best)

    def _score(self, place: int, mention: PlaceMention, countries: Mapping[str, int], total: int, admins: set[int]) -> float:
        kind = self._kinds[place]
        score = log10(self._populations[place] + 100) if kind == CITY else 5.5 + (mention.region and kind == REGION)
        named = countries.get(self._codes[self._countries[place]], 0)
        if named:
            score += 1 + 4 * named / total
        return score + 2 * (self._admins[place] in admins)

    def _supported(self, place: int, mention: PlaceMention, country: str, countries: Mapping[str, int], admins: set[int]) -> bool:
        if self._kinds[place] != CITY or self._populations[place] >= _BIG or country in countries:
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
        level: Precision | None = precision or ("city", "region", "country", None)[kind]  # type: ignore[assignment]
        return Place(
            name,
            self._codes[self._countries[place]] or None,
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
