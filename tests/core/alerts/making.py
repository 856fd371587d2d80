"""Incidents and subscriptions for the tests of alerts: plain ones by keyword, and any by hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec.structs import replace

from streams.core.alerts import Watch, follow, tick
from streams.core.records import (
    CapCertainty,
    CapSeverity,
    Circle,
    DevelopmentType,
    Figure,
    HeadlineLanguage,
    Incident,
    Place,
    Position,
    QuantityKind,
    QuietHours,
    Report,
    Status,
    Subscription,
    Toll,
)
from streams.lexicons import load_phrases

PHRASES = load_phrases()
LANGUAGES: tuple[HeadlineLanguage, ...] = get_args(HeadlineLanguage)
TYPES: tuple[DevelopmentType, ...] = get_args(DevelopmentType)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ODESSA = Place(name="Odessa", country="UKR", geonameid=698740, lat=46.4775, lon=30.7326, precision="city")


def report(number: int = 1, **fields: Any) -> Report:
    """The `number`th report of a drone strike on Odessa."""
    text = fields.get("text", "Une frappe de drone a fait trois morts à Odessa")
    plain: dict[str, Any] = {
        "development": f"d{number}", "article": f"a{number}", "version": 1, "agency": "AFP", "outlet": "afp", "language": "fr",
        "told": NOON, "type": "drone_strike", "field": "body", "start": 0, "end": len(text), "text": text, "place": ODESSA,
        "source": "le gouverneur", "status": "claimed",
    }  # fmt: skip
    return Report(**(plain | fields))


def toll(least: float | None, most: float | None, kind: QuantityKind = "killed", source: str | None = "le gouverneur") -> Toll:
    """A count with one figure that gives it."""
    return Toll(kind=kind, min=least, max=most, figures=[Figure(min=least, max=most, source=source, development="d1")])


def incident(**fields: Any) -> Incident:
    """A drone strike on Odessa; `fields` say what is otherwise."""
    plain: dict[str, Any] = {
        "id": "i1", "type": "drone_strike", "types": ["drone_strike"], "family": "violence", "place": ODESSA, "date": "2026-03-02",
        "actor": ["RUS"], "target": ["UKR"], "reports": [report()], "independent_sources": 1, "status": "claimed",
        "positions": [Position("claimed", ["le gouverneur"])], "casualties": [toll(3, 3)], "severity": "Severe", "certainty": "Possible",
    }  # fmt: skip
    return Incident(**(plain | fields))


def subscription(**fields: Any) -> Subscription:
    """One that asks for nothing, in French."""
    return Subscription(**({"id": "desk", "language": "fr"} | fields))


# -- any of them -------------------------------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=60) | st.text("ab \n\u200b\u202e\u0000А'Ї", max_size=200)
PLACES = st.builds(
    Place, TEXTS, st.sampled_from([None, "UKR", "SDN", "XXX"]), st.sampled_from([None, 1, 2]),
    lat=st.floats(-90, 90), lon=st.floats(-180, 180), precision=st.sampled_from([None, "city", "region", "country"]),
)  # fmt: skip
NAMES = TEXTS | st.sampled_from(["UKR", "RUS", "UN", "HAMAS", "le gouverneur"])
COUNTS = st.none() | st.integers(0, 10**12) | st.floats(0, 10**6)
STATUSES = st.sampled_from(get_args(Status))
TOLLS = st.builds(toll, COUNTS, COUNTS, st.sampled_from(get_args(QuantityKind)), st.none() | NAMES)
REPORTS = st.builds(
    report, st.integers(1, 9), text=TEXTS, place=st.none() | PLACES, language=st.sampled_from([None, *LANGUAGES, "fr-CA"]),
    source=st.none() | NAMES, agency=st.none() | NAMES, status=STATUSES,
)  # fmt: skip
INCIDENTS = st.builds(
    incident, type=st.sampled_from(TYPES), family=st.sampled_from(["violence", "diplomacy"]), place=st.none() | PLACES,
    actor=st.lists(NAMES, max_size=5), target=st.lists(NAMES, max_size=5), reports=st.lists(REPORTS, max_size=4), status=STATUSES,
    positions=st.lists(st.builds(Position, STATUSES, st.lists(NAMES, max_size=3)), max_size=3), casualties=st.lists(TOLLS, max_size=3),
)  # fmt: skip

CLOCKS = st.sampled_from(["00:00", "01:30", "02:30", "06:00", "12:00", "22:00", "23:59"])
QUIET = st.builds(QuietHours, CLOCKS, CLOCKS, st.sampled_from(["Europe/Paris", "UTC", "Asia/Kathmandu", "America/New_York"]))
SUBSCRIPTIONS = st.builds(
    subscription, countries=st.sampled_from([[], [], ["UKR"]]), near=st.sampled_from([[], [], [Circle(lat=46, lon=31, radius_km=100)]]),
    severity=st.sampled_from(["Unknown", "Unknown", "Severe"]), expected=st.booleans(),
    cooldown_seconds=st.sampled_from([0, 0, 3600, 86_400]), digest_seconds=st.sampled_from([0, 0, 300, 3600, 86_400]),
    quiet=st.none() | QUIET, language=st.sampled_from(["fr", "ru"]),
)  # fmt: skip

_CHANGES: list[st.SearchStrategy[dict[str, Any]]] = [
    st.fixed_dictionaries({field: values})
    for field, values in {
        "severity": st.sampled_from(get_args(CapSeverity)),
        "certainty": st.sampled_from(get_args(CapCertainty)),
        "independent_sources": st.integers(1, 3),
        "status": STATUSES,
        "retracted": st.booleans(),
        "casualties": st.sampled_from([[], [toll(3, 3)], [toll(3, 5)]]),
        "place": st.sampled_from([None, ODESSA]),
        "actor": st.sampled_from([[], ["RUS"]]),
    }.items()
]
_WAITS = st.sampled_from([timedelta(minutes=1), timedelta(hours=1), timedelta(hours=9)]) | st.timedeltas(timedelta(0), timedelta(days=2))
_EVENTS = st.one_of(
    st.one_of(*_CHANGES), st.one_of(*_CHANGES), st.none(),
    st.tuples(st.sampled_from(["desk", "night"]), st.none() | SUBSCRIPTIONS),
)  # fmt: skip
STORIES = st.tuples(SUBSCRIPTIONS, SUBSCRIPTIONS, st.lists(st.tuples(_WAITS, _EVENTS), min_size=2, max_size=25))
"""Two subscriptions, then one thing after another, each with the time since the last: what a record says that is new (a mapping),
a subscription that is put or removed (its name with the subscription or None), or nothing."""


def renamed(asked: Subscription, name: str) -> Subscription:
    """The same under another id."""
    return replace(asked, id=name)


class Desk:
    """A subscriber: what came, in order."""

    def __init__(self, **asked):
        self.asked = {"desk": subscription(**asked)}
        self.watch: Watch | None = None
        self.at = NOON

    def hears(self, record=None, after=timedelta(0)):
        """What a record, or the time alone, brings."""
        self.at += after
        if record is not None:
            self.watch, alerts = follow(self.watch, record, self.asked, self.at, PHRASES)
        else:
            self.watch, alerts = tick(self.watch, self.asked, self.at, PHRASES) if self.watch else (None, [])
        return alerts


def kinds(alerts):
    return [alert.msg_type for alert in alerts]
