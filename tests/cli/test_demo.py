"""The demo: what it waits for, and that it leaves nothing behind, however it ends."""

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from streams.cli.demo import Sample
from streams.cli.letters import DeadLetter
from streams.cli.worker import Worker
from streams.codec import decode
from streams.core.records import Alert, Enriched, ReportedDevelopment
from streams.topics import DIRECTORY
from tests.cli.conftest import development, spawn

PROCESSES = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts processes in /proc")
ELSEWHERE = {"NEWSROOM_BROKER": "127.0.0.1:1", "NEWSROOM_TLS": "1", "NEWSROOM_HEALTH_PORT": "1"}


MESSAGES = ("alert", "update", "cancel")


def alert(kind):
    """A message to a subscriber, such as the demo waits for."""
    example = decode((DIRECTORY / "examples" / "alert.json").read_bytes(), Alert)
    return msgspec.structs.replace(example, msg_type=kind)


def until(process, words):
    """The first line on standard error with these words."""
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return line
    raise AssertionError("".join(said))


def address(line):
    """The broker's, from the line that tells of it."""
    return re.search(r"127\.0\.0\.1:\d+", line).group()


def processes(broker):
    """Every process that was told of the broker, by its command line or its settings: the broker itself and its workers."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue  # it ended, or is not ours
        if f"{broker}\0".encode() in told:
            found.append(int(process.name))
    return found


def test_once_ends_by_itself_with_everything_through(tmp_path):
    picture = tmp_path / "terminal.svg"
    process = spawn("demo", "--once", "--svg", str(picture), settings=ELSEWHERE)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "18 published = 16 articles + 2 dead letters" in err
    assert "● alert" in out and "↻ update" in out and "✗ cancel" in out
    assert "Zaporijjia" in out and "✗ dead letter" in out and "invalid-json" in out
    assert "Courrier" in picture.read_text(encoding="utf-8")


@PROCESSES
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_stops_the_broker_and_the_worker_too(number, code):
    process = spawn("demo", stdout=subprocess.DEVNULL)
    broker = address(until(process, "following the topics"))
    assert len(processes(broker)) == 2
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in err
    assert processes(broker) == []


@PROCESSES
def test_a_signal_before_the_worker_is_ready_leaves_nothing_either():
    process = spawn("demo", stdout=subprocess.DEVNULL)
    broker = address(until(process, "broker in memory"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    assert processes(broker) == []


@PROCESSES
def test_a_demo_that_is_killed_takes_them_with_it():
    process = spawn("demo", stdout=subprocess.DEVNULL)
    broker = address(until(process, "following the topics"))
    ends = [os.pidfd_open(pid) for pid in processes(broker)]
    assert ends
    process.kill()
    process.communicate(timeout=60)
    for end in ends:
        assert select.select([end], [], [], 60)[0], "a process outlives the demo"
        os.close(end)
    assert processes(broker) == []


@PROCESSES
def test_a_worker_that_dies_is_told_with_its_exit_code():
    process = spawn("demo", stdout=subprocess.DEVNULL)
    broker = address(until(process, "following the topics"))
    (worker,) = [pid for pid in processes(broker) if b"run" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    os.kill(worker, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 70
    assert "the worker ended by itself with exit code -9" in err and "Traceback" not in err
    assert processes(broker) == []


def test_a_worker_that_cannot_start_is_quoted():
    from streams.cli.errors import Failure

    settings = {"NEWSROOM_BROKER": "127.0.0.1:1", "NEWSROOM_STARTUP_SECONDS": "0.1"}
    with Worker(settings) as worker, pytest.raises(Failure, match="no answer from the broker") as failure:
        worker.wait_until_ready()
    assert "exit code 69" in failure.value.message


def article_of(sample, number, **fields):
    identity, version = sample.ids[number]
    return Enriched(id=identity, version=version, **fields)


@pytest.fixture
def sample():
    made = Sample()
    made.sent([(number % 4, number // 4) for number in range(len(made.payloads))])
    return made


def test_everything_is_missing_until_it_comes_out(sample):
    everything = len(sample.payloads) + len(MESSAGES)
    assert len(sample.missing) == everything
    sample.enriched(article_of(sample, 0))
    sample.enriched(article_of(sample, 0))
    assert sample.articles == 1 and len(sample.missing) == everything - 1
    assert "01-fr-front-page.json" not in sample.missing


def test_another_version_or_another_story_is_not_what_was_sent(sample):
    identity, version = sample.ids[0]
    sample.enriched(Enriched(id=identity, version=version + 1))
    sample.enriched(Enriched(id="urn:other"))
    assert len(sample.missing) == len(sample.payloads) + len(MESSAGES)


def test_the_subscriber_is_waited_for(sample):
    for kind in MESSAGES:
        assert f"the message `{kind}` to the subscriber" in sample.missing
        sample.alert(alert(kind))
    assert len(sample.missing) == len(sample.payloads)


def test_a_dead_letter_is_known_by_its_origin(sample):
    fields = {"partition": 0, "offset": 0, "reason": "r", "message": "", "stage": "", "topic": "", "key": None, "value": b"", "headers": []}
    sample.dead(DeadLetter(**fields, topic_partition=13 % 4, topic_offset=13 // 4))
    sample.dead(DeadLetter(**fields, topic_partition=0, topic_offset=99))
    sample.dead(DeadLetter(**fields, topic_partition=None, topic_offset=None))
    assert sample.dead_letters == 1 and "14-broken.json" not in sample.missing


@pytest.mark.parametrize("development_first", [True, False])
def test_an_article_is_through_when_its_developments_are(sample, development_first):
    found = development()
    left = len(sample.payloads) + len(MESSAGES) - 1
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    steps = [
        lambda: sample.development(ReportedDevelopment(**fields, article="urn:1", version=1)),
        lambda: sample.enriched(article_of(sample, 0, developments=[found])),
    ]
    for step in steps if development_first else reversed(steps):
        assert len(sample.missing) > left
        step()
    assert len(sample.missing) == left
