"""Alerts made by hand, and receivers on this machine: a web server and a mail server, with and without TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from streams.core.records import Alert, Evidence, Place

SECRET = "whsec_bmV3c3Jvb20tc3RyZWFtcy10ZXN0cy1vbmx5IQ=="


QUOTE = Evidence(text="A drone fired two missiles", article="urn:1", version=1, agency="Harbour Wire", field="body", start=0, end=26)


def alert(**changes: object) -> Alert:
    """A drone strike as the desk hears of it first."""
    fields = {
        "id": "a1", "subscription": "desk", "incident": "i1", "msg_type": "alert", "sent": datetime(2026, 1, 22, 14, 10, tzinfo=UTC),
        "headline": "Drone strike on El Obeid: 19 dead", "type": "drone_strike", "status": "claimed", "severity": "Severe",
        "certainty": "Possible", "place": Place("El Obeid", "SDN"), "actor": ["RSF_SDN"], "independent_sources": 2,
        "evidence": [QUOTE],
    }  # fmt: skip
    return Alert(**{**fields, **changes})


class Receiver(ThreadingHTTPServer):
    """A web server that keeps what it got and gives the answers it was told, the last one for ever."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = [(204, {}, b"")]
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"{'http' if context is None else 'https'}://localhost:{self.server_port}/alerts"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        super().__exit__(*_)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.paths.append(self.path)
        status, headers, said = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        pass


class MailServer(Controller):
    """A mail server that keeps the messages it got, and refuses with `refusal` while that is set."""

    def __init__(self, **options: object) -> None:
        self.got: list = []
        self.raw: list[bytes] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.refusal = ""
        super().__init__(self, hostname="127.0.0.1", port=0, authenticator=self.login, **options)

    def __enter__(self) -> MailServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def login(self, server: SMTP, session: object, envelope: object, mechanism: str, data) -> AuthResult:
        """Takes every password but `wrong`."""
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password != b"wrong", handled=False)

    @property
    def settings(self) -> dict[str, object]:
        """How to reach it."""
        return {"smtp_host": "localhost", "smtp_port": self.port, "smtp_from": "newsroom@example.org"}

    def _trigger_server(self) -> None:
        """The library knocks at the port that it was told, and it was told to take a free one."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Signs the certificate of localhost."""
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch) -> ssl.SSLContext:
    """The context of a server on localhost that clients of this process trust."""
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return server_context(authority)


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server
