"""What a command reads: files, folders and standard input as payloads that know where they came from. Decodes nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import orjson

from streams.cli.errors import USAGE, Failure

PATH = click.Path(exists=True, allow_dash=True)
"""The argument of every command that reads articles."""
LINE_SUFFIXES = frozenset({".jsonl", ".ndjson"})
"""Files that hold one article a line whatever is in them; in others the content tells."""


class Payload(NamedTuple):
    """The bytes of one article, as found."""

    where: str
    """`FILE`, or `FILE:LINE` where a file holds one a line."""
    data: bytes


def payloads(paths: Sequence[str]) -> Iterator[Payload]:
    """Every payload of files, of the files of folders in the order of their names, and of standard input (`-`).

    :raises Failure: a path is not there or cannot be read.
    """
    for path in paths:
        if path == "-":
            yield from _lines("-", sys.stdin.buffer)
            continue
        try:
            for file in files(path):
                yield from _file(file)
        except OSError as error:
            raise Failure(f"{error.filename or path}: {(error.strerror or str(error)).lower()}", USAGE) from error


def files(path: str) -> list[Path]:
    """The file, or every file under the folder that is not hidden."""
    root = Path(path)
    if not root.is_dir():
        return [root]
    return sorted(found for found in root.rglob("*") if found.is_file() and not _hidden(found.relative_to(root)))


def total_bytes(paths: Sequence[str]) -> int | None:
    """How much there is to read, for a progress bar; null where that cannot be known."""
    found = [file for path in paths for file in files(path)]
    return sum(file.stat().st_size for file in found) if all(file.is_file() for file in found) else None


def _file(file: Path) -> Iterator[Payload]:
    if file.suffix in LINE_SUFFIXES or not file.is_file():
        with file.open("rb") as opened:
            yield from _lines(str(file), opened)
        return
    data = file.read_bytes()
    if _holds_lines(data):
        yield from _lines(str(file), data.splitlines())
    else:
        yield Payload(str(file), data)


def _holds_lines(data: bytes) -> bool:
    """Whether a file whose name does not say so holds one article a line: its first line is JSON by itself and another follows."""
    first, _, rest = data.lstrip().partition(b"\n")
    if not rest.strip():
        return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _lines(name: str, opened: Iterable[bytes]) -> Iterator[Payload]:
    for number, line in enumerate(opened, 1):
        if line.strip():
            yield Payload(f"{name}:{number}", line.rstrip(b"\r\n"))
