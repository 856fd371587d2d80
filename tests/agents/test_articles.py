"""What a message becomes, without a broker; tests/live tests the agent on one."""

from __future__ import annotations

import asyncio
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import codec, topics
from streams.agents import articles
from streams.core.records import Article, Development, Enriched, Place, ReportedDevelopment
from streams.delivery import Outgoing, TooManyDeadLetters
from streams.settings import Settings
from tests.agents.stories import TRACE, agent, incoming, process

SECRET = "the words of the article"


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
