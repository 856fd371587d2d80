"""Alerts by e-mail: one message an alert, threaded by incident, over SMTP with TLS."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import blake2b

from streams.core.records import Alert
from streams.settings import Settings
from streams.subscriber import Misconfigured, NotNow, Refused

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What may stand in a Message-ID as it is; our own ids are hexadecimal."""
_TIMEOUT_SECONDS = 30
_LONGEST_SUBJECT = 200
_MOST_REFERENCES = 100
"""As many as our own alerts have; folding longer headers takes minutes."""
_FIRST_PERMANENT = 500
"""SMTP reply codes from here on mean: do not try again."""


class Mail:
    """An output that sends each alert to one address; to reach several, let the mail server hand it on."""

    def __init__(self, settings: Settings, to: str, body: Callable[[Alert], str]) -> None:
        """`body` makes the text of the message.

        :raises Misconfigured: an address is none, or there is no sender.
        """
        if not settings.smtp_from:
            raise Misconfigured("NEWSROOM_SMTP_FROM is not set: from whom are the messages?")
        self._settings = settings
        self._from, self._to = address(settings.smtp_from), address(to)
        self._body = body

    def __call__(self, alert: Alert, value: bytes) -> None:
        """Send the alert."""
        message = compose(alert, self._from, self._to, self._body(alert))
        host = f"{self._settings.smtp_host}:{self._settings.smtp_port}"
        try:
            with self._connect() as server:
                server.send_message(message)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise Misconfigured(f"{host}: {error}") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _answer(code, f"{host}: {said.decode('utf-8', 'replace')}") from error
        except smtplib.SMTPConnectError as error:
            raise NotNow(f"{host}: {error}") from error
        except smtplib.SMTPResponseException as error:
            raise _answer(error.smtp_code, f"{host}: {error}") from error
        except OSError as error:  # SMTPException and failures of TLS are among them
            raise NotNow(f"{host}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = (settings.smtp_host, settings.smtp_port)
        server: smtplib.SMTP
        if settings.smtp_tls == "tls":
            server = smtplib.SMTP_SSL(*where, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(*where, timeout=_TIMEOUT_SECONDS)
        try:
            if settings.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.secret("smtp_password") or "")
        except BaseException:
            server.close()
            raise
        return server


def compose(alert: Alert, sender: Address, to: Address, body: str) -> EmailMessage:
    """The message: its id is made of the alert's, and its references are the alert's, so that a mail program shows them as one thread."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    subject = _plain(alert.headline[:_LONGEST_SUBJECT])
    message["Subject"] = subject.replace("=?", "= ?")  # else it is read as encoded, line ends and further headers and all
    message["Date"] = alert.sent
    message["Message-ID"] = _message_id(alert.id, sender)
    if alert.references:
        message["In-Reply-To"] = _message_id(alert.references[-1], sender)
        message["References"] = " ".join(_message_id(id_, sender) for id_ in alert.references[-_MOST_REFERENCES:])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice in answer
    message.set_content("\n".join(map(_plain, body.splitlines())) + "\n")
    return message


def address(text: str) -> Address:
    """The address that a text is.

    :raises Misconfigured: it is none.
    """
    try:
        found = Address(addr_spec=text)
    except Exception as error:  # the parser of the standard library raises IndexError and its own kinds, too
        raise Misconfigured(f"{_plain(text)} is no e-mail address; write one such as desk@example.org") from error
    if not (found.username and found.domain and text.isprintable()):
        raise Misconfigured(f"{_plain(text)} is no e-mail address; write one such as desk@example.org")
    return found


def _message_id(id_: str, sender: Address) -> str:
    if not _ID.fullmatch(id_):
        id_ = blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"<{id_}@{sender.domain}>"


def _plain(text: str) -> str:
    """The text on one line, without what controls a mail program."""
    return "".join(c if c.isprintable() else " " for c in text)


def _answer(code: int, reason: str) -> NotNow | Refused:
    return Refused(reason) if code >= _FIRST_PERMANENT else NotNow(reason)
