"""`newsroom publish`: articles from files to the wire topic, every one acknowledged."""

from __future__ import annotations

import click

from streams.cli import errors, inputs, settings
from streams.cli.terminal import safe, stderr
from streams.codec import Rejected, decode_article

_FRAME_BYTES = 2_000  # what Kafka adds to a message, with the longest key


@click.command(
    short_help="Publish articles on the wire topic.",
    epilog="\b\nExamples: newsroom publish articles.jsonl\n          newsroom publish --raw broken.json\n"
    "          curl -s https://wire.example/today.jsonl | newsroom publish -",
)
@click.argument("paths", type=inputs.PATH, metavar="FILE|DIR|- ...", nargs=-1, required=True)
@click.option("--raw", is_flag=True, help="Send what cannot be read all the same, as it is: it will come out as a dead letter.")
def publish(paths: tuple[str, ...], raw: bool) -> None:
    """Publish articles on the wire topic, in any wire format, and wait until the broker has acknowledged every one.

    FILE holds one article, or one a line as .jsonl, .ndjson and standard input (-) always do. What cannot be read is not sent: it is
    named with its file, line and reason, and the exit code is 1.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from streams.cli.topic_io import Publisher
    from streams.topics import WIRE, described

    current = settings.load()
    longest = described()[WIRE].max_bytes - _FRAME_BYTES
    console = stderr()
    columns = (TextColumn("publishing"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[sent]} articles"))
    refused = 0
    with (
        errors.reaching(current.broker),
        Publisher(current) as publisher,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("", total=inputs.total_bytes(paths), sent=0)
        for number, payload in enumerate(inputs.payloads(paths), 1):
            key, reason = _key(payload.data, current.max_article_bytes)
            if len(payload.data) > longest:
                reason = f"{len(payload.data):,} bytes, the topic takes {longest:,}; send less"
            elif raw:
                reason = None
            if reason is None:
                publisher.send(current.topic(WIRE), key, payload.data)
            else:
                refused += 1
                console.print(f"newsroom: {safe(payload.where)}: not sent: {safe(reason)}", soft_wrap=True)
            progress.update(task, advance=len(payload.data), sent=number - refused)
    count = len(publisher.acknowledged)
    not_sent = f", {refused:,} not sent" if refused else ""
    console.print(f"{count:,} published to {current.topic(WIRE)} on {current.broker}{not_sent}", soft_wrap=True)
    if refused:
        raise click.exceptions.Exit(errors.REFUSED)


def _key(value: bytes, max_bytes: int) -> tuple[bytes | None, str | None]:
    """The Kafka key of a payload, which is the id of its article; or why it cannot be read."""
    try:
        return decode_article(value, max_bytes=max_bytes).id.encode(), None
    except Rejected as error:
        return None, str(error)
