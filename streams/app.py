"""The Faust application and the process around it: starts, watches, stops. The only file that configures Faust; tags nothing itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import ssl
import sys
from collections.abc import Awaitable, Collection, Mapping
from contextlib import AsyncExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import faust
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    MessageSizeTooLargeError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)
from faust.exceptions import ProducerSendError

from streams import health, logs, topics
from streams.agents.alerts import AlertsAgent
from streams.agents.articles import ArticlesAgent
from streams.agents.incidents import IncidentsAgent
from streams.agents.reading import Handle, attach
from streams.agents.recovery import Reader, Tables
from streams.agents.state import State
from streams.agents.subscriptions import Book, SubscriptionsAgent
from streams.agents.ticks import TicksAgent
from streams.core.tagger import Tagger
from streams.delivery import Outgoing, Send, TooManyDeadLetters
from streams.lexicons import load_incident_rules, load_phrases, load_tagger
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError, misspelt

log = logging.getLogger(__name__)

# Exit codes, after sysexits.h.
EXIT_WIRE_BROKEN = 65  # too many dead letters
EXIT_NO_BROKER = 69
EXIT_FAULT = 70  # must not go on; what was begun is read again at the next start
EXIT_SETUP = 78  # a setting, a right or a topic is wrong

_REFUSALS = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
    ssl.SSLError,
)
_LINGER_MS = 2
_PRODUCER_BATCH_BYTES = 512 * 1024
_REQUEST_SECONDS = 90.0
_PING_SECONDS = 2.0
_LOOK_SECONDS = 0.25
"""How often it is looked whether something is due."""
_RETRY_SECONDS = 0.5


class SetupError(Exception):
    """The worker cannot start; the message says what to do, `code` is the exit code."""

    def __init__(self, message: str, code: int = EXIT_SETUP) -> None:
        super().__init__(message)
        self.code = code


class App(faust.App):
    """Faust without what it leaves on disk, unless the state is to lie there."""

    logger = logging.getLogger("faust.app")

    def _create_directories(self) -> None:
        if self.conf.store.scheme != "memory":
            super()._create_directories()


def create_app(settings: Settings) -> App:
    """Faust as the measurements of docs/architecture.md ask for: raw bytes, one acknowledgement at a time, nothing committed unfinished."""
    app = App(
        settings.group,
        broker=";".join(f"kafka://{server}" for server in settings.servers),
        broker_credentials=_credentials(settings),
        broker_session_timeout=settings.session_seconds,
        broker_heartbeat_interval=settings.heartbeat_seconds,
        broker_request_timeout=max(_REQUEST_SECONDS, settings.session_seconds),
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_linger_ms=_LINGER_MS,
        producer_max_batch_size=_PRODUCER_BATCH_BYTES,
        producer_max_request_size=max(topic.max_bytes for topic in topics.described().values()),
        stream_wait_empty=True,
        stream_buffer_maxsize=settings.batch_size,  # with the batch in hand: at most so many articles in memory twice over
        stream_ack_cancelled_tasks=False,
        stream_ack_exceptions=False,
        TableManager=Tables,
        store="rocksdb://?driver=rocksdict" if settings.store == "rocksdb" else "memory://",
        datadir=Path(settings.store_directory).absolute(),
        table_standby_replicas=0,
        stream_recovery_delay=0.0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,  # `faust worker` ignores this; `run` does not go through it
        web_tables_enabled=False,
        autodiscover=False,
    )
    app.transport.Consumer = Reader  # type: ignore[misc]
    return app


def _credentials(settings: Settings) -> Any:
    context = settings.ssl_context()
    if settings.sasl_mechanism:
        return faust.SASLCredentials(
            username=settings.sasl_username, password=settings.password, ssl_context=context, mechanism=settings.sasl_mechanism
        )
    return faust.SSLCredentials(context) if context else None


def run(settings: Settings) -> None:
    """Run a worker in this process until SIGTERM or SIGINT. What must not go on ends the process at once.

    :raises SystemExit: with the exit code, unless all went well.
    """
    logs.configure(settings.log_level, settings.log_format)
    for sentence in misspelt(os.environ):
        log.warning("%s", sentence)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings))
    except SetupError as error:
        log.error("%s", error)
        sys.exit(error.code)
    except SettingsError as error:
        log.error("%s", error)
        sys.exit(EXIT_SETUP)


def _loop_factory() -> Any:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    tagger = load_tagger()
    metrics = Metrics(version("newsroom-streams"), tagger.version)
    app = create_app(settings)
    book = Book(settings, metrics)
    _attach(app, settings, metrics, tagger, book)
    metrics.watch_lag(lambda: _lag(app))
    app.on_partitions_assigned.connect(_log_partitions, weak=False)  # type: ignore[arg-type]

    async with AsyncExitStack() as stack:
        try:
            page = health.serve(settings.health_host, settings.health_port, metrics.text, lambda: _obstacles(app, stop))
            await stack.enter_async_context(page)
        except OSError as error:
            where = f"{settings.health_host}:{settings.health_port}"
            raise SetupError(f"cannot listen on {where} ({error.strerror}): set NEWSROOM_HEALTH_PORT to a free port") from error
        if await _first(_topics_present(settings), stop):
            return
        stack.push_async_callback(book.stop)
        if await _first(book.start(), stop):
            return
        following = asyncio.create_task(book.follow())
        stack.callback(following.cancel)
        try:
            if not (await _first(app.start(), stop) or await _first(app.wait_until_stopped(), stop)):
                _fail(app.crash_reason or RuntimeError("Faust stopped by itself"))
            await _stop(app, settings.stop_seconds)
        except Exception as error:
            _fail(error)


def _attach(app: App, settings: Settings, metrics: Metrics, tagger: Tagger, book: Book) -> None:
    """The agents, each with the topic that it reads and what it remembers."""
    send = _sender(app)

    def state(topic: str) -> State:
        return State(app, settings.topic(topic), send, metrics.retries.inc)

    stories, cases, watches = state(topics.ARTICLES_STATE), state(topics.INCIDENTS_STATE), state(topics.ALERTS_STATE)
    articles = ArticlesAgent(settings, tagger, metrics, send, stories)
    incidents = IncidentsAgent(settings, load_incident_rules(), metrics, send, cases)
    alerts = AlertsAgent(settings, book, load_phrases(), metrics, send, watches)
    subscriptions = SubscriptionsAgent(settings, metrics, send, topics.described()[topics.TICKS].partitions)
    ticks = TicksAgent(settings, articles, alerts, metrics, send)
    for memory, restore in ((stories, articles.restore), (cases, incidents.restore), (watches, alerts.restore)):
        memory.on_recovered(restore)
    read: tuple[tuple[str, str, Handle], ...] = (
        ("articles", topics.WIRE, articles.handle),
        ("incidents", topics.DEVELOPMENTS, incidents.handle),
        ("alerts", topics.INCIDENTS, alerts.handle),
        ("subscriptions", topics.SUBSCRIPTIONS, subscriptions.handle),
        ("ticks", topics.TICKS, ticks.handle),
    )
    for name, topic, handle in read:
        attach(app, name, settings.topic(topic), settings.batch_size, handle, _fail)
    app.timer(_LOOK_SECONDS, name="clock")(ticks.look)


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def first(number: signal.Signals) -> None:
        log.info("%s: finishing what has begun", number.name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, first, number)


async def _first(work: Awaitable[Any], stop: asyncio.Event) -> bool:
    """Whether the word to stop came before `work` was done; its exception is raised, its remains are cancelled."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        working.result()
        return stop.is_set()
    working.cancel()
    return True


async def _topics_present(settings: Settings) -> None:
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
                raise SetupError(f"the broker {settings.broker} has no topic {', '.join(missing)}: run `newsroom topics create`")
            return


async def _present(settings: Settings) -> Collection[str]:
    """The topics on the broker. Connects by hand first, since the client tells nobody why it could not."""
    options: dict[str, Any] = {**settings.kafka(), "request_timeout_ms": _PING_SECONDS * 1000}
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


async def _stop(app: App, seconds: float) -> None:
    """Let the batch in hand be acknowledged and committed, then leave the group. Faust does not let itself be cancelled here,
    so the process ends when the time is up."""
    late = f"what has begun was not finished within {seconds:g} s: it is not committed and will be read again"
    watchdog = asyncio.get_running_loop().call_later(seconds, _end, EXIT_FAULT, late)
    await app.stop()
    watchdog.cancel()
    log.info("stopped")


def _sender(app: App) -> Send:
    async def send(message: Outgoing) -> Awaitable[Any]:
        try:
            return await app.producer.send(message.topic, message.key, message.value, message.partition, None, list(message.headers))
        except ProducerSendError as error:
            raise (error.__cause__ or error) from None

    return send


def _fail(error: BaseException) -> NoReturn:
    """End the process before anything unfinished is committed: Faust acknowledges a batch even when its agent raises."""
    if isinstance(error, TooManyDeadLetters):
        _end(EXIT_WIRE_BROKEN, str(error))
    if isinstance(error, MessageSizeTooLargeError):
        _end(EXIT_SETUP, "the broker refuses a message for its length: `newsroom topics check` shows which topic takes less than it should")
    if isinstance(error, TopicAuthorizationFailedError | GroupAuthorizationFailedError):
        _end(EXIT_SETUP, f"the broker forbids it ({error}): give this user the right to read the group and to read and write the topics")
    _end(EXIT_FAULT, f"{type(error).__name__} at {logs.place(error)}: stopped before anything was lost; it will be read again")


def _end(code: int, message: str) -> NoReturn:
    log.critical("%s", message)
    logging.shutdown()
    os._exit(code)


async def _log_partitions(_: Any, assigned: set[Any], **__: Any) -> None:
    of: dict[str, list[str]] = {}
    for topic, partition in sorted(assigned):
        of.setdefault(topic, []).append(str(partition))
    read = ", ".join(f"{topic}/{','.join(partitions)}" for topic, partitions in of.items() if ".state." not in topic)
    log.info("reading %s", read or "nothing: more workers than partitions")


async def _obstacles(app: App, stop: asyncio.Event) -> list[str]:
    """What stands in the way of work, in words."""
    if stop.is_set():
        return ["stopping"]
    if not app.producer.started or not app.consumer.started:
        return ["starting: the broker does not answer yet"]
    found = []
    if app.rebalancing:
        found.append("the group is handing out partitions")
    elif app.tables.recovery.in_recovery:  # type: ignore[attr-defined]
        found.append("the state is coming back from the broker")
    elif not app.consumer.assignment():
        found.append("no partitions: there are more workers than partitions")
    if not await _broker_answers(app):
        found.append("the broker does not answer")
    return found


async def _broker_answers(app: App) -> bool:
    producer = app.producer._producer  # type: ignore[attr-defined]  # Faust offers no way to ask
    if producer is None:
        return False
    try:
        async with asyncio.timeout(_PING_SECONDS):
            return bool(await producer.client.force_metadata_update())
    except (TimeoutError, OSError):
        return False


def _lag(app: App) -> Mapping[tuple[str, int], int]:
    if not app.consumer.started or app.rebalancing:
        return {}
    committed = app.consumer._committed_offset  # type: ignore[attr-defined]  # the monitor knows only what this worker committed
    return {
        (tp.topic, tp.partition): max(0, (app.consumer.highwater(tp) or 0) - done)
        for tp in app.consumer.assignment()
        if tp.topic not in app.tables.changelog_topics and (done := committed.get(tp)) is not None
    }
