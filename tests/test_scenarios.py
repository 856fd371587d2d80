"""The scenario files and how their records are compared, without a broker; tests/live/test_scenarios.py runs them on one."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from streams import codec
from streams.core.enrich import enrich
from tests.live import scenario
from tests.live.expected import Record, broken_promises, difference, in_threads, mismatch
from tests.live.scenario import Scenario, load
from tests.real import TAGGER

ALL = [load(path) for path in scenario.FILES]
TOGETHER = [found for found in ALL if not found.owns_workers]


def test_there_are_as_many_as_promised() -> None:
    assert len(ALL) >= 28
    assert all(found.steps and found.purpose.endswith(".") for found in ALL)


def test_no_name_is_the_end_of_another() -> None:
    assert not [(a.name, b.name) for a in ALL for b in ALL if a != b and a.name.endswith(b.name)]


def places(found: Scenario) -> set[tuple[str, float | None, float | None]]:
    """Country and point of what its articles tell."""
    told: set[tuple[str, float | None, float | None]] = set()
    for fields in found.articles():
        if "raw" in fields or not (fields.get("body") or fields.get("body_text")) or fields.get("urgency", 1) > 9:
            continue
        article = scenario.as_article({name: value for name, value in fields.items() if name not in ("key", "embargoed")})
        for development in enrich(codec.decode_article(json.dumps(article).encode()), TAGGER).developments:
            place = development.place
            assert place and place.country and place.lat, f"{found.name}: nobody knows where this is: {development.text}"
            told.add((place.country, place.lat, place.lon))
    return told


def test_scenarios_that_share_a_worker_do_not_meet() -> None:
    where = {found.name: places(found) for found in TOGETHER}
    for (one, here), (other, there) in combinations(where.items(), 2):
        assert not here & there, f"{one} and {other} tell of the same place"


def test_no_subscription_hears_of_another_scenario() -> None:
    countries = {found.name: {country for country, *_ in places(found)} for found in TOGETHER}
    for found in TOGETHER:
        others = set().union(*(there for name, there in countries.items() if name != found.name))
        for step in found.steps:
            for asked in scenario.listed(step.what) if step.verb == "subscribe" else []:
                assert asked.get("countries") or asked.get("near"), f"{found.name}: a subscription to the whole world"
                assert not others & set(asked.get("countries", ())), f"{found.name}: {asked} hears of others"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("purpose: x.", "a `purpose` and `steps`"),
        ("purpose: x.\nsteps:\n  - dance: wildly", "step 1 is none of: publish"),
        ("purpose: x.\nsteps:\n  - expect: {weather: []}", "names a topic that is none of: articles"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.yml: ") as refused:
        load(path)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": {"b": [{"c": None}]}}, {"a": {"b": [{"c": None, "d": 1}]}}),
        ({"a": "Frappe * : 3 *"}, {"a": "Frappe de drone à Odessa : 3 morts"}),
        ({"a": []}, {"a": []}),
    ],
)
def test_what_matches(expected: Record, actual: Record) -> None:
    assert difference(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        ({"a": 1}, {"b": 1}, ".a: None instead of 1"),
        ({"a": 1}, {"a": True}, ".a: True instead of 1"),
        ({"a": []}, {"a": [1]}, ".a: 1 instead of 0: [1]"),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, ".a[1].b: 3 instead of 2"),
        ({"a": "x*"}, {"a": "yx"}, ".a: 'yx' is not like 'x*'"),
        ({"a": {"b": 1}}, {"a": None}, ".a: None instead of {'b': 1}"),
    ],
)
def test_what_does_not_match(expected: Record, actual: Record, words: str) -> None:
    assert difference(expected, actual) == words


A, B, C = {"n": "a"}, {"n": "b"}, {"n": "c"}


def test_threads_may_come_in_any_order_but_each_keeps_its_own() -> None:
    assert mismatch([A, B, C], [[A, C], [B]]) is None
    assert mismatch([B, A, C], [[A, C], [B]]) is None
    assert mismatch([C, A, B], [[A, C], [B]]) is not None
    assert mismatch([], []) is None


def test_what_matches_two_threads_is_tried_with_both() -> None:
    assert mismatch([{}, A, B], [[A], [C, B]]) is None


def test_nothing_more_and_nothing_less() -> None:
    assert mismatch([A], [[A, B]]) == "2 records instead of 1"
    assert mismatch([A, B], [[A]]) == "1 records instead of 2"
    assert mismatch([A, B], [[A, C]]) == "record 1.n: 'c' instead of 'b'"


def test_repeats_are_dropped_and_states_are_the_last() -> None:
    alerts = [alert("1", sent="now"), alert("1", sent="later")]
    assert in_threads("alerts", alerts) == [[alerts[0]]]
    assert in_threads("articles", [{"key": "a", "v": 1}, {"key": "b"}, {"key": "a", "v": 2}, {"key": "a", "v": 1}]) == [
        [{"key": "a", "v": 1}, {"key": "a", "v": 2}],
        [{"key": "b"}],
    ]
    assert in_threads("incidents", [{"id": "i", "n": 1}, {"id": "i", "n": 2}]) == [[{"id": "i", "n": 2}]]
    assert in_threads("held", [{"id": "a", "held": True}, {"id": "b", "held": True}, {"id": "a", "held": False}]) == [
        [{"id": "b", "held": True}]
    ]


def alert(id_: str, kind: str = "alert", references: tuple[str, ...] = (), **fields: object) -> Record:
    thread = {"key": "s", "subscription": "s", "incident": "i"}
    return {**thread, "id": id_, "msg_type": kind, "references": list(references), "headline": "Frappe", **fields}


def test_a_thread_in_order_keeps_its_promises() -> None:
    told = [alert("1"), alert("1"), alert("2", "update", ("1",)), alert("3", "cancel", ("1", "2")), alert("4", "alert", ("1", "2", "3"))]
    assert broken_promises(told) == []


@pytest.mark.parametrize(
    ("alerts", "fault"),
    [
        ([alert("1"), alert("1", headline="Autre")], "1 came twice and differs"),
        ([alert("1", "update")], "update after cancel"),
        ([alert("1"), alert("2", "alert", ("1",))], "alert after alert"),
        ([alert("1"), alert("2", "cancel", ("1",)), alert("3", "update", ("1", "2"))], "update after cancel"),
        ([alert("1"), alert("2", "update")], "2 refers to [] after ['1']"),
        ([alert("1", headline="x" * 121)], "a headline of 121 characters"),
    ],
)
def test_a_broken_promise_is_named(alerts: list[Record], fault: str) -> None:
    assert any(fault in found for found in broken_promises(alerts))
