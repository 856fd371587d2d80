"""The files of `schemas/` that are made: a JSON Schema a record, and the AsyncAPI document of all topics."""

from __future__ import annotations

import ast
import inspect
import itertools
import json
from typing import Any

import msgspec
import yaml

from streams import topics
from streams.contracts.headers import CloudEvent, DeadLetter
from streams.core.records import Alert, Article, Enriched, Incident, ReportedDevelopment, Subscription, Tick

RECORDS: dict[str, type[msgspec.Struct]] = {
    "article.v1.json": Article,
    "enriched.v1.json": Enriched,
    "development.v1.json": ReportedDevelopment,
    "incident.v1.json": Incident,
    "subscription.v1.json": Subscription,
    "alert.v1.json": Alert,
    "tick.v1.json": Tick,
    "dead-letter.v1.json": DeadLetter,
}
"""The schema files and the record that each describes. That of dead letters describes headers: their value is what came."""
OF_HEADERS = {"dead-letter.v1.json"}
ASYNCAPI = "asyncapi.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, str]:
    """The text of every file that is made, by its name in `schemas/`."""
    made = {name: json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n" for name in RECORDS}
    made[ASYNCAPI] = _HEAD + yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)
    return made


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the record in the file `name`, its descriptions taken from the docstrings."""
    record = RECORDS[name]
    _, definitions = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    for struct in _used(record):
        _describe(definitions[struct.__name__], struct)
    root: dict[str, Any] = definitions.pop(record.__name__)
    identity = {"$schema": DIALECT, "$id": f"urn:newsroom-streams:schema:{name.removesuffix('.json')}"}
    return identity | root | ({"$defs": definitions} if definitions else {})


def _used(record: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """The records inside `record`, at any depth."""
    found: list[type[msgspec.Struct]] = []

    def look(kind: Any) -> None:
        if isinstance(kind, msgspec.inspect.StructType):
            if kind.cls not in found:
                found.append(kind.cls)
                for item in kind.fields:
                    look(item.type)
        elif isinstance(kind, msgspec.inspect.UnionType):
            for one in kind.types:
                look(one)
        elif isinstance(kind, msgspec.inspect.ListType):
            look(kind.item_type)

    look(msgspec.inspect.type_info(record))
    return found


def _describe(schema: dict[str, Any], record: type[msgspec.Struct]) -> None:
    """Put the docstrings of the fields of `record` into its schema."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(record)}
    ours = [struct for struct in record.__mro__ if struct.__module__.startswith("streams.")]
    for name, text in itertools.chain.from_iterable(_field_docs(struct).items() for struct in ours):
        schema["properties"][names[name]].setdefault("description", text)


def _field_docs(struct: type) -> dict[str, str]:
    """The string that follows a field in the source; Python itself drops it."""
    (definition,) = ast.parse(inspect.getsource(struct)).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }


_HEAD = "# Made from topics.yml and the records by `python -m streams.contracts write`. Do not edit.\n"


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of every topic but those that hold the workers' own state."""
    described = [topic for topic in topics.described().values() if topic.schema]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Newsroom Streams",
            "version": "1.0.0",
            "description": "The topics of the newsroom: wire articles go in, tagged articles and conflict developments come out.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in described},
        "operations": {
            f"{action}.{topic.name}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "summary": f"{'Written' if action == 'send' else 'Read'} by {', '.join(who)}.",
            }
            for topic in described
            for action, who in (("send", topic.writers), ("receive", topic.readers))
        },
        "components": {"messages": {topic.name: _message(topic) for topic in described}},
    }


def _channel(topic: topics.Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.purpose,
        "messages": {"message": {"$ref": f"#/components/messages/{topic.name}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    name: [value] if name == "cleanup.policy" else value for name, value in topic.config.items()
                },
                "bindingVersion": "0.5.0",
            }
        },
    }  # fmt: skip


def _message(topic: topics.Topic) -> dict[str, Any]:
    reference = _schema_object({"$ref": f"./{topic.schema}"})
    message: dict[str, Any] = {"name": topic.name, "title": topic.purpose}
    if topic.schema in OF_HEADERS:
        message["headers"] = reference
    else:
        message["headers"] = _schema_object(_plain_schema(CloudEvent))
        message["contentType"] = "application/json"
        message["payload"] = reference
    message["bindings"] = {"kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": "0.5.0"}}
    return message


def _schema_object(body: dict[str, Any]) -> dict[str, Any]:
    return {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": body}


def _plain_schema(record: type[msgspec.Struct]) -> dict[str, Any]:
    """A schema small enough to stand inside the document."""
    _, definitions = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    _describe(definitions[record.__name__], record)
    body: dict[str, Any] = definitions[record.__name__]
    return body
