"""The worker as a process on Apache Kafka: nothing is lost, whatever is killed; a repeat is the same record again."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from aiokafka import ConsumerRecord
from kafka.admin import ConfigResource

from streams import topics
from streams.delivery import WIRE_TIME
from tests.live.harness import Kafka, Message, Newsroom, Worker, free_port, until

pytestmark = pytest.mark.live

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
REPORTS = {
    "fr": (
        "L'armée russe a bombardé {ukraine} mardi, tuant trois civils, a annoncé le gouverneur.",
        "Les rebelles ont pris la ville de {congo} après deux jours de combats avec l'armée.",
        "Le ministre des finances a présenté le budget au parlement lundi.",
    ),
    "en": (
        "Russian forces shelled {ukraine} on Tuesday, killing three civilians, the governor said.",
        "Rebels seized the town of {congo} after two days of clashes with the army.",
        "The finance minister presented the budget to parliament on Monday.",
    ),
}


TOWNS = {
    "ukraine": ("Kharkiv", "Kherson", "Odessa", "Dnipro", "Poltava", "Kramatorsk", "Sloviansk", "Mykolaiv", "Nikopol", "Konotop"),
    "congo": ("Goma", "Bukavu", "Bunia", "Beni", "Butembo", "Uvira", "Kindu", "Walikale", "Kalemie"),
}


def article(number: int) -> Message:
    """One article of a usual length, different for each number, French where it is even and English where it is odd."""
    language = "en" if number % 2 else "fr"
    reports = REPORTS[language]
    towns = {country: names[number % len(names)] for country, names in TOWNS.items()}  # many stories, not one that all tell
    fields = {
        "id": f"story-{number}",
        "headline": f"{number}",
        "body": "\n".join(f"{reports[(number + line) % len(reports)].format(**towns)} ({number}.{line})" for line in range(9)),
        "published": f"2025-{1 + number % 12:02}-22T09:40:00+02:00",
        "source": "Test Agency",
        "language": language,
    }
    return fields["id"].encode(), json.dumps(fields).encode(), [("traceparent", TRACE)]


def broken(number: int) -> Message:
    return f"broken-{number}".encode(), b'{"id": "broken-%d", ' % number, [("x-agency", b"TA"), ("traceparent", TRACE)]


def mixed(count: int) -> list[Message]:
    """`count` messages, every twentieth of them broken."""
    return [broken(number) if number % 20 == 0 else article(number) for number in range(count)]


def keys(records: Sequence[ConsumerRecord[bytes, bytes] | Message]) -> set[bytes | None]:
    return {record[0] if isinstance(record, tuple) else record.key for record in records}


def assert_all_came_out(room: Newsroom, published: list[Message]) -> tuple[int, int]:
    """Every published message is enriched or a dead letter, none is both, and repeats are the same bytes. Returns how many of each, repeats
    included."""
    enriched, dead = room.read(topics.ARTICLES), room.read(topics.DEAD_LETTERS)
    assert keys(enriched) | keys(dead) == keys(published)
    assert not keys(enriched) & keys(dead)
    assert len({(record.key, record.value) for record in enriched}) == len(keys(enriched))
    assert len({(record.key, record.value, record.headers) for record in dead}) == len(keys(dead))
    developments = room.read(topics.DEVELOPMENTS)
    tagged = {development["id"] for record in enriched for development in json.loads(record.value)["developments"]}
    assert {json.loads(record.value)["id"] for record in developments} == tagged
    return len(enriched), len(dead)


def untimed(record: ConsumerRecord[bytes, bytes]) -> Sequence[tuple[str, bytes]]:
    """The headers without the time of the wire message, which is another for another message."""
    return tuple(header for header in record.headers if header[0] != WIRE_TIME)


def drained(worker: Worker, room: Newsroom) -> None:
    """Wait until the worker has committed all that its topic holds."""
    total = room.count(topics.WIRE)
    until("the worker to take everything", lambda: worker.ended() or room.committed() == total, 90)
    assert not worker.ended(), worker.log()


@pytest.fixture
def room(kafka: Kafka) -> Newsroom:
    return Newsroom(kafka.address)


def test_articles_go_in_and_tagged_records_come_out(room: Newsroom) -> None:
    published = mixed(200)
    with room.worker(NEWSROOM_LOG_FORMAT="json") as worker:
        room.publish(published)
        drained(worker, room)
        assert assert_all_came_out(room, published) == (190, 10)

        by_key = {record.key: record for record in room.read(topics.ARTICLES)}
        headers = dict(by_key[b"story-2"].headers)
        body = json.loads(by_key[b"story-2"].value)
        assert headers["traceparent"] == TRACE
        assert headers["ce_id"].startswith(b"story-2:1:")
        assert headers["ce_time"].decode() == body["published"]
        assert headers["ce_type"] == b"newsroom.enriched.v1"
        assert body["developments"]

        assert worker.metric("newsroom_articles_total") == 200
        assert worker.metric("newsroom_dead_letters_total") == 10
        assert worker.metric("newsroom_developments_total") == len(room.read(topics.DEVELOPMENTS))
        until("the lag to be known", lambda: "newsroom_consumer_lag_records{" in worker.get("/metrics")[1])
        until("the lag to be gone", lambda: worker.metric("newsroom_consumer_lag_records") == 0)
        assert worker.get("/health/live")[0] == 200
        assert worker.rss_bytes() < 400_000_000
        assert worker.stop() == 0
    lines = [json.loads(line) for line in worker.log().splitlines()]
    assert any(line["message"].startswith("reading ") for line in lines)
    assert not any("Kharkiv" in line["message"] or "broken-" in line["message"] for line in lines)


def test_developments_are_keyed_by_country(room: Newsroom) -> None:
    with room.worker() as worker:
        room.publish([article(0), article(2)])
        drained(worker, room)
    records = [(record.key, json.loads(record.value)) for record in room.read(topics.DEVELOPMENTS)]
    assert records
    for key, development in records:
        country = (development["place"] or {}).get("country")
        assert key == (country or development["article"]).encode()


def test_a_dead_letter_is_whole_and_says_why(room: Newsroom) -> None:
    key, value, headers = broken(7)
    with room.worker() as worker:
        room.publish([(key, value, headers), (b"withdrawn", None, []), (None, b"\xff\xfe", [])])
        drained(worker, room)
    letters = {record.value: record for record in room.read(topics.DEAD_LETTERS)}
    whole = letters[value]
    why = {name: text for name, text in whole.headers if name.startswith("dlq.")}
    assert (whole.key, list(whole.headers[: len(headers)])) == (key, list(headers))
    assert why["dlq.reason"] == b"invalid-json"
    assert why["dlq.stage"] == b"decode"
    assert why["dlq.topic"] == room.settings.topic(topics.WIRE).encode()
    assert why["dlq.message"]
    reasons = {record.value: dict(record.headers)["dlq.reason"] for record in letters.values()}
    assert reasons == {value: b"invalid-json", None: b"no-value", b"\xff\xfe": b"not-utf8"}


def test_nothing_is_lost_when_the_worker_is_killed(room: Newsroom) -> None:
    published = mixed(1500)
    room.publish(published)
    with room.worker(NEWSROOM_BATCH_SIZE=100) as first:
        until("the worker to be in the middle", lambda: first.metric("newsroom_articles_total") >= 300)
        first.kill()
    assert room.committed() < 1500
    with room.worker(NEWSROOM_BATCH_SIZE=100) as second:
        drained(second, room)
    enriched, dead = assert_all_came_out(room, published)
    print(f"\nkill -9: 1500 published, {enriched} + {dead} records came out, repeats included")


def test_nothing_is_lost_when_the_broker_is_killed(kafka: Kafka, room: Newsroom) -> None:
    published = mixed(1500)
    room.publish(published)
    with room.worker(NEWSROOM_BATCH_SIZE=100) as worker:
        until("the worker to be in the middle", lambda: worker.metric("newsroom_articles_total") >= 300)
        kafka.stop(kill=True)
        until("the worker to notice", lambda: "the broker does not answer" in worker.reasons())
        until("its lease to end", lambda: any(reason.startswith("the group has not answered") for reason in worker.reasons()))
        assert worker.get("/health/live")[0] == 200
        kafka.start()
        until("the worker to recover", worker.is_ready, 60)
        drained(worker, room)
        assert worker.stop() == 0
    enriched, dead = assert_all_came_out(room, published)
    print(f"\nbroker killed: 1500 published, {enriched} + {dead} records came out, repeats included")


def test_sigterm_finishes_what_has_begun(room: Newsroom) -> None:
    published = mixed(1500)
    room.publish(published)
    with room.worker(NEWSROOM_BATCH_SIZE=100) as first:
        until("the worker to be in the middle", lambda: first.metric("newsroom_articles_total") >= 100)
        assert first.stop() == 0
    assert 0 < room.committed() < 1500
    assert room.count(topics.ARTICLES) + room.count(topics.DEAD_LETTERS) == room.committed()
    with room.worker(NEWSROOM_BATCH_SIZE=100) as second:
        drained(second, room)
    assert assert_all_came_out(room, published) == (1425, 75)  # not one was read twice


def test_nothing_is_lost_when_it_is_told_to_stop_while_the_broker_is_away(kafka: Kafka, room: Newsroom) -> None:
    published = mixed(400)
    room.publish(published)
    with room.worker(NEWSROOM_BATCH_SIZE=20, NEWSROOM_STOP_SECONDS=2) as first:
        until("the worker to be in the middle", lambda: first.metric("newsroom_articles_total") >= 20)
        kafka.stop(kill=True)
        until("the worker to notice", lambda: "the broker does not answer" in first.reasons())
        assert first.stop() == 70
    assert "will be read again" in first.log()
    kafka.start()
    with room.worker() as second:
        drained(second, room)
    assert_all_came_out(room, published)


def test_two_workers_share_the_partitions(room: Newsroom) -> None:
    published = mixed(400)
    with room.worker() as first, room.worker() as second:
        until("both to be ready", lambda: first.is_ready() and second.is_ready())
        room.publish(published)
        drained(first, room)
        assert first.metric("newsroom_articles_total") > 0
        assert second.metric("newsroom_articles_total") > 0
    assert_all_came_out(room, published)


def test_a_topic_that_takes_too_little_stops_the_worker(room: Newsroom) -> None:
    room.publish([article(1)])
    name = room.settings.topic(topics.ARTICLES)
    with topics._admin(room.settings) as admin:
        admin.alter_configs([ConfigResource("topic", name, {"max.message.bytes": "500"})])
    with room.worker().launch() as worker:
        assert worker.wait() == 78
    assert "newsroom topics check" in worker.log()
    assert room.committed() == 0
    assert topics.check(room.settings) == [f"{name} has max.message.bytes=500, described is 4194304"]


def test_the_same_input_twice_gives_the_same_bytes(kafka: Kafka) -> None:
    rooms = Newsroom(kafka.address), Newsroom(kafka.address)
    for room in rooms:
        with room.worker(NEWSROOM_BATCH_SIZE=7) as worker:
            room.publish([article(number) for number in range(40)])
            drained(worker, room)
    for topic in (topics.ARTICLES, topics.DEVELOPMENTS):
        first, second = ({(r.key, r.value, untimed(r)) for r in room.read(topic)} for room in rooms)
        assert first
        assert first == second


def test_it_logs_in_over_tls(kafka: Kafka, room: Newsroom) -> None:
    secure = {
        "NEWSROOM_BROKER": kafka.secure_address,
        "NEWSROOM_TLS": 1,
        "NEWSROOM_SASL_MECHANISM": "PLAIN",
        "NEWSROOM_SASL_USERNAME": "newsroom",
    }
    with room.worker(**secure, NEWSROOM_SASL_PASSWORD="secret", NEWSROOM_TLS_CA=kafka.certificate) as worker:
        room.publish([article(1)])
        drained(worker, room)
    with room.worker(**secure, NEWSROOM_SASL_PASSWORD="wrong", NEWSROOM_TLS_CA=kafka.certificate).launch() as refused:
        assert refused.wait() == 78
    assert "NEWSROOM_SASL_" in refused.log()
    assert "wrong" not in refused.log()
    with room.worker(**secure, NEWSROOM_SASL_PASSWORD="secret").launch() as distrustful:
        assert distrustful.wait() == 78
    assert "CERTIFICATE_VERIFY_FAILED" in distrustful.log()


def test_it_asks_for_topics_that_are_missing(room: Newsroom) -> None:
    with room.worker(NEWSROOM_TOPIC_PREFIX="nowhere.").launch() as worker:
        assert worker.wait() == 78
    assert "nowhere.wire.articles.v1" in worker.log()
    assert "newsroom topics create" in worker.log()


def test_it_gives_up_when_no_broker_answers() -> None:
    nobody = f"127.0.0.1:{free_port()}"
    worker = Worker({"NEWSROOM_BROKER": nobody, "NEWSROOM_STARTUP_SECONDS": "1"})
    with worker.launch():
        assert worker.wait() == 69
    assert nobody in worker.log()
    assert "Traceback" not in worker.log()


def test_sigterm_while_it_waits_for_the_broker_is_a_clean_end() -> None:
    worker = Worker({"NEWSROOM_BROKER": f"127.0.0.1:{free_port()}"})
    with worker.launch():
        until("the health page", lambda: worker.get("/health/live")[0] == 200)
        assert worker.get("/health/ready")[0] == 503
        assert worker.stop() == 0
