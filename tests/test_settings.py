"""A setting that cannot be is named with its value and what is allowed; a secret never is."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from streams.settings import SUSPENDED, Settings, SettingsError, misspelt, table, variable


def test_without_an_environment_the_defaults_hold() -> None:
    assert Settings.from_env({"HOME": "/somewhere", "NEWSROOM_GROUP": " "}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("NEWSROOM_TLS", "1", "tls", True),
        ("NEWSROOM_TLS", "false", "tls", False),
        ("NEWSROOM_BATCH_SIZE", " 50 ", "batch_size", 50),
        ("NEWSROOM_DEAD_LETTER_SHARE", "0.25", "dead_letter_share", 0.25),
        ("NEWSROOM_LOG_FORMAT", "json", "log_format", "json"),
        ("NEWSROOM_TOPIC_PREFIX", "eu.", "topic_prefix", "eu."),
    ],
)
def test_values_are_read_by_their_type(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(Settings.from_env({name: value}), field) == expected


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"NEWSROOM_HEALTH_PORT": "http"}, "NEWSROOM_HEALTH_PORT=http: allowed is a whole number from 1 to 65535"),
        ({"NEWSROOM_HEALTH_PORT": "70000"}, "NEWSROOM_HEALTH_PORT=70000: allowed is a whole number from 1 to 65535"),
        ({"NEWSROOM_TLS": "perhaps"}, "NEWSROOM_TLS=perhaps: allowed is 1 or 0"),
        ({"NEWSROOM_LOG_FORMAT": "xml"}, "NEWSROOM_LOG_FORMAT=xml: allowed is text or json"),
        ({"NEWSROOM_STOP_SECONDS": "0"}, "NEWSROOM_STOP_SECONDS=0: allowed is a number over 0"),
        ({"NEWSROOM_BROKER": "kafka:nine"}, "NEWSROOM_BROKER=kafka:nine: allowed is host:port, with commas between several"),
        ({"NEWSROOM_TLS_CA": "/no/such.pem"}, "NEWSROOM_TLS_CA=/no/such.pem: no such file"),
        ({"NEWSROOM_SASL_USERNAME": "me"}, "NEWSROOM_SASL_USERNAME needs NEWSROOM_SASL_MECHANISM"),
        ({"NEWSROOM_SASL_MECHANISM": "PLAIN"}, "NEWSROOM_SASL_MECHANISM needs NEWSROOM_SASL_USERNAME"),
        (
            {"NEWSROOM_SASL_MECHANISM": "PLAIN", "NEWSROOM_SASL_USERNAME": "me", "NEWSROOM_SASL_PASSWORD": "x"},
            "NEWSROOM_SASL_MECHANISM=PLAIN without NEWSROOM_TLS=1 would send the password in the clear",
        ),
        ({"NEWSROOM_HEARTBEAT_SECONDS": "10"}, "NEWSROOM_HEARTBEAT_SECONDS=10: allowed is a third of NEWSROOM_SESSION_SECONDS (15)"),
    ],
)
def test_what_cannot_be_is_named_with_what_is_allowed(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environment)
    assert str(caught.value).startswith(message)


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").touch()
    with pytest.raises(SettingsError, match="NEWSROOM_TLS_CERT and NEWSROOM_TLS_KEY"):
        Settings.from_env({"NEWSROOM_TLS_CERT": str(tmp_path / "cert.pem")})


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    settings = Settings.from_env({"NEWSROOM_TLS": "1", "NEWSROOM_TLS_CA": str(tmp_path / "ca.pem")})
    with pytest.raises(SettingsError, match="NEWSROOM_TLS_CA"):
        settings.kafka()


def test_the_password_comes_from_its_file_and_shows_nowhere(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from file\n")
    login = {"NEWSROOM_SASL_MECHANISM": "SCRAM-SHA-512", "NEWSROOM_SASL_USERNAME": "me"}
    settings = Settings.from_env({**login, "NEWSROOM_SASL_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings.kafka()["sasl_plain_password"] == "from file"
    assert settings.kafka()["security_protocol"] == "SASL_PLAINTEXT"
    assert "hidden" not in repr(Settings.from_env({**login, "NEWSROOM_SASL_PASSWORD": "hidden"}))


@pytest.mark.parametrize(
    ("broker", "servers"),
    [("kafka", ["kafka:9092"]), ("a:1, b:2,", ["a:1", "b:2"]), ("[::1]:9093", ["[::1]:9093"]), ("[::1]", ["[::1]:9092"])],
)
def test_brokers_are_a_list_and_9092_is_their_port(broker: str, servers: list[str]) -> None:
    assert Settings.from_env({"NEWSROOM_BROKER": broker}).servers == servers


def test_the_table_explains_every_setting() -> None:
    rows = table()
    assert [row.variable for row in rows] == [variable(field.name) for field in msgspec.structs.fields(Settings)]
    assert all(row.meaning and row.allowed for row in rows)
    shown = {row.variable: row.default for row in rows}
    assert shown["NEWSROOM_TLS"] == "0"
    assert shown["NEWSROOM_SESSION_SECONDS"] == "15"
    assert shown["NEWSROOM_SASL_PASSWORD"] == ""


def test_the_defaults_of_the_table_are_the_defaults() -> None:
    assert Settings.from_env({row.variable: row.default for row in table()}) == Settings()


def test_a_misspelt_variable_is_told_and_a_stranger_is_not() -> None:
    assert misspelt({SUSPENDED: "0 why", "NEWSROOM_BROKERS": "x", "NEWSROOM_SERVICE_HOST": "10.0.0.1", "NEWSROOM_BROKER": "y"}) == [
        "NEWSROOM_BROKERS is no setting and is not used; did you mean NEWSROOM_BROKER?"
    ]
