"""Dates told in words and figures: found in a sentence, resolved against the publication. Which event they date is not decided here.

A language is data (`lexicons/<language>/dates.yml`): names of days and months, and phrases such as `night_to: ["nuit (à|au) {weekday}"]`
whose key is a reading of `date_readings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

from streams.core.date_readings import READINGS, DateKind, Now, Values
from streams.core.iso import first_of, last_day
from streams.core.phrases import Found, Phrases, expand
from streams.core.text import Sentence

_DIGITS = frozenset("0123456789")
_NUMERIC_MONTH = "{m}"
_DOTTED = "{dotted}"
_CLOCK = "{clock}"
_WEAK = frozenset({"{n}", "{day}", "{ordinal}", "{clock}", "{year}", "{dotted}"})
"""Slots whose words may stand in any sentence: a phrase without others is looked for by a word of its own."""
_DIGITAL = frozenset({_CLOCK, _DOTTED, "{year}"})
"""Slots of figures, which are looked for anyway."""
_SELF_BOUNDED = frozenset(
    {"weekday_ahead", "weekday_range", "night_between", "day_range", "month_range", "year_range", "time", "within", "for_span", "past_span"}
)
"""Readings whose own first word may look like a bound: "from 3 to 7 May"."""
_MAY_END = frozenset({"month", "year", "end_of_unit", "month_end", "year_end", "season", "quarter"})
"""Readings in which a first word such as "by" is a bound and no part of the hour: "before dawn on Friday"."""


class DateMention(Struct, frozen=True):
    """One date phrase: tokens `first` to `last`, both included."""

    first: int
    last: int
    iso: str
    """`YYYY-MM-DD`, `YYYY-MM`, `YYYY` or `start/end`, read as past: "Friday" is the last one."""
    ahead: str
    """The same phrase in a clause about the future: "Friday" is the next one. Equal to `iso` where tense makes no difference."""
    kind: DateKind
    """`weekday`: a bare day of the week, which may only date the statement. `time`: an hour without a day ("at dawn"). `after`: the day of
    the event that follows ("two days after the fall of X"). `since`, `until`, `from`: bounds. Else what is named."""


class DateRules(NamedTuple):
    """One language's dates, compiled. Made by `compile_dates`; never changed."""

    triggers: frozenset[str]
    """A sentence without any of these words and without a digit holds no date."""
    classes: dict[str, tuple[tuple[str, Any], ...]]
    phrases: Phrases
    starts: frozenset[str]
    """Words that a phrase may begin with."""
    bounds: dict[tuple[str, ...], DateKind]
    """Words before a date that make it a bound: ("since",) -> `since`."""
    reach: int
    """The most words of a bound."""
    coming: frozenset[str]
    """Words near a date that put it ahead: "due", "will"."""
    dependent: frozenset[str]
    """Words that are no date by themselves: Russian "среды" is also "of the surroundings"."""
    capital: frozenset[str]
    """Words that are dates only with a capital: "May", "March"."""
    figured: frozenset[str]
    """Words that are months only beside figures: French "sept" is September in "3 sept." and seven in "sept morts"."""


def compile_dates(data: Mapping[str, Any]) -> DateRules:
    """Rules from the plain data of one `dates.yml`. Raises `ValueError` naming a phrase whose key is no reading or that is too wide."""
    classes: dict[str, list[tuple[str, Any]]] = {}

    def name(slot: str, value: Any, forms: str) -> None:
        for form in forms.split():
            classes.setdefault(form, []).append((f"{{{slot}}}", value))

    for number, forms in enumerate(data["weekdays"]):
        name("weekday", number, forms)
        name("weekday", number, " ".join(form + suffix for suffix in data.get("weekday_suffixes", ()) for form in forms.split()))
    for number, forms in enumerate(data["months"], 1):
        name("month", number, forms)
        name("month", number, " ".join(prefix + form for prefix in data.get("month_prefixes", ()) for form in forms.split()))
    for slot in ("day", "n", "unit", "offset", "ordinal", "season"):
        for value, forms in data.get(slot, {}).items():
            name(slot, value, forms)

    phrases = Phrases()
    triggers = {word for word, found in classes.items() if any(slot not in _WEAK for slot, _ in found)}
    for reading, patterns in data["phrases"].items():
        if reading not in READINGS:
            raise ValueError(f"dates: {reading!r} is no reading; one of {', '.join(sorted(READINGS))}")
        for pattern in patterns:
            forms = list(expand(pattern))
            _check(pattern, min(forms, key=_slots), reading)
            for form in forms:
                phrases.add(form, reading)
                if _DIGITAL.isdisjoint(form) and all(part in _WEAK for part in form if part.startswith("{")):
                    triggers.add(max((part for part in reversed(form) if not part.startswith("{")), key=len, default=""))
    bounds = {form: kind for kind in ("since", "until", "from") for pattern in data.get(kind, ()) for form in expand(pattern)}
    begins = phrases.starts_with
    starts = frozenset(w for w in (*classes, *phrases.words) if begins(w) or any(begins(slot) for slot, _ in classes.get(w, ())))
    return DateRules(
        frozenset(triggers),
        {word: tuple(found) for word, found in classes.items()},
        phrases,
        starts,
        bounds,  # type: ignore[arg-type]
        max(map(len, bounds), default=0),
        frozenset(data.get("coming", "").split()),
        frozenset(data.get("dependent", "").split()),
        frozenset(data.get("capital", "").split()),
        frozenset(data.get("figured", "").split()),
    )


_SAMPLE: dict[str, tuple[str, Any]] = {"{m}": ("month", 1), "{unit}": ("unit", "week")}


def _slots(form: tuple[str, ...]) -> int:
    return sum(part.startswith("{") for part in form)


def _check(pattern: str, form: tuple[str, ...], reading: str) -> None:
    """Raises `ValueError` where this form of the pattern lacks a slot that its reading needs."""
    values: dict[str, list[Any]] = {name: [] for name in Values._fields}
    for part in form:
        for slot in ("{day}", "{m}", "{year}") if part == _DOTTED else (part,):
            if slot.startswith("{"):
                name, value = _SAMPLE.get(slot, (slot[1:-1], 1))
                values[name].append(value + len(values[name]) if slot == "{day}" else value)
    try:
        READINGS[reading][1](Values(**values), Now(date(2024, 5, 3), date(2024, 5, 3)))
    except IndexError:
        raise ValueError(f"dates: {reading}: the phrase {pattern!r} lacks a slot that this reading needs") from None


def find(sentence: Sentence, text: str, rules: DateRules, published: datetime | None, reference: date | None = None) -> list[DateMention]:
    """The dates of the sentence in reading order, resolved against the day of `published` in the time zone that it carries.

    `text` is what the sentence's offsets count in. `reference` is the day told of before this sentence, from which "the day before" and
    "at dawn" count; by default the day of publication. Without `published` only dates that name their year are found.
    """
    words = sentence.words
    triggers = rules.triggers
    for word in words:
        if word in triggers or word[:1] in _DIGITS:
            break
    else:
        return []
    today = published.date() if published else None
    reference = reference or today
    found: list[DateMention] = []
    at, end, starts = 0, len(words), rules.starts
    classes = partial(_classes, named=rules.classes)
    while at < end:
        word = words[at]
        if word not in starts and word[:1] not in _DIGITS:
            at += 1
            continue
        phrase = rules.phrases.at(words, at, classes)
        if phrase is None or not _meant(phrase, at, sentence, text, rules):
            at += 1
            continue
        mention = _read(phrase, at, words, rules, Now(today, reference))
        if mention:
            found.append(mention)
            if mention.kind in ("weekday", "day"):
                reference = date.fromisoformat(mention.iso) if len(mention.iso) == 10 else reference
        at = phrase.last + 1
    return _with_days(found)


def _classes(word: str, named: Mapping[str, tuple[tuple[str, Any], ...]]) -> Sequence[tuple[str, Any]]:
    """The (slot, value) pairs that a word can fill."""
    if word[:1] not in _DIGITS:
        return named.get(word, ())
    if not word.isdecimal():
        parts = word.split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[0]) <= 2 and len(parts[2]) == 4:
            return ((_DOTTED, tuple(map(int, parts))),)
        if _is_clock(word):
            return ((_CLOCK, word),)
        return named.get(word, ())
    if len(word) > 4:
        return ()
    value = int(word)
    found = [("{n}", value), ("{ordinal}", value)]
    if len(word) <= 2 and 1 <= value <= 31:
        found.append(("{day}", value))
        if value <= 12:
            found.append((_NUMERIC_MONTH, value))
    if 1900 <= value <= 2100:
        found.append(("{year}", value))
    return found


def _is_clock(word: str) -> bool:
    """Whether a token is an hour with its minutes: "15.15", "8:05", "18h30"."""
    for mark in ".:h":
        hour, found, minute = word.partition(mark)
        if found and hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and len(hour) < 3 and int(hour) < 25 and int(minute) < 60:
            return True
    return False


def _meant(phrase: Found, first: int, sentence: Sentence, text: str, rules: DateRules) -> bool:
    if phrase.last == first and sentence.words[first] in rules.dependent:
        return False
    if rules.figured and any(slot == "{month}" for slot, _ in phrase.values):
        for at in range(first, phrase.last + 1):
            if sentence.words[at] in rules.figured and not _beside_figures(sentence.words, at, first, phrase.last):
                return False
    if rules.capital:
        for at in range(first, phrase.last + 1):
            if sentence.words[at] in rules.capital and not text[sentence.starts[at]].isupper():
                return False
    return True


def _beside_figures(words: Sequence[str], at: int, first: int, last: int) -> bool:
    """Whether the token before or after this one in the phrase is a figure."""
    return any(words[i][:1] in _DIGITS for i in (at - 1, at + 1) if first <= i <= last)


def _read(phrase: Found, first: int, words: list[str], rules: DateRules, now: Now) -> DateMention | None:
    values: dict[str, list[Any]] = {name: [] for name in Values._fields}
    for slot, value in phrase.values:
        if slot == _DOTTED:
            for name, part in zip(("day", "month", "year"), value, strict=True):
                values[name].append(part)
        else:
            values["month" if slot == _NUMERIC_MONTH else slot[1:-1]].append(value)
    kind, read = READINGS[phrase.meaning]
    try:
        reading = read(Values(**values), now)
    except (OverflowError, ValueError):  # before year 1 or after 9999
        return None
    if not reading:
        return None
    bound, first = _bound(words, first, phrase, rules)
    if phrase.meaning == "year_bound" and not bound:
        return None
    mention = DateMention(first, phrase.last, *reading, kind)
    return _bounded(mention, bound, now.published) if bound else mention


def _bound(words: list[str], first: int, phrase: Found, rules: DateRules) -> tuple[DateKind | None, int]:
    """The bound that stands before the phrase, or that the phrase begins with ("seit Ende Mai"), and where the mention then begins."""
    for length in range(min(rules.reach, first), 0, -1):
        kind = rules.bounds.get(tuple(words[first - length : first]))
        if kind:
            return kind, first - length
    if phrase.meaning not in _SELF_BOUNDED:
        for length in range(min(rules.reach, phrase.last - first), 0, -1):
            kind = rules.bounds.get(tuple(words[first : first + length]))
            if kind and (kind != "until" or phrase.meaning in _MAY_END):
                return kind, first
    return None, first


def _bounded(mention: DateMention, bound: DateKind, published: date | None) -> DateMention | None:
    iso, ahead = mention.iso, mention.ahead
    if bound == "from":
        return DateMention(mention.first, mention.last, iso, ahead, bound)
    if not published:
        return None
    today = published.isoformat()
    if bound == "since" and first_of(iso) < today:
        iso, ahead = f"{first_of(iso)}/{today}", ahead if first_of(ahead) > today else f"{first_of(iso)}/{today}"
    elif bound == "until" and last_day(ahead) >= today:
        ahead = f"{today}/{last_day(ahead)}"
    return DateMention(mention.first, mention.last, iso, ahead, bound)


def _with_days(found: list[DateMention]) -> list[DateMention]:
    """Hours without a day take the nearest day of the sentence; one that stands beside its day is part of it."""
    days = [mention for mention in found if mention.kind in ("weekday", "day", "night")]
    if not days or len(days) == len(found):
        return found
    out: list[DateMention] = []
    for mention in found:
        if mention.kind != "time":
            out.append(mention)
            continue
        nearest = min(days, key=lambda day: max(day.first - mention.last, mention.first - day.last))
        if max(nearest.first - mention.last, mention.first - nearest.last) > 2:
            out.append(DateMention(mention.first, mention.last, nearest.iso, nearest.ahead, "time"))
    return out
