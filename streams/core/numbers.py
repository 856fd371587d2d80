"""Counts told in words and figures, as intervals. What is counted is `quantities`; years, clock times, ordinals and names are no counts.

A language is data (`lexicons/<language>/numbers.yml`): number words, marks of thousands and decimals, and what stands around a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from streams.core.phrases import expand
from streams.core.text import Sentence

_DIGITS = frozenset("0123456789")
_DASHES = frozenset("-–—")
_MOST = 10**15  # more than that is no count of anything in the news

Number = int | float
_Words = tuple[str, ...]


class NumberMention(Struct, frozen=True):
    """One count: tokens `first` to `last`, both included, with the words that bound it ("more than")."""

    first: int
    last: int
    min: Number | None
    """Inclusive; None is open. Vague plurals ("dozens") have twice their unit."""
    max: Number | None
    approx: bool = False
    article: bool = False
    """The singular article ("a soldier"), which may or may not count."""
    part: bool = False
    """A share of a count told before ("including 17 children")."""


class NumberRules(NamedTuple):
    """One language's numbers, compiled. Made by `compile_numbers`; never changed."""

    triggers: frozenset[str]
    units: dict[str, int]
    """Words that add: one to ninety-nine, and hundreds where they are one word."""
    scales: dict[str, int]
    """Words that multiply: hundred, thousand, million."""
    collectives: dict[str, int]
    """Words for about so many: "dizaine", "dozen"."""
    vague: dict[str, int]
    """Plurals that stand for twice or more: "dozens", "thousands"."""
    articles: frozenset[str]
    several: frozenset[str]
    links: frozenset[str]
    """Words between two parts of one number: "of" in "tens of thousands"."""
    conjunctions: dict[str, int]
    """"and" inside a number, and the least value that it follows: 100 in English, 20 in French."""
    halves: frozenset[_Words]
    """Words that add half of the scale before them: "and a half"."""
    fixed: dict[_Words, int]
    """Phrases of one value: "half a million"."""
    before: dict[_Words, str]
    """Words before a number and what they make of it: `more`, `less`, `least`, `most`, `about`, `part`."""
    after: dict[_Words, str]
    joiners: frozenset[str]
    """Words between the two ends of a range."""
    paired: dict[_Words, frozenset[str]]
    """Words that open a range ("between") and the joiners that close it, which join nothing without."""
    never_before: frozenset[str]
    """A number before these is no count: per cent, degrees, months, ages."""
    never: frozenset[_Words]
    """Phrases after which the same holds: "p.m."."""
    never_after: frozenset[str]
    """A number after these is a name or an address."""
    year_before: frozenset[str]
    """Words between which and a noun 2024 is a year: "in", "since"."""
    group: str
    decimal: str
    teens_after: frozenset[int]
    """Tens that ten to nineteen may follow: French 60 and 80."""
    reach: int
    """The most words of a phrase."""


def _forms(table: Mapping[Any, str]) -> dict[str, Any]:
    return {form: value for value, forms in table.items() for form in forms.split()}


def _phrases(table: Mapping[Any, list[str]]) -> dict[_Words, Any]:
    return {form: value for value, patterns in table.items() for pattern in patterns for form in expand(pattern)}


def _glued(units: Mapping[str, int], hundred: str, thousands: str, thousand: str) -> Iterator[tuple[str, int]]:
    """Numbers written as one word, as German and Italian do: up to 999, these in thousands, and hundreds over a thousand."""
    hundreds = {hundred: 100} | {word + hundred: 100 * value for word, value in units.items() if 1 <= value < 10}
    small = dict(units) | hundreds
    for head, value in hundreds.items():
        for tail, rest in units.items():
            small |= {head + tail: value + rest, f"{head}und{tail}": value + rest, head[:-1] + tail: value + rest}  # cent(o)ottanta
    yield from small.items()
    whole = {thousand: 1000} | {word + thousands: 1000 * value for word, value in small.items()}
    for head, value in whole.items():
        if value > 1000:
            yield head, value
        if value < 20_000:
            for tail, rest in hundreds.items():
                yield head + tail, value + rest


def compile_numbers(data: Mapping[str, Any]) -> NumberRules:
    """Rules from the plain data of one `numbers.yml`. Raises `KeyError` for a part that is missing."""
    units = _forms(data["units"])
    if "glued" in data:
        units = dict(_glued(units, *data["glued"])) | units
    teens_after = frozenset(data.get("teens_after", ()))
    units |= {
        f"{ten}-{one}": tens + ones
        for ten, tens in units.items() if 20 <= tens < 100 and tens % 10 == 0
        for one, ones in units.items() if 1 <= ones < (20 if tens in teens_after else 10)
    }  # fmt: skip
    scales, collectives, vague = _forms(data["scales"]), _forms(data.get("collectives", {})), _forms(data.get("vague", {}))
    fixed = _phrases(data.get("fixed", {}))
    before, after = _phrases(data.get("before", {})), _phrases(data.get("after", {}))
    articles = frozenset(data.get("articles", "").split())
    paired = {form: frozenset(joiners.split()) for joiners, table in data.get("paired", {}).items() for form in _phrases({0: table})}
    halves = frozenset(_phrases({0: data.get("halves", [])}))
    never = frozenset(_phrases({0: data.get("never", [])}))
    first_words = {form[0] for form in fixed}
    known = frozenset(units) | frozenset(scales) | frozenset(collectives) | frozenset(vague) | articles | first_words
    return NumberRules(
        known, units, scales, collectives, vague, articles,
        frozenset(data.get("several", "").split()), frozenset(data.get("links", "").split()), data.get("conjunctions", {}), halves, fixed,
        before, after, frozenset(data.get("joiners", "").split()), paired,
        frozenset(data.get("never_before", "").split()), never, frozenset(data.get("never_after", "").split()),
        frozenset(data.get("year_before", "").split()), data["group"], data["decimal"], teens_after,
        max(map(len, (*before, *after, *fixed, *halves, *paired, *never)), default=1),
    )  # fmt: skip


class _Parsed(NamedTuple):
    """A number without its bounds."""

    last: int
    value: Number
    approx: bool = False
    vague: bool = False
    scaled: int = 1
    """What its last word multiplied by: "10 million" gives the "8" of "8 to 10 million" its million."""


def find(sentence: Sentence, rules: NumberRules) -> list[NumberMention]:
    """The counts of the sentence in reading order; singular articles only with what makes them a number ("a dozen")."""
    return _find(sentence, rules, frozenset())


def find_with_articles(sentence: Sentence, rules: NumberRules) -> list[NumberMention]:
    """As `find`, and every singular article as a mention of its own with `article` set."""
    return _find(sentence, rules, rules.articles)


def _find(sentence: Sentence, rules: NumberRules, articles: frozenset[str]) -> list[NumberMention]:
    words = sentence.words
    triggers = rules.triggers
    starts = [at for at, word in enumerate(words) if word in triggers or word[:1] in _DIGITS]
    found: list[NumberMention] = []
    free = 0
    for at in starts:
        if at < free:
            continue
        parsed = _number(sentence, at, rules)
        if parsed is None:
            if words[at] in articles:
                found.append(NumberMention(at, at, 1, 1, article=True))
            continue
        if parsed.value > _MOST or not _is_count(sentence, at, parsed.last, rules):
            free = parsed.last + 1
            continue
        mention = _ranged(sentence, at, parsed, free, rules)
        found.append(mention)
        free = mention.last + 1
    return found


# --- one number ------------------------------------------------------------------------------------------------------------------


def figures(word: str, group: str, decimal: str) -> Number | None:
    """The value of a numeral such as "6.200", "1,5" or "150", by a language's marks; None for clock times and dates."""
    if word.isdecimal():
        return int(word)
    for mark in group:
        parts = word.split(mark)
        if len(parts) > 1 and 1 <= len(parts[0]) <= 3 and all(len(part) == 3 and part.isdecimal() for part in parts[1:]):
            return int("".join(parts)) if parts[0].isdecimal() and parts[0] != "0" else None
    whole, mark, rest = word.partition(decimal)
    for separator in group:
        whole = whole.replace(separator, "")
    return float(f"{whole}.{rest}") if mark and whole.isdecimal() and rest.isdecimal() else None


def _number(sentence: Sentence, first: int, rules: NumberRules) -> _Parsed | None:
    """The number that begins at token `first`."""
    words = sentence.words
    word = words[first]
    if phrase := _match(words, first, rules.fixed, rules.reach):
        return _Parsed(first + phrase[0] - 1, phrase[1])
    if word[:1] in _DIGITS:
        parsed = _numeral(sentence, first, rules)
        return _multiplied(words, parsed, rules) if parsed else None
    if word in rules.articles:
        head = _Parsed(first, 1)
        parsed = _multiplied(words, head, rules)
        return parsed if parsed.last > first else None
    if word in rules.units or (word in rules.scales and word not in rules.vague and len(word) > 2):  # "5 m", but "p.m." is no million
        return _multiplied(words, _spelled(words, first, rules), rules)
    if word in rules.vague or word in rules.collectives:
        return _multiplied(words, _Parsed(first, 1, vague=word in rules.vague), rules, first)
    return None


def _numeral(sentence: Sentence, first: int, rules: NumberRules) -> _Parsed | None:
    words, last = sentence.words, first
    value = figures(words[first], rules.group, rules.decimal)
    if value is None:
        return None
    if words[first].isdecimal() and len(words[first]) <= 3 and words[first][0] != "0":
        for at in range(first + 1, len(words)):
            if len(words[at]) != 3 or not words[at].isdecimal() or sentence.starts[at] - sentence.ends[at - 1] != 1:
                break
            last, value = at, value * 1000 + int(words[at])
    return _Parsed(last, value)


def _spelled(words: list[str], first: int, rules: NumberRules) -> _Parsed:
    """The longest run of words below a thousand; larger scales are left to `_multiplied`."""
    value: int = 0
    at = first
    while at < len(words):
        word = words[at]
        step = rules.units.get(word)
        if step is not None and _follows(value, step, rules):
            value += step
        elif rules.scales.get(word) == 100 and value < 100:
            value = (value or 1) * 100
        elif not (
            at > first and word in rules.conjunctions and value >= rules.conjunctions[word] and at + 1 < len(words)
            and (step := rules.units.get(words[at + 1])) is not None and _follows(value, step, rules)
        ):  # fmt: skip
            break
        at += 1
    if at == first:  # a thousand, a million by itself
        return _Parsed(first - 1, 1)
    return _Parsed(at - 1, value)


def _follows(value: int, step: int, rules: NumberRules) -> bool:
    if value == 0:
        return True
    rest = value % 100
    return (rest == 0 and step < 100) or (rest % 10 == 0 and rest >= 20 and step < 10) or (rest in rules.teens_after and 10 <= step < 20)


def _multiplied(words: list[str], head: _Parsed, rules: NumberRules, start: int | None = None) -> _Parsed:
    """The number with the scales and collectives that follow it: "2 million 300 thousand", "tens of thousands", "trois dizaines"."""
    last, value, approx, vague, scaled = head.last, head.value, head.approx, head.vague, 1
    total: Number = 0
    at = last + 1 if start is None else start
    while at < len(words):
        word = words[at]
        factor = rules.scales.get(word) or rules.vague.get(word) or rules.collectives.get(word)
        if factor is None:
            follows = at + 1 < len(words) and word in rules.links and (words[at + 1] in rules.vague or words[at + 1] in rules.scales)
            if follows and (vague or approx):
                at += 1
                continue
            spelled = _spelled(words, at, rules) if scaled >= 1000 and word in rules.units else None
            if spelled is None or spelled.value >= scaled:
                break
            total, value, last, at = total + value, spelled.value, spelled.last, spelled.last + 1
            continue
        approx = approx or word in rules.collectives
        value, scaled, last = value * factor, factor if total or scaled == 1 else scaled * factor, at
        at += 1
        if half := _match(words, at, dict.fromkeys(rules.halves, 0), rules.reach):
            value, at = value + factor / 2, at + half[0]
            last = at - 1
    value += total
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _Parsed(last, value, approx, vague, scaled)


def _match(words: list[str], first: int, table: Mapping[_Words, Any], reach: int) -> tuple[int, Any] | None:
    """(length, value) of the longest phrase of the table that begins at `first`."""
    for length in range(min(reach, len(words) - first), 0, -1):
        value = table.get(tuple(words[first : first + length]))
        if value is not None:
            return length, value
    return None


# --- what stands around it -------------------------------------------------------------------------------------------------------


def _is_count(sentence: Sentence, first: int, last: int, rules: NumberRules) -> bool:
    words, starts, ends = sentence.words, sentence.starts, sentence.ends
    following = words[last + 1] if last + 1 < len(words) else ""
    if following in rules.links and last + 2 < len(words) and words[last + 2] in rules.never_before:
        return False  # 9 de septiembre
    if last + 3 < len(words) and words[last + 2][0] in _DIGITS and words[last + 3] in rules.never_before:
        return False  # с 7 по 11 апреля
    before = first - 2 if first > 1 and words[first - 1] == "." else first - 1  # no. 5
    if following in rules.never_before or (first and words[before] in rules.never_after):
        return False
    if any(tuple(words[last + 1 : last + 1 + length]) in rules.never for length in range(2, rules.reach + 1)):
        return False
    if words[first][0] not in _DIGITS:
        return True
    glued = following and starts[last + 1] == ends[last]
    if glued and (following[0].isalpha() or following in "/:°%"):
        return False  # 28e, 155mm, 24/7
    if glued and following in _DASHES and last + 2 < len(words) and starts[last + 2] == ends[last + 1] and words[last + 2][0].isalpha():
        return False  # 5-го, 20-year-old
    if first and starts[first] == ends[first - 1] and words[first - 1] in "/:№#":
        return False
    if words[first][0] == "0" and words[first].isdecimal() and len(words[first]) > 1:
        return False
    if len(words[first]) == 4 and words[first].isdecimal() and last == first and 1940 <= int(words[first]) < 2040:
        return words[first] == "2000" and following[:1].isalpha() and not (first and words[first - 1] in rules.year_before)
    return True


def _ranged(sentence: Sentence, first: int, parsed: _Parsed, free: int, rules: NumberRules) -> NumberMention:
    """The mention with its bounds: a range where a second number closes it, else what the words around it make of it."""
    words = sentence.words
    opener, at = _before(words, first, free, rules.paired, rules.reach)
    end = parsed.last + 2
    if end < len(words):
        joiner = words[parsed.last + 1]
        if joiner in rules.joiners or (opener and joiner in opener) or joiner in _DASHES:
            upper = _number(sentence, end, rules)
            low = parsed.value
            if upper and parsed.scaled == 1 and upper.scaled > 1 and low < upper.value / upper.scaled:
                low *= upper.scaled
            if upper and low < upper.value <= _MOST and _is_count(sentence, end, upper.last, rules):
                return NumberMention(at if opener else first, upper.last, _whole(low), upper.value, upper.approx)
    low, high, approx, part = parsed.value, parsed.value, parsed.approx, False
    low_open = high_open = False
    if parsed.vague:
        low, high_open, approx = 2 * parsed.value, True, True
    begin, last = first, parsed.last
    if first > free and words[first - 1] in rules.several:
        low, high_open, approx, begin = 2 * parsed.value, True, True, first - 1
    bounds = []
    while True:
        bound, begin = _before(words, begin, free, rules.before, rules.reach)
        if bound is None:
            break
        bounds.append(bound)
    phrase = _match(words, last + 1, rules.after, rules.reach)
    if phrase and (phrase[1] != "part" or (begin and words[begin - 1] in ",(–—")):
        bounds.append(phrase[1])
        last += phrase[0]
    for bound in bounds:
        approx = approx or bound == "about"
        part = part or bound == "part"
        high_open = high_open or bound in ("more", "least")
        low_open = low_open or bound in ("less", "most")
    return NumberMention(begin, last, None if low_open else low, None if high_open else high, approx, part=part)


def _whole(value: Number) -> Number:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _before(words: list[str], first: int, free: int, table: Mapping[_Words, Any], reach: int) -> tuple[Any, int]:
    """The value of the longest phrase of the table that ends just before `first` and does not reach back over `free`."""
    for length in range(min(reach, first - free), 0, -1):
        value = table.get(tuple(words[first - length : first]))
        if value is not None:
            return value, first - length
    return None, first
