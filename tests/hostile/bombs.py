"""Texts made from our own lexicons: long runs of what almost matches. Who can read the source can write them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from streams.lexicons.source import ROOT, read
from tests.hostile.wires import article

LANGUAGES = ("en", "de", "fr", "es", "it", "uk", "ru")
SIZES = (3_000, 10_000, 30_000)
_SLOT = re.compile(r"<([A-Z_|]+)>")
_ENDS = ("", "x", ".", "!", "?", ",")
_PARTIES = {"uk": ("Росія", "Україна", "Харків"), "ru": ("Россия", "Украина", "Харьков")}


@cache
def _compiled(language: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / language / "compiled.json").read_bytes()))


@cache
def patterns(language: str) -> Sequence[str]:
    """Every pattern of several words of the development lexicon."""
    return [pattern for _, _, found, _ in _compiled(language)["entries"] for pattern in found if " " in pattern]


@cache
def _words(language: str) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for _, concept, found, _ in _compiled(language)["entries"]:
        words.setdefault(concept, []).extend(pattern.lstrip("=") for pattern in found if " " not in pattern and "<" not in pattern)
    names = list(_PARTIES.get(language, ("Russia", "Ukraine", "Kharkiv")))
    return {**words, "PLACE": names, "STATE": names, "ACTOR": names, "GROUP": ["Hamas"], "NUMBER": ["5", "12"]}


@cache
def cues(language: str) -> Sequence[str]:
    """Every pattern of boilerplate."""
    data = read(ROOT / language / "boilerplate.yml")
    return [str(source) for entry in data.get("cues", ()) for key in ("says", "labels", "hints") for source in entry.get(key, ())]


@cache
def _concepts(language: str) -> dict[str, list[str]]:
    data = read(ROOT / "any" / "boilerplate.yml")["words"], read(ROOT / language / "boilerplate.yml")["words"]
    return {name: [str(word) for part in data for word in part.get(name, ())] for name in {*data[0], *data[1]}}


def _spelled(pattern: str, language: str, random: Random) -> list[str]:
    """Words that the pattern asks for, its gaps filled to the last."""
    out: list[str] = []
    for token in pattern.split():
        if slot := _SLOT.search(token):
            out.append(random.choice(_words(language).get(random.choice(slot[1].split("|"))) or ["x"]))
        elif token.startswith(".."):
            out += [random.choice(("x", "the", out[-1] if out else "x"))] * int(token.lstrip(".") or len(token))
        elif token not in "$^":
            choice = random.choice(token.strip("()").split("|")).lstrip("=")
            if choice[:1] == "{":
                choice = random.choice(_concepts(language).get(choice[1:-1]) or ["x"])
            out.append({"#": "7", "€": "€ 5", "$": "", "^": ""}.get(choice, choice).removesuffix("*"))
    return out


def _run(pieces: Sequence[Sequence[str]], random: Random) -> str:
    """The pieces over and over; their last word, or their first, is often not there."""
    size = random.choices(SIZES, (6, 3, 1))[0]
    words: list[str] = []
    for piece in pieces:
        words += random.choice((piece, piece[:-1], piece[1:], piece * 2)) or piece
    unit = " ".join(words) + random.choice((" ", " ", ", ", ". ", " - ", "\n"))
    return (unit * (size // len(unit) + 1))[:size] + random.choice(_ENDS)


def developments(random: Random, number: int) -> bytes:
    """Patterns that tell developments."""
    language = LANGUAGES[number % len(LANGUAGES)]
    chosen = random.sample(patterns(language), random.choice((1, 1, 2, 5)))
    return article(random, body=_run([_spelled(pattern, language, random) for pattern in chosen], random), language=language)


def boilerplate(random: Random, number: int) -> bytes:
    """Patterns that tell boilerplate, prices and coins between."""
    language = LANGUAGES[number % len(LANGUAGES)]
    chosen = [_spelled(cue, language, random) for cue in random.choices(cues(language), k=random.choice((1, 2, 40)))]
    chosen += [random.choice((["1"] * 30, ["€"], ["x |"], ["said"], ["12:30"], ["?"]))]
    return article(random, body="Read also: " + _run(chosen, random), language=language)


def marks(random: Random, number: int) -> bytes:
    """Lines that look like furniture until their last character, each line another."""
    entries = read(ROOT / "any" / "boilerplate.yml")["marks"]
    example = random.choice(entries[number % len(entries)]["match"])
    first, last = sorted(random.choices(range(len(example) + 1), k=2))
    unit = example[first:last] or example
    line = (example[:first] + unit * 160)[: random.choice((58, 108, 150))]
    count = random.choice(SIZES[:2]) // len(line)
    return article(random, body="\n".join(f"{line}{random.choice('!.~')}{i}" for i in range(count)), language=LANGUAGES[number % 7])


@cache
def _phrases(language: str) -> Sequence[str]:
    """Words and phrases of the rules of dates and numbers, what may be missing in brackets."""
    found: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, str):
            found.extend(value.split("|") if "(" not in value else [value])
        elif isinstance(value, dict):
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    for name in ("dates", "numbers"):
        collect({key: part for key, part in read(ROOT / language / f"{name}.yml").items() if key != "examples"})
    return [re.sub(r"[(){}?]", " ", phrase) for phrase in found]


def dates_and_numbers(random: Random, number: int) -> bytes:
    """Halves of dates and of numbers, beside what can be counted."""
    language = LANGUAGES[number % len(LANGUAGES)]
    words = [phrase.split() or ["1"] for phrase in random.choices(_phrases(language), k=random.choice((1, 3, 8)))]
    verb = random.choice(_words(language).get("KILL") or ["killed"])
    return article(random, body=_run([*words, [verb], ["1,000"]], random), language=language)


def parties(random: Random, number: int) -> bytes:
    """Everybody fights everybody everywhere, in one sentence after another."""
    language = LANGUAGES[number % len(LANGUAGES)]
    names = _PARTIES.get(language, ("Russia", "Ukraine", "Kharkiv", "Israel", "Hamas", "Gaza", "Odessa", "Kyiv"))
    triggers = [word for concept in ("SHELLING", "AIRSTRIKE", "KILL", "CLASH") for word in _words(language).get(concept, ())] or ["x"]
    pieces = [[random.choice(names), random.choice(triggers)] for _ in range(random.choice((1, 4, 12)))]
    return article(random, body=_run([*pieces, [random.choice(names)]], random), language=language, headline=" ".join(names))
