"""Developments of a strike on Odesa, and a world that merges them, for the tests of incidents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from streams.core.incidents import Case, Incidents, decode
from streams.core.records import Incident, Place, Quantity, ReportedDevelopment
from streams.lexicons import load_incident_rules

RULES = load_incident_rules()
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
NIGHT = "2026-05-11/2026-05-12"
ODESA = Place("Odesa", "UKR", 698740, 46.48572, 30.74383, "city")
ODESSA = Place("Odessa", "UKR", 698740, 46.48572, 30.74383, "city")
MYKOLAIV = Place("Mykolaiv", "UKR", 700569, 46.96591, 31.9974, "city")
CHORNOMORSK = Place("Chornomorsk", "UKR", 709717, 46.30383, 30.65493, "city")
REGION = Place("Odesa region", "UKR", None, 46.6, 30.6, "region")
UKRAINE = Place("Ukraine", "UKR", None, None, None, "country")
STORY = "Russian drones struck the port city overnight and killed three people, the governor said, and rescuers were still at work."


def told(article: str = "a1", type_: str = "drone_strike", start: int = 0, **fields: Any) -> ReportedDevelopment:
    """A development of an article of its own agency, text and place: Odesa on Tuesday, struck by Russia."""
    made: dict[str, Any] = {
        "id": f"{article}-{type_}-{start}", "type": type_, "family": RULES.families[type_], "plover": "", "field": "body",  # type: ignore[index]
        "start": start, "end": start + 40, "text": f"{type_} as {article} tells it at {start}", "rule": "", "actor": ["RUS"],
        "target": ["UKR"], "place": ODESA, "date": "2026-05-12", "article": article, "version": 1, "source_agency": f"Agency {article}",
        "told": NOON, "fingerprint": article,
    }  # fmt: skip
    return ReportedDevelopment(**made | fields)


def toll(article: str = "a1", killed: int = 3, start: int = 50, **fields: Any) -> ReportedDevelopment:
    """A development that counts dead."""
    return told(article, "casualties", start, **{"quantities": [Quantity("killed", killed, killed)]} | fields)


class World:
    """The incidents with a store that keeps bytes, as the worker's does."""

    def __init__(self, rules: Any = RULES) -> None:
        self.stored: dict[str, bytes] = {}
        self.incidents = Incidents(rules, self.fetch, keep_days=7)
        self.at = NOON

    def fetch(self, id_: str) -> Case | None:
        return decode(self.stored[id_]) if id_ in self.stored else None

    def tell(self, *developments: ReportedDevelopment, key: str = "UKR") -> list[Incident]:
        """The incidents that the last of them changes."""
        changed: list[Case] = []
        for development in developments:
            self.at += timedelta(seconds=1)
            changed = self.incidents.apply(key, development, self.at)
            self.stored |= {case.incident.id: self.incidents.encode(case) for case in changed}
        return [case.incident for case in changed]

    @property
    def all(self) -> list[Incident]:
        return [decode(stored).incident for stored in self.stored.values()]


def merged(*developments: ReportedDevelopment, key: str = "UKR") -> list[Incident]:
    """All incidents that developments make, each told once."""
    world = World()
    world.tell(*developments, key=key)
    return world.all


def withdrawn(development: ReportedDevelopment, version: int) -> ReportedDevelopment:
    """As the wire's agent takes it back: nothing but what it was."""
    return ReportedDevelopment(
        id=development.id, type=development.type, family=development.family, plover="", field="body", start=0, end=0, text="", rule="",
        article=development.article, version=version, retracted=True,
    )  # fmt: skip
