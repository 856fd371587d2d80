"""A wire that brings twice what the worker can do: `python -m benchmarks.backpressure [--seconds 60]` (part of `make bench`).

First the worker's full load is measured. Then one worker gets half of it, twice as much for a minute, and half of it again when it
has caught up. Each second its memory, the lag that it shows and the lag that the broker knows of are read; each alert is set against
the moment when its story was handed to the producer. At the end every story must be among the articles that came out.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.latency import full_load, newsroom, stories
from streams import topics
from tests.live.harness import Kafka, Message, Newsroom, Unavailable, Worker

PHASES = ("half the full load, before", "twice the full load", "catching up", "half the full load, after")
BEFORE, DURING, CATCHING_UP, AFTER = range(4)
_LOOK_SECONDS = 1.0
_SETTLED_SECONDS = 5.0
"""What the last stories of a phase may need before the next begins."""
_LONGEST_SECONDS = 900.0


class Look(NamedTuple):
    """What one look at the worker found."""

    phase: int
    seconds: float
    """Since the beginning of its phase."""
    rss: int
    shown: float
    """The lag on the wire as the worker shows it."""
    waiting: int
    """The lag on the wire as the broker knows it."""


@dataclass
class Run:
    """What is noted while the wire comes."""

    room: Newsroom
    worker: Worker
    phase: int = BEFORE
    begun: float = 0.0
    published: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Story -> when it was handed to the producer, and in which phase."""
    alerts: list[tuple[int, float]] = field(default_factory=list)
    """The phase of the story that each alert is about, and the seconds from that to the alert."""
    looks: list[Look] = field(default_factory=list)

    def begin(self, phase: int) -> None:
        """The next phase."""
        self.phase, self.begun = phase, time.monotonic()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long the wire brings twice the full load (default 60)")
    parser.add_argument("--full", type=int, default=3000, help="stories of the measurement of the full load (default 3000)")
    options = parser.parse_args()
    try:
        with Kafka() as kafka, tempfile.TemporaryDirectory() as directory:
            full = full_load(kafka, options.full)
            room = newsroom(kafka)
            with room.worker(NEWSROOM_STORE="rocksdb", NEWSROOM_STORE_DIRECTORY=directory) as worker:
                run = Run(room, worker)
                asyncio.run(load(run, full, options.seconds))
                assert not worker.ended(), worker.log()
            report(run, full, lost(run))
    except Unavailable as error:
        sys.exit(f"the benchmarks need Apache Kafka: {error}")


async def load(run: Run, full: float, seconds: float) -> None:
    """Half, twice and half of the full load, with all that is noted meanwhile."""
    wire = stories()
    steady = max(10.0, seconds / 3)
    async with AIOKafkaProducer(**run.room.settings.kafka(), linger_ms=0) as producer, _noting(run):
        await _publish(run, producer, islice(wire, int(full / 2 * 3)), full / 2)  # what is loaded at the first story is loaded now
        await _caught_up(run)
        run.published.clear()
        run.looks.clear()
        for phase, rate, lasts in ((BEFORE, full / 2, steady), (DURING, 2 * full, seconds), (AFTER, full / 2, steady)):
            run.begin(phase)
            await _publish(run, producer, islice(wire, int(rate * lasts)), rate)
            if phase == DURING:
                run.begin(CATCHING_UP)
                await _caught_up(run)
            await asyncio.sleep(_SETTLED_SECONDS)


async def _publish(run: Run, producer: AIOKafkaProducer, wire: Iterator[Message], rate: float) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number, (key, value, _) in enumerate(wire):
        await asyncio.sleep(max(0.0, begun + number / rate - loop.time()))
        assert key is not None
        run.published[key.decode()] = time.time(), run.phase
        await producer.send(run.room.settings.topic(topics.WIRE), value, key=key)
    await producer.flush()


async def _caught_up(run: Run) -> None:
    async with asyncio.timeout(_LONGEST_SECONDS):
        while not await asyncio.to_thread(run.room.settled):
            await asyncio.sleep(_LOOK_SECONDS)


@contextlib.asynccontextmanager
async def _noting(run: Run) -> AsyncIterator[None]:
    """Alerts are read and the worker is looked at until the block ends."""
    reader = AIOKafkaConsumer(run.room.settings.topic(topics.ALERTS), **run.room.settings.kafka(), auto_offset_reset="latest")
    async with reader:
        await reader.seek_to_end()
        run.begin(BEFORE)
        noting = [asyncio.create_task(_read(run, reader)), asyncio.create_task(_look(run))]
        try:
            yield
        finally:
            for task in noting:
                task.cancel()


async def _read(run: Run, reader: AIOKafkaConsumer) -> None:
    async for message in reader:
        now = time.time()
        told = [run.published[quote["article"]] for quote in json.loads(message.value)["evidence"] if quote["article"] in run.published]
        if told:
            at, phase = max(told)
            run.alerts.append((phase, now - at))


async def _look(run: Run) -> None:
    while True:
        phase, seconds = run.phase, time.monotonic() - run.begun
        shown = await asyncio.to_thread(run.worker.lag)
        waiting = await asyncio.to_thread(lambda: run.room.count(topics.WIRE) - run.room.committed())
        run.looks.append(Look(phase, seconds, run.worker.rss_bytes(), shown, waiting))
        await asyncio.sleep(_LOOK_SECONDS)


def lost(run: Run) -> tuple[int, int]:
    """Stories that are not among the articles that came out, and dead letters: there is none on this wire."""
    came = {(record.key or b"").decode() for record in run.room.read(topics.ARTICLES)}
    return len(run.published.keys() - came), run.room.count(topics.DEAD_LETTERS)


def report(run: Run, full: float, lost: tuple[int, int]) -> None:
    """Print the tables."""
    print(f"Full load {full:,.0f} stories a second; {len(run.published):,} stories, {lost[0]} lost, {lost[1]} dead letters.\n")
    print("| | seconds | most lag | lag at its end | resident MB, most | at its end | to an alert, ms: p50 | p99 |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for phase, name in enumerate(PHASES):
        looks = [look for look in run.looks if look.phase == phase]
        latencies = sorted(seconds * 1000 for of, seconds in run.alerts if of == phase)
        times = f"{statistics.median(latencies):,.0f} | {latencies[int(0.99 * (len(latencies) - 1))]:,.0f}" if latencies else " | "
        most, last = max(look.rss for look in looks) / 1e6, looks[-1].rss / 1e6
        lag = f"{max(look.waiting for look in looks):,} | {looks[-1].waiting:,}"
        print(f"| {name} | {looks[-1].seconds:,.0f} | {lag} | {most:,.0f} | {last:,.0f} | {times} |")
    print("\nLag every ten seconds from the beginning of the load on, as the worker shows it / as the broker knows it:")
    looks = [look for look in run.looks if look.phase in (DURING, CATCHING_UP)][::10]
    print(", ".join(f"{look.shown:,.0f} / {look.waiting:,}" for look in looks) + ".")


if __name__ == "__main__":
    main()
