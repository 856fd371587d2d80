"""Scenario files: a timeline of wires in, and the exact records expected out. Loads them and runs them on a newsroom.

scenarios/README.md describes the files. How records are compared is for expected.py, starting brokers and workers for harness.py.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams import topics
from streams.core import versions
from tests.live.expected import ALERTS, ARTICLES, DEAD_LETTERS, DEVELOPMENTS, HELD, INCIDENTS, Record, broken_promises, in_threads, mismatch
from tests.live.harness import Message, Newsroom, Worker, until

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.yml"))

Answer = TypeVar("Answer")

PATIENCE = 60.0
"""Seconds to wait for what must come: many scenarios share a worker and two cores."""
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
"""When every first version was published, unless it says otherwise: dates in all scenarios resolve alike."""

_TOPICS = {
    ARTICLES: topics.ARTICLES,
    DEVELOPMENTS: topics.DEVELOPMENTS,
    INCIDENTS: topics.INCIDENTS,
    ALERTS: topics.ALERTS,
    DEAD_LETTERS: topics.DEAD_LETTERS,
    HELD: topics.ARTICLES_STATE,
}
_ALWAYS = (ALERTS, DEAD_LETTERS)  # what no `expect` names must not have come
_PUBLIC = (ARTICLES, DEVELOPMENTS, INCIDENTS, ALERTS, DEAD_LETTERS)
_FLOW = (topics.WIRE, topics.WIRE, topics.DEVELOPMENTS, topics.INCIDENTS, topics.SUBSCRIPTIONS, topics.TICKS)
"""What the workers read, each before what is made of it; the wire twice, since an article under a wrong key goes round again."""


class Step(NamedTuple):
    """One line of a timeline: what is done, and with what."""

    verb: str
    what: Any


class Scenario(NamedTuple):
    """One file."""

    name: str
    purpose: str
    steps: list[Step]

    @property
    def owns_workers(self) -> bool:
        """Whether it starts and stops workers, so that no other may share them."""
        return any(step.verb == "start" for step in self.steps)

    def articles(self) -> Iterator[Record]:
        """What it publishes, as it stands in the file."""
        for step in self.steps:
            if step.verb == "publish":
                yield from listed(step.what)


def load(path: Path) -> Scenario:
    """The scenario in a file.

    :raises ValueError: naming the file and what is wrong in it.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.keys() != {"purpose", "steps"}:
        raise ValueError(f"{path.name}: a scenario has a `purpose` and `steps`, nothing else")
    steps = []
    for number, step in enumerate(content["steps"], 1):
        if not isinstance(step, dict) or len(step) != 1 or not step.keys() <= VERBS.keys():
            raise ValueError(f"{path.name}: step {number} is none of: {', '.join(VERBS)}")
        ((verb, what),) = step.items()
        if verb in ("expect", "await") and not what.keys() <= _TOPICS.keys():
            raise ValueError(f"{path.name}: step {number} names a topic that is none of: {', '.join(_TOPICS)}")
        steps.append(Step(verb, what))
    return Scenario(path.stem, content["purpose"], steps)


class Watch:
    """Follows one newsroom in a thread: what came on its topics, and what its workers have committed. Many scenarios ask one watch."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room
        self.workers: list[Worker] = []
        """All that ever ran, for their logs and pages."""
        self._records: dict[str, list[ConsumerRecord[bytes, bytes]]] = {}
        self._read: dict[TopicPartition, int] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        self._in_thread(self._start())
        self._following = asyncio.run_coroutine_threadsafe(self._follow(), self._loop)
        return self

    def __exit__(self, *_: object) -> None:
        self._following.cancel()
        self._in_thread(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def records(self, topic: str, after: int = 0) -> list[ConsumerRecord[bytes, bytes]]:
        """What came so far on a topic but for the first `after`, in the order of each partition."""
        return self._records.get(self.room.settings.topic(topic), [])[after:]

    def settle(self) -> None:
        """Wait until the workers have committed all that is there now and what becomes of it, and the watch has seen that."""
        for topic in _FLOW:
            ends = self._in_thread(self._ends([topic]))
            until(f"the workers to take {topic}", lambda: _reached(self._committed, ends), PATIENCE)  # noqa: B023
        written = self._in_thread(self._ends(_TOPICS.values()))
        until("the watch to read on", lambda: _reached(self._read, written), PATIENCE)

    def works(self) -> bool:
        """Whether a worker runs."""
        return any(not worker.ended() for worker in self.workers)

    def _in_thread(self, asked: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(PATIENCE)

    async def _start(self) -> None:
        options = self.room.settings.kafka()
        self._admin = AIOKafkaAdminClient(**options)
        await self._admin.start()
        self._consumer = AIOKafkaConsumer(**options, enable_auto_commit=False, max_partition_fetch_bytes=8 * 1024 * 1024)
        await self._consumer.start()
        self._consumer.assign(self._partitions(_TOPICS.values()))
        await self._consumer.seek_to_beginning()

    async def _stop(self) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def _follow(self) -> None:
        while True:
            for partition, batch in (await self._consumer.getmany(timeout_ms=100)).items():
                self._records.setdefault(partition.topic, []).extend(batch)
                self._read[partition] = batch[-1].offset + 1
            with suppress(KafkaError):  # until the first worker comes there is no group
                found = await self._admin.list_consumer_group_offsets(self.room.settings.group)
                self._committed = {partition: known.offset for partition, known in found.items()}

    async def _ends(self, names: Iterable[str]) -> dict[TopicPartition, int]:
        return dict(await self._consumer.end_offsets(self._partitions(names)))

    def _partitions(self, names: Iterable[str]) -> list[TopicPartition]:
        described = topics.described()
        return [TopicPartition(self.room.settings.topic(name), number) for name in names for number in range(described[name].partitions)]


def _reached(offsets: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> bool:
    return all(offsets.get(partition, 0) >= end for partition, end in ends.items())


class Run:
    """One scenario on one newsroom. Its ids carry its name, so that scenarios stay apart; their incidents do so by their places."""

    def __init__(self, scenario: Scenario, watch: Watch) -> None:
        self._scenario = scenario
        self._watch = watch
        self._prefix = f"{scenario.name}--"
        self._workers: dict[str, Worker] = {}
        self._published = 0
        self._seen = dict.fromkeys(_TOPICS, 0)
        self._own: dict[str, list[Record]] = {name: [] for name in _TOPICS}
        self._closing = ExitStack()

    def __call__(self) -> None:
        """Do every step.

        :raises AssertionError: a step that failed, with what was expected and what came.
        """
        with self._closing:
            for number, step in enumerate(self._scenario.steps, 1):
                try:
                    VERBS[step.verb](self, step.what)
                except (AssertionError, TimeoutError) as error:
                    dead = (
                        "" if self._watch.works() else "\nno worker runs any more: " + "".join(w.log()[-2000:] for w in self._watch.workers)
                    )
                    raise AssertionError(f"step {number} ({step.verb}): {error}{dead}") from None
            assert not (faults := broken_promises(self._all(ALERTS))), faults

    def publish(self, what: Any) -> None:
        """Articles on the wire, together and in order."""
        self._watch.room.publish([self._message(article) for article in listed(what)])

    def subscribe(self, what: Any) -> None:
        """Subscriptions as their records, valid or not; waits until running workers know them."""
        found = [{**fields, "id": self._prefix + fields["id"]} for fields in listed(what)]
        hours = {"quiet": quiet_now()}
        records = [{**fields, **hours} if fields.get("quiet") == "now" else fields for fields in found]
        self._put({fields["id"]: json.dumps(fields).encode() for fields in records})

    def unsubscribe(self, what: str) -> None:
        """The end of a subscription; waits until running workers know it."""
        self._put({self._prefix + what: None})

    def expect(self, what: Mapping[str, list[Record]]) -> None:
        """Wait until exactly these records have come, and see that nothing follows them."""
        self._watch.settle()
        self.come(what)
        self._watch.settle()
        self._compare(what)

    def come(self, what: Mapping[str, list[Record]]) -> None:
        """Wait until exactly these records have come, whatever follows them."""
        with suppress(TimeoutError):
            until("the records", lambda: not self._mismatches(what), PATIENCE)
        self._compare(what)

    def never(self, what: str | list[str]) -> None:
        """These words stand nowhere so far: on no public topic, in no log, on no page of a worker."""
        places = list(self._texts())
        for words in what if isinstance(what, list) else [what]:
            assert not (found := [place for place, text in places if words in text]), f"{words!r} stands in {found}"

    def align(self, seconds: int) -> None:
        """Wait until a whole multiple of so many seconds since 1970 begins: what a digest is sent at."""
        begun = int(time.time()) // seconds
        until("the clock", lambda: int(time.time()) // seconds > begun, seconds + 5)

    def start(self, name: str) -> None:
        """A worker of the scenario's own; waits until it is ready."""
        worker = self._watch.room.worker()
        self._watch.workers.append(worker)
        self._workers[name] = self._closing.enter_context(worker)

    def kill(self, name: str) -> None:
        """SIGKILL: no goodbye, as a power cut."""
        self._workers.pop(name).kill()

    def stop(self, name: str) -> None:
        """SIGTERM: what has begun is finished."""
        assert self._workers.pop(name).stop() == 0

    def _message(self, fields: Record) -> Message:
        key = fields.get("key", fields.get("id", fields.get("uri")))
        key = None if key is None else (self._prefix + key).encode()
        if "raw" in fields:
            return key, fields["raw"].replace("{id}", self._prefix + fields["key"]).encode(), []
        self._published += 1
        article = as_article({name: value for name, value in fields.items() if name != "key"}, self._prefix, self._published)
        return key, json.dumps(article, ensure_ascii=False).encode(), []

    def _put(self, subscriptions: Mapping[str, bytes | None]) -> None:
        self._watch.room.publish([(id_.encode(), value, []) for id_, value in subscriptions.items()], topics.SUBSCRIPTIONS)
        if self._watch.works():
            self._watch.settle()

    def _all(self, name: str) -> list[Record]:
        """The records of this scenario on a topic so far, repeats included."""
        new = self._watch.records(_TOPICS[name], self._seen[name])
        self._seen[name] += len(new)
        incidents = {record["id"] for record in self._own[INCIDENTS]}
        for raw in new:
            record = _READERS[name](raw, self._prefix)
            if self._prefix.encode() in b"".join((raw.key or b"", raw.value or b"")) or (name == INCIDENTS and record["id"] in incidents):
                incidents.add(record.get("id"))
                self._own[name].append(record)
        return self._own[name]

    def _mismatches(self, what: Mapping[str, list[Record]]) -> dict[str, str]:
        expected = {**{name: [] for name in _ALWAYS}, **what}
        found = {name: mismatch(records, in_threads(name, self._all(name))) for name, records in expected.items()}
        return {name: reason for name, reason in found.items() if reason}

    def _compare(self, what: Mapping[str, list[Record]]) -> None:
        wrong = self._mismatches(what)
        shown = "\n".join(
            f"{name}: {reason}\n{_shown(what.get(name, []), in_threads(name, self._all(name)))}" for name, reason in wrong.items()
        )
        assert not wrong, f"\n{shown}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name in _PUBLIC:
            for record in self._watch.records(_TOPICS[name]):
                parts = (record.key or b"", record.value or b"", *(content for _, content in record.headers))
                yield f"{name} {record.offset}", b"\n".join(parts).decode(errors="replace")
        for worker in self._watch.workers:
            yield "the log", worker.log()
            if not worker.ended():
                for page in ("/metrics", "/health/live", "/health/ready"):
                    yield page, worker.get(page)[1]


def _read(raw: ConsumerRecord[bytes, bytes], prefix: str) -> Record:
    record: Record = json.loads((raw.value or b"{}").decode().replace(prefix, ""))
    return {"key": (raw.key or b"").decode().removeprefix(prefix), **record}


def _read_dead_letter(raw: ConsumerRecord[bytes, bytes], prefix: str) -> Record:
    why = {name.removeprefix("dlq."): content.decode() for name, content in raw.headers if name.startswith("dlq.")}
    return {"key": (raw.key or b"").decode().removeprefix(prefix), "value": (raw.value or b"").decode().replace(prefix, ""), **why}


def _read_held(raw: ConsumerRecord[bytes, bytes], prefix: str) -> Record:
    """The state of a story as far as it is held; no text."""
    held = versions.decode_known(raw.value).held if raw.value else None
    id_ = (raw.key or b"").decode().partition("/")[2].removeprefix(prefix)
    return {"id": id_, "held": held is not None, **({"version": held.version, "why": held.why} if held else {})}


_READERS: dict[str, Callable[[ConsumerRecord[bytes, bytes], str], Record]] = {
    **dict.fromkeys((ARTICLES, DEVELOPMENTS, INCIDENTS, ALERTS), _read),
    DEAD_LETTERS: _read_dead_letter,
    HELD: _read_held,
}

VERBS: dict[str, Callable[[Run, Any], None]] = {
    "publish": Run.publish,
    "subscribe": Run.subscribe,
    "unsubscribe": Run.unsubscribe,
    "expect": Run.expect,
    "await": Run.come,
    "never": Run.never,
    "align": Run.align,
    "start": Run.start,
    "kill": Run.kill,
    "stop": Run.stop,
}


def as_article(fields: Record, prefix: str = "", number: int = 1) -> Record:
    """What goes on the wire: our own article unless it has a `uri` (ninjs), with the fields that a scenario need not write. `number` is its
    place in the timeline: a minute later for each."""
    times = {name: clock(value) for name, value in fields.items() if name in ("published", "updated", "embargoed", "versioncreated")}
    if "uri" in fields:
        return {**fields, **times, "uri": prefix + fields["uri"]}
    now = (START + timedelta(minutes=number)).isoformat()
    told = {"published": now} if fields.get("version", 1) == 1 else {"published": START.isoformat(), "updated": now}
    usual = {"language": "fr", "source": "Agence Un", **told}
    return {name: value for name, value in {**usual, **fields, **times, "id": prefix + fields["id"]}.items() if value is not None}


def clock(value: Any) -> Any:
    """An instant for `+4s`, `-2h` and `-3d` from now on; everything else as it stands."""
    if isinstance(value, str) and (relative := re.fullmatch(r"([+-]\d+)([smhd])", value)):
        unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[relative[2]]
        return (datetime.now(UTC) + timedelta(**{unit: int(relative[1])})).isoformat()
    return value


def listed(what: Any) -> list[Record]:
    """One or many, as many."""
    return what if isinstance(what, list) else [what]


def quiet_now() -> Record:
    """Quiet hours that have begun and last longer than any scenario."""
    now = datetime.now(UTC)
    return {"start": f"{now - timedelta(hours=1):%H:%M}", "end": f"{now + timedelta(hours=1):%H:%M}", "zone": "UTC"}


def _shown(expected: list[Record], came: list[list[Record]]) -> str:
    """Both sides with the fields that the scenario names."""
    names = {name for record in expected for name in record} | {"id", "msg_type", "type", "article", "version", "retracted", "reason"}
    rows = [{name: value for name, value in record.items() if name in names} for thread in came for record in thread]
    return "\n".join([*(f"  expected {row}" for row in expected), *(f"  came     {row}" for row in rows)])
