"""`python -m streams.contracts write|check`: make the files of `schemas/` again, or say what is stale or broken in them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from streams import topics
from streams.contracts import generate
from streams.contracts.compatible import breaks

USAGE = """usage: python -m streams.contracts write|check

write   makes the JSON Schemas and asyncapi.yaml again from the records and topics.yml;
        leaves a schema alone that would break its readers or writers, and exits with 1
check   exits with 1 and says why where a file is stale, or the records have changed so that they break

example: python -m streams.contracts check"""


def problems(directory: Path) -> list[str]:
    """A sentence for each generated file that is missing, stale, or would break with the records as they are now."""
    found = []
    for name, text in generate.files().items():
        path = directory / name
        if not path.exists():
            found.append(f"schemas/{name} is missing; run `python -m streams.contracts write`")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"schemas/{name} is stale; run `python -m streams.contracts write`")
        found += incompatible(path)
    return found


def incompatible(path: Path) -> list[str]:
    """What in the records of today breaks the schema that is committed at `path`."""
    if path.suffix != ".json" or not path.exists():
        return []
    changes = breaks(json.loads(path.read_text(encoding="utf-8")), generate.schema(path.name))
    return [f"schemas/{path.name}: {change}; keep it, or give the record a new version" for change in changes]


def write(directory: Path) -> list[str]:
    """Make the files; a sentence for each reason to leave a schema as it is."""
    found = []
    for name, text in generate.files().items():
        if broken := incompatible(directory / name):
            found += broken
        else:
            (directory / name).write_text(text, encoding="utf-8")
    return found


def main(arguments: list[str]) -> int:
    """The exit code: 0 when all is well, 1 when not, 2 for a command that is none."""
    commands = {"write": write, "check": problems}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(USAGE, file=sys.stderr)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    found = commands[arguments[0]](topics.DIRECTORY)
    print("\n".join(found) or "schemas/ is as the records and topics.yml say", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
