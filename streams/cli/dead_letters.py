"""`newsroom dead-letters`: list, show and replay what could not be read; let workers go on that it has suspended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from streams.cli import errors, settings, view
from streams.cli.letters import DeadLetter
from streams.cli.terminal import safe, safe_json, stdout
from streams.settings import Settings


class _Place(click.ParamType):
    """`PARTITION:OFFSET`, or `OFFSET` in partition 0."""

    name = "[PARTITION:]OFFSET"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        partition, _, offset = value.rpartition(":")
        numbers = (partition or "0", offset)
        if not all(number.isascii() and number.isdigit() and len(number) < 19 for number in numbers):
            self.fail(f"{value!r} is not OFFSET or PARTITION:OFFSET; newsroom dead-letters list shows them", param, ctx)
        return int(numbers[0]), int(offset)


@click.group("dead-letters")
def dead_letters() -> None:
    """List, show and replay the messages that could not be read; let suspended workers go on."""


@dead_letters.command("list", epilog="Example: newsroom dead-letters list --reason invalid-json")
@click.option("--reason", help="Only this reason code.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the message as it came.")
def list_(reason: str | None, as_json: bool) -> None:
    """List the dead letters, oldest first: place, reason, origin, key and what is wrong."""
    current = settings.load()
    letters = [letter for letter in _all(current) if reason in (None, letter.reason)]
    if as_json:
        for letter in letters:
            click.echo(safe_json(msgspec.json.encode(letter.as_json())))
        return
    console = stdout()
    for letter in letters:
        console.print(view.dead_letter_line(letter), soft_wrap=True)
    counts = Counter(letter.reason for letter in letters)
    click.echo(f"{len(letters)} dead letters" + "".join(f", {count} {safe(code)}" for code, count in counts.most_common()), err=True)


@dead_letters.command(epilog="Example: newsroom dead-letters show 0:17")
@click.argument("place", type=_Place())
def show(place: tuple[int, int]) -> None:
    """Show one dead letter whole: why it is there, its headers, and the message as it came."""
    from streams.cli import topic_io
    from streams.topics import DEAD_LETTERS

    current = settings.load()
    with errors.reaching(current.broker):
        found = topic_io.read_one(current, DEAD_LETTERS, *place)
    if found is None:
        raise errors.Failure(f"no dead letter at {place[0]}:{place[1]}. All of them: newsroom dead-letters list")
    stdout().print(view.dead_letter_whole(DeadLetter.from_record(found)))


@dead_letters.command(
    epilog="\b\nExamples: newsroom dead-letters replay 0:17 0:18\n          newsroom dead-letters replay --reason unknown-format --yes"
)
@click.argument("places", type=_Place(), nargs=-1)
@click.option("--reason", help="All of this reason code.")
@click.option("--all", "everything", is_flag=True, help="All that there are.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def replay(places: tuple[tuple[int, int], ...], reason: str | None, everything: bool, yes: bool) -> None:
    """Send dead letters to the topic that they came from once more, with key, value and headers as they came.

    For when the cause is gone: a format that is read now, a limit that was raised. What still cannot be read comes back as
    a new dead letter; the old one stays until its topic forgets it, so replay names what it replays.
    """
    if sum((bool(places), reason is not None, everything)) != 1:
        raise click.UsageError("say which: PARTITION:OFFSET ..., --reason CODE, or --all")
    current = settings.load()
    letters = [one for one in _all(current) if everything or (one.reason == reason if reason else (one.partition, one.offset) in places)]
    _check(letters, places)
    if not letters:
        click.echo("no such dead letters: nothing to replay", err=True)
        return
    if not yes:
        topics = ", ".join(sorted({letter.topic for letter in letters}))
        click.confirm(f"send {len(letters)} dead letters to {safe(topics)} on {current.broker}?", abort=True, err=True)
    _send(current, letters)
    click.echo(f"{len(letters)} replayed and acknowledged", err=True)


@dead_letters.command(epilog="Example: newsroom dead-letters list; newsroom dead-letters resume")
def resume() -> None:
    """Let the workers go on that took no more work since too much of the wire cannot be read.

    A worker suspends itself when more than NEWSROOM_DEAD_LETTER_SHARE of what comes are dead letters: /health/ready, its log
    and the metric newsroom_suspended say so. Mend what writes to the topic first. What is broken up to now then becomes dead letters
    without suspending anybody again, and nothing is skipped; what comes from now on counts anew. A restart of the workers does the same.
    """
    current = settings.load()
    _say_resume(current)
    click.echo("told all workers to go on; one that was not suspended does as before. If one still is, /health/ready says why", err=True)
    click.echo(f"{len(_all(current))} dead letters so far: newsroom dead-letters list", err=True)


def _say_resume(current: Settings) -> None:
    from streams import codec
    from streams.cli.topic_io import Publisher
    from streams.core.records import Tick
    from streams.topics import TICKS, described

    with errors.reaching(current.broker), Publisher(current) as publisher:
        for partition in range(described()[TICKS].partitions):
            publisher.send(current.topic(TICKS), None, codec.encode(Tick(reason="resume")), partition=partition)


def _all(current: Settings) -> list[DeadLetter]:
    from streams.cli import topic_io
    from streams.topics import DEAD_LETTERS

    with errors.reaching(current.broker):
        return [DeadLetter.from_record(record) for record in topic_io.read_all(current, DEAD_LETTERS)]


def _check(letters: Sequence[DeadLetter], places: Sequence[tuple[int, int]]) -> None:
    found = {(letter.partition, letter.offset) for letter in letters}
    lacking = [f"{partition}:{offset}" for partition, offset in places if (partition, offset) not in found]
    if lacking:
        raise errors.Failure(f"no dead letter at {', '.join(lacking)}; nothing was sent. All of them: newsroom dead-letters list")
    astray = [letter.place for letter in letters if not letter.topic]
    if astray:
        raise errors.Failure(f"{', '.join(astray)}: no header dlq.topic says where it came from; nothing was sent. Leave it out")


def _send(current: Settings, letters: Sequence[DeadLetter]) -> None:
    from streams.cli.topic_io import Publisher

    with errors.reaching(current.broker), Publisher(current) as publisher:
        for letter in letters:
            publisher.send(letter.topic, letter.key, letter.value, letter.headers)
