"""What the reports of an incident tell together: who holds what, the sources, the victims, how grave it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from streams.core.incidents.outlets import Outlets
from streams.core.incidents.toll import tolls
from streams.core.records import Quantity, Report, ReportedDevelopment
from streams.core.signature import signature
from tests.core.incidents.making import (
    NIGHT,
    NOON,
    ODESA,
    REGION,
    RULES,
    STORY,
    merged,
    told,
    toll,
)


def test_who_holds_what_stands_side_by_side() -> None:
    claim = told("a1", "capture", status="claimed", source="RUS")
    denial = told("a1", "capture", 60, status="denied", source="UKR")
    (incident,) = merged(claim, denial)
    assert [(position.status, position.who) for position in incident.positions] == [("claimed", ["RUS"]), ("denied", ["UKR"])]
    assert (incident.status, incident.certainty, incident.certainty_rule) == ("claimed", "Possible", "disputed")
    (denied,) = merged(denial)
    assert (denied.status, denied.severity, denied.certainty) == ("denied", "Minor", "Unlikely")


def test_no_casualties_does_not_deny_the_strike() -> None:
    (incident,) = merged(told("a1"), told("a1", "casualties", 60, status="denied", source="UKR"))
    assert (incident.status, [position.status for position in incident.positions]) == ("reported", ["reported"])


def test_two_that_tell_it_as_fact_make_it_observed() -> None:
    (incident,) = merged(told("a1"), told("a2"))
    assert (incident.independent_sources, incident.certainty, incident.certainty_rule) == (2, "Observed", "told-as-fact-by-2")
    (incident,) = merged(told("a1"), told("a2", status="claimed", source="the mayor"))
    assert incident.certainty == "Likely"


def test_the_most_precise_is_what_it_is_called() -> None:
    (incident,) = merged(toll("a1"), told("a2", place=REGION, date=None), told("a3", "infrastructure_damage", date=NIGHT))
    assert (incident.type, incident.family, incident.place, incident.date) == ("drone_strike", "violence", ODESA, "2026-05-12")
    assert incident.types == ["drone_strike", "infrastructure_damage", "casualties"]


def test_the_parties_are_those_most_name_the_way_round_of_the_type() -> None:
    (incident,) = merged(told("a1", "interception", actor=["UKR"], target=["RUS"]), told("a2"), told("a3", actor=["RUS", "BLR"]))
    assert (incident.type, incident.actor, incident.target) == ("drone_strike", ["RUS"], ["UKR"])
    (downed,) = merged(told("a1", "interception", actor=["UKR"], target=["RUS"]))
    assert (downed.actor, downed.target) == (["UKR"], ["RUS"])


SOURCES: dict[str, tuple[list[dict[str, Any]], int]] = {
    "two agencies": ([{}, {}], 2),
    "one agency in two languages": ([{"source_agency": "AFP"}, {"source_agency": "Agence France-Presse"}], 1),
    "the same text": ([{"fingerprint": "x"}, {"fingerprint": "x"}], 1),
    "a light rewrite": ([{"signature": signature(STORY)}, {"signature": signature(STORY.replace("people", "persons"))}], 1),
    "a text of its own": ([{"signature": signature(STORY)}, {"signature": signature("Drones hit Odesa. Three are dead.")}], 2),
    "quotes the other": ([{"source_agency": "Reuters"}, {"source": "агентству Рейтер"}], 1),
    "both quote a third": ([{"source": "the BBC"}, {"source": "Би-би-си"}], 1),
    "a country is no paper": ([{"source": "el país"}, {"source_agency": "El País"}], 2),
    "no agency": ([{"source_agency": None}, {"source_agency": None}], 2),
}


@pytest.mark.parametrize(("fields", "count"), SOURCES.values(), ids=SOURCES)
def test_independent_sources(fields: Sequence[dict[str, Any]], count: int) -> None:
    (incident,) = merged(*(told(f"a{n}", **own) for n, own in enumerate(fields)))
    assert incident.independent_sources == count == len({report.outlet for report in incident.reports})


def test_a_printed_copy_counts_for_the_agency_though_it_came_first() -> None:
    copy, original = (told(f"a{n}", source_agency=agency, fingerprint="x") for n, agency in enumerate(("Le Monde", "AFP")))
    (incident,) = merged(copy, original, told("a3", source_agency="Le Monde"))
    assert [report.outlet for report in incident.reports] == ["AFP", "AFP", "Le Monde"]


@pytest.mark.parametrize("outlet", RULES.outlets, ids=lambda outlet: outlet.name)
def test_outlets_are_known_by_all_their_names(outlet: Any) -> None:
    outlets = Outlets(RULES.outlets)
    for name in (outlet.name, *(name.removesuffix("*") for name in outlet.names)):
        assert outlets.called(name) == outlet.name
        assert outlets.quoted(f"«{name}»") == outlet.name


def figures(*counts: tuple[str, int | None, int | None, int]) -> list[Report]:
    """Reports of (who, least, most, hour)."""
    return [
        Report(
            development=f"d{n}", article=f"a{n}", version=1, agency=who, told=NOON + timedelta(hours=hour), type="casualties", field="body",
            start=0, end=1, text="", quantities=[Quantity("killed", least, most)],
        )
        for n, (who, least, most, hour) in enumerate(counts)
    ]  # fmt: skip


TOLLS: dict[str, tuple[list[tuple[str, int | None, int | None, int]], tuple[Any, ...]]] = {
    "one figure": ([("A", 3, 3, 0)], (3, 3, None, [])),
    "it rose": ([("A", 3, 3, 0), ("A", 5, 5, 2)], (5, 5, 2, [])),
    "it rose elsewhere": ([("A", 3, 3, 0), ("B", 5, 5, 2)], (3, 5, 2, [])),
    "corrected down": ([("A", 5, 5, 0), ("A", 3, 3, 2)], (3, 3, None, [])),
    "another says less later": ([("A", 5, 5, 0), ("B", 3, 3, 2)], (3, 5, None, ["A", "B"])),
    "at least says no more": ([("A", 3, None, 0), ("B", 5, 5, 0)], (3, 5, 0, [])),
    "open": ([("A", 3, None, 0)], (3, None, None, [])),
    "at most": ([("A", None, 4, 0)], (None, 4, None, [])),
    "the highest of one telling": ([("A", 12, 12, 0), ("A", 3, 3, 0)], (12, 12, None, [])),
    "two at once": ([("A", 3, 3, 0), ("B", 300, 300, 0)], (3, 300, 0, ["A", "B"])),
}


@pytest.mark.parametrize(("counts", "expected"), TOLLS.values(), ids=TOLLS)
def test_the_ledger(counts: list[tuple[str, int | None, int | None, int]], expected: tuple[Any, ...]) -> None:
    (found,) = tolls(figures(*counts), ["killed"], 0.2)
    low, high, hour, contradicted = expected
    rose = None if hour is None else NOON + timedelta(hours=hour)
    assert (found.min, found.max, found.rose, found.contradicted) == (low, high, rose, contradicted)
    assert len(found.figures) == len(counts)


SEVERITIES: dict[str, tuple[list[ReportedDevelopment], str]] = {
    "fifty dead": ([toll(killed=50)], "killed-50"),
    "five dead": ([told(), toll(killed=5)], "killed-5"),
    "one dead": ([told(), toll(killed=1)], "killed-or-wounded"),
    "a strike": ([told()], "attack"),
    "a town taken": ([told(type_="capture")], "ground"),
    "a demand": ([told(type_="demand")], "other"),
    "fifty dead in history": ([toll(killed=50, background=True)], "nothing-actual"),
    "fifty dead expected": ([told(), toll(killed=50, status="expected")], "attack"),
    "fifty dead denied": ([told(), toll(killed=50, status="denied")], "attack"),
    "what is contradicted counts as low": ([toll("a1", 300), toll("a2", 3)], "killed-or-wounded"),
}


@pytest.mark.parametrize(("developments", "rule"), SEVERITIES.values(), ids=SEVERITIES)
def test_severity(developments: list[ReportedDevelopment], rule: str) -> None:
    (incident,) = merged(*developments)
    assert incident.severity_rule == rule
    assert incident.severity == next(known.severity for known in RULES.severity if known.rule == rule)
