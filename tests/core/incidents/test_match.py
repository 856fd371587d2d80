"""Developments that tell of the same thing become one incident; what differs stays apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from streams.core.records import Place, ReportedDevelopment
from streams.core.signature import signature
from tests.core.incidents.making import (
    CHORNOMORSK,
    MYKOLAIV,
    NIGHT,
    NOON,
    ODESSA,
    REGION,
    STORY,
    UKRAINE,
    World,
    merged,
    told,
    toll,
)

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
