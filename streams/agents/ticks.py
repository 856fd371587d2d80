"""Reads and writes newsroom.ticks.v1: what is due by the machine's clock is done when the broker's clock, which stamps the ticks, agrees.

The time of a tick is in the log, so reading the log again does the same things at the same times.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from streams import codec, topics
from streams.agents.alerts import AlertsAgent
from streams.agents.articles import ArticlesAgent
from streams.core.records import Tick
from streams.delivery import Batch, Incoming, Outgoing, Send
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
"""A tick that had no effect, because the broker's clock is behind, is sent again so much later."""


class TicksAgent:
    """Hands ticks to the agents that wait for them."""

    def __init__(self, settings: Settings, articles: ArticlesAgent, alerts: AlertsAgent, metrics: Metrics, send: Send) -> None:
        self._topic = settings.topic(topics.TICKS)
        self._articles = articles
        self._alerts = alerts
        self._metrics = metrics
        self._send = send
        self._sent: dict[int, float] = {}

    async def look(self) -> None:
        """Send a tick to each partition in which an alert is due by the machine's clock."""
        now = time.monotonic()  # of what may jump, an hour back would be an hour's silence
        batch = Batch(self._send, on_retry=self._metrics.retries.inc)
        for partition in sorted(self._alerts.due(datetime.now(UTC))):
            if self._sent.get(partition, -math.inf) <= now - AGAIN_SECONDS:
                self._sent[partition] = now
                await batch.add(Outgoing(self._topic, None, codec.encode(Tick(reason="alerts")), (), partition))
        await batch.acknowledged()

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Nothing may be committed unless this returns.

        :raises Exception: what sending again cannot mend.
        """
        for message in messages:
            try:
                tick = codec.decode(message.value or b"", Tick)
            except codec.Rejected as rejected:
                log.warning("%s %d:%d is no tick (%s): left aside", message.topic, message.partition, message.offset, rejected.reason)
                continue
            if tick.reason == "alerts":
                await self._alerts.send_due(message.partition, message.time)
            elif tick.reason == "resume":
                self._articles.accept(message.timestamp)
            elif tick.subscription is not None:
                await self._alerts.subscription_changed(message.partition, message.time, tick.subscription, tick.offset)
