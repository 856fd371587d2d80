"""Loads the boilerplate cues of every language from their YAML; the tagger itself is `streams.core.boilerplate`."""

from __future__ import annotations

from typing import Any

from streams.core.boilerplate import Cues, compile_cues
from streams.lexicons.source import ROOT, read


def cue_data() -> dict[str, Any]:
    """Language (or `any`) -> the plain data of its `boilerplate.yml`."""
    return {path.parent.name: read(path) for path in sorted(ROOT.glob("*/boilerplate.yml"))}


def load_cues(threshold: float = 1.0) -> Cues:
    """The compiled cues of all languages."""
    return compile_cues(cue_data(), threshold)
