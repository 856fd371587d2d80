"""Weighs what one unit (a line or a sentence) says: which cues match, which rules hold, and what speaks against them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.core.boilerplate.cues import Cues, LanguageCues
from streams.core.boilerplate.patterns import PRICE

_words = re.compile(r"\w+").findall
_QUOTED = re.compile("«[^»]*(?:»|$)|„[^“”\"]*(?:[“”\"]|$)|“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
_PRICE = re.compile(PRICE)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_URL = re.compile(r"https?://|www\.|\w@\w[\w.-]*\.\w|(?<![@\w])@\w{3}")
_BARS = re.compile(r"\S\s[|·•/]\s\S|\S\s{3,}\S|\S\|\S")
_BAR = ("|", "·", "•", "/", "   ")
_SYMBOL = re.compile(r"^\W*[^\w\s\"«»„“”'(),.:;!?¿¡\[\]$€£%…–—-]")
SHORT, LONG, MARKED = 60, 240, 160
PROSE, PROSE_DOUBT = 150, 0.3
"""A longer unit that a stop ends reads like reporting: what its words only suggest together weighs less."""
ENOUGH, VAGUE = 1.0, ("subscription", "share", "related")
"""From this score on more evidence does not tell which class; then those that borrow the words of others give way."""
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


def shapes(unit: str, bits: dict[str, int]) -> int:
    """The shapes of a normalised unit as bits."""
    mask = 0
    length = len(unit)
    if length <= SHORT:
        mask |= bits["short"]
    elif length > LONG:
        mask |= bits["long"]
    last = unit.rstrip(" \"»”)]")[-1:]
    if last in ".!…":
        mask |= bits["stop"]
    elif last == "?":
        mask |= bits["ask"]
    if ":" in unit:
        mask |= bits["colon"]
    if any(map(str.isdigit, unit)):
        mask |= bits["digits"]
        if _PRICE.search(unit):
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


def weigh(body: str, norm: str, start: int, end: int, cues: Cues, own: LanguageCues, where: int) -> Weighed | None:
    """What the unit `norm[start:end]` says, None where it says nothing. `where` are bits of its position."""
    hits = list(filter(None, map(own.words.__getitem__, _words(norm, start, end))))
    if not hits:
        return None
    unit = norm[start:end]
    if any(q in unit for q in "«„“\""):
        unit = blank_quotes(unit)
        hits = list(filter(None, map(own.words.__getitem__, _words(unit))))
        if not hits:
            return None
    mask = 0
    called = {}
    for hit in hits:
        mask |= hit.mask
        for cue in hit.cues:
            called[id(cue)] = cue
    if own.address and own.address.search(body, start, end):
        mask |= cues.bits["reader"]
    against = AGAINST if mask & cues.bits["against"] else 0.0
    mask |= shapes(unit, cues.bits) | where  # type: ignore[arg-type]
    label = len(unit) <= LABEL and not mask & cues.bits["stop"]
    scores: dict[str, float] = {}
    fired: dict[str, tuple[float, str]] = {}
    seen = set()
    for cue in called.values():
        if cue.id in seen or (cue.label and not label):
            continue
        found = cue.pattern.search(unit, 0, len(unit))
        if found:
            seen.add(cue.id)
            weight = cue.weight - (0 if cue.pattern.anchored else against)
            scores[cue.cls] = scores.get(cue.cls, 0.0) + weight
            if weight > fired.get(cue.cls, (0.0, ""))[0]:
                fired[cue.cls] = (weight, f"cue:{cue.id}")
    doubt = against + (PROSE_DOUBT if len(unit) > PROSE and mask & cues.bits["stop"] else 0.0)
    ruled = set()
    for rule in cues.rules[mask]:
        weight = rule.weight - doubt
        if rule.cls in ruled:  # two rules of a class share most of their words
            continue
        ruled.add(rule.cls)
        scores[rule.cls] = scores.get(rule.cls, 0.0) + weight
        if weight > fired.get(rule.cls, (0.0, ""))[0]:
            fired[rule.cls] = (weight, f"cue:{rule.id}")
    if not scores:
        return None
    cls = max(fired, key=lambda c: (min(scores[c], ENOUGH), c not in VAGUE, scores[c]), default="")
    return Weighed(cls, scores[cls], fired[cls][1]) if cls and scores[cls] > 0 else None
