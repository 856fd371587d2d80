"""The payloads that a broker takes, through a worker on Apache Kafka: each must come out as it did without one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from aiokafka import ConsumerRecord
from aiokafka.errors import MessageSizeTooLargeError

from streams import topics
from streams.agents.articles import REKEYED, Outcome
from streams.codec import Rejected, decode_article
from tests.hostile.payloads import KINDS, Payload, make, plan
from tests.hostile.trial import MORE_MEMORY, MOST_SERIES, Trial
from tests.live.harness import Kafka, Message, Newsroom, Unavailable, Worker, until

MOST_BYTES = 50_000
"""Longer ones were tried without a broker; here it is the number that counts."""
_SECONDS = 900
_WARM = 0.3
"""The share of the payloads after which memory must no longer grow."""

Record = ConsumerRecord[bytes, bytes]


def run(seed: int, scale: float) -> list[str]:
    """Runs the plan through a worker; what failed, a line each."""
    try:
        with Kafka() as kafka:
            return list(_through(Newsroom(kafka.address, NEWSROOM_DEAD_LETTER_SHARE="1", NEWSROOM_LOG_FORMAT="json"), seed, scale))
    except Unavailable as error:
        return [f"no Apache Kafka to run on ({error}); --no-kafka leaves it out"]


def _through(room: Newsroom, seed: int, scale: float) -> Iterator[str]:
    expected = list(_chosen(seed, scale))
    payloads = [payload for payload, _ in expected]
    warm = int(len(payloads) * _WARM)
    yield from _refused(room)
    with room.worker() as worker:
        begun = time.monotonic()
        yield from _drained(room, worker, payloads[:warm])
        before = worker.rss_bytes()
        yield from _drained(room, worker, payloads[warm:])
        seconds = time.monotonic() - begun
        after, series = worker.rss_bytes(), sum(1 for line in worker.get("/metrics")[1].splitlines() if line and line[0] != "#")
        ended = worker.stop() if not worker.ended() else worker.wait()
    if ended:
        yield f"the worker ended with code {ended}: {worker.log()[-2000:]!r}"
    failures = [*_compared(room, expected), *_logged(worker)]
    yield from failures
    print(
        f"{len(payloads):,} payloads through a worker on Apache Kafka in {seconds:.0f} s, {len(failures)} of them not as without one; ",
        end="",
    )
    print(f"memory {before / 1e6:.0f} MB after the first {warm:,}, {after / 1e6:.0f} MB at the end; {series} time series", flush=True)
    if after > before * MORE_MEMORY:
        yield f"the worker's memory grew from {before:,} to {after:,} bytes"
    if series > MOST_SERIES:
        yield f"the worker has {series} time series"


def _chosen(seed: int, scale: float) -> Iterator[tuple[Payload, Outcome]]:
    """The payloads of usual size, each story once (what is told twice is a version), with what becomes of them without a broker."""
    trial, seen = Trial(), set()
    trial.now = datetime.now(UTC)
    for kind, number in plan(seed, scale):
        if KINDS[kind].big:
            continue
        payload = make(seed, kind, number)
        story = _story(payload)
        if len(payload.value) <= MOST_BYTES and story not in seen:
            seen.add(story)
            yield payload, trial.outcome(payload)[0]


def _story(payload: Payload) -> str:
    try:
        return decode_article(payload.value, payload.headers).id
    except Rejected:
        return f"\0{payload.name}"


def _message(payload: Payload) -> Message:
    return payload.name.encode(), payload.value, [*payload.headers, (REKEYED, b"1")]


def _refused(room: Newsroom) -> Iterator[str]:
    try:
        room.publish([_message(make(0, "huge", 2))])
        yield "the broker took five megabytes"
    except MessageSizeTooLargeError:
        pass


def _drained(room: Newsroom, worker: Worker, payloads: Sequence[Payload]) -> Iterator[str]:
    room.publish(map(_message, payloads))
    try:
        until("the worker to take everything", lambda: worker.ended() or room.settled(), _SECONDS)
    except TimeoutError as error:
        yield str(error)


def _trace(record: Record) -> bytes:
    return next((value for name, value in record.headers if name == "traceparent"), b"")


def _compared(room: Newsroom, expected: Sequence[tuple[Payload, Outcome]]) -> Iterator[str]:
    told = {_trace(record): record for record in room.read(topics.ARTICLES)}
    dead = {_trace(record): record for record in room.read(topics.DEAD_LETTERS)}
    for payload, outcome in expected:
        trace = dict(reversed(payload.headers))["traceparent"]
        for name, found, wanted in (
            ("record", told.get(trace), outcome.reason is None),
            ("dead letter", dead.get(trace), bool(outcome.reason)),
        ):
            wanted &= outcome.kind != "held"
            if (found is not None) != wanted:
                came = "a" if found else "no"
                yield f"{payload.name}: {came} {name} came out, without a broker it was {outcome.kind} {outcome.reason or ''}"
            elif found is not None and not _same(found, outcome, payload):
                yield f"{payload.name}: its {name} is another than without a broker: {found.headers}"


def _same(found: Record, outcome: Outcome, payload: Payload) -> bool:
    if outcome.reason is None:
        return bool(found.value == outcome.records[0].value)
    return found.value == payload.value and dict(found.headers)["dlq.reason"].decode() == outcome.reason


def _logged(worker: Worker) -> Iterator[str]:
    for line in worker.log().splitlines():
        if not line.isprintable() or not isinstance(json.loads(line), dict):
            yield f"a line of the log is no JSON object that can be shown: {line[:200]!r}"
