"""Finds the names of places in a sentence and what stands around them. Which place of the world a name means is not for this module."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from streams.core.names import key, token_before
from streams.core.text import LONGEST_WORD, unaccented

LANGUAGES = ("en", "fr", "es", "it", "de", "uk", "ru")
QUOTES = frozenset("«»\"“”„'")
_LONGEST = 6
_BLOCK, _OPEN = 64, 2_000
"""Names in a block; blocks that stay taken apart."""
_REMEMBERED = 20_000
_NEAR = 5
_BACK = 7
"""Words before a name in which a distance from it is looked for."""


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
    """The country around the town is meant ("Покровський напрямок", "50 km south of"): the town's point, as a region."""
    home: frozenset[str] = frozenset()
    """Countries (alpha-3) that a writer of the language means where nothing else tells."""
    guessed: bool = False
    """Only a preposition shows that it may be a place."""
    origin: bool = False
    """It says whence something came ("drones from Crimea")."""
    goal: bool = False
    """It says whereto something goes ("towards Kramatorsk")."""
    heading: bool = False
    """It stands alone before what is told ("Kyiv: ...")."""
    listed: int = -1
    """The last token of the name before it that it stands alike with ("in Sumy and Kharkiv"); -1 where there is none."""
    host: PlaceMention | None = None
    """The place that the text names beside it as what it lies in or near ("in Stepanivka (Zaporizhzhia region)")."""
    near: bool = False
    """It lies near its host, not in it."""


class Words:
    """What one language says around places."""

    def __init__(self, data: Mapping[str, Any], language: str):
        def of(kind: str) -> frozenset[str]:
            return frozenset(data[kind].get(language, ()))

        self.locatives, self.region, self.settlement, self.links = of("locatives"), of("region"), of("settlement"), of("links")
        self.inside, self.articles, self.parts = of("inside"), of("articles"), of("parts")
        self.skipped = self.articles | QUOTES
        self.nouns = self.region | self.settlement | self.parts
        """Nouns that a link may join to a name ("the village of")."""
        self.joins, self.origins, self.goals, self.within, self.beside = of("joins"), of("origins"), of("goals"), of("within"), of("beside")
        self.owns = of("owns")
        self.genitives = tuple(of("genitives"))
        self.nouns_behind = self.region | self.settlement if self.owns else frozenset()
        """Nouns that follow the name of a place ("Sabreen district")."""
        self.banks, self.units, self.until = of("banks"), of("units"), of("until")
        self.passed = self.articles | self.parts | self.links | self.region | QUOTES
        """What may stand between a name and the word that says whence or whereto."""
        self.bit = 1 << LANGUAGES.index(language)
        self.nouns_raised = language in data["nouns_raised"]
        self.areas = of("areas")
        """Nouns that make a region of the adjective of a town ("область")."""
        self.surroundings = of("surroundings")
        """Nouns that mean the country around the town ("напрямок", "район")."""
        self.sites = of("sites")
        """Nouns of things that lie in the town whose adjective stands before them ("порт", "аеродром")."""
        self.irregular: Mapping[str, str] = data["irregular"]
        """Stems of adjectives -> towns that no rule makes of them."""
        made: Mapping[str, Any] = data["town_adjectives"]
        self.stems, self.tails = tuple(made["ends"]), tuple(made["tails"])
        self.cut, self.drop = tuple(made["cut"]), tuple(made["drop"])
        self.soft: str = made["soft"].get(language, "")
        self.home: frozenset[str] = frozenset(data["home"][language])
        """Countries that a writer of the language means where nothing else tells."""
        self.adjectives: tuple[str, ...] = tuple(sorted(data["adjectives"].get(language, ()), key=len, reverse=True))
        """Endings of such adjectives after the stem in -ськ- or -ск-."""
        self.full = tuple(ending for ending in self.adjectives if len(ending) > 1)


class NameTable:
    """The sorted names, kept in blocks that are taken apart when a look falls into them: a third of the memory of a list."""

    def __init__(self, names: Iterable[str]):
        self._heads: list[str] = []
        self._blocks: list[str] = []
        rest = iter(names)
        while block := list(islice(rest, _BLOCK)):
            self._heads.append(block[0])
            self._blocks.append("\n".join(block))
        self._open: dict[int, list[str]] = {}
        self._singles = _Singles(self)

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

    def number(self, name: str) -> int:
        """The number of a name, -1 where it is none."""
        where = self.where(name)
        return where if self[where] == name else -1

    def longest(self, words: Sequence[str], at: int) -> tuple[int, int]:
        """(number of the name, its tokens) of the longest name that begins at a token; -1 where none does."""
        where, exact, opens = self._singles[words[at]]
        if opens:
            for length in range(min(_LONGEST, len(words) - at), 1, -1):
                there = self.number(place_key(words[at : at + length]))
                if there >= 0:
                    return there, length
        return (where, 1) if exact else (-1, 0)


class _Singles(dict[str, tuple[int, bool, bool]]):
    """Token -> (where it stands or would stand among the names, whether it is one, whether a longer name begins with it), remembered."""

    def __init__(self, names: NameTable):
        super().__init__()
        self._names = names

    def __missing__(self, word: str) -> tuple[int, bool, bool]:
        if len(self) > _REMEMBERED:
            self.clear()
        single = place_key((word,))
        where = self._names.where(single)
        exact = self._names[where] == single
        opens = self._names[where + exact].startswith(single if single[-1:] == "'" else single + " ")
        found = (where, exact, opens)
        if len(word) <= LONGEST_WORD:
            self[word] = found
        return found


def head(words: Sequence[str], at: int, local: Words) -> str:
    """The word before a name, articles and quotation marks passed over, and a link ("of", "de") where a noun of place stands before it."""
    link = token_before(words, at, local.skipped)
    if link < 0:
        return ""
    if link and words[link] in local.links:
        if (noun := words[link - 1]) in local.nouns or noun in local.origins:
            return noun
        if link > 1 and (noun := words[link - 2]) in local.settlement:  # "le camp militaire de"
            return noun
    return words[link]


def directed(mention: PlaceMention, words: Sequence[str], local: Words) -> None:
    """Tells a name whether it says whence or whereto ("from the south of Lebanon", "towards Kramatorsk")."""
    if mention.around:  # "50 km from Kharkiv"
        return
    for before in range(mention.first - 1, max(mention.first - _NEAR, -1), -1):
        word = words[before]
        if word in local.origins:
            mention.origin = True
            return
        if word in local.goals:
            mention.goal = True
            return
        if word not in local.passed:
            return


def distant(words: Sequence[str], at: int, local: Words) -> bool:
    """Whether the words before a name tell a distance from it ("50 km south of")."""
    for before in range(at - 1, max(at - _BACK, 0), -1):
        word = words[before]
        if word in local.units:
            return words[before - 1][0].isdigit() or words[before - 1].isalpha()
        if not (word in local.parts or word in local.links or word in local.articles or word in local.locatives or word in local.beside):
            return False
    return False


def adjectival(
    words: Sequence[str], at: int, local: Words, best: Callable[[Iterable[str]], int], raised: Callable[[int], bool]
) -> tuple[int, int, int] | None:
    """(number of the name, last token, token of the noun) of a town by its adjective and a noun ("Покровський напрямок", "Одеський порт",
    "Київській та Львівській областях"); `best` gives the number of the best known of some names, -1 for none; `raised` tells of a token
    whether it begins with a capital.
    """
    stem = town_stem(words[at], local)
    noun = _noun(words, at, local, raised) if stem else 0
    if not noun:
        return None
    kept = stem
    for end in local.cut:
        kept = kept.removesuffix(end)
    bases = dict.fromkeys([kept])  # in one order, whatever the hash seed
    for end in local.drop:
        bases |= dict.fromkeys(base.removesuffix(end) for base in bases)
    names = [stem + local.soft, local.irregular.get(stem, stem)]
    number = best([*names, *(base + tail for base in bases for tail in local.tails)])
    listed = not local.joins.isdisjoint(words[at + 1 : noun]) or "," in words[at + 1 : noun]
    return (number, at if listed else noun, noun) if number >= 0 else None


def town_stem(word: str, local: Words) -> str:
    """The stem of a word that may be the adjective of a town; empty where it is none."""
    word = place_key((word,))
    ending = next((ending for ending in local.adjectives if word.endswith(ending)), None)
    stem = word[: len(word) - len(ending)] if ending else ""
    return stem if stem.endswith(local.stems) and len(stem) > 4 else ""


def _noun(words: Sequence[str], at: int, local: Words, raised: Callable[[int], bool]) -> int:
    """The noun of an adjective of a town: behind it, behind another adjective or behind a second town's; 0 for none."""
    joined = False
    for noun in range(at + 1, min(at + 5, len(words))):
        word = words[noun]
        if word in local.areas or word in local.surroundings or word in local.sites:
            return noun
        if word in local.joins or word == ",":
            joined = True
        elif not word.endswith(local.full) or (raised(noun) and not joined):  # "Довжанську Луганської області"
            return 0
    return 0


def place_key(words: Sequence[str]) -> str:
    """What the gazetteer knows the tokens by: `key`, without diacritics where the letters are Latin ("Járkov", "Jarkov")."""
    found = key(words)
    return found if found.isascii() or found[0] >= "\u0370" else unaccented(found).lower()


def listed(before: PlaceMention, mention: PlaceMention, words: Sequence[str], local: Words) -> None:
    """Tells a name that it stands alike with the one before it, as whose place it is told then."""
    between = words[before.last + 1 : mention.first]
    if between and between[0] in local.joins and len(between) < 4 and all(w in local.locatives or w in local.articles for w in between[1:]):
        mention.listed = before.last
        if len(between) == 1 and between[0] != ",":
            mention.located, mention.origin, mention.goal = before.located, before.origin, before.goal
    elif between and between[0] in local.until and before.origin and all(w in local.articles for w in between[1:]):
        mention.listed = before.last  # "from Tyre to the Bekaa"


def hosted(mentions: Sequence[PlaceMention], words: Sequence[str], local: Words, wide: Callable[[PlaceMention], bool]) -> None:
    """Tells each name which name beside it says where it lies; `wide` tells whether a name is a region's or a country's."""
    for mention, host in pairwise(mentions):
        between = words[mention.last + 1 : host.first]
        if len(between) > 3:
            continue
        if _holds(mention, host, between, words, local):
            host.host = mention
        if not host.candidates or wide(mention) or host.host is mention:  # neither may lie in the other
            continue
        kept = [word for word in between if word not in local.articles and word not in local.settlement]
        near = len(kept) in (1, 2) and kept[0] in local.beside and all(word in local.links for word in kept[1:])
        if near or (wide(host) and (not kept or kept[0] in _OPENS or (len(kept) == 1 and kept[0] in local.within))):
            mention.host, mention.near = host, near


def _holds(town: PlaceMention, part: PlaceMention, between: Sequence[str], words: Sequence[str], local: Words) -> bool:
    """Whether the second name is a part of the first ("the Aleppo district of Sheikh Maqsoud", "Omdurman's Sabreen district")."""
    if not town.candidates or not all(w in local.nouns or w in local.links or w in local.owns for w in between):
        return False
    after = words[part.last + 1] if part.last + 1 < len(words) else ""
    return any(w in local.nouns for w in between) or (any(w in local.owns for w in between) and after in local.nouns)


_OPENS = frozenset("(,")
