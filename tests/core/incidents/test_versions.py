"""Reports that change, move, are taken back or come too late."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from streams.core.incidents import Incidents, decode
from streams.core.records import ReportedDevelopment
from tests.core.incidents.making import (
    MYKOLAIV,
    NOON,
    ODESA,
    RULES,
    World,
    told,
    toll,
    withdrawn,
)


def test_known_versions_change_nothing() -> None:
    world = World()
    world.tell(told(version=2))
    assert not world.tell(told(version=2))
    assert not world.tell(told(version=1))


def test_a_new_version_takes_the_place_of_the_old() -> None:
    world = World()
    world.tell(told(), toll("a1", 3), told("a2"))
    (incident,) = world.tell(toll("a1", 5, version=2))
    assert [report.version for report in incident.reports] == [1, 2, 1]
    assert [(known.min, known.max) for known in incident.casualties] == [(5, 5)]


def test_a_new_version_that_tells_of_another_town_leaves() -> None:
    world = World()
    world.tell(told("a1"), told("a2"), told("a3", place=MYKOLAIV))
    left, joined = world.tell(told("a2", version=2, place=MYKOLAIV))
    assert [report.article for report in left.reports] == ["a1"]
    assert [report.article for report in joined.reports] == ["a3", "a2"]
    assert not world.tell(told("a2", version=2, place=MYKOLAIV))


def test_a_move_of_which_only_the_first_half_was_stored_is_made_up() -> None:
    world = World()
    world.tell(told("a1"), told("a2"))
    left, _ = world.incidents.apply("UKR", told("a1", version=2, place=MYKOLAIV), NOON)
    world.stored[left.incident.id] = world.incidents.encode(left)
    world.incidents.restore(world.stored.values())
    world.tell(told("a1", version=2, place=MYKOLAIV))
    assert sorted([report.article for report in incident.reports] for incident in world.all) == [["a1"], ["a2"]]


def test_the_only_report_may_move_the_incident() -> None:
    world = World()
    world.tell(told("a1"))
    (incident,) = world.tell(told("a1", version=2, place=MYKOLAIV))
    assert (incident.place, len(world.all)) == (MYKOLAIV, 1)
    assert len(world.tell(told("a2", place=MYKOLAIV))[0].reports) == 2
    assert len(world.tell(told("a3"))[0].reports) == 1


def test_a_retraction_takes_the_report_away() -> None:
    world = World()
    world.tell(told("a1"), toll("a2", 9))
    (incident,) = world.tell(withdrawn(toll("a2"), 1))
    assert (len(incident.reports), incident.casualties, incident.severity_rule) == (1, [], "attack")
    assert not world.tell(toll("a2", 9)), "a late repeat"


def test_an_older_retraction_changes_nothing() -> None:
    world = World()
    world.tell(told(version=3))
    assert not world.tell(withdrawn(told(), 2))
    assert not world.tell(withdrawn(told("a9"), 1)), "nobody knows it"


def test_without_reports_it_is_retracted_and_takes_no_more() -> None:
    world = World()
    world.tell(told("a1"))
    (gone,) = world.tell(withdrawn(told("a1"), 1))
    assert (gone.retracted, gone.reports, gone.type, gone.place) == (True, [], "drone_strike", ODESA)
    (other,) = world.tell(told("a2"))
    assert other.id != gone.id
    (back,) = world.tell(told("a1", version=2))
    assert (back.id, back.retracted, len(back.reports)) == (gone.id, False, 1)


def test_what_comes_back_elsewhere_founds_anew() -> None:
    world = World()
    world.tell(told("a1"))
    (gone,) = world.tell(withdrawn(told("a1"), 1))
    (other,) = world.tell(told("a1", version=2, place=MYKOLAIV))
    assert other.id != gone.id
    assert not world.tell(told("a1", version=2, place=MYKOLAIV))
    assert world.tell(withdrawn(told("a1"), 2))[0].id == other.id


def test_a_full_incident_takes_no_more() -> None:
    world = World(replace(RULES, most_reports=3))
    world.tell(*(told(f"a{n}") for n in range(5)))
    assert [len(incident.reports) for incident in world.all] == [3, 2]


def test_in_a_full_incident_an_agency_s_new_report_takes_the_place_of_its_old_one() -> None:
    world = World(replace(RULES, most_reports=3))
    world.tell(*(told(f"a{n}") for n in range(3)))
    (incident,) = world.tell(told("b1", source_agency="Agency a1"))
    assert [report.article for report in incident.reports] == ["a0", "a2", "b1"]
    assert not world.tell(told("a1")), "what was replaced comes twice"
    world.tell(told("b2", "shelling", source_agency="Agency a1"))
    assert [len(incident.reports) for incident in world.all] == [3, 1]


def follows() -> list[ReportedDevelopment]:
    """An incident, and an article that tells it vaguely first and then as the other does."""
    return [told("a1"), toll("a1", 3), told("a2", "air_strike", actor=[], date=None, told=NOON + timedelta(hours=14)),
            told("a2", start=100), toll("a2", 3, start=200)]  # fmt: skip


def test_what_an_article_founded_follows_it_to_the_incident_that_it_turns_out_to_tell() -> None:
    world = World()
    world.tell(*follows()[:3])
    assert len(world.all) == 2
    joined, emptied = world.tell(follows()[3])
    assert [len(joined.reports), len(emptied.reports), emptied.retracted] == [4, 0, True]
    assert len(world.tell(follows()[4])[0].reports) == 5
    assert not world.tell(*follows())


def test_what_tells_of_another_day_does_not_follow() -> None:
    world = World()
    world.tell(*follows()[:2], told("a2", "air_strike", date="2026-05-10"), told("a2", start=100))
    assert [len(incident.reports) for incident in world.all] == [3, 1]


def test_following_of_which_only_the_first_half_was_stored_is_made_up() -> None:
    world = World()
    world.tell(*follows()[:3])
    joined, _ = world.incidents.apply("UKR", follows()[3], world.at)
    world.stored[joined.incident.id] = world.incidents.encode(joined)
    world.incidents.restore(world.stored.values())
    world.tell(follows()[3])
    assert sorted(len(incident.reports) for incident in world.all) == [0, 4]


def test_without_a_report_for_the_set_time_it_is_closed_and_forgotten() -> None:
    world = World()
    world.tell(told("a1"), told("a2", place=MYKOLAIV))
    world.tell(told("a3"), key="MDA")
    assert not world.incidents.expire("UKR", world.at + timedelta(days=6))
    closed = world.incidents.expire("UKR", world.at + timedelta(days=8))
    assert [case.incident.closed for case in closed] == [True, True]
    assert len(world.incidents) == 1
    assert not world.incidents.expire("UKR", world.at + timedelta(days=8))
    assert len(world.tell(told("a4"))[0].reports) == 1


def test_what_was_stored_under_other_rules_is_found_under_these() -> None:
    world = World(replace(RULES, groups=RULES.groups[::-1]))
    world.tell(told("a1"))
    world.incidents = Incidents(RULES, world.fetch, keep_days=7)
    world.incidents.restore(world.stored.values())
    assert len(world.tell(told("a2"))[0].reports) == 2


def test_the_revision_is_kept() -> None:
    world = World()
    world.tell(told("a1"))
    (case,) = map(decode, world.stored.values())
    case.incident = replace(case.incident, revision=4)
    world.stored[case.incident.id] = world.incidents.encode(case)
    assert world.tell(told("a2"))[0].revision == 4
    assert world.tell(withdrawn(told("a1"), 1), withdrawn(told("a2"), 1))[0].revision == 4
