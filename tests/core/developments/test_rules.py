"""Rules and clauses: shown on a language of a few words."""

import pytest

from streams.core.developments.clauses import cut
from streams.core.developments.find import find, read
from streams.core.developments.rules import compile_types
from streams.core.lexicon import Lexicon
from streams.core.text import Sentence, fold
from streams.lexicons.source import ROOT
from streams.lexicons.source import read as read_yaml

DATA = {
    "support": 0,
    "elsewhere": 0,
    "nowhere": 0,
    "types": {
        "shelling": {"family": "violence", "plover": "ASSAULT"},
        "capture": {"family": "territory", "plover": "ASSAULT"},
        "drone_strike": {"family": "violence", "plover": "ASSAULT"},
    },
    "concepts": {
        "SHELLING": {"trigger": True, "weight": 2},
        "TAKE": {"trigger": True},
        "HIT": {"trigger": True},
        "DRONE": {"weight": 1, "thing": True},
        "POSITION": {},
        "FORCE": {"weight": 1},
        "RELIEF": {},
        "SPORT": {"weight": -2},
        "DENY": {},
    },
    "rules": {
        "weapon": [
            {"type": "drone_strike", "trigger": "HIT SHELLING", "with": ["DRONE"], "need": 0},
            {"type": "shelling", "trigger": "SHELLING"},
        ],
        "territory": [{"type": "capture", "trigger": "TAKE", "after": ["POSITION"], "not": "RELIEF", "far": "DRONE", "need": 1}],
        "alone": [{"type": "drone_strike", "trigger": "DRONE", "with": ["POSITION"], "need": 0}],
    },
}
TYPES = compile_types(DATA)
WORDS = {"shelled": "SHELLING", "took": "TAKE", "hit": "HIT", "drone": "DRONE"}
WORDS |= {"village": "POSITION", "army": "FORCE", "food": "RELIEF", "match": "SPORT"}
GRAMMAR = {"openers": ["which"], "linkers": ["and"], "coordinators": ["and"]}
ENTRIES = [[f"xx/{concept}/1", concept, [word], word == "hit"] for word, concept in WORDS.items()]
LEXICON = Lexicon({"code": "xx", "grammar": GRAMMAR, "forms": {}, "entries": ENTRIES}, TYPES.concepts)


def found(text: str, article_weight: int = 0, stopped=None) -> list[tuple[str, str]]:
    sentence = LEXICON.tokenizer.tokens("body", 0, fold(text), 0, len(text))
    reading = read(sentence, text, [0] * len(sentence.words), LEXICON, article_weight)
    return [(f.type, sentence.slice(text, f.first, f.last)) for f in find(reading, TYPES, LEXICON, stopped)]


def test_a_direct_trigger_tells_its_type_with_its_clause_for_evidence():
    assert found("On Monday, they shelled it, he said") == [("shelling", ", they shelled it")]


def test_the_first_rule_of_a_group_wins():
    assert found("a drone shelled it") == [("drone_strike", "a drone shelled it")]


def test_evidence_takes_in_what_the_rule_needs():
    assert found("the army took, by night, the village") == [("capture", "the army took, by night, the village")]


def test_what_stands_in_another_clause_does_not_count():
    assert found("the army took it; it pleased the village") == []
    assert found("the army took it, and the village was pleased") == []


def test_a_relative_clause_sees_what_it_depends_on():
    assert found("a drone which hit a shed near the army") == [("drone_strike", "a drone which hit a shed near the army")]


def test_a_side_is_a_side():
    assert found("the army of the village took it") == []


@pytest.mark.parametrize("text", ["the army took food to the village", "the army took drone and village"])
def test_what_a_rule_excludes_stops_it(text):
    assert ("capture", text) not in found(text)


def test_too_little_weight_stops_a_rule_and_the_article_helps():
    assert found("he took the village") == []
    assert found("he took the village", article_weight=1) == [("capture", "he took the village")]


def test_a_trigger_is_not_its_own_support():
    asking = compile_types({**DATA, "support": 1, "elsewhere": 3, "nowhere": 4})
    sentence = LEXICON.tokenizer.tokens("body", 0, text := "they shelled it by drone", 0, len(text))

    def told(named: int) -> list[str]:
        masks = [0] * (len(sentence.words) - 1) + [named]
        return [f.type for f in find(read(sentence, text, masks, LEXICON, 0), asking, LEXICON)]

    bit = asking.concepts.bit
    assert told(bit["PLACE"] | bit["THEATRE"]) == ["drone_strike"]
    assert told(bit["PLACE"]) == told(0) == []


def test_a_thing_tells_where_nothing_else_does():
    assert found("a drone on the village") == [("drone_strike", "a drone on the village")]
    assert found("the drone; the village") == []


def test_guards_subtract():
    assert found("they shelled it in the match") == []


def test_a_weak_entry_needs_one_more():
    assert found("it hit a shed near the drone") == [("drone_strike", "it hit a shed near the drone")]
    assert found("it hit a drone in the match") == []


def test_one_development_of_a_type_in_a_clause_and_one_in_each():
    assert len(found("they shelled it and shelled it")) == 1
    assert len(found("they shelled it; they shelled that")) == 2


def test_what_did_not_fire_says_why():
    stopped: list[tuple[str, int, str]] = []
    found("he took the village", stopped=stopped)
    assert stopped == [("capture/territory.1", 1, "too little speaks for armed conflict here: 0 of 1")]


def test_clauses_are_cut_at_openers_and_strong_marks_and_not_within_phrases():
    words = ["a", ",", "which", "b", ";", "c", "which", "d"]
    sentence = Sentence("body", 0, 0, 16, words, list(range(0, 16, 2)), list(range(1, 17, 2)))
    assert cut(sentence, [0] * len(words), set(), LEXICON).segment == [0, 0, 0, 0, 1, 1, 1, 1]
    assert cut(sentence, [0] * len(words), set(), LEXICON).unit == [0, 1, 2, 2, 3, 3, 4, 4]
    assert cut(sentence, [0] * len(words), {6}, LEXICON).unit[-1] == 3


def test_a_hyphen_within_a_word_cuts_nothing():
    words = ["250", "-", "kg", "-", "a"]
    within = Sentence("body", 0, 0, 10, words, [0, 3, 4, 7, 9], [3, 4, 6, 8, 10])
    assert cut(within, [0] * len(words), set(), LEXICON).segment == [0, 0, 0, 1, 1]


def test_every_rule_of_the_project_names_what_exists():
    data = read_yaml(ROOT / "types.yml")
    types = compile_types(data)
    assert {rule.type for rules in (*types.groups.groups, *types.alone.groups) for rule in rules} == set(data["types"])


def test_every_trigger_is_asked_for_by_a_rule():
    types = compile_types(read_yaml(ROOT / "types.yml"))
    asked = 0
    for rules in types.groups.groups:
        for rule in rules:
            asked |= rule.on
    assert not types.concepts.of(types.concepts.triggers & ~asked)
