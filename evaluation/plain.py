"""The plain ways of saying who did what to whom (`plain/LANGUAGE.yml`), told with parties drawn by a hash: the same every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent / "plain"
TELLINGS = 3
"""How often each line is told, each time with other parties."""
_SLOT = re.compile(r"\{([XYP]):(\w+)\}")


@dataclass(frozen=True)
class Telling:
    """A line with its parties filled in."""

    line: str
    """Which line it tells: `en3`."""
    language: str
    text: str
    type: str
    actor: frozenset[str]
    target: frozenset[str]
    place: tuple[str, str] | None
    """Name and country; ("", "") for no place, None where the line does not say."""


def tellings() -> Iterator[Telling]:
    """All lines of all languages, told `TELLINGS` times."""
    for path in sorted(HERE.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for place, line in enumerate(data["lines"]):
            for number in range(TELLINGS):
                yield _tell(f"{path.stem}{place}", path.stem, line, data["parties"], f"{line['text']}{number}")


def _tell(name: str, language: str, line: Mapping[str, str], parties: Mapping[str, Mapping[str, str]], seed: str) -> Telling:
    names = dict(zip("XYP", _draw(sorted(parties), seed), strict=True))
    text = _SLOT.sub(lambda m: parties[names[m[1]]][m[2]], line["text"])
    actor, target = (frozenset(names[x] for x in line.get(side, "").split("+") if x) for side in ("actor", "target"))
    place = None
    if (slot := line.get("place")) is not None:
        who, _, form = slot.partition(":")
        place = (parties[names[who]][form], names[who]) if slot else ("", "")
    return Telling(name, language, text[0].upper() + text[1:], line["type"], actor, target, place)


def _draw(codes: list[str], seed: str) -> list[str]:
    """Three different codes."""
    return sorted(codes, key=lambda code: hashlib.blake2b(f"{seed}{code}".encode(), digest_size=8).digest())[:3]
