"""Runs all hostile payloads: `python -m tests.hostile [--seed 1] [--scale 1] [--only KIND/NUMBER] [--no-kafka]` (`make hostile`).

Exit code 1 when a payload got neither a record nor a dead letter with the right reason, took over five times as long as an honest article
of its size, or when the memory or the number of time series grew.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.hostile.honest import Measure
from tests.hostile.payloads import KINDS, Headers, Payload, make, plan, warm_up
from tests.hostile.table import Row, Table
from tests.hostile.trial import MORE_MEMORY, MOST_SERIES, Trial, Tried, series
from tests.hostile.usage import rss_bytes

MOST = 5.0
"""Times an honest article of the same size."""
_TRIES = 3
_NO_HEADERS: Headers = []


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other payloads (default 1)")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the payloads (default 1: eleven thousand)")
    parser.add_argument("--only", metavar="KIND/NUMBER", help="run this one payload and show what became of it")
    parser.add_argument("--no-kafka", action="store_true", help="leave the worker on Apache Kafka out")
    options = parser.parse_args()
    trial = Trial()
    if options.only:
        kind, _, number = options.only.partition("/")
        sys.exit(_one(trial, make(options.seed, kind, int(number))))
    failures = _all(trial, options.seed, options.scale)
    if not options.no_kafka:
        from tests.hostile.overkafka import run  # needs Java; --no-kafka does not

        failures += run(options.seed, options.scale)
    for failure in failures[:40]:
        print(f"FAILED {failure}")
    if failures:
        sys.exit(f"{len(failures)} failed; run one again: python -m tests.hostile --seed {options.seed} --only KIND/NUMBER")


def _seconds(trial: Trial, value: bytes) -> float:
    return trial.outcome(Payload("honest", 0, value, _NO_HEADERS), max(len(value), 1_000_000))[1]


def _one(trial: Trial, payload: Payload) -> int:
    """Runs one payload and tells all of it."""
    measure = Measure(lambda value: _seconds(trial, value))
    tried, times = _tried(trial, payload, measure)
    print(f"{payload.name}: {len(payload.value):,} bytes, {payload.value[:200]!r}")
    print(f"{tried.kind} {tried.reason}, {tried.seconds * 1000:.1f} ms, {times:.1f} times an honest article ({measure})")
    print("\n".join(tried.wrong))
    return int(bool(tried.wrong) or times > MOST)


def _tried(trial: Trial, payload: Payload, measure: Measure) -> tuple[Tried, float]:
    """What became of it, and how many times an honest article it took; where that is too much, the best of three."""
    limit, allowed = KINDS[payload.kind].limit, measure(len(payload.value))
    tried = trial.run(payload, limit)
    for _ in range(_TRIES - 1):
        if tried.seconds > MOST * allowed:
            tried = min(tried, trial.run(payload, limit), key=lambda one: one.seconds)
    return tried, tried.seconds / allowed


def _all(trial: Trial, seed: int, scale: float) -> list[str]:
    """Runs the whole plan through the agent in this process; what failed, a line each."""
    begun = time.monotonic()
    measure = Measure(lambda value: _seconds(trial, value))
    print(f"seed {seed}; an honest article takes {measure}", flush=True)
    table, failures = Table(), []
    warm, before = warm_up(scale), 0
    for done, (kind, number) in enumerate(plan(seed, scale)):
        if done == warm:
            before = rss_bytes()
        payload = make(seed, kind, number)
        tried, times = _tried(trial, payload, measure)
        table.add(Row(kind, number, tried.kind, tried.reason, times))
        failures += [f"{payload.name}: {wrong}" for wrong in tried.wrong]
        if times > MOST:
            failures.append(f"{payload.name}: {tried.seconds:.2f} s, {times:.1f} times an honest article of {len(payload.value):,} bytes")
    print(table)
    after, found = rss_bytes(), series(trial.metrics)
    print(f"{table.count:,} payloads in {time.monotonic() - begun:.0f} s; memory {before / 1e6:.0f} MB after the warm-up, ", end="")
    print(f"{after / 1e6:.0f} MB at the end; {found} time series", flush=True)
    failures += [f"memory grew from {before:,} to {after:,} bytes"] * (after > before * MORE_MEMORY)
    return failures + [f"{found} time series"] * (found > MOST_SERIES)


if __name__ == "__main__":
    main()
