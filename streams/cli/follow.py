"""`newsroom follow`: what comes out, as it comes."""

from __future__ import annotations

from collections.abc import Callable

import click
import msgspec
from rich.console import RenderableType

from streams.cli import errors, settings, view
from streams.cli.terminal import safe, safe_json, stdout
from streams.codec import Rejected, decode
from streams.core.records import Enriched, ReportedDevelopment


class _Start(click.ParamType):
    """`beginning`, `latest` or an offset."""

    name = "beginning|latest|OFFSET"

    def convert(self, value, param, ctx) -> str | int:
        if value in ("beginning", "latest"):
            return value
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            self.fail(f"{value!r} is neither beginning, latest nor an offset such as 1200", param, ctx)
        return int(value)


@click.command(
    epilog="\b\nExamples: newsroom follow articles\n          newsroom follow developments --from beginning --key UKR\n"
    "          newsroom follow articles --language fr --json | jq .headline"
)
@click.argument("what", type=click.Choice(["articles", "developments", "dead-letters"]))
@click.option("--from", "start", type=_Start(), default="latest", show_default=True, help="Where to start, in every partition.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as it lies on the topic.")
@click.option("--key", help="Only this Kafka key: an article's id, or the country code of developments.")
@click.option("--language", help="Only this language, such as fr (regions included).")
@click.option("--limit", type=click.IntRange(1), help="End after this many.")
def follow(what: str, start: str | int, as_json: bool, key: str | None, language: str | None, limit: int | None) -> None:
    """Show tagged articles, developments or dead letters as they arrive, until Ctrl-C."""
    if what == "dead-letters" and language:
        raise click.UsageError("--language: dead letters have none, they could not be read")
    from streams.cli import topic_io

    current = settings.load()
    topic, show = _topic(what)
    console = stdout()
    click.echo(f"following {current.topic(topic)} on {current.broker} from {start}; Ctrl-C ends", err=True)
    shown = 0
    with errors.reaching(current.broker):
        for message in topic_io.follow(current, topic, start):
            if key is not None and message.key != key.encode():
                continue
            try:
                found_language, pretty, line = show(message)
            except Rejected as error:
                click.echo(f"newsroom: {message.topic} {message.partition}:{message.offset}: {safe(str(error))}", err=True)
                continue
            if language and (found_language or "").split("-")[0].lower() != language.lower() and (found_language or "").lower() != language.lower():
                continue
            if as_json:
                click.echo(line())
            else:
                console.print(pretty())
            shown += 1
            if shown == limit:
                return


Shown = tuple[str | None, Callable[[], RenderableType], Callable[[], str]]


def _topic(what: str) -> tuple[str, Callable[..., Shown]]:
    from streams.topics import ARTICLES, DEAD_LETTERS, DEVELOPMENTS

    return {"articles": (ARTICLES, _article), "developments": (DEVELOPMENTS, _development), "dead-letters": (DEAD_LETTERS, _dead_letter)}[what]


def _article(message) -> Shown:
    record = decode(message.value or b"", Enriched)
    return record.language, lambda: view.article(record), lambda: _one_line(message.value)


def _development(message) -> Shown:
    record = decode(message.value or b"", ReportedDevelopment)
    return record.language, lambda: view.reported(record), lambda: _one_line(message.value)


def _dead_letter(message) -> Shown:
    from streams.cli.letters import DeadLetter

    letter = DeadLetter.from_record(message)
    return None, lambda: view.dead_letter(letter), lambda: safe_json(msgspec.json.encode(letter.as_json()))


def _one_line(value: bytes) -> str:
    return safe_json(msgspec.json.format(value, indent=-1))
