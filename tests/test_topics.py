"""schemas/topics.yml describes every topic, and the broker is made and checked after it."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from streams import topics
from streams.broker import EmbeddedBroker
from streams.settings import Settings


def settings_for(broker: EmbeddedBroker) -> Settings:
    return Settings(broker=broker.address, topic_prefix=f"{uuid.uuid4().hex[:8]}.")


def test_the_topics_that_the_code_names_are_the_topics_described() -> None:
    named = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)}
    assert set(topics.described()) == named


@pytest.mark.parametrize("topic", topics.described().values(), ids=lambda topic: topic.name)
def test_a_topic_says_what_it_is_for_and_who_uses_it(topic: topics.Topic) -> None:
    assert topic.purpose
    assert topic.key
    root = Path(topics.__file__).parents[1]
    files = [user for user in (*topic.writers, *topic.readers) if user.endswith(".py")]
    assert topic.writers
    assert topic.readers
    assert all((root / file).is_file() for file in files)


def test_what_is_made_of_an_article_fits_where_it_goes() -> None:
    described = topics.described()
    assert described[topics.ARTICLES].max_bytes > described[topics.WIRE].max_bytes
    assert described[topics.DEAD_LETTERS].max_bytes > described[topics.WIRE].max_bytes
    assert described[topics.WIRE].max_bytes > Settings().max_article_bytes


def test_missing_topics_are_told_made_and_left_alone(embedded: EmbeddedBroker) -> None:
    settings = settings_for(embedded)
    names = [settings.topic(name) for name in topics.described()]
    assert topics.check(settings) == [f"{name} is missing: run `newsroom topics create`" for name in names]
    assert topics.create(settings) == names
    assert topics.create(settings) == []
    assert topics.check(settings) == []


def test_a_topic_that_differs_is_told(embedded: EmbeddedBroker) -> None:
    settings = settings_for(embedded)
    with topics._admin(settings) as admin:
        odd = {"num_partitions": 1, "replication_factor": 1, "configs": {"retention.ms": "1000"}}
        admin.create_topics({settings.topic(topics.WIRE): odd})
    topics.create(settings)
    first, second = topics.check(settings)
    assert first.startswith(f"{settings.topic(topics.WIRE)} has 1 partitions, described are 4")
    assert second == f"{settings.topic(topics.WIRE)} has retention.ms=1000, described is 604800000"


def test_lacking_knows_the_prefix() -> None:
    settings = Settings(topic_prefix="eu.")
    assert topics.lacking(settings, [f"eu.{name}" for name in topics.described()]) == []
    assert topics.lacking(settings, list(topics.described())) == [f"eu.{name}" for name in topics.described()]
