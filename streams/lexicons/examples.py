"""The examples of the lexicon entries, run through the real tagger: what must match and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from streams.core.enrich import enrich
from streams.core.records import Article
from streams.core.tagger import Tagger
from streams.core.text import fold
from streams.lexicons.source import ROOT, read

CONFLICT = ["medtop:16000000"]


class Example(NamedTuple):
    """A sentence that an entry must match, or must not."""

    language: str
    entry: str
    """`language/CONCEPT/id`"""
    trigger: bool
    """Whether the entry's concept can tell a development; other entries only mark words."""
    match: bool
    sentence: str


def examples(language: str) -> Iterator[Example]:
    """Every example of a language's `concepts.yml`."""
    concepts = read(ROOT / "types.yml")["concepts"]
    for concept, entries in read(ROOT / language / "concepts.yml").items():
        trigger = bool(concepts[concept].get("trigger"))
        for number, entry in enumerate(entries, 1):
            for kind in ("match", "not"):
                sentences = entry.get(kind) or ()
                for sentence in [sentences] if isinstance(sentences, str) else sentences:
                    yield Example(language, f"{language}/{concept}/{entry.get('id', number)}", trigger, kind == "match", sentence)


def failure(example: Example, tagger: Tagger) -> str | None:
    """What is wrong with an example, or None."""
    fired = _fired(example, tagger)
    if not example.match:
        return f"{example.entry} must tell no development here, it tells {fired[example.entry]}" if example.entry in fired else None
    if example.trigger:
        told = ", ".join(f"{kind} by {entry}" for entry, kind in fired.items()) or "nothing"
        return None if example.entry in fired else f"{example.entry} must tell a development here; told: {told}"
    return None if example.entry in _marked(example, tagger) else f"{example.entry} must mark a word here"


def _fired(example: Example, tagger: Tagger) -> dict[str, str]:
    """Entry -> type of the developments found.

    What must match is read as a sentence of a wire filed under conflict, war and peace, so that it need not name who and where; what
    must not is read alone.
    """
    article = Article(id="example", language=example.language, body=example.sentence, subjects=CONFLICT if example.match else [])
    return {entry: d.type for d in enrich(article, tagger).developments for entry in d.rule.split()[:-1]}


def _marked(example: Example, tagger: Tagger) -> set[str]:
    """The entries that mark a word or phrase."""
    lexicon = tagger.languages[example.language].lexicon
    folded = fold(example.sentence)
    words = lexicon.tokenizer.words(folded, 0, len(folded))
    phrases, _ = lexicon.mark(words, [0] * len(words))
    return {entry for word in words for entry in lexicon.entries(word)} | {entry for found in phrases.values() for entry in found.split()}
