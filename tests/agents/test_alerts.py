"""What incidents become for those who subscribe, without a broker; what they are told is tested in tests/core."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec

from streams import topics
from streams.agents.alerts import AlertsAgent
from streams.agents.subscriptions import Book, SubscriptionsAgent
from streams.core.records import Alert, Incident, Subscription, Tick
from streams.delivery import Incoming, instant
from streams.lexicons import load_phrases
from streams.metrics import Metrics
from streams.settings import Settings
from tests.agents.making import ODESSA, START, Sent, message
from tests.memory import DictMemory

PHRASES = load_phrases()


def incident(revision: int, **fields: object) -> Incident:
    base: dict[str, Any] = {
        "id": "i", "type": "drone_strike", "family": "violence", "place": ODESSA, "severity": "Minor", "certainty": "Possible",
        "independent_sources": 1, "revision": revision,
    }  # fmt: skip
    return msgspec.convert({**base, **fields}, Incident)


class Desk:
    """Incidents through one agent."""

    def __init__(self, *subscriptions: Subscription, memory: DictMemory | None = None) -> None:
        self.sent = Sent()
        self.memory = memory or DictMemory()
        metrics = Metrics("1", "2")
        self.book = Book(Settings(), metrics)
        self.book.subscriptions = {subscription.id: subscription for subscription in subscriptions}
        self.agent = AlertsAgent(Settings(), self.book, PHRASES, metrics, self.sent, self.memory)
        self.agent.restore()

    def takes(self, record: Incident, seconds: float = 0) -> list[str]:
        """The kinds of message that a record gives rise to."""
        before = len(self.sent)
        asyncio.run(self.agent.handle([message(topics.INCIDENTS, record.id, record, seconds=seconds)]))
        return [alert.msg_type for alert in self.sent.on(topics.ALERTS, Alert)[before:]]


def test_an_alert_its_update_and_its_end() -> None:
    desk = Desk(Subscription(id="all"))
    assert desk.takes(incident(1)) == ["alert"]
    assert desk.takes(incident(2, severity="Severe")) == ["update"]
    assert desk.takes(incident(3, retracted=True)) == ["cancel"]
    first, second, third = desk.sent.on(topics.ALERTS, Alert)
    assert (second.references, third.references) == ([first.id], [first.id, second.id])
    assert [m.key for m in desk.sent] == [b"all"] * 3
    assert first.sent == instant(START)


def test_a_record_that_is_read_again_after_a_crash_says_nothing() -> None:
    desk = Desk(Subscription(id="all"))
    desk.takes(incident(1))
    desk.takes(incident(2, severity="Severe"))
    again = Desk(Subscription(id="all"), memory=DictMemory(desk.memory.stored))
    assert again.takes(incident(1)) == again.takes(incident(2, severity="Severe")) == []


def test_what_was_not_stored_is_told_again_under_the_same_id() -> None:
    one, two = Desk(Subscription(id="all")), Desk(Subscription(id="all"))
    one.takes(incident(1))
    two.takes(incident(1))
    assert one.sent == two.sent


def test_what_waits_is_sent_when_a_tick_says_so_even_by_another_worker() -> None:
    asked = Subscription(id="all", cooldown_seconds=60)
    desk = Desk(asked)
    desk.takes(incident(1))
    assert desk.takes(incident(2, severity="Severe"), seconds=10) == []
    other = Desk(asked, memory=DictMemory(desk.memory.stored))
    due = instant(START) + timedelta(seconds=60)
    assert other.agent.due(due - timedelta(seconds=1)) == set()
    assert other.agent.due(due) == {1}
    asyncio.run(other.agent.send_due(1, due))
    (update,) = other.sent.on(topics.ALERTS, Alert)
    assert (update.msg_type, update.severity, update.sent) == ("update", "Severe", due)
    assert other.agent.due(due) == set()


def test_a_subscription_that_ends_is_canceled_once_the_book_knows() -> None:
    desk = Desk(Subscription(id="all"))
    desk.takes(incident(1))
    now = instant(START) + timedelta(seconds=5)

    async def ends() -> None:
        waiting = asyncio.create_task(desk.agent.subscription_changed(1, now, "all", 7))
        done, _ = await asyncio.wait({waiting}, timeout=0)
        assert not done
        desk.book.subscriptions.clear()
        async with desk.book._moved:
            desk.book._read = 7
            desk.book._moved.notify_all()
        await waiting

    asyncio.run(ends())
    assert [alert.msg_type for alert in desk.sent.on(topics.ALERTS, Alert)] == ["alert", "cancel"]


def subscriptions(value: bytes | None, key: str = "all") -> list[Any]:
    agent = SubscriptionsAgent(Settings(), Metrics("1", "2"), Sent(), partitions=3)
    return agent.process(Incoming(topics.SUBSCRIPTIONS, 0, 5, START, key.encode(), value, []))


def test_a_change_is_told_to_every_partition() -> None:
    for value in (b'{"id": "all"}', None):
        ticks = subscriptions(value)
        assert [tick.partition for tick in ticks] == [0, 1, 2]
        assert msgspec.json.decode(ticks[0].value, type=Tick) == Tick(reason="subscription", subscription="all", offset=5)


def test_what_is_no_subscription_is_put_aside() -> None:
    for value in (b"{", b'{"id": "all", "types": ["war"]}', b'{"id": "other"}', b'{"id": "all", "countries": ["XXX"]}'):
        (letter,) = subscriptions(value)
        assert (letter.topic, letter.value) == (topics.DEAD_LETTERS, value)


def test_the_last_good_one_stays_in_force() -> None:
    book = Book(Settings(), Metrics("1", "2"))
    book._note(b"all", b'{"id": "all", "language": "fr"}')
    book._note(b"all", b'{"id": "all", "language": "xx"}')
    assert book.subscriptions["all"].language == "fr"
    book._note(b"all", None)
    assert book.subscriptions == {}
