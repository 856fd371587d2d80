"""Loads the boilerplate cues of every language from their YAML; the tagger itself is `streams.core.boilerplate`."""

from __future__ import annotations

from typing import Any

from streams.core.boilerplate import Finder, compile_cues
from streams.lexicons.source import ROOT, read


def cue_data() -> dict[str, Any]:
    """Language (or `any`) -> the plain data of its `boilerplate.yml`."""
    return {path.parent.name: read(path) for path in sorted(ROOT.glob("*/boilerplate.yml"))}


def load_finder(threshold: float = 1.0) -> Finder:
    """The finder with the compiled cues of all languages; a lower threshold finds more and loses more reporting."""
    return Finder(compile_cues(cue_data(), threshold))
