"""`newsroom topics`: make the topics that schemas/topics.yml describes, or say how a broker differs from it."""

from __future__ import annotations

import click

from streams.cli import errors, settings


@click.group()
def topics() -> None:
    """Make the topics on the broker, or check them."""


@topics.command(epilog="Example: NEWSROOM_BROKER=kafka-1:9092 NEWSROOM_REPLICATION=3 newsroom topics create")
def create() -> None:
    """Make the topics that the broker lacks; those that are there stay as they are."""
    from streams.topics import create as create_topics

    current = settings.load()
    with errors.reaching(current.broker):
        made = create_topics(current)
    for name in made:
        click.echo(f"created {name}")
    if not made:
        click.echo(f"all topics are there on {current.broker}")


@topics.command(epilog="Example: newsroom topics check && newsroom run")
def check() -> None:
    """Say how the topics on the broker differ from what the newsroom needs; exit 1 when they do."""
    from streams.topics import check as check_topics

    current = settings.load()
    with errors.reaching(current.broker):
        differences = check_topics(current)
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.exceptions.Exit(errors.REFUSED)
    click.echo(f"all topics are as described on {current.broker}")
