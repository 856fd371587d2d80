"""Everything compiled that tagging needs, in one place. Made once by `streams.lexicons.load_tagger`, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streams.core.actors import ActorTable
from streams.core.boilerplate import Finder
from streams.core.dates import DateRules
from streams.core.developments.rules import Types
from streams.core.kinds import KindRules
from streams.core.lexicon import Lexicon
from streams.core.numbers import NumberRules
from streams.core.places import Gazetteer
from streams.core.weights import Weights


@dataclass(frozen=True, slots=True)
class Language:
    """What one language brings."""

    lexicon: Lexicon
    dates: DateRules | None
    numbers: NumberRules | None
    kinds: KindRules | None


@dataclass(frozen=True, slots=True)
class Tagger:
    """All languages and the tables that they share."""

    version: str
    types: Types
    languages: Mapping[str, Language]
    furniture: Finder
    actors: ActorTable
    places: Gazetteer
    weights: Weights
    """What speaks for somebody as a party, and for a place."""
    identify: Callable[[str], str]
    """The primary language subtag of a text."""
