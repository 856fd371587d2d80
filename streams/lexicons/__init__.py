"""Linguistic knowledge as data, and the one function that loads it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
import msgspec.structs
import orjson

from streams.core.alerts import Phrases
from streams.core.dates import compile_dates
from streams.core.developments.rules import Types, compile_types
from streams.core.incidents import IncidentRules
from streams.core.kinds import compile_kinds
from streams.core.lazily import Lazily
from streams.core.lexicon import Lexicon
from streams.core.numbers import compile_numbers
from streams.core.tagger import Language, Tagger
from streams.core.weights import Weights
from streams.lexicons.actors import load as load_actors
from streams.lexicons.boilerplate import load_finder
from streams.lexicons.places import load as load_places
from streams.lexicons.source import ROOT, read

READ = (".json", ".yml", ".msgpack")
"""What is read when tagging; tables are compiled first."""
UNREAD = ("concepts.yml", "grammar.yml", "headlines.yml", "incidents.yml", "compiled.names.json")
"""What decides nothing about a tag, or is compiled first."""


def load_tagger() -> Tagger:
    """The tagger; call once and keep it. A language is loaded when its first article comes."""
    types = compile_types(read(ROOT / "types.yml"))
    languages = {path.parent.name: partial(_language, path.parent.name, types) for path in sorted(ROOT.glob("*/compiled.json"))}
    return Tagger(_version(), types, Lazily(languages), load_finder(), load_actors(), load_places(), _weights(), _identify)


def load_phrases() -> dict[str, Phrases]:
    """What headlines are made of, by language; call once and keep it."""
    compiled = orjson.loads((ROOT / "compiled.names.json").read_bytes())
    cells = {int(id_): names.split("|") for id_, names in compiled["towns"].items()}
    latin, *cyrillic = ({id_: names[column] for id_, names in cells.items() if names[column]} for column in range(3))
    towns = dict(zip(("uk", "ru"), cyrillic, strict=True))
    return {code: _phrases(code, own, towns.get(code, latin)) for code, own in compiled["languages"].items()}


def _phrases(code: str, compiled: dict[str, Any], towns: dict[int, str]) -> Phrases:
    """The words of one language; its own names beat those of CLDR."""
    words = read(ROOT / code / "headlines.yml")
    phrases = msgspec.convert({"language": code, **compiled, **words, "names": compiled["names"] | words["names"]}, Phrases)
    return msgspec.structs.replace(phrases, town_names=towns)


def load_incident_rules() -> IncidentRules:
    """The rules of merging, with the outlets and the families of the types."""
    rules = read(ROOT / "incidents.yml")
    families = {name: type_["family"] for name, type_ in read(ROOT / "types.yml")["types"].items()}
    return msgspec.convert({**rules, "families": families, "outlets": list(_outlets())}, IncidentRules)


def _outlets() -> Iterator[dict[str, object]]:
    for line in (ROOT / "outlets.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, kind, names = line.split("\t")
            yield {"name": name, "agency": kind == "agency", "names": [other for other in names.split("|") if other]}


def _weights() -> Weights:
    return Weights(orjson.loads((ROOT / "weights.json").read_bytes()))


@contextmanager
def _kept() -> Iterator[None]:
    """For what is made and kept: the collector neither runs meanwhile nor looks at it ever after."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if running:
            gc.enable()


@_kept()
def _language(code: str, types: Types) -> Language:
    folder = ROOT / code
    dates, numbers = ((read(folder / name) if (folder / name).exists() else None) for name in ("dates.yml", "numbers.yml"))
    return Language(
        Lexicon(orjson.loads((folder / "compiled.json").read_bytes()), types.concepts),
        compile_dates(dates) if dates else None,
        compile_numbers(numbers) if numbers else None,
        compile_kinds(numbers["kinds"]) if numbers and "kinds" in numbers else None,
    )


def _version() -> str:
    """The version of the code and eight hex digits over all data that decides what is tagged."""
    digest = blake2b(digest_size=4)
    for path in sorted(ROOT.rglob("*")):
        if path.suffix in READ and path.name not in UNREAD:
            digest.update(path.read_bytes())
    return f"0.1.0+{digest.hexdigest()}"


def _identify(text: str) -> str:
    """py3langid, loaded when the first article without a language comes."""
    from py3langid import classify

    return str(classify(text)[0])
