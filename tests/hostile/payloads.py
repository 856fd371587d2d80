"""The list of all kinds of hostile payloads, and one payload of a kind, made again from its seed and number."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from streams.codec import MAX_BYTES
from tests.hostile import bombs, damage, documents, texts
from tests.hostile.wires import article

Headers = list[tuple[str, bytes]]


class Payload(NamedTuple):
    """One message made to hurt."""

    kind: str
    number: int
    value: bytes
    headers: Headers

    @property
    def name(self) -> str:
        """What `--only` takes to run it again."""
        return f"{self.kind}/{self.number}"


class Kind(NamedTuple):
    """How payloads of a kind are made, and how many of ten thousand are of it."""

    make: Callable[[Random, int], bytes]
    share: int
    limit: int = MAX_BYTES
    """The longest article that the agent takes."""
    big: bool = False
    """Run first, to warm up; not sent to a broker."""


_FULL = 950_000
_HUGE = {
    "newlines": lambda: "\n" * 1_000_000,
    "newlines and a letter": lambda: "x\n" * (_FULL // 2),
    "one line": lambda: "a" * 5_000_000,
    "one line of war": lambda: "shelled-Kharkiv," * (5_000_000 // 16),
    "fifty megabytes": lambda: "Russian forces shelled Kharkiv. " * (50_000_000 // 32),
    "fifty megabytes of nothing": lambda: " " * 50_000_000,
    "fifty megabytes of dots": lambda: "." * 50_000_000,
}
_LARGE = (
    ".",
    "- ",
    "5 people killed ",
    "Read also: ",
    "€ 1 ",
    "A/",
    "Aa ",
    "x\n",
    ". A",
    "İ",
    "e\u0301",
    "\u200b",
    "1 ",
    "(",
    "«a» ",
    "b\u202e",
)


def huge(random: Random, number: int) -> bytes:
    """More than the limit allows, most of it more than a broker takes."""
    name = list(_HUGE)[number % len(_HUGE)]
    return article(random, body=_HUGE[name]())


def allowed(random: Random, number: int) -> bytes:
    """The same without a word in it, where the limit is raised to let it in."""
    names = [name for name in _HUGE if "war" not in name and name != "fifty megabytes"]
    return article(random, body=_HUGE[names[number % len(names)]]())


def large(random: Random, number: int) -> bytes:
    """A message as long as the limit allows, of one thing."""
    piece = _LARGE[number % len(_LARGE)]
    body = piece * (_FULL // len(piece.encode("utf-8")) // (3 if piece == "\n" else 1))
    return article(random, body=body.replace("\n", " ") if number % 2 else body)[:1_000_000]


def many_lines(random: Random, number: int) -> bytes:
    """A page of more lines than any has, each another."""
    return article(
        random, body="\n".join(f"{random.choice(('Photo:', 'Read also', 'x', ''))} {i}" for i in range(random.choice((500, 5_000))))
    )


KINDS: dict[str, Kind] = {
    # bytes
    "every-byte": Kind(damage.every_byte, 2_400), "flipped": Kind(damage.flipped, 1_000), "cut": Kind(damage.cut, 500),
    "doubled": Kind(damage.doubled, 300), "spliced": Kind(damage.spliced, 300), "peppered": Kind(damage.peppered, 500),
    "encoded": Kind(damage.encoded, 300), "archived": Kind(damage.archived, 120), "nulls": Kind(damage.nulls, 100),
    # documents
    "nested": Kind(documents.nested, 150), "numbers": Kind(documents.numbers, 250), "repeated-keys": Kind(documents.repeated_keys, 200),
    "half-characters": Kind(documents.half_characters, 100), "wrong-types": Kind(documents.wrong_types, 400),
    "forged-places": Kind(documents.forged_places, 100), "times": Kind(documents.times, 200), "many-values": Kind(documents.many_values,
    40),
    "drawn-any": Kind(documents.strategy("any"), 400), "drawn-fields": Kind(documents.strategy("fields"), 400),
    "drawn-bytes": Kind(documents.strategy("bytes"), 200), "drawn-texts": Kind(documents.strategy("texts"), 400),
    # texts
    "injections": Kind(texts.injections, 500), "labels": Kind(texts.labels, 300), "hidden-names": Kind(texts.hidden_names, 200),
    "lookalikes": Kind(texts.lookalikes, 150), "dressed": Kind(texts.dressed, 150), "markup": Kind(texts.markup, 100),
    "runs": Kind(texts.runs, 350), "shuffled": Kind(texts.shuffled, 100), "long-words": Kind(texts.long_words, 60),
    "many-lines": Kind(many_lines, 20),
    # bombs from our own lexicons
    "development-bombs": Kind(bombs.developments, 300), "boilerplate-bombs": Kind(bombs.boilerplate, 300),
    "mark-bombs": Kind(bombs.marks, 120),
    "date-bombs": Kind(bombs.dates_and_numbers, 150), "party-bombs": Kind(bombs.parties, 60),
    # size
    "large": Kind(large, len(_LARGE), big=True), "huge": Kind(huge, len(_HUGE), big=True),
    "huge-allowed": Kind(allowed, len(_HUGE) - 2, 64_000_000, big=True),
}  # fmt: skip
"""Name -> kind; in all a little over ten thousand."""


def headers(random: Random) -> Headers:
    """The headers of a message: a trace to know it by, at times others that are made to hurt."""
    trace = f"00-{random.getrandbits(128) | 1:032x}-{random.getrandbits(64) | 1:016x}-01".encode()
    found = [("traceparent", trace)]
    if random.random() < 0.05:
        found += [random.choice([
            ("content-type", b"\xff\r\nx: y"), ("content-type", b"application/json; charset=utf-16"), ("ce_id", b"\x1b[2J"), ("x",
            gzip.compress(b"x")),
            ("traceparent", b"00-x\r\ninjected: 1"), ("dlq.reason", b"forged"), ("newsroom-wire-ms", b"-1"), ("\u202e", b""), ("", b"\0"),
            ("tracestate", b"a" * 5_000),
        ])]  # fmt: skip
    return found


def make(seed: int, kind: str, number: int) -> Payload:
    """The payload; the same arguments, the same bytes."""
    random = Random(f"{seed}/{kind}/{number}")
    value = KINDS[kind].make(random, number)
    return Payload(kind, number, value, headers(random))


def plan(seed: int, scale: float = 1.0) -> Iterator[tuple[str, int]]:
    """(kind, number) of every payload: first one of each kind and the big ones, to warm up, then all others in any order."""
    counts = {name: max(1, round(kind.share * scale)) for name, kind in KINDS.items()}
    big = [name for name, kind in KINDS.items() if kind.big]
    first = [(name, 0) for name in counts] + [(name, number) for name in big for number in range(1, counts[name])]
    rest = [(name, number) for name, count in counts.items() if name not in big for number in range(1, count)]
    Random(seed).shuffle(rest)
    yield from first
    yield from rest


def warm_up(scale: float = 1.0) -> int:
    """How many of the plan are for warming up: the big ones and a quarter of all others."""
    whole = sum(1 for _ in plan(0, scale))
    return len(KINDS) + whole // 4
