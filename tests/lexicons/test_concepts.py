"""Every example of every lexicon entry, through the real tagger; and that what is compiled is what is written."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from streams.core.enrich import enrich
from streams.core.records import Article
from streams.core.tagger import Tagger
from streams.core.text import fold
from streams.lexicons import load_tagger
from streams.lexicons.compile import compile_language, encode, languages
from streams.lexicons.source import ROOT, read


@functools.cache
def tagger() -> Tagger:
    return load_tagger()


@functools.cache
def trigger_concepts() -> frozenset[str]:
    return frozenset(name for name, concept in read(ROOT / "types.yml")["concepts"].items() if concept.get("trigger"))


def _sentences(found: str | list[str]) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def examples() -> Iterator[Any]:
    """(language, entry name, concept, `match` or `not`, sentence) of each example."""
    for language in languages():
        for concept, entries in read(ROOT / language / "concepts.yml").items():
            for number, entry in enumerate(entries, 1):
                name = f"{language}/{concept}/{entry.get('id', number)}"
                for kind in ("match", "not"):
                    for i, sentence in enumerate(_sentences(entry.get(kind, ())), 1):
                        yield pytest.param(language, name, concept, kind, sentence, id=f"{name}-{kind}-{i}")


def fired(language: str, sentence: str) -> dict[str, str]:
    """Entry -> type of the developments found in a sentence."""
    article = Article(id="example", language=language, body=sentence)
    return {entry: d.type for d in enrich(article, tagger()).developments for entry in d.rule.split()[:-1]}


def marked(language: str, sentence: str) -> set[str]:
    """The entries that mark a word or phrase of a sentence."""
    lexicon = tagger().languages[language].lexicon
    words = lexicon.tokenizer.words(fold(sentence))
    masks = [0] * len(words)
    phrases = lexicon.mark(words, masks)
    return {entry for word in words for entry in lexicon.entries(word)} | {entry for found in phrases.values() for entry in found.split()}


@pytest.mark.parametrize(("language", "entry", "concept", "kind", "sentence"), examples())
def test_example(language: str, entry: str, concept: str, kind: str, sentence: str) -> None:
    if kind == "not":
        assert entry not in fired(language, sentence), f"{entry} must tell no development here"
    elif concept in trigger_concepts():
        assert entry in fired(language, sentence), f"{entry} must tell a development here; found: {fired(language, sentence) or 'none'}"
    else:
        assert entry in marked(language, sentence), f"{entry} must mark a word here; marked: {marked(language, sentence) or 'none'}"


def test_every_trigger_entry_of_a_full_lexicon_has_examples() -> None:
    lacking = [
        f"{language}/{concept}/{entry.get('id', number)}"
        for language in languages()
        if read(ROOT / language / "grammar.yml").get("coverage", "full") == "full"
        for concept, entries in read(ROOT / language / "concepts.yml").items()
        if concept in trigger_concepts()
        for number, entry in enumerate(entries, 1)
        if not (entry.get("match") and entry.get("not"))
    ]
    assert not lacking


@pytest.mark.parametrize("language", languages())
def test_compiled_lexicon_is_what_its_source_says(language: str) -> None:
    compiled = (ROOT / language / "compiled.json").read_bytes()
    assert compiled == encode(compile_language(language)), f"run: python -m streams.lexicons.compile {language}"
