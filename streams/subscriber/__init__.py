"""The reference subscriber: reads the alerts of one subscription and hands each to an output. Knows no command line and no agent.

An output is a callable that takes an alert and its bytes as they lie on the topic. It returns when the alert is delivered, or raises
`NotNow`, `Refused` or `Misconfigured`. `inbox` reads, `delivery` tries again, `webhook` and `mail` are outputs.
"""

from __future__ import annotations

from collections.abc import Callable

from streams.core.records import Alert

Output = Callable[[Alert, bytes], None]


class NotNow(Exception):
    """The receiver cannot take the alert now: try again, after `seconds` where it says so."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Refused(Exception):
    """The receiver will never take this alert."""


class Misconfigured(Exception):
    """The output can deliver nothing until somebody changes its settings."""
