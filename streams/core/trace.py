"""Why the tagger said what it said: what `newsroom explain` shows. Never published."""

from __future__ import annotations

from msgspec import Struct

from streams.core.records import Development


class Mark(Struct, frozen=True):
    """A word or phrase that a lexicon entry recognised."""

    entry: str
    concept: str
    start: int
    end: int


class Stopped(Struct, frozen=True):
    """A rule that was triggered and did not fire, and what stopped it."""

    rule: str
    start: int
    end: int
    reason: str


class Candidate(Struct, frozen=True):
    """Somebody or somewhere that the sentence names, and which fields of its developments took it."""

    value: str
    """The code of who is named, the name of a place."""
    start: int
    end: int
    taken: list[str] = []
    """`actor of shelling`, `place of casualties`; empty where another was chosen."""


SHOWN = 4
"""How many rivals are shown."""


class Rival(Struct, frozen=True):
    """What may be the parties or the place of a development, and what speaks for it."""

    type: str
    """Of the development."""
    value: str
    """`RUS → UKR`, `nobody → PSE`, `Kharkiv, UKR`, `nowhere`."""
    share: float
    """How likely it is among all that was weighed."""
    signs: list[str] = []
    """Those that are worth most, the best first."""


class SentenceTrace(Struct, frozen=True):
    """One sentence, or one line of boilerplate, with all that was considered in it."""

    field: str
    start: int
    end: int
    text: str
    skipped: str | None = None
    """Why nothing was read here (`boilerplate: share (cue:fr/share/follow)`, `no trigger`, `no lexicon for pl`), else null."""
    marks: list[Mark] = []
    developments: list[Development] = []
    stopped: list[Stopped] = []
    candidates: list[Candidate] = []
    rivals: list[Rival] = []
    """For each development the likeliest places and pairs of parties: the choice and those that it beat."""
