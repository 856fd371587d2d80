"""Towns, regions, countries and seas as data: our own tables and the compiled gazetteer."""

from pathlib import Path

import msgspec

from streams.core.places import Gazetteer


def load() -> Gazetteer:
    """The gazetteer; call once and keep it."""
    return Gazetteer(msgspec.msgpack.decode((Path(__file__).parent / "compiled.places.msgpack").read_bytes()))
