"""Every boilerplate entry does what it says: its examples are tagged with its class, its counter-examples are not tagged."""

from __future__ import annotations

import pytest

from streams.lexicons.boilerplate import cue_data
from tests.real import FINDER

DATA = cue_data()
LANGUAGES = sorted(set(DATA) - {"any"})
ENTRIES = [(language, entry) for language, part in DATA.items() for entry in part.get("cues", ())]


def tagged(text: str, language: str) -> set[str]:
    """The classes found in a line that stands alone."""
    return {span.cls for span in FINDER.find(text, language)}


@pytest.mark.parametrize(("language", "entry"), ENTRIES, ids=lambda x: x if isinstance(x, str) else x["id"])
def test_an_entry_matches_its_examples_and_not_its_counter_examples(language, entry):
    cls = entry.get("class") or entry["id"].partition(".")[0]
    assert entry["match"], "an entry needs an example"
    assert [text for text in entry["match"] if cls not in tagged(text, language)] == []
    assert [text for text in entry.get("not", ()) if tagged(text, language)] == []


@pytest.mark.parametrize("mark", DATA["any"]["marks"], ids=lambda mark: mark["id"])
@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
def test_a_mark_needs_no_language(mark, language):
    assert [text for text in mark["match"] if not FINDER.find(text, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reporting_about_what_pages_carry_is_reporting(language):
    assert {text: FINDER.find(text, language)[0].rule for text in DATA[language]["reporting"] if tagged(text, language)} == {}


def test_an_entry_id_is_used_once_a_language():
    ids = [(language, entry["id"]) for language, entry in ENTRIES]
    assert len(ids) == len(set(ids))
