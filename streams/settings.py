"""Every setting of the newsroom: its environment variable, default, meaning and limits, in one place. Nothing is read elsewhere."""

from __future__ import annotations

import difflib
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

PREFIX = "NEWSROOM_"
SUSPENDED = "NEWSROOM_SUSPENDED"
"""No setting: tells a worker's process that took the place of another why it takes no work."""
_SECRETS = frozenset({"sasl_password", "webhook_secret", "smtp_password"})
"""Each may stand in a file instead, named by the setting with `_file` at its end."""


class SettingsError(Exception):
    """A setting that cannot be; the message names the variable, its value and what is allowed."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting. The variable of a field is its name in capitals after `NEWSROOM_`; the description is what users read."""

    broker: Annotated[str, Meta(description="Kafka brokers to start from: host:port, comma between", min_length=1)] = "localhost:9092"
    tls: Annotated[bool, Meta(description="speak TLS with the broker (1 or 0)")] = False
    tls_ca: Annotated[str | None, Meta(description="PEM file of the authorities to trust; else those of the system")] = None
    tls_cert: Annotated[str | None, Meta(description="PEM file of the client's certificate, for mutual TLS")] = None
    tls_key: Annotated[str | None, Meta(description="PEM file of the client's key, for mutual TLS")] = None
    tls_verify: Annotated[bool, Meta(description="check the broker's certificate and name; 0 only to try things out")] = True
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None, Meta(description="log in with SASL; needs user name and password")
    ] = None
    sasl_username: Annotated[str | None, Meta(description="SASL user name")] = None
    sasl_password: Annotated[str | None, Meta(description="SASL password; a file is safer")] = None
    sasl_password_file: Annotated[str | None, Meta(description="file that holds the SASL password and nothing else")] = None
    topic_prefix: Annotated[
        str, Meta(description="put before every topic name, to keep two newsrooms apart on one broker", pattern="^[a-zA-Z0-9._-]{0,100}$")
    ] = ""
    replication: Annotated[int, Meta(description="copies of each topic, when created; -1: the broker's default", ge=-1)] = -1
    group: Annotated[str, Meta(description="consumer group of the workers: those of one group share the work", min_length=1)] = "newsroom"
    session_seconds: Annotated[float, Meta(description="a worker that is silent this long loses its partitions", gt=0)] = 15.0
    heartbeat_seconds: Annotated[float, Meta(description="how often a worker says that it lives; at most a third of that", gt=0)] = 3.0
    batch_size: Annotated[int, Meta(description="articles taken, tagged and acknowledged together at most", ge=1, le=10_000)] = 200
    max_article_bytes: Annotated[int, Meta(description="a longer message is a dead letter, unread", ge=1000)] = 1_000_000
    story_days: Annotated[float, Meta(description="a story is remembered so long after its last version", gt=0)] = 30.0
    incident_days: Annotated[float, Meta(description="an incident without reports is closed; a later kill cancels nothing", gt=0)] = 30.0
    store: Annotated[
        Literal["memory", "rocksdb"], Meta(description="where the worker's state lies; it comes back from the broker either way")
    ] = "memory"
    store_directory: Annotated[str, Meta(description="directory of the state, for rocksdb; one a worker", min_length=1)] = "state"
    dead_letter_share: Annotated[float, Meta(description="suspend at more dead letters among recent messages; 1: never", gt=0, le=1)] = 0.25
    dead_letter_window: Annotated[int, Meta(description="how many messages are recent", ge=1)] = 1000
    dead_letter_minimum: Annotated[int, Meta(description="never suspend for fewer dead letters than this", ge=1)] = 100
    startup_seconds: Annotated[float, Meta(description="wait this long for the broker when starting, then give up", gt=0)] = 60.0
    stop_seconds: Annotated[float, Meta(description="time to finish what has begun when told to stop", gt=0)] = 30.0
    health_host: Annotated[str, Meta(description="address of /metrics, /health/live and /health/ready", min_length=1)] = "127.0.0.1"
    health_port: Annotated[int, Meta(description="port of the same", ge=1, le=65535)] = 9464
    webhook_secret: Annotated[str | None, Meta(description="signs webhooks: whsec_ and 24 bytes or more in base64; a file is safer")] = None
    webhook_secret_file: Annotated[
        str | None, Meta(description="file that holds the same; two secrets, a space between, while one replaces the other")
    ] = None
    smtp_host: Annotated[str, Meta(description="mail server that alerts are handed to", min_length=1)] = "localhost"
    smtp_port: Annotated[int, Meta(description="port of the same", ge=1, le=65535)] = 587
    smtp_tls: Annotated[
        Literal["starttls", "tls", "none"], Meta(description="how to speak TLS with it; none only to a server on this machine")
    ] = "starttls"
    smtp_user: Annotated[str | None, Meta(description="user name on the mail server; none: do not log in")] = None
    smtp_password: Annotated[str | None, Meta(description="password on the mail server; a file is safer")] = None
    smtp_password_file: Annotated[str | None, Meta(description="file that holds that password and nothing else")] = None
    smtp_from: Annotated[str | None, Meta(description="from whom alerts by e-mail are, such as newsroom@example.org")] = None
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Meta(description="what is logged")] = "INFO"
    log_format: Annotated[Literal["text", "json"], Meta(description="how it is logged: to read, or a JSON object a line")] = "text"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment; empty values count as absent. Raises `SettingsError`."""
        hints = _hints()
        given = {name: value for name in hints if (value := environ.get(variable(name), "").strip())}
        settings = cls(**{name: _convert(name, value, hints[name]) for name, value in given.items()})
        settings._check()
        return settings

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        shown = msgspec.structs.asdict(self)
        return [(name, "***" if name in _SECRETS and value else value) for name, value in shown.items()]

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def _check(self) -> None:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise SettingsError("NEWSROOM_TLS_CERT and NEWSROOM_TLS_KEY go together: give both, or none")
        if self.sasl_mechanism and not (self.sasl_username and (self.sasl_password or self.sasl_password_file)):
            raise SettingsError(
                "NEWSROOM_SASL_MECHANISM needs NEWSROOM_SASL_USERNAME and NEWSROOM_SASL_PASSWORD_FILE (or NEWSROOM_SASL_PASSWORD)"
            )
        if self.sasl_username and not self.sasl_mechanism:
            raise SettingsError("NEWSROOM_SASL_USERNAME needs NEWSROOM_SASL_MECHANISM: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512")
        if self.heartbeat_seconds > self.session_seconds / 3:
            raise SettingsError(
                f"NEWSROOM_HEARTBEAT_SECONDS={self.heartbeat_seconds:g}: allowed is a third of NEWSROOM_SESSION_SECONDS "
                f"({self.session_seconds:g}) at most"
            )
        if self.smtp_user and not (self.smtp_password or self.smtp_password_file):
            raise SettingsError("NEWSROOM_SMTP_USER needs NEWSROOM_SMTP_PASSWORD_FILE (or NEWSROOM_SMTP_PASSWORD)")
        if self.smtp_user and self.smtp_tls == "none":
            raise SettingsError("NEWSROOM_SMTP_TLS=none would send the password in the clear: write starttls or tls")
        if self.sasl_mechanism == "PLAIN" and not self.tls:
            raise SettingsError("NEWSROOM_SASL_MECHANISM=PLAIN without NEWSROOM_TLS=1 would send the password in the clear: take SCRAM")
        self._check_files()
        if "@" in self.broker:
            raise SettingsError("NEWSROOM_BROKER holds a user or password, which is shown here and there: NEWSROOM_SASL_* are for those")
        for server in self.servers:
            _, _, port = server.rpartition(":")
            if not (port.isdigit() and 0 < int(port) < 65536):
                raise SettingsError(f"NEWSROOM_BROKER={self.broker}: allowed is host:port, with commas between several")

    def _check_files(self) -> None:
        for field in ("tls_ca", "tls_cert", "tls_key"):
            path = getattr(self, field)
            if path is not None and not Path(path).is_file():
                raise SettingsError(f"{variable(field)}={path}: no such file")
        for secret in sorted(_SECRETS):
            if getattr(self, f"{secret}_file") is not None and not self.secret(secret):
                raise SettingsError(f"{variable(secret)}_FILE names a file that is empty")

    @property
    def servers(self) -> list[str]:
        """The brokers to start from, as `host:port`; the port 9092 where none is given."""
        named = [server.strip() for server in self.broker.split(",") if server.strip()]
        return [server if ":" in server.rpartition("]")[2] else f"{server}:9092" for server in named]

    def secret(self, field: str) -> str | None:
        """A secret, such as `sasl_password`, from its file or its variable.

        :raises SettingsError: the file cannot be read. It is not named: some put the secret itself where its file should stand.
        """
        path = getattr(self, f"{field}_file")
        if path is None:
            value: str | None = getattr(self, field)
            return value
        try:
            if Path(path).is_file():  # a pipe could be read but once
                return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            pass
        raise SettingsError(f"{variable(field)}_FILE names no file that can be read as text (name not shown, lest it be a secret)")

    @property
    def password(self) -> str | None:
        """The SASL password, from its file or its variable."""
        return self.secret("sasl_password")

    def topic(self, name: str) -> str:
        """The name of a topic on this broker."""
        return self.topic_prefix + name

    def ssl_context(self) -> ssl.SSLContext | None:
        """How to speak TLS with the broker; none when it speaks plain text. Raises `SettingsError` on files that are no PEM."""
        if not self.tls:
            return None
        try:
            context = ssl.create_default_context(cafile=self.tls_ca)
            if self.tls_cert:
                context.load_cert_chain(self.tls_cert, self.tls_key)
        except (ssl.SSLError, OSError) as error:
            raise SettingsError(f"NEWSROOM_TLS_CA, NEWSROOM_TLS_CERT or NEWSROOM_TLS_KEY cannot be used: {error}") from error
        if not self.tls_verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def kafka(self) -> dict[str, Any]:
        """How to reach the broker, as keyword arguments that kafka-python and aiokafka clients both take."""
        protocol = ("SASL_" if self.sasl_mechanism else "") + ("SSL" if self.tls else "PLAINTEXT")
        return {
            "bootstrap_servers": self.servers,
            "security_protocol": protocol,
            "ssl_context": self.ssl_context(),
            "sasl_mechanism": self.sasl_mechanism or "PLAIN",
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.password,
        }

    def kafka_python(self) -> dict[str, Any]:
        """How to reach the broker as keyword arguments of a kafka-python consumer, which asks again every second when the broker is away.

        By its own defaults it waits up to half a minute, for the connection, for the metadata and for an answer that does not come.
        """
        patience = min(max(10_000, round(self.session_seconds * 1000) + 1_000), 300_000)
        return {**self.kafka(), "reconnect_backoff_max_ms": 1_000, "metadata_max_age_ms": 10_000, "request_timeout_ms": patience}


class Setting(NamedTuple):
    """One row of the table of settings that `--help` and the README show."""

    variable: str
    default: str
    allowed: str
    meaning: str


def table() -> list[Setting]:
    """All settings in the order of `Settings`."""
    rows = []
    for field in msgspec.structs.fields(Settings):
        hint = _hints()[field.name]
        rows.append(Setting(variable(field.name), _shown(field.default), _allowed(hint), _meta(hint).description or ""))
    return rows


def _shown(default: Any) -> str:
    if isinstance(default, bool | float):
        return f"{default:g}"
    return "" if default is None else str(default)


def variable(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return PREFIX + field.upper()


def misspelt(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like one of ours and is not."""
    known = [variable(name) for name in _hints()]
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in (*known, SUSPENDED))
    return [
        f"{name} is no setting and is not used; did you mean {close[0]}?"
        for name in strange
        if (close := difflib.get_close_matches(name, known, n=1, cutoff=0.8))
    ]


def _hints() -> dict[str, Any]:
    return get_type_hints(Settings, include_extras=True)


def _meta(hint: Any) -> Meta:
    return next(extra for extra in hint.__metadata__ if isinstance(extra, Meta))


def _convert(name: str, value: str, hint: Any) -> Any:
    try:
        return msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError:
        shown = "***" if name in _SECRETS else value
        raise SettingsError(f"{variable(name)}={shown}: allowed is {_allowed(hint)}") from None


def _allowed(hint: Any) -> str:
    base = get_args(hint)[0]
    options = [option for part in (base, *get_args(base)) if get_origin(part) is Literal for option in get_args(part)]
    if options:
        return " or ".join(options)
    if base is bool:
        return "1 or 0"
    if base in (int, float):
        return _range(_meta(hint), "a whole number" if base is int else "a number")
    return f"text that matches {_meta(hint).pattern}" if _meta(hint).pattern else "text"


def _range(meta: Meta, kind: str) -> str:
    low = f" over {meta.gt}" if meta.gt is not None else f" from {meta.ge}" if meta.ge is not None else ""
    return kind + low + (f" to {meta.le}" if meta.le is not None else "")
