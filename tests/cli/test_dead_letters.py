"""Dead letters on a broker: listed, shown, and sent once more as they came."""

import json

import pytest

from streams import topics
from streams.cli import topic_io
from streams.cli.letters import DeadLetter
from streams.codec import decode
from streams.core.records import Tick
from streams.delivery import Incoming, dead_letter
from streams.settings import Settings
from tests.cli.conftest import invoke

FORGED = ("dlq.topic", b"elsewhere")
CAME = [
    (b"k1", b'{"id": ', "invalid-json", [("traceparent", b"00-1"), ("traceparent", b"00-2")]),
    (b"\xff", b"\xff\xfe", "not-utf8", []),
    (None, b"{}", "unknown-format", [FORGED]),
]


@pytest.fixture
def letters(topic_settings):
    settings = Settings.from_env(topic_settings)
    wire, target = settings.topic(topics.WIRE), settings.topic(topics.DEAD_LETTERS)
    with topic_io.Publisher(settings) as publisher:
        for offset, (key, value, reason, headers) in enumerate(CAME):
            came = Incoming(wire, 3, 40 + offset, 1_760_000_000_000, key, value, headers)
            out = dead_letter(came, target, reason=reason, detail=f"what is wrong with {reason}", stage="decode")
            publisher.send(out.topic, out.key, out.value, out.headers)
    return topic_settings


def replayed(environment):
    messages = topic_io.read_all(Settings.from_env(environment), topics.WIRE)
    return [(message.key, message.value, list(message.headers)) for message in messages]


def test_a_list_names_place_reason_and_origin(letters):
    result = invoke("dead-letters", "list", settings=letters)
    prefix = letters["NEWSROOM_TOPIC_PREFIX"]
    assert result.stdout.splitlines()[0] == f"0:0  invalid-json  {prefix}wire.articles.v1 3:40  k1  what is wrong with invalid-json"
    assert result.stderr == "3 dead letters, 1 invalid-json, 1 not-utf8, 1 unknown-format\n"


def test_a_list_of_one_reason_as_json_keeps_every_byte(letters):
    result = invoke("dead-letters", "list", "--reason", "not-utf8", "--json", settings=letters)
    (letter,) = map(json.loads, result.stdout.splitlines())
    assert (letter["key"], letter["value"]) == ({"base64": "/w=="}, {"base64": "//4="})


def test_an_empty_list_ends(topic_settings):
    result = invoke("dead-letters", "list", settings=topic_settings)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 dead letters\n")


def test_one_is_shown_whole(letters):
    result = invoke("dead-letters", "show", "0:0", settings=letters)
    assert '{"id":' in result.stdout and "traceparent: 00-2" in result.stdout and "what is wrong with invalid-json" in result.stdout


@pytest.mark.parametrize("place", ["7", "0:3", "9:0"])
def test_one_that_is_not_there_is_named(letters, place):
    result = invoke("dead-letters", "show", place, settings=letters)
    assert result.exit_code == 1 and "no dead letter at" in result.stderr


def test_replay_sends_key_value_and_headers_as_they_came(letters):
    result = invoke("dead-letters", "replay", "0:0", "--yes", settings=letters)
    assert (result.exit_code, result.stderr) == (0, "1 replayed and acknowledged\n")
    assert replayed(letters) == [(b"k1", b'{"id": ', [("traceparent", b"00-1"), ("traceparent", b"00-2")])]


def test_replay_by_reason_and_of_all(letters):
    invoke("dead-letters", "replay", "--reason", "not-utf8", "--yes", settings=letters)
    assert [value for _, value, _ in replayed(letters)] == [b"\xff\xfe"]
    invoke("dead-letters", "replay", "--all", "--yes", settings=letters)
    assert len(replayed(letters)) == 4


def test_what_came_in_cannot_say_where_it_goes(letters):
    invoke("dead-letters", "replay", "0:2", "--yes", settings=letters)
    assert replayed(letters) == [(None, b"{}", [])]


def test_replay_asks_first_and_takes_no_for_an_answer(letters):
    refused = invoke("dead-letters", "replay", "--all", settings=letters, input="n\n")
    assert refused.exit_code == 1 and "send 3 dead letters" in refused.stderr
    assert replayed(letters) == []
    assert invoke("dead-letters", "replay", "0:0", settings=letters, input="y\n").exit_code == 0
    assert len(replayed(letters)) == 1


def test_replay_of_what_is_not_there_sends_nothing(letters):
    result = invoke("dead-letters", "replay", "0:0", "0:99", "--yes", settings=letters)
    assert result.exit_code == 1 and "0:99" in result.stderr
    assert replayed(letters) == []


def test_resume_tells_every_partition_and_how_much_was_put_aside(letters):
    result = invoke("dead-letters", "resume", settings=letters)
    assert result.exit_code == 0 and "3 dead letters so far" in result.stderr
    ticks = topic_io.read_all(Settings.from_env(letters), topics.TICKS)
    assert {tick.partition for tick in ticks} == set(range(topics.described()[topics.TICKS].partitions))
    assert {decode(tick.value, Tick).reason for tick in ticks} == {"resume"}


@pytest.mark.parametrize("arguments", [[], ["0:0", "--all"], ["--reason", "x", "--all"], ["zero"]])
def test_replay_must_be_told_which(arguments):
    assert invoke("dead-letters", "replay", *arguments).exit_code == 2


def test_follow_shows_dead_letters_too(letters):
    result = invoke("follow", "dead-letters", "--from", "beginning", "--limit", "3", "--json", settings=letters)
    assert [json.loads(line)["reason"] for line in result.stdout.splitlines()] == ["invalid-json", "not-utf8", "unknown-format"]


def test_headers_that_make_no_sense_are_no_numbers():
    class Record:
        partition, offset, key, value = 0, 1, None, b""
        headers = (("dlq.partition", b"1e9"), ("dlq.offset", "²".encode()), ("dlq.reason", None))

    letter = DeadLetter.from_record(Record())
    assert (letter.topic_partition, letter.topic_offset, letter.reason) == (None, None, "")
