"""How the worker's process ends, and how another takes its place: tried on processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from streams.process import Suspension, take_suspension
from streams.settings import SUSPENDED

LIVES = """
import os
from streams.delivery import TooManyDeadLetters
from streams.process import fail, take_suspension
suspension = take_suspension(os.environ)
print(os.getpid(), suspension, "{SUSPENDED}" in os.environ, flush=True)
{before}
if suspension is None:
    fail({error})
"""


def lives(error: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """A process that says who it is and why it is suspended, then fails unless it is."""
    script = LIVES.format(SUSPENDED=SUSPENDED, error=error, before=before)
    return subprocess.run([sys.executable, "-c", script, "run"], capture_output=True, text=True, timeout=60, env=dict(os.environ))


def test_too_many_dead_letters_put_a_waiting_process_in_place_of_the_working_one() -> None:
    ended = lives('TooManyDeadLetters("half of it is broken", 17)')
    first, second = ended.stdout.splitlines()
    pid = first.split()[0]
    assert first == f"{pid} None False"
    assert second == f"{pid} Suspension(since=17, reason='half of it is broken') False"
    assert ended.returncode == 0
    assert "half of it is broken" in ended.stderr


def test_where_no_process_can_take_its_place_it_ends() -> None:
    no_exec = "def cannot(*_): raise OSError('no')\nos.execve = cannot"
    ended = lives('TooManyDeadLetters("half of it is broken", 17)', no_exec)
    assert ended.returncode == 65
    assert len(ended.stdout.splitlines()) == 1
    assert "half of it is broken" in ended.stderr


LOST = """
import os
from streams.agents.lease import LostPlace
from streams.process import fail
print(os.getpid(), flush=True)
{before}
if os.environ.setdefault("TIMES", "x" ) != "xx":
    os.environ["TIMES"] += "x"
    fail(LostPlace())
"""


def test_who_lost_its_place_begins_again_in_the_same_process() -> None:
    ended = subprocess.run([sys.executable, "-c", LOST.format(before=""), "run"], capture_output=True, text=True, timeout=60, check=False)
    first, second = ended.stdout.splitlines()
    assert first == second
    assert ended.returncode == 0
    assert "beginning again" in ended.stderr


def test_who_lost_its_place_ends_where_it_cannot_begin_again() -> None:
    no_exec = "def cannot(*_): raise OSError('no')\nos.execve = cannot"
    command = [sys.executable, "-c", LOST.format(before=no_exec), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 70


def test_any_other_fault_ends_it() -> None:
    ended = lives('ValueError("the text of an article")')
    assert ended.returncode == 70
    assert "ValueError" in ended.stderr
    assert "article" not in ended.stderr


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("17 half of it", Suspension(17, "half of it")),
        ("-1 half of it", Suspension(-1, "half of it")),
        ("by hand, for a look", Suspension(-1, "by hand, for a look")),
        ("", Suspension(-1, "")),
    ],
)
def test_the_reason_is_taken_once(said: str, meant: Suspension) -> None:
    environ = {SUSPENDED: said}
    assert take_suspension(environ) == meant
    assert take_suspension(environ) is None
