"""The embedded broker starts, answers and leaves nothing behind, and a worker runs on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from streams import topics
from streams.broker import BrokerError, EmbeddedBroker
from streams.settings import Settings
from tests.live.harness import Newsroom, until


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_answers_and_is_gone_afterwards() -> None:
    with EmbeddedBroker() as broker:
        settings = Settings.from_env(broker.environment)
        assert settings.broker == broker.address
        topics.create(settings)
        assert broker._process is not None
        pid = broker._process.pid
        assert alive(pid)
    assert not alive(pid)


def test_two_do_not_meet() -> None:
    with EmbeddedBroker() as one, EmbeddedBroker() as other:
        topics.create(Settings(broker=one.address))
        assert len(topics.check(Settings(broker=other.address))) == len(topics.described())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_it_dies_with_its_parent() -> None:
    code = "from streams.broker import EmbeddedBroker; b = EmbeddedBroker().__enter__(); print(b._process.pid, flush=True); input()"
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    until("the broker to be gone", lambda: not alive(pid), 10)


def test_where_there_is_no_binary_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALF_TANSU_BIN", "/no/such/binary")
    with pytest.raises(BrokerError, match="NEWSROOM_BROKER=host:port"):
        EmbeddedBroker().__enter__()


def test_a_worker_tags_what_comes_in(embedded: EmbeddedBroker) -> None:
    quick = {name: value for name, value in embedded.environment.items() if name != "NEWSROOM_BROKER"}
    room = Newsroom(embedded.address, **quick)
    article = {"id": "a", "headline": "Talks go on", "body": "The two sides met in Doha on Monday."}
    with room.worker() as worker:
        room.publish([(b"a", json.dumps(article).encode(), []), (b"b", b"{", [])])
        until("both to be through", lambda: worker.metric("newsroom_articles_total") == 2)
        assert worker.stop() == 0
    assert [json.loads(record.value)["id"] for record in room.read(topics.ARTICLES)] == ["a"]
    assert [record.value for record in room.read(topics.DEAD_LETTERS)] == [b"{"]
