"""One run: a load comes in shares, a fault with each, then everything is given time to settle and the logs are judged."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, retry_if_exception_type, wait_fixed

from streams import topics
from streams.codec import encode
from streams.core.records import Subscription
from streams.delivery import instant
from tests.faults import oracle
from tests.faults.house import CabledKafka, Hand, Reader, TripleKafka, directories, faked_clock
from tests.faults.injections import ALL, PARTS
from tests.faults.oracle import Read
from tests.faults.wires import Wire, load
from tests.live.harness import Newsroom, until

SUBSCRIPTIONS = {
    "east": Subscription(id="east", countries=["UKR", "RUS"], language="fr"),
    "toll": Subscription(id="toll", severity="Severe", language="en"),
}
WORKERS = 2
PATIENCE_SECONDS = 180.0
_AT_ONCE = 20
"""Wires published before those before them are acknowledged: a wire, not a flood."""
_STORM_PER_SECOND = 40
"""Good messages, and as many broken ones: a busy wire."""
_PUBLIC = (topics.ARTICLES, topics.DEVELOPMENTS, topics.INCIDENTS, topics.ALERTS)
_IDENTITIES: dict[str, Callable[[Any], Any]] = {
    topics.ARTICLES: lambda r: (r["id"], r["version"], r["status"]),
    topics.DEVELOPMENTS: lambda r: (r["id"], r["version"], r["retracted"]),
    topics.INCIDENTS: lambda r: (r["id"], r["revision"]),
    topics.ALERTS: lambda r: r["id"],
}
"""What makes a record of a topic the same again."""


class Injected(NamedTuple):
    """A fault, when it began, and how long nothing came out from then on."""

    name: str
    seconds: float
    longest_pause: float


class Result(NamedTuple):
    """What a run came to."""

    part: str
    seed: int
    messages: int
    injected: list[Injected]
    faults: list[str]
    """What is lost, wrong, leaked or missing, a sentence each."""
    repeats: dict[str, int]
    exits: Counter[int]
    seconds: float


class _Beside(ABC):
    """What goes on in a thread of its own while `with` lasts."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._stopping = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._go_on()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._thread.join()

    def _stop(self) -> None:
        self._stopping = True

    @abstractmethod
    async def _go_on(self) -> None:
        """What goes on until `_stopping`."""


class Tap(_Beside):
    """Reads all that comes out and notes when."""

    def __init__(self, room: Newsroom) -> None:
        super().__init__(room)
        self.seen: dict[tuple[str, int, int], float] = {}
        self.arrivals: list[float] = []

    async def _go_on(self) -> None:
        names = [self._room.settings.topic(topic) for topic in _PUBLIC]
        reader = AIOKafkaConsumer(*names, **self._room.settings.kafka(), auto_offset_reset="earliest", metadata_max_age_ms=2000)
        async with reader:
            while not self._stopping:
                with suppress(KafkaError):
                    for tp, records in (await reader.getmany(timeout_ms=100)).items():
                        self._note(tp.topic, tp.partition, records)

    def _note(self, topic: str, partition: int, records: Sequence[Any]) -> None:
        now = time.time()
        self.seen.update({(topic, partition, record.offset): now for record in records})
        self.arrivals.append(now)

    def longest_pause(self, since: float) -> float:
        """Seconds for which nothing came, from a time to the last arrival."""
        times = [since, *(at for at in list(self.arrivals) if at > since)]
        return max((after - before for before, after in pairwise(times)), default=0.0)

    def came_after(self, since: float) -> bool:
        return bool(self.arrivals) and self.arrivals[-1] > since


class Load(_Beside):
    """Publishes the wires, so many as it is told, each until it is acknowledged."""

    def __init__(self, room: Newsroom, wires: Sequence[Wire]) -> None:
        super().__init__(room)
        self._wires = wires
        self.allowed, self.done = 0, 0
        self._told = threading.Event()

    def allow(self, count: int) -> None:
        """Publish up to so many in all."""
        self.allowed = min(count, len(self._wires))
        self._told.set()

    def _stop(self) -> None:
        super()._stop()
        self._told.set()

    async def _go_on(self) -> None:
        async with AIOKafkaProducer(**self._room.settings.kafka(), acks="all", linger_ms=2, metadata_max_age_ms=2000) as producer:
            while not self._stopping:
                await asyncio.to_thread(self._told.wait)
                self._told.clear()
                while self.done < self.allowed and not self._stopping:
                    await self._send(producer, self._wires[self.done : min(self.allowed, self.done + _AT_ONCE)])

    async def _send(self, producer: AIOKafkaProducer, batch: Sequence[Wire]) -> None:
        now = datetime.now(UTC)
        await asyncio.gather(*(self._one(producer, wire.key, wire.value(now)) for wire in batch))
        self.done += len(batch)

    async def _one(self, producer: AIOKafkaProducer, key: bytes, value: bytes) -> None:
        async for attempt in AsyncRetrying(retry=retry_if_exception_type(KafkaError), wait=wait_fixed(0.2)):
            with attempt:
                await producer.send_and_wait(self._room.settings.topic(topics.WIRE), value, key=key)


class Run:
    """The house of one part while it is harmed."""

    def __init__(self, part: str, seed: int, messages: int, faults: int, dump: Path | None = None) -> None:
        self.part, self.seed, self._messages, self._faults = part, seed, messages, faults
        self._dump = dump
        self._dice = random.Random(f"{part} {seed}")
        self._new = directories()
        self.kafka = PARTS[part].kafka()
        self.hands: list[Hand] = []
        self._stalled: list[str] = []

    def go(self, say: Callable[[str], None]) -> Result:
        """Do all of it. `say` takes a line on what is happening."""
        begun = time.monotonic()
        with ExitStack() as stack:
            stack.callback(self._new.close)
            stack.enter_context(self.kafka)
            self._furnish(stack)
            injected = self._harm(stack, say)
            say("settling")
            self._settle()
            faults, repeats = self._judge()
            exits = sum((hand.exits for hand in self.hands), Counter[int]())
        return Result(self.part, self.seed, self._messages, injected, faults, repeats, exits, time.monotonic() - begun)

    def spare(self, stack: ExitStack) -> Hand:
        """A worker more, not started, gone at the end of `stack`."""
        directory = next(self._new)
        hand = Hand(self.room, directory, **self._environment(directory))
        stack.callback(hand.discard)
        return hand

    def wait_ready(self, hand: Hand) -> None:
        """Until a worker takes work."""
        self.wait_for(lambda: hand.worker.ended() or hand.worker.is_ready(), 60)

    def wait_for(self, holds: Callable[[], bool], seconds: float) -> None:
        """Until something holds, but no longer."""
        with suppress(TimeoutError):
            until("", holds, seconds)

    def must(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; it is a fault if it never does."""
        try:
            until(what, holds, PATIENCE_SECONDS)
        except TimeoutError as error:
            self._stalled.append(f"stalled: {error}")

    def storm(self, seconds: int) -> None:
        """Publish good and broken messages by turns, beside the load."""
        good = load(self._dice.getrandbits(32), seconds * _STORM_PER_SECOND)
        for start in range(0, len(good), _STORM_PER_SECOND):
            begun, now = time.monotonic(), datetime.now(UTC)
            batch = [(wire.key, value, ()) for wire in good[start : start + _STORM_PER_SECOND] for value in (wire.value(now), b"{")]
            self.room.publish(batch)
            time.sleep(max(0.0, begun + 1 - time.monotonic()))

    def _environment(self, directory: Any) -> dict[str, object]:
        return dict(faked_clock(directory)) if self.part == "clock" else {}

    def _furnish(self, stack: ExitStack) -> None:
        more = {"NEWSROOM_REPLICATION": 3} if isinstance(self.kafka, TripleKafka) else {}
        servers = self.kafka.addresses if isinstance(self.kafka, TripleKafka) else self.kafka.address
        self.room = Newsroom(servers, NEWSROOM_DEAD_LETTER_SHARE=PARTS[self.part].dead_letter_share, **more)
        self.room.publish([(id_.encode(), encode(one), ()) for id_, one in SUBSCRIPTIONS.items()], topics.SUBSCRIPTIONS)
        self.hands = [self.spare(stack) for _ in range(WORKERS)]
        if isinstance(self.kafka, CabledKafka):
            stack.enter_context(self.kafka.cable)
            self.hands[0].environment["NEWSROOM_BROKER"] = self.kafka.cable.address
        for hand in self.hands:
            hand.start()
        for hand in self.hands:
            self.wait_ready(hand)
        self._watching = threading.Event()
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        stack.callback(watcher.join)
        stack.callback(self._watching.set)
        self.reader = Reader(self.room, "east", next(self._new))
        stack.callback(self.reader.stop)
        self.tap = stack.enter_context(Tap(self.room))
        self.load = stack.enter_context(Load(self.room, load(self.seed, self._messages)))

    def _watch(self) -> None:
        while not self._watching.wait(0.1):
            for hand in self.hands:
                hand.look()

    def _harm(self, stack: ExitStack, say: Callable[[str], None]) -> list[Injected]:
        kinds, shares = zip(*PARTS[self.part].faults.items(), strict=True)
        names = list(kinds) if self._faults >= len(kinds) else []
        names += self._dice.choices(kinds, shares, k=self._faults - len(names))
        self._dice.shuffle(names)
        injected = []
        for number, name in enumerate(names, 1):
            self.load.allow(self._messages * number // len(names))
            time.sleep(self._dice.uniform(0.1, 1.0))  # into the midst of a batch
            injected.append(self._inject(name))
            say(f"{number}/{len(names)} {name}: {injected[-1].longest_pause:.1f} s without a record; {self.load.done} published")
        self.load.allow(self._messages)
        return injected

    def _inject(self, name: str) -> Injected:
        begun = time.time()
        ALL[name](self, self._dice)
        undone = time.time()
        self.wait_for(lambda: self.tap.came_after(undone) or self._idle(), PATIENCE_SECONDS)
        return Injected(name, time.time() - begun, self.tap.longest_pause(begun))

    def _idle(self) -> bool:
        """Whether nothing more can come before more is published."""
        return bool(self.load.done == self.load.allowed and self._quiet() and self.room.settled())

    def _quiet(self) -> bool:
        return not self.tap.came_after(time.time() - 3)

    def _settle(self) -> None:
        """Wait until nothing is left to do."""
        self.must("all to be published", lambda: self.load.done == self._messages)
        self.must("all embargoes to be over and all to be read", self._is_settled)
        self.must("the subscriber to have all", lambda: len(set(self.reader.got())) >= len(set(self._told())))

    def _is_settled(self) -> bool:
        with suppress(KafkaError):
            if not all(hand.worker.is_ready() for hand in self.hands):
                return False
            held = sum(hand.worker.metric("newsroom_embargoes_held") for hand in self.hands)
            return held == 0 and self._quiet() and self.room.settled()
        return False

    def _told(self) -> list[str]:
        """The ids of the alerts of the subscriber, in order."""
        return [dict(record.headers)["ce_id"].decode() for record in self.room.read(topics.ALERTS) if record.key == b"east"]

    def _judge(self) -> tuple[list[str], dict[str, int]]:
        read = {topic: self._read(topic) for topic in (topics.WIRE, *_PUBLIC, topics.DEAD_LETTERS)}
        found = oracle.stories(read[topics.WIRE])
        right = oracle.tagged(found.latest.values())
        faults = [
            *self._stalled,
            *self._unpublished(read[topics.WIRE]),
            *oracle.judge_articles(found, right, read[topics.ARTICLES]),
            *oracle.judge_developments(right, read[topics.DEVELOPMENTS]),
            *oracle.judge_incidents(read[topics.DEVELOPMENTS], read[topics.INCIDENTS]),
            *oracle.judge_alerts(read[topics.INCIDENTS], SUBSCRIPTIONS, read[topics.ALERTS]),
            *oracle.judge_dead_letters(found, read[topics.DEAD_LETTERS]),
            *oracle.judge_embargoes(found, {topic: read[topic] for topic in _PUBLIC}),
            *self._subscriber(read[topics.ALERTS]),
        ]
        if faults and self._dump is not None:
            self._write(read, self._dump)
        for topic, identity in _IDENTITIES.items():
            faults += oracle.judge_repeats(topic, read[topic], identity)
        return faults, {topic: oracle.repeats(read[topic], identity) for topic, identity in _IDENTITIES.items()}

    def _write(self, read: dict[str, list[Read]], directory: Path) -> None:
        """All topics and logs into files, for a look at what went wrong."""
        directory.mkdir(parents=True, exist_ok=True)
        for topic, records in read.items():
            lines = (f"{r.partition}:{r.offset} {r.time.isoformat()} {r.seen:.3f} {r.key!r} {r.value!r}" for r in records)
            (directory / f"{self.part}.{topic}.log").write_text("\n".join(lines), "utf-8")
        (directory / f"{self.part}.subscriber.log").write_text(self.reader.log(), "utf-8")
        for number, hand in enumerate(self.hands):
            (directory / f"{self.part}.worker{number}.log").write_text("\n--- again ---\n".join([*hand.logs, hand.worker.log()]), "utf-8")

    def _read(self, topic: str) -> list[Read]:
        name, seen = self.room.settings.topic(topic), self.tap.seen
        return [
            Read(r.partition, r.offset, instant(r.timestamp), seen.get((name, r.partition, r.offset), 0.0), r.key, r.value, r.headers)
            for r in self.room.read(topic)
        ]

    def _unpublished(self, wire: Sequence[Read]) -> Iterator[str]:
        """What the broker acknowledged and does not have."""
        there = Counter(record.key for record in wire)
        wanted = Counter(one.key for one in load(self.seed, self._messages))
        yield from (f"lost: {key.decode()} on the wire" for key, count in wanted.items() if there[key] < count)

    def _subscriber(self, alerts: Sequence[Read]) -> Iterator[str]:
        """What the subscriber was not given, or twice."""
        got = Counter(self.reader.got())
        told = [dict(record.headers)["ce_id"].decode() for record in alerts if record.key == b"east"]
        yield from (f"lost: the subscriber did not get alert {id_}" for id_ in set(told) - got.keys())
        yield from (f"wrong: the subscriber got alert {id_} {count} times" for id_, count in got.items() if count > 1)


def by_kind(results: Sequence[Result]) -> dict[str, list[Injected]]:
    """The faults of all runs by what was done."""
    kinds: dict[str, list[Injected]] = defaultdict(list)
    for result in results:
        for one in result.injected:
            kinds[one.name].append(one)
    return dict(sorted(kinds.items()))
