"""What is fuzzed, and what must hold whatever the bytes: a target takes them and raises where something is wrong."""

from __future__ import annotations

import base64
import json as stdlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from streams import codec, wire
from streams.core.enrich import enrich
from streams.core.records import Article
from streams.harmless import safe
from streams.lexicons import load_tagger
from streams.wire import embargo, html, strict_json
from streams.wire.payload import Payload
from streams.wire.rejected import Rejected

CORPUS = Path(__file__).with_name("corpus")
LANGUAGES = ("en", "de", "fr", "es", "it", "uk", "ru", "pt", "pl", None)
_TAGGER = load_tagger()


def readers(data: bytes) -> None:
    """Every format that takes the message for its own makes an article of it, or says why not."""
    payload = Payload(data)
    for one in wire.FORMATS:
        try:
            if one.detect(payload):
                one.read(payload)
        except Rejected as rejected:
            assert rejected.message.isprintable() and len(rejected.message) < 400, rejected
    _decoded(data)


def _decoded(data: bytes) -> None:
    try:
        article = codec.decode_article(data)
    except Rejected:
        embargo.of_unreadable(data)
    else:
        codec.decode(codec.encode(article), Article)


def json(data: bytes) -> None:
    """What is read is JSON as Python's own reader reads it; what 64 bits do not hold is a float."""
    try:
        document = strict_json.loads(data)
    except Rejected as rejected:
        assert rejected.message.isprintable()
    else:
        assert document == stdlib.loads(data.removeprefix(b"\xef\xbb\xbf"), parse_int=_number)


def _number(text: str) -> int | float:
    number = int(text)
    return number if -(2**63) <= number < 2**64 else float(text)


def markup(data: bytes) -> None:
    """Paragraphs hold no null and no blank line, and are not longer than their markup in its longest form."""
    text = data.decode("utf-8", "replace")
    lines = html.paragraphs(text)
    assert "\0" not in lines and "\n\n" not in lines
    assert len(lines) <= len(text) + 1


def tagger(data: bytes) -> None:
    """Developments and boilerplate stand in the text as received, whatever the text."""
    language = LANGUAGES[data[0] % len(LANGUAGES)] if data else None
    headline, _, body = data[1:].decode("utf-8", "replace").partition("\x1f")
    article = Article(id="x", headline=headline, body=body or headline, language=language)
    found = enrich(article, _TAGGER)
    for development in found.developments:
        text = getattr(article, development.field)
        assert development.text == text[development.start : development.end]
        assert all(0 <= start < end <= len(text) for spans in development.spans.values() for start, end in spans)
    end = 0
    for span in found.boilerplate:
        assert end <= span.start < span.end <= len(article.body)
        end = span.end


def shown(data: bytes) -> None:
    """What is made harmless holds no control, and is as long as it was."""
    text = data.decode("utf-8", "replace")
    assert len(safe(text)) == len(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in safe(text))


TARGETS: dict[str, Callable[[bytes], None]] = {"readers": readers, "json": json, "markup": markup, "tagger": tagger, "shown": shown}


def kept(target: str) -> Sequence[bytes]:
    """The committed inputs of a target, those that once showed a fault first."""
    path = CORPUS / f"{target}.txt"
    return [base64.b64decode(line) for line in path.read_text("ascii").split()] if path.exists() else []


def keep(target: str, inputs: Iterator[bytes]) -> None:
    """Write the inputs of a target, in base64 a line, the shortest first."""
    CORPUS.mkdir(exist_ok=True)
    lines = [base64.b64encode(value).decode() for value in sorted(set(inputs), key=lambda value: (len(value), value))]
    (CORPUS / f"{target}.txt").write_text("\n".join(lines) + "\n", "ascii")
