"""Publishing to a broker: what is sent, what is refused, what is said."""

import json

from streams import topics
from streams.cli import topic_io
from streams.settings import Settings
from tests.cli.conftest import invoke

ARTICLE = {"id": "urn:é", "headline": "A headline"}


def on_wire(environment):
    return [(message.key, message.value) for message in topic_io.read_all(Settings.from_env(environment), topics.WIRE)]


def test_an_article_goes_out_as_it_came_with_its_id_as_key(tmp_path, topic_settings):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(ARTICLE, indent=2))
    result = invoke("publish", str(file), settings=topic_settings)
    assert result.exit_code == 0
    assert on_wire(topic_settings) == [("urn:é".encode(), file.read_bytes())]
    assert "1 published to" in result.stderr and topic_settings["NEWSROOM_BROKER"] in result.stderr


def test_more_than_are_under_way_at_once_all_arrive(topic_settings):
    lines = "".join(json.dumps({**ARTICLE, "id": str(number)}) + "\n" for number in range(2_500))
    assert invoke("publish", "-", input=lines, settings=topic_settings).exit_code == 0
    assert sorted(int(key) for key, _ in on_wire(topic_settings)) == list(range(2_500))


def test_what_cannot_be_read_is_named_and_not_sent(tmp_path, topic_settings):
    file = tmp_path / "a.jsonl"
    file.write_text(f'{json.dumps(ARTICLE)}\n{{"id": "urn:2"}}\n{{"id"\n')
    result = invoke("publish", str(file), settings=topic_settings)
    assert result.exit_code == 1
    assert f"{file}:2: not sent: empty-article" in result.stderr
    assert f"{file}:3: not sent: invalid-json" in result.stderr
    assert "1 published to" in result.stderr and "2 not sent" in result.stderr
    assert len(on_wire(topic_settings)) == 1


def test_raw_sends_it_all_the_same_without_a_key(topic_settings):
    result = invoke("publish", "--raw", "-", input='{"id"\n', settings=topic_settings)
    assert result.exit_code == 0
    assert on_wire(topic_settings) == [(None, b'{"id"')]


def test_what_the_topic_cannot_take_is_named_even_when_raw(topic_settings):
    result = invoke("publish", "--raw", "-", input="x" * 1_100_000, settings=topic_settings)
    assert result.exit_code == 1
    assert "-:1: not sent: 1,100,000 bytes, the topic takes" in result.stderr
    assert on_wire(topic_settings) == []


def test_a_missing_topic_is_named_with_the_cure(embedded):
    settings = {**embedded.environment, "NEWSROOM_TOPIC_PREFIX": "nobody-made-this."}
    result = invoke("follow", "articles", settings=settings)
    assert result.exit_code == 78
    assert "nobody-made-this.newsroom.articles.v1" in result.stderr and "newsroom topics create" in result.stderr


def test_topics_are_made_once_and_then_are_as_described(embedded):
    settings = {**embedded.environment, "NEWSROOM_TOPIC_PREFIX": "made-here."}
    lacking = invoke("topics", "check", settings=settings)
    assert lacking.exit_code == 1 and "made-here.wire.articles.v1 is missing" in lacking.stdout
    assert "created made-here.wire.articles.v1" in invoke("topics", "create", settings=settings).stdout
    assert invoke("topics", "create", settings=settings).stdout.startswith("all topics are there")
