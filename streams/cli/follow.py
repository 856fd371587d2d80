"""`newsroom follow`: what comes out, as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec
from rich.console import RenderableType

from streams.cli import errors, settings, view
from streams.cli.terminal import safe, safe_json, stdout
from streams.codec import Rejected, decode
from streams.core.records import Alert, Enriched, Incident, ReportedDevelopment

if TYPE_CHECKING:
    from kafka import KafkaConsumer
    from kafka.consumer.fetcher import ConsumerRecord


class Shown(NamedTuple):
    """A message in both of its guises, made when asked for."""

    languages: Sequence[str | None]
    """Of the text in it."""
    pretty: Callable[[], RenderableType]
    line: Callable[[], str]


Show = Callable[["ConsumerRecord"], Shown]


class _Start(click.ParamType):
    """`beginning`, `latest` or an offset."""

    name = "beginning|latest|OFFSET"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        if value in ("beginning", "latest"):
            return value
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            self.fail(f"{value!r} is neither beginning, latest nor an offset such as 1200", param, ctx)
        return int(value)


@click.command(
    short_help="Show what comes out, as it comes.",
    epilog="\b\nExamples: newsroom follow articles\n          newsroom follow developments --from beginning --key UKR\n"
    "          newsroom follow articles --language fr --json | jq .headline\n"
    "          newsroom follow alerts --key desk-kyiv",
)
@click.argument("what", type=click.Choice(["articles", "developments", "incidents", "alerts", "dead-letters"]))
@click.option("--from", "start", type=_Start(), default="latest", show_default=True, help="Where to start, in every partition.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as it lies on the topic.")
@click.option("--key", help="Only this Kafka key: the id of an article, incident or alert's subscription; the country of developments.")
@click.option("--language", help="Only what is or quotes text in this language, such as fr (regions included).")
@click.option("--limit", type=click.IntRange(1), help="End after this many.")
def follow(what: str, start: str | int, as_json: bool, key: str | None, language: str | None, limit: int | None) -> None:
    """Show tagged articles, developments, incidents, alerts or dead letters as they arrive, until Ctrl-C."""
    if what == "dead-letters" and language:
        raise click.UsageError("--language: dead letters have none, they could not be read")
    from streams.cli import topic_io

    current = settings.load()
    topic, show = _topic(what)
    console = stdout()
    with errors.reaching(current.broker), topic_io.consumer(current, [topic], start) as reader:
        click.echo(f"following {current.topic(topic)} on {current.broker} from {start}; Ctrl-C ends", err=True)
        found = (message for message in _messages(reader) if key is None or message.key == key.encode())
        for one in islice(_wanted(found, show, language), limit):
            if as_json:
                click.echo(one.line())
            else:
                console.print(one.pretty())


def _messages(reader: KafkaConsumer) -> Iterator[ConsumerRecord]:
    from streams.cli import topic_io

    while True:
        yield from topic_io.poll(reader)


def _wanted(messages: Iterator[ConsumerRecord], show: Show, language: str | None) -> Iterator[Shown]:
    for message in messages:
        try:
            found = show(message)
        except Rejected as error:
            click.echo(f"newsroom: {message.topic} {message.partition}:{message.offset}: {safe(str(error))}", err=True)
        else:
            if language is None or any(_within(one, language) for one in found.languages):
                yield found


def _within(found: str | None, wanted: str) -> bool:
    """Whether a language tag is the wanted one or a kind of it: `fr-CA` is within `fr`."""
    return f"{found or ''}-".lower().replace("_", "-").startswith(f"{wanted}-".lower().replace("_", "-"))


def _topic(what: str) -> tuple[str, Show]:
    from streams.topics import ALERTS, ARTICLES, DEAD_LETTERS, DEVELOPMENTS, INCIDENTS

    return {
        "articles": (ARTICLES, _article),
        "developments": (DEVELOPMENTS, _development),
        "incidents": (INCIDENTS, _incident),
        "alerts": (ALERTS, _alert),
        "dead-letters": (DEAD_LETTERS, _dead_letter),
    }[what]


def _article(message: ConsumerRecord) -> Shown:
    record = decode(message.value or b"", Enriched)
    return Shown([record.language], lambda: view.article(record), lambda: _one_line(message.value))


def _development(message: ConsumerRecord) -> Shown:
    record = decode(message.value or b"", ReportedDevelopment)
    return Shown([record.language], lambda: view.reported(record), lambda: _one_line(message.value))


def _incident(message: ConsumerRecord) -> Shown:
    record = decode(message.value or b"", Incident)
    return Shown([one.language for one in record.reports], lambda: view.incident(record), lambda: _one_line(message.value))


def _alert(message: ConsumerRecord) -> Shown:
    record = decode(message.value or b"", Alert)
    return Shown([one.language for one in record.evidence], lambda: view.alert(record), lambda: _one_line(message.value))


def _dead_letter(message: ConsumerRecord) -> Shown:
    from streams.cli.letters import DeadLetter

    letter = DeadLetter.from_record(message)
    return Shown([], lambda: view.dead_letter(letter), lambda: safe_json(msgspec.json.encode(letter.as_json())))


def _one_line(value: bytes) -> str:
    return safe_json(msgspec.json.format(value, indent=-1))
