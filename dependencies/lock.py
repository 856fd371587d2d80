"""Writes the lock files beside it: what each kind of install holds, with the hashes of all files of each release. `make lock` runs it.

Versions come from pyproject.toml and constraints.txt; the index is asked for nothing but the files of these releases.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BASED_ON = {"run": None, "test": "run", "bench": "test", "fuzz": "test", "compile": "run", "audit": None}
"""Each kind of install, which is an extra of pyproject.toml but for the first, and the one that it adds to."""

_ENTRY = re.compile(r"^\S.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_HEAD = "# Written by `make lock`. pip takes no file that is not listed here: pip install --require-hashes -r dependencies/{kind}.txt\n"


def main() -> None:
    """Write all lock files."""
    entries = {kind: _entries(_resolved(kind)) for kind in BASED_ON}
    for kind, base in BASED_ON.items():
        below = entries[base] if base else {}
        ours = "".join(entry for name, entry in entries[kind].items() if below.get(name) != entry)
        (HERE / f"{kind}.txt").write_text(_HEAD.format(kind=kind) + (f"-r {base}.txt\n" if base else "") + ours)


def _resolved(kind: str) -> str:
    """What a kind needs on every system and Python that pyproject.toml allows. `audit` needs nothing of ours."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    own = extras["audit"] if kind == "audit" else project["build-system"]["requires"]
    sources = ["-"] if kind == "audit" else ["pyproject.toml", "-"]
    chosen = [word for extra in _extras(kind) if kind != "audit" for word in ("--extra", extra)]
    command = [sys.executable, "-m", "uv", "pip", "compile", *sources, *chosen, "--universal", "--python-version", "3.11"]
    options = ["--generate-hashes", "--constraint", "constraints.txt", "--no-header", "--no-annotate", "--quiet"]
    return subprocess.run([*command, *options], cwd=ROOT, input="\n".join(own), capture_output=True, text=True, check=True).stdout


def _extras(kind: str) -> list[str]:
    """The extras of a kind and of those that it adds to."""
    base = BASED_ON[kind]
    return [*(_extras(base) if base else ()), *(() if kind == "run" else (kind,))]


def _entries(text: str) -> dict[str, str]:
    """Each requirement with its hashes, by what stands on its first line."""
    return {entry.partition("\n")[0]: entry for entry in _ENTRY.findall(text)}


if __name__ == "__main__":
    main()
