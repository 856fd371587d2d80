"""Every example of every lexicon entry, through the real tagger; and that what is compiled is what is written."""

from __future__ import annotations

import pytest

from streams.lexicons.compile import compile_language, encode, languages
from streams.lexicons.examples import Example, examples, failure
from streams.lexicons.source import ROOT, read

ALL = [example for language in languages() for example in examples(language)]
KINDS = {True: "match", False: "not"}


@pytest.mark.parametrize("example", ALL, ids=[f"{e.entry}-{KINDS[e.match]}-{n}" for n, e in enumerate(ALL)])
def test_example(example: Example, tagger) -> None:
    assert failure(example, tagger) is None, example.sentence


@pytest.mark.parametrize("language", languages())
def test_every_trigger_entry_of_a_full_lexicon_has_examples(language: str) -> None:
    if read(ROOT / language / "grammar.yml").get("coverage", "full") == "partial":
        return
    concepts = read(ROOT / "types.yml")["concepts"]
    written = read(ROOT / language / "concepts.yml").items()
    entries = {f"{language}/{c}/{e.get('id')}" for c, es in written if concepts[c].get("trigger") for e in es}
    shown = [{e.entry for e in ALL if e.match is kind} for kind in (True, False)]
    assert not entries - (shown[0] & shown[1])


@pytest.mark.parametrize("language", languages())
def test_compiled_lexicon_is_what_its_source_says(language: str) -> None:
    compiled = (ROOT / language / "compiled.json").read_bytes()
    assert compiled == encode(compile_language(language)), f"run: python -m streams.lexicons.compile {language}"
