"""Where it happened: the event's place among the other names of a sentence and an article, in seven languages."""

import pytest

from streams.core.enrich import enrich
from streams.core.records import Article, Place
from tests.real import TAGGER


def place(text: str, language: str, kind: str) -> Place | None:
    found = [d for d in enrich(Article(id="x", body=text, language=language), TAGGER).developments if d.type == kind]
    assert found, f"no {kind} in {text}"
    return found[-1].place


def name(text: str, language: str, kind: str) -> str | None:
    found = place(text, language, kind)
    return found.name if found else None


@pytest.mark.parametrize(
    ("language", "text", "kind", "where"),
    [
        ("en", "Rockets fired from the south of Lebanon hit Haifa on Monday.", "shelling", "Haifa"),
        ("fr", "Des roquettes tirées depuis le Liban ont frappé Haïfa lundi.", "shelling", "Haïfa"),
        ("es", "Cohetes lanzados desde Gaza impactaron en Ashkelon el lunes.", "shelling", "Ashkelon"),
        ("it", "Razzi lanciati dal Libano hanno colpito Haifa lunedì.", "shelling", "Haifa"),
        ("de", "Aus dem Libanon abgefeuerte Raketen trafen am Montag Haifa.", "shelling", "Haifa"),
        ("uk", "Ракети, випущені з Криму, влучили в Одесу.", "shelling", "Одесу"),
        ("ru", "Ракеты, выпущенные из Крыма, попали в Одессу.", "shelling", "Одессу"),
    ],
)
def test_weapons_do_not_strike_where_they_come_from(language, text, kind, where):
    assert name(text, language, kind) == where


@pytest.mark.parametrize(
    ("language", "text", "where"),
    [
        ("en", "Thousands fled from Pokrovsk to Dnipro on Sunday.", "Pokrovsk"),
        ("fr", "Des milliers de civils ont fui Goma vers Gisenyi dimanche.", "Goma"),
        ("de", "Tausende Menschen sind aus Goma nach Gisenyi geflohen.", "Goma"),
        ("it", "Migliaia di civili sono fuggiti da Goma verso Gisenyi.", "Goma"),
        ("ru", "Тысячи жителей бежали из Гомы в Букаву.", "Гомы"),
    ],
)
def test_people_flee_from_a_place(language, text, where):
    assert name(text, language, "displacement") == where


@pytest.mark.parametrize(
    ("language", "text", "kind", "where"),
    [
        ("de", "Bei einem Angriff wurden nach Angaben der Polizei in Odessa drei Menschen getötet.", "casualties", "Odessa"),
        ("fr", "Le gouverneur de Kharkiv a annoncé que trois civils avaient été tués.", "casualties", "Kharkiv"),
        ("en", "Police in Bunia said gunmen killed five villagers.", "casualties", "Bunia"),
        ("ru", "Мэр Мелитополя сообщил: беспилотники атаковали аэродром.", "drone_strike", "Мелитополя"),
        ("en", "Five soldiers were killed in the night, the defence ministry in Kyiv said.", "casualties", None),
    ],
)
def test_a_local_speaker_tells_of_home_and_a_ministry_does_not(language, text, kind, where):
    assert name(text, language, kind) == where


@pytest.mark.parametrize(
    ("language", "text", "kind", "where"),
    [
        ("en", "Ukrainian drones struck oil depots in Kursk and Bryansk overnight.", "drone_strike", "Kursk"),
        ("fr", "Des drones ont frappé Soumy et Kharkiv mardi.", "drone_strike", "Soumy"),
        ("ru", "Беспилотники атаковали Курск и Брянск.", "drone_strike", "Курск"),
        ("uk", "Дрони атакували Харків та Суми.", "drone_strike", "Харків"),
    ],
)
def test_of_several_places_the_first(language, text, kind, where):
    assert name(text, language, kind) == where


@pytest.mark.parametrize(
    ("language", "text", "kind", "where"),
    [
        ("ru", "Херсон. Беспилотник атаковал больницу.", "drone_strike", "Херсон"),
        ("uk", "Ніч у Сумах була гучною. Дрон влучив у лікарню.", "drone_strike", "Сумах"),
        ("en", "Smoke stood over Odesa. Missiles hit a hospital.", "shelling", "Odesa"),
        ("en", "Ministers met in Geneva. A drone hit a hospital in Sumy.", "drone_strike", "Sumy"),
    ],
)
def test_the_sentence_before_may_name_the_place(language, text, kind, where):
    assert name(text, language, kind) == where


@pytest.mark.parametrize("text", ["The EU imposed sanctions on Iran in Brussels.", "The EU imposed new sanctions on Russian banks."])
def test_sanctions_have_no_place(text):
    assert name(text, "en", "sanction") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A drone hit a depot 50 km south of Kharkiv."),
        ("fr", "Un drone a frappé un dépôt à 50 km au sud de Kharkiv."),
        ("de", "Eine Drohne traf ein Depot 50 Kilometer südlich von Charkiw."),
        ("es", "Un dron alcanzó un depósito a 50 km al sur de Járkov."),
        ("it", "Un drone ha colpito un deposito a 50 km a sud di Kharkiv."),
        ("uk", "Дрон влучив у склад за 50 км на південь від Харкова."),
        ("ru", "Дрон попал в склад в 50 км к югу от Харькова."),
    ],
)
def test_a_distance_from_a_town_is_no_point_in_it(language, text):
    found = place(text, language, "drone_strike")
    assert found is not None
    assert found.precision == "region"
    assert found.lat == pytest.approx(49.98, abs=0.1)
