"""deploy/kafka/acls on an Apache Kafka that demands TLS, a password and rights: each user can do its work, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import AuthorizationError

from streams import topics
from streams.settings import Settings
from tests.live import harness
from tests.live.guarded import USERS, GuardedKafka
from tests.live.harness import Worker, until

pytestmark = pytest.mark.live

PREFIX = "eu."
GROUP = "eu.newsroom"
OURS = {
    "NEWSROOM_TOPIC_PREFIX": PREFIX,
    "NEWSROOM_GROUP": GROUP,
    "NEWSROOM_SESSION_SECONDS": "3",
    "NEWSROOM_HEARTBEAT_SECONDS": "1",
    "NEWSROOM_STARTUP_SECONDS": "5",
}
SHELLED = "Russian forces shelled Kharkiv on Tuesday, killing three civilians, the governor said."
ARTICLE = {"id": "open", "language": "en", "headline": SHELLED, "body": SHELLED, "published": "2025-10-22T09:40:00+02:00"}
SUBSCRIPTION = "id: desk\ncountries: [UKR]\n"

STATE = {topics.ARTICLES_STATE, topics.INCIDENTS_STATE, topics.ALERTS_STATE}
READ = {
    "worker": {topics.WIRE, topics.DEVELOPMENTS, topics.INCIDENTS, topics.SUBSCRIPTIONS, topics.TICKS} | STATE,
    "subscriber": {topics.ALERTS},
    "operator": {topics.DEAD_LETTERS, topics.SUBSCRIPTIONS, topics.INCIDENTS},
    "embargoes": {topics.ARTICLES_STATE},
}
WRITTEN = {
    "worker": set(topics.described()) - {topics.SUBSCRIPTIONS},
    "producer": {topics.WIRE},
    "operator": {topics.SUBSCRIPTIONS, topics.TICKS, topics.WIRE},
}
GROUPS = {"worker": {GROUP}, "subscriber": {f"{PREFIX}newsroom-subscriber-desk", f"{PREFIX}newsroom-subscriber-desk/mail"}}
ALL_GROUPS = {*GROUPS["worker"], *GROUPS["subscriber"], f"{PREFIX}newsroom-subscriber-desk-2", "newsroom"}


class Newsroom(NamedTuple):
    """The guarded broker after a day's work, and how each command of it ended."""

    kafka: GuardedKafka
    ended: dict[str, subprocess.CompletedProcess[str]]
    shown: list[str]
    """The log of its worker, its pages and its line in the process list."""


def as_user(kafka: GuardedKafka, user: str, *command: str, text: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """A command as this user types it, with `text` on its standard input."""
    environment = {**os.environ, **OURS, **kafka.login(user), **settings}
    arguments = [sys.executable, "-m", "streams", *command]
    return subprocess.run(arguments, env=environment, input=text, capture_output=True, text=True, timeout=120)


def worker_as(kafka: GuardedKafka, user: str, **settings: str) -> Worker:
    return Worker({**OURS, **kafka.login(user), **settings})


@pytest.fixture(scope="module")
def newsroom(jars: None) -> Iterator[Newsroom]:
    """Every user has done its work once."""
    with GuardedKafka() as kafka:
        kafka.grant(PREFIX, GROUP, "worker", "producer", "subscriber", "operator", "embargoes")
        ended = {"create": as_user(kafka, "operator", "topics", "create"), "check": as_user(kafka, "operator", "topics", "check")}
        ended["put"] = as_user(kafka, "operator", "subscriptions", "put", "-", text=SUBSCRIPTION)
        held = {**ARTICLE, "id": "held", "embargoed": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
        wire = "\n".join([json.dumps(ARTICLE), json.dumps(held), '{"id": "broken", '])
        with worker_as(kafka, "worker", NEWSROOM_LOG_LEVEL="DEBUG") as worker:
            ended["publish"] = as_user(kafka, "producer", "publish", "--raw", "-", text=wire)
            until("the alert", lambda: worker.ended() or worker.metric("newsroom_alerts_total"), 60)
            print(worker.log())  # shown where a test fails
            ended["subscribe"] = as_user(kafka, "subscriber", "subscribe", "desk", "--json", "--limit", "1")
            until("the other two", lambda: worker.metric("newsroom_dead_letters_total") and worker.metric("newsroom_embargoes_held"))
            ended["dead letters"] = as_user(kafka, "operator", "dead-letters", "list", "--json")
            ended["resume"] = as_user(kafka, "operator", "dead-letters", "resume")
            ended["embargoes"] = as_user(kafka, "embargoes", "embargoes", "list", "--json")
            shown = [Path(f"/proc/{worker.process.pid}/cmdline").read_text(), worker.get("/metrics")[1], worker.get("/health/ready")[1]]
            assert worker.stop() == 0, worker.log()
        yield Newsroom(kafka, ended, [*shown, worker.log()])


def test_each_user_can_do_its_work(newsroom: Newsroom) -> None:
    assert {name: (done.returncode, done.stderr) for name, done in newsroom.ended.items() if done.returncode} == {}
    said = {name: done.stdout for name, done in newsroom.ended.items()}
    assert json.loads(said["subscribe"])["msg_type"] == "alert"
    assert json.loads(said["dead letters"])["reason"] == "invalid-json"
    assert json.loads(said["embargoes"])["article"] == "held"


def test_no_password_is_in_anything_that_came_out(newsroom: Newsroom) -> None:
    admin = Settings.from_env({**OURS, **newsroom.kafka.login("admin")})
    said = [text for done in newsroom.ended.values() for text in (done.stdout, done.stderr)]
    records = [record for topic in topics.described() for record in asyncio.run(harness._read(admin, topic))]
    assert {record.topic.removeprefix(PREFIX) for record in records} == set(topics.described())
    for password in newsroom.kafka.passwords.values():
        assert not [text for text in (*said, *newsroom.shown) if password in text]
        assert not [record for record in records if password.encode() in repr(record).encode()]


def test_each_reads_what_it_needs_and_nothing_else(newsroom: Newsroom) -> None:
    read = asyncio.run(tried(newsroom.kafka, reads))
    assert read == {user: READ.get(user, set()) for user in USERS}


def test_each_joins_its_own_groups_and_no_other(newsroom: Newsroom) -> None:
    joined = asyncio.run(tried(newsroom.kafka, joins))
    assert joined == {user: GROUPS.get(user, set()) for user in USERS}


def test_nobody_but_the_operator_makes_topics_and_nobody_changes_them_or_the_rights(newsroom: Newsroom) -> None:
    before = state(newsroom.kafka.admin())
    for user in USERS:
        for attempt in attempts(settings_of(newsroom.kafka, user)):
            with suppress(AuthorizationError):
                attempt()
    assert state(newsroom.kafka.admin()) == before
    for attempt in attempts(newsroom.kafka.admin())[:3]:  # they are attempts: who may, does it
        now = state(newsroom.kafka.admin())
        attempt()
        until("the change", lambda now=now: state(newsroom.kafka.admin()) != now)
    for user in USERS:
        of_another_newsroom = as_user(newsroom.kafka, user, "topics", "create", NEWSROOM_TOPIC_PREFIX="us.")
        assert of_another_newsroom.returncode == 78 and "Request(" not in of_another_newsroom.stderr


def test_each_writes_what_it_needs_and_nothing_else(newsroom: Newsroom) -> None:
    """Runs after what reads the records of a day: it leaves others."""
    written = asyncio.run(tried(newsroom.kafka, writes))
    assert written == {user: WRITTEN.get(user, set()) for user in USERS}


@pytest.mark.parametrize(
    ("user", "command"),
    [
        ("producer", "follow articles --from beginning"),
        ("producer", "follow alerts --from beginning"),
        ("producer", "embargoes list"),
        ("producer", "dead-letters list"),
        ("producer", "subscriptions list"),
        ("producer", "subscriptions put -"),
        ("subscriber", "publish -"),
        ("subscriber", "subscriptions list"),
        ("subscriber", "subscriptions put -"),
        ("subscriber", "embargoes list"),
        ("subscriber", "subscribe desk-2"),
        ("operator", "embargoes list"),
        ("operator", "follow articles --from beginning"),
        ("operator", "subscribe desk"),
        ("worker", "subscriptions put -"),
        ("worker", "dead-letters list"),
        ("embargoes", "publish -"),
        ("stranger", "topics check"),
        ("stranger", "publish -"),
    ],
)
def test_a_command_that_is_refused_says_so(newsroom: Newsroom, user: str, command: str) -> None:
    done = as_user(newsroom.kafka, user, *command.split(), text=SUBSCRIPTION if "put" in command else json.dumps(ARTICLE))
    said = done.stderr + done.stdout
    assert "Traceback" not in said and "Request(" not in said
    if command == "topics check":
        assert done.returncode == 1 and "is missing" in said
    else:
        assert done.returncode == 78 and "deploy/kafka/acls" in said


@pytest.mark.parametrize(
    ("user", "settings", "said"),
    [
        ("stranger", {}, "hides it from this user"),
        ("producer", {}, "hides it from this user"),
        ("operator", {}, "GroupAuthorizationFailed"),
        ("worker", {"NEWSROOM_GROUP": "another"}, "GroupAuthorizationFailed"),
        ("worker", {"NEWSROOM_SASL_PASSWORD": "guessed"}, "NEWSROOM_SASL_"),
        ("worker", {"NEWSROOM_SASL_USERNAME": "nobody"}, "NEWSROOM_SASL_"),
        ("worker", {"NEWSROOM_SASL_MECHANISM": "PLAIN"}, "NEWSROOM_SASL_"),
        ("worker", {"NEWSROOM_TLS_CA": ""}, "CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_a_worker_that_is_refused_says_so_and_ends(newsroom: Newsroom, user: str, settings: dict[str, str], said: str) -> None:
    with worker_as(newsroom.kafka, user, **settings).launch() as worker:
        assert worker.wait(120) == 78, worker.log()
    assert said in worker.log() and "Traceback" not in worker.log()
    assert "guessed" not in worker.log() and newsroom.kafka.passwords[user] not in worker.log()


def test_a_password_from_a_file_does(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(newsroom.kafka.passwords["operator"] + "\n")
    from_file = {"NEWSROOM_SASL_PASSWORD": "", "NEWSROOM_SASL_PASSWORD_FILE": str(tmp_path / "password")}
    assert as_user(newsroom.kafka, "operator", "topics", "check", **from_file).returncode == 0


def settings_of(kafka: GuardedKafka, user: str) -> Settings:
    return Settings.from_env({**OURS, **kafka.login(user)})


def attempts(settings: Settings) -> list[Callable[[], object]]:
    """What a user of the newsroom has no business to do to a broker."""
    alerts = PREFIX + topics.ALERTS
    elsewhere = ResourcePattern(ResourceType.TOPIC, "elsewhere")
    change = ConfigResource("topic", alerts, {"segment.bytes": "1073741823"})
    grant = ACL("User:stranger", "*", ACLOperation.ALL, ACLPermissionType.ALLOW, elsewhere)

    def asked(what: Callable[[KafkaAdminClient], object]) -> Callable[[], object]:
        def ask() -> object:
            with topics._admin(settings) as admin:
                return what(admin)

        return ask

    return [
        asked(lambda admin: admin.create_topics({"elsewhere": {"num_partitions": 1, "replication_factor": 1}})),
        asked(lambda admin: admin.alter_configs([change], raise_on_unknown=False)),
        asked(lambda admin: admin.create_acls([grant])),
        asked(lambda admin: admin.delete_topics([alerts])),
    ]


def state(settings: Settings) -> tuple[object, ...]:
    """The topics of a broker, how the topic of alerts is kept, and all rights."""
    alerts = PREFIX + topics.ALERTS
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    with topics._admin(settings) as admin:
        config = admin.describe_configs([ConfigResource("topic", alerts)], config_filter="all")["topic"][alerts]
        rights, _ = admin.describe_acls(ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, anything))
        return sorted(admin.list_topics()), config["segment.bytes"]["value"], sorted(map(str, rights))


async def tried(kafka: GuardedKafka, attempt: Callable) -> dict[str, set[str]]:
    """What each user could do of all that `attempt` tries."""
    return {user: await attempt(settings_of(kafka, user)) for user in USERS}


async def reads(settings: Settings) -> set[str]:
    """The topics of which a user gets a record. One that it may not even see it cannot read: the right to read holds that to see."""
    could = set()
    for name, topic in topics.described().items():
        consumer = AIOKafkaConsumer(**settings.kafka(), enable_auto_commit=False, auto_offset_reset="earliest")
        await consumer.start()
        try:
            if settings.topic(name) not in await consumer.topics():
                continue
            consumer.assign([TopicPartition(settings.topic(name), number) for number in range(topic.partitions)])
            if await consumer.getone():
                could.add(name)
        except TopicAuthorizationFailedError:
            pass
        finally:
            await consumer.stop()
    return could


async def writes(settings: Settings) -> set[str]:
    """The topics that take a record of a user."""
    could = set()
    async with AIOKafkaProducer(**settings.kafka()) as producer:
        for name in topics.described():
            try:
                await producer.send_and_wait(settings.topic(name), b"x", key=b"x")
                could.add(name)
            except TopicAuthorizationFailedError:
                pass
    return could


async def joins(settings: Settings) -> set[str]:
    """The groups whose places a user may know, which it may do of those only that it may join."""
    could = set()
    for group in ALL_GROUPS:
        consumer = AIOKafkaConsumer(**settings.kafka(), group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            await consumer.committed(TopicPartition(settings.topic(topics.ALERTS), 0))
            could.add(group)
        except GroupAuthorizationFailedError:
            pass
        except TopicAuthorizationFailedError:
            could.add(group)  # the group was no obstacle
        finally:
            await consumer.stop()
    return could
