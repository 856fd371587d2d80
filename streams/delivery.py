"""Publish until acknowledged; dead letters and their limit. Knows records of bytes and how to send one, neither Faust nor articles."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from aiokafka.errors import KafkaError, KafkaTimeoutError, UnknownError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

log = logging.getLogger(__name__)

Headers = Sequence[tuple[str, bytes]]

WIRE_TIME = "newsroom-wire-ms"
"""The header that carries the timestamp of the wire message on, so that the time to an alert can be measured."""

_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 30.0
_FRAME_BYTES = 200  # what Kafka adds to a batch of one record, and a little more


class Incoming(NamedTuple):
    """A message as it was read."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    """Milliseconds since 1970 in UTC, as the producer or the broker set it; -1 when neither did."""
    key: bytes | None
    value: bytes | None
    headers: Headers

    def header(self, name: str) -> bytes | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def time(self) -> datetime:
        """When the broker or the producer says that it was sent; 1970 where neither does."""
        return instant(max(0, self.timestamp))


class Outgoing(NamedTuple):
    """A message to be published."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None
    """Where it must go; none: where its key leads."""

    @property
    def size(self) -> int:
        """Bytes that the broker counts, a few more rather than fewer."""
        headers = sum(len(key) + len(value or b"") + 10 for key, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers + _FRAME_BYTES


Send = Callable[[Outgoing], Awaitable[Awaitable[Any]]]
"""Queues a message and returns what to await for the broker's acknowledgement."""


class Memory(Protocol):
    """What an agent remembers, by partition and key (`streams.agents.state.State`)."""

    def get(self, partition: int, key: str) -> bytes | None: ...

    def put(self, partition: int, key: str, value: bytes | None) -> None: ...

    async def store(self) -> None: ...

    def all(self) -> Iterator[tuple[int, str, bytes]]: ...

    def sweep(self, count: int) -> Iterator[tuple[int, str, bytes]]: ...


def instant(timestamp: int) -> datetime:
    """The time of a Kafka timestamp (milliseconds since 1970)."""
    return datetime.fromtimestamp(timestamp / 1000, UTC)


def dead_letter(message: Incoming, topic: str, *, reason: str, detail: str, stage: str) -> Outgoing:
    """The message whole, key, value and headers untouched, with where it was and why it was put aside in `dlq.*` headers.

    `reason` is a code, `detail` a sentence, `stage` the step that gave up: `decode`, `tag` or `encode`.
    The same message gives the same dead letter.
    """
    why = (
        ("dlq.topic", message.topic),
        ("dlq.partition", str(message.partition)),
        ("dlq.offset", str(message.offset)),
        ("dlq.timestamp", str(message.timestamp)),
        ("dlq.reason", reason),
        ("dlq.message", detail),
        ("dlq.stage", stage),
    )
    nothing = message.key is None and message.value is None  # aiokafka reads such a message and will not send it
    value = b"" if nothing else message.value
    return Outgoing(topic, message.key, value, [*message.headers, *((name, text.encode()) for name, text in why)])


class TooManyDeadLetters(Exception):
    """So much of the recent traffic cannot be read that the worker must not go on rather than put the wire aside.

    `at` is the time of the message that was one too many, in milliseconds since 1970; -1: it has none.
    """

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class DeadLetterLimit:
    """Counts the dead letters among the last `window` messages. It knows no clock: the same messages give the same end."""

    def __init__(self, share: float, window: int, minimum: int) -> None:
        self._share = share
        self._minimum = minimum
        self._recent: deque[str | None] = deque(maxlen=window)
        self._dead = 0
        self._accepted = 0

    def accept(self, until: int) -> None:
        """Somebody knows of all that came until then (milliseconds since 1970): it counts no longer, and counting begins anew."""
        if until > self._accepted:
            self._accepted = until
            self._recent.clear()
            self._dead = 0

    def count(self, reason: str | None, timestamp: int = -1) -> None:
        """Note one more message with its time (milliseconds since 1970; -1: none), and the reason if it became a dead letter.

        :raises TooManyDeadLetters: at least `minimum` of the window are dead letters, and more than `share` of it.
        """
        if 0 <= timestamp <= self._accepted:
            return
        if len(self._recent) == self._recent.maxlen:
            self._dead -= self._recent.popleft() is not None
        self._recent.append(reason)
        if reason is None:
            return
        self._dead += 1
        if self._dead >= self._minimum and self._dead > self._share * len(self._recent):
            raise TooManyDeadLetters(self._message(reason), timestamp)

    def _message(self, reason: str) -> str:
        same = sum(1 for other in self._recent if other == reason)
        return (
            f"{self._dead} of the last {len(self._recent)} messages cannot be read ({same} of them: {reason}), over the limit of "
            f"{self._share:.0%}. Nothing is lost or skipped, no more is read. `newsroom dead-letters list` shows what it is; mend what "
            "writes to the topic, then `newsroom dead-letters resume`: what is broken up to then is put aside, and the work goes on"
        )


class Batch:
    """Messages on their way together, in order. `acknowledged` returns when the broker has every one of them."""

    def __init__(self, send: Send, on_retry: Callable[[], None] = lambda: None) -> None:
        self._send = send
        self._on_retry = on_retry
        self._messages: list[Outgoing] = []
        self._pending: list[Awaitable[Any]] = []

    async def add(self, message: Outgoing) -> None:
        """Queue one more message; what goes wrong with it shows in `acknowledged`."""
        self._messages.append(message)
        self._pending.append(await self._queued(message))

    async def acknowledged(self) -> list[Any]:
        """Wait for every acknowledgement and return them in the order of the messages. Transient trouble is met by sending the whole
        batch again, for ever, at ever longer intervals: a part alone could land behind a newer version of the same story. A repeat
        is the same record again.

        :raises Exception: what sending again cannot mend.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(is_transient),
            wait=wait_exponential_jitter(multiplier=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS, jitter=_FIRST_WAIT_SECONDS),
            before_sleep=self._before_retry,
            reraise=True,
        ):
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    self._pending = [await self._queued(message) for message in self._messages]
                outcomes = await asyncio.gather(*self._pending, return_exceptions=True)
                for outcome in outcomes:
                    if isinstance(outcome, BaseException):
                        raise outcome
        return list(outcomes)

    async def _queued(self, message: Outgoing) -> Awaitable[Any]:
        try:
            return await self._send(message)
        except Exception as error:
            failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            failed.set_exception(error)
            return failed

    def _before_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0
        log.warning("the broker did not take a batch of %d (%s): again in %.1f s", len(self._messages), type(error).__name__, wait)
        self._on_retry()


def is_transient(error: BaseException) -> bool:
    """Whether sending again can help."""
    return isinstance(error, KafkaTimeoutError | UnknownError | OSError) or (isinstance(error, KafkaError) and error.retriable)
