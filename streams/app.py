"""The Faust application and the process around it: starts, watches, stops. The only file that configures Faust; tags nothing itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import faust
from faust.exceptions import ProducerSendError
from faust.types import TP

from streams import health, logs, suspended, topics
from streams.agents.alerts import AlertsAgent
from streams.agents.articles import ArticlesAgent
from streams.agents.incidents import IncidentsAgent
from streams.agents.lease import Lease, LostPlace, Writer
from streams.agents.reading import Handle, attach
from streams.agents.recovery import Reader, Tables
from streams.agents.state import State
from streams.agents.store import Table
from streams.agents.subscriptions import Book, SubscriptionsAgent
from streams.agents.ticks import TicksAgent
from streams.core.tagger import Tagger
from streams.delivery import Outgoing, Send
from streams.lag import Lag
from streams.lexicons import load_incident_rules, load_phrases, load_tagger
from streams.metrics import Metrics
from streams.process import EXIT_FAULT, EXIT_SETUP, SetupError, Suspension, end, fail, take_suspension
from streams.reaching import PING_SECONDS, topics_present
from streams.settings import Settings, SettingsError, misspelt

log = logging.getLogger(__name__)

_LINGER_MS = 2
_METADATA_MS = 5_000  # a broker that has just begun may not tell of all topics: whoever hands them out then must look again soon
_PRODUCER_BATCH_BYTES = 512 * 1024
_REQUEST_SECONDS = 90.0
_LOOK_SECONDS = 0.25
"""How often it is looked whether something is due."""


class App(faust.App):
    """Faust without what it leaves on disk, unless the state is to lie there."""

    logger = logging.getLogger("faust.app")
    lease: Lease
    clients: dict[str, Any]
    """How an aiokafka client reaches the broker."""

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
        consumer_metadata_max_age_ms=_METADATA_MS,
        producer_metadata_max_age_ms=_METADATA_MS,
        producer_acks=-1,
        producer_linger_ms=_LINGER_MS,
        producer_max_batch_size=_PRODUCER_BATCH_BYTES,
        producer_max_request_size=max(topic.max_bytes for topic in topics.described().values()),
        stream_wait_empty=True,
        stream_buffer_maxsize=settings.batch_size,  # with the batch in hand: at most so many articles in memory twice over
        stream_ack_cancelled_tasks=False,
        stream_ack_exceptions=False,
        Table=Table,
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
    app.lease, app.clients = Lease(settings.session_seconds), settings.kafka()
    app.transport.Consumer = Reader  # type: ignore[misc]
    app.transport.Producer = Writer  # type: ignore[misc]
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
    suspension = take_suspension(os.environ)
    for sentence in misspelt(os.environ):
        log.warning("%s", sentence)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_work(settings, suspension))
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


async def _work(settings: Settings, suspension: Suspension | None) -> None:
    """Serve, after waiting for the word to do so where there is a reason not to."""
    stop = asyncio.Event()
    _on_signals(stop)
    tagger = load_tagger()
    try:
        accepted = 0 if suspension is None else await _suspended(settings, tagger, suspension, stop)
        if not stop.is_set():
            await _serve(settings, tagger, accepted, stop)
    except (SetupError, SettingsError):
        raise
    except Exception as error:
        fail(error)


async def _suspended(settings: Settings, tagger: Tagger, suspension: Suspension, stop: asyncio.Event) -> int:
    """Take no work until somebody says so; returns when that was, in milliseconds since 1970."""
    metrics = Metrics(version("newsroom-streams"), tagger.version)

    async def obstacles() -> list[str]:
        return [f"suspended: {suspension.reason}"]

    async with AsyncExitStack() as stack:
        await _show(stack, settings, metrics, obstacles)
        word = asyncio.ensure_future(suspended.wait(settings, metrics, suspension.since))
        return 0 if await _first(word, stop) else word.result().at


async def _serve(settings: Settings, tagger: Tagger, accepted: int, stop: asyncio.Event) -> None:
    metrics = Metrics(version("newsroom-streams"), tagger.version)
    app = create_app(settings)
    book = Book(settings, metrics)
    articles = _attach(app, settings, metrics, tagger, book)
    lag = Lag(settings, lambda: _assigned(app))
    metrics.watch_lag(lag)
    app.on_partitions_assigned.connect(_log_partitions, weak=False)  # type: ignore[arg-type]

    async with AsyncExitStack() as stack:
        await _show(stack, settings, metrics, lambda: _obstacles(app, stop))
        if await _first(topics_present(settings), stop):
            return
        stack.push_async_callback(book.stop)
        beginning = asyncio.gather(suspended.accepted(settings), book.start())
        if await _first(beginning, stop):
            return
        articles.accept(max(accepted, beginning.result()[0]))
        for followed in (book, lag):
            stack.callback(asyncio.create_task(followed.follow()).cancel)
        try:
            if not (await _first(app.start(), stop) or await _first(app.wait_until_stopped(), stop)):
                fail(app.crash_reason or RuntimeError("Faust stopped by itself"))
            await _stop(app, settings.stop_seconds)
        except Exception as error:
            fail(error)


async def _show(stack: AsyncExitStack, settings: Settings, metrics: Metrics, obstacles: Callable[[], Awaitable[list[str]]]) -> None:
    """Answer metrics and health for as long as `stack` lasts."""
    try:
        page = health.serve(settings.health_host, settings.health_port, metrics.text, obstacles)
        await stack.enter_async_context(page)
    except OSError as error:
        where = f"{settings.health_host}:{settings.health_port}"
        raise SetupError(f"cannot listen on {where} ({error.strerror}): set NEWSROOM_HEALTH_PORT to a free port") from error


def _attach(app: App, settings: Settings, metrics: Metrics, tagger: Tagger, book: Book) -> ArticlesAgent:
    """The agents, each with the topic that it reads and what it remembers; returns the one that reads the wire."""
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
        attach(app, name, settings.topic(topic), settings.batch_size, handle, fail)

    async def look() -> None:
        """Work too: a tick that waited for a place in the group would keep Faust, which waits for it, from joining the group again."""
        if app.lease.holds:
            with suppress(LostPlace), app.lease.work():
                await articles.ask_for_release()
                await ticks.look()

    app.timer(_LOOK_SECONDS, name="clock")(look)
    return articles


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


async def _stop(app: App, seconds: float) -> None:
    """Let the batch in hand be acknowledged and committed, then leave the group. Faust does not let itself be cancelled here,
    so the process ends when the time is up."""
    late = f"what has begun was not finished within {seconds:g} s: it is not committed and will be read again"
    watchdog = asyncio.get_running_loop().call_later(seconds, end, EXIT_FAULT, late)
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
    if not app.lease.holds:
        found.append("the group has not answered for a session: nothing is written")
    if not await _broker_answers(app):
        found.append("the broker does not answer")
    return found


async def _broker_answers(app: App) -> bool:
    producer = app.producer._producer  # type: ignore[attr-defined]  # Faust offers no way to ask
    if producer is None:
        return False
    try:
        async with asyncio.timeout(PING_SECONDS):
            return bool(await producer.client.force_metadata_update())
    except (TimeoutError, OSError):
        return False


def _assigned(app: App) -> Collection[TP]:
    """What this worker reads now, its own state left out."""
    if not app.consumer.started or app.rebalancing:
        return ()
    return [tp for tp in app.consumer.assignment() if tp.topic not in app.tables.changelog_topics]
