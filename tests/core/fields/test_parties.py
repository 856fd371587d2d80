"""Who may have done it to whom, what signs are worth, and which pair is taken."""

import pytest

from streams.core.enrich import explain
from streams.core.records import Article
from streams.core.weights import Weights
from tests.real import TAGGER

DATA = {
    "actor": {"Lfirst": {"all": 1.0, "shelling": 0.5}, "R~by": {"clash": 2.0}},
    "target": {"Rright": {"all": -1.0, "shelling": 1.0}},
    "pair": {},
    "place": {"located": {"all": 0.25}},
}


def pairs(text: str, language: str, kind: str):
    traces = explain(Article(id="x", body=text, language=language), TAGGER)
    return [rival for trace in traces for rival in trace.rivals if rival.type == kind and " → " in rival.value]


def test_a_sign_is_worth_what_it_is_for_all_and_for_its_type():
    weights = Weights(DATA)
    assert weights.of("shelling").actor == {"Lfirst": 1.5}
    assert weights.of("clash").actor == {"Lfirst": 1.0, "R~by": 2.0}
    assert weights.of("shelling").target == {}  # what adds up to nothing is left out
    assert weights.of("talks").place == {"located": 0.25}


def test_signs_without_a_weight_are_worth_nothing():
    worth = Weights(DATA).of("clash")
    assert worth.sum(worth.actor, ["Lfirst", "R~by", "unheard of"]) == 3.0


def test_explain_shows_the_choice_and_those_that_it_beat():
    weighed = pairs("Russia shelled Ukrainian positions on Monday.", "en", "shelling")
    assert weighed[0].value == "RUS → UKR"
    assert "UKR → RUS" in {pair.value for pair in weighed}
    assert weighed[0].signs
    assert sum(pair.share for pair in weighed) <= 1.01
    assert weighed == sorted(weighed, key=lambda pair: -pair.share)


@pytest.mark.parametrize("kind", ["talks", "ceasefire"])
def test_whoever_agrees_acts_and_nobody_is_acted_on(kind):
    text = {"talks": "Russia and Ukraine held talks in Istanbul.", "ceasefire": "Russia and Ukraine agreed a ceasefire."}[kind]
    weighed = pairs(text, "en", kind)
    assert weighed[0].value == "RUS+UKR → nobody"
    assert all(pair.value.endswith("→ nobody") for pair in weighed)


def test_nobody_is_chosen_where_nobody_is_named():
    weighed = pairs("Three soldiers were killed and ten civilians wounded when rebels attacked the base.", "en", "casualties")
    assert weighed[0].value == "nobody → nobody"


def test_explain_shows_the_places_that_were_weighed():
    traces = explain(Article(id="x", body="Rockets fired from Gaza hit Ashkelon on Monday.", language="en"), TAGGER)
    places = [rival.value for trace in traces for rival in trace.rivals if rival.type == "shelling" and " → " not in rival.value]
    assert places[0] == "Ashkelon, ISR"
    assert "nowhere" in places
