"""ninjs, the IPTC's news in JSON (https://iptc.org/standards/ninjs): generations 1, 2 and 3, validated strictly.

An item does not have to name its version, and real ones name a wrong one, so its field names decide the generation.
Pictures, events and associated items are validated but not read: an article has a headline or a body.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from streams.core.records import Article, Instant
from streams.wire import embargo
from streams.wire.html import paragraphs
from streams.wire.ninjs import v1, v2, v3
from streams.wire.ninjs.common import Item, Text
from streams.wire.payload import Payload
from streams.wire.rejected import Rejected

_GENERATIONS = {3: v3, 2: v2, 1: v1}
_MARKUP = re.compile(r"html|xml|nitf", re.IGNORECASE)
_LOOKS_MARKED_UP = re.compile(r"</[a-zA-Z]|<(?:p|br)\s*/?>", re.IGNORECASE)
_MEDIA_TOPIC = re.compile(r"https?://cv\.iptc\.org/newscodes/mediatopic/(\d+)")
_COUNT = re.compile(r"[0-9]{1,15}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def detect(payload: Payload) -> bool:
    """An object with `uri`."""
    return isinstance(payload.json, dict) and "uri" in payload.json


def read(payload: Payload) -> Article:
    """The article that the item carries.

    A creation time that cannot be read leaves `published` empty, as the standard does not ask for a format; an embargo
    that cannot be read is `NEVER`. `version` is 1 where the wire does not count.

    :raises Rejected: it is not valid ninjs.
    """
    until = {name: value if isinstance(value, str) else "" for name, value in payload.json.items() if name in embargo.NAMES}
    item, generation = _item({**payload.json, **until})
    published, updated = _times(item)
    return Article(
        id=item.uri,
        version=max(int(item.version), 1) if _COUNT.fullmatch(item.version) else 1,
        published=published,
        updated=updated,
        source=next(filter(None, [*item.source_names(), item.copyright_holder]), None),
        language=item.language if _LANGUAGE.fullmatch(item.language) else None,
        headline=_plain(_best(item.headline_texts())).replace("\n", " "),
        body=_plain(_best(item.body_texts())),
        byline=item.creator() or None,
        dateline=item.located or None,
        urgency=None if item.urgency is UNSET else item.urgency,
        status=item.pub_status,
        embargoed=None if item.embargo() is UNSET else embargo.time(item.embargo()),
        subjects=[_MEDIA_TOPIC.sub(r"medtop:\1", code) for code in item.subject_codes() if code],
        format=f"ninjs/{generation}",
    )


def _item(document: dict[str, Any]) -> tuple[Item, int]:
    """The item and its generation: the one that knows most of the field names; of equals, the newest that takes it."""
    known = {number: len(generation.NAMES & document.keys()) for number, generation in _GENERATIONS.items()}
    known[1] += sum(v1.TEXT.match(name) is not None for name in document)
    first: Rejected | None = None
    for number, generation in _GENERATIONS.items():
        if known[number] == max(known.values()):
            try:
                return generation.read(document), number
            except Rejected as rejected:
                first = first or rejected
    raise first or AssertionError("one generation always knows most")


def _times(item: Item) -> tuple[datetime | None, datetime | None]:
    """When the story was first put out, and when this version was, where that differs."""
    first, version, content = (_instant(time) for time in (item.first_created, item.version_created, item.content_created))
    published = first or version or content
    return published, version if version != published else None


def _instant(text: str) -> datetime | None:
    try:
        return msgspec.convert(text, Instant)
    except msgspec.ValidationError:
        return None


def _best(texts: list[Text]) -> Text:
    """The main one before others, plain text before markup, the first before the next."""
    filled = [text for text in texts if text.value.strip()]
    return min(filled, key=lambda text: (text.role not in ("main", ""), _is_markup(text)), default=Text("", "", ""))


def _is_markup(text: Text) -> bool:
    return _MARKUP.search(text.content_type) is not None


def _plain(text: Text) -> str:
    undeclared = not text.content_type and _LOOKS_MARKED_UP.search(text.value)
    return paragraphs(text.value) if undeclared or _is_markup(text) else text.value
