"""Who is named, in seven languages; and what is no actor."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.actors import ActorMention, ActorTable
from streams.core.text import Sentence, Tokenizer, fold
from streams.lexicons.actors import load

CLITICS = {"fr": ["l", "d", "qu", "c", "s", "n", "j"], "it": ["l", "d", "un", "dell", "all", "nell", "sull", "dall", "c", "quest"]}
TOKENIZERS = {
    language: Tokenizer(CLITICS.get(language, ()), ["s", "t"] if language == "en" else ())
    for language in ("en", "fr", "es", "it", "de", "uk", "ru")
}


@pytest.fixture(scope="module")
def table() -> ActorTable:
    return load()


def sentence(language: str, text: str) -> Sentence:
    return TOKENIZERS[language].tokens("body", 0, fold(text), 0, len(text))


def codes(table: ActorTable, language: str, text: str, published: str = "") -> list[tuple[str, str, str]]:
    read = sentence(language, text)
    return [(read.slice(text, m.first, m.last), m.code, m.kind) for m in table.find(read, text, language, published)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'armée ukrainienne recule.", [("armée ukrainienne", "UKR", "army")]),
        ("fr", "Le ministère russe de la Défense dément.", [("ministère russe", "RUS", "government")]),
        ("fr", "Les rebelles houthis ont tiré.", [("houthis", "HOUTHI", "group")]),
        ("fr", "La Côte d'Ivoire proteste.", [("Côte d'Ivoire", "CIV", "state")]),
        ("en", "The Israeli military struck.", [("Israeli military", "ISR", "army")]),
        ("en", "U.S. officials spoke.", [("U.S. officials", "USA", "government")]),
        ("en", "The Rapid Support Forces attacked.", [("Rapid Support Forces", "RSF_SDN", "group")]),
        ("en", "Assad's troops fled.", [("Assad's troops", "SYR", "army")]),
        ("de", "Die US-Armee greift an.", [("US-Armee", "USA", "army")]),
        ("de", "Israels Regierung warnt.", [("Israels Regierung", "ISR", "government")]),
        ("de", "Die Hisbollah feuerte Raketen.", [("Hisbollah", "HEZBOLLAH", "group"), ("Raketen", "", "army")]),
        ("es", "El ejército israelí y Hezbolá.", [("ejército israelí", "ISR", "army"), ("Hezbolá", "HEZBOLLAH", "group")]),
        ("it", "L'esercito israeliano avanza.", [("esercito israeliano", "ISR", "army")]),
        ("uk", "Армія України відступила.", [("Армія України", "UKR", "army")]),
        ("uk", "Удар завдано Росією.", [("Росією", "RUS", "state")]),
        ("ru", "Силами быстрой поддержки захвачен город.", [("Силами быстрой поддержки", "RSF_SDN", "group")]),
        ("uk", "Місто покинуто ЦАХАЛом.", [("ЦАХАЛом", "ISR", "army")]),
        ("ru", "Удар нанесли ИГИЛом.", [("ИГИЛом", "ISIS", "group")]),
        ("fr", "Les sanctions européennes frappent.", [("européennes", "EU", "alliance")]),
        ("en", "Kachin rebels advanced.", [("Kachin", "KIA", "group")]),
        ("de", "Die Tuareg-Rebellen ziehen ab.", [("Tuareg-Rebellen", "FLA", "group")]),
        ("es", "Los Veintisiete aprueban el paquete.", [("Los Veintisiete", "EU", "alliance")]),
        ("it", "Il Papa parla dalla finestra.", [("Il Papa", "VAT", "leader")]),
        ("uk", "Саудитам відмовили.", [("Саудитам", "SAU", "people_adjective")]),
        ("ru", "Хезболлой выпущены снаряды.", [("Хезболлой", "HEZBOLLAH", "group")]),
    ],
)
def test_finds_actors(table: ActorTable, language: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert codes(table, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He played chess and lost."),
        ("en", "They cooked a turkey for us."),
        ("en", "Michael Jordan retired."),
        ("en", "The Jordan Times reported it."),
        ("en", "They met in Moscow."),
        ("en", "The village is Iran-backed."),
        ("fr", "Un plat de la dinde."),
        ("fr", "Le championnat européen commence."),
        ("en", "Karen Smith cooked for us."),
        ("en", "The European cup final is on Sunday."),
        ("es", "La paz llega por fin."),
        ("it", "La coppa europea inizia domani."),
        ("uk", "Європейський чемпіонат триває."),
        ("ru", "Фестиваль туарегской музыки открылся."),
        ("es", "Vio las chimeneas."),
    ],
)
def test_other_things_of_the_name_are_no_actors(table: ActorTable, language: str, text: str) -> None:
    assert codes(table, language, text) == []


def test_a_name_is_not_found_inside_a_word(table: ActorTable) -> None:
    assert all(code != "SYR" for _, code, _ in codes(table, "en", "The ambassador spoke."))


def test_capital_stands_for_the_government_unless_something_happens_in_it(table: ActorTable) -> None:
    assert codes(table, "fr", "Moscou accuse Kiev.") == [("Moscou", "RUS", "capital"), ("Kiev", "UKR", "capital")]
    assert codes(table, "uk", "У Києві пролунав вибух.") == []


def test_institution_without_a_state_has_no_code(table: ActorTable) -> None:
    assert codes(table, "fr", "L'armée recule.") == [("armée", "", "army")]


def test_leader_counts_only_while_in_office(table: ActorTable) -> None:
    assert codes(table, "en", "Assad spoke.", "2023-05-01T00:00:00Z") == [("Assad", "SYR", "leader")]
    assert codes(table, "en", "Assad spoke.", "2025-05-01T00:00:00Z") == []


def test_cases_hint_at_the_role(table: ActorTable) -> None:
    text = "Місто обстріляне російською армією."
    mention = table.find(sentence("uk", text), text, "uk")[0]
    assert (mention.code, mention.cases) == ("RUS", "i")


def test_halves_of_a_hyphenated_word_are_two_actors(table: ActorTable) -> None:
    text = "Начались российско-украинские переговоры."
    assert [(m.code, m.first) for m in table.find(sentence("ru", text), text, "ru")] == [("RUS", 1), ("UKR", 1)]


def test_unknown_language_has_no_actors(table: ActorTable) -> None:
    assert table.find(sentence("en", "Russia"), "Russia", "pl") == []


words = st.sampled_from(
    ["Russia", "the", "Ukrainian", "army", "of", "US", "M23", "-", "'s", ",", "al-Shabaab", "Kyiv", "in", "x-y", "Rapid", "Support"]
)


@given(st.lists(words, max_size=14).map(" ".join))
def test_mentions_stand_in_order_inside_the_sentence(text: str) -> None:
    read = sentence("en", text)
    found: list[ActorMention] = load_once().find(read, text, "en")
    assert all(0 <= m.first <= m.last < len(read.words) for m in found)
    assert all(a.last < b.first or (a.first == b.first and a.last == b.last) for a, b in pairwise(found))


_tables: list[ActorTable] = []


def load_once() -> ActorTable:
    if not _tables:
        _tables.append(load())
    return _tables[0]


def test_a_group_that_another_is_tied_to_is_not_meant(table: ActorTable) -> None:
    assert codes(table, "en", "Fighters of JNIM, linked to al-Qaida, attacked.") == [("JNIM", "JNIM", "group")]
    assert codes(table, "de", "Kämpfer der mit Al-Kaida verbündeten Gruppe JNIM griffen an.") == [("JNIM", "JNIM", "group")]
