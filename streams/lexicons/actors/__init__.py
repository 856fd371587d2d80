"""States, what stands for them, alliances, armed groups and agencies, as data: sources and the compiled table."""

from pathlib import Path

import orjson

from streams.core.actors import ActorTable


def load() -> ActorTable:
    """The table; call once and keep it."""
    return ActorTable(orjson.loads((Path(__file__).parent / "compiled.actors.json").read_bytes()))
