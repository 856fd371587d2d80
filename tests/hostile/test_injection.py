"""Whatever a payload says, each way out shows it as text: terminal, log, metrics, mail, webhook, headers."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from email import message_from_bytes, policy

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console, RenderableType

from streams import codec, logs
from streams.cli import view
from streams.cli.letters import DeadLetter
from streams.core.enrich import enrich
from streams.core.records import Alert, Article, Enriched, Place, ReportedDevelopment
from streams.delivery import dead_letter
from streams.harmless import safe_json
from streams.metrics import Metrics
from streams.subscriber.mail import address, compose
from streams.subscriber.webhook import Webhook
from tests.hostile.payloads import Payload
from tests.hostile.texts import BIDI, INJECTIONS, STRIKE
from tests.hostile.trial import incoming
from tests.real import TAGGER
from tests.subscriber.conftest import alert as an_alert

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TEXTS = [text.replace("\0", "") for text in INJECTIONS]


def enriched(text: str) -> Enriched:
    """An honest strike with the text in every field that takes any."""
    said = dict.fromkeys(("id", "source", "byline", "dateline", "signal", "format"), f"a{text}z")
    return enrich(
        Article(
            **said, headline=f"Strike {text}", body=f"{STRIKE.format('Kharkiv')}\n{text} {STRIKE.format('Odessa')} {text}", language="en"
        ),
        TAGGER,
    )


def alert(text: str) -> Alert:
    return an_alert(
        headline=f"a{text}z", changes=[f"a{text}z"], place=Place(f"Kharkiv {text}"), incident=f"i{text}", subscription=f"s{text}"
    )


def printed(shown: RenderableType) -> str:
    """What the terminal gets, styles left out; links and markup would show as escapes all the same."""
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system=None, width=120, markup=False, emoji=False, highlight=False).print(shown)
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())


def assert_harmless(text: str) -> None:
    assert not {c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"}, ascii(text)
    assert not set(text) & set(BIDI), ascii(text)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_the_terminal_shows_text_and_obeys_none(text: str) -> None:
    record = enriched(text)
    reported = [ReportedDevelopment(**msgspec.structs.asdict(d), article=record.id, version=1) for d in record.developments]
    assert reported
    said = dict.fromkeys(("reason", "message", "stage", "topic"), f"a{text}")
    raw = {"key": text.encode(), "value": text.encode(), "headers": [(text, text.encode())]}
    letter = DeadLetter(partition=0, offset=1, topic_partition=0, topic_offset=1, **said, **raw)
    shown = [view.article(record), *map(view.reported, reported), view.alert(alert(text)), view.dead_letter_line(letter),
             view.dead_letter(letter), view.dead_letter_whole(letter)]  # fmt: skip
    for one in shown:
        assert_harmless(printed(one))
    if text.startswith("[") and text.isprintable():
        assert text in printed(view.article(record))
    for record_ in (record, alert(text)):
        assert_harmless(safe_json(codec.encode(record_)))


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_log_line_is_one_line(text: str) -> None:
    for formatter in (logs.JsonFormatter(), logs.TextFormatter()):
        line = formatter.format(logging.LogRecord("streams", logging.WARNING, "", 1, "%s", (text,), None))
        assert_harmless(line)
        assert "\n" not in line


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_no_series_comes_from_a_payload(text: str) -> None:
    honest, metrics = Metrics("1", "2"), Metrics("1", "2")
    record = msgspec.structs.replace(enriched("Read also: a"), source="TA", language="en")
    honest.outcome("enriched", record, None)
    metrics.outcome("enriched", msgspec.structs.replace(record, source=f"T{text}A"), None)
    found = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    assert found == {family.name for family in text_string_to_metric_families(honest.text().decode())}
    assert len(metrics.text().splitlines()) == len(honest.text().splitlines())
    assert_harmless(metrics.text().decode())


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_mail_has_its_own_headers_only(text: str) -> None:
    to = address("desk@example.org")
    raw = compose(alert(text), to, to, f"{text}\n{text}").as_bytes(policy=policy.SMTP)
    honest = compose(alert("x"), to, to, "x")
    got = message_from_bytes(raw, policy=policy.default)
    assert got.keys() == honest.keys()
    assert_harmless(got["subject"] + got.get_content().replace("\r", ""))


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_headers_of_a_webhook_and_of_an_event_end_where_they_should(text: str) -> None:
    one = an_alert(id=f"a{text}z")
    value = codec.encode(one)
    sent = Webhook("https://example.org/", SECRET).headers(one.id, value, one.sent)
    assert all(header.isascii() and header.isprintable() for header in sent.values())
    events = codec.cloud_event_headers(enriched(text), "/newsroom", None, f"00-{text}".encode())
    for name, header in events:
        assert_harmless(name + header.decode())
        assert b"\n" not in header
    assert "traceparent" not in dict(events)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_dead_letter_says_why_without_the_words_of_the_payload(text: str) -> None:
    made = dead_letter(incoming(Payload("x", 0, b"", [])), "t", reason="invalid-field", detail="d", stage="decode")
    assert all(value.isascii() for name, value in made.headers if name.startswith("dlq."))
    for value in (
        {"id": "x", text: 1, "status": text},
        {"uri": "x", text: 1},
        {"uri": "x", "pubstatus": text},
        {"id": "x", "published": text},
    ):
        with pytest.raises(codec.Rejected) as rejected:
            codec.decode_article(msgspec.json.encode(value))
        assert_harmless(rejected.value.message)
        assert "\n" not in rejected.value.message
