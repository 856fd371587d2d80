"""Runs what the live tests and the benchmarks need around a worker: Apache Kafka, the worker's process, messages in and out."""

from __future__ import annotations

import asyncio
import json
import operator
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from streams import topics
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "kafka"

Message = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]
"""Key, value and headers."""


CLUSTER = "AAAAAAAAQACAAAAAAAAAAQ"
_LONGEST = 8 << 20
EVERY_NODE = """auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""
"""Properties of a node of Kafka, whatever else it is."""


class Unavailable(Exception):
    """Apache Kafka cannot run here; the message says in one line what to install."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, holds: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true value of `holds`, asked every 50 ms.

    :raises TimeoutError: naming `what`, when none came in time.
    """
    asked = Retrying(stop=stop_after_delay(seconds), wait=wait_fixed(0.05), retry=retry_if_result(operator.not_))
    try:
        return asked(holds)
    except RetryError:
        raise TimeoutError(f"waited {seconds:g} s for {what}") from None


class Kafka:
    """One Apache Kafka node (KRaft) on free ports. Its jars come from Maven Central once, into .cache/kafka; its data ends with it.

    :raises Unavailable: Java or Maven is missing, or Maven cannot fetch it.
    """

    def __init__(self) -> None:
        self.address, self.secure_address, self._controller = (f"127.0.0.1:{free_port()}" for _ in range(3))
        self.java = [shutil.which("java") or "java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", f"{jars()}/*"]
        self._process: subprocess.Popen[bytes] | None = None
        self.directory = Path(tempfile.mkdtemp(prefix="newsroom-kafka-"))
        self.certificate = self.directory / "broker.pem"
        """What a client of `secure_address` must trust; it logs in there as `newsroom` with the password `secret`."""
        self._properties = self.directory / "server.properties"
        self._properties.write_text(
            f"""
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{self.address},SASL_SSL://{self.secure_address},CONTROLLER://{self._controller}
advertised.listeners=PLAINTEXT://{self.address},SASL_SSL://{self.secure_address}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={self._controller}
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_newsroom="secret";
ssl.keystore.location={self.directory / "broker.p12"}
ssl.keystore.password=changeit
log.dirs={self.directory / "data"}
{EVERY_NODE}"""
        )

    def _make_certificate(self) -> None:
        keytool = shutil.which("keytool") or "keytool"  # comes with every Java
        store = ["-keystore", str(self.directory / "broker.p12"), "-storepass", "changeit", "-alias", "broker"]
        name = ["-dname", "CN=localhost", "-ext", "SAN=IP:127.0.0.1,DNS:localhost", "-ext", "BC=ca:true"]
        _done([keytool, "-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12", *store, *name])
        _done([keytool, "-exportcert", "-rfc", "-file", str(self.certificate), *store])

    def __enter__(self) -> Kafka:
        self._make_certificate()
        tool = [*self.java, "kafka.tools.StorageTool", "format", "--standalone", "-t", CLUSTER]
        _done([*tool, "-c", str(self._properties), *self._at_first()])
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        """Start the node, again if need be, and wait until it answers."""
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.java, "kafka.Kafka", str(self._properties)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory
            )
        settings = self.admin()
        until("Apache Kafka to answer", lambda: _answers(settings), 60)

    def _at_first(self) -> list[str]:
        """What else is told the node once, before its first start."""
        return []

    def admin(self) -> Settings:
        """As whom it is asked whether it answers."""
        return Settings(broker=self.address)

    def stop(self, *, kill: bool = False) -> None:
        """Stop the node, or kill it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            process.wait(60)


def _answers(settings: Settings) -> bool:
    host, _, port = settings.broker.rpartition(":")
    with socket.socket() as probe:
        if probe.connect_ex((host, int(port))):
            return False
    try:
        topics.check(settings)
    except Exception:
        return False
    return True


def jars() -> Path:
    """The folder of Apache Kafka's jars, fetched if need be."""
    if shutil.which("java") is None or shutil.which("mvn") is None:
        raise Unavailable("install Java 17 or later and Maven (Debian: apt install default-jre-headless maven) to run on Apache Kafka")
    lib = CACHE / "lib"
    if not any(lib.glob("kafka-tools-*.jar")):
        command = ["mvn", "-q", "-f", str(Path(__file__).with_name("pom.xml")), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"]
        _done(command)
    return lib


def _done(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr).strip()[-300:]}")


class Newsroom:
    """The topics of one test or benchmark, apart from all others on the same broker by their prefix and group."""

    def __init__(self, broker: str, **environment: object) -> None:
        prefix = f"t{uuid.uuid4().hex[:8]}."
        self.environment = {
            "NEWSROOM_BROKER": broker,
            "NEWSROOM_TOPIC_PREFIX": prefix,
            "NEWSROOM_GROUP": f"{prefix}group",
            "NEWSROOM_SESSION_SECONDS": "3",
            "NEWSROOM_HEARTBEAT_SECONDS": "1",
            **{name: str(value) for name, value in environment.items()},
        }
        self.settings = Settings.from_env(self.environment)
        topics.create(self.settings)

    def worker(self, **environment: object) -> Worker:
        """A worker for these topics, not started yet."""
        return Worker({**self.environment, **{name: str(value) for name, value in environment.items()}})

    def publish(self, messages: Iterable[Message], topic: str = topics.WIRE) -> None:
        """Send all and wait for the acknowledgement of each."""
        asyncio.run(_publish(self.settings, topic, list(messages)))

    def copy(self, other: Newsroom, topic: str) -> None:
        """Take over all that a topic of another newsroom holds: partitions, times and all."""
        asyncio.run(_copy(self.settings, topic, other.read(topic)))

    def read(self, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
        """All that a topic holds now, from its beginning."""
        return asyncio.run(_read(self.settings, topic))

    def count(self, topic: str) -> int:
        """How many records a topic holds now."""
        return asyncio.run(_count(self.settings, topic))

    def committed(self, topic: str = topics.WIRE) -> int:
        """How many messages of a topic the workers of this newsroom have committed."""
        return asyncio.run(_committed(self.settings, topic))

    def resume(self) -> str:
        """Let suspended workers go on, by the command for it; what it says."""
        command = [sys.executable, "-m", "streams", "dead-letters", "resume"]
        done = subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def settled(self) -> bool:
        """Whether the workers have committed all that came, and all that came of it."""
        return all(self.committed(topic) == self.count(topic) for topic in (topics.WIRE, topics.DEVELOPMENTS, topics.INCIDENTS))


class Worker:
    """`newsroom run` as a process of its own. `with room.worker() as worker:` waits until it is ready and stops it at the end;
    `with room.worker().launch() as worker:` does not wait."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self._environment = {**environment, "NEWSROOM_HEALTH_PORT": str(self.port)}
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - the process writes to it for as long as it lives
        self.process: subprocess.Popen[bytes] | None = None
        self.ready_seconds = 0.0

    def __enter__(self) -> Worker:
        return self if self.process is not None else self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and not self.ended():
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def launch(self) -> Worker:
        """Start the process and do not wait."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSROOM_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streams", "run"], env={**environment, **self._environment}, stderr=self._log, stdin=subprocess.DEVNULL
        )
        return self

    def start(self) -> Worker:
        """Start the process and wait until it is ready."""
        begun = time.monotonic()
        self.launch()
        try:
            until("the worker to be ready", lambda: self.ended() or self.is_ready(), 60)
            assert not self.ended(), self.log()
        except BaseException:
            self.__exit__()
            raise
        self.ready_seconds = time.monotonic() - begun
        return self

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def is_ready(self) -> bool:
        return self.get("/health/ready")[0] == 200

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def reasons(self) -> list[str]:
        """What the worker says stands in the way of being ready."""
        return list(json.loads(self.get("/health/ready")[1] or "{}").get("reasons", []))

    def is_suspended(self) -> bool:
        """Whether it takes no work until somebody says so."""
        return any(reason.startswith("suspended: ") for reason in self.reasons())

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = [line for line in self.get("/metrics")[1].splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def lag(self, topic: str = topics.WIRE) -> float:
        """The records of a topic that wait, as the worker shows them."""
        label = f'topic="{self._environment.get("NEWSROOM_TOPIC_PREFIX", "")}{topic}"'
        lines = [line for line in self.get("/metrics")[1].splitlines() if label in line]
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("newsroom_consumer_lag_records{"))

    def kill(self) -> None:
        """SIGKILL: no goodbye, as a power cut."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.wait()

    def wait(self, seconds: float = 40) -> int:
        """The exit code, once it has ended."""
        assert self.process is not None
        return self.process.wait(seconds)

    def log(self) -> str:
        """What it has logged so far."""
        self._log.seek(0)
        return self._log.read()

    def rss_bytes(self) -> int:
        """Memory in use (Linux)."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


async def _publish(settings: Settings, topic: str, messages: list[Message]) -> None:
    producer = AIOKafkaProducer(**settings.kafka(), acks="all", linger_ms=5, max_batch_size=512 * 1024, max_request_size=_LONGEST)
    async with producer:
        for start in range(0, len(messages), 1000):
            sent = [
                await producer.send(settings.topic(topic), value, key=key, headers=list(headers))
                for key, value, headers in messages[start : start + 1000]
            ]
            await asyncio.gather(*sent)


async def _copy(settings: Settings, topic: str, records: list[ConsumerRecord[bytes, bytes]]) -> None:
    async with AIOKafkaProducer(**settings.kafka(), acks="all", max_request_size=_LONGEST) as producer:
        for r in records:
            place = {"key": r.key, "partition": r.partition, "timestamp_ms": r.timestamp, "headers": list(r.headers)}
            await producer.send(settings.topic(topic), r.value, **place)


async def _ends(settings: Settings, topic: str, consumer: AIOKafkaConsumer) -> dict[TopicPartition, tuple[int, int]]:
    """First offset and the one after the last, by partition."""
    await consumer.start()
    partitions = [TopicPartition(settings.topic(topic), number) for number in range(topics.described()[topic].partitions)]
    first, last = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return {partition: (first[partition], last[partition]) for partition in partitions}


async def _count(settings: Settings, topic: str) -> int:
    consumer = AIOKafkaConsumer(**settings.kafka())
    try:
        return sum(last - first for first, last in (await _ends(settings, topic, consumer)).values())
    finally:
        await consumer.stop()


async def _committed(settings: Settings, topic: str) -> int:
    consumer = AIOKafkaConsumer(**settings.kafka(), group_id=settings.group, enable_auto_commit=False)
    await consumer.start()
    try:
        name = settings.topic(topic)
        partitions = [TopicPartition(name, number) for number in range(topics.described()[topic].partitions)]
        return sum([await consumer.committed(partition) or 0 for partition in partitions])
    finally:
        await consumer.stop()


async def _read(settings: Settings, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    consumer = AIOKafkaConsumer(**settings.kafka(), enable_auto_commit=False, max_partition_fetch_bytes=8 * 1024 * 1024)
    try:
        ends = {partition: last for partition, (first, last) in (await _ends(settings, topic, consumer)).items() if last > first}
        if not ends:
            return []
        consumer.assign(list(ends))
        await consumer.seek_to_beginning()
        records: list[ConsumerRecord[bytes, bytes]] = []
        while ends:
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                records += batch
            for partition in [p for p, last in ends.items() if await consumer.position(p) >= last]:
                del ends[partition]
        return records
    finally:
        await consumer.stop()
