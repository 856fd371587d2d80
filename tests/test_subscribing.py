"""What docs/subscribing.md shows works."""

import json
import os
import re
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import msgspec
import pytest

from streams import topics
from streams.cli.root import COMMANDS, newsroom
from streams.cli.subscription_files import parse
from streams.cli.topic_io import Publisher
from streams.codec import cloud_event_headers, encode
from streams.core.records import Subscription
from streams.settings import Settings, table
from tests.subscriber.conftest import alert

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "subscribing.md").read_text(encoding="utf-8")
JARS = ROOT / ".cache" / "kafka" / "lib"


def part(name: str) -> str:
    """The code between the marks of that name."""
    found = re.search(rf"(?s)<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", TEXT)
    assert found is not None, f"docs/subscribing.md has no part {name}"
    return found[1]


def test_the_subscription_says_every_field_and_is_valid():
    (found,) = parse(part("subscription").encode())
    named = set(re.findall(r"(?m)^([a-z_]+):", part("subscription")))
    assert named == {field.name for field in msgspec.structs.fields(Subscription)}
    assert found.quiet is not None and found.near[0].name == "Kyiv"


def test_every_command_option_setting_and_link_is_there():
    for command, option in re.findall(r"newsroom ([a-z-]+)[^`\n]*? (--[a-z-]+)", TEXT):
        group = newsroom.get_command(None, command)  # type: ignore[arg-type]
        commands = [group, *getattr(group, "commands", {}).values()]
        assert any(option in parameter.opts for one in commands for parameter in one.params), (command, option)
    assert set(re.findall(r"`?newsroom ([a-z][a-z-]+)", TEXT)) <= set(COMMANDS)
    assert set(re.findall(r"NEWSROOM_[A-Z_]+[A-Z]", TEXT)) - {"NEWSROOM_SMTP"} <= {row.variable for row in table()}
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


@pytest.fixture
def told(embedded):
    """Two alerts to the desk, the first of them twice, and one to another."""
    environment = {**embedded.environment, "NEWSROOM_TOPIC_PREFIX": f"doc-{uuid.uuid4().hex[:8]}."}
    settings = Settings.from_env(environment)
    topics.create(settings)
    with Publisher(settings) as publisher:
        for id_, subscription in (("a1", "desk-kyiv"), ("x", "other"), ("a1", "desk-kyiv"), ("a2", "desk-kyiv")):
            one = alert(id=id_, subscription=subscription, headline=f"Headline {id_}")
            headers = cloud_event_headers(one, "/newsroom/alerts", one.sent, None)
            publisher.send(settings.topic(topics.ALERTS), subscription.encode(), encode(one), headers)
    return settings


def here(code: str, settings: Settings, session: str) -> str:
    """The code for the broker and the topics of this test, with a short session: the embedded broker lets a group wait for half of one."""
    ours = {"localhost:9092": settings.broker, topics.ALERTS: settings.topic(topics.ALERTS), "my-desk": settings.topic("my-desk")}
    for shown in ours:
        assert shown in code
        code = code.replace(shown, ours[shown])
    before, commit, after = code.partition(re.search(r'"?enable.auto.commit\W+[Ff]alse', code)[0])
    return f"{before}{commit}, {session}{after}"


def first_lines(command: list[str], count: int, **options: object) -> list[str]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    try:
        return [process.stdout.readline().strip() for _ in range(count)]
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_the_lines_of_kafka_python_work(told):
    code = here(part("python"), told, "session_timeout_ms=600, heartbeat_interval_ms=150")
    assert first_lines([sys.executable, "-c", code], 2) == ["alert Headline a1", "alert Headline a2"]


@pytest.mark.skipif(not list(JARS.glob("kafka-clients-*.jar")), reason="no kafka-clients in .cache/kafka/lib: the live tests fetch it")
def test_the_lines_of_java_work(told, tmp_path):
    classes = f"{JARS}/*{os.pathsep}{tmp_path}"
    source = tmp_path / "Desk.java"
    source.write_text(here(part("java"), told, '"session.timeout.ms", 600, "heartbeat.interval.ms", 150'))
    subprocess.run(["javac", "-Xlint:all", "-cp", classes, "-d", str(tmp_path), str(source)], check=True)
    lines = first_lines(["java", "-cp", classes, "Desk"], 2, stderr=subprocess.DEVNULL)
    assert [json.loads(line)["id"] for line in lines] == ["a1", "a2"]


@pytest.mark.parametrize("name", ["python", "java", "kcat"])
def test_ten_lines_are_few(name):
    assert len([line for line in part(name).splitlines() if line.strip(" }")]) <= 16
