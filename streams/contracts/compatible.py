"""Whether a schema may take the place of another one under the same version, for those who read its records and those who write them.

Allowed: new optional fields, new values of an enumeration (readers must expect them), wider bounds. All else is a new version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACT = ("pattern", "format", "const", "uniqueItems", "additionalProperties")


def breaks(old: Schema, new: Schema) -> list[str]:
    """A sentence for each change that breaks a reader or a writer; none when `new` may replace `old`."""
    return list(_compare(_Side(old, old), _Side(new, new), "the record", frozenset()))


class _Side:
    """A schema with the document that its references point into."""

    def __init__(self, root: Schema, schema: Schema) -> None:
        self.root = root
        self.reference = schema.get("$ref", "")
        self.schema: Schema = root["$defs"][self.reference.rsplit("/", 1)[-1]] if self.reference else schema

    def at(self, schema: Schema) -> _Side:
        return _Side(self.root, schema)

    def choices(self) -> dict[str, _Side]:
        """What a value may be, by its JSON type."""
        found: dict[str, _Side] = {}
        for one in self.schema.get("anyOf", [self.schema]):
            side = self.at(one)
            kinds = side.schema.get("type") or _type_of_values(side.schema)
            for kind in [kinds] if isinstance(kinds, str) else kinds:
                found[kind] = side
        return found


def _type_of_values(schema: Schema) -> list[str]:
    values = schema.get("enum", [])
    return sorted({"null" if value is None else "integer" if isinstance(value, int) else "string" for value in values}) or ["any"]


def _compare(old: _Side, new: _Side, place: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
    pair = (old.reference, new.reference)
    if all(pair) and pair in seen:
        return
    before, after = old.choices(), new.choices()
    for kind in before.keys() - after.keys():
        yield f"{place} may no longer be of type {kind}"
    for kind in after.keys() - before.keys():
        yield f"{place} may now be of type {kind}"
    for kind in sorted(before.keys() & after.keys()):
        yield from _compare_values(before[kind].schema, after[kind].schema, place)
        yield from _compare_objects(before[kind], after[kind], place, seen | {pair, (before[kind].reference, after[kind].reference)})


def _compare_values(old: Schema, new: Schema, place: str) -> Iterator[str]:
    if "enum" in old or "enum" in new:
        if "enum" not in new or "enum" not in old:
            yield f"{place} is {'now' if 'enum' in new else 'no longer'} an enumeration"
        else:
            for value in sorted(set(old["enum"]) - set(new["enum"]), key=str):
                yield f"{place} has lost the value {value!r}"
    for bound in _LOWER:
        if bound in new and new[bound] > old.get(bound, float("-inf")):
            yield f"{place} has a higher {bound}: {new[bound]}"
    for bound in _UPPER:
        if bound in new and new[bound] < old.get(bound, float("inf")):
            yield f"{place} has a lower {bound}: {new[bound]}"
    for rule in _EXACT:
        if old.get(rule) != new.get(rule):
            yield f"{place} has another {rule}: {new.get(rule)}"


def _compare_objects(old: _Side, new: _Side, place: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
    before, after = old.schema.get("properties", {}), new.schema.get("properties", {})
    required, now_required = set(old.schema.get("required", [])), set(new.schema.get("required", []))
    for name in before.keys() - after.keys():
        yield f"{place} has lost the field `{name}`"
    for name in sorted(now_required - required):
        yield f"{place} now requires the field `{name}`"
    for name in sorted((required - now_required) & after.keys()):
        yield f"{place} no longer promises the field `{name}`"
    for name in sorted(before.keys() & after.keys()):
        if "default" in before[name] and before[name]["default"] != after[name].get("default"):
            yield f"`{name}` has another default: {after[name].get('default')}"
        yield from _compare(old.at(before[name]), new.at(after[name]), f"`{name}`", seen)
    if ("items" in old.schema) != ("items" in new.schema):
        yield f"{place} has other items"
    elif "items" in old.schema:
        yield from _compare(old.at(old.schema["items"]), new.at(new.schema["items"]), f"an item of {place}", seen)

