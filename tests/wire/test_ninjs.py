"""ninjs of three generations becomes an article; what the standard forbids is rejected by the name of its field."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import REASONS, Rejected, decode_article
from streams.core.records import Article
from streams.core.versions import NEVER

V1 = {
    "$standard": {"name": "ninjs", "version": "1.4"}, "uri": "urn:example:1", "type": "text", "version": "3", "pubstatus": "withheld",
    "firstcreated": "2025-10-22T08:00:00Z", "versioncreated": "2025-10-22T11:40:00+02:00", "embargoed": "2025-10-23T06:00:00Z",
    "urgency": 2, "language": "fr", "byline": "Anne Mertens", "located": "Kharkiv", "headline": "Frappe sur un dépôt",
    "body_html": "<p>Un drone a frappé.</p><p>Deux morts.</p>", "body_teaser": "Un drone", "infosource": [{"name": "Agence Nord"}],
    "subject": [{"scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "20000056"}, {"code": "guerre"}],
    "place": [{"name": "Kharkiv", "geometry_point": {"x": 1}}], "renditions": {"thumb": {"href": "https://example.org/1.jpg", "width": 80}},
    "associations": {"photo": {"uri": "urn:example:2", "type": "picture", "headline": "Une photo"}}, "altids": {"any": [1]},
    "rightsinfo": {"linkedrights": "https://example.org/rights"},
}  # fmt: skip
V2 = {
    "standard": {"name": "ninjs", "version": "2.1"}, "uri": "urn:example:1", "type": "text", "version": "3", "pubstatus": "withheld",
    "firstcreated": "2025-10-22T08:00:00Z", "versioncreated": "2025-10-22T11:40:00+02:00", "embargoed": "2025-10-23T06:00:00Z",
    "urgency": 2, "language": "fr", "by": "Anne Mertens", "located": "Kharkiv",
    "headlines": [{"role": "short", "value": "Frappe"}, {"role": "main", "value": "Frappe sur un dépôt"}],
    "bodies": [{"role": "rich", "contenttype": "text/html", "value": "<p>Un drone a frappé.</p><p>Deux morts.</p>"}],
    "infosources": [{"name": "Agence Nord"}],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000056"}, {"literal": "guerre"}],
    "places": [{"name": "Kharkiv", "geojson": {"type": "Point", "coordinates": [36.2, 50]}, "contactinfo": [{"value": "x"}]}],
    "renditions": [{"name": "thumb", "width": 80.5}], "associations": [{"name": "photo", "uri": "urn:example:2"}],
}  # fmt: skip
V3 = {
    "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:example:1", "type": "text", "version": "3", "pubStatus": "withheld",
    "firstCreated": "2025-10-22T08:00:00Z", "versionCreated": "2025-10-22T11:40:00+02:00", "embargoedUntil": "2025-10-23T06:00:00Z",
    "urgency": 2, "language": "fr", "by": "Anne Mertens", "located": "Kharkiv",
    "headlines": [{"value": "Frappe sur un dépôt"}],
    "bodies": [{"contentType": "text/html", "value": "<p>Un drone a frappé.</p><p>Deux morts.</p>"}],
    "infoSources": [{"name": "Agence Nord"}],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000056"}, {"literal": "guerre"}],
    "eventDetails": {"dates": {"expectedStartDate": "2025-11", "recurrence": {"recurrenceRules": [{"frequency": "daily", "count": 3}]}}},
    "plannedCoverage": [{"type": "video", "urgency": 3, "itemCount": {"rangeFrom": 1, "rangeTo": 2}}],
    "associations": [{"name": "photo", "uri": "urn:example:2"}],
}  # fmt: skip
ITEMS = {1: V1, 2: V2, 3: V3}


def read(document: object) -> Article:
    return decode_article(json.dumps(document).encode())


def rejection(document: object) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read(document)
    return caught.value


@pytest.mark.parametrize("generation", ITEMS)
def test_each_generation_carries_the_same_article(generation: int) -> None:
    assert read(ITEMS[generation]) == Article(
        id="urn:example:1",
        version=3,
        published=datetime(2025, 10, 22, 8, tzinfo=UTC),
        updated=datetime(2025, 10, 22, 9, 40, tzinfo=UTC),
        source="Agence Nord",
        language="fr",
        headline="Frappe sur un dépôt",
        body="Un drone a frappé.\nDeux morts.",
        byline="Anne Mertens",
        dateline="Kharkiv",
        urgency=2,
        status="withheld",
        embargoed=datetime(2025, 10, 23, 6, tzinfo=UTC),
        subjects=["medtop:20000056", "guerre"],
        format=f"ninjs/{generation}",
    )


@pytest.mark.parametrize(
    ("base", "change"),
    [
        (V1, {"embargoed": "Next Monday"}),
        (V1, {"embargoed": "2025-10-23"}),
        (V1, {"embargoed": ""}),
        (V1, {"embargoed": None}),
        (V2, {"embargoed": 20251023}),
        (V3, {"embargoedUntil": "2025-10-23T06:00:00"}),
        (V3, {"embargoedUntil": False}),
    ],
)
def test_an_embargo_that_cannot_be_read_never_ends(base: dict[str, Any], change: dict[str, Any]) -> None:
    assert read({**base, **change}).embargoed == NEVER


@pytest.mark.parametrize(
    ("base", "change", "reason", "field"),
    [
        (V3, {"embargoed": "2025-10-23T06:00:00Z"}, "unknown-field", "`embargoed`"),
        (V1, {"uri": ""}, "invalid-field", "`uri`"),
        (V2, {"uri": "u" * 513}, "invalid-field", "`uri`"),
        (V1, {"uri": 5}, "invalid-field", "`uri`"),
        (V1, {"urgency": 0}, "invalid-field", "`urgency`"),
        (V1, {"headline": None}, "invalid-field", "`headline`"),
        (V1, {"body_html": ["text"]}, "invalid-field", "`body_html`"),
        (V1, {"body_é": "text"}, "unknown-field", "`body_é`"),
        (V1, {"place": [{"geometry_point": "no object"}]}, "unknown-field", "geometry_point"),
        (V1, {"place": ["Kharkiv"]}, "invalid-field", "`place[0]`"),
        (V1, {"associations": {"photo": {"headline": "no uri"}}}, "missing-field", "associations.photo"),
        (V1, {"associations": {"-": {"uri": "x"}}}, "invalid-field", "associations"),
        (V1, {"rightsinfo": {"langid": "x"}}, "invalid-field", "`linkedrights` and `encodedrights`"),
        (V2, {"headlines": [{"role": "main"}]}, "missing-field", "`headlines[0].value`"),
        (V2, {"places": [{"geojson": {"type": "Circle"}}]}, "invalid-field", "`places[0].geojson.type`"),
        (V2, {"associations": [{"uri": "x"}]}, "missing-field", "`associations[0].name`"),
        (V2, {"places": [{"contactinfo": [{"name": "x"}]}]}, "invalid-field", "`places[0].contactinfo[0]`"),
        (V2, {"subjects": [{"confidence": 101}]}, "invalid-field", "`subjects[0].confidence`"),
        (V2, {"pubstatus": "x" * 999}, "invalid-field", "`pubstatus`"),
        (V3, {"eventDetails": {"dates": {"startDate": "x", "expectedStartDate": "2025"}}}, "invalid-field", "`startDate` and `expected"),
        (V3, {"eventDetails": {"dates": {"expectedStartDate": "May 2025"}}}, "invalid-field", "`eventDetails.dates.expectedStartDate`"),
        (V3, {"plannedCoverage": [{"urgency": 11}]}, "invalid-field", "`plannedCoverage[0].urgency`"),
        (V3, {"headlines": [], "bodies": []}, "empty-article", "`headline`"),
        (V2, {"headlines": [], "bodies": [{"contenttype": "text/html", "value": "<p> </p>"}]}, "empty-article", "`headline`"),
    ],
)  # fmt: skip
def test_what_the_standard_forbids_is_rejected_by_its_field(base: dict[str, Any], change: dict[str, Any], reason: str, field: str) -> None:
    rejected = rejection(base | change)
    assert rejected.reason == reason
    assert field in rejected.message
    assert len(rejected.message) < 300


def test_a_creation_time_that_cannot_be_read_leaves_the_article_undated() -> None:
    article = read(V1 | {"firstcreated": "Last Tuesday", "versioncreated": "2025-10-22"})
    assert (article.published, article.updated) == (None, None)
    assert read(V1 | {"firstcreated": ""}).published == datetime(2025, 10, 22, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(("version", "counted"), [("7", 7), ("0", 1), ("1.2", 1), ("draft", 1), ("", 1), ("9" * 40, 1), ("٣", 1)])
def test_a_version_that_does_not_count_is_the_first(version: str, counted: int) -> None:
    assert read(V1 | {"version": version}).version == counted


def test_plain_text_is_taken_as_it_is_and_before_markup() -> None:
    plain = "5 < 6 &amp; <p>\n\nso it stands"
    bodies = [{"contenttype": "text/html", "value": "<p>b</p>"}, {"contenttype": "text/plain", "value": plain}]
    assert read(V2 | {"bodies": bodies}).body == plain
    assert read(V1 | {"body_text": plain}).body == plain
    assert read(V1 | {"body_text": " "}).body == "Un drone a frappé.\nDeux morts."


def test_markup_that_is_not_declared_is_still_markup() -> None:
    assert read(V2 | {"bodies": [{"value": "<p>One.</p><p>Two.</p>"}]}).body == "One.\nTwo."
    assert read(V1 | {"headline": "Frappe sur <b>un dépôt</b>"}).headline == "Frappe sur un dépôt"


def test_the_main_headline_wins_and_the_first_stands_in() -> None:
    assert read(V1 | {"headline": "", "headline_short": "Frappe", "headline_main": "Frappe au nord"}).headline == "Frappe au nord"
    assert read(V2 | {"headlines": [{"role": "web", "value": "Sur la toile"}]}).headline == "Sur la toile"


def test_an_item_without_a_version_is_read_by_the_generation_that_knows_its_fields() -> None:
    assert read({"uri": "a", "headline_main": "h", "representationtype": "complete"}).format == "ninjs/1"
    assert read({"uri": "a", "headlines": [{"value": "h"}], "representationtype": "full"}).format == "ninjs/2"
    assert read({"uri": "a", "headlines": [{"value": "h"}], "pubStatus": "usable"}).format == "ninjs/3"


def test_our_own_article_may_have_a_uri() -> None:
    assert read({"id": "a", "uri": "https://example.org/a", "headline": "h"}).format == "article"


ODD = [None, True, -1, 0.5, 10**30, "", "x" * 600, "\u2028", [], {}, [[]], {"uri": ["x"]}, [None]]


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in below for deeper in paths(item, (*path, key)))]


@given(st.sampled_from([V1, V2, V3]), st.data())
def test_a_damaged_item_is_read_or_rejected(item: dict[str, Any], data: st.DataObject) -> None:
    damaged = copy.deepcopy(item)
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(paths(damaged)[1:]))
        holder: Any = damaged
        for key in parents:
            holder = holder[key]
        if data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        if len(paths(damaged)) == 1:
            break
    try:
        article = read(damaged)
    except Rejected as rejected:
        assert rejected.reason in REASONS and len(rejected.message) < 400
    else:
        assert article.id and (article.headline.strip() or article.body.strip())


def test_validation_leaves_the_memory_whole() -> None:
    """The records are built by C code; a fault in it shows under Python's debugging allocator, in a process of its own."""
    code = """
import gc, sys
from streams.codec import decode_article
for line in sys.stdin.buffer:
    decode_article(line)
gc.collect()
"""
    lines = b"".join(json.dumps(item).encode() + b"\n" for item in [V1, V2, V3] * 100)
    environment = {**os.environ, "PYTHONMALLOC": "debug"}
    run = subprocess.run([sys.executable, "-c", code], input=lines, env=environment, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()[-1000:]


@pytest.mark.parametrize("name", ["x - at `y", "x - at `$.embargoed", "x`", "`", "a - at `" * 20_000])
def test_a_field_is_refused_whatever_its_name_looks_like(name: str) -> None:
    rejected = rejection({"uri": "urn:example:1", name: 1})
    assert rejected.reason == "unknown-field" and len(rejected.message) < 300


def test_a_value_cannot_name_another_field_as_the_wrong_one() -> None:
    rejected = rejection({"uri": "urn:example:1", "pubstatus": "x' - at `$.embargoed"})
    assert rejected.reason == "invalid-field" and "`pubstatus`" in rejected.message


ORACLE = Path(os.environ.get("NEWSROOM_DATA", "/nonexistent")) / "wires" / "ninjs"
LATER = {
    "1.0_should_fail_014_type_component", "1.0_should_fail_016_infosource",
    "1.1_should_fail_001_type_component", "1.1_should_fail_002_infosource",
}  # fmt: skip
"""Forbidden in the version that the file is about and allowed since 1.2; nothing in the file says which version it is."""


@pytest.mark.skipif(not ORACLE.is_dir(), reason="NEWSROOM_DATA does not point to a folder with wires/ninjs (IPTC's validation suite)")
def test_the_validation_suite_of_the_standard() -> None:
    outcomes: dict[str, Counter[str]] = {"should_pass": Counter(), "should_fail": Counter()}
    for path in sorted(ORACLE.glob("validation_test_suite_[123].[0-9]_should_*.json")):
        kind = "should_pass" if "should_pass" in path.name else "should_fail"
        name = path.stem.removeprefix("validation_test_suite_")
        try:
            decode_article(path.read_bytes())
            reason = "read"
        except Rejected as rejected:
            reason = rejected.reason
            named = "`" in rejected.message or "column" in rejected.message
            assert named, f"{name}: {rejected}"
        outcomes[kind][reason] += 1
        if kind == "should_pass":
            assert reason in {"read", "empty-article"}, (name, reason)
        else:
            assert (reason in {"read", "empty-article"}) == (name in LATER), (name, reason)
    assert sum(outcomes["should_pass"].values()) > 100 and sum(outcomes["should_fail"].values()) > 50
