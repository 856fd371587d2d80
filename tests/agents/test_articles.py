"""What a message becomes, without a broker; tests/live tests the agent on one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import codec, topics
from streams.agents import articles
from streams.core.records import Article, Development, Enriched, Place, ReportedDevelopment
from streams.delivery import Incoming, Outgoing, TooManyDeadLetters
from streams.metrics import Metrics
from streams.settings import Settings
from tests.real import TAGGER

SECRET = "the words of the article"
TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def agent(settings: Settings | None = None, sent: list[Outgoing] | None = None) -> articles.ArticlesAgent:
    async def send(message: Outgoing) -> Awaitable[Any]:
        if sent is not None:
            sent.append(message)
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    return articles.ArticlesAgent(settings or Settings(topic_prefix="eu."), TAGGER, Metrics("1", "2"), send)


def incoming(value: bytes | None, timestamp: int = 1_760_000_000_000) -> Incoming:
    return Incoming("eu.wire.articles.v1", 1, 2, timestamp, b"key", value, [("traceparent", TRACE)])


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
    enriched, placed, nowhere = agent().process(incoming(article(source="TA", version=3))).records
    assert (enriched.topic, enriched.key) == ("eu.newsroom.articles.v1", b"a")
    assert codec.decode(enriched.value or b"", Enriched).body == SECRET
    assert (placed.topic, placed.key) == ("eu.newsroom.developments.v1", b"UKR")
    assert nowhere.key == b"a"
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
    (record,) = agent().process(incoming(article(**fields))).records
    assert dict(record.headers)["ce_time"] == time


def test_without_any_time_there_is_none() -> None:
    (record,) = agent().process(incoming(article(), timestamp=-1)).records
    assert "ce_time" not in dict(record.headers)


def test_what_cannot_be_read_is_a_dead_letter() -> None:
    outcome = agent().process(incoming(b"{"))
    (letter,) = outcome.records
    assert (letter.topic, letter.key, letter.value) == ("eu.newsroom.dead-letters.v1", b"key", b"{")
    assert outcome.reason == "invalid-json"


def test_the_longest_article_is_a_setting() -> None:
    assert agent(Settings(max_article_bytes=1000)).process(incoming(article(body="x" * 1000))).reason == "too-large"


def test_a_fault_of_the_tagger_is_a_dead_letter_without_a_word_of_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(found: Article, _: object) -> Enriched:
        raise KeyError(found.body)

    monkeypatch.setattr(articles, "enrich", fails)
    outcome = agent().process(incoming(article()))
    why = {name: value.decode() for name, value in outcome.records[0].headers if name.startswith("dlq.")}
    assert outcome.reason == why["dlq.reason"] == "tagger-failed"
    assert why["dlq.stage"] == "tag"
    assert why["dlq.message"].startswith("KeyError at ")
    assert SECRET not in str(why)


def test_without_memory_nothing_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(found: Article, _: object) -> Enriched:
        raise MemoryError

    monkeypatch.setattr(articles, "enrich", fails)
    with pytest.raises(MemoryError):
        agent().process(incoming(article()))


def test_a_result_that_no_topic_takes_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = topics.described()[topics.DEVELOPMENTS].max_bytes
    finds(monkeypatch, msgspec.structs.replace(DEVELOPMENT, text="x" * limit))
    outcome = agent().process(incoming(article()))
    assert outcome.reason == "result-too-large"
    assert [record.topic for record in outcome.records] == ["eu.newsroom.dead-letters.v1"]


sent_articles = st.builds(article, headline=st.text(max_size=50), body=st.text(max_size=200), source=st.text(max_size=9) | st.none())


@given(st.binary(max_size=200) | sent_articles)
def test_every_message_becomes_something_and_the_same_again(value: bytes) -> None:
    first, second = agent().process(incoming(value)), agent().process(incoming(value))
    assert first == second
    assert first.records
    assert (first.enriched is None) == (first.reason is not None)


def test_a_batch_is_published_in_order_and_counted() -> None:
    sent: list[Outgoing] = []
    tagging = agent(sent=sent)
    asyncio.run(tagging.handle([incoming(article(id="1")), incoming(b"{"), incoming(article(id="2"))]))
    assert [message.key for message in sent] == [b"1", b"key", b"2"]
    text = tagging._metrics.text().decode()
    assert 'newsroom_dead_letters_total{reason="invalid-json"} 1.0' in text
    assert "newsroom_batch_articles_sum 3.0" in text


def test_a_wire_that_is_broken_stops_the_batch() -> None:
    tagging = agent(Settings(dead_letter_minimum=3, dead_letter_share=0.5))
    with pytest.raises(TooManyDeadLetters):
        asyncio.run(tagging.handle([incoming(b"{")] * 3))
