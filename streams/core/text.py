"""Lines, sentences and tokens, each with its offsets into the text as received. Knows no word of any language:
what a language splits differently comes in by a `Tokenizer` made from its grammar data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Every replacement is one character for one: offsets into the folded text are offsets into the text as received.
_FOLDS = (("\u2019", "'"), ("\u02bc", "'"), ("\u2018", "'"), ("\u2032", "'"), ("\u00a0", " "), ("\u202f", " "), ("\u2009", " "),
          ("\u2011", "-"), ("\u2010", "-"), ("ё", "е"))  # fmt: skip
LONGEST = 3_000
"""Code points of the longest sentence that is read as one."""
LONGEST_WORD = 100
"""Code points of the longest word that may be a compound, and that is remembered: no language writes longer ones, an attacker does."""
# Soft hyphens, zero-width characters, marks and overrides of direction: "Khar", one of these, "kiv" is Kharkiv and not Khark in Iran.
_HIDDEN = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_LETTERS = rf"[^\W_][\w\u0300-\u036f{_HIDDEN}]*"


def fold(text: str) -> str:
    """The text in lower case with one kind of apostrophe, space and hyphen; always as long as `text`."""
    folded = text.lower()
    if len(folded) != len(text):  # İ is one character, its lower case two
        folded = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    if not folded.isascii():
        for old, new in _FOLDS:
            if old in folded:
                folded = folded.replace(old, new)
    return folded


def plain(word: str) -> str:
    """The word composed (NFC) and without what nobody sees in it: the form that lexicons hold. Never empty: what
    consists of nothing else stays as it is."""
    if word.isascii() or (word.isalpha() and unicodedata.is_normalized("NFC", word)):
        return word
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", word)) or word


def unaccented(word: str) -> str:
    """The word without its diacritics, as headlines in capitals and old terminals send it."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def lines(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each line that holds more than white space, its line end left out."""
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            end = start + len(line)
            yield start, end - 1 if line.endswith("\r") else end
        start += len(line) + 1


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or pieces of it where it is too long to be one: nothing that reads a sentence may be slow on a hostile one."""
    while end - start > LONGEST:
        stop = text.rfind(" ", start + 1, start + LONGEST)
        stop = stop if stop > start else start + LONGEST
        yield start, stop
        start = stop
    yield start, end


@dataclass(slots=True)
class Sentence:
    """A sentence as parallel lists of tokens: words, numbers and single punctuation marks, in folded form."""

    field: str
    """`headline` or `body`."""
    line: int
    """The number of its line in the field, from 0, blank lines not counted."""
    start: int
    end: int
    words: list[str]
    starts: list[int]
    ends: list[int]

    def slice(self, text: str, first: int, last: int) -> str:
        """The text from token `first` to token `last`, both included, as it stands in `text`."""
        return text[self.starts[first] : self.ends[last]]


class Tokenizer:
    """Cuts a line into sentences and tokens as one language writes them.

    `clitics` stand before an apostrophe and are words of their own (French "l'"), `enclitics` after it (English "'s");
    `abbreviations` are words whose full stop ends no sentence.
    """

    def __init__(self, clitics: Iterable[str] = (), enclitics: Iterable[str] = (), abbreviations: Iterable[str] = ()):
        before = "|".join(sorted(map(re.escape, clitics), key=len, reverse=True))
        after = "|".join(sorted(map(re.escape, enclitics), key=len, reverse=True))
        inner = rf"(?:[-'](?!(?:{after})\b)" if after else r"(?:[-']"
        parts = [
            r"\d+(?:[.,:]\d+)*",  # 6.200  1,5  18:05
            *([rf"(?:{before})'(?=\w)"] if before else []),
            *([rf"'(?:{after})\b"] if after else []),
            rf"{_LETTERS}{inner}{_LETTERS})*",
            r"\S",
        ]
        self._token = re.compile("|".join(parts))
        self._abbreviations = frozenset(abbreviations)

    # Tried at the first stop of a run only: a megabyte of dots must not be looked through from each of them.
    _END = re.compile(r"(?<![.!?…])[.!?…]++(?:\s?[»”\"'“’)\]])*\s+(?=[\"'«„“‘(\[¿¡—–-]*\s?[^\Wa-zà-öø-ÿа-яієїґ_])")

    def sentences(self, folded: str, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """(start, end) of each sentence of the line `text[start:end]`."""
        out = []
        begin = start
        for stop in self._END.finditer(text, start, end):
            if text[stop.start()] == "." and self._abbreviated(folded, begin, stop.start()):
                continue
            out.append((begin, len(text[begin : stop.end()].rstrip()) + begin))
            begin = stop.end()
        if begin < end:
            out.append((begin, end))
        if end - start <= LONGEST:
            return out
        return [piece for first, last in out for piece in _pieces(text, first, last)]

    def _abbreviated(self, folded: str, begin: int, dot: int) -> bool:
        at = dot
        while at > begin and (folded[at - 1].isalnum() or folded[at - 1] in ".'-"):
            at -= 1
        word = folded[at:dot]
        return (len(word) == 1 and word.isalpha()) or word in self._abbreviations

    def words(self, folded: str, start: int, end: int) -> list[str]:
        """The tokens of `folded[start:end]` without offsets: the cheap look that decides whether to read on."""
        return self._token.findall(folded, start, end)

    def sentence(self, field: str, line: int, folded: str, start: int, end: int, words: list[str]) -> Sentence:
        """The sentence `folded[start:end]`, whose tokens are `words`, with their offsets (only white space stands between tokens)."""
        starts, ends = [], []
        at = start
        for word in words:
            at = folded.find(word, at)
            starts.append(at)
            at += len(word)
            ends.append(at)
        whole = folded[start:end]
        if not whole.isascii() and (_INVISIBLE.search(whole) or not unicodedata.is_normalized("NFC", whole)):
            words = [plain(word) for word in words]
        return Sentence(field, line, start, end, words, starts, ends)

    def tokens(self, field: str, line: int, folded: str, start: int, end: int) -> Sentence:
        """The sentence `folded[start:end]` with its tokens."""
        return self.sentence(field, line, folded, start, end, self.words(folded, start, end))
