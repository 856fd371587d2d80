"""Every limit has its reason; every article comes back; nothing but `Rejected` comes out of any bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import MAX_BYTES, REASONS, Rejected, cloud_event_headers, decode, decode_article, encode
from streams.core.records import Article, Enriched, ReportedDevelopment, Tick
from streams.core.versions import NEVER
from streams.wire import strict_json

HONEST = {"id": "urn:example:1", "headline": "Shelling in the north", "body": "Two shells fell.\nNo one was hurt."}


def message(**fields: object) -> bytes:
    return json.dumps({**HONEST, **fields}).encode()


def rejection(value: bytes | None, **options: object) -> Rejected:
    with pytest.raises(Rejected) as caught:
        decode_article(value, **options)  # type: ignore[arg-type]
    assert caught.value.reason in REASONS
    return caught.value


def test_an_article_needs_an_id_and_a_text_only() -> None:
    assert decode_article(b'{"id": "a", "headline": "h"}') == Article(id="a", headline="h")
    assert decode_article(b'{"id": "a", "body": "b", "of": "another time"}') == Article(id="a", body="b")
    assert decode_article(b"\xef\xbb\xbf" + message()) == Article(**HONEST)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "reason", "said"),
    [
        (None, "no-value", "tombstone"),
        (b"", "empty-message", "empty"),
        (b" \r\n", "empty-message", "empty"),
        (b'{"id": "\xff"}', "not-utf8", "byte 8"),
        (b'{"id": "\xed\xa0\x80"}', "not-utf8", "byte 8"),
        (json.dumps(HONEST).encode("utf-16"), "not-utf8", "byte 0"),
        (b'{"id": "a\0"}', "null-character", "byte 9"),
        (b'{"id": "a", "body": "b\\u0000"}', "null-character", "U+0000"),
        (b'{"id": "a", "body": "\\ud83d"}', "lone-surrogate", "column"),
        (b'{"id": "a", "body": "\\ude00\\ud83d"}', "lone-surrogate", "column"),
        (b"[" * MAX_BYTES, "too-many-values", "20,000"),
        (b"[" * 2000, "too-deep", "64"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too-deep", "64"),
        (b"[" + b"[]," * 20_000 + b"[]]", "too-many-values", "20,000"),
        (b'"' * MAX_BYTES, "too-many-values", "20,000"),
        (message(version=int("9" * 65)), "long-number", "64"),
        (b'{"id": "a", "urgency": NaN}', "not-a-number", "column"),
        (b'{"id": "a", "urgency": -Infinity}', "not-a-number", "column"),
        (b'{"id": "a", "urgency": 1e999}', "not-a-number", "infinity"),
        (b'{"id": "a", "id": "b", "body": "c"}', "duplicate-key", "`id`"),
        (b'{"id": "a", "body": "c", "more": [{"x": {"y\\"": 1, "y\\"": 1}}]}', "duplicate-key", '`y"`'),
        (b'{"id": "a"', "invalid-json", "column"),
        (b'{"id": "a"}{"id": "b"}', "invalid-json", "after document"),
        (b"<newsMessage/>", "invalid-json", "column 1"),
        (b'{"headline": "h"}', "unknown-format", "`id`"),
        (b'["id"]', "unknown-format", "`id`"),
        (b'"id"', "unknown-format", "`id`"),
        (b'{"id": "a"}', "empty-article", "`headline`"),
        (message(headline=" ", body="\n"), "empty-article", "`headline`"),
        (message(id="  "), "empty-article", "`id`"),
        (message(id=""), "invalid-field", "`id`"),
        (message(id="x" * 513), "invalid-field", "`id`"),
        (message(version="1"), "invalid-field", "`version`"),
        (message(version=0), "invalid-field", "`version`"),
        (message(version=10**40), "invalid-field", "`version`"),
        (message(urgency=10), "invalid-field", "`urgency`"),
        (message(status="x" * 1000), "invalid-field", "`status`"),
        (message(subjects=["a", 1]), "invalid-field", "`subjects[1]`"),
        (message(language="in the tongue of Paris"), "invalid-field", "`language`"),
        (message(published="yesterday"), "bad-time", "`published`"),
        (message(published="2025-10-22T09:40:00"), "bad-time", "offset"),
        (message(updated="0001-01-01T00:00:00+14:00"), "bad-time", "`updated`"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_rejected_with_its_reason(value: bytes | None, reason: str, said: str) -> None:
    rejected = rejection(value)
    assert rejected.reason == reason
    assert said in rejected.message
    assert len(rejected.message) < 300 and rejected.message.isprintable()


@pytest.mark.parametrize(
    "embargoed", ["tomorrow", "2025-10-22", "2025-10-22T09:40:00", 20251022, "", False, "9999-12-31T23:59:59-14:00", "1799-01-01T00:00:00Z"]
)
def test_an_embargo_that_cannot_be_read_never_ends(embargoed: object) -> None:
    assert decode_article(message(embargoed=embargoed)).embargoed == NEVER


def test_an_embargo_is_read_and_null_is_none() -> None:
    assert decode_article(message(embargoed="2025-10-22T09:40:00+02:00")).embargoed == datetime(2025, 10, 22, 7, 40, tzinfo=UTC)
    assert decode_article(message(embargoed=None)).embargoed is None


@pytest.mark.parametrize("kill", [{"status": "canceled"}, {"signal": "kill"}])
def test_a_kill_needs_no_text(kill: dict[str, str]) -> None:
    assert decode_article(message(headline="", body="", **kill)).headline == ""


def test_the_size_limit_is_the_callers() -> None:
    assert decode_article(message(), max_bytes=len(message())).id == HONEST["id"]
    assert rejection(message(), max_bytes=len(message()) - 1).reason == "too-large"
    assert rejection(b"x" * (MAX_BYTES + 1)).reason == "too-large"


def test_a_structured_cloud_event_is_not_taken_for_an_article() -> None:
    assert rejection(message(), headers=[("Content-Type", b"application/cloudevents+json")]).reason == "unknown-format"
    assert decode_article(message(), [("content-type", b"application/json")]).id == HONEST["id"]


def test_what_only_looks_dangerous_passes() -> None:
    body = '{"a": [[[ "a": NaN \\ud800 \\u0000 \\" ' + "9" * 99 + "[" * 99 + " 😀 \\\\"
    assert decode_article(message(body=body, id="a\\")).body == body
    assert decode_article(json.dumps({**HONEST, "body": body}, ensure_ascii=False).encode()).body == body
    deep = b'{"id": "a", "body": "b", "x": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert decode_article(deep).id == "a"
    assert decode_article(message(x=[0] * 19_990)).id == HONEST["id"]


def test_a_rejection_does_not_quote_long_text() -> None:
    secret = "the minister said " * 50
    twice = f'{{"id": "a", "{secret}": 1, "{secret}": 2}}'.encode()
    for value in (message(status=secret), message(published=secret), twice):
        assert secret[:60] not in str(rejection(value))


offsets = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(min_value=datetime(1801, 1, 1), max_value=datetime(2199, 1, 1), timezones=offsets)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
articles = st.builds(
    Article,
    id=texts.filter(str.strip).map(lambda s: s[:512]).filter(str.strip),
    version=st.integers(1, 2**53 - 1),
    published=st.none() | instants,
    updated=st.none() | instants,
    received=st.none() | instants,
    source=st.none() | texts,
    language=st.none() | st.sampled_from(["fr", "pt-BR", "zh-Hant-TW", "en_GB"]),
    headline=texts.filter(str.strip),
    body=texts,
    byline=st.none() | texts,
    dateline=st.none() | texts,
    urgency=st.none() | st.integers(1, 9),
    status=st.sampled_from(["usable", "withheld", "canceled"]),
    signal=st.none() | texts,
    embargoed=st.none() | instants,
    subjects=st.lists(texts, max_size=3),
    format=texts,
)


@given(articles)
def test_any_article_comes_back_the_same(article: Article) -> None:
    data = encode(article)
    assert decode_article(data) == article
    assert decode(data, Article) == article
    assert encode(decode(data, Article)) == data


def is_read_or_rejected(value: bytes) -> None:
    try:
        assert isinstance(decode_article(value), Article)
    except Rejected as rejected:
        assert rejected.reason in REASONS and len(rejected.message) < 400


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\u0d8aeE+-.19NaIn \n\0é', max_size=80).map(lambda s: s.encode()))
def test_any_bytes_are_read_or_rejected(value: bytes) -> None:
    is_read_or_rejected(value)


@given(articles, st.data())
def test_a_damaged_article_is_read_or_rejected(article: Article, data: st.DataObject) -> None:
    value = bytearray(encode(article))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(value) - 1))
        value[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    is_read_or_rejected(bytes(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from([*Article.__struct_fields__, "uri", "other"]), json_values)
def test_any_value_in_any_field_is_read_or_rejected(name: str, value: object) -> None:
    is_read_or_rejected(message(**{name: value}))


@given(json_values, st.booleans())
def test_strict_json_reads_what_json_writes(document: object, ascii_only: bool) -> None:
    assert strict_json.loads(json.dumps(document, ensure_ascii=ascii_only).encode()) == json.loads(json.dumps(document))


def test_decode_names_the_record_and_the_field() -> None:
    with pytest.raises(Rejected, match=r"invalid-field: Article: `urgency`"):
        decode(b'{"id": "a", "urgency": 0}', Article)
    with pytest.raises(Rejected, match=r"missing-field: Article: `id`"):
        decode(b"{}", Article)
    with pytest.raises(Rejected, match="invalid-json: Article"):
        decode(b"{", Article)


ENRICHED = Enriched(id="urn:example:é", version=2, headline="h", fingerprint="f", tagger="0.1.0")
DEVELOPMENT = ReportedDevelopment(
    id="d1", type="clash", family="violence", plover="ASSAULT", field="body", start=0, end=5, text="clash", rule="r", article="a", version=3
)
TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_cloud_event_headers_are_those_of_binary_mode() -> None:
    time = datetime(2025, 10, 22, 9, 40, tzinfo=UTC)
    headers = dict(cloud_event_headers(DEVELOPMENT, "/newsroom/tagger", time, TRACE))
    assert headers == {
        "ce_specversion": b"1.0", "ce_id": b"d1:3", "ce_type": b"newsroom.development.v1", "ce_source": b"/newsroom/tagger",
        "ce_time": b"2025-10-22T09:40:00Z", "content-type": b"application/json", "traceparent": TRACE,
    }  # fmt: skip
    assert {"ce_time", "traceparent"}.isdisjoint(dict(cloud_event_headers(DEVELOPMENT, "/x", None, b"no trace")))


def test_the_event_id_repeats_with_the_record_and_changes_with_what_it_says() -> None:
    def event_id(record: Enriched | ReportedDevelopment) -> bytes:
        return dict(cloud_event_headers(record, "/x", None, None))["ce_id"]

    assert event_id(ENRICHED) == event_id(decode(encode(ENRICHED), Enriched))
    assert event_id(ENRICHED).startswith("urn:example:é:2:".encode())
    retracted = decode(encode(DEVELOPMENT).replace(b'"retracted":false', b'"retracted":true'), ReportedDevelopment)
    others = [decode(encode(ENRICHED).replace(b'"headline":"h"', b'"headline":"i"'), Enriched), DEVELOPMENT, retracted]
    assert len({event_id(record) for record in [ENRICHED, *others]}) == 4


def test_the_event_id_ends_no_header_whatever_the_id_of_the_article() -> None:
    hostile = decode(encode(ENRICHED), Enriched)
    hostile = msgspec.structs.replace(hostile, id="a\r\nx-injected: 1\x1b[2J\u202e\x85")
    event_id = dict(cloud_event_headers(hostile, "/x", None, None))["ce_id"].decode()
    assert event_id.isprintable()
    assert event_id.startswith("a%0D%0Ax-injected: 1%1B[2J%E2%80%AE%C2%85:2:")


def test_bytes_that_are_no_text_in_a_field_that_nobody_knows_are_no_record() -> None:
    """Whoever hands the bytes on, such as the webhook that signs them, would stumble over them later."""
    good = encode(Tick(reason="alerts"))
    assert decode(good.replace(b"{", b'{"unknown":"x",', 1), Tick) == Tick(reason="alerts")
    with pytest.raises(Rejected) as caught:
        decode(good.replace(b"{", b'{"unknown":"\xff",', 1), Tick)
    assert caught.value.reason == "invalid-json"
