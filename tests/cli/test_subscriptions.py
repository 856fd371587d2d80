"""Subscriptions from files to the topic and back, and what they would have been sent."""

import json
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from streams import topics
from streams.cli import topic_io
from streams.cli.subscription_files import Invalid, parse
from streams.codec import decode, encode
from streams.core.records import QuietHours, Subscription
from streams.settings import Settings
from tests.cli.conftest import invoke
from tests.core.test_replay import incident

FULL = """
id: desk-kyiv
name: Київ
types: [drone_strike]
families: [territory]
countries:
  - UKR
near:
  - {lat: 50.45, lon: 30.52, radius_km: 100, name: Kyiv}
severity: Moderate
independent_sources: 2
expected: true
cooldown_seconds: 900
quiet:
  start: 22:00
  end: 06:30
  zone: Europe/Kyiv
language: uk
"""


def on_topic(environment, topic=topics.SUBSCRIPTIONS):
    return topic_io.read_all(Settings.from_env(environment), topic)


def put(environment, text, *arguments):
    return invoke("subscriptions", "put", "-", *arguments, settings=environment, input=text)


def faults(text):
    with pytest.raises(Invalid) as error:
        parse(text.encode())
    return [(fault.document, fault.line, fault.text) for fault in error.value.faults]


def test_a_time_of_day_needs_no_quotation_marks_and_norway_is_a_word():
    (found,) = parse(FULL.encode())
    assert found.quiet == QuietHours("22:00", "06:30", "Europe/Kyiv") and found.expected and found.near[0].radius_km == 100
    assert parse(b"id: a\nwords: [no, 1.5, 2025-10-22, ~]\n")[0].words == ["no", "1.5", "2025-10-22", "~"]


def test_what_is_in_force_lies_on_the_topic_under_its_id(topic_settings):
    result = put(topic_settings, FULL + "---\nid: all\n")
    assert (result.exit_code, result.stdout) == (0, "desk-kyiv is in force\nall is in force\n")
    first, second = on_topic(topic_settings)
    assert (first.key, second.key) == (b"desk-kyiv", b"all")
    assert decode(second.value, Subscription) == Subscription(id="all")
    headers = dict(first.headers)
    assert (headers["ce_type"], headers["ce_source"]) == (b"newsroom.subscription.v1", b"/newsroom/subscriptions")


@pytest.mark.parametrize(
    ("text", "document", "line", "said"),
    [
        ("id: a\ntypes: [drone_strik]\n", 1, 2, "types[0]: 'drone_strik' is not allowed; did you mean drone_strike?"),
        ("id: a\nseverity: Bad\n", 1, 2, "severity: 'Bad' is not allowed; allowed: Extreme, "),
        ("id: a\n\ncountry: [UKR]\n", 1, 3, "country: this is no field; did you mean countries?"),
        ("id: a\nquiet: {start: '22:00', end: '06:00'}\n", 1, 2, "quiet: `zone` is missing"),
        ("id: a\nquiet:\n  start: 22:00\n  end: 25:00\n  zone: UTC\n", 1, 4, "quiet.end: '25:00': expected `str` matching"),
        ("id: a\nquiet:\n  start: 22:00\n  end: 06:00\n  zone: Mars\n", 1, 5, "quiet.zone: 'Mars' is no time zone"),
        ("id: a\nquiet:\n  form: 22:00\n", 1, 3, "quiet.form: this is no field; allowed: start, end, zone"),
        ("id: a\nnear:\n- lat: 1\n  lon: 1\n  radius: 5\n", 1, 5, "near[0].radius: this is no field; did you mean radius_km?"),
        ("id: a\nnear:\n- lat: 91\n  lon: 1\n  radius_km: 5\n", 1, 3, "near[0].lat: '91': expected `float` <= 90"),
        ("id: a\n---\nid: b\ncountries:\n- UKR\n- UKX\n", 2, 6, "countries[1]: UKX is no country"),
        ("id: a\ncountries: UKR\n", 1, 2, "countries: 'UKR': expected `array`, got `str`; write [a, b]"),
        ("name: a\n", 1, 1, "`id` is missing"),
        ("id: Desk Kyiv\n", 1, 1, "id: 'Desk Kyiv': expected `str` matching"),
        ("id: a\nwords: [x]\nwords: [y]\n", 1, 3, "`words` stands here twice"),
        ("id: a\n---\nid: a\n", 2, 3, "id: a stands in this file twice"),
        ("- a\n- b\n", 1, 1, "expected `object`, got `array`"),
        ("just a word\n", 1, 1, "'just a word': expected `object`, got `str`"),
        ("id: a\ncountries: [UKR\n", 0, 3, "this is no YAML that can be used: "),
        ("id: a\n\tname: b\n", 0, 2, "this is no YAML that can be used: "),
        ("id: \x00\n", 0, 1, "this is no YAML that can be used: "),
        ("id: a\nwords: &w [*w]\n", 1, 2, "this is no YAML that can be used: "),
        ("? [a, b]\n: c\n", 1, 1, "this is no YAML that can be used: "),
        ("", 1, 1, "there is no subscription here"),
    ],
)
def test_a_fault_is_named_with_document_line_path_and_cure(text, document, line, said):
    found = faults(text)
    assert found[0][:2] == (document, line), found
    assert found[0][2].startswith(said), found


def test_every_document_is_looked_at():
    assert [document for document, _, _ in faults("id: a\nx: 1\n---\nid: b\n---\nid: c\ncountries: [AAA, BBB]\n")] == [1, 3, 3]


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_way(data):
    try:
        parse(data)
    except Invalid as error:
        assert error.faults


NAMES = [*Subscription.__struct_fields__, "lat", "zone", "x", ""]


@given(st.recursive(
    st.text(max_size=5) | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
))  # fmt: skip
def test_no_document_ends_in_another_way(document):
    try:
        parse(yaml.safe_dump(document).encode())
    except Invalid as error:
        assert all(fault.text and fault.line for fault in error.faults)


def test_nothing_of_a_file_with_a_fault_is_sent(tmp_path, topic_settings):
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text("id: good\n")
    bad.write_text("id: half\n---\nid: other\ncountries: [NOPE]\n")
    result = invoke("subscriptions", "put", str(bad), str(good), settings=topic_settings)
    assert result.exit_code == 1 and result.stdout == "good is in force\n"
    assert f"{bad}:4: document 2: countries[0]: 'NOPE'" in result.stderr and "1 of 2 files refused" in result.stderr
    assert [record.key for record in on_topic(topic_settings)] == [b"good"]


def test_a_file_that_is_not_there_is_usage():
    assert invoke("subscriptions", "put", "nowhere.yml").exit_code == 2


def test_the_last_of_an_id_is_listed(topic_settings):
    put(topic_settings, "id: b\n---\nid: a\nname: old\n")
    put(topic_settings, FULL + "---\nid: a\nname: new\n")
    lines = [line.rstrip() for line in invoke("subscriptions", "list", settings=topic_settings).stdout.splitlines()]
    assert [line.split()[0] for line in lines[:4]] == ["id", "a", "b", "desk-kyiv"]
    assert "new" in lines[1] and "everything" in lines[2] and "Київ" in lines[3]
    as_json = invoke("subscriptions", "list", "--json", settings=topic_settings)
    assert [json.loads(line)["id"] for line in as_json.stdout.splitlines()] == ["a", "b", "desk-kyiv"]
    assert as_json.stdout.count("\n") == 3


def test_what_is_shown_can_be_put_again(topic_settings):
    put(topic_settings, FULL)
    shown = invoke("subscriptions", "show", "desk-kyiv", settings=topic_settings).stdout
    assert parse(shown.encode()) == parse(FULL.encode())
    assert "words" not in shown
    as_json = invoke("subscriptions", "show", "desk-kyiv", "--json", settings=topic_settings).stdout
    assert decode(as_json.encode(), Subscription) == parse(FULL.encode())[0]


def test_what_is_deleted_is_gone(topic_settings):
    put(topic_settings, "id: a\n---\nid: b\n")
    assert invoke("subscriptions", "delete", "a", settings=topic_settings, input="n\n").exit_code == 1
    assert len(on_topic(topic_settings)) == 2
    result = invoke("subscriptions", "delete", "a", "--yes", settings=topic_settings)
    assert (result.exit_code, result.stdout) == (0, "a is deleted\n")
    last = on_topic(topic_settings)[-1]
    assert (last.key, last.value) == (b"a", None)
    again = invoke("subscriptions", "delete", "a", "--yes", settings=topic_settings)
    assert again.exit_code == 1 and "there is no subscription a" in again.stderr


def test_what_is_no_subscription_on_the_topic_is_named_and_changes_nothing(topic_settings):
    put(topic_settings, "id: a\nname: good\n")
    settings = Settings.from_env(topic_settings)
    with topic_io.Publisher(settings) as publisher:
        for key, value in ((b"broken\x1b[2J", b"{}"), (b"a", b'{"id": "b"}'), (b"a", b'{"id": "a", "countries": ["XXY"]}')):
            publisher.send(settings.topic(topics.SUBSCRIPTIONS), key, value)
    result = invoke("subscriptions", "list", "--json", settings=topic_settings)
    assert [json.loads(line)["name"] for line in result.stdout.splitlines()] == ["good"]
    assert "broken" in result.stderr and "\x1b" not in result.stderr and "XXY is no country" in result.stderr
    assert result.stderr.count("stays in force") == 3


@pytest.fixture
def happened(topic_settings):
    """One incident that is told, grows worse and is retracted, and another."""
    settings = Settings.from_env(topic_settings)
    worse = incident(severity="Extreme")
    for one in (incident(), worse, incident(id="i2"), incident(severity="Extreme", retracted=True, reports=[])):
        with topic_io.Publisher(settings) as publisher:
            publisher.send(settings.topic(topics.INCIDENTS), one.id.encode(), encode(one))
    return topic_settings


def tried(environment, text, *arguments):
    return invoke("subscriptions", "test", "-", *arguments, settings=environment, input=text)


def test_what_would_have_been_sent(happened):
    result = tried(happened, "id: desk\ncountries: [SDN]\n", "--from", "2026-01-01", "--json")
    assert result.exit_code == 0
    told = [(one["incident"], one["msg_type"]) for one in map(json.loads, result.stdout.splitlines())]
    assert sorted(told) == [("i1", "alert"), ("i1", "cancel"), ("i1", "update"), ("i2", "alert")]
    assert "2 incidents in 4 records" in result.stderr and "2 alert, 1 update, 1 cancel" in result.stderr


def test_what_would_have_been_sent_as_a_person_reads_it(happened):
    result = tried(happened, "id: desk\n", "--from", "2026-01-01")
    assert "● alert" in result.stdout and "✗ cancel" in result.stdout and "“A drone fired”" in result.stdout


def test_what_still_waits_is_said(happened):
    result = tried(happened, "id: desk\ndigest_seconds: 604800\n", "--from", "2026-01-01", "--json")
    assert [json.loads(line)["incident"] for line in result.stdout.splitlines()] == ["i2"]
    assert "1 alert, 0 update, 0 cancel; 1 of them still waits" in result.stderr


def test_what_does_not_match_would_not_have_been_sent(happened):
    result = tried(happened, "id: desk\ncountries: [UKR]\n", "--from", "2026-01-01")
    assert result.stdout == "" and "0 alert, 0 update, 0 cancel" in result.stderr


def test_what_happened_before_is_left_out(happened):
    result = tried(happened, "id: desk\n", "--from", datetime.now(UTC).replace(year=2199).isoformat())
    assert "0 incidents in 0 records" in result.stderr


def test_testing_sends_nothing(happened):
    tried(happened, "id: desk\n", "--from", "2026-01-01")
    assert on_topic(happened) == [] and on_topic(happened, topics.ALERTS) == []


def test_what_is_invalid_is_not_tried(topic_settings):
    result = tried(topic_settings, "id: desk\ncountries: [XXY]\n", "--from", "2026-01-01")
    assert result.exit_code == 1 and "-:2: document 1: countries[0]: XXY" in result.stderr


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", ""])
def test_a_date_must_be_one(since):
    assert tried({}, "id: desk\n", "--from", since).exit_code == 2


@pytest.mark.parametrize("command", ["put", "list", "show", "delete", "test"])
def test_help_teaches_by_example(command):
    result = invoke("subscriptions", command, "--help")
    assert result.exit_code == 0 and f"newsroom subscriptions {command}" in result.stdout and "Example" in result.stdout
