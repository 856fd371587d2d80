"""The pattern language of cues, through the automaton that hears it."""

from __future__ import annotations

import pytest

from streams.core.boilerplate import Finder, compile_cues
from streams.core.boilerplate.normal import LATIN
from streams.core.boilerplate.patterns import PatternError, compile_pattern

WORDS = {"network": ["telegram", "x"], "coin": ["€", "eur", "cent*"], "mass": ["billion*"]}


def matches(source: str, text: str) -> bool:
    """Whether the text is tagged where the pattern is the only cue."""
    data = {"any": {"words": WORDS, "cues": [{"id": "share.test", "says": [source]}]}}
    return bool(Finder(compile_cues(data)).find(text, None))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("lire|voir aussi", "À lire aussi : la suite"),
        ("abon* vous", "Abonnez-vous"),
        ("(cet) article reserve", "article réservé"),
        ("(cet) article reserve", "cet article réservé"),
        ("pour .. lire", "pour enfin tout lire"),
        ("inscri* .. lettre*", "Inscrivez-vous à nos lettres"),
        ("^ photo :", "Photo : agence"),
        ("^ .. - telegram $", "A B / Telegram"),
        ("^ publicite $", "PUBLICITÉ."),
        ("^ (la) suite|fin apres", "Suite après la publicité"),
        ("follow us|{network}", "follow Telegram"),
        ("# shares $", "1,204 shares"),
        ("only € a month", "only €4.99 a month"),
        ("only € a month", "only 99 cents a month"),
        ("more on this|:|$", "more on:"),
        ("more on this|:|$", "more on"),
        ("e-mail adress*", "E-Mail-Adresse"),
    ],
)
def test_a_pattern_matches(source, text):
    assert matches(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("lire|voir aussi", "lirez aussi"),
        ("^ photo :", "La photo : agence"),
        ("^ photo :", "Photographe : agence"),
        ("^ publicite $", "publicité tapageuse"),
        ("pour .. lire", "pour un deux trois quatre cinq lire"),
        ("pour .. lire", "lire pour"),
        ("inscri* .. lettre*", "les lettres inscrites"),
        ("only € a month", "only €4 billion a month"),
        ("only € a month", "only one a month"),
    ],
)
def test_a_pattern_does_not_match(source, text):
    assert not matches(source, text)


@pytest.mark.parametrize("source", ["", "^ $", "(only) (optional)", "# €", "a||b", "{nothing} here"])
def test_a_pattern_that_says_nothing_is_refused(source):
    with pytest.raises(PatternError):
        compile_pattern(source, {}, LATIN)


def test_the_rarest_looking_word_calls_the_pattern():
    assert compile_pattern("the .. newsletter", {}, LATIN).calls == {"newsletter"}


def test_a_pattern_with_too_many_forms_is_cut_and_still_holds():
    words = "|".join(f"w{i}" for i in range(30))
    assert matches(f"{words} {words} {words}", "w3 w4 w5")
    assert not matches(f"{words} {words} {words}", "w3 w4 no w5")
