"""`newsroom embargoes`: what is held back, and until when. Never shows text."""

from __future__ import annotations

from typing import Any, NamedTuple

import click
import msgspec

from streams.cli import errors, settings
from streams.cli.terminal import safe, safe_json
from streams.core.versions import Held, decode_known
from streams.settings import Settings


class Embargo(NamedTuple):
    """One held version of a story."""

    article: str
    held: Held

    @property
    def released(self) -> str:
        """When it goes out, or `never` and why not."""
        if self.held.until is None or self.held.unreadable:
            return f"never: {self.held.why}"
        return self.held.until.isoformat(" ", "seconds")

    def as_json(self) -> dict[str, Any]:
        """Everything but the text."""
        held = self.held
        until = None if held.unreadable else held.until
        return {"article": self.article, "version": held.version, "until": until, "why": held.why, "received": held.received}


@click.group()
def embargoes() -> None:
    """See which articles are held back until their time has come."""


@embargoes.command("list", epilog="\b\nExamples: newsroom embargoes list\n          newsroom embargoes list --json | jq -r .article")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List the articles that are held back, the next to go out first: id, version, release and receipt, never text.

    One is held "never" when its embargo cannot be read, or when it is withheld without a time: send a new version to release it.
    """
    held = sorted(_held(settings.load()), key=lambda one: (one.held.unreadable, one.held.until is None, one.held.until, one.article))
    if as_json:
        for one in held:
            click.echo(safe_json(msgspec.json.encode(one.as_json())))
        return
    for one in held:
        received = one.held.received.isoformat(" ", "seconds")
        click.echo(f"{one.released}  {safe(one.article)} v{one.held.version}  received {received}")
    click.echo(f"{len(held)} held", err=True)


def _held(current: Settings) -> list[Embargo]:
    """What is held, by the worker's state: the last record of each article, its key being `PARTITION/ID`."""
    from streams.cli import topic_io
    from streams.topics import ARTICLES_STATE

    with errors.reaching(current.broker):
        records = {record.key: record for record in topic_io.read_all(current, ARTICLES_STATE)}
    found = []
    for key, record in records.items():
        if key is None or record.value is None:
            continue
        try:
            known = decode_known(record.value)
        except msgspec.MsgspecError:  # which may quote what it could not read
            place = f"{record.topic} {record.partition}:{record.offset}"
            click.echo(f"newsroom: {place} cannot be read; it was written by another version", err=True)
        else:
            if known.held is not None:
                found.append(Embargo(key.partition(b"/")[2].decode("utf-8", "replace"), known.held))
    return found
