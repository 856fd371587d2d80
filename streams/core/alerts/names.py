"""What a place, a party, a speaker and a number are called in a language."""

from __future__ import annotations

from unicodedata import category, normalize
from unicodedata import name as letter_name

from streams.core.alerts.records import Phrases
from streams.core.records import Incident, Place, QuantityKind, Report

NAME = 40
"""Characters of the longest name; what is longer is cut."""
_SPACES = ("Cc", "Zl", "Zp", "Zs")
_CATEGORIES = {"o": "one", "f": "few", "m": "many", "*": "other"}


def clip(text: str, limit: int) -> str:
    """The text, cut at a word where it is too long."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    words = cut.rpartition(" ")[0].rstrip(" ,;:–—(") if " " in cut[limit // 2 :] else cut
    return words + "…"


def clean(text: str) -> str:
    """The text on one line, without what cannot be seen: controls, zero widths, marks of direction."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if category(c) in _SPACES else "" for c in text)
    return " ".join(normalize("NFC", text).split())


def of_language(tag: str | None, words: Phrases) -> bool:
    """Whether a text of this BCP 47 language is in the language of the words."""
    return tag is not None and tag.lower().partition("-")[0] == words.language


def same_place(one: Place | None, other: Place | None) -> bool:
    """Whether two names are sure to mean one place."""
    if one is None or other is None:
        return one is other
    if one.geonameid is not None and other.geonameid is not None:
        return one.geonameid == other.geonameid
    return one.country == other.country and one.name.casefold() == other.name.casefold()


def place_name(place: Place, reports: list[Report], words: Phrases) -> str:
    """As a report in the language has it, else in the same letters, else as it stands. A state has its name, and so has a town
    where texts inflect it."""
    known = words.town_names.get(place.geonameid or 0, "")
    if known and not words.town:
        return clip(known, NAME)
    if place.precision == "country" and place.country in words.names:
        return words.names[place.country]
    script = _script(words.unconfirmed)
    told = [(r.language, r.place.name) for r in reports if r.place is not None and same_place(r.place, place)]
    names = [place.name, *(name for _, name in told)]
    ours = [name for language, name in told if of_language(language, words)]
    best = [*(name for name in names if name in ours), *(name for name in names if _script(name) == script), known, place.name]
    return clip(clean(next(filter(None, best), "")), NAME)


def party(code: str, words: Phrases) -> str:
    """The name of a state or party; a code that is not known stands for itself."""
    return clip(clean(words.names.get(code, code)), NAME)


def teller(who: str, incident: Incident, words: Phrases) -> str:
    """Who says so: the capital of a state, the name of a body, words of the language as they stand; for others the agency that has them."""
    if who in words.names:
        return words.capitals.get(who) or words.speakers.get(who) or words.names[who]
    told = [r for r in incident.reports if who in (r.source, r.agency)]
    if any(who == r.agency or of_language(r.language, words) for r in told):
        return clip(clean(who), NAME)
    return clip(clean(next((r.agency for r in told if r.agency), "")), NAME)


def counted(kind: QuantityKind, least: float | None, most: float | None, approx: bool, words: Phrases) -> str:
    """A number of people with its noun: "3 to 5 killed"; empty where there is none."""
    number = most if most is not None else least
    if not number or kind not in words.toll:
        return ""
    figure = _digits(number, words)
    if least is not None and most is not None and least < most:
        figure = words.between.format(min=_digits(least, words), max=figure)
    elif most is None:
        figure = words.over.format(n=figure)
    elif least is None:
        figure = words.under.format(n=figure)
    elif approx:
        figure = words.approx.format(n=figure)
    return words.toll[kind][plural(int(number), words)].format(n=figure)


def plural(number: int, words: Phrases) -> str:
    """The plural category of a whole number (CLDR)."""
    return _CATEGORIES[words.plurals[number if number < 200 else 100 + number % 100]]


def _digits(number: float, words: Phrases) -> str:
    whole = f"{int(number):,}" if number >= words.thousands_from else str(int(number))
    return whole.replace(",", words.thousands)


def _script(text: str) -> str:
    """The script of its first letter, by Unicode."""
    return next((letter_name(c, "").partition(" ")[0] for c in text if c.isalpha()), "")
