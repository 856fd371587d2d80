"""How a command ends: its exit codes, and the failure that names what was at fault and the cure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

REFUSED = 1
"""Some of the input was refused; the rest was done."""
USAGE = 2
"""The command line makes no sense, or names a file that cannot be read."""
WIRE_BROKEN = 65
"""Too many dead letters, where a worker cannot wait suspended (EX_DATAERR of sysexits.h)."""
UNAVAILABLE = 69
"""The broker cannot be reached (EX_UNAVAILABLE)."""
INTERNAL = 70
"""A fault of this program, or of a process that it started (EX_SOFTWARE)."""
TIMEOUT = 75
"""Not done in the time allowed; trying again may help (EX_TEMPFAIL)."""
SETUP = 78
"""A setting makes no sense, the broker refuses this client, or a topic is missing (EX_CONFIG)."""
INTERRUPTED = 130
"""Ctrl-C."""
BROKEN_PIPE = 141
"""Whoever read the output has gone away."""
TERMINATED = 143
"""SIGTERM or SIGHUP."""

_LONGEST = 300
"""Characters of a complaint of the Kafka client, which may hold its whole request."""

HELP = """\b
Exit codes: 0 all done, 1 some input refused, 2 usage, 65 too many dead letters for a worker that cannot wait,
69 broker unavailable, 70 internal error, 75 time is up, 78 settings, rights or topics, 130 Ctrl-C, 143 SIGTERM."""


class Failure(click.ClickException):
    """A mistake or an outage that the user can do something about: shown without a stack trace."""

    def __init__(self, message: str, exit_code: int = REFUSED):
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        from streams.cli.terminal import safe

        click.echo(f"newsroom: {safe(self.message)}", file=file, err=True)


@contextmanager
def reaching(broker: str) -> Iterator[None]:
    """Turn what the Kafka client raises when a broker is away, slow or unwilling into a `Failure` that names the broker; so, too, what
    is found wrong with certificates and secrets when they are used."""
    from kafka import errors

    from streams.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        raise Failure(f"{error}. All settings: newsroom settings", SETUP) from error
    except errors.SaslAuthenticationFailedError as error:
        raise Failure(f"{broker} refuses this client: {_say(error)}. Check the NEWSROOM_ settings of TLS and SASL.", SETUP) from error
    except errors.AuthorizationError as error:
        cure = "Ask for the right: deploy/kafka/acls lists them"
        raise Failure(f"{broker} does not let this user do that with {_forbidden(error)}. {cure}", SETUP) from error
    except errors.UnknownTopicOrPartitionError as error:
        raise Failure(f"{broker} lacks a topic: {_say(error)}. Make the topics: newsroom topics create", SETUP) from error
    except errors.MessageSizeTooLargeError as error:
        raise Failure(f"{broker} refuses a message that is longer than max.message.bytes of its topic. Leave it out", REFUSED) from error
    except (errors.KafkaError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        cure = "Is the broker up, and is NEWSROOM_BROKER right? For a first look without a broker: newsroom demo"
        raise Failure(f"cannot reach the broker {broker}: {_say(error)}. {cure}", UNAVAILABLE) from error


def _say(error: BaseException) -> str:
    name = type(error).__name__
    said = str(error)[:_LONGEST]
    return f"{name}: {said}" if said and said != name else name


def _forbidden(error: Any) -> str:
    """What is forbidden, named as far as the client names it: what else it says is the whole request."""
    names = error.args[0] if error.args else ()
    if isinstance(names, set | frozenset):
        return ", ".join(sorted(map(str, names)))
    kind = type(error).__name__.removesuffix("AuthorizationFailedError").lower()
    return f"the {kind}" + (f" {names}" if kind == "group" and isinstance(names, str) else "")
