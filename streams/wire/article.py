"""Our own Article as JSON: the record as `schemas/article.v1.schema.json` describes it. Fields that it does not know are ignored."""

from __future__ import annotations

import msgspec

from streams.core.records import Article
from streams.wire import embargo
from streams.wire.payload import Payload
from streams.wire.rejected import reject_field


def detect(payload: Payload) -> bool:
    """An object with `id`."""
    return isinstance(payload.json, dict) and "id" in payload.json


def read(payload: Payload) -> Article:
    """The article; its embargo is `NEVER` where it cannot be read.

    :raises Rejected: a field has the wrong type or value.
    """
    try:
        article = msgspec.convert({**payload.json, "embargoed": None}, Article)
    except msgspec.ValidationError as error:
        reject_field(error, "article")
    until = embargo.time(payload.json.get("embargoed"))
    return article if until is None else msgspec.structs.replace(article, embargoed=until)
