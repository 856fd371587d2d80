"""Only for the compiled build: with COMPILE_NEWSROOM=1 mypyc turns `streams.core` into C, else this adds nothing to pyproject.toml."""

import os
from pathlib import Path

from setuptools import Extension, setup

INTERPRETED = {"__init__.py", "records.py", "trace.py"}
"""msgspec makes the Structs from the classes as Python knows them."""


def extensions() -> list[Extension]:
    """One shared library with all modules of the core, so that they call each other without Python in between."""
    from mypyc.build import mypycify

    modules = sorted(path for path in Path("streams/core").rglob("*.py") if path.name not in INTERPRETED)
    return mypycify(["--strict", *map(str, modules)], opt_level="2", debug_level="0")


setup(ext_modules=extensions() if os.environ.get("COMPILE_NEWSROOM") == "1" else [])
