"""Counts: what their words bound, what is no count, and that a number written in a language's way is read back."""

from __future__ import annotations

from functools import cache
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.kinds import KindRules, compile_kinds
from streams.core.numbers import NumberMention, NumberRules, compile_numbers, figures, find, find_with_articles
from streams.core.quantities import quantities
from streams.core.records import DevelopmentType, Quantity
from streams.core.text import Sentence, Tokenizer, fold
from streams.lexicons.source import ROOT, read

TOKENIZER = Tokenizer(["l", "d", "jusqu", "all", "dall", "un"], ["s"])
LANGUAGES = ["de", "en", "es", "fr", "it", "ru", "uk"]


@cache
def rules(language: str) -> NumberRules:
    return compile_numbers(read(ROOT / language / "numbers.yml"))


@cache
def kinds(language: str) -> KindRules:
    return compile_kinds(read(ROOT / language / "numbers.yml")["kinds"])


def sentence(text: str) -> Sentence:
    return TOKENIZER.tokens("body", 0, fold(text), 0, len(text))


def numbers(language: str, text: str) -> list[NumberMention]:
    return find(sentence(text), rules(language))


def told(language: str, text: str, type_: DevelopmentType) -> list[Quantity]:
    tokens = sentence(text)
    return quantities(tokens, find_with_articles(tokens, rules(language)), kinds(language), type_, 0, len(tokens.words) - 1)


@pytest.mark.parametrize(
    ("text", "low", "high", "approx"),
    [
        ("more than 600,000", 600_000, None, False),
        ("about 50 men", 50, 50, True),
        ("fewer than 30 men", None, 30, False),
        ("at least some forty-three men", 43, None, True),
        ("up to 20 men", None, 20, False),
        ("10 to 15 men", 10, 15, False),
        ("10-15 men", 10, 15, False),
        ("dozens of men", 24, None, True),
        ("hundreds of thousands of men", 200_000, None, True),
        ("several hundred men", 200, None, True),
        ("half a dozen men", 6, 6, False),
        ("a dozen men", 12, 12, True),
        ("2.5 million men", 2_500_000, 2_500_000, False),
        ("two hundred and five men", 205, 205, False),
        ("4,000 or more men", 4000, None, False),
    ],
)
def test_bounds(text: str, low: int, high: int, approx: bool) -> None:
    [mention] = numbers("en", text)
    assert (mention.min, mention.max, mention.approx) == (low, high, approx)


@pytest.mark.parametrize(
    "text",
    ["the 3rd brigade", "at 18:05", "in 2024", "12%", "12 percent", "155mm", "F-16", "a 20-year-old man", "27 November", "24/7", "no. 5"],
)
def test_no_counts(text: str) -> None:
    assert numbers("en", text) == []


def test_articles_only_where_they_are_asked_for() -> None:
    tokens = sentence("un soldat et deux civils")
    assert [mention.min for mention in find(tokens, rules("fr"))] == [2]
    assert [(mention.min, mention.article) for mention in find_with_articles(tokens, rules("fr"))] == [(1, True), (2, False)]


def test_a_share_of_a_count_is_marked_and_counts_for_nothing() -> None:
    assert [mention.part for mention in numbers("fr", "dix-neuf personnes, dont dix-sept élèves")] == [False, True]
    assert told("fr", "tuant dix-neuf personnes, dont dix-sept élèves", "casualties") == [Quantity("killed", 19, 19)]


def test_one_clause_gives_dead_and_wounded() -> None:
    assert told("en", "killing 15 men and wounding three", "casualties") == [Quantity("killed", 15, 15), Quantity("wounded", 3, 3)]
    assert told("en", "lost 160,000 soldiers, dead and injured", "casualties") == [Quantity("casualties", 160_000, 160_000)]


def test_a_denial_gives_no_victim() -> None:
    assert told("en", "nobody was killed", "casualties") == []
    assert told("en", "he was killed", "casualties") == [Quantity("killed", 1, 1)]


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("an exchange of 150 prisoners for 150", "release", [Quantity("released", 300, 300)]),
        ("shot down 118 of the 146 drones", "interception", [Quantity("drones", 118, 118)]),
        ("a drone hit a depot", "drone_strike", [Quantity("drones", 1, 1)]),
        ("sent three military aircraft and 40 soldiers", "deployment", [Quantity("items", 3, 3), Quantity("troops", 40, 40)]),
        ("advanced 10 miles", "advance", [Quantity("distance_km", 16.1, 16.1)]),
        ("gave $2 million for 300 refugees", "aid", [Quantity("money_usd", 2_000_000, 2_000_000)]),
        ("shot 40 villagers", "attack_on_civilians", []),
        ("said for three days", "talks", []),
    ],
)
def test_kinds_by_type(text: str, type_: DevelopmentType, expected: list[Quantity]) -> None:
    assert told("en", text, type_) == expected


ONE = {"killed": Quantity("killed", 1, 1), "drones": Quantity("drones", 1, 1), "missiles": Quantity("missiles", 1, 1)}


@pytest.mark.parametrize(
    ("language", "text", "type_"),
    [
        ("de", "Die Rakete traf ein Kraftwerk", "shelling"), ("en", "The missile hit a power plant", "shelling"),
        ("es", "El misil alcanzó una central", "shelling"), ("fr", "Le missile a touché une centrale", "shelling"),
        ("it", "Il missile ha colpito una centrale", "shelling"), ("ru", "Ракета попала в подстанцию", "shelling"),
        ("uk", "Ракета влучила в підстанцію", "shelling"),
    ],
)  # fmt: skip
def test_a_munition_without_a_number_is_one(language: str, text: str, type_: DevelopmentType) -> None:
    assert told(language, text, type_) == [ONE["missiles"]]


@pytest.mark.parametrize(
    ("language", "text", "type_", "expected"),
    [
        ("en", "Missiles hit a power plant", "shelling", []),
        ("en", "Drone hits Odesa port", "drone_strike", [ONE["drones"]]),
        ("en", "Drone attacks on Odesa", "drone_strike", []),
        ("uk", "Жодного безпілотника вона не спрямовувала", "drone_strike", []),
        ("en", "Twenty pupils and two teachers died", "casualties", [Quantity("killed", 22, 22)]),
        ("fr", "La mort d'un général et de trois soldats", "casualties", [Quantity("killed", 4, 4)]),
        ("es", "Murieron veinte alumnos y dos maestros", "casualties", [Quantity("killed", 22, 22)]),
        ("ru", "Погибли двадцать учеников и двое учителей", "casualties", [Quantity("killed", 22, 22)]),
        ("de", "Zwei Tote und drei Verletzte", "casualties", [Quantity("killed", 2, 2), Quantity("wounded", 3, 3)]),
        ("es", "Al menos 80 personas han muerto y más de 32.000 han huido", "casualties", [Quantity("killed", 80, None)]),
        ("en", "Each side freed 175 captives", "release", [Quantity("released", 350, 350)]),
        ("de", "Je 175 Kriegsgefangene kehrten heim", "release", [Quantity("released", 350, 350)]),
        ("uk", "Додому повернулося по 303 бійці", "release", [Quantity("released", 606, 606)]),
        ("en", "The gunmen fired rockets and two were shot down", "interception", [Quantity("missiles", 2, 2)]),
        ("en", "The rebels are 12 km from Goma", "advance", []),
        ("fr", "Les rebelles sont à 12 km de Goma", "advance", []),
        ("en", "The rebels advanced 12 km", "advance", [Quantity("distance_km", 12, 12)]),
        ("en", "They shot 70 people dead at around 3 a.m. on Thursday", "casualties", [Quantity("killed", 70, 70)]),
    ],
)
def test_counts_by_what_stands_around_them(language: str, text: str, type_: DevelopmentType, expected: list[Quantity]) -> None:
    assert told(language, text, type_) == expected


def test_what_no_word_of_harm_stands_beside_is_what_the_caller_says() -> None:
    tokens = sentence("Two boys cannot be found")
    found = find_with_articles(tokens, rules("en"))
    assert quantities(tokens, found, kinds("en"), "casualties", 0, 4, "missing") == [Quantity("missing", 2, 2)]


def test_only_the_clause_counts() -> None:
    tokens = sentence("Ten soldiers died and 300 people fled")
    found = find_with_articles(tokens, rules("en"))
    assert quantities(tokens, found, kinds("en"), "casualties", 0, 2) == [Quantity("killed", 10, 10)]


@given(st.sampled_from(LANGUAGES), st.integers(0, 10**12))
def test_figures_written_in_the_way_of_a_language_are_read_back(language: str, value: int) -> None:
    mark = rules(language).group
    assert figures(f"{value:,}".replace(",", mark), mark, rules(language).decimal) == value
    if not 1940 <= value < 2040:
        assert [(m.min, m.max) for m in numbers(language, f"{value:,}".replace(",", " ") + " x")] == [(value, value)]


@given(st.sampled_from(LANGUAGES), st.integers(0, 999), st.integers(0, 99))
def test_decimals_are_read_back(language: str, whole: int, part: int) -> None:
    own = rules(language)
    assert figures(f"{whole}{own.decimal}{part:02d}", own.group, own.decimal) == float(f"{whole}.{part:02d}")


def english(value: int) -> str:
    words = {v: w for w, v in reversed(rules("en").units.items())}
    parts = []
    for scale, name in ((10**6, "million"), (1000, "thousand")):
        if value >= scale:
            parts += [english(value // scale), name]
            value %= scale
    if value >= 100:
        parts += [words[value // 100], "hundred"]
        value %= 100
    return " ".join([*parts, words[value]] if value else parts)


@given(st.integers(1, 10**9 - 1))
def test_english_number_words_are_read_back(value: int) -> None:
    assert [(mention.min, mention.max) for mention in numbers("en", english(value) + " men")] == [(value, value)]


@given(st.sampled_from(["de", "it"]), st.integers(2, 9), st.integers(1, 99), st.sampled_from([1, 1000]))
def test_numbers_in_one_word_are_read_back(language: str, hundreds: int, rest: int, thousand: int) -> None:
    words = {v: w for w, v in rules(language).units.items() if v < 100 and "-" not in w}
    hundred, thousands = {"de": ("hundert", "tausend"), "it": ("cento", "mila")}[language]
    text = words[hundreds] + hundred + words[rest] + (thousands if thousand > 1 else "")
    value = (100 * hundreds + rest) * thousand
    assert [mention.min for mention in numbers(language, text + " x")] == [value]


WORDS = st.sampled_from(
    [word for code in LANGUAGES for word in sorted(rules(code).triggers)[:300]]
    + ["killed", "tués", "Tote", "of", "de", "from", "to", "-", ",", "2024", "1.5", "1,000", "000", "drone", "un", "убит", "$", "%", "and"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join))


@given(st.sampled_from(LANGUAGES), TEXTS, st.sampled_from(get_args(DevelopmentType)), st.integers(0, 5), st.integers(0, 20))
def test_never_raises_and_stays_in_the_sentence(language: str, text: str, type_: DevelopmentType, first: int, length: int) -> None:
    tokens = sentence(text)
    found = find_with_articles(tokens, rules(language))
    free = 0
    for mention in found:
        assert free <= mention.first <= mention.last < len(tokens.words)
        assert mention.min is None or mention.max is None or mention.min <= mention.max
        free = mention.last + 1
    last = min(first + length, len(tokens.words) - 1)
    for quantity in quantities(tokens, found, kinds(language), type_, first, last):
        assert quantity.min is not None or quantity.max is not None
