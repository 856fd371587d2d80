"""What a message becomes, without a broker; tests/live tests the agent on one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from streams import codec, topics
from streams.agents import articles
from streams.core.records import Article, Development, Enriched, Place, ReportedDevelopment
from streams.delivery import Incoming, Outgoing, TooManyDeadLetters
from streams.metrics import Metrics
from streams.settings import Settings
from tests.memory import DictMemory
from tests.real import TAGGER

SECRET = "the words of the article"
TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def agent(
    settings: Settings | None = None, sent: list[Outgoing] | None = None, memory: DictMemory | None = None
) -> articles.ArticlesAgent:
    async def send(message: Outgoing) -> Awaitable[Any]:
        if sent is not None:
            sent.append(message)
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    return articles.ArticlesAgent(settings or Settings(topic_prefix="eu."), TAGGER, Metrics("1", "2"), send, memory or DictMemory())


NOW = datetime(2025, 10, 9, 9, tzinfo=UTC)


def incoming(value: bytes | None, timestamp: int = 1_760_000_000_000, key: bytes = b"a") -> Incoming:
    return Incoming("eu.wire.articles.v1", 1, 2, timestamp, key, value, [("traceparent", TRACE)])


def process(message: Incoming, using: articles.ArticlesAgent | None = None, now: datetime = NOW) -> articles.Outcome:
    return (using or agent()).process(message, now)


def article(**fields: object) -> bytes:
    return json.dumps({"id": "a", "headline": "Budget", "body": SECRET, **fields}).encode()


DEVELOPMENT = Development(
    id="d", type="shelling", family="violence", plover="ASSAULT", field="body", start=0, end=3, text="the", rule="r",
    place=Place("Kharkiv", country="UKR"),
)  # fmt: skip


def finds(monkeypatch: pytest.MonkeyPatch, *developments: Development) -> None:
    """Let the tagger find just these."""

    def enrich(found: Article, _: object) -> Enriched:
        return Enriched(**msgspec.structs.asdict(found), developments=list(developments))

    monkeypatch.setattr(articles, "enrich", enrich)


def test_an_article_becomes_itself_and_its_developments(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, DEVELOPMENT, msgspec.structs.replace(DEVELOPMENT, id="e", place=None))
    enriched, placed, nowhere = process(incoming(article(source="TA", version=3))).records
    assert (enriched.topic, enriched.key) == ("eu.newsroom.articles.v1", b"a")
    assert codec.decode(enriched.value or b"", Enriched).body == SECRET
    assert (placed.topic, placed.key) == ("eu.newsroom.developments.v1", b"UKR")
    assert nowhere.key == b"a"
    assert [codec.decode(r.value or b"", ReportedDevelopment).parts for r in (placed, nowhere)] == [1, 1]
    record = codec.decode(placed.value or b"", ReportedDevelopment)
    assert (record.article, record.version, record.source_agency, record.text) == ("a", 3, "TA", "the")
    assert all(dict(made.headers)["traceparent"] == TRACE for made in (enriched, placed, nowhere))


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({"published": "2025-10-22T09:40:00+02:00", "updated": "2025-10-22T10:00:00Z"}, b"2025-10-22T10:00:00Z"),
        ({"published": "2025-10-22T09:40:00+02:00"}, b"2025-10-22T09:40:00+02:00"),
        ({}, b"2025-10-09T08:53:20Z"),
    ],
)
def test_the_time_of_an_event_is_the_articles_or_else_the_messages(fields: dict[str, str], time: bytes) -> None:
    (record,) = process(incoming(article(**fields))).records
    assert dict(record.headers)["ce_time"] == time


def test_without_any_time_there_is_none() -> None:
    (record,) = process(incoming(article(), timestamp=-1)).records
    assert "ce_time" not in dict(record.headers)


def test_what_cannot_be_read_is_a_dead_letter() -> None:
    outcome = process(incoming(b"{"))
    (letter,) = outcome.records
    assert (letter.topic, letter.key, letter.value) == ("eu.newsroom.dead-letters.v1", b"a", b"{")
    assert outcome.reason == "invalid-json"


def test_the_longest_article_is_a_setting() -> None:
    assert process(incoming(article(body="x" * 1000)), agent(Settings(max_article_bytes=1000))).reason == "too-large"


def test_a_fault_of_the_tagger_is_a_dead_letter_without_a_word_of_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(found: Article, _: object) -> Enriched:
        raise KeyError(found.body)

    monkeypatch.setattr(articles, "enrich", fails)
    outcome = process(incoming(article()))
    why = {name: value.decode() for name, value in outcome.records[0].headers if name.startswith("dlq.")}
    assert outcome.reason == why["dlq.reason"] == "tagger-failed"
    assert why["dlq.stage"] == "tag"
    assert why["dlq.message"].startswith("KeyError at ")
    assert SECRET not in str(why)


def test_a_fault_of_a_reader_is_a_dead_letter_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Article:
        raise IndexError(SECRET)

    monkeypatch.setattr(codec, "decode_article", fails)
    outcome = process(incoming(article()))
    why = {name: value.decode() for name, value in outcome.records[0].headers if name.startswith("dlq.")}
    assert (outcome.reason, why["dlq.stage"]) == ("reader-failed", "decode")
    assert why["dlq.message"].startswith("IndexError at ") and SECRET not in str(why)
    assert process(incoming(article(embargoed="2099-01-01T00:00:00Z"))).kind == "held"


def test_without_memory_nothing_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(found: Article, _: object) -> Enriched:
        raise MemoryError

    monkeypatch.setattr(articles, "enrich", fails)
    with pytest.raises(MemoryError):
        process(incoming(article()))


def test_a_result_that_no_topic_takes_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = topics.described()[topics.DEVELOPMENTS].max_bytes
    finds(monkeypatch, msgspec.structs.replace(DEVELOPMENT, text="x" * limit))
    outcome = process(incoming(article()))
    assert outcome.reason == "result-too-large"
    assert [record.topic for record in outcome.records] == ["eu.newsroom.dead-letters.v1"]


sent_articles = st.builds(article, headline=st.text(max_size=50), body=st.text(max_size=200), source=st.text(max_size=9) | st.none())


@given(st.binary(max_size=200) | sent_articles)
def test_every_message_becomes_something_and_the_same_again(value: bytes) -> None:
    first, second = process(incoming(value)), process(incoming(value))
    assert first == second
    assert first.records
    assert (first.kind == "enriched") == (first.enriched is not None)
    assert (first.kind == "dead_letter") == (first.reason is not None)


def test_a_batch_is_published_in_order_and_counted() -> None:
    sent: list[Outgoing] = []
    tagging = agent(sent=sent)
    messages = [incoming(article(id="1"), key=b"1"), incoming(b"{", key=b"key"), incoming(article(id="2"), key=b"2")]
    asyncio.run(tagging.handle(messages))
    assert [message.key for message in sent] == [b"1", b"key", b"2"]
    text = tagging._metrics.text().decode()
    assert 'newsroom_dead_letters_total{reason="invalid-json"} 1.0' in text
    assert "newsroom_batch_articles_sum 3.0" in text


def test_a_wire_that_is_broken_stops_the_batch() -> None:
    tagging = agent(Settings(dead_letter_minimum=3, dead_letter_share=0.5))
    with pytest.raises(TooManyDeadLetters):
        asyncio.run(tagging.handle([incoming(b"{")] * 3))


def test_what_is_broken_and_accepted_is_put_aside_and_stops_nothing() -> None:
    sent: list[Outgoing] = []
    tagging = agent(Settings(dead_letter_minimum=3, dead_letter_share=0.5), sent=sent)
    broken = [incoming(b"{")] * 6
    tagging.accept(broken[0].timestamp)
    asyncio.run(tagging.handle(broken))
    assert len(sent) == 6
    later = [message._replace(timestamp=message.timestamp + 1) for message in broken]
    with pytest.raises(TooManyDeadLetters):
        asyncio.run(tagging.handle(later))


STRIKE = "Un drone russe a frappé mardi un dépôt de carburant à Odessa, a annoncé le gouverneur."
TOLL = "Trois personnes ont été tuées à Odessa."


def wire(version: int, *lines: str, **fields: object) -> bytes:
    text = {"headline": "", "body": "\n".join(lines), "language": "fr", "published": "2025-10-08T09:00:00Z"}
    return json.dumps({"id": "a", "version": version, **text, **fields}).encode()


def release(at: datetime) -> Incoming:
    """What a worker writes to the wire where it finds that something is due."""
    return Incoming("eu.wire.articles.v1", 1, 9, round(at.timestamp() * 1000), None, b"", [(articles.RELEASE, b"1")])


class Line:
    """Messages through one agent, each stored before the next, as they would be on a quiet wire."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.memory = DictMemory()
        self.agent = agent(sent=self.sent, memory=self.memory)

    def takes(self, value: bytes, timestamp: int = 1_760_000_000_000) -> list[ReportedDevelopment]:
        """The developments that a message gives rise to."""
        before = len(self.sent)
        asyncio.run(self.agent.handle([incoming(value, timestamp)]))
        return self._developments(before)

    def releases(self, at: datetime) -> list[ReportedDevelopment]:
        before = len(self.sent)
        asyncio.run(self.agent.handle([release(at)]))
        return self._developments(before)

    def asks(self) -> list[tuple[int | None, bytes | None]]:
        """(partition, value) of all that it has written to the wire so that what is due goes out."""
        asyncio.run(self.agent.ask_for_release())
        return [(m.partition, m.value) for m in self.sent if dict(m.headers).get(articles.RELEASE)]

    def _developments(self, start: int) -> list[ReportedDevelopment]:
        found = [message for message in self.sent[start:] if message.topic == "eu.newsroom.developments.v1"]
        return [codec.decode(message.value or b"", ReportedDevelopment) for message in found]

    @property
    def articles(self) -> list[Enriched]:
        found = [message for message in self.sent if message.topic == "eu.newsroom.articles.v1"]
        return [codec.decode(message.value or b"", Enriched) for message in found]


def test_a_new_version_sends_only_what_changed() -> None:
    line = Line()
    first = line.takes(wire(1, STRIKE))
    assert {d.type for d in first} == {"drone_strike", "infrastructure_damage"}
    assert [d.type for d in line.takes(wire(2, "Le budget a été voté.", STRIKE, TOLL))] == ["casualties"]
    gone = line.takes(wire(3, STRIKE))
    assert [(d.type, d.retracted, d.text) for d in gone] == [("casualties", True, "")]
    assert [a.version for a in line.articles] == [1, 2, 3]


def test_an_older_version_and_the_same_again_change_nothing() -> None:
    line = Line()
    line.takes(wire(2, STRIKE))
    assert line.takes(wire(1, TOLL)) == line.takes(wire(2, STRIKE)) == []
    assert [a.version for a in line.articles] == [2]
    assert 'outcome="repeat"} 2.0' in line.agent._metrics.text().decode()


@pytest.mark.parametrize("kill", [{"status": "canceled"}, {"signal": "kill"}, {"status": "canceled", "headline": "", "body": ""}])
@pytest.mark.parametrize("version", [1, 2])
def test_a_kill_takes_everything_back_and_says_nothing(kill: dict[str, str], version: int) -> None:
    line = Line()
    told = line.takes(wire(1, STRIKE))
    back = line.takes(wire(version, STRIKE, **kill))
    assert {(d.id, d.retracted, d.text) for d in back} == {(d.id, True, "") for d in told}
    last = line.articles[-1]
    assert (last.status, last.headline, last.body, last.developments) == ("canceled", "", "", [])
    assert line.takes(wire(1, STRIKE)) == []
    assert line.takes(wire(3, STRIKE))


def test_a_kill_before_the_story_keeps_it_out() -> None:
    line = Line()
    assert line.takes(wire(2, status="canceled")) == []
    assert line.takes(wire(1, STRIKE)) == []
    assert [a.status for a in line.articles] == ["canceled"]


@pytest.mark.parametrize("status", ["usable", "withheld"])
def test_an_embargo_holds_until_both_clocks_have_come_so_far(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "AGAIN_SECONDS", 0)
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # past by the machine's clock; the broker's is at first behind it
    early, late = (round(time.timestamp() * 1000) for time in (until - timedelta(minutes=1), until + timedelta(minutes=1)))
    assert line.takes(wire(1, STRIKE, status=status, embargoed=until.isoformat()), early) == []
    assert line.takes(wire(2, TOLL, status=status, embargoed=until.isoformat()), early) == []
    assert line.sent == []
    assert line.asks() == line.asks() == [(1, b"")]  # not again while the first is on its way
    assert line.releases(until - timedelta(seconds=1)) == []
    assert line.asks() == [(1, b""), (1, b"")]
    assert [d.type for d in line.releases(until)] == ["casualties"]
    assert [(a.version, a.status) for a in line.articles] == [(2, "usable")]
    assert line.releases(until) == []
    assert line.takes(wire(3, STRIKE, embargoed=until.isoformat()), late)
    future = datetime.now(UTC) + timedelta(hours=1)
    assert line.takes(wire(4, TOLL, embargoed=future.isoformat()), round(future.timestamp() * 1000) + 1) == []  # a broker ahead of time


def test_a_clock_that_was_ahead_does_not_keep_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "AGAIN_SECONDS", 0)
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()), round(until.timestamp() * 1000) - 1)
    with time_machine.travel(until + timedelta(hours=1)):
        assert len(line.asks()) == 1
        assert line.releases(until - timedelta(seconds=1)) == []
    with time_machine.travel(until):
        assert len(line.asks()) == 2


def test_a_held_story_comes_back_after_a_crash_and_can_be_killed() -> None:
    line = Line()
    until = datetime.now(UTC) + timedelta(hours=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()))
    again = agent(memory=DictMemory(line.memory.stored))
    again.restore()
    assert again.held == {(1, "a"): until}
    line.takes(wire(2, status="canceled"))
    assert line.agent.held == {}
    assert [a.body for a in line.articles] == [""]


@pytest.mark.parametrize("first", ["version", "release"])
@pytest.mark.parametrize("together", [True, False])
def test_the_wire_alone_tells_whether_an_embargo_ended_before_the_next_version(first: str, together: bool) -> None:
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()), round(until.timestamp() * 1000) - 1)
    following = [incoming(wire(2, STRIKE, TOLL), round(until.timestamp() * 1000)), release(until)]
    if first == "release":
        following.reverse()
    for batch in [following] if together else [[one] for one in following]:
        asyncio.run(line.agent.handle(batch))
    assert [a.version for a in line.articles] == ([2] if first == "version" else [1, 2])
    assert [d.version for d in line._developments(0)] == ([2, 2, 2] if first == "version" else [1, 1, 2])


def test_a_release_is_an_empty_message_and_no_dead_letter() -> None:
    line = Line()
    asyncio.run(line.agent.handle([release(NOW)]))
    assert line.sent == []
    assert line.takes(wire(1, STRIKE))
    named = incoming(wire(2, TOLL))._replace(headers=[(articles.RELEASE, b"1")])
    asyncio.run(line.agent.handle([named]))
    assert [a.version for a in line.articles] == [1, 2]


@pytest.mark.parametrize("embargoed", ["tomorrow", "", 5, "2025-10-22T09:40:00", "0001-01-01T00:00:00Z"])
def test_an_embargo_that_cannot_be_read_holds_for_ever_until_a_better_version(embargoed: object) -> None:
    line = Line()
    assert line.takes(wire(1, STRIKE, embargoed=embargoed)) == []
    assert line.agent.held == {(1, "a"): None}
    assert line.releases(datetime(9999, 1, 1, tzinfo=UTC)) == []
    assert line.sent == []
    assert line.takes(wire(2, STRIKE))


def test_withheld_waits_for_a_new_version() -> None:
    line = Line()
    assert line.takes(wire(1, STRIKE, status="withheld")) == []
    assert line.takes(wire(2, STRIKE))
    assert line.agent.held == {}


def test_what_cannot_be_read_and_is_under_embargo_is_no_dead_letter_yet() -> None:
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    early = round(until.timestamp() * 1000) - 1
    line.takes(wire(1, STRIKE, embargoed=until.isoformat(), urgency=77), early)
    broken = incoming(b'{"embargoed": "2999-01-01T00:00:00Z", "body": "' + STRIKE.encode(), early)
    asyncio.run(line.agent.handle([broken._replace(offset=3)]))
    assert line.sent == []
    line.releases(until)
    (letter,) = line.sent
    assert letter.topic == "eu.newsroom.dead-letters.v1"
    assert len(line.agent.held) == 1


def test_a_wrong_key_sends_the_article_on_once() -> None:
    line = Line()
    message = incoming(wire(1, STRIKE), key=b"other")
    (on,) = process(message, line.agent).records
    assert (on.topic, on.key, on.value) == ("eu.wire.articles.v1", b"a", message.value)
    again = message._replace(headers=list(on.headers))
    assert process(again, line.agent).kind == "enriched"


def test_what_was_not_stored_is_told_again_with_the_same_bytes() -> None:
    line = Line()
    line.takes(wire(1, STRIKE))
    message = incoming(wire(2, STRIKE, TOLL))
    lives = [process(message, agent(memory=DictMemory(line.memory.stored))) for _ in range(2)]
    assert lives[0] == lives[1]


def test_a_story_is_forgotten_in_time_but_not_while_it_is_held() -> None:
    line = Line()
    line.takes(wire(1, STRIKE, id="a"))
    later = 1_760_000_000_000 + round(timedelta(days=31).total_seconds() * 1000)
    asyncio.run(line.agent.handle([incoming(json.dumps({"id": "b", "body": "x", "status": "withheld"}).encode(), key=b"b")]))
    asyncio.run(line.agent.handle([incoming(b"{", later)]))
    assert set(line.memory.stored) == {(1, "b")}
