"""Asks whether a release that a worker installs has a known hole, and says of how many it could not ask. `make audit` runs it.

Ends with 0 when all were asked about and none has one, 1 when one has, 69 when it could not ask about all.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).with_name("run.txt")
SERVICES = ("pypi", "osv")
"""Who knows of holes, as pip-audit names them; asked in turn until one knows all releases."""
_HOLES, _NOT_ASKED = 1, 69


def main() -> int:
    """Print what was found, and return the exit code."""
    found: dict[str, dict[str, Any]] = {}
    for service in SERVICES:
        found |= {one["name"]: one for one in _asked(service) if one["name"] not in found or "vulns" in one}
        if found and not _unasked(found):
            break
    return report(found, len(re.findall(r"^\S+==", LOCK.read_text(), re.MULTILINE)))


def report(found: dict[str, dict[str, Any]], locked: int) -> int:
    """Say it of `locked` releases, by what pip-audit tells of each; the exit code."""
    holes = [one for one in found.values() if one.get("vulns")]
    for one in holes:
        for hole in one["vulns"]:
            print(f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release yet'}")
    asked = len(found) - len(_unasked(found))
    print(f"{LOCK.name}: {locked} releases, {asked} asked about, {len(holes)} with a known hole")
    if asked < locked:
        print(f"NOT AUDITED: {locked - asked} releases; neither the index in use nor OSV could be asked about them", file=sys.stderr)
    return _HOLES if holes else _NOT_ASKED if asked < locked else 0


def _unasked(found: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, one in found.items() if "vulns" not in one]


def _asked(service: str) -> list[dict[str, Any]]:
    """What pip-audit says of each release; nothing where the service cannot be reached."""
    options = ["--requirement", str(LOCK), "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except ValueError:
        return []


if __name__ == "__main__":
    sys.exit(main())
