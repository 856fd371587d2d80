"""`newsroom subscribe`: the reference subscriber, to the terminal, as JSON lines, to a webhook or by e-mail."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

import click

from streams.cli import errors, settings, view
from streams.cli.terminal import safe, safe_json, stdout
from streams.core.records import Alert
from streams.settings import Settings
from streams.subscriber import Misconfigured, Output, Refused

if TYPE_CHECKING:
    from streams.subscriber.inbox import Inbox

_MAIL_WIDTH = 78


@click.command(
    short_help="Receive the alerts of a subscription.",
    epilog="\b\nExamples: newsroom subscribe desk-kyiv\n          newsroom subscribe desk-kyiv --json | jq .headline\n"
    "          NEWSROOM_WEBHOOK_SECRET_FILE=secret newsroom subscribe desk-kyiv --webhook https://desk.example/alerts\n"
    "          NEWSROOM_SMTP_FROM=newsroom@example.org newsroom subscribe desk-kyiv --smtp desk@example.org",
)
@click.argument("subscription")
@click.option("--json", "as_json", is_flag=True, help="To standard output, one JSON object a line, as it lies on the topic.")
@click.option("--webhook", metavar="URL", help="Post each alert there, signed as Standard Webhooks asks.")
@click.option("--smtp", metavar="ADDRESS", help="Send each alert there by e-mail.")
@click.option("--group", help="Consumer group; those of one group share the alerts.  [default: newsroom-subscriber-SUBSCRIPTION]")
@click.option(
    "--from", "start", type=click.Choice(["beginning", "latest"]), default="beginning", show_default=True,
    help="Where to start the first time; later runs of the group go on where it stopped.",
)  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Let --webhook go to private addresses, and without TLS.")
@click.option(
    "--on-refused", type=click.Choice(["stop", "skip"]), default="stop", show_default=True,
    help="When the receiver says that it will never take an alert.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), help="End after this many.")
def subscribe(
    subscription: str,
    as_json: bool,
    webhook: str | None,
    smtp: str | None,
    group: str | None,
    start: str,
    allow_private: bool,
    on_refused: str,
    limit: int | None,
) -> None:
    """Receive the alerts of SUBSCRIPTION, in their order, until Ctrl-C; a later run goes on where this one stopped.

    Every alert is delivered at least once, and repeats are dropped by id. It is committed when it is delivered: printed, taken by the
    webhook (HTTP 2xx) or taken by the mail server. A receiver that is away or busy is tried again for ever, more and more slowly.

    The secret of the webhook and the mail server come from settings (newsroom settings), never from the command line.
    """
    if sum((as_json, webhook is not None, smtp is not None)) > 1:
        raise click.UsageError("one output a run: --json, --webhook or --smtp; for another run it again with a --group of its own")
    from streams.cli.ending import Ending
    from streams.subscriber.inbox import Inbox

    current = settings.load()
    group = group or f"{current.topic_prefix}newsroom-subscriber-{subscription}"
    with errors.reaching(current.broker), Ending() as ending, _output(current, as_json, webhook, allow_private, smtp) as output:
        _check_exists(current, subscription)
        with Inbox(current, subscription, group, start, ending.check, _say) as inbox:
            _say(f"receiving {subscription} on {current.broker} as {group}; Ctrl-C ends")
            _receive(inbox, output, on_refused == "skip", limit)


def _receive(inbox: Inbox, output: Output, skip: bool, limit: int | None) -> None:
    from streams.subscriber.delivery import deliver

    for received in islice(inbox, limit):
        try:
            deliver(output, received.alert, received.value, inbox.wait, _say)
        except Refused as error:
            said = f"{received.alert.id} was refused: {error}"
            if not skip:
                raise errors.Failure(f"{said}. Change the receiver, or go on with --on-refused skip") from error
            _say(f"{said}; skipped")
        inbox.commit(received)


@contextmanager
def _output(current: Settings, as_json: bool, webhook: str | None, allow_private: bool, smtp: str | None) -> Iterator[Output]:
    console = stdout()
    try:
        if webhook is not None:
            from streams.subscriber.webhook import Webhook

            with Webhook(webhook, current.secret("webhook_secret") or "", allow_private) as output:
                yield output
        elif smtp is not None:
            from streams.subscriber.mail import Mail

            yield Mail(current, smtp, _text)
        elif as_json:
            yield lambda alert, value: click.echo(safe_json(value))
        else:
            yield lambda alert, value: console.print(view.alert(alert))
    except Misconfigured as error:
        raise errors.Failure(f"{error}. All settings: newsroom settings", errors.SETUP) from error


def _text(alert: Alert) -> str:
    """The alert as a terminal without colours shows it."""
    out = io.StringIO()
    console = stdout(file=out, width=_MAIL_WIDTH, color_system=None)
    console.print(view.alert(alert))
    return out.getvalue()


def _check_exists(current: Settings, subscription: str) -> None:
    """Say so if there is no such subscription. What it was told before it ended can still be received.

    Who may read the alerts need not be allowed to read all subscriptions: then nothing is said.

    :raises Failure: there is no topic of alerts.
    """
    from streams.cli.subscriptions import in_force
    from streams.cli.topic_io import check_present
    from streams.topics import ALERTS

    check_present(current, ALERTS)
    with suppress(errors.Failure):
        if subscription in in_force(current):
            return
        _say(f"there is no subscription {subscription} in force; all of them: newsroom subscriptions list")


def _say(text: str) -> None:
    click.echo(f"newsroom: {safe(text)}", err=True)
