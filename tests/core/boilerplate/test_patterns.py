"""The pattern language of cues."""

from __future__ import annotations

import pytest

from streams.core.boilerplate.patterns import PatternError, compile_pattern


def matches(source: str, text: str) -> bool:
    return compile_pattern(source, {"network": ["telegram", "x"]}).search(text, 0, len(text)) is not None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("lire|voir aussi", "a lire aussi : la suite"),
        ("abon* vous", "abonnez-vous"),
        ("(cet) article reserve", "article reserve"),
        ("(cet) article reserve", "cet article reserve"),
        ("pour .. lire", "pour enfin tout lire"),
        ("^ photo :", "photo : agence"),
        ("^ publicite $", "publicite."),
        ("follow us|{network}", "follow telegram"),
        ("# shares $", "1,204 shares"),
        ("only € a month", "only $4.99 a month"),
        ("more on this|:|$", "more on:"),
    ],
)
def test_a_pattern_matches(source, text):
    assert matches(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("lire aussi", "lirez aussi"),
        ("^ photo :", "la photo : agence"),
        ("^ publicite $", "publicite tapageuse"),
        ("pour .. lire", "pour un deux trois quatre cinq lire"),
        ("only € a month", "only $4 billion a month"),
    ],
)
def test_a_pattern_does_not_match(source, text):
    assert not matches(source, text)


@pytest.mark.parametrize("source", ["", "^ $", "(only) (optional)", "# €", "a||b", "{nothing} here"])
def test_a_pattern_that_says_nothing_is_refused(source):
    with pytest.raises(PatternError):
        compile_pattern(source, {})


def test_the_rarest_looking_word_calls_the_pattern():
    assert compile_pattern("the newsletter of", {}).calls == ("newsletter",)
