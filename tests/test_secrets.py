"""Canaries in place of every secret, and a search for them in all that commands and a worker say (in Kafka: tests/live/test_rights.py)."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from streams.cli.root import COMMANDS
from streams.settings import Settings, SettingsError
from tests.cli.conftest import invoke, spawn
from tests.live.harness import Worker, free_port, until

CANARY = "canary7f3a9c51"
WEBHOOK = "whsec_" + base64.b64encode(CANARY.encode() * 2).decode()
FIELDS = ("sasl_password", "webhook_secret", "smtp_password")
LOGINS = {
    "NEWSROOM_TLS": "1",
    "NEWSROOM_SASL_MECHANISM": "SCRAM-SHA-512",
    "NEWSROOM_SASL_USERNAME": "me",
    "NEWSROOM_SMTP_USER": "me",
    "NEWSROOM_SMTP_FROM": "newsroom@example.org",
    "NEWSROOM_LOG_LEVEL": "DEBUG",
    "NEWSROOM_STARTUP_SECONDS": "2",
}


def nowhere() -> dict[str, str]:
    return {"NEWSROOM_BROKER": f"127.0.0.1:{free_port()}"}


def in_variables() -> dict[str, str]:
    return {**LOGINS, "NEWSROOM_SASL_PASSWORD": CANARY, "NEWSROOM_WEBHOOK_SECRET": WEBHOOK, "NEWSROOM_SMTP_PASSWORD": CANARY}


def in_files(directory: Path) -> dict[str, str]:
    for field in FIELDS:
        (directory / field).write_text(WEBHOOK if field == "webhook_secret" else CANARY)
    return {**LOGINS, **{f"NEWSROOM_{field.upper()}_FILE": str(directory / field) for field in FIELDS}}


def assert_silent(*texts: str) -> None:
    for text in texts:
        for secret in (CANARY, WEBHOOK.removeprefix("whsec_"), base64.b64encode(CANARY.encode()).decode().rstrip("=")):
            assert secret not in text


SAYING = (
    ["--help"],
    ["settings"],
    ["settings", "--markdown"],
    ["topics", "check"],
    ["publish", "streams/schemas/examples/article.json"],
    ["dead-letters", "list"],
    ["subscribe", "desk", "--webhook", "https://desk.example/?token=" + CANARY],
    ["subscribe", "desk", "--webhook", "http://desk.example/?token=" + CANARY],
    ["subscribe", "desk", "--webhook", f"https://me:{CANARY}@desk.example/"],
    ["subscribe", "desk", "--smtp", "desk@example.org"],
)


@pytest.mark.parametrize("command", [*SAYING, *([name, "--help"] for name in COMMANDS)], ids=lambda command: " ".join(command)[:40])
def test_no_command_says_a_secret(command: list[str], tmp_path: Path) -> None:
    for given in (in_variables(), in_files(tmp_path)):
        result = invoke(*command, settings={**given, **nowhere()})
        assert result.stdout + result.stderr
        assert_silent(result.stdout, result.stderr, repr(result.exception))


@pytest.mark.parametrize("given", ["variables", "files"])
def test_neither_the_log_nor_the_pages_nor_the_process_list_of_a_worker_holds_a_secret(given: str, tmp_path: Path) -> None:
    environment = in_files(tmp_path) if given == "files" else in_variables()
    with Worker({**environment, **nowhere()}).launch() as worker:
        until("the health page", lambda: worker.get("/health/live")[0] == 200)
        assert worker.process is not None
        shown = Path(f"/proc/{worker.process.pid}/cmdline").read_text()
        pages = [worker.get(path)[1] for path in ("/metrics", "/health/live", "/health/ready", "/")]
        assert worker.wait() == 69
    assert "streams" in shown and "no answer from the broker" in worker.log()
    assert_silent(shown, worker.log(), *pages)


@pytest.mark.parametrize("field", FIELDS)
def test_a_secret_where_its_file_should_stand_is_not_shown(field: str) -> None:
    with pytest.raises(SettingsError, match=f"NEWSROOM_{field.upper()}_FILE") as caught:
        Settings.from_env({f"NEWSROOM_{field.upper()}_FILE": CANARY})
    assert_silent(str(caught.value))


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff" + CANARY.encode()])
def test_a_file_without_a_secret_is_told_at_once(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(SettingsError, match="NEWSROOM_SMTP_PASSWORD_FILE names") as caught:
        Settings.from_env({"NEWSROOM_SMTP_PASSWORD_FILE": str(tmp_path / "secret")})
    assert_silent(str(caught.value))


def test_a_password_in_the_address_of_the_broker_is_not_shown() -> None:
    result = invoke("topics", "check", settings={"NEWSROOM_BROKER": f"me:{CANARY}@kafka:9092"})
    assert result.exit_code == 78 and "NEWSROOM_SASL_" in result.stderr
    assert_silent(result.stderr)


def test_a_misspelt_secret_is_pointed_out_and_not_shown() -> None:
    result = invoke("topics", "check", settings={"NEWSROOM_SASL_PASWORD": CANARY, **nowhere()})
    assert "did you mean NEWSROOM_SASL_PASSWORD" in result.stderr
    assert_silent(result.stderr)


def test_a_certificate_that_is_none_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(CANARY)
    process = spawn("topics", "check", settings={"NEWSROOM_TLS": "1", "NEWSROOM_TLS_CA": str(tmp_path / "ca.pem"), **nowhere()})
    _, said = process.communicate(timeout=60)
    assert process.returncode == 78 and "NEWSROOM_TLS_CA" in said and "Traceback" not in said
    assert_silent(said)
