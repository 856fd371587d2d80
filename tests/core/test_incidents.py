"""Developments that tell of the same thing become one incident; what differs stays apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.core.incidents import Case, Incidents, decode, encode
from streams.core.incidents.outlets import Outlets
from streams.core.incidents.toll import tolls
from streams.core.records import Incident, Place, Quantity, Report, ReportedDevelopment
from streams.core.signature import signature
from streams.lexicons import load_incident_rules

RULES = load_incident_rules()
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
NIGHT = "2026-05-11/2026-05-12"
ODESA = Place("Odesa", "UKR", 698740, 46.48572, 30.74383, "city")
ODESSA = Place("Odessa", "UKR", 698740, 46.48572, 30.74383, "city")
MYKOLAIV = Place("Mykolaiv", "UKR", 700569, 46.96591, 31.9974, "city")
CHORNOMORSK = Place("Chornomorsk", "UKR", 709717, 46.30383, 30.65493, "city")
REGION = Place("Odesa region", "UKR", None, 46.6, 30.6, "region")
UKRAINE = Place("Ukraine", "UKR", None, None, None, "country")
STORY = "Russian drones struck the port city overnight and killed three people, the governor said, and rescuers were still at work."


def told(article: str = "a1", type_: str = "drone_strike", start: int = 0, **fields: Any) -> ReportedDevelopment:
    """A development of an article of its own agency, text and place: Odesa on Tuesday, struck by Russia."""
    made: dict[str, Any] = {
        "id": f"{article}-{type_}-{start}", "type": type_, "family": RULES.families[type_], "plover": "", "field": "body",  # type: ignore[index]
        "start": start, "end": start + 40, "text": f"{type_} as {article} tells it at {start}", "rule": "", "actor": ["RUS"],
        "target": ["UKR"], "place": ODESA, "date": "2026-05-12", "article": article, "version": 1, "source_agency": f"Agency {article}",
        "told": NOON, "fingerprint": article,
    }  # fmt: skip
    return ReportedDevelopment(**made | fields)


def toll(article: str = "a1", killed: int = 3, start: int = 50, **fields: Any) -> ReportedDevelopment:
    """A development that counts dead."""
    return told(article, "casualties", start, **{"quantities": [Quantity("killed", killed, killed)]} | fields)


class World:
    """The incidents with a store that keeps bytes, as the worker's does."""

    def __init__(self, rules: Any = RULES) -> None:
        self.stored: dict[str, bytes] = {}
        self.incidents = Incidents(rules, self.fetch, keep_days=7)
        self.at = NOON

    def fetch(self, id_: str) -> Case | None:
        return decode(self.stored[id_]) if id_ in self.stored else None

    def tell(self, *developments: ReportedDevelopment, key: str = "UKR") -> list[Incident]:
        """The incidents that the last of them changes."""
        changed: list[Case] = []
        for development in developments:
            self.at += timedelta(seconds=1)
            changed = self.incidents.apply(key, development, self.at)
            self.stored |= {case.incident.id: encode(case) for case in changed}
        return [case.incident for case in changed]

    @property
    def all(self) -> list[Incident]:
        return [decode(stored).incident for stored in self.stored.values()]


def merged(*developments: ReportedDevelopment, key: str = "UKR") -> list[Incident]:
    """All incidents that developments make, each told once."""
    world = World()
    world.tell(*developments, key=key)
    return world.all


def withdrawn(development: ReportedDevelopment, version: int) -> ReportedDevelopment:
    """As the wire's agent takes it back: nothing but what it was."""
    return ReportedDevelopment(
        id=development.id, type=development.type, family=development.family, plover="", field="body", start=0, end=0, text="", rule="",
        article=development.article, version=version, retracted=True,
    )  # fmt: skip


TOLERATED = {
    "the town in another language": {"place": ODESSA},
    "the region around the town": {"place": REGION},
    "a night that ends on the day": {"date": NIGHT},
    "no date, told the same day": {"date": None},
    "no date, told the same night": {"date": None, "told": NOON + timedelta(hours=11)},
    "nobody named": {"actor": [], "target": []},
    "another weapon": {"type_": "shelling"},
    "the dead": {"type_": "casualties"},
    "what was hit": {"type_": "infrastructure_damage"},
    "what was shot down": {"type_": "interception", "actor": ["UKR"], "target": []},
    "a denial": {"status": "denied", "source": "RUS"},
}


@pytest.mark.parametrize("fields", TOLERATED.values(), ids=TOLERATED)
@pytest.mark.parametrize("turned", [False, True], ids=["after", "before"])
def test_one_incident(fields: dict[str, Any], turned: bool) -> None:
    pair = [told("a1"), told("a2", **fields)]
    (incident,) = merged(*reversed(pair) if turned else pair)
    assert len(incident.reports) == 2
    assert not incident.reports[0].reasons
    assert {reason.partition(":")[0] for reason in incident.reports[1].reasons} >= {"place", "date"}


APART = {
    "another town": {"place": MYKOLAIV},
    "a town that the gazetteer does not know": {"place": Place("Nova Odesa", "UKR")},
    "another day": {"date": "2026-05-14"},
    "the next day": {"date": "2026-05-13"},
    "the day before the night": {"date": "2026-05-10"},
    "the next night": {"date": "2026-05-12/2026-05-13", "of": NIGHT},
    "no date, told the next day": {"date": None, "told": NOON + timedelta(hours=20)},
    "no date, told two days later": {"date": None, "told": NOON + timedelta(days=2)},
    "a whole month": {"date": "2026-05"},
    "the other side": {"actor": ["UKR"], "target": ["RUS"]},
    "somebody else": {"actor": ["POL"]},
    "nothing but the country": {"place": UKRAINE},
    "no place": {"place": None},
    "the region, with one side only": {"place": REGION, "actor": []},
    "another kind of thing": {"type_": "displacement"},
    "fighting in the town": {"type_": "clash"},
    "a plan": {"status": "expected", "date": None},
    "history": {"background": True, "date": None},
}


@pytest.mark.parametrize("fields", APART.values(), ids=APART)
@pytest.mark.parametrize("turned", [False, True], ids=["after", "before"])
def test_two_incidents(fields: dict[str, Any], turned: bool) -> None:
    others = {name: value for name, value in fields.items() if name != "of"}
    pair = [told("a1", date=fields.get("of", "2026-05-12")), told("a2", **others)]
    assert len(merged(*reversed(pair) if turned else pair)) == 2


def test_other_keys_are_other_incidents() -> None:
    world = World()
    world.tell(told("a1"))
    world.tell(told("a2"), key="MDA")
    assert len(world.all) == 2


def test_what_tells_nothing_joins_what_its_article_tells_last() -> None:
    nothing = {"place": None, "date": None, "actor": [], "target": []}
    odesa, mykolaiv = merged(told("a1"), told("a1", start=100, place=MYKOLAIV), toll("a1", start=200, **nothing), toll("a2", **nothing))[:2]
    assert [len(odesa.reports), len(mykolaiv.reports)] == [1, 2]
    assert "article: own article (a1)" in mykolaiv.reports[1].reasons


def test_what_tells_nothing_joins_what_a_copy_tells_in_the_same_words() -> None:
    words = {"text": "three people were killed", "signature": signature(STORY)}
    other = {"place": None, "date": None, "actor": [], "target": []}
    assert len(merged(toll("a1", **words), toll("a2", **words, **other))) == 1
    assert len(merged(toll("a1", **words), toll("a2", **other))) == 2


def test_a_coarse_place_joins_nothing_where_two_towns_are_as_likely() -> None:
    assert len(merged(told("a1"), told("a2", place=CHORNOMORSK), told("a3", place=REGION))) == 3


def test_a_coarse_place_is_the_town_where_day_parties_and_victims_are_the_same() -> None:
    assert len(merged(toll("a1", 3), toll("a2", 3, place=UKRAINE))) == 1
    assert len(merged(toll("a1", 3), toll("a2", 3, place=MYKOLAIV), toll("a3", 3, place=UKRAINE))) == 3
    assert len(merged(toll("a1", 3), toll("a2", 4, place=UKRAINE))) == 2
    assert len(merged(toll("a1", 3), toll("a2", 3, place=UKRAINE, actor=[]))) == 2


def test_a_name_that_the_gazetteer_does_not_know_is_another_town_unless_it_is_spelt_otherwise_or_the_toll_is_the_same() -> None:
    village = {"place": Place("Дейр-Хафер", "UKR")}
    assert len(merged(toll("a1", 3, **village), toll("a2", 3, place=Place("Deir Hafer", "UKR", 1, 36.2, 37.7, "city")))) == 1
    assert len(merged(toll("a1", 3, **village), toll("a2", 3))) == 2
    assert len(merged(toll("a1", 17, **village), toll("a2", 17))) == 1


def test_other_parties_are_the_same_seen_otherwise_where_place_day_and_victims_are_the_same() -> None:
    assert len(merged(told("a1"), told("a2", target=["LBR"]))) == 1, "a ship by its flag, and by the coast"
    assert len(merged(told("a1", target=["LBR"]), told("a2", target=["POL"]))) == 2
    assert len(merged(toll("a1", 3), toll("a2", 3, actor=["LBR"]))) == 1
    assert len(merged(told("a1"), told("a2", actor=["UKR"], target=["RUS"], status="denied"))) == 1, "who denies it"


def test_the_next_day_is_the_same_where_the_toll_is_hardly_by_chance() -> None:
    assert len(merged(toll("a1", 17), toll("a2", 17, date="2026-05-13"))) == 1
    assert len(merged(toll("a1", 17), toll("a2", 18, date="2026-05-13"))) == 2
    assert len(merged(toll("a1", 17), toll("a2", 17, date="2026-05-14"))) == 2
    assert len(merged(toll("a1", 17), toll("a2", 17, date="2026-05-13", place=MYKOLAIV))) == 2


def test_the_next_day_in_the_words_of_the_day_before_is_another() -> None:
    words = {"text": "a drone hit a fuel depot", "signature": signature(STORY)}
    assert len(merged(told("a1", **words), told("a2", **words, date="2026-05-13"))) == 2


def test_fighting_and_a_strike_are_one_where_an_article_says_so() -> None:
    both = [told("a1"), told("a1", "clash", start=100)]
    assert len(merged(*both)) == 1
    assert len(merged(*both, told("a2"), told("a3", "clash"))) == 1


def test_without_a_date_the_next_day_it_is_the_same_where_the_toll_is() -> None:
    later = {"date": None, "told": NOON + timedelta(hours=20)}
    assert len(merged(toll("a1", 2), toll("a2", 2, **later))) == 1
    assert len(merged(toll("a1", 2), toll("a2", 4, **later))) == 2


def test_days_do_not_drift() -> None:
    hours = [told(f"a{n}", date=None, told=NOON + timedelta(hours=16 * n)) for n in range(6)]
    assert len(merged(*hours)) > 1


def test_talks_are_told_apart_by_who_talks() -> None:
    def talks(article: str, *parties: str) -> ReportedDevelopment:
        return told(article, "talks", actor=list(parties), target=[], place=None)

    assert len(merged(talks("a1", "USA", "IRN"), talks("a2", "IRN", "USA"))) == 1
    assert len(merged(talks("a1", "USA", "IRN"), talks("a2", "USA", "ISR"))) == 2
    assert len(merged(talks("a1", "USA"), talks("a2", "USA", "ISR"))) == 2


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
    world.stored[left.incident.id] = encode(left)
    world.incidents.restore(map(decode, world.stored.values()))
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
    world.stored[joined.incident.id] = encode(joined)
    world.incidents.restore(map(decode, world.stored.values()))
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


def test_the_revision_is_kept() -> None:
    world = World()
    world.tell(told("a1"))
    (case,) = map(decode, world.stored.values())
    case.incident = replace(case.incident, revision=4)
    world.stored[case.incident.id] = encode(case)
    assert world.tell(told("a2"))[0].revision == 4
    assert world.tell(withdrawn(told("a1"), 1), withdrawn(told("a2"), 1))[0].revision == 4


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
            world.incidents.restore(map(decode, world.stored.values()))
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
        towns = {r.place.geonameid or r.place.name for r in incident.reports if r.place and r.place.precision in ("city", None)}
        assert len(towns) < 2
        days = [date.fromisoformat(r.date) for r in incident.reports if r.date and len(r.date) == 10 and r.date != "soon"]
        assert not days or max(days) - min(days) <= timedelta(1)
        assert incident.retracted == (not incident.reports)
