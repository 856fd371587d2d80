"""What is held back is listed with its times, and never with its text."""

import json
from datetime import UTC, datetime

import pytest

from streams import topics
from streams.cli import topic_io
from streams.core.versions import NEVER, Held, Known, encode_known
from streams.settings import Settings
from tests.cli.conftest import invoke

SECRET = "The minister resigns"
RECEIVED = datetime(2026, 1, 22, 14, 10, tzinfo=UTC)


def held(**changes):
    fields = {
        "version": 2, "until": datetime(2026, 1, 23, 6, tzinfo=UTC), "unreadable": False, "received": RECEIVED, "partition": 0, "offset": 1,
        "timestamp": 0, "key": b"k", "value": SECRET.encode(), "headers": [("h", SECRET.encode())],
    }  # fmt: skip
    return Held(**{**fields, **changes})


@pytest.fixture
def embargoed(topic_settings):
    settings = Settings.from_env(topic_settings)
    known = [
        (b"0/urn:released", Known(version=1, held=held())),
        (b"0/urn:released", Known(version=2)),
        (b"0/urn:gone", Known(held=held())),
        (b"0/urn:gone", None),
        (b"0/urn:unreadable", Known(held=held(until=NEVER, unreadable=True))),
        (b"0/urn:late", Known(held=held(until=datetime(2026, 1, 24, 6, tzinfo=UTC)))),
        (b"0/urn:with/slash\x1b[2J", Known(held=held())),
        (b"0/urn:withheld", Known(held=held(until=None))),
    ]
    with topic_io.Publisher(settings) as publisher:
        for key, one in known:
            publisher.send(settings.topic(topics.ARTICLES_STATE), key, None if one is None else encode_known(one))
        publisher.send(settings.topic(topics.ARTICLES_STATE), b"0/broken", SECRET.encode())
    return topic_settings


def test_the_next_to_go_out_comes_first_and_what_never_does_last(embargoed):
    result = invoke("embargoes", "list", "--json", settings=embargoed)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["article"] for one in found] == ["urn:with/slash\x1b[2J", "urn:late", "urn:withheld", "urn:unreadable"]
    assert found[0] == {
        "article": "urn:with/slash\x1b[2J", "version": 2, "until": "2026-01-23T06:00:00Z", "why": "embargoed",
        "received": "2026-01-22T14:10:00Z",
    }  # fmt: skip
    assert [one["until"] for one in found[2:]] == [None, None]


def test_a_person_sees_id_version_and_times(embargoed):
    result = invoke("embargoes", "list", settings=embargoed)
    first, late, withheld, unreadable = result.stdout.splitlines()
    assert late == "2026-01-24 06:00:00+00:00  urn:late v2  received 2026-01-22 14:10:00+00:00"
    assert withheld.startswith("never: withheld until a new version  urn:withheld v2")
    assert unreadable.startswith("never: its embargo cannot be read; send a version with one that can  urn:unreadable")
    assert "\x1b" not in first and "4 held" in result.stderr


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_no_text_is_ever_shown(embargoed, options):
    result = invoke("embargoes", "list", *options, settings=embargoed)
    assert result.exit_code == 0 and "cannot be read" in result.stderr
    assert not any(word in result.output + result.stderr for word in SECRET.split())


def test_nothing_held_is_said(topic_settings):
    result = invoke("embargoes", "list", settings=topic_settings)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 held\n")
