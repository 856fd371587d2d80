"""Whether another build of the package tags as the sources do: `python -m evaluation.same .cache/compiled`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def run(build: Path, module: str) -> str:
    """What a module prints in a process that takes `streams` from `build`, and all else from this checkout."""
    path = os.pathsep.join(map(str, (build.resolve(), HERE.parent)))
    done = subprocess.run(
        [sys.executable, "-P", "-m", module], env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def digests() -> str:
    """A line for each gold article: its id and a hash of the record that tagging makes of it."""
    from msgspec import json

    from evaluation.gold import articles
    from streams.core.enrich import enrich
    from streams.lexicons import load_tagger

    tagger = load_tagger()
    names = sorted(str(path.relative_to(HERE / "gold").with_suffix("")) for path in (HERE / "gold").rglob("*.jsonl"))
    found = (enrich(article, tagger) for name in names for article in articles(name))
    return "\n".join(f"{one.id} {hashlib.blake2b(json.encode(one), digest_size=16).hexdigest()}" for one in found)


def main() -> None:
    """The command; without a build it prints the digests of the build that it runs in."""
    if len(sys.argv) < 2:
        print(digests())
        return
    here, there = (run(build, "evaluation.same").splitlines() for build in (HERE.parent, Path(sys.argv[1])))
    other = [one.split()[0] for one, two in zip(here, there, strict=True) if one != two]
    if other:
        sys.exit(f"{len(other)} of {len(here)} articles are tagged otherwise, the first is {other[0]}")
    print(f"{len(here)} articles are tagged the same")


if __name__ == "__main__":
    main()
