"""What the quality is measured and the weights are fitted with: plain lines, the fit, and how near a point is."""

import re
from pathlib import Path

import fit
import places
import pytest
import yaml
from plain import TELLINGS, tellings

from streams.core.fields.spots import Spot
from streams.core.records import Place
from tests.real import TAGGER

FILES = sorted((Path(__file__).parent.parent / "evaluation" / "plain").glob("*.yml"))
SLOT = re.compile(r"\{([XYP]):(\w+)\}")


def test_each_language_has_plain_lines():
    assert [path.stem for path in FILES] == ["de", "en", "es", "fr", "it", "ru", "uk"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plain_lines_can_be_told_of_all_parties(path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(data["parties"]) == 8
    for line in data["lines"]:
        assert line["type"] in TAGGER.types.families, line
        slots = SLOT.findall(line["text"])
        assert all(form in forms for forms in data["parties"].values() for _, form in slots), line
        named = {who for who, _ in slots}
        assert {who for side in ("actor", "target") for who in line.get(side, "").split("+") if who} <= named, line
        if line.get("place"):
            who, form = line["place"].split(":")
            assert who in named and all(form in forms for forms in data["parties"].values()), line


def test_a_line_is_told_of_other_parties_each_time_and_of_the_same_in_every_run():
    told = [one for one in tellings() if one.line == "en0"]
    assert len({one.text for one in told}) == TELLINGS
    assert all("{" not in one.text and one.actor.isdisjoint(one.target) for one in told)
    assert told == [one for one in tellings() if one.line == "en0"]


def example(right: str, *signs: str) -> fit.PlaceExample:
    spots = [Spot(Place(name, "UKR"), [sign]) for name, sign in zip("ABC", signs, strict=True)]
    return fit.PlaceExample(right, "en", "shelling", 1.0, {"place": {"name": right, "country": "UKR"}}, spots)


def test_the_fit_learns_which_sign_decides():
    seen = [example("B", "far", "near", "told"), example("C", "told", "far", "near"), example("A", "near", "told", "far")] * 3
    model = fit.Model(seen)
    weights = model.table()["place"]
    assert weights["near"]["all"] > 0 > weights["far"]["all"]
    assert model.hits([example("C", "far", "told", "near")]).all()
    assert model.hits([example("A", "far", "told", "near")]).tolist() == [[True, False]]  # the country, not the name


def test_near_is_within_fifty_kilometres():
    assert places.near({"lat": 49.98, "lon": 36.25}, (50.2, 36.3))
    assert not places.near({"lat": 49.98, "lon": 36.25}, (48.0, 37.8))
    assert not places.near({"lat": None, "lon": None}, (50.0, 36.3))
    assert not places.near(None, (50.0, 36.3))
