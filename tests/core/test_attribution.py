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
    ],
)
def test_status_and_source(told, language, text, expected):
    assert expected in told(text, language)


def test_a_denial_that_repeats_nothing_denies_what_was_told_last(told):
    found = told("Kinshasa accuse Kigali d'avoir déployé 4 000 soldats, ce que le Rwanda dément.", "fr")
    assert ("deployment", "denied", "RWA") in found
    assert ("accusation", "reported", None) in found


def test_people_who_flee_are_no_army_that_withdraws(told):
    assert [found[0] for found in told("More than 20,000 people have fled Goma.", "en")] == ["displacement"]
