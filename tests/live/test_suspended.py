"""Too much of the wire cannot be read: workers take no more of it, say why, and go on when they are told. Nothing is skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams import topics
from tests.live.harness import Kafka, Message, Newsroom, Worker, until
from tests.live.test_worker import article, assert_all_came_out, broken, drained

pytestmark = pytest.mark.live


@pytest.fixture
def room(kafka: Kafka) -> Newsroom:
    return Newsroom(kafka.address, NEWSROOM_DEAD_LETTER_MINIMUM=50)


def storm(first: int, count: int) -> list[Message]:
    """`count` messages, every second of them broken."""
    return [broken(number) if number % 2 else article(number) for number in range(first, first + count)]


def is_suspended(worker: Worker) -> bool:
    assert not worker.ended(), worker.log()
    return worker.is_suspended()


def test_a_poison_storm_suspends_the_worker_until_it_is_told_to_go_on(room: Newsroom, tmp_path: Path) -> None:
    calm = [article(number) for number in range(60)]
    published = calm + storm(60, 400)
    with room.worker(NEWSROOM_STORE="rocksdb", NEWSROOM_STORE_DIRECTORY=tmp_path, NEWSROOM_LOG_FORMAT="json") as worker:
        room.publish(calm)
        drained(worker, room)
        assert worker.metric("newsroom_suspended") == 0
        room.publish(published[60:])
        until("the storm to suspend the worker", lambda: is_suspended(worker), 60)
        stands = room.committed()
        (reason,) = worker.reasons()
        assert "invalid-json" in reason and "newsroom dead-letters resume" in reason
        assert worker.get("/health/live")[0] == 200
        assert worker.metric("newsroom_suspended") == 1
        logged = [json.loads(line) for line in worker.log().splitlines()]
        assert [line["message"] for line in logged if line["level"] == "critical"] == [reason]

        later = [article(number) for number in range(2000, 2050)]
        room.publish(later)
        waits = room.count(topics.WIRE) - stands
        until("what waits to be shown", lambda: worker.lag() == waits)
        assert is_suspended(worker) and room.committed() == stands

        assert "dead letters so far" in room.resume()
        until("the worker to be ready again", lambda: worker.ended() or worker.is_ready(), 60)
        drained(worker, room)
        assert worker.metric("newsroom_suspended") == 0
        assert worker.stop() == 0
    enriched, dead = assert_all_came_out(room, published + later)
    print(f"\npoison storm: {len(published + later)} published, {enriched} + {dead} records came out, repeats included")


def test_what_is_broken_after_the_word_suspends_again_and_a_restart_goes_on_too(room: Newsroom) -> None:
    first, second = storm(0, 300), storm(300, 300)
    room.publish(first)
    with room.worker().launch() as worker:
        until("the storm to suspend the worker", lambda: is_suspended(worker), 60)
        room.resume()
        until("the worker to be ready again", lambda: worker.ended() or worker.is_ready(), 60)
        drained(worker, room)
        room.publish(second)
        until("the second storm to suspend the worker", lambda: is_suspended(worker), 60)
        until("the worker to have said so", lambda: worker.log().count("waiting for the word") == 2)
        assert worker.stop() == 0
    assert room.committed() < room.count(topics.WIRE)
    with room.worker() as again:
        drained(again, room)
        assert "that is the word to go on" in again.log()
    assert_all_came_out(room, first + second)


def test_one_word_is_for_all_workers(room: Newsroom) -> None:
    published = storm(0, 600)
    with room.worker() as first, room.worker() as second:
        until("both to have partitions", lambda: first.is_ready() and second.is_ready())
        room.publish(published)
        until("one to be suspended", lambda: is_suspended(first) or is_suspended(second))
        until("the other to be suspended", lambda: is_suspended(first) and is_suspended(second), 60)
        room.resume()
        until("both to be ready again", lambda: first.is_ready() and second.is_ready(), 60)
        drained(first, room)
        assert not second.ended()
    assert_all_came_out(room, published)


def test_a_word_that_was_said_before_the_start_is_heard(room: Newsroom) -> None:
    published = storm(0, 300)
    room.publish(published)
    room.resume()
    with room.worker() as worker:
        drained(worker, room)
        assert "suspended" not in worker.log()
    assert_all_came_out(room, published)


def test_a_suspended_worker_that_is_killed_has_lost_nothing(room: Newsroom) -> None:
    published = [broken(number) for number in range(300)]
    room.publish(published)
    with room.worker().launch() as worker:
        until("the worker to be suspended", lambda: is_suspended(worker), 60)
        worker.kill()
    with room.worker(NEWSROOM_DEAD_LETTER_SHARE=1) as willing:
        drained(willing, room)
    assert_all_came_out(room, published)


def test_a_suspended_worker_outlives_the_broker(kafka: Kafka, room: Newsroom) -> None:
    published = storm(0, 300)
    room.publish(published)
    with room.worker().launch() as worker:
        until("the worker to wait", lambda: "waiting for the word" in worker.log(), 60)
        kafka.stop(kill=True)
        kafka.start()
        room.resume()
        until("the worker to be ready again", lambda: worker.ended() or worker.is_ready(), 60)
        drained(worker, room)
    assert_all_came_out(room, published)
