"""A worker in a process of its own, for the demo: started, watched and stopped. Knows no topic."""

from __future__ import annotations

import http.client
import operator
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from types import TracebackType

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from streams.broker import die_with_parent
from streams.cli.errors import INTERNAL, TIMEOUT, Failure

_READY_SECONDS = 60.0
_ASK_SECONDS = 0.05
"""Between two questions to a process that tells nobody when it is ready."""
_STOP_SECONDS = 15.0
_LAST_WORDS = 2_000
_HOST = "127.0.0.1"


class Worker:
    """`with Worker(environment) as worker:` runs `newsroom run` with these settings and no others until the block ends."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._port = _free_port()
        others = {name: value for name, value in os.environ.items() if not name.startswith("NEWSROOM_")}
        own = {"NEWSROOM_HEALTH_PORT": str(self._port), "NEWSROOM_LOG_LEVEL": "WARNING"}
        self._environment = {**others, **own, **environment}

    def __enter__(self) -> Worker:
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streams", "run"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # a Ctrl-C in the terminal is ours to pass on
            preexec_fn=die_with_parent(),
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def check(self) -> None:
        """Do nothing while it lives.

        :raises Failure: it has ended; with its exit code and the last that it said.
        """
        code = self._process.poll()
        if code is None:
            return
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - _LAST_WORDS))
        said = self._log.read().decode("utf-8", "replace").strip().splitlines()
        raise Failure("\n  ".join([f"the worker ended by itself with exit code {code}. Its last words:", *(said or ["(none)"])]), INTERNAL)

    def wait_until_ready(self, while_waiting: Callable[[], None] = lambda: None) -> None:
        """Return when it has its partitions and the broker answers it; calls `while_waiting`, which may raise, again and again.

        :raises Failure: it ends, or is not ready in a minute.
        """
        def ready() -> bool:
            while_waiting()
            self.check()
            return self._ready()

        try:
            Retrying(stop=stop_after_delay(_READY_SECONDS), wait=wait_fixed(_ASK_SECONDS), retry=retry_if_result(operator.not_))(ready)
        except RetryError:
            message = f"the worker is not ready after {_READY_SECONDS:g} s; /health/ready says: {self._answer()[1]}"
            raise Failure(message, TIMEOUT) from None

    def _ready(self) -> bool:
        return self._answer()[0] == http.client.OK

    def _answer(self) -> tuple[int, str]:
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace").strip()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
