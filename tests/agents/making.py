"""Messages and agents for the tests of agents without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import msgspec

from streams import codec
from streams.core.records import Place, ReportedDevelopment
from streams.delivery import Incoming, Outgoing

ODESSA = Place("Odessa", country="UKR", geonameid=698740, lat=46.48, lon=30.73, precision="city")
KHARKIV = Place("Kharkiv", country="UKR", geonameid=706483, lat=49.98, lon=36.25, precision="city")
START = 1_760_000_000_000


class Sent(list[Outgoing]):
    """All that an agent has sent; every message is acknowledged at once."""

    async def __call__(self, message: Outgoing) -> Awaitable[Any]:
        self.append(message)
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    def on(self, topic: str, record: type[Any]) -> list[Any]:
        """The records on one topic."""
        return [codec.decode(message.value or b"", record) for message in self if message.topic == topic and message.value]


def development(id_: str = "d1", **fields: object) -> ReportedDevelopment:
    """A drone strike on Odessa."""
    base: dict[str, Any] = {
        "id": id_, "type": "drone_strike", "family": "violence", "plover": "ASSAULT/drone", "field": "body", "start": 0, "end": 9,
        "text": "Un drone a frappé.", "rule": "r", "actor": ["RUS"], "target": ["UKR"], "place": ODESSA, "date": "2025-10-08",
        "article": "a", "version": 1, "source_agency": "TA", "language": "fr",
    }  # fmt: skip
    return msgspec.convert({**base, **fields}, ReportedDevelopment)


def message(topic: str, key: str, record: msgspec.Struct | None, number: int = 0, seconds: float = 0, partition: int = 1) -> Incoming:
    """A record as it is read from its topic."""
    value = None if record is None else codec.encode(record)
    return Incoming(topic, partition, number, START + round(seconds * 1000), key.encode(), value, [("newsroom-wire-ms", b"1760000000000")])
