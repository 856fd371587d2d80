"""Runs the benchmarks on an Apache Kafka of its own: `python -m benchmarks [--articles 20000]` (`make bench`).

Every rate is articles a second from the first record written to the last, by the records' own timestamps; the ratios are what to
compare, for all peers share the machine, the broker and the articles.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.peers import PEERS
from benchmarks.wire import articles, messages
from streams import codec, topics
from streams.core.enrich import enrich
from streams.lexicons import load_tagger
from tests.live.harness import Kafka, Newsroom, Unavailable, Worker, until

WORKER = "newsroom worker"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="articles a peer reads (default 20000)")
    options = parser.parse_args()
    count = options.articles
    alone = tagger_alone(min(count, 3000))
    rates: dict[str, float] = {}
    try:
        with Kafka() as kafka:
            for name in PEERS:
                rates[name] = rate_of_peer(kafka, name, count)
                print(f"{name:20} {rates[name]:8,.0f}/s", flush=True)
            worker = rate_of_worker(kafka, count, rates)
    except Unavailable as error:
        sys.exit(f"the benchmarks need Apache Kafka: {error}")
    allowed = 1 / (1 / alone["decode, tag, encode"] + 1 / rates["faust tuned"])
    print()
    print(f"| {count:,} articles on one Apache Kafka | articles/s | to the worker |")
    print("|---|---:|---:|")
    for name, rate in rates.items():
        print(f"| {name} | {rate:,.0f} | {rate / rates[WORKER]:.2f} |")
    print(f"| what its parts allow: 1 / (tagging + tuned Faust) | {allowed:,.0f} | {allowed / rates[WORKER]:.2f} |")
    for name, rate in alone.items():
        print(f"| {name}, alone on one core | {rate:,.0f} | {rate / rates[WORKER]:.2f} |")
    print(f"\nThe worker reaches {rates[WORKER] / allowed:.2f} of what its parts allow; ", end="")
    print(f"ready in {worker['ready']:.1f} s, {worker['memory']:.0f} MB.")


def tagger_alone(count: int) -> dict[str, float]:
    """Articles a second without Kafka, in this process."""
    tagger = load_tagger()
    wire = list(articles(count))
    payloads = [codec.encode(a) for a in wire]
    for article in wire[:200]:
        enrich(article, tagger)
    begun = time.perf_counter()
    for article in wire:
        enrich(article, tagger)
    tagging = count / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for payload in payloads:
        codec.encode(enrich(codec.decode_article(payload), tagger))
    return {"tag": tagging, "decode, tag, encode": count / (time.perf_counter() - begun)}


def rate_of_peer(kafka: Kafka, name: str, count: int) -> float:
    """Articles a second of one peer, as a process of its own."""
    room = Newsroom(kafka.address)
    room.publish(messages(count))
    with _process([sys.executable, "-m", "benchmarks.peers", name], room.environment) as process:
        until(f"{name} to write {count} records", lambda: process.poll() is not None or room.count(topics.ARTICLES) >= count, 600)
        if process.poll() is not None:
            sys.exit(f"{name} ended with code {process.returncode}")
    return _rate(room)


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def rate_of_worker(kafka: Kafka, count: int, rates: dict[str, float]) -> dict[str, float]:
    """Puts the worker's articles a second into `rates`; returns seconds until ready and resident megabytes at the end."""
    room = Newsroom(kafka.address)
    room.publish(messages(count))
    with room.worker() as worker:
        until(f"the worker to write {count} records", lambda: worker.ended() or room.count(topics.ARTICLES) >= count, 600)
        facts = _facts(worker)
    rates[WORKER] = _rate(room)
    print(f"{WORKER:20} {rates[WORKER]:8,.0f}/s", flush=True)
    return facts


def _facts(worker: Worker) -> dict[str, float]:
    return {"ready": worker.ready_seconds, "memory": worker.rss_bytes() / 1e6}


def _rate(room: Newsroom) -> float:
    times = [record.timestamp for record in room.read(topics.ARTICLES)]
    return (len(times) - 1) / max(0.001, (max(times) - min(times)) / 1000)


if __name__ == "__main__":
    main()
