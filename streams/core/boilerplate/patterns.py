"""The pattern language of cues: a phrase with slots, compiled to a regular expression and the words that call for it.

A pattern is read from left to right, word by word; what stands between two words (spaces, hyphens, apostrophes, commas) does not matter.

    lire|voir aussi        one of several words; a trailing * stands for any ending (abon*)
    (cet|cette) article    a word that may be missing
    .. ...                 up to four words, up to twelve words between, in the same sentence
    #  €                   a number; a price
    :  -                   a colon or bar; any dash, colon, bar or slash; these and $ may stand among words: next|:|$
    ^  $                   the unit (line or sentence) begins here, ends here
    {name}                 one of the words of a concept of the same language
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BETWEEN = r"[^\w\n]{1,4}"
NUMBER = r"\d(?:[\d., ]{0,10}\d)?"
_AMOUNT = rf"(?:{NUMBER}|\b(?:un|une|one|ein|einen|uno|1))"
_MONEY = r"(?:€|\$|£|₴|₽|¥|chf|eur|usd|gbp|uah|rub)"
_COINS = (
    r"(?:euros?|cents?|centimes?|centimos?|dollars?|dolares|pounds?|pence|pesos?|dollari|franken|"
    r"грн|грив\w*|руб\w*|коп\w*|доллар\w*|долар\w*|евро|євро|злот\w*)"
)
_MASSES = (
    r"(?! ?(?:[bmt]\w*illi\w*|[bm]n\b|mrd|mio|miles de|mila|mld|"
    r"млн|млрд|тыс|тис|мільй|мильярд|миллион|миллиард|мільярд))"
)
PRICE = rf"(?:{_MONEY} ?{NUMBER}{_MASSES}|{_AMOUNT} ?(?:{_MONEY}|{_COINS}))"
_GAPS = {"..": 4, "...": 12}
_MARKS = {":": r"\s{0,2}[:|]\s*", "-": r"\s{0,2}[-–—:|/·•>→]+\s*", "$": r"[^\w\n]{0,4}\Z"}
_VALUES = {"#": NUMBER, "€": PRICE}


class PatternError(ValueError):
    """A pattern that cannot be compiled; the message quotes it."""


@dataclass(slots=True)
class Pattern:
    """A pattern: `source` is a regular expression for a normalised unit, run at its start where `anchored`; `calls` are the words,
    any of which calls for it (a trailing * for any ending)."""

    source: str
    anchored: bool
    calls: tuple[str, ...]
    needs: tuple[frozenset[str], ...]
    """Words of which the unit must hold one of each set: a cheap look before the expression runs."""
    lone: bool
    """Only one word must be there and the end is open: enough for a label, not for a sentence."""

    _regex: re.Pattern[str] | None = None

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first match in `text[start:end]`. The expression is compiled when it is first called for: most never are."""
        regex = self._regex
        if regex is None:
            regex = self._regex = re.compile(self.source)
        return regex.match(text, start, end) if self.anchored else regex.search(text, start, end)


def compile_pattern(source: str, words: Mapping[str, Sequence[str]]) -> Pattern:
    """The pattern of a phrase; `words` are the concepts that `{name}` may stand for. Raises `PatternError`."""
    tokens = source.split()
    anchored = tokens[:1] == ["^"]
    ended = tokens[-1:] == ["$"]
    tokens = tokens[anchored : len(tokens) - ended]
    if not tokens or any(not choice for token in tokens for choice in token.strip("()").split("|")):
        raise PatternError(f"empty pattern or choice in {source!r}")
    calls: list[list[str]] = []
    needed = int(ended)
    pieces = [r"[^\w\n]{0,8}" if anchored else r"(?<!\w)"]
    between = ""
    for token in tokens:
        if token in _GAPS:
            most = _GAPS[token]
            if between:
                pieces.append(rf"(?:{between}\w+){{0,{most}}}")
            else:
                pieces.append(rf"(?:\w+(?:{_BETWEEN}\w+){{0,{most - 1}}})?")
                between = r"[^\w\n]{0,4}\b"
        elif token[0] == "(" and token[-1] == ")":
            choice = _choice(token[1:-1], words)
            pieces.append(f"(?:{between}{choice})?" if between else f"(?:{choice}{_BETWEEN})?")
        else:
            needed += 1
            choices = token.split("|")
            marks = [_MARKS[choice] for choice in choices if choice in _MARKS]
            others = "|".join(choice for choice in choices if choice not in _MARKS)
            if not marks and not any(choice in _VALUES for choice in choices):
                calls.append(_alternatives(token, words))
            said = [between + _choice(others, words)] if others else []
            pieces.append(f"(?:{'|'.join(marks + said)})")
            between = r"[^\w\n]{0,4}" if marks else _BETWEEN
    if ended:
        pieces.append(_MARKS["$"])
    if not calls:
        raise PatternError(f"the pattern {source!r} has no word that must be there")
    needs = [frozenset(choices) for choices in calls if all(map(str.isalpha, choices))]
    best = max(calls, key=lambda alternatives: (min(len(a.rstrip("*")) for a in alternatives), -len(alternatives)))
    return Pattern("".join(pieces), anchored, tuple(best), tuple(needs), needed == 1)


def _alternatives(token: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    out: list[str] = []
    for word in token.split("|"):
        if word[:1] == "{" and word[-1] == "}":
            if word[1:-1] not in words:
                raise PatternError(f"no concept {word}")
            out += words[word[1:-1]]
        else:
            out.append(word)
    return out


def _choice(token: str, words: Mapping[str, Sequence[str]]) -> str:
    values = [_VALUES[choice] for choice in token.split("|") if choice in _VALUES]
    plain = "|".join(choice for choice in token.split("|") if choice not in _VALUES)
    forms = sorted(_alternatives(plain, words), key=len, reverse=True) if plain else []
    return "(?:" + "|".join(values + [re.escape(w[:-1]) + r"\w*" if w[-1] == "*" else re.escape(w) + r"(?!\w)" for w in forms]) + ")"
