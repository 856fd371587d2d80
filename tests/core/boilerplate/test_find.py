"""Finding boilerplate: exact spans, parts of lines, position, and decisions that the dress of a text does not change."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.boilerplate import parts
from streams.core.boilerplate.saying import Reader
from tests.real import FINDER

GOLD = Path(__file__).parents[3] / "evaluation" / "gold" / "dev.jsonl"
ARTICLES = [json.loads(line)["article"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
PARAGRAPH = (
    "The army said on Tuesday that its troops had taken the village after two days of fighting, "
    "and that engineers were clearing the road to the river of mines."
)
PIECES = ["Read more:", "©", "«", "\u00ad", "Photo", ".", " ", "é", "e\u0301", "İ", "\r", "\n", "Newsletter", "12:30", PARAGRAPH]


def spans(body: str, language: str | None = "en") -> list[tuple[str, str]]:
    """(class, text) of each span found."""
    return [(span.cls, body[span.start : span.end]) for span in FINDER.find(body, language)]


def without(body: str, language: str) -> str:
    """The body with its boilerplate taken out."""
    kept, end = [], 0
    for span in FINDER.find(body, language):
        kept.append(body[end : span.start])
        end = span.end
    return "".join([*kept, body[end:]])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("KYIV, 3 May (LW) - " + PARAGRAPH, [("byline", "KYIV, 3 May (LW) -")]),
        ("ALEPPO, Syria (LW) — " + PARAGRAPH, [("byline", "ALEPPO, Syria (LW) —")]),
        (PARAGRAPH + " (Photo: Provincial Government)", [("credit", "(Photo: Provincial Government)")]),
        (PARAGRAPH + " Sign up for our free newsletter here.", [("newsletter", "Sign up for our free newsletter here.")]),
        (PARAGRAPH + " Middle East. " + PARAGRAPH, [("artefact", "Middle East.")]),
    ],
)
def test_a_part_of_a_line_is_cut_exactly(line, expected):
    assert spans(line) == expected


def test_headlines_under_a_label_and_after_the_story_are_related():
    body = f"{PARAGRAPH}\n{PARAGRAPH}\nMost read\nTen bridges that changed a war\nThe baker of Izium"
    assert [cls for cls, _ in spans(body)] == ["related"] * 3


def test_the_strapline_of_a_newsletter_goes_with_it():
    body = f"Unlock the Flashpoints newsletter for free\nThe stories that matter on borders and money\n{PARAGRAPH}\n{PARAGRAPH}"
    assert [cls for cls, _ in spans(body)] == ["newsletter"] * 2


def test_a_sub_heading_within_the_story_is_reporting():
    assert spans(f"{PARAGRAPH}\nFear in the valley\n{PARAGRAPH}") == []


def test_what_stands_in_quotation_marks_is_somebodys_words():
    assert spans("“Sign up for our newsletter and share this article,” the colonel joked on Tuesday.") == []


def test_a_language_without_cues_has_marks_and_positions():
    assert spans("© 2025 Пример", "xx") == [("copyright", "© 2025 Пример")]
    assert spans("00:00 / 04:37", None) == [("player", "00:00 / 04:37")]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_carriage_returns_and_hard_spaces_change_no_decision(article):
    body, language = article["body"], article["language"]
    assert [s.cls for s in FINDER.find(body.replace("\n", "\r\n"), language)] == [s.cls for s in FINDER.find(body, language)]
    assert FINDER.find(body.replace(" ", "\u00a0", 40), language) == FINDER.find(body, language)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_soft_hyphens_change_no_decision(article):
    body, language = article["body"], article["language"]
    hyphenated = body.replace("en", "e\u00adn").replace("ни", "н\u00adи")
    found = [(s.cls, hyphenated[s.start : s.end].replace("\u00ad", "")) for s in FINDER.find(hyphenated, language)]
    assert found == [(s.cls, body[s.start : s.end]) for s in FINDER.find(body, language)]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_decomposed_accents_change_no_decision(article):
    body, language = article["body"], article["language"]
    decomposed = unicodedata.normalize("NFD", body)
    found = [s.cls for s in FINDER.find(decomposed, language)]
    assert found == [s.cls for s in FINDER.find(body, language)]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_the_reporting_read_again_holds_nothing_new(article):
    reading = without(article["body"], article["language"])
    assert without(reading, article["language"]).split() == reading.split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_spans_are_sorted_apart_and_without_line_ends(pieces):
    body = "".join(pieces)
    found = FINDER.find(body, "en")
    ends = [0, *[span.end for span in found]]
    assert all(span.start >= end and span.end > span.start for span, end in zip(found, ends, strict=False))
    assert all("\n" not in body[span.start : span.end] and body[span.end - 1] != "\r" for span in found)
    assert ends[-1] <= len(body)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    ["5 people killed ", "Read also: ", "Sign up to our newsletter. ", "© Reuters ", "5 € ", "A/", "(a", "Kiev - ", "a@a.", "« ", ". A"],
)  # fmt: skip
def test_a_line_of_any_piece_is_read_in_linear_time(piece):
    """Quadratic work on so long a line takes most of an hour: the limit of this test is far above what it needs and far below that."""
    body = f"Read also: $ x | {piece * (300_000 // len(piece))}"
    assert all(span.end <= len(body) for span in FINDER.find(body, "en"))


@pytest.mark.timeout(20)
def test_spaces_that_lead_to_no_bar_are_passed_once():
    assert parts.sentences("Read also |" + " " * 200_000 + "x", 0, 200_012) == [(0, 9), (200_011, 200_012)]


def test_long_lines_do_not_fill_the_memory():
    reader = Reader(FINDER.cues.languages["en"], FINDER.cues)
    for number in range(50):
        reader.read([f"{number} {'a' * 200_000}"], 0)
    kept = sum(map(len, reader._known))
    assert kept == reader._known.size < 5_000_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line",
    [
        "By AAAAAAAAAA BBBB" + ", AAAAAAAAAA" * 10 + "!",
        "By Da" + "T-" * 70 + "!",
        "(ALN) - Kiev, 21 lug " + "K-" * 45 + "!",
        "A" + "Y-" * 23 + "!",
        "KIEV" + "-AA" * 30 + ", a" + " a" * 10 + "!",
    ],
)  # fmt: skip
def test_a_line_that_can_be_cut_in_many_ways_is_cut_once(line):
    """Names, bylines and datelines of one line could once be tried in more ways than a day has nanoseconds."""
    body = "\n".join(f"{line}{number}" for number in range(100))
    assert all(span.end <= len(body) for span in FINDER.find(f"{PARAGRAPH}\n{body}\n{PARAGRAPH}", "en"))
