"""The command `newsroom`: the list of its commands, each loaded when it is called, so that `newsroom tag` never waits for Kafka."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from importlib import import_module
from typing import Any

import click

from streams.cli import errors

COMMANDS = {
    "run": "streams.cli.run:run",
    "topics": "streams.cli.topics:topics",
    "publish": "streams.cli.publish:publish",
    "follow": "streams.cli.follow:follow",
    "subscriptions": "streams.cli.subscriptions:subscriptions",
    "subscribe": "streams.cli.subscribe:subscribe",
    "embargoes": "streams.cli.embargoes:embargoes",
    "dead-letters": "streams.cli.dead_letters:dead_letters",
    "tag": "streams.cli.tag:tag",
    "explain": "streams.cli.tag:explain",
    "lexicon": "streams.cli.lexicon:lexicon",
    "demo": "streams.cli.demo:demo",
    "settings": "streams.cli.settings:settings",
}


class _Newsroom(click.Group):
    """A group that imports a command only when it is run, or when all are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a Ctrl-C and a reader that went away end it without a word, and only a fault of ours shows a trace."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            sys.exit(errors.INTERRUPTED)
        except BrokenPipeError:
            _close_quietly()
            sys.exit(errors.BROKEN_PIPE)
        except Exception:
            traceback.print_exc()
            sys.exit(errors.INTERNAL)
        return result


def _close_quietly() -> None:
    """Python flushes standard output once more when it ends: let that go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.command("newsroom", cls=_Newsroom, epilog=errors.HELP, context_settings=_CONTEXT)
@click.version_option(package_name="newsroom-streams", message="newsroom %(version)s")
def newsroom() -> None:
    """Tags the conflict developments and the boilerplate in wire articles, over Kafka, with the evidence for every tag.

    \b
    A first look, with a broker and a worker of its own:   newsroom demo
    Without Kafka, articles in and tagged articles out:    newsroom tag --pretty articles.jsonl

    Settings are environment variables: newsroom settings
    """
