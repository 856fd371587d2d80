"""Headlines in seven languages: what they say, what goes first when they are too long, and what never gets into one."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from babel import Locale
from hypothesis import given, settings
from msgspec.structs import replace

from streams.core.alerts import headline
from streams.core.alerts.headline import LIMIT, canceled, clip
from streams.core.alerts.names import clean, counted, party, plural
from streams.core.records import Figure, Place, Position, Toll
from streams.lexicons.compile_actors import rows
from tests.core.alerts.making import INCIDENTS, LANGUAGES, PHRASES, TEXTS, TYPES, incident, report, toll

EVERYWHERE = [
    report(1),
    report(2, language="en", text="A drone strike in Odesa", place=Place("Odesa", "UKR", 698740), source="the governor", agency="Reuters"),
    report(3, language="ru", text="Удар по порту в Одессе", place=Place("Одессе", "UKR", 698740), source="губернатор", agency="Лента"),
    report(4, language="uk", text="Удар дрона в Одесі", place=Place("Одесі", "UKR", 698740), source="UKR", agency="УП"),
]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "Frappe de drone à Odessa : 3 morts selon le gouverneur ; non confirmé"),
        ("en", "Drone strike in Odesa: 3 killed, according to AFP; unconfirmed"),
        ("de", "Drohnenangriff in Odessa: 3 Tote laut AFP; unbestätigt"),
        ("es", "Ataque con drones en Odessa: 3 muertos según AFP; sin confirmar"),
        ("it", "Attacco con droni a Odessa: 3 morti secondo AFP; non confermato"),
        ("uk", "Удар дрона в Одесі: 3 загиблих — AFP; не підтверджено"),
        ("ru", "Удар беспилотника в Одессе: 3 погибших — AFP; не подтверждено"),
    ],
)
def test_the_strike_in_every_language(language, expected):
    line = headline(incident(reports=EVERYWHERE), language, PHRASES)
    assert line.replace("\u00a0", " ").replace("\u202f", " ") == expected


def test_french_spaces_do_not_break():
    assert headline(incident(), "fr", PHRASES) == "Frappe de drone à Odessa\u00a0: 3 morts selon le gouverneur\u202f; non confirmé"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TYPES)
def test_every_type_has_words_of_its_own(kind, language):
    line = headline(incident(type=kind, casualties=[], positions=[], status="reported"), language, PHRASES)
    assert "Odessa" in line or "Одес" in line
    assert line[0].isupper()
    assert len({phrase.casefold() for phrase in PHRASES[language].types.values()}) == len(TYPES)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["1 mort", "2 morts", "5 morts", "21 morts"]),
        ("en", ["1 killed", "2 killed", "5 killed", "21 killed"]),
        ("de", ["1 Toter", "2 Tote", "5 Tote", "21 Tote"]),
        ("es", ["1 muerto", "2 muertos", "5 muertos", "21 muertos"]),
        ("it", ["1 morto", "2 morti", "5 morti", "21 morti"]),
        ("uk", ["1 загиблий", "2 загиблих", "5 загиблих", "21 загиблий"]),
        ("ru", ["1 погибший", "2 погибших", "5 погибших", "21 погибший"]),
    ],
)
def test_plurals(language, words):
    assert [counted("killed", n, n, False, PHRASES[language]) for n in (1, 2, 5, 21)] == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_categories_are_those_of_cldr(language):
    rule = Locale(language).plural_form
    numbers = [*range(1300), 10_001, 123_412, 999_999]
    assert [plural(n, PHRASES[language]) for n in numbers] == [rule(n) for n in numbers]
    categories = {rule(n) for n in numbers}
    assert all(categories <= set(forms) for forms in PHRASES[language].toll.values())


@pytest.mark.parametrize(
    ("least", "most", "approx", "expected"),
    [
        (3, 5, False, "3 à 5 morts"),
        (3, None, False, "au moins 3 morts"),
        (None, 5, False, "au plus 5 morts"),
        (50, 50, True, "environ 50 morts"),
        (1200, 1200, False, "1\u202f200 morts"),
        (0, 0, False, ""),
        (None, None, False, ""),
    ],
)
def test_counts(least, most, approx, expected):
    assert counted("killed", least, most, approx, PHRASES["fr"]) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"positions": [Position("claimed", ["RUS"])]}, "Frappe de drone à Odessa ; revendiqué par Moscou"),
        ({"positions": [Position("claimed", ["RUS"]), Position("denied", ["UKR"])]},
            "Frappe de drone à Odessa selon Moscou ; démenti par Kiev"),
        ({"status": "expected", "positions": []}, "Frappe de drone à Odessa ; prévu"),
        ({"status": "confirmed", "positions": [Position("confirmed", ["UN"])]}, "Frappe de drone à Odessa selon l'ONU ; confirmé"),
        ({"status": "reported", "positions": [Position("reported", ["AFP"])]}, "Frappe de drone à Odessa"),
        ({"type": "talks", "family": "diplomacy", "actor": ["USA", "RUS"], "target": [], "status": "reported", "place": None},
            "Pourparlers (États-Unis, Russie)"),
        ({"type": "sanction", "family": "diplomacy", "actor": ["EU"], "target": ["RUS"], "status": "reported", "place": None},
            "Sanctions (Union européenne → Russie)"),
        ({"place": Place("Ucraina", "UKR", 690791, precision="country"), "status": "reported"}, "Frappe de drone (Ukraine)"),
        ({"place": Place("Le Caire", "EGY", 360630, precision="city"), "status": "reported"}, "Frappe de drone au Caire"),
        ({"type": "capture", "status": "reported"}, "Prise d'Odessa"),
    ],
)  # fmt: skip
def test_in_french(fields, expected):
    line = headline(incident(casualties=[], **fields), "fr", PHRASES)
    assert line.replace("\u00a0", " ").replace("\u202f", " ") == expected


def test_a_place_is_taken_over_with_its_preposition():
    region = Place("Харьковской области", "UKR", 706482, precision="region")
    told = report(language="ru", text="Взрывы прогремели в Харьковской области", place=region)
    assert headline(incident(place=region, reports=[told]), "ru", PHRASES).startswith("Удар беспилотника в Харьковской области:")
    towards = report(language="ru", text="Дроны летят в Одессу", place=Place("Одессу", "UKR", 698740))
    assert headline(incident(reports=[towards]), "ru", PHRASES).startswith("Удар беспилотника (Одесса):")


def test_a_name_in_the_script_of_the_language_is_preferred():
    place = Place("Одесу", "UKR", 698740, precision="city")
    told = report(2, language="es", place=replace(place, name="Odessa"))
    assert "à Odessa" in headline(incident(place=place, reports=[told]), "fr", PHRASES)
    assert "à Odesa" in headline(incident(place=place, reports=[]), "fr", PHRASES)
    assert "(Одеса)" in headline(incident(place=place, reports=[]), "uk", PHRASES)
    unknown = replace(place, name="Хутір", geonameid=None)
    assert "à Хутір" in headline(incident(place=unknown, reports=[]), "fr", PHRASES)


def test_two_counts_by_the_same_people_share_their_name():
    both = [toll(3, 3), toll(5, 5, "wounded")]
    assert "3 morts, 5 blessés selon le gouverneur" in headline(incident(casualties=both), "fr", PHRASES)
    apart = [toll(3, 3), toll(5, 5, "wounded", "UKR")]
    assert "blessés" not in headline(incident(casualties=apart), "fr", PHRASES)


def test_a_range_has_no_single_source():
    figures = [Figure(min=3, max=3, source="UKR", development="d1"), Figure(min=5, max=5, source="UN", development="d1")]
    line = headline(incident(casualties=[Toll(kind="killed", min=3, max=5, figures=figures)]), "fr", PHRASES)
    assert "3 à 5 morts\u202f; non confirmé" in line


def test_words_of_another_language_give_way_to_the_agency():
    foreign = report(language="en", source="the governor", agency="Reuters")
    line = headline(incident(reports=[foreign], casualties=[toll(3, 3, source="the governor")]), "fr", PHRASES)
    assert "selon Reuters" in line


def test_what_goes_first_when_it_is_too_long():
    long = "le porte-parole adjoint de l'administration militaire régionale"
    told = report(source=long)
    fields = {"reports": [told], "casualties": [toll(3, 3, source=long)], "positions": [Position("denied", ["chef " * 20])]}
    place = Place("Velyka Novosilka Zaporizka Oblast", "UKR", 1, precision="city")
    line = headline(incident(type="cbrn_attack", place=place, **fields), "fr", PHRASES)
    assert line == "Attaque chimique, biologique ou radiologique à Velyka Novosilka Zaporizka Oblast\u00a0: 3 morts\u202f; démenti"
    full = headline(incident(**fields), "fr", PHRASES)
    assert full == "Frappe de drone à Odessa\u00a0: 3 morts selon le porte-parole adjoint de…\u202f; démenti"


def test_a_cut_is_at_a_word():
    assert clip("un deux trois quatre", 15) == "un deux trois…"
    assert clip("x" * 30, 10) == "x" * 9 + "…"


@settings(max_examples=100)
@given(INCIDENTS)
def test_any_incident_has_a_line_in_every_language(record):
    for language in LANGUAGES:
        line = headline(record, language, PHRASES)
        assert 0 < len(line) <= LIMIT
        assert line == headline(record, language, PHRASES)
        assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert len(canceled(line, language, PHRASES)) <= LIMIT


@given(TEXTS)
def test_cleaning_is_done_once(text):
    assert clean(clean(text)) == clean(text)


def test_names_never_show_the_marks_of_the_tables():
    for language, words in PHRASES.items():
        assert {code for code, _, written, _ in rows("groups.tsv") if written in ("*", "en", language)} <= words.names.keys()
        assert not [name for name in words.names.values() if not name or name[0] in "=~+" or ":" in name or "|" in name]
        assert words.capitals.keys() | words.speakers.keys() <= words.names.keys()
    assert [party("UKR", PHRASES[language]) for language in ("fr", "de", "ru")] == ["Ukraine", "Ukraine", "Украина"]


def test_compiled_names_are_up_to_date():
    """In a process of its own: the towns of the world and two dictionaries take memory."""
    done = subprocess.run([sys.executable, "-m", "streams.lexicons.compile_names", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "up to date\n"), done.stdout + done.stderr


def test_towns_are_in_the_nominative():
    kyiv, kharkiv, aleppo = 703448, 706483, 170063
    assert [PHRASES["uk"].town_names[town] for town in (kyiv, kharkiv, aleppo)] == ["Київ", "Харків", "Алеппо"]
    assert [PHRASES["ru"].town_names[town] for town in (kyiv, kharkiv, aleppo)] == ["Киев", "Харьков", "Алеппо"]
    assert PHRASES["fr"].town_names is PHRASES["de"].town_names
