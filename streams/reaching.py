"""Whether the broker answers and has our topics, before a worker begins. Reads and writes no message."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Collection
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from streams import topics
from streams.process import EXIT_NO_BROKER, SetupError
from streams.settings import Settings

log = logging.getLogger(__name__)

PING_SECONDS = 2.0
_RETRY_SECONDS = 0.5
_REFUSALS = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
    ssl.SSLError,
)


async def topics_present(settings: Settings) -> None:
    """Wait until the broker answers and has every topic.

    :raises SetupError: it does not answer within `startup_seconds`, refuses us, or lacks a topic.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.startup_seconds
    while True:
        try:
            missing = topics.lacking(settings, await _present(settings))
        except _REFUSALS as error:
            raise SetupError(f"the broker {settings.broker} refuses us ({error}): check NEWSROOM_TLS* and NEWSROOM_SASL_*") from error
        except (KafkaError, OSError) as error:
            if loop.time() > deadline:
                raise SetupError(
                    f"no answer from the broker {settings.broker} for {settings.startup_seconds:g} s ({error}): "
                    "is it running, and is NEWSROOM_BROKER right?",
                    EXIT_NO_BROKER,
                ) from error
            log.warning("no answer from the broker %s yet (%s)", settings.broker, error)
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            if missing:
                raise SetupError(
                    f"the broker {settings.broker} has no topic {', '.join(missing)}, or hides it from this user: "
                    "run `newsroom topics create`, or ask for the rights of a worker (deploy/kafka/acls)"
                )
            return


async def _present(settings: Settings) -> Collection[str]:
    """The topics on the broker. Connects by hand first, since the client tells nobody why it could not."""
    options: dict[str, Any] = {**settings.kafka(), "request_timeout_ms": PING_SECONDS * 1000}
    servers = options.pop("bootstrap_servers")
    for server in servers:
        host, _, port = server.rpartition(":")
        try:
            (await create_conn(host.strip("[]"), int(port), **options)).close()
            break
        except (KafkaError, OSError):
            if server == servers[-1]:
                raise
    client = AIOKafkaClient(bootstrap_servers=servers, **options)
    try:
        await client.bootstrap()
        return set((await client.fetch_all_metadata()).topics(exclude_internal_topics=False))
    finally:
        await client.close()
