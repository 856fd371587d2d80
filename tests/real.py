"""The real tagger, loaded once for all tests, and what it tells of a text."""

from collections.abc import Sequence
from datetime import datetime

from streams.core.enrich import enrich
from streams.core.records import Article, Development
from streams.lexicons import load_tagger

TAGGER = load_tagger()
FINDER = TAGGER.furniture
WAR = ("medtop:16000000",)
"""Subjects of an article that the wire itself files under war."""


def told(
    text: str, language: str, kind: str | None = None, published: datetime | None = None, subjects: Sequence[str] = ()
) -> list[Development]:
    """The developments of a body, of one type or all; of one type there must be some."""
    article = Article(id="x", body=text, language=language, published=published, subjects=list(subjects))
    found = [d for d in enrich(article, TAGGER).developments if kind in (None, d.type)]
    assert found or kind is None, f"no {kind} in {text}"
    return found
