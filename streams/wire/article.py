"""Our own Article as JSON: the record as `schemas/article.v1.schema.json` describes it. Fields that it does not know are ignored."""

from __future__ import annotations

import msgspec

from streams.core.records import Article
from streams.wire.payload import Payload
from streams.wire.rejected import reject_field


def detect(payload: Payload) -> bool:
    """An object with `id`."""
    return isinstance(payload.json, dict) and "id" in payload.json


def read(payload: Payload) -> Article:
    """The article.

    :raises Rejected: a field has the wrong type or value.
    """
    try:
        return msgspec.convert(payload.json, Article)
    except msgspec.ValidationError as error:
        reject_field(error, "article")
