"""Where it happened: the event's place among the other names of a sentence and an article, in seven languages."""

import pytest

from streams.core.records import Place
from tests.real import told


def place(text: str, language: str, kind: str) -> Place | None:
    return told(text, language, kind)[-1].place


@pytest.mark.parametrize(
    ("language", "text", "kind", "where"),
    [
        # weapons come from elsewhere
        ("en", "Rockets fired from the south of Lebanon hit Haifa on Monday.", "shelling", "Haifa"),
        ("fr", "Des roquettes tirées depuis le Liban ont frappé Haïfa lundi.", "shelling", "Haïfa"),
        ("es", "Cohetes lanzados desde Gaza impactaron en Ashkelon el lunes.", "shelling", "Ashkelon"),
        ("it", "Razzi lanciati dal Libano hanno colpito Haifa lunedì.", "shelling", "Haifa"),
        ("de", "Aus dem Libanon abgefeuerte Raketen trafen am Montag Haifa.", "shelling", "Haifa"),
        ("uk", "Ракети, випущені з Криму, влучили в Одесу.", "shelling", "Одесу"),
        ("ru", "Ракеты, выпущенные из Крыма, попали в Одессу.", "shelling", "Одессу"),
        # people flee from a place
        ("en", "Thousands fled from Pokrovsk to Dnipro on Sunday.", "displacement", "Pokrovsk"),
        ("fr", "Des milliers de civils ont fui Goma vers Gisenyi dimanche.", "displacement", "Goma"),
        ("de", "Tausende Menschen sind aus Goma nach Gisenyi geflohen.", "displacement", "Goma"),
        ("it", "Migliaia di civili sono fuggiti da Goma verso Gisenyi.", "displacement", "Goma"),
        ("ru", "Тысячи жителей бежали из Гомы в Букаву.", "displacement", "Гомы"),
        # a local speaker tells of home, a ministry does not
        ("de", "Bei einem Angriff wurden nach Angaben der Polizei in Odessa drei Menschen getötet.", "casualties", "Odessa"),
        ("fr", "Le gouverneur de Kharkiv a annoncé que trois civils avaient été tués.", "casualties", "Kharkiv"),
        ("en", "Police in Bunia said gunmen killed five villagers.", "casualties", "Bunia"),
        ("ru", "Мэр Мелитополя сообщил: беспилотники атаковали аэродром.", "drone_strike", "Мелитополя"),
        ("en", "Five soldiers were killed in the night, the defence ministry in Kyiv said.", "casualties", None),
        # of several the first
        ("en", "Ukrainian drones struck oil depots in Kursk and Bryansk overnight.", "drone_strike", "Kursk"),
        ("fr", "Des drones ont frappé Soumy et Kharkiv mardi.", "drone_strike", "Soumy"),
        ("ru", "Беспилотники атаковали Курск и Брянск.", "drone_strike", "Курск"),
        ("uk", "Дрони атакували Харків та Суми.", "drone_strike", "Харків"),
        # the sentence before
        ("ru", "Херсон. Беспилотник атаковал больницу.", "drone_strike", "Херсон"),
        ("uk", "Ніч у Сумах була гучною. Дрон влучив у лікарню.", "drone_strike", "Сумах"),
        ("en", "Smoke stood over Odesa. Missiles hit a hospital.", "shelling", "Odesa"),
        ("en", "Ministers met in Geneva. A drone hit a hospital in Sumy.", "drone_strike", "Sumy"),
        # states and capitals that only act; a place that is not known; a capital that falls
        ("fr", "Berlin a promis à Kiev la livraison de deux systèmes Patriot.", "arms_transfer", None),
        ("en", "Talks between Moscow and Kyiv opened in Istanbul on Monday.", "talks", "Istanbul"),
        ("en", "Gunmen massacred villagers in Karmadougou, the army of Burkina Faso said.", "attack_on_civilians", "Karmadougou"),
        ("de", "Kabul fiel am Sonntag an die Taliban.", "capture", "Kabul"),
        # sanctions have none
        ("en", "The EU imposed sanctions on Iran in Brussels.", "sanction", None),
        ("en", "The EU imposed new sanctions on Russian banks.", "sanction", None),
    ],
)
def test_where_it_happened(language, text, kind, where):
    found = place(text, language, kind)
    assert (found.name if found else None) == where


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
