"""`newsroom subscriptions`: put, list, show, delete and try out who wants to hear of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec
import yaml

from streams.cli import errors, settings, subscription_files, view
from streams.cli.subscription_files import Invalid
from streams.cli.terminal import safe, safe_json, stdout
from streams.codec import Rejected, cloud_event_headers, decode, encode
from streams.core.records import Alert, Incident, Subscription
from streams.core.subscriptions import LONGEST_WAIT_SECONDS
from streams.settings import Settings

SOURCE = "/newsroom/subscriptions"


class _Since(click.ParamType):
    """A day or an instant; UTC unless it says otherwise."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write one such as 2025-10-22 or 2025-10-22T09:40+02:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


@click.group()
def subscriptions() -> None:
    """Say who wants to hear of what. A subscription is a YAML document; docs/subscribing.md explains its fields.

    \b
    id: desk-kyiv
    countries: [UKR]
    families: [violence]
    certainty: Likely
    """


@subscriptions.command(
    epilog="\b\nExamples: newsroom subscriptions put desk-kyiv.yml\n          newsroom subscriptions put desks/*.yml\n"
    "          printf 'id: desk-kyiv\\ncountries: [UKR]\\n' | newsroom subscriptions put -"
)
@click.argument("files", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE.yml|- ...", nargs=-1, required=True)
def put(files: tuple[str, ...]) -> None:
    """Bring subscriptions into force, or change those of the same id, on all workers at once.

    A file holds one, or several with --- between. Nothing of a file with a fault is sent: each fault is named with its file, document,
    line, path and cure, and the exit code is 1.
    """
    from streams.cli.topic_io import Publisher
    from streams.topics import SUBSCRIPTIONS

    valid, refused = _read_all(files)
    current = settings.load()
    if valid:
        with errors.reaching(current.broker), Publisher(current) as publisher:
            for one in valid:
                headers = cloud_event_headers(one, SOURCE, datetime.now(UTC), None)
                publisher.send(current.topic(SUBSCRIPTIONS), one.id.encode(), encode(one), headers)
    for one in valid:
        click.echo(f"{one.id} is in force")
    if refused:
        click.echo(f"newsroom: {len(valid)} sent, {refused} of {len(files)} files refused", err=True)
        raise click.exceptions.Exit(errors.REFUSED)


@subscriptions.command("list", epilog="Example: newsroom subscriptions list --json | jq .id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as it lies on the topic.")
def list_(as_json: bool) -> None:
    """List the subscriptions that are in force."""
    found = in_force(settings.load())
    if as_json:
        for one in found.values():
            click.echo(safe_json(encode(one)))
        return
    from rich.table import Table

    rows = Table("id", "name", "wants", box=None, pad_edge=False)
    for one in found.values():
        rows.add_row(one.id, safe(one.name), safe(_wants(one)))
    if found:
        stdout().print(rows)
    click.echo(f"{len(found)} subscriptions", err=True)


@subscriptions.command(epilog="Example: newsroom subscriptions show desk-kyiv > desk-kyiv.yml")
@click.argument("id_", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON, every field.")
def show(id_: str, as_json: bool) -> None:
    """Show a subscription as YAML that `put` takes again."""
    found = _one(settings.load(), id_)
    if as_json:
        click.echo(safe_json(encode(found)))
        return
    for line in yaml.safe_dump(_said(found), sort_keys=False, allow_unicode=True).splitlines():
        click.echo(safe(line))


@subscriptions.command(epilog="Example: newsroom subscriptions delete desk-kyiv --yes")
@click.argument("id_", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(id_: str, yes: bool) -> None:
    """End a subscription. What it was told and still waits for an end is cancelled."""
    from streams.cli.topic_io import Publisher
    from streams.topics import SUBSCRIPTIONS

    current = settings.load()
    found = _one(current, id_)
    if not yes:
        click.confirm(f"delete {found.id} on {current.broker}?", abort=True, err=True)
    with errors.reaching(current.broker), Publisher(current) as publisher:
        publisher.send(current.topic(SUBSCRIPTIONS), found.id.encode(), None)
    click.echo(f"{found.id} is deleted")


@subscriptions.command(
    epilog="\b\nExamples: newsroom subscriptions test desk-kyiv.yml --from 2025-10-22\n"
    "          newsroom subscriptions test desks.yml --from 2025-10-22T09:40+02:00 --json | jq .headline"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE.yml|-")
@click.option("--from", "since", type=_Since(), required=True, help="From this day (UTC) or instant on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as it would lie on newsroom.alerts.v1.")
def test(file: str, since: datetime, as_json: bool) -> None:
    """Show what subscriptions would have been sent, had they been in force since DATE. Sends nothing and needs no worker.

    It reads what the incidents topic still holds: in its older part the last state of each incident only, as the topic is compacted.
    What quiet hours, a digest or a cooldown still hold back is shown with the time at which it will be sent if nothing else happens.
    """
    valid, refused = _read_all([file])
    if refused:
        raise click.exceptions.Exit(errors.REFUSED)
    incidents = _incidents(settings.load(), since)
    counts: Counter[str] = Counter()
    console = stdout()
    now = datetime.now(UTC)
    for one in _replayed(incidents, valid, now + timedelta(seconds=2 * LONGEST_WAIT_SECONDS)):
        counts[one.msg_type] += 1
        counts["waits"] += one.sent > now
        if as_json:
            click.echo(safe_json(encode(one)))
        else:
            console.print(view.alert(one))
    told = ", ".join(f"{counts[kind]} {kind}" for kind in ("alert", "update", "cancel"))
    waits = f"; {counts['waits']} of them still waits" if counts["waits"] else ""
    known = len({incident.id for _, incident in incidents})
    when = since.isoformat(" ", "minutes")
    click.echo(f"{known} incidents in {len(incidents)} records since {when}; would have sent: {told}{waits}", err=True)


def in_force(current: Settings) -> dict[str, Subscription]:
    """The subscriptions by id, as a worker reads them: what is none is named and changes nothing.

    :raises Failure: the broker or the topic is not there.
    """
    from streams.agents.subscriptions import read
    from streams.cli import topic_io
    from streams.topics import SUBSCRIPTIONS

    with errors.reaching(current.broker):
        records = topic_io.read_all(current, SUBSCRIPTIONS)
    found: dict[str, Subscription] = {}
    for record in records:
        key = (record.key or b"").decode("utf-8", "replace")
        if record.value is None:
            found.pop(key, None)
            continue
        try:
            found[key] = read(record.key, record.value)
        except Rejected as error:
            click.echo(f"newsroom: {safe(key)}: not valid, so what came before stays in force: {safe(str(error))}", err=True)
    return dict(sorted(found.items()))


def _one(current: Settings, id_: str) -> Subscription:
    found = in_force(current).get(id_)
    if found is None:
        raise errors.Failure(f"there is no subscription {id_}. All of them: newsroom subscriptions list")
    return found


def _read_all(files: tuple[str, ...] | list[str]) -> tuple[list[Subscription], int]:
    """The subscriptions of all files without a fault, and how many files have one; those are named."""
    valid: list[Subscription] = []
    refused = 0
    for file in files:
        try:
            valid += subscription_files.read(file)
        except Invalid as error:
            refused += 1
            for fault in error.faults:
                place = f"{safe(file)}:{fault.line}" + (f": document {fault.document}" if fault.document else "")
                click.echo(f"newsroom: {place}: {safe(fault.text)}", err=True)
    return valid, refused


def _incidents(current: Settings, since: datetime) -> list[tuple[datetime, Incident]]:
    """When each record of the incidents topic was written, and what it says; from `since` on, in that order."""
    from streams.cli import topic_io
    from streams.topics import INCIDENTS

    with errors.reaching(current.broker):
        records = topic_io.read_all(current, INCIDENTS)
    found = []
    for record in records:
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        if at >= since and record.value is not None:
            try:
                found.append((at, decode(record.value, Incident)))
            except Rejected as error:
                click.echo(f"newsroom: {record.topic} {record.partition}:{record.offset}: {safe(str(error))}", err=True)
    return found


def _replayed(incidents: list[tuple[datetime, Incident]], wanted: list[Subscription], until: datetime) -> Iterator[Alert]:
    from streams.core.replay import replay
    from streams.lexicons import load_phrases

    return replay(incidents, {one.id: one for one in wanted}, load_phrases(), until)


def _said(one: Subscription) -> dict[str, Any]:
    """What a subscription says beyond the defaults, as plain values."""
    defaults = msgspec.to_builtins(Subscription(id=one.id))
    return {name: value for name, value in msgspec.to_builtins(one).items() if name == "id" or value != defaults[name]}


def _wants(one: Subscription) -> str:
    """All that it asks for, on one line: `countries UKR, certainty Likely`."""
    asked = {name: value for name, value in _said(one).items() if name not in ("id", "name", "language")}
    return "; ".join(f"{name.removesuffix('_seconds')} {_short(value)}" for name, value in asked.items()) or "everything"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    if isinstance(value, dict) and "radius_km" in value:
        return f"{value['radius_km']:g} km around {value['name'] or '{lat:g}, {lon:g}'.format(**value)}"
    return "{start}-{end} {zone}".format(**value) if isinstance(value, dict) else str(value)
