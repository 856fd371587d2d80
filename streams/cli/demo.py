"""`newsroom demo`: the whole line on one machine, with a broker, a worker and a sample wire of its own."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
from kafka import KafkaConsumer
from rich.console import RenderableType
from rich.text import Text

import streams
from streams import topics
from streams.broker import BrokerError, EmbeddedBroker
from streams.cli import errors, inputs, subscription_files, topic_io, view
from streams.cli.ending import Ending
from streams.cli.letters import DeadLetter
from streams.cli.terminal import safe, stderr, stdout
from streams.cli.worker import Worker
from streams.codec import Rejected, decode, decode_article, encode
from streams.core.records import Alert, Enriched, ReportedDevelopment
from streams.settings import Settings

SAMPLE = Path(streams.__file__).parent / "wires" / "sample"
SUBSCRIPTION = SAMPLE.parent / "subscription.yml"
_PICTURE_WIDTH = 116


class Sample:
    """What the demo sends, and what of it has come out: an article known by its id and version, a dead letter by its origin, and
    what the subscriber hears of the story that is told, told anew and withdrawn."""

    def __init__(self) -> None:
        self.payloads = list(inputs.payloads([str(SAMPLE)]))
        self.ids = [_identity(payload.data) for payload in self.payloads]
        self._waiting: dict[tuple[int, int], int] = {}
        self._told: set[str] = set()
        self._arrived: set[str] = set()
        self._unheard = {"alert", "update", "cancel"}
        self.articles = self.dead_letters = self.boilerplate = 0

    def sent(self, acknowledged: list[tuple[int, int]]) -> None:
        """Note the partition and offset of each payload on the wire topic."""
        self._waiting = {place: number for number, place in enumerate(acknowledged)}

    def enriched(self, record: Enriched) -> None:
        """Cross off an article; its developments are then awaited on their own topic."""
        for place, number in self._waiting.items():
            if self.ids[number] == (record.id, record.version):
                del self._waiting[place]
                self.articles += 1
                self.boilerplate += len(record.boilerplate)
                self._told |= {found.id for found in record.developments}
                return

    def dead(self, letter: DeadLetter) -> None:
        """Cross off what came out as a dead letter."""
        if letter.topic_partition is not None and letter.topic_offset is not None:
            self.dead_letters += self._waiting.pop((letter.topic_partition, letter.topic_offset), None) is not None

    def development(self, record: ReportedDevelopment) -> None:
        """Cross off a development that came out on its own topic, be it before or after its article."""
        self._arrived.add(record.id)

    def alert(self, record: Alert) -> None:
        """Cross off what the subscriber was told."""
        self._unheard.discard(record.msg_type)

    @property
    def missing(self) -> list[str]:
        """What was sent and has not come out."""
        names = [Path(self.payloads[number].where).name for number in self._waiting.values()]
        names += [f"development {found}" for found in sorted(self._told - self._arrived)]
        return names + [f"the message `{kind}` to the subscriber" for kind in sorted(self._unheard)]

    def summary(self, seconds: float) -> str:
        """What went in and what came out, in a line."""
        return (
            f"{len(self.payloads)} published = {self.articles} articles + {self.dead_letters} dead letters; "
            f"{len(self._told)} developments, {self.boilerplate} spans of boilerplate; {seconds:.1f} s from the start"
        )


@click.command(
    short_help="See it all at work, with a broker of its own.",
    epilog="\b\nExamples: newsroom demo\n          newsroom demo --once\n          newsroom demo --once --svg docs/terminal.svg",
)
@click.option("--once", is_flag=True, help="End when every message of the sample has come out as an article or a dead letter.")
@click.option("--time-limit", type=click.FloatRange(1), default=120, show_default=True, metavar="SECONDS", help="How long --once may take.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the terminal: the front page and a dead letter.")
def demo(once: bool, time_limit: float, svg: Path | None) -> None:
    """Start a broker in memory, a worker, a subscription and a sample wire; show what comes out; follow the topics until Ctrl-C.

    Needs nothing but this program: NEWSROOM_BROKER and the other settings are left aside, the broker is its own, on a free
    port of this machine, and forgets everything when the demo ends.
    """
    start = time.monotonic()
    deadline = start + time_limit if once else None
    with Ending() as ending, ExitStack() as stack:
        _play(stack, Show(start, svg), ending, deadline)


class Show:
    """What the demo prints: its own progress on standard error, what it reads from the topics on standard output."""

    def __init__(self, start: float, picture: Path | None) -> None:
        self.sample = Sample()
        self._start = start
        self._picture = picture
        self._kept: list[RenderableType] = []
        self._out = stdout()
        self._err = stderr()

    def note(self, text: str) -> None:
        """A line on how the demo goes on."""
        self._err.print(Text(safe(text), style="green"), soft_wrap=True)

    def message(self, topic: str, message: topic_io.ConsumerRecord) -> None:
        """Show one message of a topic and cross it off."""
        if topic == topics.ARTICLES:
            record = decode(message.value or b"", Enriched)
            self.sample.enriched(record)
            self._show(view.article(record), keep=(record.id, record.version) == self.sample.ids[0])
        elif topic == topics.ALERTS:
            alert = decode(message.value or b"", Alert)
            self.sample.alert(alert)
            self._show(view.alert(alert), keep=True)
        elif topic == topics.DEVELOPMENTS:
            self.sample.development(decode(message.value or b"", ReportedDevelopment))
        else:
            letter = DeadLetter.from_record(message)
            self.sample.dead(letter)
            self._show(view.dead_letter(letter), keep=self.sample.dead_letters == 1)

    def through(self) -> None:
        """Say that the sample is through, and draw the picture if one is wanted."""
        summary = self.sample.summary(time.monotonic() - self._start)
        self.note(summary)
        if self._picture:
            self._draw(self._picture, summary)

    def _show(self, renderable: RenderableType, keep: bool) -> None:
        self._out.print(renderable)
        if keep:
            self._kept.append(renderable)

    def _draw(self, path: Path, summary: str) -> None:
        console = stdout(record=True, width=_PICTURE_WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
        console.print(*self._kept, Text(summary, style="green"), sep="\n")
        try:
            console.save_svg(str(path), title="newsroom demo", unique_id="newsroom")
        except OSError as error:
            raise errors.Failure(f"{path}: the picture cannot be written: {error.strerror}", errors.USAGE) from error
        self.note(f"picture written to {path}")


def _play(stack: ExitStack, show: Show, ending: Ending, deadline: float | None) -> None:
    """The whole demo; what is started is left on the stack to be stopped."""
    try:
        broker = stack.enter_context(EmbeddedBroker())
    except BrokerError as error:
        raise errors.Failure(str(error), errors.UNAVAILABLE) from error
    settings = Settings.from_env(broker.environment)
    stack.enter_context(errors.reaching(settings.broker))
    topics.create(settings)
    subscription = subscription_files.read(str(SUBSCRIPTION))[0]
    with topic_io.Publisher(settings) as publisher:
        publisher.send(topics.SUBSCRIPTIONS, subscription.id.encode(), encode(subscription))
    show.note(f"broker in memory on {broker.address}, {len(topics.described())} topics")
    worker = stack.enter_context(Worker(broker.environment))
    worker.wait_until_ready(ending.check)
    results = [topics.ARTICLES, topics.DEVELOPMENTS, topics.ALERTS, topics.DEAD_LETTERS]
    reader = stack.enter_context(topic_io.consumer(settings, results, topic_io.BEGINNING))
    with topic_io.Publisher(settings) as publisher:
        for payload, identity in zip(show.sample.payloads, show.sample.ids, strict=True):
            publisher.send(topics.WIRE, identity and identity[0].encode(), payload.data)
    show.sample.sent(publisher.acknowledged)
    show.note(f"worker ready, {len(show.sample.payloads)} articles published on {topics.WIRE}")
    for _ in _arrivals(reader, worker, show, ending):
        if not show.sample.missing:
            break
        if deadline and time.monotonic() > deadline:
            raise errors.Failure(f"time is up, and not everything has come out. Missing: {', '.join(show.sample.missing)}", errors.TIMEOUT)
    show.through()
    if deadline is None:
        show.note(f"following the topics; Ctrl-C ends. In another terminal: NEWSROOM_BROKER={broker.address} newsroom publish FILE")
        for _ in _arrivals(reader, worker, show, ending):
            pass


def _arrivals(reader: KafkaConsumer, worker: Worker, show: Show, ending: Ending) -> Iterator[None]:
    """Show what arrives; yields after every look, whether or not there was anything."""
    while True:
        ending.check()
        worker.check()
        for message in topic_io.poll(reader):
            show.message(message.topic, message)
        yield


def _identity(payload: bytes) -> tuple[str, int] | None:
    try:
        article = decode_article(payload)
    except Rejected:
        return None
    return article.id, article.version
