"""What can go wrong, one function each. It returns when the harm is done and undone, so far as it is for us to undo it."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.house import SESSION_SECONDS, CabledKafka, TripleKafka
from tests.live.harness import Kafka, until

if TYPE_CHECKING:
    from tests.faults.run import Run

_AWAY_SECONDS = 60.0
_STORM_SECONDS = 60
_FULL_BYTES = 4096


class Part(NamedTuple):
    """Faults that need the same house."""

    kafka: type[Kafka]
    faults: dict[str, int]
    """Each with how often of all, besides the once that each comes."""
    dead_letter_share: float = 1
    """At which workers take no more work."""


def kill(run: Run, dice: random.Random) -> None:
    """SIGKILL to a worker; it is started again."""
    os.kill(dice.choice(run.hands).pid, signal.SIGKILL)


def terminate(run: Run, dice: random.Random) -> None:
    """SIGTERM to a worker; it is started again."""
    os.kill(dice.choice(run.hands).pid, signal.SIGTERM)


def pause(run: Run, dice: random.Random) -> None:
    """SIGSTOP to a worker for longer than its session: it comes back as one that others have buried."""
    pid = dice.choice(run.hands).pid
    os.kill(pid, signal.SIGSTOP)
    time.sleep(SESSION_SECONDS * dice.uniform(1.3, 2.5))
    os.kill(pid, signal.SIGCONT)


def join(run: Run, dice: random.Random) -> None:
    """One worker more, which takes over partitions and goes again, by either signal."""
    with ExitStack() as stack:
        spare = run.spare(stack)
        spare.start()
        run.wait_ready(spare)
        spare.end(dice.choice((signal.SIGTERM, signal.SIGKILL)))


def kill_broker(run: Run, dice: random.Random) -> None:
    """SIGKILL to the broker; it is started again at once."""
    run.kafka.stop(kill=True)
    run.kafka.start()


def stop_broker(run: Run, dice: random.Random) -> None:
    """SIGTERM to the broker; it is started again after some seconds."""
    run.kafka.stop()
    time.sleep(dice.uniform(1, 8))
    run.kafka.start()


def broker_away(run: Run, dice: random.Random) -> None:
    """SIGKILL to the broker; it is started again after a minute."""
    run.kafka.stop(kill=True)
    time.sleep(_AWAY_SECONDS)
    run.kafka.start()


def fill_disk(run: Run, dice: random.Random) -> None:
    """No file of a worker may grow past 4 KiB: its store cannot write. It ends or it waits; then there is room again."""
    hand = dice.choice(run.hands)
    pid, limits = hand.pid, resource.prlimit(hand.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (_FULL_BYTES, limits[1]))
    run.wait_for(lambda: hand.pid != pid or hand.worker.ended(), 6)
    if hand.pid == pid and not hand.worker.ended():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def tear_store(run: Run, dice: random.Random) -> None:
    """A worker is killed and half of the files of its store are cut short or gone when it starts again."""
    hand = dice.choice(run.hands)
    hand.end(signal.SIGKILL)
    files = sorted(path for path in hand.store.rglob("*") if path.is_file() and path.name != "LOCK")
    for path in dice.sample(files, len(files) // 2):
        _spoil(path, dice)
    hand.start()


def lose_store(run: Run, dice: random.Random) -> None:
    """A worker is killed and starts again on an empty disk."""
    hand = dice.choice(run.hands)
    hand.end(signal.SIGKILL)
    shutil.rmtree(hand.store, ignore_errors=True)
    hand.start()


def _spoil(path: Path, dice: random.Random) -> None:
    if dice.random() < 0.3:
        path.unlink()
    else:
        os.truncate(path, int(path.stat().st_size * dice.random()))


def jump_ahead(run: Run, dice: random.Random) -> None:
    """The clock of a worker jumps an hour ahead and back again."""
    _jump(run, dice, 3600)


def jump_back(run: Run, dice: random.Random) -> None:
    """The clock of a worker jumps an hour back and ahead again."""
    _jump(run, dice, -3600)


def _jump(run: Run, dice: random.Random, seconds: int) -> None:
    hand = dice.choice(run.hands)
    hand.set_clock(seconds)
    time.sleep(dice.uniform(2, 6))
    hand.set_clock(0)


def cut(run: Run, dice: random.Random) -> None:
    """Nothing passes between one worker and the broker for longer than a session."""
    assert isinstance(run.kafka, CabledKafka)
    run.kafka.cable.pull()
    time.sleep(SESSION_SECONDS * dice.uniform(1.3, 2.5))
    run.kafka.cable.mend()


def blink(run: Run, dice: random.Random) -> None:
    """Nothing passes between one worker and the broker for less than a session."""
    assert isinstance(run.kafka, CabledKafka)
    run.kafka.cable.pull()
    time.sleep(SESSION_SECONDS * dice.uniform(0.1, 0.6))
    run.kafka.cable.mend()


def kill_leader(run: Run, dice: random.Random) -> None:
    """A node that leads a part of the partitions is killed and started again."""
    assert isinstance(run.kafka, TripleKafka)
    node = dice.choice(run.kafka.others)
    node.kill()
    time.sleep(dice.uniform(0, 4))
    node.start()
    until("the node to listen", node.listens, 60)


def slow_reader(run: Run, dice: random.Random) -> None:
    """The subscriber stands still for longer than its session."""
    os.kill(run.reader.process.pid, signal.SIGSTOP)
    time.sleep(SESSION_SECONDS * dice.uniform(1.3, 2.5))
    os.kill(run.reader.process.pid, signal.SIGCONT)


def poison_storm(run: Run, dice: random.Random) -> None:
    """Half of the wire is broken for a minute: no worker takes more of it until it is told to."""
    run.storm(_STORM_SECONDS)
    run.must("the storm to suspend all workers", lambda: all(hand.worker.is_suspended() for hand in run.hands))
    run.room.resume()
    run.must("the workers to go on", lambda: all(hand.worker.is_ready() for hand in run.hands))


ALL: dict[str, Callable[[Run, random.Random], None]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        kill, terminate, pause, join, kill_broker, stop_broker, broker_away, fill_disk, tear_store, lose_store, jump_ahead, jump_back,
        cut, blink, kill_leader, slow_reader, poison_storm,
    )
}  # fmt: skip

PARTS = {
    "workers": Part(Kafka, {"kill": 30, "terminate": 24, "pause": 16, "join": 10, "slow-reader": 4}),
    "broker": Part(Kafka, {"kill-broker": 8, "stop-broker": 7, "broker-away": 0}),
    "store": Part(Kafka, {"fill-disk": 10, "tear-store": 12, "lose-store": 8}),
    "clock": Part(Kafka, {"jump-ahead": 10, "jump-back": 10, "kill": 4}),
    "network": Part(CabledKafka, {"cut": 14, "blink": 14, "kill": 4}),
    "leader": Part(TripleKafka, {"kill-leader": 14, "kill": 4}),
    "storm": Part(Kafka, {"poison-storm": 1, "kill": 4}, dead_letter_share=0.25),
}
"""Run one after the other, each on a broker of its own."""
