"""The peers of the worker, each a process that reads the wire and writes as many records: `python -m benchmarks.peers NAME`.

The environment says which broker, topics and group (`NEWSROOM_*`), as for a worker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import faust
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams import topics
from streams.agents.articles import ArticlesAgent
from streams.delivery import Incoming
from streams.lexicons import load_tagger
from streams.metrics import Metrics
from streams.settings import Settings
from tests.memory import DictMemory

BATCH = 500

Message = tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]
"""Topic, key, value, headers."""


def faust_as_it_comes(settings: Settings) -> None:
    """The loop of Faust's tutorial: one event at a time, every default."""
    broker = f"kafka://{settings.broker}"
    app = faust.App(settings.group, broker=broker, value_serializer="raw", web_enabled=False, topic_disable_leader=True)
    wire = app.topic(settings.topic(topics.WIRE), key_serializer="raw", value_serializer="raw")
    out = app.topic(settings.topic(topics.ARTICLES), key_serializer="raw", value_serializer="raw")

    @app.agent(wire)
    async def pass_on(stream: Any) -> None:
        async for event in stream.events():
            await out.send(key=event.key, value=event.value)

    _work(app)


def faust_tuned(settings: Settings) -> None:
    """Batches, acknowledged together, larger and a little later: the settings of our worker, and nothing in between."""
    from streams.app import create_app

    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)
    app = create_app(settings)
    out = settings.topic(topics.ARTICLES)

    @app.agent(app.topic(settings.topic(topics.WIRE), key_serializer="raw", value_serializer="raw"))
    async def pass_on(stream: Any) -> None:
        async for events in stream.take_events(BATCH, within=0.01):
            sent = [await app.producer.send(out, e.message.key, e.message.value, None, None, []) for e in events]
            await asyncio.gather(*sent)

    _work(app)


def _work(app: Any) -> None:
    uvloop.install()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(app.start())
    loop.run_forever()


def aiokafka_bare(settings: Settings) -> None:
    """No framework: read, write, wait for the acknowledgements, commit."""
    out = settings.topic(topics.ARTICLES)
    uvloop.run(_loop(settings, lambda m: [(out, m.key, m.value, [])]))


def aiokafka_tagging(settings: Settings) -> None:
    """No framework, with all that our agent does to a message."""
    tagger = load_tagger()
    agent = ArticlesAgent(settings, tagger, Metrics("bench", tagger.version), _never, DictMemory())
    uvloop.run(_loop(settings, lambda m: [(r.topic, r.key, r.value, list(r.headers)) for r in agent.process(m, m.time).records]))


async def _never(_: Any) -> Any:
    raise AssertionError("the loop sends, not the agent")


async def _loop(settings: Settings, become: Callable[[Incoming], Sequence[Message]]) -> None:
    consumer = AIOKafkaConsumer(
        settings.topic(topics.WIRE), **settings.kafka(), group_id=settings.group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(**settings.kafka(), acks="all", linger_ms=5, max_batch_size=512 * 1024, max_request_size=4 * 1024 * 1024)
    async with consumer, producer:
        while True:
            batches = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
            sent = []
            for records in batches.values():
                for r in records:
                    message = Incoming(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers)
                    sent += [await producer.send(topic, value, key=key, headers=headers) for topic, key, value, headers in become(message)]
            await asyncio.gather(*sent)
            if sent:
                await consumer.commit()


PEERS = {
    "faust as it comes": faust_as_it_comes,
    "faust tuned": faust_tuned,
    "aiokafka": aiokafka_bare,
    "aiokafka tagging": aiokafka_tagging,
}

if __name__ == "__main__":
    PEERS[sys.argv[1]](Settings.from_env(os.environ))
