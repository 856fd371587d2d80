"""Who says so and what it is: sentences in French and English through the real tagger."""

import pytest

from streams.core.enrich import enrich
from streams.core.records import Article


@pytest.fixture(scope="module")
def told(tagger):
    """(type, status, source) of each development of a sentence."""

    def tell(text: str, language: str) -> list[tuple[str, str, str | None]]:
        return [(d.type, d.status, d.source) for d in enrich(Article(id="x", body=text, language=language), tagger).developments]

    return tell


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'artillerie a pilonné Kherson.", ("shelling", "reported", None)),
        ("fr", "L'artillerie a pilonné Kherson, selon le maire, Paul Durand.", ("shelling", "claimed", "Paul Durand")),
        ("fr", "L'armée ukrainienne a reconnu son retrait de la ville.", ("withdrawal", "confirmed", "UKR")),
        ("fr", "L'artillerie va pilonner Kherson.", ("shelling", "expected", None)),
        ("en", "Russian artillery shelled the town.", ("shelling", "reported", None)),
        ("en", "Russian artillery shelled the town, the governor, John Smith, said.", ("shelling", "claimed", "John Smith")),
        ("en", "According to the Ukrainian army, artillery shelled the town.", ("shelling", "claimed", "UKR")),
        ("en", "Artillery shelled the town, according to the U.N.", ("shelling", "claimed", "UN")),
        ("en", "Artillery shelled the town, Gov. John Smith said.", ("shelling", "claimed", "John Smith")),
        ("de", "Die Huthi haben nach eigenen Angaben ein Schiff im Roten Meer beschossen.", ("shelling", "claimed", "HOUTHI")),
        ("de", "Nordkorea hat nach Angaben Südkoreas eine Rakete getestet.", ("exercise", "claimed", "KOR")),
        # behind, inside and before what is said; who speaks by his office and name
        ("en", "Artillery shelled Kharkiv, the governor, John Smith, told local radio.", ("shelling", "claimed", "John Smith")),
        ("es", "El Ejército ruso bombardeó Odesa con misiles, según el gobernador, Oleh Kiper.", ("shelling", "claimed", "Oleh Kiper")),
        ("it", "L'artiglieria ha bombardato Kherson, ha scritto il governatore Oleh Kiper.", ("shelling", "claimed", "Oleh Kiper")),
        ("uk", "Російські війська обстріляли Харків, повідомив голова ОВА Олег Кіпер.", ("shelling", "claimed", "Олег Кіпер")),
        ("ru", "Российские войска обстреляли Харьков, сообщил глава ОВА Олег Кипер.", ("shelling", "claimed", "Олег Кипер")),
        ("de", "Die Artillerie beschoss Charkiw, teilte der Gouverneur Oleh Kiper mit.", ("shelling", "claimed", "Gouverneur Oleh Kiper")),
        # people and bodies that are no state's keep the words of the text
        ("en", "Artillery shelled Kharkiv, Turkish sources said.", ("shelling", "claimed", "Turkish sources")),
        ("fr", "Selon des sources turques, l'artillerie a pilonné Kherson.", ("shelling", "claimed", "sources turques")),
        ("ru", "По словам жителей Харькова, артиллерия обстреляла город.", ("shelling", "claimed", "жителей Харькова")),
        ("es", "Human Rights Watch documentó la ejecución de 12 civiles en Jartum.", ("casualties", "claimed", "Human Rights Watch")),
        ("uk", "У Москві заявили, що українські дрони атакували Бєлгород.", ("drone_strike", "claimed", "RUS")),
        # accusers and those who demand are the source of what they speak of
        ("en", "The Sudanese army accused the RSF of shelling a hospital in El Obeid.", ("shelling", "claimed", "SDN")),
        ("it", "L'esercito sudanese accusa le Rsf di aver bombardato un ospedale a El Obeid.", ("shelling", "claimed", "SDN")),
        ("es", "«Liberen a los rehenes», pidió el papa León a Hamás.", ("release", "expected", "el papa León")),
        # a verb that promises, behind who promises
        ("en", "Kherson will be shelled by our artillery, a Russian army spokesman promised.", ("shelling", "expected", "RUS")),
        # no speaker: an agreement, a truce that is declared
        ("ru", "Москва объявила перемирие до полуночи среды.", ("ceasefire", "reported", None)),
        ("de", "Putin verkündet eine Waffenruhe von 30 Stunden.", ("ceasefire", "reported", None)),
        ("es", "Según el acuerdo del domingo, las milicias se retiraron de Raqa.", ("withdrawal", "reported", None)),
        # each clause its own speaker
        ("fr", "Kiev affirme que l'artillerie russe a pilonné Kherson, ce que Moscou dément.", ("shelling", "claimed", "UKR")),
        ("es", "Kiev afirma que la artillería bombardeó Jersón, algo que Moscú niega.", ("shelling", "claimed", "UKR")),
    ],
)
def test_status_and_source(told, language, text, expected):
    assert expected in told(text, language)


def test_the_german_mood_carries_the_speaker_on(told):
    found = told("Die ukrainische Armee meldete Beschuss in Charkiw. Zehn russische Soldaten seien dabei getötet worden.", "de")
    assert ("casualties", "claimed", "UKR") in found


def test_a_body_without_a_state_is_that_of_the_state_named_with_it_before(told):
    found = told("The Israeli army struck Damascus. Rockets were fired at Damascus again, the army said.", "en")
    assert ("shelling", "claimed", "ISR") in found


def test_a_clause_behind_a_coordinator_speaks_for_itself_only(told):
    found = told("Artillery shelled Kharkiv, but the army says its soldiers captured Kupiansk.", "en")
    assert ("shelling", "reported", None) in found


def test_a_denial_that_repeats_nothing_denies_what_was_told_last(told):
    found = told("Kinshasa accuse Kigali d'avoir déployé 4 000 soldats, ce que le Rwanda dément.", "fr")
    assert ("deployment", "denied", "RWA") in found
    assert ("accusation", "reported", None) in found


def test_people_who_flee_are_no_army_that_withdraws(told):
    assert [found[0] for found in told("More than 20,000 people have fled Goma.", "en")] == ["displacement"]
