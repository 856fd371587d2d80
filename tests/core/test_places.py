"""Places in seven languages, what is no place, and which place of the world a name means."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.place_names import PlaceMention, place_key
from streams.core.places import Gazetteer, kilometres
from streams.core.records import Place
from streams.core.text import Sentence, Tokenizer, fold
from streams.lexicons.places import load
from tests.real import told

TOKENIZERS = {
    language: Tokenizer(["l", "d", "n", "dell", "nell"] if language in ("fr", "it") else (), ["s"] if language == "en" else ())
    for language in ("en", "fr", "es", "it", "de", "uk", "ru")
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load()


def read(language: str, text: str) -> Sentence:
    return TOKENIZERS[language].tokens("body", 0, fold(text), 0, len(text))


def find(gazetteer: Gazetteer, language: str, text: str) -> list[PlaceMention]:
    return gazetteer.find(read(language, text), text, language)


def places(gazetteer: Gazetteer, language: str, text: str, **countries: int) -> list[Place | None]:
    mentions = find(gazetteer, language, text)
    context = gazetteer.countries(mentions) + Counter(countries)
    return [gazetteer.resolve(mention, mentions, context) for mention in mentions]


def first(gazetteer: Gazetteer, language: str, text: str, **countries: int) -> Place:
    place = places(gazetteer, language, text, **countries)[0]
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Drones struck Chernihiv."),
        ("fr", "A Tchernihiv, deux morts."),
        ("de", "Angriff auf Tschernihiw."),
        ("de", "Im Zentrum Tschernihiws schlug eine Rakete ein."),
        ("es", "Un ataque en Chernígov."),
        ("it", "Attacco su Chernihiv."),
        ("uk", "Удар по околицях Чернігова."),
        ("uk", "Обстріл під Черніговом."),
        ("ru", "Взрывы в Чернигове."),
    ],
)
def test_every_spelling_and_case_is_one_town(gazetteer: Gazetteer, language: str, text: str) -> None:
    assert first(gazetteer, language, text).geonameid == 710735


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("uk", "Бої біля Бахмута.", "UKR"),
        ("uk", "Вибухи у Кривому Розі.", "UKR"),
        ("uk", "Вибухи в Харкові.", "UKR"),
        ("ru", "Удар по Часову Яру.", "UKR"),
        ("ru", "Тревога в Белгородской области.", "RUS"),
        ("fr", "Les combats à N'Djamena.", "TCD"),
        ("fr", "Une frappe à Deir ez-Zor.", "SYR"),
        ("fr", "Une frappe à Port-Soudan.", "SDN"),
        ("es", "Bombardeo en la Franja de Gaza.", "PSE"),
        ("it", "Raid nella Striscia di Gaza.", "PSE"),
        ("de", "Angriffe im Gazastreifen.", "PSE"),
    ],
)
def test_country(gazetteer: Gazetteer, language: str, text: str, country: str) -> None:
    assert first(gazetteer, language, text).country == country


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nice work by the team."),
        ("en", "Reading is fun."),
        ("en", "He likes reading and tours."),
        ("en", "The New York Times reported it."),
        ("en", "Dynamo Kyiv won."),
        ("en", "We met Paul London there."),
        ("fr", "Tours et détours."),
        ("de", "Das Essen war gut."),
        ("uk", "Суджу його за вчинки."),
        ("de", "Das Ende des Lagers und des Hauses war nah."),
    ],
)
def test_words_persons_clubs_and_papers_are_no_places(gazetteer: Gazetteer, language: str, text: str) -> None:
    assert find(gazetteer, language, text) == []


def test_town_and_region_are_told_apart(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "en", "Fighting in Kherson.").precision == "city"
    region = first(gazetteer, "en", "Fighting in the Kherson region.")
    assert (region.precision, region.country, region.geonameid) == ("region", "UKR", None)
    assert first(gazetteer, "fr", "Dans la région de Kherson.") == Place("Kherson", "UKR", None, region.lat, region.lon, "region")


def test_adjective_of_a_town_names_its_surroundings(gazetteer: Gazetteer) -> None:
    place = first(gazetteer, "uk", "Бої на Покровському напрямку тривають.", UKR=2)
    assert (place.name, place.country, place.precision) == ("Покровському напрямку", "UKR", "region")


def test_country_has_no_point(gazetteer: Gazetteer) -> None:
    place = first(gazetteer, "en", "They fled Ukraine.")
    assert (place.country, place.lat, place.precision) == ("UKR", None, "country")


def test_sea_has_no_country_and_no_point(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "fr", "Un navire attaqué en mer Rouge.") == Place("mer Rouge")


def test_unknown_village_has_a_name_and_no_point(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "en", "They took the village of Blablavka.", UKR=3) == Place("Blablavka", "UKR")


def test_namesakes_of_one_country_stay_without_a_point(gazetteer: Gazetteer) -> None:
    place = first(gazetteer, "fr", "Le village de Novoselivka est tombé.", UKR=3)
    assert (place.country, place.lat, place.geonameid) == ("UKR", None, None)


def test_context_chooses_between_namesakes(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "en", "Shots in Tripoli.", LBN=5).country in ("LBN", None)
    assert first(gazetteer, "en", "Shots in Tripoli.", LBY=5).country == "LBY"


def test_rare_name_without_support_is_no_place(gazetteer: Gazetteer) -> None:
    assert places(gazetteer, "en", "The report quotes Newmarket.", RUS=4) == [None]


def test_kilometres() -> None:
    assert kilometres(50.45, 30.52, 50.45, 30.52) == 0
    assert kilometres(0, 0, 0, 180) == pytest.approx(20015, rel=1e-3)


def test_place_key_drops_latin_diacritics_only() -> None:
    assert place_key(["járkov"]) == "jarkov"
    assert place_key(["андріївка"]) == "андріївка"
    assert place_key(["port-soudan"]) == place_key(["port", "soudan"])


def test_names_are_sorted(gazetteer: Gazetteer) -> None:
    assert all(a < b for a, b in pairwise(gazetteer.names))


words = st.sampled_from(
    ["In", "Kyiv", "New", "York", "N'Djamena", "région", "de", "Kherson", "'", "-", "mer", "Rouge", "the", "village", "of", "Xyz"]
)


@given(st.lists(words, max_size=12).map(" ".join), st.sampled_from(sorted(TOKENIZERS)))
def test_a_place_never_holds_text_that_is_not_in_the_article(text: str, language: str) -> None:
    loaded = load_once()
    sentence = read(language, text)
    mentions = loaded.find(sentence, text, language)
    assert all(a.last < b.first for a, b in pairwise(mentions))
    for mention in mentions:
        place = loaded.resolve(mention, mentions, loaded.countries(mentions))
        assert mention.name in text
        assert place is None or (place.name == mention.name and (place.lat is None) == (place.lon is None))


_loaded: list[Gazetteer] = []


def load_once() -> Gazetteer:
    if not _loaded:
        _loaded.append(load())
    return _loaded[0]


@pytest.mark.parametrize(
    ("language", "text", "name", "lat"),
    [
        ("uk", "Удар по складу в Невідомівці Херсонської області.", "Невідомівці", 46.7),
        ("ru", "Взрыв в Неизвестном (Запорожская область).", "Неизвестном", 47.3),
        ("ru", "Бой в Неведомом под Бахмутом.", "Неведомом", 48.6),
    ],
)
def test_unknown_village_has_the_point_of_what_it_lies_in(gazetteer: Gazetteer, language: str, text: str, name: str, lat: float) -> None:
    place = first(gazetteer, language, text)
    assert (place.name, place.country, place.geonameid, place.precision) == (name, "UKR", None, "region")
    assert place.lat == pytest.approx(lat, abs=0.4)


@pytest.mark.parametrize(
    ("language", "text", "lat"),
    [
        ("ru", "Бои в Степановке (Сумская область).", 50.95),
        ("uk", "На складі в Сорокиному Луганської області вибух.", 48.3),
        ("ru", "Взрыв в городе Ровеньки в ЛНР.", 48.1),
    ],
)
def test_region_beside_a_town_chooses_the_namesake(gazetteer: Gazetteer, language: str, text: str, lat: float) -> None:
    place = first(gazetteer, language, text)
    assert (place.country, place.precision) == ("UKR", "city")
    assert place.lat == pytest.approx(lat, abs=0.2)


def test_namesake_outside_of_the_region_beside_it_is_not_meant(gazetteer: Gazetteer) -> None:
    place = first(gazetteer, "ru", "Удар по складу в Степановке (Запорожская область).")
    assert (place.geonameid, place.precision) == (None, "region")
    assert place.lat == pytest.approx(47.3, abs=0.4)


@pytest.mark.parametrize(
    ("language", "text", "name", "lat"),
    [
        ("uk", "Пожежа в Одеському порту.", "Одеському порту", 46.5),
        ("ru", "Удар по Лисичанскому нефтеперерабатывающему заводу.", "Лисичанскому нефтеперерабатывающему заводу", 48.9),
        ("uk", "У Київській та Львівській областях пожежі.", "Київській", 50.3),
        ("uk", "Нафтобаза у Феодосійському порту.", "Феодосійському порту", 45.0),
    ],
)
def test_adjectives_of_towns(gazetteer: Gazetteer, language: str, text: str, name: str, lat: float) -> None:
    place = first(gazetteer, language, text)
    assert place.name == name
    assert place.lat == pytest.approx(lat, abs=0.4)


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "Склад на правом берегу Днепра."), ("uk", "Переправа через Дніпро."), ("uk", "Постачання нафтопроводом «Дружба» зупинено.")],
)
def test_rivers_and_pipelines_are_no_towns(gazetteer: Gazetteer, language: str, text: str) -> None:
    assert all(place is None or place.lat is None for place in places(gazetteer, language, text))


def test_capital_is_meant_before_its_bigger_namesake(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "it", "Reclama Islamabad.", IND=1).country == "PAK"


@pytest.mark.parametrize(
    ("language", "text", "origin", "goal"),
    [
        ("en", "drones from southern Lebanon", True, False),
        ("de", "Raketen aus dem Libanon", True, False),
        ("it", "verso Kharkiv", False, True),
        ("uk", "у бік Харкова", False, False),
    ],
)
def test_whence_and_whereto(gazetteer: Gazetteer, language: str, text: str, origin: bool, goal: bool) -> None:
    mention = find(gazetteer, language, text)[-1]
    assert (mention.origin, mention.goal) == (origin, goal)


@pytest.mark.parametrize(
    ("language", "text", "code"), [("de", "Kämpfe in Ostpolen.", "POL"), ("de", "Im Südsudan.", "SSD"), ("de", "In Nordkorea.", "PRK")]
)
def test_parts_of_countries_in_german(gazetteer: Gazetteer, language: str, text: str, code: str) -> None:
    assert first(gazetteer, language, text).country == code


@pytest.mark.parametrize("second", ["Kidal region", "Kidal district", "Donetsk region", "Rivne district"])
def test_two_places_never_lie_in_each_other(second):
    text = f"Rebels shelled Kupiansk village {second} on Monday, the army said."
    assert told(text, "en", "shelling")[0].place is not None


HIDDEN = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
STRIKE = "Russian forces shelled {} on Tuesday, killing three civilians, the governor said."
LOOKALIKES = str.maketrans("AaBcCeEHiIjKMoOpPsTxXy", "АаВсСеЕНіІјКМоОрРѕТхХу")


@pytest.mark.parametrize("town", ["Kharkiv", "Odessa", "Khartoum"])
def test_what_nobody_sees_in_a_name_moves_no_point(town):
    [right] = {d.place.geonameid for d in told(STRIKE.format(town), "en")}
    for hidden in HIDDEN:
        for at in range(len(town) + 1):
            dressed = town[:at] + hidden + town[at:]
            found = told(STRIKE.format(dressed), "en")
            assert found and {d.place.geonameid for d in found if d.place} <= {right}, ascii(dressed)
            assert all(d.place.name in STRIKE.format(dressed) for d in found if d.place and 0 < at < len(town))


@pytest.mark.parametrize("town", ["Kharkiv", "Odessa", "Aleppo", "Moscow", "Kherson"])
def test_letters_of_another_script_that_look_the_same_are_no_point_elsewhere(town):
    """A name that is written so may be found or not; it is never another place."""
    [right] = {d.place.geonameid for d in told(STRIKE.format(town), "en")}
    for at in range(len(town)):
        for end in range(at + 1, len(town) + 1):
            forged = town[:at] + town[at:end].translate(LOOKALIKES) + town[end:]
            found = [d.place for language in ("en", "uk") for d in told(STRIKE.format(forged), language)]
            assert {place.geonameid for place in found if place and place.lat is not None} <= {right}, ascii(forged)
