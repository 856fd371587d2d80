"""From publish on the wire to the alert that follows: `python -m benchmarks.latency [--seconds 20]` (part of `make bench`).

First the worker's full load is measured: how many stories a second go from wire to alerts when they all wait already. Then the
same wire comes at half of that, and each alert is read by a consumer as a subscriber would and set against the moment when its
story was handed to the producer. One worker, one Apache Kafka, one machine: what is measured is all three and the reader.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams import topics
from tests.live.harness import Kafka, Message, Newsroom, Unavailable, until

TOWNS = (
    "Odessa", "Kharkiv", "Soumy", "Kherson", "Zaporijjia", "Mykolaïv", "Dnipro", "Poltava", "Tchernihiv", "Jytomyr", "Kramatorsk",
    "Sloviansk", "Koupiansk", "Izioum", "Nikopol", "Marhanets", "Pavlohrad", "Konotop", "Nijyn", "Louhansk", "Goma", "Bukavu", "Bunia",
    "El Fasher", "Khartoum", "Omdurman", "Nyala", "Gao", "Kidal", "Tombouctou", "Gaza", "Rafah", "Khan Younès", "Beyrouth", "Tyr",
)  # fmt: skip
STORIES = (
    "Un drone a frappé {day} un dépôt de carburant à {town}, a annoncé le gouverneur.\n{dead} personnes ont été tuées, selon les secours.",
    "Des tirs d'artillerie ont visé {day} un quartier résidentiel de {town}, tuant {dead} civils, a déclaré le maire.",
    "Une frappe aérienne a détruit {day} un entrepôt à {town}. Le bilan est de {dead} morts, selon la police.",
)
LANGUAGE, AGENCIES = "fr", ("Agence Atlantique", "Agence du Levant", "Correspondance du Nord")
SUBSCRIPTION = json.dumps({"id": "everything", "expected": True, "background": True, "language": "fr"}).encode()


def stories(first: int = 0) -> Iterator[Message]:
    """Stories without end, each incident told by three agencies one after the other; towns and days differ from one to the next."""
    number = first
    while True:
        event = number // len(AGENCIES)
        day = datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=3 * (event // len(TOWNS)) % 36_500)
        text = STORIES[event // len(TOWNS) % len(STORIES)].format(
            day=day.strftime("le %d/%m/%Y"), town=TOWNS[event % len(TOWNS)], dead=2 + event % 40
        )
        article = {
            "id": f"story-{number}", "headline": "", "body": f"{text}\n({number})", "language": LANGUAGE,
            "source": AGENCIES[number % len(AGENCIES)], "published": day.isoformat(),
        }  # fmt: skip
        yield article["id"].encode(), json.dumps(article).encode(), []
        number += 1


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="how long the steady wire lasts (default 20)")
    parser.add_argument("--full", type=int, default=3000, help="stories of the measurement of the full load (default 3000)")
    parser.add_argument("--rate", type=float, help="stories a second instead of half of the full load")
    options = parser.parse_args()
    try:
        with Kafka() as kafka:
            full = full_load(kafka, options.full)
            rate = options.rate or full / 2
            print(f"full load {full:,.0f} stories a second from wire to alerts; the steady wire has {rate:,.0f}", flush=True)
            report(steady(kafka, rate, options.seconds))
    except Unavailable as error:
        sys.exit(f"the benchmarks need Apache Kafka: {error}")


def newsroom(kafka: Kafka) -> Newsroom:
    """Topics with one subscription that wants everything."""
    room = Newsroom(kafka.address)
    room.publish([(b"everything", SUBSCRIPTION, [])], topics.SUBSCRIPTIONS)
    return room


def full_load(kafka: Kafka, count: int) -> float:
    """Stories a second when all of them wait already."""
    room = newsroom(kafka)
    room.publish(islice(stories(), count))
    with room.worker() as worker:
        until("all stories to be alerts", lambda: worker.ended() or room.settled(), 600)
        assert not worker.ended(), worker.log()
    times = [record.timestamp for topic in (topics.ARTICLES, topics.ALERTS) for record in room.read(topic)]
    return count / ((max(times) - min(times)) / 1000)


def steady(kafka: Kafka, rate: float, seconds: float) -> list[float]:
    """Seconds from publish to alert, of each alert."""
    room = newsroom(kafka)
    with room.worker():
        asyncio.run(_steady(room, rate, 3))  # what is loaded at the first story is loaded now
        return asyncio.run(_steady(room, rate, seconds, first=1_000_000))


async def _steady(room: Newsroom, rate: float, seconds: float, first: int = 0) -> list[float]:
    published: dict[str, float] = {}
    latencies: list[float] = []
    reader = AIOKafkaConsumer(room.settings.topic(topics.ALERTS), **room.settings.kafka(), auto_offset_reset="latest")
    producer = AIOKafkaProducer(**room.settings.kafka(), linger_ms=0)
    async with producer, reader:
        await reader.seek_to_end()
        reading = asyncio.create_task(_read(reader, published, latencies))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number, (key, value, _) in enumerate(islice(stories(first), int(rate * seconds))):
            await asyncio.sleep(max(0.0, begun + number / rate - loop.time()))
            assert key is not None
            published[key.decode()] = time.time()
            await producer.send(room.settings.topic(topics.WIRE), value, key=key)
        await producer.flush()
        await asyncio.sleep(_DRAIN_SECONDS)
        reading.cancel()
    return latencies


_DRAIN_SECONDS = 3.0  # what takes longer than this is not an alert in time; it would show as a missing count


async def _read(reader: AIOKafkaConsumer, published: dict[str, float], latencies: list[float]) -> None:
    async for message in reader:
        now = time.time()
        newest = max((published[quote["article"]] for quote in json.loads(message.value)["evidence"] if quote["article"] in published),
                     default=None)  # fmt: skip
        if newest is not None:
            latencies.append(now - newest)


def report(latencies: list[float]) -> None:
    """Print the distribution."""
    ordered = sorted(latencies)
    print("| of " + f"{len(ordered):,} alerts | ms |\n|---|---:|")
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)):
        print(f"| {name} | {1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:,.0f} |")
    print(f"| longest | {1000 * ordered[-1]:,.0f} |")


if __name__ == "__main__":
    main()
