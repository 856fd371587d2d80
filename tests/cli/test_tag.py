"""Tagging and explaining without Kafka."""

import json
import subprocess
import sys

from streams.cli.demo import SAMPLE
from streams.codec import decode
from streams.core.records import Enriched
from streams.core.trace import SentenceTrace
from tests.cli.conftest import invoke

ARTICLE = {"id": "urn:1", "language": "fr", "published": "2026-01-22T14:10:00Z", "headline": "Une frappe", "body": "Un titre\nUne ligne."}


def test_json_lines_in_json_lines_out(tmp_path):
    articles = tmp_path / "a.jsonl"
    articles.write_text("\n".join(json.dumps({**ARTICLE, "id": f"urn:{n}"}) for n in range(3)))
    result = invoke("tag", str(articles))
    records = [decode(line.encode(), Enriched) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [record.id for record in records] == ["urn:0", "urn:1", "urn:2"]
    assert {record.body for record in records} == {ARTICLE["body"]}


def test_what_cannot_be_read_is_named_and_the_rest_is_tagged(tmp_path):
    articles = tmp_path / "a.jsonl"
    articles.write_text("\n".join([json.dumps(ARTICLE), '{"id": ', json.dumps(ARTICLE)]))
    result = invoke("tag", str(articles))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.startswith(f"newsroom: {articles}:2: invalid-json: ")


def test_standard_input_holds_one_article_a_line():
    result = invoke("tag", "-", input=json.dumps(ARTICLE) + "\n")
    assert (result.exit_code, json.loads(result.stdout)["id"]) == (0, "urn:1")


def test_pretty_is_for_reading():
    result = invoke("tag", "--pretty", "-", input=json.dumps(ARTICLE))
    assert "Une ligne." in result.stdout.splitlines()


def test_reading_is_the_reporting_alone():
    body = "KIEV, 22 octobre (Atlantique) - L'artillerie a pilonné hier soir le centre de la ville.\n"
    body += "Lire aussi : la guerre en cartes\nDeux civils sont morts."
    result = invoke("tag", "--reading", "-", input=json.dumps({**ARTICLE, "body": body}))
    assert result.stdout == "Une frappe\nL'artillerie a pilonné hier soir le centre de la ville.\nDeux civils sont morts.\n\n"


def test_explain_speaks_of_every_sentence():
    pretty = invoke("explain", "-", input=json.dumps(ARTICLE))
    assert pretty.exit_code == 0
    assert "Une frappe" in pretty.stdout and "Une ligne." in pretty.stdout
    lines = invoke("explain", "--json", "-", input=json.dumps(ARTICLE)).stdout.splitlines()
    assert "Une ligne." in [decode(line.encode(), SentenceTrace).text for line in lines]


def test_tagging_loads_neither_kafka_nor_faust():
    program = (
        "import sys; from streams.cli.root import newsroom; newsroom.main(['tag', sys.argv[1]], standalone_mode=False);"
        "print(sorted({'kafka', 'aiokafka', 'faust'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(SAMPLE / "13-en-flash.json")], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_the_sample_wire_holds_what_the_demo_promises():
    result = invoke("tag", str(SAMPLE))
    records = [decode(line.encode(), Enriched) for line in result.stdout.splitlines()]
    assert result.exit_code == 1, "one payload is broken, one has no text"
    assert {"fr", "en", "de", "es", "it", "uk", "ru", "pl"} == {record.language for record in records}
    assert len(result.stderr.splitlines()) == 2
    assert "14-broken.json: invalid-json" in result.stderr and "15-no-text.json: empty-article" in result.stderr
    assert any(record.format.startswith("ninjs/2") for record in records)
