"""Records made by hand, commands run in this process or another, and a set of topics for each test that wants one."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from rich.console import RenderableType

from streams import topics
from streams.broker import EmbeddedBroker
from streams.cli.root import newsroom
from streams.cli.terminal import stdout
from streams.core.records import Boilerplate, Development, Enriched, Place, Quantity
from streams.settings import Settings

BODY = "Get our newsletter\nA drone fired two missiles into a market, killing at least 19 people, medics said.\nPhoto: Harbour Wire"
EVIDENCE = "A drone fired two missiles into a market"


def development(**changes: object) -> Development:
    """A drone strike in the body of `enriched()`."""
    start = BODY.index(EVIDENCE)
    fields = {
        "id": "d1", "type": "drone_strike", "family": "violence", "plover": "ASSAULT/drone", "field": "body", "text": EVIDENCE,
        "start": start, "end": start + len(EVIDENCE), "rule": "en/drone fire:object", "actor": ["RSF_SDN"], "target": ["SDN"],
        "place": Place("El Obeid", "SDN", 1, 13.1842, 30.2167, "city"), "date": "2026-01-22", "quantities": [Quantity("missiles", 2, 2)],
        "source": "medics", "status": "claimed",
    }  # fmt: skip
    return Development(**{**fields, **changes})


def enriched(**changes: object) -> Enriched:
    """An article with two lines of boilerplate and a development."""
    photo = BODY.index("Photo")
    boilerplate = [Boilerplate(0, 18, "newsletter", "cue:en/newsletter/get"), Boilerplate(photo, len(BODY), "credit", "cue:en/credit")]
    fields = {
        "id": "urn:1", "source": "Harbour Wire", "language": "en", "published": datetime(2026, 1, 22, 14, 10, tzinfo=UTC), "body": BODY,
        "headline": "Drone strike kills 19", "coverage": "full", "developments": [development()],
        "boilerplate": boilerplate,
    }  # fmt: skip
    return Enriched(**{**fields, **changes})


def printed(renderable: RenderableType, width: int = 120) -> str:
    """What a terminal without colours shows."""
    out = io.StringIO()
    stdout(file=out, width=width, color_system=None).print(renderable)
    return out.getvalue()


def invoke(*arguments: str, settings: dict[str, str] | None = None, **options: object) -> Result:
    """Run a command in this process; a `Result` knows standard output and standard error apart."""
    return CliRunner().invoke(newsroom, list(arguments), env=settings, **options)


def spawn(*arguments: str, settings: dict[str, str] | None = None, **options: object) -> subprocess.Popen[str]:
    """Run a command in a process of its own, with pipes unless `options` say otherwise: a pipe that nobody reads stops the command."""
    environment = {**os.environ, **(settings or {})}
    command = [sys.executable, "-m", "streams", *arguments]
    pipe = subprocess.PIPE
    pipes = {"stdin": pipe, "stdout": pipe, "stderr": pipe, "text": True}
    return subprocess.Popen(command, env=environment, preexec_fn=_obey_ctrl_c, **{**pipes, **options})


def _obey_ctrl_c() -> None:
    """Tests that run in the background of a shell are deaf to Ctrl-C, and would hand that down."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def topic_settings(embedded: EmbeddedBroker) -> dict[str, str]:
    """The environment of commands that work on topics of their own."""
    environment = {**embedded.environment, "NEWSROOM_TOPIC_PREFIX": f"cli-{uuid.uuid4().hex[:8]}."}
    topics.create(Settings.from_env(environment))
    return environment
