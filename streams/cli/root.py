"""The command `newsroom`: the list of its commands, each loaded when it is called, so that `newsroom tag` never waits for Kafka."""

from __future__ import annotations

from importlib import import_module

import click

from streams.cli import errors

COMMANDS = {
    "run": "streams.cli.run:run",
    "topics": "streams.cli.topics:topics",
    "publish": "streams.cli.publish:publish",
    "follow": "streams.cli.follow:follow",
    "dead-letters": "streams.cli.dead_letters:dead_letters",
    "tag": "streams.cli.tag:tag",
    "explain": "streams.cli.tag:explain",
    "demo": "streams.cli.demo:demo",
    "settings": "streams.cli.settings:settings",
}


class _Lazy(click.Group):
    """A group that imports a command only when it is run, or when all are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.command("newsroom", cls=_Lazy, epilog=errors.HELP, context_settings=_CONTEXT)
@click.version_option(package_name="newsroom-streams", message="newsroom %(version)s")
def newsroom() -> None:
    """Tags the conflict developments and the boilerplate in wire articles, over Kafka, with the evidence for every tag.

    \b
    A first look, with a broker and a worker of its own:   newsroom demo
    Without Kafka, articles in and tagged articles out:    newsroom tag --pretty articles.jsonl

    Settings are environment variables: newsroom settings
    """
