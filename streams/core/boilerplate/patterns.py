"""The pattern language of cues: a phrase with slots, compiled to runs of words that one automaton finds and the gaps between them.

A pattern is read from left to right, word by word; what stands between two words (spaces, hyphens, apostrophes, commas) does not matter.

    lire|voir aussi        one of several words; a trailing * stands for any ending (abon*)
    (cet|cette) article    a word that may be missing
    .. ...                 up to four words, up to twelve words between, in the same line or sentence
    #  €                   a number; a price (the line names one, up to three words stand there)
    :  -                   a colon or bar; any dash, colon, bar or slash; these and $ may stand among words: next|:|$
    ^  $                   the unit (line or sentence) begins here, ends here
    {name}                 one of the words of a concept of the same language
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from streams.core.boilerplate.normal import Form

_GAPS = {"..": 4, "...": 12}
_MARKS = {":": (":", "|"), "-": (":", "|", "-"), "$": ("$",)}
_MOST_FORMS = 400
"""A run of words that stands for more forms is cut in two runs that follow each other."""
ANYWHERE, DIGITS = -1, 2
_PRICED = 3


class PatternError(ValueError):
    """A pattern that cannot be compiled; the message quotes it."""


@dataclass(slots=True)
class Pattern:
    """A pattern: one of `calls` must be heard; where they are not all of it, `confirms` runs on the unit in normal form."""

    calls: frozenset[str]
    """Runs of words set apart by one space; one that ends in `*` goes on with any letters."""
    source: bytes
    """A regular expression for what the calls leave open; empty where hearing one is enough."""
    anchored: bool
    priced: bool
    """The line must name a price."""
    lone: bool
    """Only one word must be there and the end is open: enough for a label, not for a sentence."""

    _regex: re.Pattern[bytes] | None = None

    def confirms(self, unit: bytes) -> bool:
        """Whether the unit holds all of the pattern. The expression is compiled when it is first called for: most never are."""
        if not self.source:
            return True
        if self._regex is None:
            self._regex = re.compile(self.source)
        return self._regex.search(unit) is not None


def compile_pattern(source: str, words: Mapping[str, Sequence[str]], form: Form) -> Pattern:
    """The pattern of a phrase; `words` are the concepts that `{name}` may stand for. Raises `PatternError`."""
    tokens = source.split()
    if not tokens or any(not choice for token in tokens for choice in token.strip("()").split("|")):
        raise PatternError(f"empty pattern or choice in {source!r}")
    elements: list[tuple[int, list[str]]] = []
    gap = ANYWHERE if tokens[0] != "^" else 0
    priced, needed = False, 0
    for token in tokens:
        if token in _GAPS:
            gap = max(gap, 0) + _GAPS[token]
        elif token == "€":
            priced, needed, gap = True, needed + 1, max(gap, 0) + _PRICED
        else:
            optional = token[0] == "(" and token[-1] == ")"
            forms = list(_alternatives(token[1:-1] if optional else token, words, form))
            needed += not optional and token != "^"
            elements.append((gap, [*forms, ""] if optional else forms))
            gap = DIGITS if "#" in token.split("|") else 0
    if not any(form.strip("^$:|-0123456789* ") for _, forms in elements for form in forms if "" not in forms):
        raise PatternError(f"the pattern {source!r} has no word that must be there")
    runs = list(_runs(elements))
    calls = max((forms for _, forms in runs), key=lambda forms: (min(len(form.strip("^$:|-*0123456789 ")) for form in forms), -len(forms)))
    whole = len(runs) == 1 and (runs[0][0] == ANYWHERE or (runs[0][0] == 0 and all(form.startswith("^") for form in calls)))
    return Pattern(calls, b"" if whole else _expression(runs), tokens[0] == "^", priced, needed == 1)


def _alternatives(token: str, words: Mapping[str, Sequence[str]], form: Form) -> Iterable[str]:
    for choice in token.split("|"):
        if choice[:1] == "{" and choice[-1] == "}":
            if choice[1:-1] not in words:
                raise PatternError(f"no concept {choice}")
            yield from filter(None, (spelled(word, form) for word in words[choice[1:-1]]))
        elif choice == "#":
            yield from (f"{digit}*" for digit in "0123456789")
        elif choice == "^":
            yield choice
        elif choice in _MARKS:
            yield from _MARKS[choice]
        else:
            yield spelled(choice, form)


def spelled(word: str, form: Form) -> str:
    """A word in the normal form, as text of one character a byte; its trailing `*` stays. May be several tokens ("e mail")."""
    plain = form(word.removesuffix("*")).decode("latin-1")[3:-2].strip()
    return plain + "*" * word.endswith("*")


def _runs(elements: Sequence[tuple[int, list[str]]]) -> Iterable[tuple[int, frozenset[str]]]:
    """(the most tokens before it, every form) of each run: neighbours without a gap joined, cut where the forms get too many.

    A run that may be missing only widens the gap around it.
    """
    joined: list[tuple[int, list[list[str]]]] = []
    size = 0
    for gap, forms in elements:
        open_end = joined and any(form.endswith("*") for form in joined[-1][1][-1])
        if joined and gap == 0 and not open_end and size * len(forms) <= _MOST_FORMS:
            joined[-1][1].append(forms)
            size *= len(forms)
        else:
            joined.append((gap, [forms]))
            size = len(forms)
    missing = 0
    for gap, parts in joined:
        whole = frozenset(" ".join(filter(None, chosen)) for chosen in product(*parts))
        if "" in whole:
            missing += 1
        elif whole != {"^"}:  # the gap of the next run is counted from the beginning of the unit
            yield (gap if gap == ANYWHERE else gap + missing), whole
            missing = 0


def _expression(runs: Sequence[tuple[int, frozenset[str]]]) -> bytes:
    """The runs in their order, with at most so many tokens between."""
    out: list[str] = []
    for gap, forms in runs:
        if gap != ANYWHERE:
            anchored = not out and not all(form.startswith("^") for form in forms)
            out.append((r"\A \^" if anchored else "") + (rf"(?: [^ ]+){{0,{gap}}}" if gap else ""))
        words = sorted(forms, key=len, reverse=True)
        out.append("(?:" + "|".join(" " + re.escape(w.removesuffix("*")) + "[^ ]*" * w.endswith("*") for w in words) + ")(?![^ ])")
    return "".join(out).encode("latin-1")
