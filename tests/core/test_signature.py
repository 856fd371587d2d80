"""Signatures: rewrites of one text are alike, two accounts of one event are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.signature import signature, similarity

STORY = (
    "Russian drones struck the Ukrainian port city of Odesa overnight, killing three people and wounding 12, the regional governor said "
    "on Tuesday. Two residential buildings were damaged and a fire broke out at a warehouse, Oleh Kiper wrote on Telegram. Rescuers were "
    "still working at the site in the morning."
)
REWRITES = [
    "ODESA, May 12 - " + STORY.upper(),
    "Russian drones hit the Ukrainian port of Odesa overnight, killing three people and injuring 12, the regional governor said Tuesday. "
    "Two apartment buildings were damaged and a fire broke out at a warehouse, Oleh Kiper wrote on Telegram. Rescue crews were still "
    "working at the site.",
    "Russian drones struck Ukraine's port city of Odesa during the night, killing three people and wounding a dozen, the governor said on "
    "Tuesday. Two residential buildings were damaged and a fire broke out at a warehouse.",
]
OTHERS = [
    "At least three people died when Russia attacked Odesa with drones in the early hours of Tuesday, officials in the Black Sea port "
    "said. Governor Oleh Kiper said 12 others were hurt. Houses and a warehouse were hit.",
    "Three killed, 12 wounded in Russian drone attack on Odesa, governor says. Homes and a warehouse caught fire. Ukraine's air force said "
    "it downed 40 of 52 drones.",
    "Une frappe de drone russe a tué trois personnes à Odessa dans la nuit de lundi à mardi, selon le gouverneur régional.",
]


@pytest.mark.parametrize("text", REWRITES)
def test_a_light_rewrite_shares_much(text: str) -> None:
    assert similarity(signature(STORY), signature(text)) > 0.33


@pytest.mark.parametrize("text", OTHERS)
def test_an_account_of_its_own_shares_little(text: str) -> None:
    assert similarity(signature(STORY), signature(text)) < 0.2


def test_it_is_the_same_on_every_machine() -> None:
    signed = signature("Three people were killed in Odesa")
    assert (len(signed), signed[:32]) == (172, "Ucpz9/EnTh+mns05AbS4BkaIlXVZEzLE")


@given(st.text())
def test_a_text_is_like_itself_or_has_no_signature(text: str) -> None:
    signed = signature(text)
    assert similarity(signed, signed) == (1.0 if signed else 0.0)


@pytest.mark.parametrize("bad", ["", "AAAA", "no base64!", "é" * 172])
def test_what_is_no_signature_is_like_nothing(bad: str) -> None:
    assert similarity(bad, bad) == 0.0
    assert similarity(signature(STORY), bad) == 0.0
