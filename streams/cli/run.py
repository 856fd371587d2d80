"""`newsroom run`: the worker."""

from __future__ import annotations

import click

from streams.cli import errors, settings


@click.command(
    short_help="Run a worker.",
    epilog="\b\nExamples: newsroom run\n          NEWSROOM_BROKER=kafka-1:9092,kafka-2:9092 NEWSROOM_TLS=1 newsroom run",
)
def run() -> None:
    """Run a worker: read wire articles, tag them, publish what was found, until it is told to stop.

    Start as many as there are partitions; they share the work. SIGTERM and Ctrl-C let it finish what it has begun.
    When too much of the wire cannot be read it takes no more of it, says why, and waits for newsroom dead-letters resume.
    It answers /metrics, /health/live and /health/ready on NEWSROOM_HEALTH_PORT.
    """
    current = settings.read()
    with errors.reaching(current.broker):
        from streams import app

        app.run(current)
