"""The judge of the faults sees what is lost, wrong, leaked or repeated otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from streams.codec import encode
from streams.core.records import Enriched
from tests.faults import oracle
from tests.faults.oracle import Read
from tests.faults.wires import load

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
TEXT = "Un drone a frappé mardi un dépôt à Odessa, tuant 3 personnes, a annoncé le gouverneur."


def read(number: int, key: str, value: bytes, seen: datetime = NOW, **headers: str) -> Read:
    return Read(0, number, NOW, seen.timestamp(), key.encode(), value, [(name, text.encode()) for name, text in headers.items()])


def article(number: int, id_: str = "a", **fields: Any) -> Read:
    return read(number, id_, json.dumps({"id": id_, "body": TEXT, "language": "fr", "published": NOW.isoformat(), **fields}).encode())


@pytest.fixture
def found() -> oracle.Stories:
    later = (NOW + timedelta(minutes=1)).isoformat()
    return oracle.stories(
        [
            article(0),
            article(1, version=2),
            article(2, "b"),
            article(3, "b", version=2, status="canceled"),
            read(4, "c", b'{"id": '),
            article(5, "d", embargoed=later, status="withheld"),
            article(6),
        ]
    )


def published(found: oracle.Stories, *left_out: str) -> list[Read]:
    right = oracle.tagged(found.latest.values())
    gone = {id_: Enriched(id=id_, version=one.version, status="canceled") for id_, one in found.latest.items() if one.status == "canceled"}
    return [read(n, id_, encode(one)) for n, (id_, one) in enumerate((right | gone).items()) if id_ not in left_out]


def test_the_latest_version_of_each_story_is_right(found: oracle.Stories) -> None:
    latest = {id_: (one.version, one.status) for id_, one in found.latest.items()}
    assert latest == {"a": (2, "usable"), "b": (2, "canceled"), "d": (1, "usable")}
    assert list(found.unreadable) == ["0:4"]
    assert not list(oracle.judge_articles(found, oracle.tagged(found.latest.values()), published(found)))


def test_a_lost_article_a_late_one_and_a_withdrawn_one_that_stands_are_seen(found: oracle.Stories) -> None:
    right = oracle.tagged(found.latest.values())
    assert list(oracle.judge_articles(found, right, published(found, "a"))) == ["lost: article a"]
    late = [*published(found), read(9, "a", encode(Enriched(id="a", body=TEXT))), read(10, "b", encode(Enriched(id="b", body=TEXT)))]
    assert sorted(oracle.judge_articles(found, right, late)) == [
        "wrong: article a",
        "wrong: article b is withdrawn, its last record is not",
    ]


def test_a_development_that_is_lost_or_stands_too_long_is_seen(found: oracle.Stories) -> None:
    right = oracle.tagged(found.latest.values())
    wanted = {development.id for one in right.values() for development in one.developments}
    assert {fault.partition(":")[0] for fault in oracle.judge_developments(right, [])} == {"lost"}
    assert len(list(oracle.judge_developments(right, []))) == len(wanted) > 0


def test_a_dead_letter_must_be_whole(found: oracle.Stories) -> None:
    whole = read(0, "c", b'{"id": ', **{"dlq.partition": "0", "dlq.offset": "4"})
    assert not list(oracle.judge_dead_letters(found, [whole]))
    assert list(oracle.judge_dead_letters(found, [])) == ["lost: dead letter 0:4"]
    assert list(oracle.judge_dead_letters(found, [whole._replace(value=b"{")])) == ["wrong: dead letter 0:4"]


def test_what_was_read_before_its_time_is_a_leak(found: oracle.Stories) -> None:
    early = read(0, "d", encode(Enriched(id="d", body=TEXT)), NOW + timedelta(seconds=59))
    quoted = read(1, "s", json.dumps({"evidence": [{"article": "d", "version": 1}]}).encode(), NOW)
    late = early._replace(seen=(NOW + timedelta(seconds=61)).timestamp())
    assert len(list(oracle.judge_embargoes(found, {"t": [early, quoted, late]}))) == 2


def test_a_repeat_must_be_the_same(found: oracle.Stories) -> None:
    same = [read(0, "x", b'{"id":"x","n":1}'), read(1, "x", b'{"id":"x","n":1}')]
    assert not list(oracle.judge_repeats("t", same, lambda r: r["id"]))
    assert list(oracle.judge_repeats("t", [*same, read(2, "x", b'{"id":"x","n":2}')], lambda r: r["id"]))


def test_a_seed_always_makes_the_same_load() -> None:
    assert load(5, 300) == load(5, 300) != load(6, 300)
    assert len(load(5, 300)) == 300
