"""How the worker's process ends: its exit codes, and its own place taken by a new one that waits, when the wire is broken."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple, NoReturn

from aiokafka.errors import GroupAuthorizationFailedError, MessageSizeTooLargeError, TopicAuthorizationFailedError

from streams import logs
from streams.agents.lease import LostPlace
from streams.delivery import TooManyDeadLetters
from streams.settings import SUSPENDED

log = logging.getLogger(__name__)

# Exit codes, after sysexits.h.
EXIT_WIRE_BROKEN = 65  # too many dead letters, where no process can take the place of another
EXIT_NO_BROKER = 69
EXIT_FAULT = 70  # must not go on; what was begun is read again at the next start
EXIT_SETUP = 78  # a setting, a right or a topic is wrong


class SetupError(Exception):
    """The worker cannot start; the message says what to do, `code` is the exit code."""

    def __init__(self, message: str, code: int = EXIT_SETUP) -> None:
        super().__init__(message)
        self.code = code


class Suspension(NamedTuple):
    """Why a worker takes no work."""

    since: int
    """The time of the message that was one too many, in milliseconds since 1970; -1: it has none."""
    reason: str


def fail(error: BaseException) -> NoReturn:
    """End the process before anything unfinished is committed: Faust acknowledges a batch even when its agent raises."""
    if isinstance(error, TooManyDeadLetters):
        _suspend(Suspension(error.at, str(error)))
    if isinstance(error, LostPlace):
        _begin_again(str(error))
    if isinstance(error, MessageSizeTooLargeError):
        end(EXIT_SETUP, "the broker refuses a message for its length: `newsroom topics check` shows which topic takes less than it should")
    if isinstance(error, TopicAuthorizationFailedError | GroupAuthorizationFailedError):
        end(EXIT_SETUP, f"the broker forbids it ({error}): give this user the right to read the group and to read and write the topics")
    end(EXIT_FAULT, f"{type(error).__name__} at {logs.place(error)}: stopped before anything was lost; it will be read again")


def end(code: int, message: str) -> NoReturn:
    """End at once, without a goodbye to anybody."""
    log.critical("%s", message)
    logging.shutdown()
    os._exit(code)


def _suspend(suspension: Suspension) -> NoReturn:
    """Let a new process that takes no work take the place of this one, with the reason. To the broker it is as if this one were killed:
    nothing that was begun is committed, and no half of it lives on."""
    if sys.platform == "win32":
        end(EXIT_WIRE_BROKEN, suspension.reason)  # exec would return to whoever started this process, as if it had ended
    log.critical("suspended: %s", suspension.reason)
    logging.shutdown()
    try:
        _replace({**os.environ, SUSPENDED: f"{suspension.since} {suspension.reason}"})
    except OSError as error:
        end(EXIT_WIRE_BROKEN, f"{suspension.reason} (and the worker cannot wait for that: {error})")


def _begin_again(reason: str) -> NoReturn:
    """Let a new process take the place of this one, with nothing of what it had in hand, where that is possible."""
    if sys.platform == "win32":
        end(EXIT_FAULT, reason)
    log.error("%s; beginning again", reason)
    logging.shutdown()
    try:
        _replace(os.environ)
    except OSError as error:
        end(EXIT_FAULT, f"{reason} (and the worker cannot begin again by itself: {error})")


def _replace(environment: Mapping[str, str]) -> NoReturn:
    """The same command anew, in this process.

    :raises OSError: it cannot be started.
    """
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def take_suspension(environ: MutableMapping[str, str]) -> Suspension | None:
    """Why this process begins suspended; none: it does not. What it starts itself does not inherit that."""
    said = environ.pop(SUSPENDED, None)
    if said is None:
        return None
    since, _, reason = said.partition(" ")
    return Suspension(int(since), reason) if since.lstrip("-").isdecimal() else Suspension(-1, said)
