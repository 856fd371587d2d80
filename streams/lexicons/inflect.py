"""Forms of names when lexicons are compiled: cases in Ukrainian and Russian, gender and number of adjectives elsewhere.

Needs pymorphy3 for uk and ru; nothing here runs when articles are tagged.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

CASES = {"nomn": "n", "gent": "g", "datv": "d", "accs": "a", "ablt": "i", "loct": "l", "gen2": "g", "loc2": "l"}
_NAMES = ("Geox", "Surn", "Orgn", "Name")


@functools.cache
def _analyzer(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


def _fold(form: str) -> str:
    return form.replace("ё", "е").replace("’", "'").replace("ʼ", "'")


@functools.cache
def _nominative(language: str, word: str, prefer: tuple[str, ...], before: bool = False) -> Any:
    """The reading of a word as a nominative noun or adjective (an adjective rather, `before` another word), else None."""
    parses = [p for p in _analyzer(language).parse(word) if p.tag.case == "nomn" and p.tag.POS in ("NOUN", "ADJF")]
    found = [p for p in parses if "Fixd" not in p.tag.grammemes]
    if not found:
        return None
    adjectives = [p for p in found if p.tag.POS == "ADJF"]

    def fitness(p: Any) -> tuple[bool, bool, float]:
        return (not p.tag.grammemes.isdisjoint(prefer), p.tag.POS == "NOUN" and p.tag.animacy != "anim", p.score)

    return max(adjectives if before and adjectives else found, key=fitness)


def decline(language: str, phrase: str, plural: bool = False, prefer: tuple[str, ...] = _NAMES) -> dict[str, str]:
    """Form -> letters of its cases (n g d a i l) for an Ukrainian or Russian phrase in the nominative, in lower case.

    Adjectives before the noun and a surname after a first name go with it; what else follows the noun stands. `plural` adds the plural.
    """
    words = _fold(phrase.lower()).split()
    if len(words) == 1 and "-" in words[0]:
        front, _, last = words[0].rpartition("-")
        return {f"{front}-{form}": cases for form, cases in decline(language, last, plural, prefer).items()}
    parses: list[Any] = []
    head: Any = None
    for place, word in enumerate(words):
        parse = None
        if head is None or "Name" in head.tag.grammemes:
            parse = _nominative(language, word, prefer, place < len(words) - 1)
        parses.append(parse)
        if parse is not None and parse.tag.POS == "NOUN":
            head = parse
    if all(parse is None for parse in parses):
        return _guessed(language, words[0]) if len(words) == 1 else {" ".join(words): "ngdail"}
    head = head or next(p for p in parses if p is not None)
    forms: dict[str, set[str]] = defaultdict(set)
    numbers: set[str] = {head.tag.number or "sing"} | ({"plur"} if plural else set())
    for number in numbers:
        for case, letter in CASES.items():
            for variant in _variants(words, parses, head, case, number):
                # the dictionary writes ґ where most writers write г
                forms[variant if "ґ" in phrase.lower() else variant.replace("ґ", "г")].add(letter)
    forms[" ".join(words)].add("n")
    return {form: "".join(sorted(letters, key="ngdail".index)) for form, letters in forms.items()}


_GUESSES = {
    "uk": {"а": "а и і у ою", "я": "я ї ю єю", "": " а у ом і ові", "ь": "ь я ю ем і", "й": "й я ю єм ї"},
    "ru": {"а": "а ы и е у ой", "я": "я и е ю ей", "": " а у ом е", "ь": "ь я ю ем е", "й": "й я ю ем е"},
}


def _guessed(language: str, word: str) -> dict[str, str]:
    """The singular of a name that the dictionaries take for another form, by its ending; indeclinable after other vowels."""
    if word[-1] in "оеєиіїуюэы":
        return {word: "ngdail"}
    ending = word[-1] if word[-1] in "аяьй" else ""
    stem = word.removesuffix(ending)
    return {stem + other: "" for other in _GUESSES[language][ending].split(" ")}


_ACRONYMS = {
    "uk": {"": "na", "а": "g", "у": "gdl", "ом": "i", "ові": "d", "і": "l"},
    "ru": {"": "na", "а": "g", "у": "d", "ом": "i", "е": "l"},
}


def acronym(language: str, word: str) -> dict[str, str]:
    """Form -> case letters of an acronym that is read as a masculine word ("ЦАХАЛом")."""
    return {_fold(word.lower()) + ending: cases for ending, cases in _ACRONYMS[language].items()}


def _variants(words: list[str], parses: list[Any], head: Any, case: str, number: str) -> set[str]:
    """The phrase in one case and number; alternative endings of the noun give several."""
    options: list[set[str]] = []
    for word, parse in zip(words, parses, strict=True):
        if parse is None:
            options.append({word})
        elif parse.tag.POS == "ADJF" and head.tag.POS == "NOUN":
            options.append(_agreeing(parse, head, case, number))
        else:
            same = (f for f in parse.lexeme if f.tag.POS == parse.tag.POS and f.tag.case == case and _number(f, number))
            options.append({_fold(f.word) for f in same})
    if not all(options):
        return set()
    out = {""}
    for option in options:
        out = {f"{before} {form}".strip() for before in out for form in option}
    return out


def _number(parse: Any, number: str) -> bool:
    return parse.tag.number == number or (parse.tag.number is None and number == "sing")


def _agreeing(adjective: Any, head: Any, case: str, number: str) -> set[str]:
    gender = {head.tag.gender} if head.tag.gender and number == "sing" else set()
    wanted = {"plur"} if number == "plur" else gender
    return {_fold(f.word) for f in adjective.lexeme if f.tag.case == case and wanted <= set(f.tag.grammemes) and f.tag.POS == "ADJF"}


@functools.cache
def adjective(language: str, lemma: str) -> dict[str, str]:
    """Form -> case letters of an Ukrainian or Russian adjective in all genders and numbers; the lemma alone where it is none."""
    found = [p for p in _analyzer(language).parse(_fold(lemma.lower())) if p.tag.POS == "ADJF"]
    if not found:
        return {_fold(lemma.lower()): "ngdail"}
    forms: dict[str, set[str]] = defaultdict(set)
    for form in found[0].lexeme:
        if form.tag.POS == "ADJF" and form.tag.case in CASES and "Supr" not in form.tag.grammemes:
            forms[_fold(form.word)].add(CASES[form.tag.case])
    return {form: "".join(sorted(letters, key="ngdail".index)) for form, letters in forms.items()}


def _swap(word: str, rules: Iterable[tuple[str, tuple[str, ...]]]) -> set[str]:
    for ending, others in rules:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return {word, *(stem + other for other in others)}
    return {word}


_RULES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "fr": (
        ("turc", ("turcs",)), ("turque", ("turques",)), ("grec", ("grecs",)), ("grecque", ("grecques",)),
        ("ais", ("aise", "aises")), ("ois", ("oise", "oises")), ("ien", ("ienne", "iens", "iennes")), ("éen", ("éenne", "éens", "éennes")),
        ("ain", ("aine", "ains", "aines")), ("e", ("es",)), ("s", ("se", "ses")), ("ton", ("tonne", "tons", "tonnes")),
        ("", ("e", "s", "es")),
    ),
    "es": (
        ("és", ("esa", "eses", "esas")), ("án", ("ana", "anes", "anas")),
        ("í", ("íes", "ís")), ("ú", ("úes", "ús")), ("o", ("a", "os", "as")),
        ("ol", ("ola", "oles", "olas")), ("ón", ("ona", "ones", "onas")), ("e", ("es",)), ("a", ("as",)), ("l", ("les",)), ("i", ("is",)),
        ("", ("s", "es")),
    ),
    "it": (
        ("co", ("ca", "chi", "ci", "che")), ("go", ("ga", "ghi", "gi", "ghe")), ("io", ("ia", "i", "ie")), ("o", ("a", "i", "e")),
        ("e", ("i",)), ("a", ("i", "e")), ("", ()),
    ),
}  # fmt: skip


def adjective_forms(language: str, lemma: str) -> set[str]:
    """Gender and number forms of a French, Spanish, Italian, German or English adjective of a nation, by its ending."""
    if language == "de":
        return {lemma + ending for ending in ("", "e", "en", "er", "es", "em")}
    return _swap(lemma, _RULES[language]) if language in _RULES else {lemma}


def demonym_forms(language: str, lemma: str) -> set[str]:
    """Number forms of an English or German demonym; in the Romance languages the adjective serves."""
    if language == "en":
        return {lemma}
    if language == "de":
        if lemma.endswith("er"):
            return {lemma + ending for ending in ("", "n", "s", "in", "innen")}
        if lemma.endswith("e"):
            return {lemma, lemma + "n", lemma[:-1] + "in", lemma[:-1] + "innen"}
        return {lemma, lemma + "s", lemma + "en"}
    return adjective_forms(language, lemma)
