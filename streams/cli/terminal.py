"""What may reach a terminal: text from the wire made harmless, JSON made harmless, and the consoles that commands print on."""

from __future__ import annotations

from typing import Any, NoReturn

from rich.console import Console

from streams.harmless import safe, safe_json

__all__ = ["safe", "safe_json", "stderr", "stdout"]

_WIDEST = 120  # longer lines are hard to read


class _Console(Console):
    """A console that leaves a broken pipe to the program's one place for it."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def stdout(**options: Any) -> Console:
    """Where results go. Neither markup nor emoji codes in what is printed are obeyed."""
    console = _Console(markup=False, emoji=False, highlight=False, **options)
    console.width = min(console.width, _WIDEST)
    return console


def stderr() -> Console:
    """Where progress and complaints go."""
    return _Console(stderr=True, markup=False, emoji=False, highlight=False)
