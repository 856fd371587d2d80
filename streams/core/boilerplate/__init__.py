"""Finds what in an article is not the reporting: `compile_cues`, then a `Finder` of them, then `find` for each body.

Two kinds of evidence, in two modules: `evidence` weighs what a line says, by the data under `lexicons/*/boilerplate.yml` that `cues`
compiles; `position` says where it stands. `saying` reads a line whole and by its parts; `parts` knows the pieces that no cue can cut.
"""

from streams.core.boilerplate.cues import Cues, compile_cues
from streams.core.boilerplate.find import Finder

__all__ = ["Cues", "Finder", "compile_cues"]
