"""Linguistic knowledge as data, and the one function that loads it."""

from streams.core.enrich import Tagger


def load_tagger() -> Tagger:
    """The tagger with every compiled lexicon; call once and keep it."""
    return Tagger()
