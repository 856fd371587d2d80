"""SECURITY.md names tests and files: they are there, and its table of rights is that of deploy/kafka/acls."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAID = (ROOT / "SECURITY.md").read_text()
STATE = {"newsroom.state.articles.v1", "newsroom.state.incidents.v1", "newsroom.state.alerts.v1"}


def test_every_test_and_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", SAID)) | set(re.findall(r"\]\(((?!http)[^)]+)\)", SAID))
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def granted(role: str, operation: str) -> set[str]:
    """The topics of the commands of a role for an operation."""
    environment = {"KAFKA_ACLS": "echo", "BOOTSTRAP": "b:1", "ADMIN": "a", "PREFIX": "eu."}
    said = subprocess.run([ROOT / "deploy/kafka/acls", role], env=environment, capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if f"--operation {operation}" in line]
    return {topic.removeprefix("eu.") for line in lines for topic in re.findall(r"--topic (\S+)", line)}


@pytest.mark.parametrize("role", ["producer", "subscriber", "operator"])
def test_nobody_but_workers_may_read_what_is_under_embargo(role: str) -> None:
    assert not granted(role, "Read") & (STATE | {"wire.articles.v1"})
    assert STATE | {"wire.articles.v1"} <= granted("worker", "Read")


def test_the_role_that_reads_embargoed_text_is_given_only_when_asked_for() -> None:
    environment = {"KAFKA_ACLS": "echo", "BOOTSTRAP": "b:1", "ADMIN": "a"}
    usual = subprocess.run([ROOT / "deploy/kafka/acls"], env=environment, capture_output=True, text=True, check=True).stdout
    assert "User:newsroom-worker" in usual and "User:newsroom-embargoes" not in usual
    assert granted("embargoes", "Read") == {"newsroom.state.articles.v1"}


@pytest.mark.parametrize(("arguments", "code"), [(["reader"], 64), (["worker", "worker; reboot"], 64)])
def test_a_role_that_is_none_is_named(arguments: list[str], code: int) -> None:
    environment = {"KAFKA_ACLS": "echo", "BOOTSTRAP": "b:1", "ADMIN": "a"}
    done = subprocess.run([ROOT / "deploy/kafka/acls", *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == code and "there is no role" in done.stderr


def test_every_topic_has_an_owner_in_the_rights() -> None:
    from streams.topics import described

    assert granted("operator", "Create") == set(described())
