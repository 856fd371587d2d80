"""How a long command is ended: Ctrl-C, SIGTERM and a closed terminal are noted, and end it where it can end cleanly."""

from __future__ import annotations

import signal
from types import TracebackType
from typing import ClassVar

import click

from streams.cli import errors


class Ending:
    """`with Ending() as ending:` notes Ctrl-C, SIGTERM and a closed terminal; `check` then ends the block.

    The handlers raise nothing: what they raise may land in a callback that swallows it, and a second Ctrl-C in the clean-up.
    """

    _CODES: ClassVar = {signal.SIGINT: 0, signal.SIGTERM: errors.TERMINATED, signal.SIGHUP: errors.TERMINATED}

    def __init__(self) -> None:
        self._code: int | None = None

    def __enter__(self) -> Ending:
        self._before = {number: signal.signal(number, self._note) for number in self._CODES}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Exit if a signal said so."""
        if self._code is not None:
            raise click.exceptions.Exit(self._code)

    def _note(self, number: int, _: object) -> None:
        self._code = self._CODES[signal.Signals(number)] if self._code is None else self._code
