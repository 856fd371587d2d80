"""The topics as schemas/topics.yml describes them, made and checked on a broker. Reads and writes no message."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from msgspec import Struct

from streams.settings import Settings

WIRE = "wire.articles.v1"
ARTICLES = "newsroom.articles.v1"
DEVELOPMENTS = "newsroom.developments.v1"
INCIDENTS = "newsroom.incidents.v1"
SUBSCRIPTIONS = "newsroom.subscriptions.v1"
ALERTS = "newsroom.alerts.v1"
TICKS = "newsroom.ticks.v1"
ARTICLES_STATE = "newsroom.state.articles.v1"
INCIDENTS_STATE = "newsroom.state.incidents.v1"
ALERTS_STATE = "newsroom.state.alerts.v1"
DEAD_LETTERS = "newsroom.dead-letters.v1"

DIRECTORY = Path(__file__).parent / "schemas"
_ADMIN_TIMEOUT_MS = 10_000


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of schemas/topics.yml."""

    name: str
    purpose: str
    key: str
    schema: str | None
    examples: list[str]
    writers: list[str]
    readers: list[str]
    partitions: int
    config: dict[str, str | int]
    """Kafka topic configuration, as the broker names it."""

    @property
    def max_bytes(self) -> int:
        """The longest message that the broker takes for this topic, its frame included."""
        return int(self.config["max.message.bytes"])


@cache
def described() -> dict[str, Topic]:
    """Every topic by its name, without prefix."""
    entries = yaml.safe_load((DIRECTORY / "topics.yml").read_text(encoding="utf-8"))
    return {topic.name: topic for topic in msgspec.convert(entries, list[Topic])}


def create(settings: Settings) -> list[str]:
    """Make the topics that the broker lacks and return their names; those that are there stay as they are.

    :raises kafka.errors.KafkaError: the broker is away or refuses.
    """
    with _admin(settings) as admin:
        missing = lacking(settings, admin.list_topics())
        wanted = {
            settings.topic(topic.name): {
                "num_partitions": topic.partitions,
                "replication_factor": settings.replication,
                "configs": {name: str(value) for name, value in topic.config.items()},
            }
            for topic in described().values()
        }
        if missing:
            admin.create_topics({name: wanted[name] for name in missing}, wait_for_metadata=True)
    return missing


def check(settings: Settings) -> list[str]:
    """A sentence for each difference between the broker and schemas/topics.yml; none when all is well.

    More partitions than described are no difference: they are how a topic grows.

    :raises kafka.errors.KafkaError: the broker is away or refuses.
    """
    with _admin(settings) as admin:
        missing = lacking(settings, admin.list_topics())
        problems = [f"{name} is missing: run `newsroom topics create`" for name in missing]
        present = [topic for topic in described().values() if settings.topic(topic.name) not in missing]
        return problems + [problem for topic in present for problem in _differences(admin, settings.topic(topic.name), topic)]


def lacking(settings: Settings, present: Collection[str]) -> list[str]:
    """The names of our topics that are not among those present on a broker."""
    return [name for topic in described() if (name := settings.topic(topic)) not in present]


def _differences(admin: KafkaAdminClient, name: str, topic: Topic) -> Iterator[str]:
    partitions = len(admin.describe_topics([name])[0]["partitions"])
    if partitions < topic.partitions:
        yield f"{name} has {partitions} partitions, described are {topic.partitions}: add some with your broker's tools"
    actual = admin.describe_configs([ConfigResource("topic", name)], config_filter="all")["topic"][name]
    for key, wanted in topic.config.items():
        found = actual.get(key, {}).get("value")
        if found is not None and found != str(wanted):
            yield f"{name} has {key}={found}, described is {wanted}"


@contextmanager
def _admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    options: dict[str, Any] = {**settings.kafka(), "bootstrap_timeout_ms": _ADMIN_TIMEOUT_MS, "request_timeout_ms": _ADMIN_TIMEOUT_MS}
    admin = KafkaAdminClient(**options)
    try:
        yield admin
    finally:
        admin.close()
