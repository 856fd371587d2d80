"""The life of a story in the agent that reads the wire: versions, kills, embargoes; without a broker."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from streams.agents import articles
from tests.agents.stories import NOW, STRIKE, TOLL, Line, agent, incoming, process, release, wire
from tests.memory import DictMemory


def test_a_new_version_sends_only_what_changed() -> None:
    line = Line()
    first = line.takes(wire(1, STRIKE))
    assert {d.type for d in first} == {"drone_strike", "infrastructure_damage"}
    assert [d.type for d in line.takes(wire(2, "Le budget a été voté.", STRIKE, TOLL))] == ["casualties"]
    gone = line.takes(wire(3, STRIKE))
    assert [(d.type, d.retracted, d.text) for d in gone] == [("casualties", True, "")]
    assert [a.version for a in line.articles] == [1, 2, 3]


def test_an_older_version_and_the_same_again_change_nothing() -> None:
    line = Line()
    line.takes(wire(2, STRIKE))
    assert line.takes(wire(1, TOLL)) == line.takes(wire(2, STRIKE)) == []
    assert [a.version for a in line.articles] == [2]
    assert 'outcome="repeat"} 2.0' in line.agent._metrics.text().decode()


@pytest.mark.parametrize("kill", [{"status": "canceled"}, {"signal": "kill"}, {"status": "canceled", "headline": "", "body": ""}])
@pytest.mark.parametrize("version", [1, 2])
def test_a_kill_takes_everything_back_and_says_nothing(kill: dict[str, str], version: int) -> None:
    line = Line()
    told = line.takes(wire(1, STRIKE))
    back = line.takes(wire(version, STRIKE, **kill))
    assert {(d.id, d.retracted, d.text) for d in back} == {(d.id, True, "") for d in told}
    last = line.articles[-1]
    assert (last.status, last.headline, last.body, last.developments) == ("canceled", "", "", [])
    assert line.takes(wire(1, STRIKE)) == []
    assert line.takes(wire(3, STRIKE))


def test_a_kill_before_the_story_keeps_it_out() -> None:
    line = Line()
    assert line.takes(wire(2, status="canceled")) == []
    assert line.takes(wire(1, STRIKE)) == []
    assert [a.status for a in line.articles] == ["canceled"]


@pytest.mark.parametrize("status", ["usable", "withheld"])
def test_an_embargo_holds_until_both_clocks_have_come_so_far(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "AGAIN_SECONDS", 0)
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # past by the machine's clock; the broker's is at first behind it
    early, late = (round(time.timestamp() * 1000) for time in (until - timedelta(minutes=1), until + timedelta(minutes=1)))
    assert line.takes(wire(1, STRIKE, status=status, embargoed=until.isoformat()), early) == []
    assert line.takes(wire(2, TOLL, status=status, embargoed=until.isoformat()), early) == []
    assert line.sent == []
    assert line.asks() == line.asks() == [(1, b"")]  # not again while the first is on its way
    assert line.releases(until - timedelta(seconds=1)) == []
    assert line.asks() == [(1, b""), (1, b"")]
    assert [d.type for d in line.releases(until)] == ["casualties"]
    assert [(a.version, a.status) for a in line.articles] == [(2, "usable")]
    assert line.releases(until) == []
    assert line.takes(wire(3, STRIKE, embargoed=until.isoformat()), late)
    future = datetime.now(UTC) + timedelta(hours=1)
    assert line.takes(wire(4, TOLL, embargoed=future.isoformat()), round(future.timestamp() * 1000) + 1) == []  # a broker ahead of time


def test_a_clock_that_was_ahead_does_not_keep_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "AGAIN_SECONDS", 0)
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()), round(until.timestamp() * 1000) - 1)
    with time_machine.travel(until + timedelta(hours=1)):
        assert len(line.asks()) == 1
        assert line.releases(until - timedelta(seconds=1)) == []
    with time_machine.travel(until):
        assert len(line.asks()) == 2


def test_a_held_story_comes_back_after_a_crash_and_can_be_killed() -> None:
    line = Line()
    until = datetime.now(UTC) + timedelta(hours=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()))
    again = agent(memory=DictMemory(line.memory.stored))
    again.restore()
    assert again.held == {(1, "a"): until}
    line.takes(wire(2, status="canceled"))
    assert line.agent.held == {}
    assert [a.body for a in line.articles] == [""]


@pytest.mark.parametrize("first", ["version", "release"])
@pytest.mark.parametrize("together", [True, False])
def test_the_wire_alone_tells_whether_an_embargo_ended_before_the_next_version(first: str, together: bool) -> None:
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    line.takes(wire(1, STRIKE, embargoed=until.isoformat()), round(until.timestamp() * 1000) - 1)
    following = [incoming(wire(2, STRIKE, TOLL), round(until.timestamp() * 1000)), release(until)]
    if first == "release":
        following.reverse()
    for batch in [following] if together else [[one] for one in following]:
        asyncio.run(line.agent.handle(batch))
    assert [a.version for a in line.articles] == ([2] if first == "version" else [1, 2])
    assert [d.version for d in line._developments(0)] == ([2, 2, 2] if first == "version" else [1, 1, 2])


def test_a_release_is_an_empty_message_and_no_dead_letter() -> None:
    line = Line()
    asyncio.run(line.agent.handle([release(NOW)]))
    assert line.sent == []
    assert line.takes(wire(1, STRIKE))
    named = incoming(wire(2, TOLL))._replace(headers=[(articles.RELEASE, b"1")])
    asyncio.run(line.agent.handle([named]))
    assert [a.version for a in line.articles] == [1, 2]


@pytest.mark.parametrize("embargoed", ["tomorrow", "", 5, "2025-10-22T09:40:00", "0001-01-01T00:00:00Z"])
def test_an_embargo_that_cannot_be_read_holds_for_ever_until_a_better_version(embargoed: object) -> None:
    line = Line()
    assert line.takes(wire(1, STRIKE, embargoed=embargoed)) == []
    assert line.agent.held == {(1, "a"): None}
    assert line.releases(datetime(9999, 1, 1, tzinfo=UTC)) == []
    assert line.sent == []
    assert line.takes(wire(2, STRIKE))


def test_withheld_waits_for_a_new_version() -> None:
    line = Line()
    assert line.takes(wire(1, STRIKE, status="withheld")) == []
    assert line.takes(wire(2, STRIKE))
    assert line.agent.held == {}


def test_what_cannot_be_read_and_is_under_embargo_is_no_dead_letter_yet() -> None:
    line = Line()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    early = round(until.timestamp() * 1000) - 1
    line.takes(wire(1, STRIKE, embargoed=until.isoformat(), urgency=77), early)
    broken = incoming(b'{"embargoed": "2999-01-01T00:00:00Z", "body": "' + STRIKE.encode(), early)
    asyncio.run(line.agent.handle([broken._replace(offset=3)]))
    assert line.sent == []
    line.releases(until)
    (letter,) = line.sent
    assert letter.topic == "eu.newsroom.dead-letters.v1"
    assert len(line.agent.held) == 1


def test_a_wrong_key_sends_the_article_on_once() -> None:
    line = Line()
    message = incoming(wire(1, STRIKE), key=b"other")
    (on,) = process(message, line.agent).records
    assert (on.topic, on.key, on.value) == ("eu.wire.articles.v1", b"a", message.value)
    again = message._replace(headers=list(on.headers))
    assert process(again, line.agent).kind == "enriched"


def test_what_was_not_stored_is_told_again_with_the_same_bytes() -> None:
    line = Line()
    line.takes(wire(1, STRIKE))
    message = incoming(wire(2, STRIKE, TOLL))
    lives = [process(message, agent(memory=DictMemory(line.memory.stored))) for _ in range(2)]
    assert lives[0] == lives[1]


def test_a_story_is_forgotten_in_time_but_not_while_it_is_held() -> None:
    line = Line()
    line.takes(wire(1, STRIKE, id="a"))
    later = 1_760_000_000_000 + round(timedelta(days=31).total_seconds() * 1000)
    asyncio.run(line.agent.handle([incoming(json.dumps({"id": "b", "body": "x", "status": "withheld"}).encode(), key=b"b")]))
    asyncio.run(line.agent.handle([incoming(b"{", later)]))
    assert set(line.memory.stored) == {(1, "b")}
