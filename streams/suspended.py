"""A worker that takes no work: it says why, shows what waits, and listens for the word to go on. Knows neither Faust nor agents."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import TopicPartition
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception, wait_fixed

from streams import suspension, topics
from streams.delivery import is_transient
from streams.lag import Lag
from streams.metrics import Metrics
from streams.settings import Settings
from streams.suspension import Word

log = logging.getLogger(__name__)

T = TypeVar("T")

_AGAIN_SECONDS = 1.0
_READ = (topics.WIRE, topics.DEVELOPMENTS, topics.INCIDENTS, topics.SUBSCRIPTIONS, topics.TICKS)


async def wait(settings: Settings, metrics: Metrics, since: int) -> Word:
    """Return when somebody says, or has said since then (milliseconds since 1970; -1: from now on), that the work may go on.
    Waits for a broker that is away.

    :raises KafkaError: the broker refuses.
    """
    metrics.suspended.set(1)
    read = [TopicPartition(settings.topic(name), n) for name in _READ for n in range(topics.described()[name].partitions)]
    lag = Lag(settings, lambda: read)
    metrics.watch_lag(lag)
    watching = asyncio.create_task(lag.follow())
    try:
        here = await _for_ever(lambda: suspension.say(settings, "suspended"))
        log.info("waiting for the word: newsroom dead-letters resume")
        word = await _for_ever(lambda: suspension.resumed(settings, here, since))
    finally:
        watching.cancel()
    log.info("the word to go on has come")
    return word


async def accepted(settings: Settings) -> int:
    """Up to when, in milliseconds since 1970, somebody has accepted what is broken on the wire, where no worker has heard it yet; 0: never.

    That no worker was left but suspended ones, and this one was started, is the word to go on too. Waits for a broker that is away.

    :raises KafkaError: the broker refuses.
    """
    word = await _for_ever(lambda: suspension.unheard(settings))
    if word is None:
        return 0
    if word.reason == "resume":
        return word.at
    log.info("the workers were suspended, and this one was started: that is the word to go on")
    told = await _for_ever(lambda: suspension.say(settings, "resume"))
    return max(int(one.timestamp) for one in told.values())


async def _for_ever(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, begun again for as long as the broker is away."""
    again = AsyncRetrying(
        retry=retry_if_exception(is_transient), wait=wait_fixed(_AGAIN_SECONDS), before_sleep=before_sleep_log(log, logging.WARNING)
    )
    async for attempt in again:
        with attempt:
            return await work()
    raise AssertionError("it begins again for ever")
