"""Which date an event takes: that of its own clause, not of a statement, of another event or of another story."""

from datetime import UTC, datetime

import pytest

from streams.core.records import Development
from tests.real import WAR, told

TUESDAY = datetime(2025, 10, 21, 12, tzinfo=UTC)


def last(text: str, language: str, kind: str) -> Development:
    return told(text, language, kind, TUESDAY, WAR)[-1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian missiles hit Kharkiv on Monday.\nThree people were killed and nine wounded, the mayor said."),
        ("fr", "Des missiles russes ont frappé Kharkiv lundi.\nTrois personnes ont été tuées, selon le maire."),
        ("de", "Russische Raketen trafen am Montag Charkiw.\nDrei Menschen wurden getötet, sagte der Bürgermeister."),
        ("es", "Misiles rusos alcanzaron Járkov el lunes.\nTres personas murieron, según el alcalde."),
        ("it", "Missili russi hanno colpito Kharkiv lunedì.\nTre persone sono state uccise, ha detto il sindaco."),
        ("uk", "Російські ракети влучили в Харків у понеділок.\nТроє людей загинули, сказав мер."),
        ("ru", "Российские ракеты попали в Харьков в понедельник.\nТри человека погибли, сказал мэр."),
    ],
)
def test_the_dead_of_the_next_paragraph_are_those_of_the_strike(language: str, text: str) -> None:
    assert last(text, language, "casualties").date == "2025-10-20"


@pytest.mark.parametrize(
    "text",
    [
        "Russian missiles hit Kharkiv on Monday.\nIn Sudan, three people were killed in El Fasher.",
        "Russian forces entered Kharkiv on Monday.\nThree people were killed in Kharkiv.",
        "Russian missiles hit Kharkiv on Monday.\nTalks go on.\nNobody knows.\nThe army is silent.\nThree people were killed in Kharkiv.",
        "Russian missiles hit Kharkiv in May 2024.\nThree people were killed in Kharkiv.",
    ],
)
def test_the_dead_of_another_place_of_no_strike_of_later_or_of_history_have_no_date(text: str) -> None:
    assert last(text, "en", "casualties").date is None


@pytest.mark.parametrize(
    ("language", "text", "kind", "date"),
    [
        ("en", "The Security Council on Monday demanded a truce in Gaza.", "demand", "2025-10-20"),
        ("en", "The Security Council on Monday demanded a truce in Gaza.", "ceasefire", None),
        ("en", "On Monday, Kyiv accused Moscow of shelling Kherson.", "accusation", "2025-10-20"),
        ("fr", "Lundi, Kiev a accusé Moscou d'avoir bombardé Kherson.", "accusation", "2025-10-20"),
        ("fr", "Lundi, Kiev a accusé Moscou d'avoir bombardé Kherson.", "shelling", None),
        ("en", "Kyiv accused Moscow of shelling Kherson on Monday.", "shelling", "2025-10-20"),
        ("fr", "L'armée russe a affirmé lundi avoir pris Soudja.", "capture", None),
        ("de", "Trump fordert von der Hamas bis Sonntag die Freilassung der Geiseln.", "demand", None),
    ],
)
def test_the_day_of_a_statement_dates_the_statement_alone(language: str, text: str, kind: str, date: str | None) -> None:
    assert last(text, language, kind).date == date


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Talks between Russia and Ukraine are due in Istanbul on Friday."),
        ("fr", "Les négociateurs russes et ukrainiens se réuniront vendredi à Istanbul."),
        ("es", "Las conversaciones entre Rusia y Ucrania, que comenzarán el viernes, serán en Estambul."),
        ("it", "Russia e Ucraina si incontreranno venerdì a Istanbul."),
        ("uk", "Переговори Росії та України призначено на п'ятницю."),
        ("ru", "Переговоры России и Украины назначены на пятницу."),
        ("de", "Russland und die Ukraine wollen am Freitag in Istanbul verhandeln."),
    ],
)
def test_a_day_to_come_is_read_ahead(language: str, text: str) -> None:
    talks = last(text, language, "talks")
    assert (talks.date, talks.status) == ("2025-10-24", "expected")


def test_the_evening_before_counts_from_the_day_of_the_sentence() -> None:
    text = "Al-Shabab took Wanlaweyn on Monday, the garrison having pulled out of the town the evening before."
    assert last(text, "en", "withdrawal").date == "2025-10-19"


def test_an_hour_belongs_to_the_day_of_the_news_and_not_to_history() -> None:
    text = "Despite the truce of 27 November 2024, Israel keeps soldiers in Lebanon.\nIn the evening Israel shot down a drone over Metula."
    assert last(text, "en", "interception").date == "2025-10-21"


@pytest.mark.parametrize(
    ("text", "kind", "old"),
    [
        ("More than 61,000 people have been killed in Gaza, the health ministry said.", "casualties", True),
        ("More than 61 people have been killed in Gaza, the health ministry said.", "casualties", False),
        ("Russia shelled Kherson in June.", "shelling", True),
        ("Russia shelled Kherson last week.", "shelling", False),
        ("Russia will lift the blockade of Odesa that it has enforced since February.", "siege", False),
    ],
)
def test_what_began_long_ago_or_sums_up_a_war_is_background(text: str, kind: str, old: bool) -> None:
    assert last(text, "en", kind).background is old
