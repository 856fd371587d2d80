"""What is harmed: an Apache Kafka that can be cut off or lose a node, workers that are started again when they end, a subscriber."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.live.harness import CLUSTER, EVERY_NODE, Kafka, Newsroom, Worker, free_port, until

SESSION_SECONDS = 3
_UNREAD_BYTES = 1 << 30  # so much that asyncio never stops reading: it would not see that a connection is torn off


class Cable:
    """A TCP proxy before a port: pulled, it neither forwards nor refuses. What was on its way comes when it is back, unless the sender has
    torn off the connection meanwhile: the network does not deliver for one that will not send again what gets lost."""

    def __init__(self, target: str) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._whole = asyncio.Event()
        self._whole.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Cable:
        self._thread.start()
        host, _, port = self.address.rpartition(":")
        asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, host, int(port), limit=_UNREAD_BYTES), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def pull(self) -> None:
        """Let nothing through."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._whole.set)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        host, _, port = self._target.rpartition(":")
        try:
            there = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(64 * 1024):
                await self._whole.wait()
                if reader.exception() is not None:
                    break
                writer.write(data)
                await writer.drain()
        writer.close()


class CabledKafka(Kafka):
    """A node that some of its clients reach by a cable only."""

    def __init__(self) -> None:
        super().__init__()
        behind = f"127.0.0.1:{free_port()}"
        self.cable = Cable(behind)
        _extend(self._properties, "listeners", f",CABLED://{behind}")
        _extend(self._properties, "advertised.listeners", f",CABLED://{self.cable.address}")
        _extend(self._properties, "listener.security.protocol.map", ",CABLED:PLAINTEXT")


class TripleKafka(Kafka):
    """Three nodes of which two must have what is acknowledged. The others than the first lead most partitions, and can be killed."""

    def __init__(self) -> None:
        super().__init__()
        quick = "broker.session.timeout.ms=2000\nbroker.heartbeat.interval.ms=500\nleader.imbalance.check.interval.seconds=5\n"
        quick += "offsets.topic.replication.factor=3\nmin.insync.replicas=2\n"  # what comes last counts
        text = self._properties.read_text()
        self._properties.write_text(text + quick)
        controller = re.search(r"^controller.quorum.bootstrap.servers=(.*)$", text, re.MULTILINE)
        assert controller is not None
        self.others = [_Broker(self, number, controller[1], quick) for number in (2, 3)]

    @property
    def addresses(self) -> str:
        """Of all nodes, as clients take them."""
        return ",".join([self.address, *(other.address for other in self.others)])

    def start(self) -> None:
        """Start all nodes."""
        super().start()
        for other in self.others:
            other.start()
        until("all nodes to listen", lambda: all(other.listens() for other in self.others), 60)

    def stop(self, *, kill: bool = False) -> None:
        """Stop all nodes."""
        for other in self.others:
            other.kill()
        super().stop(kill=kill)


class _Broker:
    """A node more of a Kafka, which leaves the votes to the first."""

    def __init__(self, kafka: Kafka, number: int, controller: str, more: str) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._kafka, self._number = kafka, number
        self._process: subprocess.Popen[bytes] | None = None
        self._properties = kafka.directory / f"{number}.properties"
        self._properties.write_text(
            f"""
process.roles=broker
node.id={number}
listeners=PLAINTEXT://{self.address}
advertised.listeners=PLAINTEXT://{self.address}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={controller}
log.dirs={kafka.directory / str(number)}
{EVERY_NODE}{more}"""
        )

    def start(self) -> None:
        """Start it, again if need be."""
        if not (self._kafka.directory / str(self._number)).exists():
            tool = [*self._kafka.java, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(self._properties)]
            subprocess.run([*tool, "--no-initial-controllers"], check=True, capture_output=True)
        with (self._kafka.directory / "log").open("ab") as log:
            command = [*self._kafka.java, "kafka.Kafka", str(self._properties)]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._kafka.directory)

    def listens(self) -> bool:
        """Whether it takes connections."""
        host, _, port = self.address.rpartition(":")
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) == 0

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


class Hand:
    """A worker that is started again whenever it has ended, as an orchestrator does."""

    def __init__(self, room: Newsroom, directory: Path, **environment: object) -> None:
        self.store = directory / "store"
        self.clock = directory / "clock"
        self.exits: Counter[int] = Counter()
        """Codes that it ended with by itself or by our hand."""
        self.logs: list[str] = []
        self._room, self.environment = room, {"NEWSROOM_STORE": "rocksdb", "NEWSROOM_STORE_DIRECTORY": self.store, **environment}
        self._lock = threading.Lock()
        self._wanted = False
        self.worker = self._new()

    def _new(self) -> Worker:
        return self._room.worker(**self.environment)

    @property
    def pid(self) -> int:
        assert self.worker.process is not None
        return self.worker.process.pid

    def start(self) -> None:
        """Start it, and again whenever it ends."""
        with self._lock:
            self._wanted = True
            self.worker = self._new().launch()

    def look(self) -> None:
        """Start it again if it has ended."""
        with self._lock:
            if self._wanted and self.worker.ended():
                self._buried()
                self.worker = self._new().launch()

    def end(self, number: signal.Signals) -> None:
        """End it by a signal and leave it so."""
        with self._lock:
            self._wanted = False
            if not self.worker.ended():
                os.kill(self.pid, number)
                self.worker.wait()
            self._buried()

    def discard(self) -> None:
        """End it, if it runs, without a word."""
        self._wanted = False
        self.worker.__exit__()

    def _buried(self) -> None:
        self.exits[self.worker.wait()] += 1
        self.logs.append(self.worker.log())

    def set_clock(self, seconds: int) -> None:
        """Let its clock be so much ahead."""
        self.clock.write_text(f"{seconds:+d}")


class Reader:
    """`newsroom subscribe` as a process of its own, which can be slow."""

    def __init__(self, room: Newsroom, subscription: str, directory: Path) -> None:
        self._file = directory / f"{subscription}.jsonl"
        self._err_file = directory / "log"
        self._out, self._err = self._file.open("wb"), self._err_file.open("wb")
        command = [sys.executable, "-m", "streams", "subscribe", subscription, "--json"]
        environment = {**os.environ, **room.environment}
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err)
        until("the subscriber to begin", lambda: "receiving" in self.log(), 60)

    def got(self) -> list[str]:
        """The ids of the alerts that it was given, in order."""
        return [json.loads(line)["id"] for line in self._file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self._out.close()
        self._err.close()

    def log(self) -> str:
        """What it complained of, and how it ended."""
        return f"{self._err_file.read_text()}exit code {self.process.poll()}"


def directories() -> Iterator[Path]:
    """New directories without end, all removed when this is closed."""
    root = Path(tempfile.mkdtemp(prefix="newsroom-faults-"))
    try:
        number = 0
        while True:
            (where := root / str(number)).mkdir()
            yield where
            number += 1
    finally:
        shutil.rmtree(root, ignore_errors=True)


def faked_clock(hand_directory: Path) -> dict[str, str]:
    """The environment in which a worker takes how far its wall clock is off from the file `clock` of a directory."""
    (file := hand_directory / "clock").write_text("+0")
    return {"PYTHONPATH": str(Path(__file__).with_name("faked")), "FAKED_CLOCK": str(file)}


def _extend(properties: Path, name: str, more: str) -> None:
    text, found = re.subn(rf"^{re.escape(name)}=.*$", lambda line: line[0] + more, properties.read_text(), flags=re.MULTILINE)
    assert found == 1, name
    properties.write_text(text)
