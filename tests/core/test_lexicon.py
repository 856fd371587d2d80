"""Words and phrases mean concepts: shown on a language of a few words."""

import pytest

from streams.core.lexicon import Concepts, Lexicon

CONCEPTS = Concepts(
    {
        "SHELLING": {"trigger": True, "weight": 2},
        "TAKE": {"trigger": True},
        "FORCE": {"weight": 1},
        "DRONE": {"weight": 1},
        "SPORT": {"weight": -2},
        "DENY": {},
        "IGNORE": {},
    },
    kept=["FORCE"],
)


def lexicon(*entries, forms=None, **grammar) -> Lexicon:
    listed = [[f"xx/{concept}/{n}", concept, patterns, weak] for n, (concept, patterns, weak) in enumerate(entries)]
    return Lexicon({"code": "xx", "grammar": grammar, "forms": forms or {}, "entries": listed}, CONCEPTS)


def marked(lexicon: Lexicon, text: str) -> dict[str, list[str]]:
    words = text.split()
    masks = [0] * len(words)
    lexicon.mark(words, masks)
    names = [[name for name in CONCEPTS.of(mask) if name not in ("PHRASE", "COMPOUND")] for mask in masks]
    return {word: found for word, found in zip(words, names, strict=True) if found}


def test_every_form_of_a_lemma_means_the_same():
    own = lexicon(("FORCE", ["soldat"], False), forms={"soldat": "soldat soldats"})
    assert marked(own, "les soldats") == {"soldats": ["FORCE"]}
    assert list(own.entries("soldats")) == ["xx/FORCE/0"]


def test_a_word_may_mean_two_things():
    own = lexicon(("FORCE", ["troupe"], False), ("SPORT", ["troupe"], False))
    assert marked(own, "troupe") == {"troupe": ["FORCE", "SPORT"]}


def test_a_phrase_beats_its_parts():
    own = lexicon(("TAKE", ["prendre"], False), ("IGNORE", ["prendre la parole"], False))
    assert marked(own, "prendre la ville") == {"prendre": ["TAKE"]}
    assert marked(own, "prendre la parole") == {}


def test_the_longest_phrase_wins_and_equals_both_count():
    own = lexicon(("TAKE", ["a b"], False), ("SHELLING", ["a b c"], False), ("DRONE", ["a b c"], False))
    assert marked(own, "a b c") == {"a": ["SHELLING", "DRONE"]}


@pytest.mark.parametrize(
    ("text", "found"), [("prendre a b contrôle", True), ("prendre a b c d contrôle", False), ("prendre . contrôle", False)]
)
def test_a_gap_is_bounded_and_ends_at_a_stop(text, found):
    own = lexicon(("TAKE", ["prendre .. contrôle"], False))
    assert bool(marked(own, text)) is found


def test_a_word_that_fits_too_early_does_not_stop_a_phrase():
    own = lexicon(("TAKE", ["in .. luft fliegen"], False))
    assert marked(own, "in luft der luft fliegen") == {"fliegen": ["TAKE"]}


def test_a_phrase_may_ask_for_a_concept_which_keeps_its_meaning():
    own = lexicon(("FORCE", ["soldat"], False), ("TAKE", ["lever <FORCE>"], False))
    assert marked(own, "lever soldat") == {"lever": ["TAKE"], "soldat": ["FORCE"]}
    assert marked(own, "lever rideau") == {}


def test_a_slot_takes_what_a_phrase_names():
    own = lexicon(("FORCE", ["casque bleu"], False), ("TAKE", ["lever <FORCE>"], False))
    assert marked(own, "lever casque bleu") == {"lever": ["TAKE"], "casque": ["FORCE"]}


def test_people_in_a_phrase_that_tells_a_development_stay_people():
    own = lexicon(("FORCE", ["soldat"], False), ("DENY", ["colonne"], False), ("TAKE", ["lever colonne soldat"], False))
    assert marked(own, "lever colonne soldat") == {"colonne": ["TAKE"], "soldat": ["FORCE"]}


def test_a_thing_that_a_phrase_names_stays_within_one_that_tells():
    own = lexicon(("FORCE", ["casque bleu"], False), ("TAKE", ["lever .. casque bleu"], False))
    assert marked(own, "lever un casque bleu") == {"casque": ["TAKE", "FORCE"], "bleu": ["FORCE"]}


def test_alternatives_exact_forms_and_shapes_of_one_word():
    own = lexicon(("TAKE", ["=pris|=prises de ville"], False), same={"de": ["de", "du"]})
    assert marked(own, "prises du ville") == {"ville": ["TAKE"]}
    assert marked(own, "prendre de ville") == {}


def test_compounds_and_hyphens_are_taken_apart():
    own = lexicon(("SHELLING", ["angriff"], False), ("DRONE", ["drohne"], False), compounds="4", forms={"drohne": "drohne drohnen"})
    assert marked(own, "drohnenangriff") == {"drohnenangriff": ["SHELLING", "DRONE"]}
    assert marked(own, "drohne-x") == {"drohne-x": ["DRONE"]}


def test_a_weak_entry_says_so():
    own = lexicon(("TAKE", ["ergreifen"], True))
    assert marked(own, "ergreifen") == {"ergreifen": ["WEAK", "TAKE"]}


def test_weight_counts_each_concept_once_and_guards_subtract():
    assert CONCEPTS.weigh(CONCEPTS.mask(["SHELLING", "FORCE", "SPORT"])) == 1
    assert CONCEPTS.weigh(CONCEPTS.mask(["TAKE"])) == 0


def test_a_pattern_without_a_word_is_refused():
    with pytest.raises(ValueError, match="needs at least one word"):
        lexicon(("TAKE", ["<FORCE> <DRONE>"], False))


def test_what_is_longer_than_any_word_is_no_compound_and_not_remembered():
    own = lexicon(("SHELLING", ["krieg"], False), compounds="4")
    assert own.words["kriegkrieg"] and "kriegkrieg" in own.words
    assert own.words["krieg" * 600] == 0
    assert "krieg" * 600 not in own.words
