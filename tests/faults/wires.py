"""A seeded load of stories: versions, kills, embargoes, what cannot be read. Pure: knows neither Kafka nor clocks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

TOWNS = (
    "Odessa", "Kharkiv", "Soumy", "Kherson", "Zaporijjia", "Mykolaïv", "Dnipro", "Poltava", "Tchernihiv", "Kramatorsk", "Koupiansk",
    "Goma", "Bukavu", "Bunia", "El Fasher", "Khartoum", "Nyala", "Gao", "Kidal", "Gaza", "Rafah", "Beyrouth", "Tyr",
)  # fmt: skip
TEXTS = {
    "fr": "Un drone a frappé {day} un dépôt à {town}, tuant {dead} personnes, a annoncé le gouverneur.",
    "en": "A drone struck a depot in {town} on {day}, killing {dead} people, the governor said.",
    "de": "Eine Drohne hat am {day} ein Lager in {town} getroffen und {dead} Menschen getötet, sagte der Gouverneur.",
}
_DAYS = {"fr": "le %d/%m/%Y", "en": "%d/%m/%Y", "de": "%d.%m.%Y"}
AGENCIES = ("Agence Atlantique", "Harbour Wire", "Rheinpost")
_START = datetime(2026, 1, 5, 12, tzinfo=UTC)
_LATER = 150
"""How many other messages may come between two versions of a story, at most."""
_EMBARGO_SECONDS = (4.0, 25.0)

PLANS: tuple[tuple[int, str], ...] = (
    (46, "1"), (18, "1 2"), (8, "1 3 2"), (8, "1 2 kill3"), (4, "kill1 1"), (4, "embargo1"), (3, "embargo1 2"), (3, "embargo1 kill2"),
    (2, "1 embargo2"), (2, "1 1"), (1, "astray1"), (1, "broken"),
)  # fmt: skip
"""How often of a hundred, and what comes of a story in this order: versions, each plain or with what is odd about it."""


class Wire(NamedTuple):
    """A message to publish."""

    key: bytes
    article: dict[str, Any] | None
    """None: what cannot be read."""
    embargo_seconds: float | None = None
    """It may go out so long after it was published."""

    def value(self, now: datetime) -> bytes:
        """As it is published now."""
        if self.article is None:
            return b'{"id": "' + self.key + b'", "headline": '
        if self.embargo_seconds is None:
            return json.dumps(self.article).encode()
        until = now + timedelta(seconds=self.embargo_seconds)
        return json.dumps({**self.article, "status": "withheld", "embargoed": until.isoformat()}).encode()


def load(seed: int, count: int) -> list[Wire]:
    """`count` messages, the versions of a story in the order of its plan, with others between them."""
    dice = random.Random(seed)
    placed: list[tuple[float, int, Wire]] = []
    number = 0
    while len(placed) < count:
        at = float(len(placed))
        for wire in _story(seed, number, dice):
            placed.append((at, len(placed), wire))
            at += dice.uniform(0, _LATER)
        number += 1
    return [wire for _, _, wire in sorted(placed, key=lambda one: one[:2])][:count]


def _story(seed: int, number: int, dice: random.Random) -> Iterator[Wire]:
    language = dice.choice(tuple(TEXTS))
    id_ = f"urn:faults:{seed}:{number}"
    town, day = dice.choice(TOWNS), _START + timedelta(days=number // 20)
    shares, plans = zip(*PLANS, strict=True)
    for version in dice.choices(plans, shares)[0].split():
        yield _version(id_, version, language, town, day, dice)


def _version(id_: str, version: str, language: str, town: str, day: datetime, dice: random.Random) -> Wire:
    what, number = version.rstrip("0123456789"), version.lstrip("abcdefghijklmnopqrstuvwxyz")
    if what == "broken":
        return Wire(id_.encode(), None)
    updated = day + timedelta(minutes=int(number))
    article: dict[str, Any] = {"id": id_, "version": int(number), "published": day.isoformat(), "updated": updated.isoformat()}
    if what == "kill":
        return Wire(id_.encode(), {**article, "status": "canceled"})
    text = TEXTS[language].format(dead=2 + int(number), town=town, day=day.strftime(_DAYS[language]))
    article |= {"language": language, "source": dice.choice(AGENCIES), "body": f"{text}\n({id_} {number})"}
    if what == "embargo":
        return Wire(id_.encode(), article, dice.uniform(*_EMBARGO_SECONDS))
    return Wire(b"astray" if what == "astray" else id_.encode(), article)
