"""The reference subscriber on Apache Kafka: killed, doubled, cut off from the broker; nothing is lost and hardly anything comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter

import pytest

from streams import topics
from streams.codec import encode
from tests.live import harness
from tests.subscriber.conftest import SECRET, Receiver, alert

pytestmark = pytest.mark.live
COUNT = 400


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


class Subscribers:
    """Any number of subscribers of one group as processes, all ended at the end."""

    def __init__(self, room: harness.Newsroom, url: str, *options: str) -> None:
        self._command = [sys.executable, "-m", "streams", "subscribe", "desk", "--webhook", url, "--allow-private", *options]
        self._environment = {**os.environ, **room.environment, "NEWSROOM_WEBHOOK_SECRET": SECRET, "PYTHONFAULTHANDLER": "1"}
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - the processes write to it for as long as they live
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Subscribers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.send_signal(signal.SIGABRT)  # it says where it is
            process.wait()
        self._log.seek(0)
        print(self._log.read())  # shown where a test fails

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL, stderr=self._log)
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        self.running.remove(process)


def publish(room, first, last):
    messages = ((b"desk", encode(alert(id=f"a{number:04}", subscription="desk")), ()) for number in range(first, last))
    room.publish(messages, topics.ALERTS)


def ids(receiver):
    return [headers["webhook-id"] for headers, _ in receiver.got]


def all_there(receiver, count):
    return lambda: len(set(ids(receiver))) == count


def test_kills_and_hand_overs_lose_nothing_and_repeat_what_was_under_way_only(kafka, receiver):
    room = harness.Newsroom(kafka.address)
    publish(room, 0, COUNT)
    kills = 4
    with Subscribers(room, receiver.url) as subscribers:
        working = subscribers.start()
        for share in range(1, kills + 1):
            harness.until("a share to be delivered", lambda share=share: len(set(ids(receiver))) >= share * COUNT // 6, 60)
            spare = subscribers.start()
            subscribers.kill(working)
            working = spare
        harness.until("all to be delivered", all_there(receiver, COUNT), 60)
    repeats = {id_: times for id_, times in Counter(ids(receiver)).items() if times > 1}
    assert len(repeats) <= kills and sum(times - 1 for times in repeats.values()) <= kills
    assert list(dict.fromkeys(ids(receiver))) == [f"a{number:04}" for number in range(COUNT)]


def test_two_of_a_group_are_one_and_a_spare(kafka, receiver):
    room = harness.Newsroom(kafka.address)
    with Subscribers(room, receiver.url) as subscribers:
        subscribers.start()
        subscribers.start()
        publish(room, 0, 100)
        harness.until("all to be delivered", all_there(receiver, 100), 60)
    assert sorted(ids(receiver)) == [f"a{number:04}" for number in range(100)]


def test_an_outage_of_the_broker_is_sat_out(receiver):
    with harness.Kafka() as kafka:
        room = harness.Newsroom(kafka.address)
        publish(room, 0, 50)
        with Subscribers(room, receiver.url) as subscribers:
            process = subscribers.start()
            harness.until("the first to be delivered", all_there(receiver, 50), 60)
            kafka.stop(kill=True)
            assert process.poll() is None
            kafka.start()
            publish(room, 50, 100)
            harness.until("the rest to be delivered", all_there(receiver, 100), 90)
            assert process.poll() is None
    assert list(dict.fromkeys(ids(receiver))) == [f"a{number:04}" for number in range(100)]


def test_a_receiver_that_is_away_longer_than_a_session_costs_no_place_in_the_group(kafka, receiver):
    room = harness.Newsroom(kafka.address)
    publish(room, 0, 3)
    receiver.answers = [(503, {"retry-after": "8"}, b""), (204, {}, b"")]  # the session is 3 s
    with Subscribers(room, receiver.url) as subscribers:
        subscribers.start()
        harness.until("all to be delivered", all_there(receiver, 3), 60)
    assert ids(receiver) == ["a0000", "a0000", "a0001", "a0002"]


def test_from_latest_leaves_out_what_was_there(kafka, receiver):
    room = harness.Newsroom(kafka.address)
    publish(room, 0, 10)
    stop = threading.Event()
    sent = iter(range(10, 10_000))

    def keep_sending():
        while not stop.wait(0.1):
            number = next(sent)
            publish(room, number, number + 1)

    thread = threading.Thread(target=keep_sending)
    thread.start()
    try:
        with Subscribers(room, receiver.url, "--from", "latest") as subscribers:
            subscribers.start()
            harness.until("some to be delivered", lambda: len(receiver.got) >= 3, 60)
    finally:
        stop.set()
        thread.join()
    numbers = [int(id_[1:]) for id_ in ids(receiver)]
    assert numbers[0] >= 10 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
