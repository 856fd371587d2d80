"""How much of one sentence is read: a hostile one names hundreds of places and tells hundreds of developments."""

from __future__ import annotations

from streams.core.developments.find import MOST
from streams.core.enrich import weighed
from streams.core.fields import spots
from streams.core.fields.story import Scene
from streams.core.records import Article
from tests.real import TAGGER

TOWNS = ("Kharkiv", "Odessa", "Kherson", "Poltava", "Mykolaiv", "Nikopol", "Kramatorsk", "Sloviansk", "Konotop", "Sumy")


def scenes(body: str) -> list[Scene]:
    return [note.scene for note in weighed(Article(id="x", body=body, language="en"), TAGGER)]


def test_a_sentence_tells_the_first_developments_only() -> None:
    body = "; ".join(f"Russia shelled {TOWNS[number % 10]} and Ukraine bombed Moscow" for number in range(25))
    found = scenes(body)
    assert len(found) == MOST
    assert found[0].reading.sentence.words[found[0].found.trigger] == "shelled"


def test_the_nearest_places_of_a_sentence_are_weighed() -> None:
    body = f"{', '.join(TOWNS * 6)} heard it when Russia shelled Bakhmut, {', '.join(TOWNS * 6)}"
    [scene] = [one for one in scenes(body) if one.found.type == "shelling"]
    assert len(scene.seen.places) > 100
    named = [spot.place.name for spot in spots.spots(scene) if spot.place and "named" in spot.signs]
    assert len(named) == spots.MOST and "Bakhmut" in named
    assert scene.place is not None and scene.place.name == "Bakhmut"
