"""Weighs what one unit (a line or a sentence) says: which cues match, which rules hold, and what speaks against them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from streams.core.boilerplate.cues import STRONG, Cue, Cues, LanguageCues, Meaning
from streams.core.boilerplate.normal import LINE, SENTENCE

_QUOTED = re.compile('«[^»]*(?:»|$)|„[^“”"]*(?:[“”"]|$)|“[^”]*(?:”|$)|"[^"]*(?:"|$)')
_QUOTES = re.compile('[«„“"]')
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_DIGIT = re.compile(r"\d")
_URL = re.compile(r"https?://|www\.|\w@\w[\w.-]*\.\w|(?<![@\w])@\w{3}")
_BARS = re.compile(r"\S\s[|·•/]\s\S|\S\s{3,}\S|\S\|\S")
_BAR = ("|", "·", "•", "/", "   ")
_SYMBOL = re.compile(r"^\W*[^\w\s\"«»„“”'(),.:;!?¿¡\[\]$€£%…–—-]")
SHORT, LONG, MARKED = 60, 240, 160
PROSE, PROSE_DOUBT = 150, 0.3
"""A longer unit that a stop ends reads like reporting: what its words only suggest together weighs less."""
ENOUGH, RANK, FAVOUR = 1.5, {"subscription": 0, "share": 0, "related": 0, "paywall": 1}, {"newsletter": 0.6}
"""From this score on more evidence does not tell which class; then those that borrow the words of others give way (2 where not listed).
A newsletter borrows the words of all others: to unlock it, for free, for subscribers."""
LABEL = 80
"""A label is at most so long, and no stop ends it."""
HINT = 0.6
"""A sentence in a long line is read with care from this score on."""
AGAINST = 0.6
"""What an attribution or a trap ("said", "the court") takes from evidence that is not a whole label."""


@dataclass(slots=True)
class Weighed:
    """The strongest class of a unit, its score and what fired."""

    cls: str
    score: float
    rule: str
    firm: bool = False
    """Told by a cue that stands at the beginning of the unit, as furniture begins."""


@dataclass(slots=True)
class Heard:
    """The concepts of a unit as bits and the cues called for; the unit is `norm[begin:end]` of the normal form."""

    begin: int
    end: int
    mask: int = 0
    calls: list[tuple[Cue, ...]] = field(default_factory=list)
    line: tuple[int, int] | None = None
    """Where its line begins and ends in the normal form, if it has several sentences."""


def listen(norm: bytes, own: LanguageCues) -> list[list[Heard]]:
    """What is heard in the sentences of each line of a text in normal form; sentences without any known word are left out."""
    counts = [line.count(SENTENCE) + 1 for line in norm.split(LINE)]
    ends = list(accumulate(len(unit) + 1 for unit in norm.replace(SENTENCE, LINE).split(LINE)))
    meanings: list[Meaning] = own.meanings
    heard: dict[int, Heard] = {}
    unit, bound = -1, 0
    now = Heard(0, 0)
    for number, _, end in own.automaton.find_matches_as_indexes(norm, overlapping=True):
        if end > bound:
            unit += 1
            while ends[unit] < end:
                unit += 1
            bound = ends[unit]
            now = heard[unit] = Heard(ends[unit - 1] if unit else 0, bound - 1)
        mask, cues = meanings[number]
        now.mask |= mask
        if cues:
            now.calls.append(cues)
    out: list[list[Heard]] = []
    first = 0
    for count in counts:
        units = [heard[i] for i in range(first, first + count) if i in heard]
        if count > 1:
            for unit_ in units:
                unit_.line = (ends[first - 1] if first else 0, ends[first + count - 1] - 1)
        out.append(units)
        first += count
    return out


def together(units: Sequence[Heard]) -> Heard:
    """Several sentences as one unit."""
    if len(units) == 1 and units[0].line is None:
        return units[0]
    out = Heard(*units[0].line) if units and units[0].line else Heard(0, 0)
    for unit in units:
        out.mask |= unit.mask
        out.calls += unit.calls
    return out


def heard_in(text: str, own: LanguageCues) -> tuple[bytes, Heard]:
    """The normal form of a text of one line, what it quotes left out, and what is heard in it."""
    norm = own.form(blank_quotes(text) if _QUOTES.search(text) else text)
    return norm, together([unit for line in listen(norm, own) for unit in line])


def blank_quotes(text: str) -> str:
    """The text with what stands in quotation marks as one unknown word: somebody's words, not the page's. Same length."""
    return _QUOTED.sub(lambda m: f" {'_' * (m.end() - m.start() - 2)} "[: m.end() - m.start()], text)


def _ends(unit: str) -> str:
    """The last character that is no closing quote or bracket; a letter where there is none."""
    return unit.rstrip(' "»”)]')[-1:] or "x"


_SEEN: dict[str, Callable[[str], bool]] = {
    "short": lambda unit: len(unit) <= SHORT,
    "long": lambda unit: len(unit) > LONG,
    "stop": lambda unit: _ends(unit) in ".!…",
    "ask": lambda unit: _ends(unit) == "?",
    "colon": lambda unit: ":" in unit,
    "digits": lambda unit: _DIGIT.search(unit) is not None,
    "clock": lambda unit: _CLOCK.search(unit) is not None,
    "bars": lambda unit: any(bar in unit for bar in _BAR) and _BARS.search(unit) is not None,
    "url": lambda unit: ("@" in unit or "://" in unit or "www." in unit) and _URL.search(unit) is not None,
    "symbol": lambda unit: not unit[:1].isalnum() and _SYMBOL.match(unit) is not None,
}


def shapes(unit: str, bits: Mapping[str, int], wanted: int = -1) -> int:
    """The shapes of a unit as bits; of those that are `wanted`. A price is not told by its shape alone: see `priced`."""
    mask = 0
    for name, seen in _SEEN.items():
        if bits[name] & wanted and seen(unit):
            mask |= bits[name]
    return mask


def mark(text: str, cues: Cues, rare: bool) -> Weighed | None:
    """What the line shows without words: template code, clocks, rights marks, dates. `text` is the line as received."""
    name = cues.marks.search(text, rare) if len(text) <= MARKED else None
    return Weighed(name.partition(".")[0], 1.0, f"cue:{name}", True) if name else None


def worth_reading(units: Sequence[Heard], norm: bytes, cues: Cues, own: LanguageCues) -> bool:
    """The cheap look at a long line: whether one of its sentences says something, by its normal form alone."""
    last = units[-1].end if units else 0
    for unit in units:
        if unit.calls or cues.possible[unit.mask]:
            text = norm[unit.begin + 3 : unit.end - 2].decode("latin-1") + "." * (unit.end != last)
            found = weigh(text, norm, unit, cues, own)
            if found is not None and found.score > HINT:
                return True
    return False


def weigh(unit: str, norm: bytes, heard: Heard, cues: Cues, own: LanguageCues) -> Weighed | None:
    """What a unit says; `norm` and `heard` are what `listen` made of it. None where it says nothing."""
    mask = heard.mask
    if not mask and not heard.calls:
        return None
    if own.address and own.address.search(unit):
        mask |= cues.bits["reader"]
    if mask & cues.bits["coin"] and own.price.search(norm, heard.begin, heard.end):
        mask |= cues.bits["price"]
    stopped = _ends(unit) in ".!…"
    doubt = (AGAINST if mask & cues.bits["against"] else 0.0) + (PROSE_DOUBT if stopped and len(unit) > PROSE else 0.0)
    found = _Scores()
    for cue in _matching(heard, norm, mask & cues.bits["price"] > 0, len(unit) <= LABEL and not stopped):
        found.add(cue.cls, cue.weight - (0.0 if cue.pattern.anchored else doubt), cue.id)
        if cue.pattern.anchored and cue.weight >= STRONG:
            found.firm.add(cue.cls)
    if possible := cues.possible[mask]:
        mask |= shapes(unit, cues.bits, possible.asked)
        ruled = set()
        ruled_by = cues.rules[mask]
        for rule in ruled_by.rules if ruled_by else ():
            if rule.cls not in ruled:  # two rules of a class share most of their words
                ruled.add(rule.cls)
                found.add(rule.cls, rule.weight - doubt, rule.id)
    return found.best()


def _matching(heard: Heard, norm: bytes, priced: bool, label: bool) -> list[Cue]:
    """The cues called for that match, one of an entry."""
    if not heard.calls:
        return []
    unit = b""
    out: dict[str, Cue] = {}
    for cues in {id(cues): cues for cues in heard.calls}.values():  # what is said a thousand times calls for the same cues
        for cue in cues:
            if (cue.label and not label) or (cue.pattern.priced and not priced):
                continue
            if cue.id in out and _firmness(out[cue.id]) >= _firmness(cue):
                continue
            unit = unit or norm[heard.begin : heard.end]
            if cue.pattern.confirms(unit):
                out[cue.id] = cue
    return list(out.values())


def _firmness(cue: Cue) -> tuple[float, bool]:
    """Which of two cues of one entry counts: the weightier, then the one that an attribution takes nothing from."""
    return cue.weight, cue.pattern.anchored


class _Scores:
    """Adds up evidence by class and remembers the strongest piece of each."""

    def __init__(self) -> None:
        self.total: dict[str, float] = {}
        self.strongest: dict[str, tuple[float, str]] = {}
        self.firm: set[str] = set()

    def add(self, cls: str, weight: float, rule: str) -> None:
        """One piece of evidence; one without weight is left out."""
        if weight > 0:
            self.total[cls] = self.total.get(cls, 0.0) + weight
            self.strongest[cls] = max(self.strongest.get(cls, (0.0, "")), (weight, rule), key=lambda piece: piece[0])

    def _favour(self, cls: str) -> float:
        return FAVOUR.get(cls, 0.0) if self.total[cls] >= 1.0 else 0.0

    def best(self) -> Weighed | None:
        """The class with the most evidence; beyond enough, one that borrows no words of others."""
        if not self.total:
            return None
        cls = max(self.total, key=lambda c: (min(self.total[c], ENOUGH) + self._favour(c), RANK.get(c, 2), self.total[c]))
        return Weighed(cls, self.total[cls], f"cue:{self.strongest[cls][1]}", cls in self.firm)
