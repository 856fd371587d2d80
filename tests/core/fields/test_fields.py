"""Who, whom, where: sentences through the real tagger, and what must hold for all."""

from datetime import UTC, datetime

import pytest

from streams.core.records import Development
from tests.real import told

TUESDAY = datetime(2025, 10, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "kind", "actor", "target"),
    [
        ("fr", "La Russie a bombardé Kharkiv mardi.", "shelling", ["RUS"], ["UKR"]),
        ("fr", "Les drones lancés par la Russie ont frappé Kharkiv.", "drone_strike", ["RUS"], ["UKR"]),
        ("fr", "Une frappe aérienne de l'armée israélienne a détruit une école de Gaza.", "air_strike", ["ISR"], ["PSE"]),
        ("fr", "Les combattants du M23 se sont emparés de Goma.", "capture", ["M23"], ["COD"]),
        ("en", "Russian missiles hit Kharkiv overnight.", "shelling", ["RUS"], ["UKR"]),
        ("en", "Islamic State fighters ambushed the Syrian army near Sukhna.", "clash", ["ISIS"], ["SYR"]),
        ("de", "Erstmals haben polnische Kampfjets am Mittwoch drei russische Drohnen abgeschossen.", "interception", ["POL"], ["RUS"]),
        ("it", "L'artiglieria russa martella Kherson.", "shelling", ["RUS"], ["UKR"]),
        ("ru", "Россия атаковала Харьков ракетами.", "shelling", ["RUS"], ["UKR"]),
        ("en", "Ukraine shelled Russian positions near Bakhmut.", "shelling", ["UKR"], ["RUS"]),
        ("fr", "Les Forces de soutien rapide (FSR) se sont emparées d'El-Fasher.", "capture", ["RSF_SDN"], ["SDN"]),
        ("de", "Bei einem israelischen Luftangriff auf Rafah wurden 14 Menschen getötet.", "casualties", ["ISR"], ["PSE"]),
        ("en", "Thousands of protesters marched in Sanaa against Israel on Friday.", "protest", [], ["ISR"]),
        ("fr", "Des milliers de manifestants ont défilé à Nairobi contre le gouvernement.", "protest", [], ["KEN"]),
    ],
)
def test_who_did_it_to_whom(language, text, kind, actor, target):
    [development, *_] = told(text, language, kind)
    assert (development.actor, development.target) == (actor, target)


@pytest.mark.parametrize(
    ("language", "text", "kind", "status"),
    [
        ("en", "No Ukrainian drone was shot down over Moscow.", "interception", "denied"),
        ("fr", "Aucun drone n'a été intercepté au-dessus de Moscou par l'armée russe.", "interception", "denied"),
        ("es", "Estados Unidos venderá a Israel misiles Hellfire.", "arms_transfer", "expected"),
        ("fr", "L'armée éthiopienne aurait bombardé Mekele.", "shelling", "claimed"),
        ("en", "Pakistan shelled Poonch; Delhi says that it will answer.", "shelling", "reported"),
    ],
)
def test_what_it_is(language, text, kind, status):
    assert told(text, language, kind)[0].status == status


def test_a_verb_of_saying_is_known_by_its_place():
    assert told("L'armée russe a bombardé Kharkiv, fanfaronne Kiev.", "fr", "shelling")[0].source == "UKR"


def test_every_field_shows_where_it_stands():
    body = "The Russian army shelled Kharkiv on Monday, killing two people, the governor, Oleh Synegubov, said."
    shelling, toll = told(body, "en", published=datetime(2025, 10, 22, 9, tzinfo=UTC))

    def texts(development: Development) -> dict[str, list[str]]:
        return {name: [body[a:b] for a, b in spans] for name, spans in development.spans.items()}

    common = {"actor": ["Russian army"], "place": ["Kharkiv"], "target": ["Kharkiv"], "date": ["on Monday"], "source": ["Oleh Synegubov"]}
    assert texts(shelling) == common
    assert texts(toll) == common | {"quantities": ["two"]}


@pytest.mark.parametrize(("text", "status"), [("Россия ударит по Харькову.", "expected"), ("Россия ударила по Харькову.", "reported")])
def test_a_perfective_present_is_the_future(text, status):
    assert {d.status for d in told(text, "ru")} == {status}


def test_a_day_of_the_next_weeks_is_not_one_of_last_year():
    body = "Las delegaciones de Rusia y Ucrania se reúnen en Estambul el 24 de enero."
    [talks, *_] = told(body, "es", published=datetime(2026, 1, 22, tzinfo=UTC))
    assert (talks.date, talks.status, talks.background) == ("2026-01-24", "expected", False)


@pytest.mark.parametrize(
    ("text", "date", "status"),
    [
        ("On 3 May, Russian missiles hit Kharkiv.", "2025-05-03", "reported"),
        ("May 3 saw Russian missiles hit Kharkiv.", "2025-05-03", "reported"),
        ("Russian missiles may hit Kharkiv.", None, "expected"),
    ],
)
def test_a_month_in_capitals_plans_nothing(text, date, status):
    [shelling, *_] = told(text, "en", "shelling", TUESDAY)
    assert (shelling.date, shelling.status) == (date, status)
    assert shelling.place is not None and shelling.place.name == "Kharkiv"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am Freitag beginnen Gespräche zwischen Russland und der Ukraine in Istanbul."),
        ("fr", "Vendredi débutent des pourparlers entre Moscou et Kiev à Istanbul."),
    ],
)
def test_what_begins_on_a_weekday_is_to_come(language, text):
    [talks, *_] = told(text, language, "talks", TUESDAY)
    assert (talks.date, talks.status) == ("2025-10-24", "expected")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A Liberian-flagged tanker was hit by a missile in the Red Sea."),
        ("en", "A missile hit a tanker flying the flag of Liberia."),
        ("fr", "Un pétrolier battant pavillon libérien a été touché par un missile en mer Rouge."),
        ("de", "Ein unter liberianischer Flagge fahrender Frachter wurde von Drohnen angegriffen."),
        ("es", "Un buque con bandera de Liberia fue atacado con drones."),
        ("it", "Una petroliera con bandiera della Liberia è stata attaccata con droni."),
        ("ru", "Судно под флагом Либерии было атаковано дроном в Красном море."),
        ("uk", "Танкер під ліберійським прапором пошкоджено ракетою."),
    ],
)
def test_the_state_of_a_ships_flag_does_nothing(language, text):
    found = told(text, language, published=TUESDAY)
    assert found
    assert all("LBR" not in d.actor for d in found)
    assert all(d.place is None or d.place.country != "LBR" for d in found)


@pytest.mark.parametrize(
    ("language", "strike", "toll"),
    [
        ("fr", "Un drone a frappé un marché à Kherson mardi.", "2 personnes ont été tuées, selon les secours."),
        ("en", "A drone hit a market in Kherson on Tuesday.", "2 people were killed, rescuers said."),
        ("de", "Eine Drohne traf am Dienstag einen Markt in Cherson.", "2 Menschen wurden getötet."),
        ("es", "Un dron alcanzó un mercado en Jersón el martes.", "2 personas murieron, según los rescatistas."),
        ("it", "Un drone ha colpito un mercato a Kherson martedì.", "2 persone sono state uccise, secondo i soccorritori."),
        ("ru", "Во вторник дрон ударил по рынку в Херсоне.", "2 человека погибли, сообщили спасатели."),
        ("uk", "У вівторок дрон вдарив по ринку в Херсоні.", "2 людини загинули, повідомили рятувальники."),
    ],
)
def test_the_dead_of_a_strike_may_follow_it_in_a_sentence_of_their_own(language, strike, toll):
    assert "casualties" not in [d.type for d in told(toll, language, published=TUESDAY)]  # alone it may be any accident
    for between in (" ", "\n"):
        dead = [d for d in told(strike + between + toll, language, published=TUESDAY) if d.type == "casualties"]
        assert [(q.kind, q.min, q.max) for d in dead for q in d.quantities] == [("killed", 2, 2)]


def test_the_dead_of_something_else_two_paragraphs_on_are_no_toll():
    text = "A drone hit a market in Kherson.\nThe mayor spoke.\nShops reopened.\n2 people were killed."
    assert "casualties" not in [d.type for d in told(text, "en", published=TUESDAY)]


def test_an_attack_on_a_capital_is_no_accusation_of_its_state():
    for capital in ("Kyiv", "Mogadishu"):
        assert "accusation" not in [d.type for d in told(f"An attack on {capital} killed ten people.", "en", published=TUESDAY)]
    assert "accusation" in [d.type for d in told("France attacks Russia over the massacre of civilians.", "en", published=TUESDAY)]
