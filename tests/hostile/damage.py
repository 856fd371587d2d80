"""Honest wires with bytes flipped, cut, doubled, lost and mixed, and bytes that are no wire at all."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from random import Random

from tests.hostile.wires import documents, wire

CODECS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1251", "cp1252", "koi8-r", "cp037", "latin-1")
_MAGIC = (b"PK\x03\x04\x14\0\0\0\x08\0", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"BZh9", b"\xfd7zXZ\0", b"%PDF-1.7\n",
          b"\x89PNG\r\n\x1a\n",
          b"\0\0\0\0\x05", b"\x7fELF", b"\x93NUMPY", b"\x80\x04\x95", b"<?xml version='1.0'?>")  # fmt: skip
_EVIL = (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\\u0000", b"\\", b'"', b"{", b"]",
         b"\x7f",
         b"\x1b[2J", b"\r\n", "\u202e".encode(), "\u2028".encode())  # fmt: skip


def _place(number: int, length: int) -> int:
    """Runs through all positions of a short wire as the number grows."""
    return number // len(documents()) * 7 % length if number % 3 else number * 5 % length


def flipped(random: Random, number: int) -> bytes:
    """One bit turned over."""
    value = bytearray(wire(random, number))
    value[_place(number, len(value))] ^= 1 << random.randrange(8)
    return bytes(value)


def every_byte(random: Random, number: int) -> bytes:
    """The shortest wires, each of their bytes in turn flipped, cut at, doubled and lost."""
    value = wire(random, number // 4 // 600)
    at = number // 4 % len(value)
    flipped_ = value[:at] + bytes([value[at] ^ (1 << random.randrange(8))]) + value[at + 1 :]
    return (flipped_, value[:at], value[: at + 1] + value[at:], value[:at] + value[at + 1 :])[number % 4]


def cut(random: Random, number: int) -> bytes:
    """Its end or its beginning missing."""
    value = wire(random, number)
    at = _place(number, len(value))
    return value[:at] if number % 4 else value[at:]


def doubled(random: Random, number: int) -> bytes:
    """A part of it, or all, twice."""
    value = wire(random, number)
    first, last = sorted(random.choices(range(len(value) + 1), k=2))
    return value * 2 if number % 10 == 0 else value[:last] + value[first:]


def spliced(random: Random, number: int) -> bytes:
    """The beginning of one wire and the end of another."""
    one, other = wire(random, number), wire(random, random.randrange(len(documents())))
    return one[: random.randrange(len(one))] + other[random.randrange(len(other)) :]


def peppered(random: Random, number: int) -> bytes:
    """Bytes that readers stumble over, anywhere."""
    value = bytearray(wire(random, number))
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(value))
        value[at : at + random.randrange(3)] = random.choice(_EVIL)
    return bytes(value)


def encoded(random: Random, number: int) -> bytes:
    """In another encoding, or half of it in another."""
    text = wire(random, number).decode()
    codec = CODECS[number % len(CODECS)]
    other = text.encode(codec, "replace")
    if number % 3 == 0:
        half = random.randrange(len(text))
        return text[:half].encode() + text[half:].encode(codec, "replace")
    return b"\xef\xbb\xbf" * (number % 3 - 1) + other


def archived(random: Random, number: int) -> bytes:
    """What is no text: archives, one of them of a hundred megabytes of nothing, magic numbers, noise."""
    value = wire(random, number)
    if number % 6 == 0:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../article.json", value)
        return packed.getvalue()
    if number % 6 == 1:
        return gzip.compress(value, mtime=0)
    if number % 60 == 2:
        return zlib.compress(b"\0" * 100_000_000, 9)
    if number % 6 == 3:
        return random.randbytes(random.randrange(1, 5_000))
    return random.choice(_MAGIC) + (value if number % 2 else random.randbytes(200))


def nulls(random: Random, number: int) -> bytes:
    """Null bytes and their escapes, in keys, texts and between."""
    value = wire(random, number)
    at = random.randrange(len(value))
    return (value[:at] + b"\0" + value[at:], value[:at] + b"\\u0000" + value[at:], b"\0" * random.randrange(1, 5_000), value + b"\0")[
        number % 4
    ]
