"""Finds what in an article is not the reporting: `compile_cues` once, then `find` for each body.

Two kinds of evidence, in two modules: `cues` (what a line says, by the data under `lexicons/*/boilerplate.yml`) and
`position` (where it stands). `parts` knows the pieces of a line that a cue cannot cut.
"""

from streams.core.boilerplate.cues import Cues, compile_cues
from streams.core.boilerplate.find import find

__all__ = ["Cues", "compile_cues", "find"]
