"""Delivers an alert however long it takes. What delivering is, the output knows."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from streams.core.records import Alert
from streams.subscriber import NotNow, Output

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 300.0
"""Between two attempts: at first, and when the receiver has been away for long."""
_LONGEST_ASKED_SECONDS = 3600.0
"""A receiver may ask for a longer pause, up to this."""

_backoff = wait_exponential_jitter(initial=FIRST_SECONDS, max=LONGEST_SECONDS)


def deliver(output: Output, alert: Alert, value: bytes, wait: Callable[[float], None], say: Callable[[str], None]) -> None:
    """Hand the alert to the output again and again until it is taken; `wait` passes the time, and may raise to give up.

    :raises Refused: the receiver will never take it.
    :raises Misconfigured: the output can deliver nothing.
    """
    def note(state: RetryCallState) -> None:
        assert state.outcome is not None
        say(f"{alert.id}: not delivered yet: {state.outcome.exception()}; again in {state.upcoming_sleep:.0f} s")

    Retrying(retry=retry_if_exception_type(NotNow), wait=_pause, sleep=wait, before_sleep=note)(output, alert, value)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.seconds if isinstance(error, NotNow) else 0.0
    return max(_backoff(state), min(asked, _LONGEST_ASKED_SECONDS))
