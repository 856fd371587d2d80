"""The lock files: every release that any install holds is pinned and has its hashes, and nothing tells where it was fetched from."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
KINDS = ("run", "test", "bench", "fuzz", "compile", "audit")
RELEASE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[\S*\])?==([^\s;]+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def releases(text: str) -> set[tuple[str, str]]:
    return {(normal(name), version) for name, version in RELEASE.findall(text)}


def locked(kind: str) -> str:
    """A lock file with those that it adds to."""
    text = (ROOT / f"dependencies/{kind}.txt").read_text()
    base = re.search(r"^-r (\w+)\.txt$", text, re.MULTILINE)
    return (locked(base[1]) if base else "") + text


def pinned(kind: str) -> set[tuple[str, str]]:
    """What pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extra = project["project"]["optional-dependencies"].get(kind, [])
    own = [] if kind == "audit" else [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    return releases("\n".join([*own, *extra]))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_for_is_locked(kind: str) -> None:
    assert pinned(kind) and pinned(kind) <= releases(locked(kind))


def test_what_is_locked_is_what_the_constraints_say_and_all_of_it() -> None:
    everything = set().union(*(releases(locked(kind)) for kind in KINDS))
    assert everything == releases((ROOT / "constraints.txt").read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_every_release_has_the_hashes_of_its_files_and_no_address(kind: str) -> None:
    text = (ROOT / f"dependencies/{kind}.txt").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries and all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry) for entry in entries)
    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted", text)


def test_the_two_commands_install_nothing_that_is_not_locked() -> None:
    lines = [line for line in (ROOT / "Makefile").read_text().splitlines() if re.search(r"(?:PIP\)|-m pip\b.*) install", line)]
    assert lines and all("--require-hashes" in line or "--no-deps" in line for line in lines)
    image = re.findall(r"pip install ([^&\\\n]+)", (ROOT / "Dockerfile").read_text())
    assert image and all("--require-hashes" in options or "--no-deps --no-index" in options for options in image)


def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "dependencies/audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOLE = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
SOUND = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([HOLE, SOUND], 1, "a 1: CVE-1, mended in 2"),
        ([HOLE, UNKNOWN], 1, "NOT AUDITED: 1 releases"),
        ([SOUND, UNKNOWN], 69, "NOT AUDITED: 1 releases"),
        ([], 69, "NOT AUDITED: 2 releases"),
        ([SOUND, {**SOUND, "name": "c"}], 0, "2 asked about, 0 with a known hole"),
    ],
)
def test_an_audit_that_could_not_ask_does_not_pass(
    found: list[dict[str, object]], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit().report({str(one["name"]): one for one in found}, 2) == code
    out = capsys.readouterr()
    assert said in out.out + out.err
