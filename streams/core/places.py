"""Says which place of the world a name means.

A name that is not known, or that stays ambiguous, gets no point. Which place an event has is for the clause to say.
Data comes compiled from `streams.lexicons.places`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import asin, cos, log10, radians, sqrt
from typing import Any

from streams.core.names import capital, opening, shouted
from streams.core.place_names import (
    LANGUAGES,
    QUOTES,
    NameTable,
    PlaceMention,
    Words,
    adjectival,
    directed,
    distant,
    head,
    hosted,
    listed,
    town_stem,
)
from streams.core.records import Place, Precision
from streams.core.text import Sentence

CITY, REGION, COUNTRY, SEA = range(4)
_PRECISIONS: tuple[Precision | None, ...] = ("city", "region", "country", None)
NOWHERE = 2**31 - 1
"""Stands for the latitude of a place without a point."""
_BIG = 100_000
_TOWN = 50_000
_SHORTEST = 5
_CAPITAL = 1_000_000
"""A capital ranks as a town of so many people: its name elsewhere is meant where the text says so."""
_LAST = "\U0010ffff"
_LOOKED_AT = 200
"""How many places of an article tell what its others mean: one that names more is a list, and looking at all for each takes too long."""
_MARGIN = 0.4
"""How much better (in powers of ten of the population) the best meaning of a name must be than the next."""
_FAR = 20_000.0
_HEADS = frozenset(":.,")
_BESIDE = 60
"""Kilometres within which a place lies near another."""


class Gazetteer:
    """All places and their names. `data` is what `streams.lexicons.places.load` reads: packed columns of the compiled table."""

    def __init__(self, data: Mapping[str, Any]):
        self.names = NameTable([*(name for names in data["names"] for name in names.split("\n")), _LAST])
        """Sorted; the last is greater than any."""
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
        self._capitals = frozenset(data["capitals"])
        self.codes: list[str] = data["codes"]
        """ISO 3166-1 alpha-3 of the countries, by number."""
        self.states = frozenset(code for code in self.codes if code)
        self._regions: dict[int, int] = dict(data["regions"])
        """Admin number -> the place that is this region."""
        words = data["words"]
        self._lower = frozenset(data["lower"])
        """First words of names that may begin with a small letter ("mer Rouge")."""
        self._not_before = frozenset(words["not_before"])
        self._titles = frozenset(words["titles"])
        self._not_after = frozenset(words["not_after"])
        self._first_names = frozenset(words["first_names"])
        self._theatres = frozenset(words["theatres"])
        """Countries at war: a name is likelier to be one of theirs."""
        self.bases: Mapping[str, str] = words["bases"]
        """Armed groups -> the country that they fight in."""
        self._words = {language: Words(words, language) for language in LANGUAGES}

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
                directed(mention, words, local)
                if found and at - found[-1].last < 5:
                    listed(found[-1], mention, words, local)
                found.append(mention)
                after = mention.last + 1
        if len(found) > 1:
            hosted(found, words, local, self._wide)
        return found

    def _at(self, sentence: Sentence, text: str, at: int, begin: int, loud: bool, local: Words) -> PlaceMention | None:
        words = sentence.words
        number, length = self.names.longest(words, at)
        genitive = -1 if number >= 0 else self._genitive(words[at], local)
        if genitive >= 0:
            number, length = genitive, 1
        before = head(words, at, local)
        raised = partial(capital, sentence, text)
        adjective = adjectival(words, at, local, self._best, raised) if length < 2 and local.adjectives else None
        if adjective is not None:
            number, last, noun = adjective
            candidates = self._candidates(number)
            mention = PlaceMention(at, last, sentence.slice(text, at, last), candidates, True, words[noun] in local.areas)
            mention.around = words[noun] in local.surroundings
        elif number < 0 or (length == 1 and not raised(at)):
            return self._unknown(sentence, text, at, before, local)
        else:
            last = at + length - 1
            located = genitive >= 0 or before in local.locatives or before in local.nouns
            if not self._is_place(sentence, text, at, last, number, begin, loud, located, local):
                return None
            candidates = self._candidates(number)
            if before in local.banks and self._kinds[candidates[0]] == CITY:
                candidates = ()  # the river of that name
            region = before in local.region or (last + 1 < len(words) and words[last + 1] in local.region)
            mention = PlaceMention(at, last, sentence.slice(text, at, last), candidates, located or region, region)
            mention.around = bool(local.units) and at > 2 and distant(words, at, local)
        mention.home = local.home
        mention.heading = at == begin and (last + 1 == len(words) or words[last + 1] in _HEADS)
        return mention

    def _candidates(self, number: int) -> tuple[int, ...]:
        return tuple(self._members[self._first[number] : self._first[number + 1]])

    def _genitive(self, word: str, local: Words) -> int:
        """The number of the well-known name that a word is the genitive of, -1 where there is none."""
        for ending in local.genitives:
            number = self.names.longest((word.removesuffix(ending),), 0)[0] if len(word) > _SHORTEST else -1
            if number >= 0:
                first = self._members[self._first[number]]
                if self._populations[first] >= _TOWN or self._kinds[first] == REGION:
                    return number
        return -1

    def _best(self, names: Iterable[str]) -> int:
        """The number of the name that has the biggest place, -1 where none is known."""
        found = (self.names.number(name) for name in names)
        return max((n for n in found if n >= 0), key=lambda n: self._populations[self._members[self._first[n]]], default=-1)

    def _wide(self, mention: PlaceMention) -> bool:
        return mention.region or (bool(mention.candidates) and self._kinds[mention.candidates[0]] in (REGION, COUNTRY))

    @staticmethod
    def _unknown(sentence: Sentence, text: str, at: int, before: str, local: Words) -> PlaceMention | None:
        word = sentence.words[at]
        if not capital(sentence, text, at) or not word[0].isalpha() or len(word) < 3:
            return None
        after = sentence.words[at + 1] if at + 1 < len(sentence.words) else ""
        guessed = before not in local.settlement and (after not in local.nouns_behind or not at)
        if text[sentence.starts[at] : sentence.ends[at]].isupper() or (guessed and (before not in local.inside or len(word) < 4)):
            return None
        last = at
        while last + 1 < len(sentence.words) and last - at < 2 and sentence.words[last + 1].isalpha() and capital(sentence, text, last + 1):
            if local.nouns_raised or town_stem(sentence.words[last + 1], local):
                break
            last += 1
        return PlaceMention(at, last, sentence.slice(text, at, last), (), True, guessed=guessed)

    def _is_place(
        self, sentence: Sentence, text: str, at: int, last: int, number: int, begin: int, loud: bool, located: bool, local: Words
    ) -> bool:
        """Whether the name is one here: no common word, no part of a person's or a club's name."""
        words = sentence.words
        before = words[at - 1] if at > begin else ""
        after = words[last + 1] if last + 1 < len(words) else ""
        named = words[at - 2] if before in QUOTES and at - 1 > begin else before
        first = self._members[self._first[number]]
        if named in self._not_before or before in self._first_names or after in self._not_after:
            return False
        if before in self._titles and not (local.adjectives and self._populations[first] >= _TOWN):  # "мэр Мелитополя" needs no "of"
            return False
        if self._kinds[first] >= COUNTRY:
            return True
        common = self.common[number] & local.bit
        if last == at:
            if common and (at == begin or loud or local.nouns_raised or before in QUOTES or not (located or local.adjectives)):
                return False
            if not loud and len(words[at]) < 5 and text[sentence.starts[at] : sentence.ends[at]].isupper() and self._kinds[first] == CITY:
                return False  # an acronym
            if len(words[at]) < 4 and self._populations[first] < _BIG:
                return located
        elif at == begin and (words[at] in local.locatives or words[at] in local.articles) and self._populations[first] < _BIG:
            return False  # "La Mission", "El Consejo"
        elif not any(c.isupper() for c in text[sentence.starts[at + 1] : sentence.ends[last]]):
            return at != begin and self._kinds[first] != CITY
        if located or local.nouns_raised or loud or self._populations[first] >= _BIG or self._kinds[first] == REGION:
            return True
        follows = at - 1 > begin and before.isalpha() and capital(sentence, text, at - 1)
        return not follows and not (after.isalpha() and capital(sentence, text, last + 1))

    # -- resolving -------------------------------------------------------------------------------------------------------------

    def countries(self, mentions: Iterable[PlaceMention]) -> Counter[str]:
        """How often each country is meant by big places, and by others that bear their name in one country only."""
        out: Counter[str] = Counter()
        for mention in mentions:
            codes = {self.codes[self._countries[i]] for i in mention.candidates}
            if len(codes) > 1 and not codes.isdisjoint(mention.home):
                continue
            if codes and (len(codes) == 1 or self._populations[mention.candidates[0]] >= _BIG):
                out[self.codes[self._countries[mention.candidates[0]]]] += 1
        out.pop("", None)
        return out

    def is_seat(self, mention: PlaceMention) -> bool:
        """Whether the name is first of all a state's or its capital's."""
        return any(i in self._capitals or self._kinds[i] == COUNTRY for i in mention.candidates[:1])

    def likely(self, mention: PlaceMention) -> str:
        """The country (alpha-3) of the biggest place of that name; empty where none is known."""
        return self.codes[self._countries[mention.candidates[0]]] if mention.candidates else ""

    def resolve(self, mention: PlaceMention, others: Sequence[PlaceMention], countries: Mapping[str, int]) -> Place | None:
        """The place that a mention means, by the other places and the countries (alpha-3 -> how often) of the article, and by population.

        A place without a point where the name is unknown or stays ambiguous; None where nothing supports that a rare name is a place.
        """
        total = sum(countries.values())
        admins = self._around(mention, others)
        ranked = self._ranked(mention, countries, total, admins)
        if not ranked:
            return self._beside(mention, others, countries, total)
        score, best = ranked[0]
        rivals = [i for s, i in ranked[1:] if score - s < _MARGIN and not self._near(best, i)]
        if rivals and self._kinds[best] == CITY:
            same = all(self._countries[i] == self._countries[best] for i in rivals)
            return Place(mention.name, self.codes[self._countries[best]] if same else None)
        if mention.host is None and not self._supported(best, mention, countries, admins):
            return None
        if mention.region and self._kinds[best] == CITY:
            region = self._regions.get(self._admins[best])
            return self._place(mention.name, best if region is None else region, "region")
        return self._place(mention.name, best, "region" if mention.around and self._kinds[best] == CITY else None)

    def _around(self, mention: PlaceMention, others: Sequence[PlaceMention]) -> set[int]:
        """The regions of the places that the article names and that are hardly ambiguous."""
        near = [m.candidates[0] for m in others[:_LOOKED_AT] if m is not mention and 0 < len(m.candidates) < 3]
        return {self._admins[i] for i in near if self._admins[i]}

    def _ranked(self, mention: PlaceMention, countries: Mapping[str, int], total: int, admins: set[int]) -> list[tuple[float, int]]:
        """(score, place) of what a name may mean, the best first; none where the place beside it contradicts them all."""
        candidates: Sequence[int] = mention.candidates
        if mention.host is not None:
            inside = [i for i in candidates if self._lies(i, mention.host, mention.near)]
            if inside or (candidates and self._populations[candidates[0]] < _BIG and not self._is_country(mention.host)):
                candidates = inside
        return sorted(((self._score(i, mention, countries, total, admins), i) for i in candidates), reverse=True)

    def _is_country(self, mention: PlaceMention) -> bool:
        return self._kinds[mention.candidates[0]] == COUNTRY

    def _lies(self, place: int, host: PlaceMention, near: bool) -> bool:
        """Whether a place lies in its host, or `near` it."""
        if near:
            return any(self._distance(place, i) < _BESIDE for i in host.candidates)
        of = host.candidates[0]
        if self._admins[of] and (host.region or self._kinds[of] == REGION):
            return self._admins[place] == self._admins[of]
        return self._countries[place] == self._countries[of]

    def _beside(self, mention: PlaceMention, others: Sequence[PlaceMention], countries: Mapping[str, int], total: int) -> Place | None:
        """A name that is not known: in the country of the place beside it and at its point, as a region; else in the article's country."""
        host = self.resolve(mention.host, others, countries) if mention.host else None
        if host is not None:
            known = host.lat is not None
            return Place(mention.name, host.country, None, host.lat, host.lon, "region" if known else None)
        code = max(countries, key=lambda c: countries[c]) if total else None
        return Place(mention.name, code if code and countries[code] * 2 > total else None)

    def _score(self, place: int, mention: PlaceMention, countries: Mapping[str, int], total: int, admins: set[int]) -> float:
        kind = self._kinds[place]
        people = max(self._populations[place], _CAPITAL) if place in self._capitals else self._populations[place]
        score = log10(people + 100) if kind == CITY else 5.5 + (mention.region and kind == REGION)
        country = self.codes[self._countries[place]]
        named = countries.get(country, 0)
        if named:
            score += 0.6 + named / total
        elif country in mention.home:
            score += 0.8
        return score + 0.3 * (country in self._theatres) + 1.5 * (self._admins[place] in admins)

    def _supported(self, place: int, mention: PlaceMention, countries: Mapping[str, int], admins: set[int]) -> bool:
        country = self.codes[self._countries[place]]
        if self._kinds[place] != CITY or self._populations[place] >= _BIG or country in countries or country in mention.home:
            return True
        return mention.located and (self._admins[place] in admins or not countries)

    def _near(self, one: int, other: int) -> bool:
        """Whether two places of one name are the same for a reader: of one kind and within 30 km, or one without a point."""
        if self._lats[one] == NOWHERE or self._lats[other] == NOWHERE or self._kinds[one] != self._kinds[other]:
            return self._countries[one] == self._countries[other]
        return self._distance(one, other) < 30

    def _distance(self, one: int, other: int) -> float:
        if self._lats[one] == NOWHERE or self._lats[other] == NOWHERE:
            return _FAR
        return kilometres(self._lats[one] / 1e5, self._lons[one] / 1e5, self._lats[other] / 1e5, self._lons[other] / 1e5)

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


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine, radius 6,371 km) of two points in degrees."""
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    return 12742 * asin(sqrt((1 - cos(north)) / 2 + cos(radians(lat1)) * cos(radians(lat2)) * (1 - cos(east)) / 2))


def _column(typecode: str, packed: bytes) -> array[int]:
    column = array(typecode)
    column.frombytes(packed)
    return column
