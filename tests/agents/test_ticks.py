"""What a tick makes the agents do that wait for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from streams import topics
from streams.agents import ticks
from streams.agents.ticks import TicksAgent
from streams.core.records import Tick
from streams.metrics import Metrics
from streams.settings import Settings
from tests.agents.making import START, Sent, message


class Waiting:
    """Notes what it is told, whatever it is."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def due(self, now: object) -> set[int]:
        return {1, 2}

    def accept(self, until: int) -> None:
        self.told.append(("accept", until))

    async def send_due(self, partition: int, at: object) -> None:
        self.told.append(("send_due", partition))

    async def subscription_changed(self, partition: int, at: object, name: str, offset: int) -> None:
        self.told.append(("subscription_changed", partition, name, offset))


def told(*said: Tick) -> list[tuple[Any, ...]]:
    """What the agents were told by ticks of partition 1, one a second."""
    waiting: Any = Waiting()
    agent = TicksAgent(Settings(), waiting, waiting, Metrics("1", "1"), Sent())
    messages = [message(topics.TICKS, "", tick, number, seconds=number) for number, tick in enumerate(said)]
    asyncio.run(agent.handle(messages))
    return waiting.told


def test_each_tick_is_for_the_agent_that_waits_for_it() -> None:
    changed = Tick(reason="subscription", subscription="desk", offset=7)
    assert told(Tick(reason="alerts"), changed) == [
        ("send_due", 1),
        ("subscription_changed", 1, "desk", 7),
    ]


def test_a_working_worker_hears_the_word_to_go_on_and_not_that_another_is_suspended() -> None:
    assert told(Tick(reason="suspended"), Tick(reason="resume")) == [("accept", START + 1000)]


def test_a_clock_that_was_ahead_does_not_keep_the_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, waiting = Sent(), Waiting()
    agent = TicksAgent(Settings(), waiting, waiting, Metrics("1", "1"), sent)  # type: ignore[arg-type]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        asyncio.run(agent.look())
    asyncio.run(agent.look())
    assert [tick.partition for tick in sent] == [1, 2]  # no more than one a second
    monkeypatch.setattr(ticks, "AGAIN_SECONDS", 0)
    asyncio.run(agent.look())
    assert [tick.partition for tick in sent] == [1, 2, 1, 2]
