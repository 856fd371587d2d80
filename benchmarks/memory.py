"""What a worker takes up with many open incidents: `python -m benchmarks.memory [--incidents 200000]`.

Developments that belong to no common incident go straight onto their topic; the worker keeps its state in RocksDB. When all are
open its memory is read, then it is stopped and started again on the same directory, and then on an empty one, as another machine
would be.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from streams import codec, topics
from streams.core.records import Place, ReportedDevelopment
from tests.live.harness import Kafka, Message, Newsroom, Unavailable, until

COUNTRIES = ("UKR", "RUS", "SDN", "COD", "MLI", "BFA", "NER", "SYR", "LBN", "PSE", "YEM", "MMR", "COL", "HTI", "PAK", "AFG", "IRQ", "SOM")
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
_AT_ONCE = 20_000


def developments() -> Iterator[Message]:
    """Strikes on towns all over the world, no two on the same town within a week."""
    dice = random.Random(1)
    number = 0
    while True:
        country = COUNTRIES[number % len(COUNTRIES)]
        day = START + timedelta(days=number // len(COUNTRIES) % 300)
        place = Place(f"Town {number}", country, 10_000_000 + number, dice.uniform(-60, 60), dice.uniform(-180, 180), "city")
        record = ReportedDevelopment(
            id=f"{number:032x}", type="drone_strike", family="violence", plover="ASSAULT/drone", field="body", start=0, end=60,
            text=f"A drone struck a fuel depot in Town {number}, the governor said on Monday.", rule="bench", actor=["RUS"], target=["UKR"],
            place=place, date=day.date().isoformat(), source="the governor", status="claimed", article=f"urn:bench:{number}", version=1,
            source_agency=f"Agency {number % 50}", published=day, told=day, language="en",
        )  # fmt: skip
        yield country.encode(), codec.encode(record), []
        number += 1


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=200_000, help="open incidents (default 200000)")
    options = parser.parse_args()
    try:
        with Kafka() as kafka, tempfile.TemporaryDirectory() as directory:
            measure(kafka, Path(directory), options.incidents)
    except Unavailable as error:
        sys.exit(f"the benchmarks need Apache Kafka: {error}")


def measure(kafka: Kafka, directory: Path, count: int) -> None:
    """Print the table."""
    room = Newsroom(kafka.address, NEWSROOM_STORE="rocksdb")
    here = {"NEWSROOM_STORE_DIRECTORY": directory / "first"}
    with room.worker(**here) as worker:
        print(f"| {count:,} open incidents, state in RocksDB | MB | s |\n|---|---:|---:|")
        print(f"| started, none open | {worker.rss_bytes() / 1e6:.0f} | {worker.ready_seconds:.1f} |", flush=True)
        begun = time.monotonic()
        stream = developments()
        for _ in range(0, count, _AT_ONCE):
            room.publish(islice(stream, min(_AT_ONCE, count)), topics.DEVELOPMENTS)
        until("all to be open", lambda: worker.ended() or worker.metric("newsroom_incidents_open") == count, 1800)
        assert not worker.ended(), worker.log()
        until("all to be committed", lambda: room.committed(topics.DEVELOPMENTS) == count)
        seconds = time.monotonic() - begun
        print(f"| all open ({count / seconds:,.0f} developments a second) | {worker.rss_bytes() / 1e6:.0f} | {seconds:.0f} |", flush=True)
        worker.stop()
    elsewhere = {"NEWSROOM_STORE_DIRECTORY": directory / "second"}
    for name, where in (("started again on the same directory", here), ("on an empty one", elsewhere)):
        with room.worker(**where) as worker:
            open_ = worker.metric("newsroom_incidents_open")
            print(f"| {name}, {open_:,.0f} open | {worker.rss_bytes() / 1e6:.0f} | {worker.ready_seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
