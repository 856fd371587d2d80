"""An agent that reads the wire and messages for it, without a broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from streams import codec
from streams.agents import articles
from streams.core.records import Enriched, ReportedDevelopment
from streams.delivery import Incoming, Outgoing
from streams.metrics import Metrics
from streams.settings import Settings
from tests.memory import DictMemory
from tests.real import TAGGER

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NOW = datetime(2025, 10, 9, 9, tzinfo=UTC)


def agent(
    settings: Settings | None = None, sent: list[Outgoing] | None = None, memory: DictMemory | None = None
) -> articles.ArticlesAgent:
    async def send(message: Outgoing) -> Awaitable[Any]:
        if sent is not None:
            sent.append(message)
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    return articles.ArticlesAgent(settings or Settings(topic_prefix="eu."), TAGGER, Metrics("1", "2"), send, memory or DictMemory())


def incoming(value: bytes | None, timestamp: int = 1_760_000_000_000, key: bytes = b"a") -> Incoming:
    return Incoming("eu.wire.articles.v1", 1, 2, timestamp, key, value, [("traceparent", TRACE)])


def process(message: Incoming, using: articles.ArticlesAgent | None = None, now: datetime = NOW) -> articles.Outcome:
    return (using or agent()).process(message, now)


STRIKE = "Un drone russe a frappé mardi un dépôt de carburant à Odessa, a annoncé le gouverneur."
TOLL = "Trois personnes ont été tuées à Odessa."


def wire(version: int, *lines: str, **fields: object) -> bytes:
    text = {"headline": "", "body": "\n".join(lines), "language": "fr", "published": "2025-10-08T09:00:00Z"}
    return json.dumps({"id": "a", "version": version, **text, **fields}).encode()


def release(at: datetime) -> Incoming:
    """What a worker writes to the wire where it finds that something is due."""
    return Incoming("eu.wire.articles.v1", 1, 9, round(at.timestamp() * 1000), None, b"", [(articles.RELEASE, b"1")])


class Line:
    """Messages through one agent, each stored before the next, as they would be on a quiet wire."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.memory = DictMemory()
        self.agent = agent(sent=self.sent, memory=self.memory)

    def takes(self, value: bytes, timestamp: int = 1_760_000_000_000) -> list[ReportedDevelopment]:
        """The developments that a message gives rise to."""
        before = len(self.sent)
        asyncio.run(self.agent.handle([incoming(value, timestamp)]))
        return self._developments(before)

    def releases(self, at: datetime) -> list[ReportedDevelopment]:
        before = len(self.sent)
        asyncio.run(self.agent.handle([release(at)]))
        return self._developments(before)

    def asks(self) -> list[tuple[int | None, bytes | None]]:
        """(partition, value) of all that it has written to the wire so that what is due goes out."""
        asyncio.run(self.agent.ask_for_release())
        return [(m.partition, m.value) for m in self.sent if dict(m.headers).get(articles.RELEASE)]

    def _developments(self, start: int) -> list[ReportedDevelopment]:
        found = [message for message in self.sent[start:] if message.topic == "eu.newsroom.developments.v1"]
        return [codec.decode(message.value or b"", ReportedDevelopment) for message in found]

    @property
    def articles(self) -> list[Enriched]:
        found = [message for message in self.sent if message.topic == "eu.newsroom.articles.v1"]
        return [codec.decode(message.value or b"", Enriched) for message in found]
