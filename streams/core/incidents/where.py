"""Whether two places may be one, and how near they are told: towns, regions, countries."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from streams.core import places
from streams.core.incidents.records import IncidentRules
from streams.core.records import Place
from streams.core.text import fold, unaccented

NOWHERE: Final = 0
COUNTRY: Final = 1
REGION: Final = 2
TOWN: Final = 3
_LATIN = str.maketrans(
    dict(zip("абвгґдезиклмнопрстуфцьъыэіў", "abvggdeziklmnoprstufc--yeiu", strict=True))
    | {"ж": "zh", "х": "h", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "є": "ie", "-": ""}
)
_HEARD = (
    ("tsch", "h"), ("kh", "h"), ("sch", "s"), ("ch", "h"), ("sh", "s"), ("zh", "j"), ("ph", "f"), ("dj", "j"),
    ("q", "k"), ("w", "v"), ("y", "i"),
)  # fmt: skip
"""Ways to write much the same sound."""
_NO_LETTER = re.compile(r"[\W_]")
_SOFT = re.compile(r"[aeiou]|(.)(?=\1)|h$")
_ENOUGH = 3
"""With fewer consonants too many names are the same."""

Relation = Literal["same_town", "same_region", "in_region", "same_country", "coarse", "unknown", "differ"]


def level(place: Place | None) -> int:
    """How narrow a place is. One that the gazetteer does not know is taken for as narrow as a town."""
    if place is None:
        return NOWHERE
    if place.precision == "country":
        return COUNTRY
    return REGION if place.precision == "region" else TOWN


def relation(one: Place | None, other: Place | None, rules: IncidentRules) -> Relation:
    """How two places stand to each other; `coarse`: one tells so little that both may be the same; `unknown`: the gazetteer does not
    know one of two names."""
    if one is None or other is None:
        return "coarse"
    if one.country and other.country and one.country != other.country:
        return "differ"
    levels = {level(one), level(other)}
    if COUNTRY in levels:
        return "same_country" if levels == {COUNTRY} else "coarse"
    if levels == {TOWN, REGION}:
        distance = kilometres(one, other)
        return "coarse" if distance is None else "in_region" if distance <= rules.region_km else "differ"
    if not same(one, other, rules.same_town_km):
        return "unknown" if levels == {TOWN} and kilometres(one, other) is None else "differ"
    return "same_town" if levels == {TOWN} else "same_region"


def same(one: Place, other: Place, within_km: float) -> bool:
    """Whether two towns or two regions are one: by the gazetteer, else by name."""
    if one.geonameid is not None and one.geonameid == other.geonameid:
        return True
    distance = kilometres(one, other)
    return spelt(one.name) == spelt(other.name) if distance is None else distance <= within_km


@lru_cache(4096)
def spelt(name: str) -> str:
    """A name that the gazetteer does not know as several languages may write it: its consonants, where there are enough of them."""
    letters = unaccented(fold(name)).translate(_LATIN)
    for written, heard in _HEARD:
        letters = letters.replace(written, heard)
    letters = _NO_LETTER.sub("", letters)
    bones = _SOFT.sub("", letters)
    return bones if len(bones) >= _ENOUGH else letters


def kilometres(one: Place, other: Place) -> float | None:
    """The distance; None where one has no point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return places.kilometres(one.lat, one.lon, other.lat, other.lon)
