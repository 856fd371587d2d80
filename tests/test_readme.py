"""What the README shows is what the program says."""

import json
import re
from pathlib import Path

from streams.cli.root import COMMANDS
from streams.cli.settings import as_markdown
from streams.codec import decode
from streams.core.records import ReportedDevelopment

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def part(name: str) -> str:
    """What stands between the marks of that name."""
    found = re.search(rf"(?s)<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README)
    assert found is not None, f"README.md has no part {name}"
    return found[1]


def test_the_settings_are_those_of_the_program():
    assert part("settings") == as_markdown(), "paste the output of: newsroom settings --markdown"


def test_the_example_is_that_of_the_topic():
    shown = part("example").removeprefix("```json\n").removesuffix("\n```")
    assert json.loads(shown) == json.loads((ROOT / "schemas/examples/development.json").read_text(encoding="utf-8"))
    assert decode(shown.encode(), ReportedDevelopment).text


def test_every_command_that_is_named_exists():
    assert set(re.findall(r"(?m)(?:^|`)newsroom ([a-z][a-z-]+)", README)) <= set(COMMANDS)


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_tables_of_quality_and_speed_are_filled():
    assert part("score").count("|---") >= 4
    assert "worker" in part("bench")
