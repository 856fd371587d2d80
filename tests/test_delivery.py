"""Every message is acknowledged or the batch is sent again; a broken wire is told from a broken message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError, NotLeaderForPartitionError
from hypothesis import given
from hypothesis import strategies as st

from streams.delivery import Batch, DeadLetterLimit, Incoming, Outgoing, TooManyDeadLetters, dead_letter, is_transient

optional_bytes = st.none() | st.binary(max_size=20)
headers = st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=8)), max_size=4)


class Broker:
    """Takes messages; fails with each of `troubles` once, in turn: first when queued, then when acknowledged."""

    def __init__(self, *, queued: list[Exception] = [], acknowledged: list[Exception] = []) -> None:  # noqa: B006 - copied
        self.log: list[Outgoing] = []
        self._queued = list(queued)
        self._acknowledged = list(acknowledged)

    async def send(self, message: Outgoing) -> Awaitable[Any]:
        if self._queued:
            raise self._queued.pop(0)
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._acknowledged:
            answer.set_exception(self._acknowledged.pop(0))
        else:
            self.log.append(message)
            answer.set_result(None)
        return answer


def outgoing(number: int) -> Outgoing:
    return Outgoing("topic", b"key", str(number).encode(), [])


async def deliver(broker: Broker, messages: list[Outgoing]) -> int:
    """How often the batch was sent again."""
    retries: list[None] = []
    batch = Batch(broker.send, on_retry=lambda: retries.append(None))
    for message in messages:
        await batch.add(message)
    await batch.acknowledged()
    return len(retries)


def test_a_batch_is_sent_once_and_in_order() -> None:
    broker = Broker()
    messages = [outgoing(number) for number in range(5)]
    assert asyncio.run(deliver(broker, messages)) == 0
    assert broker.log == messages


@pytest.mark.parametrize(
    "broker",
    [
        Broker(queued=[KafkaConnectionError()]),
        Broker(queued=[KafkaTimeoutError()]),
        Broker(acknowledged=[NotLeaderForPartitionError()]),
        Broker(acknowledged=[KafkaTimeoutError()]),
    ],
)
def test_after_transient_trouble_the_last_word_is_the_whole_batch_in_order(broker: Broker) -> None:
    messages = [outgoing(number) for number in range(3)]
    assert asyncio.run(deliver(broker, messages)) == 1
    assert broker.log[-3:] == messages


def test_what_sending_again_cannot_mend_is_raised() -> None:
    with pytest.raises(MessageSizeTooLargeError):
        asyncio.run(deliver(Broker(acknowledged=[MessageSizeTooLargeError()]), [outgoing(1)]))


def test_a_batch_that_is_cancelled_does_not_count_as_acknowledged() -> None:
    async def cancelled() -> None:
        batch = Batch(lambda _: asyncio.sleep(0, asyncio.get_running_loop().create_future()))
        await batch.add(outgoing(1))
        async with asyncio.timeout(0):
            await batch.acknowledged()

    with pytest.raises(TimeoutError):
        asyncio.run(cancelled())


@pytest.mark.parametrize(("error", "transient"), [(OSError(), True), (KafkaTimeoutError(), True), (ValueError(), False)])
def test_transient_trouble_is_the_brokers(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


@given(key=optional_bytes, value=optional_bytes, given_headers=headers)
def test_a_dead_letter_holds_the_message_untouched(key: bytes | None, value: bytes | None, given_headers: list[tuple[str, bytes]]) -> None:
    message = Incoming("wire", 3, 14, 1500, key, value, given_headers)
    letter = dead_letter(message, "dead", reason="invalid-json", detail="é", stage="decode")
    assert letter.topic == "dead"
    assert letter.key == key
    assert letter.value == (b"" if key is None and value is None else value)  # no client sends neither
    assert list(letter.headers[: len(given_headers)]) == given_headers
    assert dict(letter.headers[len(given_headers) :]) == {
        "dlq.topic": b"wire",
        "dlq.partition": b"3",
        "dlq.offset": b"14",
        "dlq.timestamp": b"1500",
        "dlq.reason": b"invalid-json",
        "dlq.message": "é".encode(),
        "dlq.stage": b"decode",
    }
    assert letter == dead_letter(message, "dead", reason="invalid-json", detail="é", stage="decode")


def count(limit: DeadLetterLimit, reasons: list[str | None]) -> int | None:
    """The number of the message that broke the limit, from 1."""
    for number, reason in enumerate(reasons, start=1):
        try:
            limit.count(reason)
        except TooManyDeadLetters:
            return number
    return None


def test_dead_letters_over_the_share_stop_once_there_are_enough() -> None:
    limit = DeadLetterLimit(share=0.5, window=100, minimum=10)
    assert count(limit, ["invalid-json"] * 100) == 10


def test_dead_letters_under_the_share_never_stop() -> None:
    limit = DeadLetterLimit(share=0.5, window=100, minimum=10)
    assert count(limit, [None, "invalid-json"] * 500) is None


def test_what_is_past_is_forgotten() -> None:
    limit = DeadLetterLimit(share=0.5, window=10, minimum=5)
    assert count(limit, (["not-utf8"] * 4 + [None] * 6) * 20) is None
    assert count(limit, ["not-utf8"] * 10) is not None


def test_a_share_of_one_never_stops() -> None:
    assert count(DeadLetterLimit(share=1, window=10, minimum=1), ["not-utf8"] * 100) is None


@given(
    st.lists(st.sampled_from([None, None, "a", "b"]), max_size=80),
    st.sampled_from([0.1, 0.3, 0.5, 0.9]),
    st.integers(1, 20),
    st.integers(1, 20),
)
def test_the_limit_is_what_counting_by_hand_gives(reasons: list[str | None], share: float, window: int, minimum: int) -> None:
    by_hand = None
    for number in range(1, len(reasons) + 1):
        recent = reasons[max(0, number - window) : number]
        dead = sum(reason is not None for reason in recent)
        if reasons[number - 1] is not None and dead >= minimum and dead > share * len(recent):
            by_hand = number
            break
    assert count(DeadLetterLimit(share, window, minimum), reasons) == by_hand


def test_the_message_names_share_reason_and_way_out() -> None:
    limit = DeadLetterLimit(share=0.5, window=10, minimum=2)
    limit.count("not-utf8")
    with pytest.raises(TooManyDeadLetters, match=r"2 of the last 2 .*1 of them: too-large.*50%.*newsroom dead-letters resume") as stopped:
        limit.count("too-large", 1_760_000_000_000)
    assert stopped.value.at == 1_760_000_000_000


def test_what_came_before_somebody_accepted_it_counts_no_longer() -> None:
    limit = DeadLetterLimit(share=0.5, window=10, minimum=3)
    limit.count("not-utf8", 1)
    limit.count("not-utf8", 2)
    limit.accept(5)
    for _ in range(20):
        limit.count("not-utf8", 5)
    limit.accept(4)  # said earlier, read later
    limit.count("not-utf8", 5)
    limit.count("not-utf8", 6)
    limit.count("not-utf8", -1)  # without a time nobody knows that it is accepted
    with pytest.raises(TooManyDeadLetters, match="3 of the last 3 "):
        limit.count("not-utf8", 7)
