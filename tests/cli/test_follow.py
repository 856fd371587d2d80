"""Following topics on a broker."""

import json

import pytest

from streams import topics
from streams.cli.topic_io import Publisher
from streams.codec import encode
from streams.core.records import ReportedDevelopment
from streams.settings import Settings
from tests.cli.conftest import development, enriched, invoke, spawn
from tests.core.test_replay import incident
from tests.subscriber.conftest import alert


def send(environment, topic, *messages):
    settings = Settings.from_env(environment)
    with Publisher(settings) as publisher:
        for key, value in messages:
            publisher.send(settings.topic(topic), key, value)


@pytest.fixture
def published(topic_settings):
    articles = [enriched(id=f"urn:{number}", language=language) for number, language in enumerate(["fr", "fr-CA", "en", "fro"])]
    send(topic_settings, topics.ARTICLES, *((one.id.encode(), encode(one)) for one in articles))
    return topic_settings


def ids(result):
    return sorted(json.loads(line)["id"] for line in result.stdout.splitlines())


def test_from_the_beginning_as_json(published):
    result = invoke("follow", "articles", "--from", "beginning", "--json", "--limit", "4", settings=published)
    assert result.exit_code == 0
    assert ids(result) == ["urn:0", "urn:1", "urn:2", "urn:3"]


def test_a_language_includes_its_regions_and_no_other_language(published):
    result = invoke("follow", "articles", "--from", "beginning", "--json", "--language", "FR", "--limit", "2", settings=published)
    assert ids(result) == ["urn:0", "urn:1"]


def test_a_key_picks_one(published):
    result = invoke("follow", "articles", "--from", "beginning", "--key", "urn:2", "--limit", "1", settings=published)
    assert "· en ·" in result.stdout and "░ newsletter" in result.stdout


def test_an_offset_starts_there_in_every_partition(topic_settings):
    send(topic_settings, topics.ARTICLES, *((b"same", encode(enriched(id=f"urn:{number}"))) for number in range(3)))
    result = invoke("follow", "articles", "--from", "2", "--json", "--limit", "1", settings=topic_settings)
    assert ids(result) == ["urn:2"]


def test_latest_shows_only_what_comes_after(published):
    process = spawn("follow", "articles", "--json", "--limit", "1", settings=published)
    assert process.stderr.readline().startswith("following ")
    send(published, topics.ARTICLES, (b"new", encode(enriched(id="urn:new"))))
    out, _ = process.communicate(timeout=60)
    assert json.loads(out)["id"] == "urn:new"


def test_developments_name_their_article(topic_settings):
    found = development()
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    record = ReportedDevelopment(**fields, article="urn:1", version=1, source_agency="Harbour Wire", language="en")
    send(topic_settings, topics.DEVELOPMENTS, (b"SDN", encode(record)))
    result = invoke("follow", "developments", "--from", "beginning", "--key", "SDN", "--limit", "1", settings=topic_settings)
    assert "Harbour Wire · en · urn:1 v1" in result.stdout and "RSF_SDN → SDN" in result.stdout


def test_incidents_show_who_says_what_and_why_a_report_belongs(topic_settings):
    send(topic_settings, topics.INCIDENTS, (b"i1", encode(incident(closed=True))))
    options = ("--from", "beginning", "--key", "i1", "--language", "en", "--limit", "1")
    result = invoke("follow", "incidents", *options, settings=topic_settings)
    assert "drone_strike" in result.stdout and "closed · i1" in result.stdout and "“A drone fired”" in result.stdout


def test_alerts_of_one_subscription(topic_settings):
    others = ((name.encode(), encode(alert(subscription=name))) for name in ("other", "desk"))
    send(topic_settings, topics.ALERTS, *others)
    result = invoke("follow", "alerts", "--from", "beginning", "--key", "desk", "--limit", "1", settings=topic_settings)
    assert "● alert  desk" in result.stdout and alert().headline in result.stdout


def test_a_record_that_cannot_be_read_is_named_and_passed_over(topic_settings):
    send(topic_settings, topics.ARTICLES, (b"same", b'{"id": 1}'), (b"same", encode(enriched())))
    result = invoke("follow", "articles", "--from", "beginning", "--json", "--limit", "1", settings=topic_settings)
    assert ids(result) == ["urn:1"]
    assert "newsroom.articles.v1" in result.stderr and "invalid-field" in result.stderr


def test_json_stays_on_one_line_and_commands_no_terminal(topic_settings):
    pretty = json.dumps({"id": "urn:1", "headline": "\u202e\x9b2J"}, indent=2, ensure_ascii=False).encode()
    send(topic_settings, topics.ARTICLES, (b"k", pretty))
    result = invoke("follow", "articles", "--from", "beginning", "--json", "--limit", "1", settings=topic_settings)
    assert result.stdout == '{"id":"urn:1","headline":"\\u202e\\u009b2J"}\n'


@pytest.mark.parametrize("arguments", [["articles", "--from", "yesterday"], ["dead-letters", "--language", "fr"], ["everything"]])
def test_what_makes_no_sense_is_usage(arguments):
    assert invoke("follow", *arguments).exit_code == 2
