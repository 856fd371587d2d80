"""JSON that is legal or nearly so and made to hurt: depth, numbers, repeated keys, halves of characters, wrong types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.wires import article, documents, named, wire

NUMBERS = ("1e999", "-1e999", "1e-999", "9" * 65, "9" * 5_000, "-" + "9" * 4_301, "0." + "1" * 100, "1" * 64, "1E400", "-0", "1e5",
           "0x10", "01", "+1",
           "1.", ".5", "1e", "9007199254740993", "18446744073709551616", "NaN", "Infinity", "-Infinity", "nan", "1_000", "１")  # fmt: skip
SURROGATES = ("\\ud800", "\\udc00", "\\ud83d\\ud83d", "\\udfff\\ud800", "\\uD800x", "\\ud83d", "\\ud83d\\u0041")
TIMES = ("0000-00-00T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2025-02-30T00:00:00Z", "2025-10-22T24:00:00Z",
         "2025-10-22T09:40:60Z", "2025-10-22", "now", "", "٢٠٢٥-10-22T00:00:00Z", "2025-10-22T09:40:00+99:99", "2025-10-22t09:40:00z",
         "1" * 5_000, "2025-10-22T09:40:00.123456789123Z", "1800-01-01T00:00:00+00:00", "2200-01-01T00:00:00+00:00",
         "-2025-10-22T00:00:00Z")  # fmt: skip
FIELDS = ("id", "version", "published", "updated", "received", "source", "language", "headline", "body", "byline", "dateline",
          "urgency", "status",
          "signal", "embargoed", "subjects", "format")  # fmt: skip
_VALUES = (
    None,
    True,
    False,
    0,
    -1,
    10,
    2**53,
    2**63,
    1.5,
    "",
    " ",
    "\n",
    "x",
    [],
    {},
    [[]],
    {"": {}},
    ["a", 1],
    [None],
    "\u200b",
    "a" * 5_000,
    "null",
)


def _with(random: Random, number: int, key: str, raw: str) -> bytes:
    """An honest wire with one more field, its value as it is written."""
    return wire(random, number)[:-1] + f', "{key}": {raw}}}'.encode()


def nested(random: Random, number: int) -> bytes:
    """Lists and objects inside each other, closed or not."""
    deep = random.choice((60, 63, 64, 65, 100, 900, 1_023, 1_024, 1_025, 5_000, 100_000))
    opens, closes = random.choice((("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")))
    raw = opens * deep + "1" + closes * (deep if number % 3 else deep - 1)
    return raw.encode() if number % 5 == 0 else _with(random, number, "x", raw)


def numbers(random: Random, number: int) -> bytes:
    """Numbers that overflow, never end, or are none."""
    raw = NUMBERS[number % len(NUMBERS)]
    return _with(
        random, number, random.choice(("x", "version", "urgency", "published", "embargoed")), raw if number % 4 else f"[{raw}, {raw}]"
    )


def repeated_keys(random: Random, number: int) -> bytes:
    """One object that names a key twice, at the top or deep inside, spelt alike or by escapes."""
    document = named(documents()[number % len(documents())], random)
    name = random.choice(list(document))
    if number % 3 == 0:
        return _with(random, number, "x", json.dumps([{"a": {}}]).replace("{}", '{"b": 1, "\\u0062": 2}'))
    body = json.dumps(document, ensure_ascii=False)
    spelt = f"\\u{ord(name[0]):04x}{name[1:]}" if number % 3 == 1 else name
    return (body[:-1] + f', "{spelt}": {json.dumps(random.choice(_VALUES))}}}').encode()


def half_characters(random: Random, number: int) -> bytes:
    """Halves of surrogate pairs, as escapes and as bytes, in keys and texts."""
    half = random.choice(SURROGATES)
    if number % 4 == 0:
        return article(random, headline="x\ud800", body="\udfff")
    return _with(random, number, half if number % 4 == 1 else "x", f'"{half}"' if number % 4 < 3 else f'["a{half}b"]')


def wrong_types(random: Random, number: int) -> bytes:
    """A field that holds something else than it should, in our own format or a ninjs item."""
    document = named(documents()[number % len(documents())], random)
    name = random.choice(FIELDS if "id" in document and random.random() < 0.8 else list(document))
    return json.dumps({**document, name: random.choice(_VALUES)}).encode()


def forged_places(random: Random, number: int) -> bytes:
    """Names and values that look like what our error messages say."""
    forged = random.choice(
        ("x - at `y", "x - at `$.embargoed", "`", "field `id`", "value 'x' - at `$.id`", "a - at `" * 500, "\x1b[31m`\r\n", "$.", "{0}%s")
    )
    document = {"uri": "x", "pubstatus": "usable"} if number % 2 else {"id": "x", "body": "x"}
    return json.dumps(named({**document, **random.choice(({forged: 1}, {"pubstatus": forged}, {"status": forged}, {"published": forged},
                                                          {"subject": [{forged: 1}]}, {"language": forged}))},
                                                          random)).encode()  # fmt: skip


def times(random: Random, number: int) -> bytes:
    """Times that no calendar has, or that another zone cannot hold."""
    document = named(documents()[number % len(documents())], random)
    names = ("published", "updated", "received", "embargoed", "firstcreated", "versioncreated", "firstCreated", "embargoedUntil")
    return json.dumps({**document, random.choice(names): random.choice(TIMES)}).encode()


def many_values(random: Random, number: int) -> bytes:
    """Few bytes that become much memory."""
    piece = random.choice(("[],", "{},", "0,", '"",', "null,", '{"a":[]},', "[[]],"))
    count = random.choice((19_000, 25_000, 100_000))
    if number % 4 == 0:
        return _with(random, number, "x", "{" + ",".join(f'"{i}":0' for i in range(count)) + "}")
    return _with(random, number, "subjects" if number % 4 == 1 else "x", "[" + (piece * count)[:900_000].rpartition(",")[0] + "]")


_SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=40)
_ANY = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5), max_leaves=20
)
_NAMES = st.sampled_from((*FIELDS, "uri", "type", "headlines", "bodies", "pubstatus", "versioncreated", "associations", "body_html"))
_DRAWN = {
    "any": _ANY.map(lambda document: json.dumps(document).encode()),
    "fields": st.dictionaries(_NAMES, _ANY, min_size=1, max_size=8).map(lambda document: json.dumps(document).encode()),
    "bytes": st.binary(max_size=400),
    "texts": st.fixed_dictionaries({"id": st.just("x"), "headline": st.text(max_size=200), "body": st.text(max_size=2_000)}).map(
        lambda document: json.dumps(document).encode("utf-8", "surrogatepass")
    ),
}


@cache
def drawn(which: str, start: int, count: int) -> Sequence[bytes]:
    """So many examples of a Hypothesis strategy; the same ones for the same start."""
    found: list[bytes] = []

    @seed(start)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    @given(_DRAWN[which])
    def collect(value: bytes) -> None:
        found.append(value)

    collect()
    return found


def strategy(which: str) -> Any:
    """A maker of the examples of one strategy; ids are made their own where the example is an article."""

    def make(random: Random, number: int) -> bytes:
        examples = drawn(which, number // 200, 200)
        value = examples[number % 200 % len(examples)]
        return value.replace(b'"id": "x"', f'"id": "{random.getrandbits(96):024x}"'.encode())

    return make
