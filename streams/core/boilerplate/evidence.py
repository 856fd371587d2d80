"""Weighs what one unit (a line or a sentence) says: which cues match, which rules hold, and what speaks against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from streams.core.boilerplate.cues import Cue, Cues, LanguageCues, Word
from streams.core.boilerplate.patterns import PRICE

_words = re.compile(r"\w+").findall
_QUOTED = re.compile("«[^»]*(?:»|$)|„[^“”\"]*(?:[“”\"]|$)|“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
_PRICE = re.compile(PRICE)
_COIN = re.compile("[€$£₴₽¥]|euro|cent|doll?ar|pound|pence|peso|franken|chf|eur|usd|gbp|uah|rub|грн|грив|руб|коп|дол|евро|євро|злот")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_URL = re.compile(r"https?://|www\.|\w@\w[\w.-]*\.\w|(?<![@\w])@\w{3}")
_BARS = re.compile(r"\S\s[|·•/]\s\S|\S\s{3,}\S|\S\|\S")
_BAR = ("|", "·", "•", "/", "   ")
_SYMBOL = re.compile(r"^\W*[^\w\s\"«»„“”'(),.:;!?¿¡\[\]$€£%…–—-]")
SHORT, LONG, MARKED = 60, 240, 160
PROSE, PROSE_DOUBT = 150, 0.3
"""A longer unit that a stop ends reads like reporting: what its words only suggest together weighs less."""
ENOUGH, RANK = 1.0, {"subscription": 0, "share": 0, "related": 0, "paywall": 1}
"""From this score on more evidence does not tell which class; then those that borrow the words of others give way (2 where not listed)."""
LABEL = 80
"""A label is at most so long, and no stop ends it."""
AGAINST = 0.6
"""What an attribution or a trap ("said", "the court") takes from evidence that is not a whole label."""


@dataclass(slots=True)
class Weighed:
    """The strongest class of a unit, its score and what fired."""

    cls: str
    score: float
    rule: str


def blank_quotes(text: str) -> str:
    """The text with what stands in quotation marks as one unknown word: somebody's words, not the page's. Same length."""
    return _QUOTED.sub(lambda m: f" {'_' * (m.end() - m.start() - 2)} "[: m.end() - m.start()], text)


def _ends(unit: str) -> str:
    """The last character that is no closing quote or bracket; a letter where there is none."""
    return unit.rstrip(" \"»”)]")[-1:] or "x"


def shapes(unit: str, bits: Mapping[str, int]) -> int:
    """The shapes of a normalised unit as bits."""
    mask = 0
    length = len(unit)
    if length <= SHORT:
        mask |= bits["short"]
    elif length > LONG:
        mask |= bits["long"]
    last = _ends(unit)
    if last in ".!…":
        mask |= bits["stop"]
    elif last == "?":
        mask |= bits["ask"]
    if ":" in unit:
        mask |= bits["colon"]
    if any(map(str.isdigit, unit)):
        mask |= bits["digits"]
        if _COIN.search(unit) and _PRICE.search(unit):
            mask |= bits["price"]
        if _CLOCK.search(unit):
            mask |= bits["clock"]
    if any(bar in unit for bar in _BAR) and _BARS.search(unit):
        mask |= bits["bars"]
    if ("@" in unit or "." in unit) and _URL.search(unit):
        mask |= bits["url"]
    if not unit[:1].isalnum() and _SYMBOL.match(unit):
        mask |= bits["symbol"]
    return mask


def mark(text: str, cues: Cues) -> Weighed | None:
    """What the line shows without words: template code, clocks, rights marks, dates. `text` is the line as received."""
    name = cues.marks.search(text) if len(text) <= MARKED else None
    return Weighed(name.partition(".")[0], 1.0, f"cue:{name}") if name else None


def weigh(body: str, norm: str, start: int, end: int, cues: Cues, own: LanguageCues) -> Weighed | None:
    """What the unit from `start` to `end` says, None where it says nothing."""
    unit, said, hits = _heard(norm, start, end, own)
    if not hits:
        return None
    mask = 0
    for hit in hits:
        mask |= hit.mask
    if own.address and own.address.search(body, start, end):
        mask |= cues.bits["reader"]
    against = AGAINST if mask & cues.bits["against"] else 0.0
    stopped = _ends(unit) in ".!…"
    if mask:
        mask |= shapes(unit, cues.bits)
    found = _Scores()
    for cue in _matching(hits, unit, said, len(unit) <= LABEL and not stopped):
        found.add(cue.cls, cue.weight - (0.0 if cue.pattern.anchored else against), cue.id)
    doubt = against + (PROSE_DOUBT if stopped and len(unit) > PROSE else 0.0)
    ruled = set()
    for rule in cues.rules[mask]:
        if rule.cls not in ruled:  # two rules of a class share most of their words
            ruled.add(rule.cls)
            found.add(rule.cls, rule.weight - doubt, rule.id)
    return found.best()


def _heard(norm: str, start: int, end: int, own: LanguageCues) -> tuple[str, list[str], list[Word]]:
    """The unit without what it quotes, its words, and what those that are known stand for."""
    said = _words(norm, start, end)
    hits = list(filter(None, map(own.words.__getitem__, said)))
    if not hits:
        return "", said, hits
    unit = norm[start:end]
    if any(mark in unit for mark in "«„“\""):
        unit = blank_quotes(unit)
        said = _words(unit)
        hits = list(filter(None, map(own.words.__getitem__, said)))
    return unit, said, hits


def _matching(hits: list[Word], unit: str, said: list[str], label: bool) -> Iterator[Cue]:
    """The cues that the words call for and that match, one of an entry."""
    called = {id(cue): cue for hit in hits for cue in hit.cues}
    if not called:
        return
    words = set(said)
    seen = set()
    for cue in called.values():
        if cue.id in seen or (cue.label and not label):
            continue
        if all(map(words.intersection, cue.pattern.needs)) and cue.pattern.search(unit, 0, len(unit)):
            seen.add(cue.id)
            yield cue


class _Scores:
    """Adds up evidence by class and remembers the strongest piece of each."""

    def __init__(self) -> None:
        self.total: dict[str, float] = {}
        self.strongest: dict[str, tuple[float, str]] = {}

    def add(self, cls: str, weight: float, rule: str) -> None:
        """One piece of evidence; one without weight is left out."""
        if weight > 0:
            self.total[cls] = self.total.get(cls, 0.0) + weight
            self.strongest[cls] = max(self.strongest.get(cls, (0.0, "")), (weight, rule), key=lambda piece: piece[0])

    def best(self) -> Weighed | None:
        """The class with the most evidence; beyond enough, one that borrows no words of others."""
        if not self.total:
            return None
        cls = max(self.total, key=lambda c: (min(self.total[c], ENOUGH), RANK.get(c, 2), self.total[c]))
        return Weighed(cls, self.total[cls], f"cue:{self.strongest[cls][1]}")
