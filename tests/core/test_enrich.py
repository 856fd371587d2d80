"""What holds for every enriched article, whatever came in."""

import os
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.enrich import body_text, enrich, explain, fingerprint, reporting
from streams.core.records import Article, Boilerplate
from tests.real import TAGGER

STORY = """Recevez gratuitement notre newsletter
KIEV, 22 octobre (Atlantique) - L'artillerie russe a pilonné mardi le centre de Houliaïpole, tuant deux civils, a annoncé le gouverneur.
Lire aussi : des frappes aériennes sur Kharkiv font dix morts
L'armée a pris le contrôle du village."""
SAID = """l'armée russe a pilonné drone missile 12 morts selon Kiev , . « » lire aussi newsletter The army struck Gaza said killed
Die Armee griff an Drohnen удар по Харькову убиты"""
WORDS = st.sampled_from([*SAID.split(), "\n"])
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300)
CODES = {entry.code for forms in TAGGER.actors.languages.values() for entry in forms.entries.values()}
CODES |= {code for code in TAGGER.places.codes if code}
LANGUAGES = st.sampled_from([None, "fr", "en", "de", "es", "it", "uk", "ru", "pl", "xx"])


def article(body: str, language: str | None = "fr", headline: str = "") -> Article:
    return Article(id="x", body=body, headline=headline, language=language)


@settings(max_examples=200)
@given(TEXTS, TEXTS, LANGUAGES)
def test_evidence_is_the_text_and_never_boilerplate(headline, body, language):
    tagged = enrich(article(body, language, headline), TAGGER)
    hidden = {i for span in tagged.boilerplate for i in range(span.start, span.end)}
    for development in tagged.developments:
        text = headline if development.field == "headline" else body
        assert text[development.start : development.end] == development.text
        if development.field == "body":
            assert hidden.isdisjoint(range(development.start, development.end))
        for spans in development.spans.values():
            assert all(0 <= start < end <= len(text) for start, end in spans)
        if development.place is not None:
            assert development.place.name in headline + body
        if development.source is not None:
            assert development.source in headline + body or development.source in CODES
        assert CODES.issuperset([*development.actor, *development.target])
    for span in tagged.boilerplate:
        assert 0 <= span.start < span.end <= len(body)
        assert "\n" not in body[span.start : span.end]


@settings(max_examples=50)
@given(TEXTS, LANGUAGES)
def test_tagging_is_a_function_of_the_article(body, language):
    first = enrich(article(body, language), TAGGER)
    assert msgspec.json.encode(enrich(article(body, language), TAGGER)) == msgspec.json.encode(first)
    assert len({d.id for d in first.developments}) == len(first.developments)


@settings(max_examples=50)
@given(TEXTS, LANGUAGES)
def test_explaining_tells_what_tagging_found(body, language):
    told = [d.id for trace in explain(article(body, language), TAGGER) for d in trace.developments]
    assert {d.id for d in enrich(article(body, language), TAGGER).developments} <= set(told)


def test_nothing_is_coded_from_boilerplate():
    tagged = enrich(article(STORY), TAGGER)
    assert {span.cls for span in tagged.boilerplate} == {"newsletter", "byline", "related"}
    assert "shelling" in {d.type for d in tagged.developments}
    assert "air_strike" not in {d.type for d in tagged.developments}


@pytest.mark.parametrize(("language", "coverage"), [("fr", "full"), ("pl", "boilerplate"), (None, "full")])
def test_coverage_says_what_was_looked_for(language, coverage):
    assert enrich(article(STORY, language), TAGGER).coverage == coverage


def test_a_language_in_another_script_than_declared_is_found():
    assert enrich(article("Російські війська обстріляли місто, загинули двоє людей.", "en"), TAGGER).language == "uk"


def test_the_fingerprint_sees_the_reporting_alone():
    spans = enrich(article(STORY), TAGGER).boilerplate
    bare = "\n".join(STORY[a:b].strip() for a, b in reporting(STORY, spans))
    assert fingerprint(body_text(article(STORY), spans)) == fingerprint(body_text(article(bare.upper()), []))
    assert fingerprint(body_text(article(STORY), spans)) != fingerprint(body_text(article(STORY), []))


def test_reporting_leaves_out_spans_within_lines():
    body = "AB cd EF\ngh\nIJ"
    spans = [Boilerplate(0, 2, "byline", "r"), Boilerplate(6, 8, "share", "r"), Boilerplate(12, 14, "share", "r")]
    assert [body[a:b].strip() for a, b in reporting(body, spans)] == ["cd", "gh"]


@pytest.mark.parametrize("environment", [{"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, {"TZ": "America/Adak", "LANG": "tr_TR.UTF-8"}])
def test_tagging_is_the_same_in_every_time_zone_and_locale(environment):
    code = (
        "import sys, msgspec; from streams.core.enrich import enrich; from streams.core.records import Article; "
        "from streams.lexicons import load_tagger; from tests.core.test_enrich import STORY; from datetime import datetime, timezone; "
        "a = Article(id='x', body=STORY, published=datetime(2025, 10, 22, 23, 30, tzinfo=timezone.utc)); "
        "sys.stdout.buffer.write(msgspec.json.encode(enrich(a, load_tagger())))"
    )
    here = {name: value for name, value in os.environ.items() if name not in ("TZ", "LC_ALL", "LANG")}
    outputs = {
        subprocess.run([sys.executable, "-X", "utf8", "-c", code], env={**here, **e}, capture_output=True, check=True).stdout
        for e in (environment, {"TZ": "UTC"})
    }
    assert len(outputs) == 1
