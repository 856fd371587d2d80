"""Phrases of a language as data: `(a|b)` chooses, `?` after a word or choice makes it optional, `{slot}` takes a token of a class.
A bracket that is meant is written with a backslash before it.

Compiled into one trie, so that a sentence is read once however many phrases there are. What a phrase means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

_PARTS = re.compile(r"\\[()]|\([^)]*\)\??|\S+")
_MOST_FORMS = 20_000


class Found(NamedTuple):
    """The phrase that begins at a token: its last token, what it means, and the (slot, value) pairs in its order."""

    last: int
    meaning: Any
    values: tuple[tuple[str, Any], ...]


def expand(pattern: str) -> Iterator[tuple[str, ...]]:
    """Every sequence of tokens that the pattern stands for. Raises `ValueError` where they are too many to be meant or one is empty."""
    choices: list[list[tuple[str, ...]]] = []
    size = 1
    for part in _PARTS.findall(pattern):
        if part in (r"\(", r"\)"):
            choices.append([(part[1],)])
            continue
        optional = part.endswith("?")
        part = part.removesuffix("?")
        options = part[1:-1].split("|") if part.startswith("(") else [part]
        forms = [form for option in options for form in _spellings(option.split())]
        choices.append([*forms, ()] if optional else forms)
        size *= len(choices[-1])
    if size > _MOST_FORMS:
        raise ValueError(f"the phrase {pattern!r} stands for {size} forms; split it")
    if all(() in options for options in choices):
        raise ValueError(f"the phrase {pattern!r} may be empty")
    for chosen in product(*choices):
        yield tuple(word for words in chosen for word in words)


def _spellings(words: list[str]) -> list[tuple[str, ...]]:
    """The words as they stand, and cut after their apostrophes: tokenizers differ in what they take for a clitic."""
    cut = [piece for word in words for piece in re.sub(r"(?<=\w')(?=\w)", " ", word).split()]
    return [tuple(words)] if cut == words else [tuple(words), tuple(cut)]


class Phrases:
    """A trie of phrases: `add` while compiling, `at` while reading."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self.words: set[str] = set()
        """Every literal word of every phrase."""

    def add(self, form: tuple[str, ...], meaning: Any) -> None:
        """Adds one form of a pattern; one that is there already keeps its first meaning."""
        node = self._root
        for part in form:
            node = node.setdefault(part, {})
        node.setdefault("", meaning)
        self.words.update(part for part in form if not part.startswith("{"))

    def starts_with(self, part: str) -> bool:
        """Whether any phrase begins with this word or `{slot}`."""
        return part in self._root

    def at(self, words: Sequence[str], first: int, classes: Callable[[str], Sequence[tuple[str, Any]]]) -> Found | None:
        """The longest phrase that begins at token `first`; `classes` gives the (slot, value) pairs that a word can fill."""
        best: tuple[int, Any, tuple[tuple[str, Any], ...]] | None = None
        stack: list[tuple[dict[str, Any], int, tuple[tuple[str, Any], ...]]] = [(self._root, first, ())]
        end = len(words)
        while stack:
            node, at, values = stack.pop()
            if "" in node and (best is None or at > best[0]):
                best = at, node[""], values
            if at < end:
                word = words[at]
                if word in node:
                    stack.append((node[word], at + 1, values))
                for slot_value in classes(word):
                    if slot_value[0] in node:
                        stack.append((node[slot_value[0]], at + 1, (*values, slot_value)))
        return Found(best[0] - 1, *best[1:]) if best else None
