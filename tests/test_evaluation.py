"""The plain lines that the weights are fitted to: every slot can be filled, every type exists."""

import re
from pathlib import Path

import pytest
import yaml

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
