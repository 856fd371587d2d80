"""The visible list of steps that turn an article into an enriched one."""

from __future__ import annotations

from streams.core.records import Article, Enriched
from streams.core.trace import SentenceTrace


class Tagger:
    """Everything compiled that tagging needs: made once by `streams.lexicons.load_tagger`, never changed."""

    version: str = "0.1.0"


def enrich(article: Article, tagger: Tagger) -> Enriched:
    """The article with its boilerplate, developments, language, fingerprint and coverage. Never raises on an `Article`."""
    return Enriched(**{name: getattr(article, name) for name in Article.__struct_fields__}, tagger=tagger.version)


def explain(article: Article, tagger: Tagger) -> list[SentenceTrace]:
    """What was considered in each sentence, in reading order, headline first."""
    return []
