"""What must hold of a subscription beyond its types: codes and time zones that exist, and wishes that something can fulfil.

Reading one from JSON or YAML is not for this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.core.alerts import known_zone
from streams.core.countries import COUNTRIES
from streams.core.records import QuietHours, Subscription

LONGEST_WAIT_SECONDS = 7 * 24 * 3600
"""The longest cooldown and digest: nobody waits longer for what has happened."""
_PARTY = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def check(subscription: Subscription) -> list[str]:
    """A sentence for each fault: the path of what is wrong, what it is, and the cure. None: the subscription can come into force."""
    return [*_codes(subscription), *_texts(subscription), *_waits(subscription), *_sense(subscription)]


def _codes(subscription: Subscription) -> Iterator[str]:
    for number, code in enumerate(subscription.countries):
        if code not in COUNTRIES:
            yield f"countries[{number}]: {code} is no country; write its ISO 3166-1 alpha-3 code, such as UKR or SDN"
    for number, code in enumerate(subscription.parties):
        if not _PARTY.fullmatch(code):
            yield f"parties[{number}]: {code!r} is no code of a party; write capitals, digits and _, such as RUS or RSF_SDN"
    for number, tag in enumerate(subscription.languages):
        if not _LANGUAGE.fullmatch(tag):
            yield f"languages[{number}]: {tag!r} is no BCP 47 tag; write one such as fr or pt-BR"


def _texts(subscription: Subscription) -> Iterator[str]:
    for field, texts in (("words", subscription.words), ("sources", subscription.sources)):
        for number, text in enumerate(texts):
            if not text.strip():
                yield f"{field}[{number}]: it is blank; leave it out"
    named = [("name", subscription.name), *((f"near[{number}].name", place.name) for number, place in enumerate(subscription.near))]
    for path, text in named:
        if text and not text.isprintable():
            yield f"{path}: it holds a line break or another control character; write plain text on one line"


def _waits(subscription: Subscription) -> Iterator[str]:
    for field, seconds in (("cooldown_seconds", subscription.cooldown_seconds), ("digest_seconds", subscription.digest_seconds)):
        if seconds > LONGEST_WAIT_SECONDS:
            yield f"{field}: {seconds} is longer than a week; write {LONGEST_WAIT_SECONDS} at most"
    if subscription.quiet is not None:
        yield from _quiet(subscription.quiet)


def _quiet(quiet: QuietHours) -> Iterator[str]:
    if not known_zone(quiet.zone):
        yield f"quiet.zone: {quiet.zone!r} is no time zone; write an IANA name, such as Europe/Paris or UTC"
    if quiet.start == quiet.end:
        yield f"quiet: it starts and ends at {quiet.start}; write two times, or leave quiet out"


def _sense(subscription: Subscription) -> Iterator[str]:
    if subscription.statuses and set(subscription.statuses) == {"expected"} and not subscription.expected:
        yield "statuses: only what is expected is asked for, and `expected` is false, so nothing can match; write expected: true"
