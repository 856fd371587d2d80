"""Alerts to a web address: signed as Standard Webhooks asks, to public addresses over HTTPS only, no redirect followed."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from base64 import b64decode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import quote

import aiohttp
from standardwebhooks import Webhook as Signer
from yarl import URL

from streams.core.records import Alert
from streams.subscriber import Misconfigured, NotNow, Refused

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_GLANCE_BYTES = 500
"""How much of an answer is read: enough to show what a receiver complains of."""
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_PREFIX = "whsec_"
_SHORTEST_SECRET_BYTES = 24
_LOGIN = re.compile(r"[^/?#]*//[^/?#]*@")
_NAT64 = IPv6Network("64:ff9b::/96")
_KEPT_APART = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16")))
"""What IANA keeps for other ends than reaching somebody, and not every Python knows."""


class Webhook:
    """`with Webhook(url, secrets) as output:`: posts each alert, its JSON as it lies on the topic, and keeps the connection."""

    def __init__(self, url: str, secrets: str, allow_private: bool = False) -> None:
        """`secrets` are one or more of the form `whsec_BASE64`, spaces between: each signs, so that one can be replaced by another.

        :raises Misconfigured: the address or a secret cannot be used.
        """
        self._url = checked_url(url, allow_private)
        self._signers = [_signer(secret) for secret in secrets.split()]
        if not self._signers:
            raise Misconfigured("NEWSROOM_WEBHOOK_SECRET_FILE is not set: with what are the messages signed?")
        self._allow_private = allow_private

    def __enter__(self) -> Webhook:
        self._runner = asyncio.Runner()
        self._session = self._runner.run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._session.close())
        self._runner.close()

    def __call__(self, alert: Alert, value: bytes) -> None:
        """Post the alert; every attempt is signed anew, with the same `webhook-id`."""
        try:
            self._runner.run(self._post(alert, value))
        except aiohttp.InvalidURL as error:
            raise Misconfigured(f"{self._url.with_query(None)} is no web address: {error.description}") from error
        except (aiohttp.ClientError, OSError) as error:  # time-outs are among them
            raise NotNow(f"{self._url.host}: {str(error) or type(error).__name__}") from error

    async def _open(self) -> aiohttp.ClientSession:
        # The socket is made for the very address that is then connected to, so a name cannot change its mind after the check.
        connector = aiohttp.TCPConnector(
            ssl=ssl.create_default_context(), socket_factory=self._socket, use_dns_cache=False, happy_eyeballs_delay=None
        )
        return aiohttp.ClientSession(
            connector=connector, timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
        )

    async def _post(self, alert: Alert, value: bytes) -> None:
        headers = self.headers(alert.id, value, datetime.now(UTC))
        async with self._session.post(self._url, data=value, headers=headers, allow_redirects=False) as response:
            said = (await response.content.read(_GLANCE_BYTES)).decode("utf-8", "replace")
            judge(response.status, response.headers.get("retry-after", ""), said)

    def headers(self, id_: str, value: bytes, at: datetime) -> dict[str, str]:
        """The headers of one attempt."""
        id_ = quote(id_, safe="")
        return {
            "content-type": "application/json",
            "user-agent": "newsroom-streams",
            "webhook-id": id_,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signer.sign(id_, at, value.decode()) for signer in self._signers),
        }

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._allow_private and not is_public(address[0]):
            raise Refused(f"{self._url.host} is at {address[0]}, which is no public address; --allow-private allows it")
        return socket.socket(family, kind, protocol)


def checked_url(url: str, allow_private: bool) -> URL:
    """The address, if alerts may go there.

    :raises Misconfigured: it is none, has a password in it, or is not HTTPS.
    """
    if _LOGIN.match(url):
        raise Misconfigured("the web address holds a user name or password, which every process list shows; the signature tells who sends")
    shown = url.partition("?")[0]  # what follows may be a secret of the receiver
    try:
        found = URL(url)
    except ValueError:
        raise Misconfigured(f"{shown} is no web address; write https://HOST/PATH") from None
    if found.scheme not in ("https", "http") or not found.host:
        raise Misconfigured(f"{shown} is no web address; write https://HOST/PATH")
    if found.scheme == "http" and not allow_private:
        raise Misconfigured(f"{shown} is not HTTPS, so anybody on the way could read it; --allow-private allows it")
    return found


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet, also the IPv4 address that an IPv6 address stands for."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        meant = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        found = meant or (IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else found)
    local = isinstance(found, IPv6Address) and found.is_site_local
    if any(found in network for network in _KEPT_APART):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or local)


def judge(status: int, retry_after: str, said: str) -> None:
    """Return if an HTTP status means that the alert was taken.

    :raises NotNow: it may be taken later.
    :raises Refused: it never will be.
    """
    if 200 <= status < 300:
        return
    reason = f"HTTP {status}" + (f": {said}" if said else "")
    if status >= 500 or status in _LATER:
        raise NotNow(reason, _seconds(retry_after, datetime.now(UTC)))
    raise Refused(f"{reason} (redirects are not followed; name the new address)" if 300 <= status < 400 else reason)


def _seconds(retry_after: str, now: datetime) -> float:
    """What `Retry-After` asks for: a number of seconds, or until a date; 0 where it makes no sense."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())


def _signer(secret: str) -> Signer:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(_PREFIX) or len(key) < _SHORTEST_SECRET_BYTES:
        raise Misconfigured(f"a secret to sign with is {_PREFIX} and at least {_SHORTEST_SECRET_BYTES} bytes in base64")
    return Signer(key)
