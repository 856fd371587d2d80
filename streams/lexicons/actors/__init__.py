"""States, what stands for them, alliances, armed groups and agencies, as data: sources and the compiled table."""

from pathlib import Path

import orjson

from streams.core.actors import ActorTable


def load() -> ActorTable:
    """The table; call once and keep it."""
    return ActorTable(orjson.loads((Path(__file__).parent / "compiled.actors.json").read_bytes()))


def load_foes() -> dict[str, tuple[str, ...]]:
    """Who is at war with whom (`wars.tsv`), both ways: code -> enemies, those that its own line names first."""
    foes: dict[str, list[str]] = {}
    lines = [line.split("\t") for line in (Path(__file__).parent / "wars.tsv").read_text("utf-8").splitlines() if line[:1] not in ("#", "")]
    pairs = [(code, enemy) for code, enemies in lines[1:] for enemy in enemies.split()]
    for a, b in (*pairs, *((b, a) for a, b in pairs)):
        if b not in foes.setdefault(a, []):
            foes[a].append(b)
    return {code: tuple(enemies) for code, enemies in foes.items()}
