"""The contracts hold together: topics, schemas, examples and code name each other, and none of them changes under its readers."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

import streams
from streams import topics
from streams.cli.root import COMMANDS
from streams.codec import Rejected, cloud_event_headers, decode, decode_article, encode
from streams.contracts import __main__ as command
from streams.contracts import generate
from streams.contracts.compatible import breaks
from streams.contracts.headers import CloudEvent, DeadLetter
from streams.core.records import Enriched, ReportedDevelopment
from streams.delivery import Incoming, dead_letter

SCHEMAS = topics.DIRECTORY
CODE = Path(streams.__file__).parent
TOPICS = topics.described()
EXAMPLES = [(topic, example) for topic in TOPICS.values() for example in topic.examples]


def load(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_files_are_those_of_the_records_and_topics() -> None:
    assert command.problems(SCHEMAS) == []


def test_every_topic_has_a_schema_and_examples() -> None:
    shown = {name: topic for name, topic in TOPICS.items() if topic.schema or not name.startswith("newsroom.state.")}
    assert {name for name, topic in shown.items() if topic.schema not in generate.RECORDS or not topic.examples} == set()


def test_no_file_is_an_orphan() -> None:
    named = {topic.schema for topic in TOPICS.values() if topic.schema}
    named |= {example for topic in TOPICS.values() for example in topic.examples}
    there = {path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*") if path.is_file()}
    assert there - named == {"topics.yml", generate.ASYNCAPI}
    assert named - there == set()
    assert set(generate.RECORDS) <= named


@pytest.mark.parametrize(("topic", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_each_example_is_valid_and_can_be_read(topic: topics.Topic, example: str) -> None:
    assert topic.schema is not None
    validator(load(topic.schema)).validate(load(example))
    data = (SCHEMAS / example).read_bytes()
    if topic.name == topics.WIRE:
        decode_article(data)
    else:
        record = decode(data, generate.RECORDS[topic.schema])
        validator(load(topic.schema)).validate(json.loads(encode(record)))


def test_the_offsets_in_the_examples_are_those_of_the_text() -> None:
    article = decode((SCHEMAS / "examples/enriched.json").read_bytes(), Enriched)
    assert {development.type for development in article.developments} == {"drone_strike", "infrastructure_damage", "casualties"}
    for development in article.developments:
        assert article.body[development.start : development.end] == development.text
    furniture = [article.body[span.start : span.end] for span in article.boilerplate]
    assert furniture == ["KHARKIV, 22 octobre (Atlantique) -", "Abonnez-vous à notre lettre du matin."]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("article.v1.json", {"headline": "no id"}),
        ("article.v1.json", {"id": "a", "urgency": 10}),
        ("article.v1.json", {"id": "a", "status": "cancelled"}),
        ("article.v1.json", {"id": "a", "body": None}),
        ("enriched.v1.json", {"id": "a", "boilerplate": [{"start": -1, "end": 2, "class": "newsletter", "rule": "r"}]}),
    ],
)
def test_the_schema_and_the_codec_refuse_the_same(name: str, bad: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(load(name)).validate(bad)
    with pytest.raises(Rejected):
        decode(json.dumps(bad).encode(), generate.RECORDS[name])


def test_the_headers_are_those_that_the_code_writes() -> None:
    message = Incoming("wire.articles.v1", 2, 7, -1, b"key", b"{", [("traceparent", b"as it came")])
    letter = dead_letter(message, topics.DEAD_LETTERS, reason="invalid-json", detail="line 1", stage="decode")
    written = {name: value.decode() for name, value in letter.headers if name.startswith("dlq.")}
    validator(load("dead-letter.v1.json")).validate(written)
    assert set(written) == {field.encode_name for field in msgspec.structs.fields(DeadLetter)}

    record = decode((SCHEMAS / "examples/development.json").read_bytes(), ReportedDevelopment)
    trace = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    event = {name: value.decode() for name, value in cloud_event_headers(record, "/newsroom", record.published, trace)}
    message_schema = yaml.safe_load((SCHEMAS / generate.ASYNCAPI).read_text())["components"]["messages"][topics.DEVELOPMENTS]
    validator(message_schema["headers"]["schema"]).validate(event)
    assert set(event) == {field.encode_name for field in msgspec.structs.fields(CloudEvent)}


def test_every_topic_is_named_by_code_that_uses_it() -> None:
    constants = {value: name for name, value in vars(topics).items() if isinstance(value, str) and name.isupper()}
    assert set(TOPICS) == {value for value in constants if re.search(r"\.v\d+$", value)}
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path in CODE.rglob("*.py")
        if path != CODE / "topics.py" and "contracts" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert {name for name in TOPICS if constants[name] not in used} == set()


@pytest.mark.parametrize("topic", TOPICS.values(), ids=list(TOPICS))
def test_writers_and_readers_are_there(topic: topics.Topic) -> None:
    assert topic.writers and topic.readers
    for who in [*topic.writers, *topic.readers]:
        if who.startswith("newsroom "):
            assert who.removeprefix("newsroom ") in COMMANDS
        elif "/" in who:
            assert (CODE.parent / who).is_file(), who
        else:
            assert who == "wire connectors"


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load((SCHEMAS / generate.ASYNCAPI).read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    shown = {name for name, topic in TOPICS.items() if topic.schema}
    assert set(document["channels"]) == shown
    references = re.findall(r"\$ref': '([^']+)'", str(document))
    assert len(references) == 4 * len(shown)  # a message and a schema a channel, a channel an operation
    for reference in references:
        if reference.startswith("./"):
            assert (SCHEMAS / reference).is_file()
        else:
            holder: Any = document
            for part in reference.removeprefix("#/").split("/"):
                holder = holder[part]


OLD = generate.schema("enriched.v1.json")


def test_a_schema_may_replace_itself() -> None:
    for name in generate.RECORDS:
        assert breaks(generate.schema(name), generate.schema(name)) == []


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    change(new)
    return new


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["properties"].update(new={"type": "string", "default": ""}),
        lambda s: s["properties"]["status"]["enum"].append("replaced"),
        lambda s: s["properties"]["id"].update(maxLength=1024),
        lambda s: s["properties"]["urgency"]["anyOf"][0].update(maximum=10),
        lambda s: s["properties"]["body"].update(description="said otherwise"),
        lambda s: s["$defs"]["Development"]["properties"].update(new={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ],
)
def test_what_readers_and_writers_can_live_with_is_compatible(change: Callable[[dict[str, Any]], Any]) -> None:
    assert breaks(OLD, changed(change)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["properties"].pop("byline"), "the record has lost the field `byline`"),
        (lambda s: s["properties"]["version"].update(type="string"), "`version` may no longer be of type integer"),
        (lambda s: s["properties"]["source"].update(anyOf=[{"type": "string"}]), "`source` may no longer be of type null"),
        (lambda s: s["properties"].update(body={"anyOf": [{"type": "string"}, {"type": "null"}]}), "`body` may now be of type null"),
        (lambda s: s["properties"]["status"]["enum"].remove("withheld"), "`status` has lost the value 'withheld'"),
        (lambda s: s["properties"].update(coverage={"type": "string"}), "`coverage` is no longer an enumeration"),
        (lambda s: s["required"].append("published"), "the record now requires the field `published`"),
        (lambda s: s.update(required=[]), "the record no longer promises the field `id`"),
        (lambda s: s["properties"]["id"].update(maxLength=100), "`id` has a lower maxLength"),
        (lambda s: s["properties"]["version"].update(minimum=2), "`version` has a higher minimum"),
        (lambda s: s["properties"]["version"].update(default=0), "`version` has another default"),
        (lambda s: s["properties"]["headline"].update(pattern="^[A-Z]"), "`headline` has another pattern"),
        (lambda s: s["properties"]["published"]["anyOf"][0].pop("format"), "`published` has another format"),
        (lambda s: s["properties"]["subjects"]["items"].update(type="integer"), "an item of `subjects` may no longer be of type string"),
        (lambda s: s["$defs"]["Boilerplate"]["properties"].pop("class"), "an item of `boilerplate` has lost the field `class`"),
        (lambda s: s["$defs"]["Place"]["properties"].pop("lat"), "`place` has lost the field `lat`"),
        (lambda s: s["$defs"]["Development"]["properties"]["type"]["enum"].remove("coup"), "`type` has lost the value 'coup'"),
        (lambda s: s.update(additionalProperties=False), "the record has another additionalProperties"),
    ],
)  # fmt: skip
def test_what_breaks_them_is_said(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    assert any(said in broken for broken in breaks(OLD, changed(change))), breaks(OLD, changed(change))


def test_write_leaves_a_schema_that_would_break_and_check_says_so(tmp_path: Path) -> None:
    assert command.write(tmp_path) == [] and command.problems(tmp_path) == []
    promised = load("article.v1.json")
    promised["properties"]["mood"] = {"type": "string"}
    (tmp_path / "article.v1.json").write_text(json.dumps(promised))
    (tmp_path / "enriched.v1.json").unlink()
    assert command.problems(tmp_path) == [
        "schemas/article.v1.json is stale; run `python -m streams.contracts write`",
        "schemas/article.v1.json: the record has lost the field `mood`; keep it, or give the record a new version",
        "schemas/enriched.v1.json is missing; run `python -m streams.contracts write`",
    ]
    assert len(command.write(tmp_path)) == 1
    assert json.loads((tmp_path / "article.v1.json").read_text()) == promised
    assert (tmp_path / "enriched.v1.json").exists()


def test_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["check"]) == 0
    assert command.main(["--help"]) == 0 and "example:" in capsys.readouterr().err
    assert command.main(["guess"]) == 2
