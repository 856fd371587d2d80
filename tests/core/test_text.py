"""Folding, lines, sentences and tokens keep their offsets."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.core.text import LONGEST, Tokenizer, fold, lines, plain, unaccented

FRENCH = Tokenizer(clitics=["l", "d", "n", "qu", "c"], abbreviations=["gén"])
ENGLISH = Tokenizer(enclitics=["s", "t"], abbreviations=["gen", "u.s"])


@given(st.text())
def test_folded_text_is_as_long_as_the_text(text):
    assert len(fold(text)) == len(text)


def test_one_kind_of_apostrophe_space_and_hyphen():
    assert fold("L’ARMÉE\u00a0a «\u202foui\u202f», porte\u2011parole, Її, ёлка, İ") == "l'armée a « oui », porte-parole, її, елка, İ"


def test_the_plain_word_has_no_soft_hyphen_and_is_composed():
    assert plain("ar\u00adme\u0301e") == "armée"
    assert unaccented("Éléphant") == "Elephant"


@given(st.text(alphabet="ab \r\n"))
def test_lines_are_the_lines_that_hold_something(text):
    found = [text[start:end] for start, end in lines(text)]
    assert found == [line.removesuffix("\r") for line in text.split("\n") if line.strip()]


@given(st.text())
@example("\uf900")  # a letter that is not composed as it stands
def test_tokens_cut_the_text_exactly(text):
    folded = fold(text)
    sentence = FRENCH.tokens("body", 0, folded, 0, len(folded))
    covered = "".join(folded[start:end] for start, end in zip(sentence.starts, sentence.ends, strict=True))
    assert covered == "".join(folded.split())
    assert all(plain(folded[s:e]) == w for w, s, e in zip(sentence.words, sentence.starts, sentence.ends, strict=True))


@given(st.text(alphabet="aB.!? «»\n'") | st.text())
def test_sentences_cover_the_line_in_order(text):
    folded, at = fold(text), 0
    for start, end in FRENCH.sentences(folded, text, 0, len(text)):
        assert at <= start <= end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("tokenizer", "text", "sentences"),
    [
        (FRENCH, "Le gén. Dupont part. Il revient.", ["Le gén. Dupont part.", "Il revient."]),
        (FRENCH, "« Feu ! » Les tirs cessent… Enfin.", ["« Feu ! »", "Les tirs cessent…", "Enfin."]),
        (ENGLISH, "Gen. A. Smith left. “Why?” he asked.", ["Gen. A. Smith left.", "“Why?” he asked."]),
        (ENGLISH, "It cost 3.5 million. U.S. troops left.", ["It cost 3.5 million.", "U.S. troops left."]),
        (ENGLISH, "Солдаты ушли. Город пал.", ["Солдаты ушли.", "Город пал."]),
    ],
)
def test_sentences(tokenizer, text, sentences):
    assert [text[a:b] for a, b in tokenizer.sentences(fold(text), text, 0, len(text))] == sentences


@pytest.mark.parametrize(
    ("tokenizer", "text", "words"),
    [
        (FRENCH, "L'armée n'a pas d'obus", ["l'", "armée", "n'", "a", "pas", "d'", "obus"]),
        (FRENCH, "Port-au-Prince, 6.200 morts", ["port-au-prince", ",", "6.200", "morts"]),
        (ENGLISH, "Israel’s army doesn’t", ["israel", "'s", "army", "doesn", "'t"]),
        (ENGLISH, "об'єкт", ["об'єкт"]),
    ],
)
def test_tokens(tokenizer, text, words):
    folded = fold(text)
    assert tokenizer.tokens("body", 0, folded, 0, len(folded)).words == words


def test_no_sentence_is_longer_than_the_longest():
    text = "army " * 5_000
    pieces = Tokenizer().sentences(text, text, 0, len(text))
    assert max(end - start for start, end in pieces) <= LONGEST
    assert "".join(text[start:end] for start, end in pieces) == text


@given(st.text(alphabet="\u200b\u00ad\ufeff\u0301ab .,-'", max_size=30))
@example("Five \u200b killed")
def test_no_word_is_empty(text):
    folded = fold(text)
    assert all(FRENCH.tokens("body", 0, folded, 0, len(folded)).words)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [".", "!?", ". ", ".\"", ".' ", "…»", "a.", "-", "' ", "e\u0301", "1,"])
def test_a_megabyte_of_any_piece_is_cut_in_linear_time(piece):
    """Quadratic work on a megabyte takes hours: the limit of this test is far above what it needs and far below that."""
    text = piece * (1_000_000 // len(piece)) + "x"
    pieces = ENGLISH.sentences(text, text, 0, len(text))
    assert pieces[-1][1] == len(text)
    assert all(ENGLISH.words(text, start, end) for start, end in pieces)
