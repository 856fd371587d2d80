"""What holds of incidents whatever comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.incidents import Incidents
from streams.core.records import Place, Quantity, ReportedDevelopment
from tests.core.incidents.making import (
    MYKOLAIV,
    NIGHT,
    NOON,
    ODESA,
    ODESSA,
    REGION,
    RULES,
    UKRAINE,
    World,
    merged,
    told,
    withdrawn,
)

DEVELOPMENTS = st.builds(
    told,
    article=st.sampled_from(["a1", "a2", "a3", "a4"]),
    type_=st.sampled_from(["drone_strike", "casualties", "clash", "capture", "withdrawal", "talks"]),
    start=st.sampled_from([0, 50]),
    version=st.integers(1, 3),
    place=st.sampled_from([ODESA, ODESSA, MYKOLAIV, REGION, UKRAINE, Place("Farm 7", "UKR"), None]),
    date=st.sampled_from(["2026-05-10", "2026-05-11", "2026-05-12", NIGHT, "2026-05", "2026", "soon", None]),
    told=st.sampled_from([NOON, NOON + timedelta(days=1), None]),
    actor=st.sampled_from([[], ["RUS"], ["UKR"]]),
    target=st.sampled_from([[], ["RUS"], ["UKR"]]),
    status=st.sampled_from(["reported", "claimed", "confirmed", "denied", "expected"]),
    background=st.booleans(),
    quantities=st.sampled_from([[], [Quantity("killed", 3, 3)], [Quantity("killed", 17, None)], [Quantity("wounded", None, 5, True)]]),
)
EVENTS = st.lists(st.one_of(DEVELOPMENTS, st.builds(withdrawn, DEVELOPMENTS, st.integers(1, 3))), max_size=25)


def stored_after(events: Iterable[ReportedDevelopment], restored: bool) -> dict[str, bytes]:
    """What is stored after all events; `restored`: the index is built again before each."""
    world = World()
    for event in events:
        if restored:
            world.incidents = Incidents(RULES, world.fetch, keep_days=7)
            world.incidents.restore(world.stored.values())
        world.tell(event)
    return world.stored


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_the_same_log_gives_the_same_bytes(events: list[ReportedDevelopment]) -> None:
    assert stored_after(events, restored=False) == stored_after(events, restored=True)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_what_comes_twice_changes_nothing(events: list[ReportedDevelopment]) -> None:
    world = World()
    for event in events:
        world.tell(event)
        assert world.tell(event) == []


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_no_incident_has_two_towns_or_days_or_a_report_twice(events: list[ReportedDevelopment]) -> None:
    known = [report for incident in merged(*events) for report in incident.reports]
    assert len(known) == len({report.development for report in known})
    for incident in merged(*events):
        # A place that no table has may be in any town: the same dead tell that it is.
        towns = {r.place.geonameid for r in incident.reports if r.place and r.place.precision == "city"}
        assert len(towns) < 2
        days = [date.fromisoformat(r.date) for r in incident.reports if r.date and len(r.date) == 10 and r.date != "soon"]
        assert not days or max(days) - min(days) <= timedelta(1)
        assert incident.retracted == (not incident.reports)
