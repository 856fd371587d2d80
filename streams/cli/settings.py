"""`newsroom settings`, and the settings of this process for every other command."""

from __future__ import annotations

import os

import click

from streams.cli import errors
from streams.cli.terminal import stdout
from streams.settings import Settings, SettingsError, misspelt, table


def load() -> Settings:
    """`read`, and name on standard error what looks like a setting and is none."""
    for sentence in misspelt(os.environ):
        click.echo(f"newsroom: {sentence}", err=True)
    return read()


def read() -> Settings:
    """The settings that the environment gives.

    :raises Failure: a setting that cannot be.
    """
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        raise errors.Failure(f"{error}. All settings: newsroom settings", errors.SETUP) from error


def as_markdown() -> str:
    """The settings as a Markdown table."""
    lines = ["| variable | default | meaning | allowed |", "|---|---|---|---|"]
    lines += [f"| `{row.variable}` | {row.default} | {row.meaning} | {row.allowed.replace('|', '/')} |" for row in table()]
    return "\n".join(lines)


@click.command(short_help="List the settings.", epilog="Example: NEWSROOM_BROKER=kafka-1:9092 newsroom run")
@click.option("--markdown", is_flag=True, help="As the table of the README.")
def settings(markdown: bool) -> None:
    """List every setting: its environment variable, default and meaning."""
    from rich.table import Table

    if markdown:
        click.echo(as_markdown())
        return
    rows = Table("variable", "default", "meaning", box=None, pad_edge=False)
    for row in table():
        rows.add_row(row.variable, row.default, f"{row.meaning} ({row.allowed})" if row.allowed != "text" else row.meaning)
    stdout().print(rows)
