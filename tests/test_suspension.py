"""The words that suspend and resume workers, and a worker that waits for them, on the embedded broker."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from streams import suspended, suspension, topics
from streams.broker import EmbeddedBroker
from streams.metrics import Metrics
from streams.settings import Settings


@pytest.fixture
def settings(embedded: EmbeddedBroker) -> Settings:
    name = f"words-{uuid.uuid4().hex[:8]}."
    found = Settings.from_env({**embedded.environment, "NEWSROOM_TOPIC_PREFIX": name, "NEWSROOM_GROUP": name})
    topics.create(found)
    return found


def test_nothing_was_said_at_first(settings: Settings) -> None:
    assert asyncio.run(suspension.unheard(settings)) is None
    assert asyncio.run(suspended.accepted(settings)) == 0


def test_the_last_word_that_nobody_heard_counts(settings: Settings) -> None:
    async def words() -> list[str | None]:
        found = []
        for reason in ("suspended", "resume", "suspended"):
            await suspension.say(settings, reason)
            word = await suspension.unheard(settings)
            found.append(word and word.reason)
        return found

    assert asyncio.run(words()) == ["suspended", "resume", "suspended"]


def test_a_worker_that_is_started_where_all_are_suspended_says_the_word_itself(settings: Settings) -> None:
    async def started() -> tuple[int, int, int]:
        told = await suspension.say(settings, "suspended")
        first, second = await suspended.accepted(settings), await suspended.accepted(settings)
        return max(one.timestamp for one in told.values()), first, second

    told, first, second = asyncio.run(started())
    assert told <= first == second  # the second finds the word of the first


def test_a_suspended_worker_shows_it_and_goes_on_at_the_word(settings: Settings) -> None:
    metrics = Metrics("1", "1")

    async def waiting() -> suspension.Word:
        work = asyncio.create_task(suspended.wait(settings, metrics, since=-1))
        while await suspension.unheard(settings) is None:
            assert not work.done()
        assert "newsroom_suspended 1.0" in metrics.text().decode()
        await suspension.say(settings, "resume")
        return await work

    assert asyncio.run(waiting()).reason == "resume"


def test_a_word_that_was_said_while_the_worker_was_being_suspended_is_heard(settings: Settings) -> None:
    async def late() -> tuple[suspension.Word, int]:
        before = await suspension.say(settings, "suspended")
        said = await suspension.say(settings, "resume")
        here = await suspension.say(settings, "suspended")
        since = max(one.timestamp for one in before.values())
        return await suspension.resumed(settings, here, since), min(one.timestamp for one in said.values())

    word, said = asyncio.run(late())
    assert word.at >= said


def test_a_word_of_an_earlier_time_is_for_others(settings: Settings) -> None:
    async def early() -> bool:
        said = await suspension.say(settings, "resume")
        since = max(one.timestamp for one in said.values()) + 1
        here = await suspension.say(settings, "suspended")
        listening = asyncio.create_task(suspension.resumed(settings, here, since))
        again = await suspension.say(settings, "resume")
        return (await listening).at >= min(one.timestamp for one in again.values())

    assert asyncio.run(early())
