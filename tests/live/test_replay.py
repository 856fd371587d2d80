"""All topics read again from the start with an empty state give the same incidents and alerts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streams import topics
from tests.live.harness import Kafka, Message, Newsroom, until

pytestmark = pytest.mark.live

SUBSCRIPTIONS = [{"id": "all", "language": "fr"}, {"id": "toll", "language": "en", "severity": "Severe"}]
REPORTS = (
    ("fr", "Agence Atlantique", "Un drone russe a frappé un dépôt à {town} dans la nuit de lundi à mardi, tuant {dead} personnes."),
    ("en", "Harbour Wire", "A Russian drone struck a fuel depot in {town} overnight, killing {dead} people, the governor said on Tuesday."),
    ("de", "Rheinpost", "Eine russische Drohne hat in der Nacht zum Dienstag ein Lager in {town} getroffen und {dead} Menschen getötet."),
)
TOWNS = ("Odessa", "Kharkiv", "Kherson", "Mykolaiv", "Poltava", "Tchernihiv", "Dnipro", "Kramatorsk")


def wires() -> list[Message]:
    """Each town struck once, told by three agencies in two versions each; every fifth report is withdrawn."""
    out = []
    for version in (1, 2):
        for number, town in enumerate(TOWNS):
            for language, agency, text in REPORTS:
                body = text.format(town=town, dead=2 + number + version)
                out.append(wire(f"{language}-{number}", version, language=language, source=agency, body=body))
    out += [wire(f"{language}-{number}", 3, status="canceled") for number in range(0, len(TOWNS), 3) for language in ("fr", "en", "de")]
    out += [wire(f"fr-{number}", 3, status="canceled") for number in (1, 4)]
    return out


def wire(id_: str, version: int, **fields: object) -> Message:
    published = f"2026-03-17T{8 + version:02}:00:00Z"
    article = {"id": id_, "version": version, "published": "2026-03-17T08:00:00Z", "updated": published, **fields}
    return id_.encode(), json.dumps(article).encode(), []


def settled(room: Newsroom) -> None:
    until("everything to be told", room.settled, 90)


def records(room: Newsroom, topic: str) -> list[tuple[int, bytes | None, bytes | None]]:
    """Partition, key and value of each record, in the order of each partition."""
    return sorted(((r.partition, r.key, r.value) for r in room.read(topic)), key=lambda record: record[0])


def alerts(room: Newsroom) -> dict[str, list[dict[str, Any]]]:
    """What each subscriber was told of each incident, in order, but for when."""
    told: dict[str, list[dict[str, Any]]] = {}
    for record in room.read(topics.ALERTS):
        alert = json.loads(record.value)
        del alert["sent"]
        told.setdefault(f"{alert['subscription']} {alert['incident']}", []).append(alert)
    return told


def test_all_topics_read_again_give_the_same(kafka: Kafka) -> None:
    first, again = Newsroom(kafka.address), Newsroom(kafka.address)
    subscriptions: list[Message] = [(str(s["id"]).encode(), json.dumps(s).encode(), []) for s in SUBSCRIPTIONS]
    first.publish(subscriptions, topics.SUBSCRIPTIONS)
    with first.worker(NEWSROOM_BATCH_SIZE=7) as worker:
        first.publish(wires())
        settled(first)
        assert worker.stop() == 0
    for topic in (topics.SUBSCRIPTIONS, topics.WIRE, topics.DEVELOPMENTS):
        again.copy(first, topic)
    with again.worker() as worker:
        settled(again)
        assert worker.stop() == 0
    assert len(records(first, topics.INCIDENTS)) > 3 * len(TOWNS)
    assert records(first, topics.INCIDENTS) == records(again, topics.INCIDENTS)
    kinds = [alert["msg_type"] for thread in alerts(first).values() for alert in thread]
    assert set(kinds) == {"alert", "update", "cancel"}
    assert alerts(first) == alerts(again)
