"""The layers, the style and the types, checked by machines as part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [["importlinter.cli", "lint-imports"], ["ruff", "check", "."], ["mypy"]],
    ids=["layers", "style", "types"],
)
def test_a_machine_finds_nothing(command: list[str]) -> None:
    if command[0] == "importlinter.cli":
        arguments = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    else:
        arguments = [sys.executable, "-m", *command]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
