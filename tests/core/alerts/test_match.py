"""What a subscription asks for, and what is quoted to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from streams.core.alerts import matches
from streams.core.alerts.match import quotes
from streams.core.records import Circle, Place, Position, QuietHours
from tests.core.alerts.making import incident, report, subscription

HOUR = timedelta(hours=1)
PARIS_NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")


@pytest.mark.parametrize(
    ("asked", "record", "expected"),
    [
        ({}, {}, True),
        ({}, {"retracted": True}, False),
        ({"types": ["drone_strike"]}, {}, True),
        ({"types": ["casualties"]}, {"types": ["drone_strike", "casualties"]}, True),
        ({"types": ["talks"]}, {}, False),
        ({"types": ["talks"], "families": ["violence"]}, {}, True),
        ({"families": ["diplomacy"]}, {}, False),
        ({"countries": ["UKR"]}, {}, True),
        ({"countries": ["RUS"]}, {}, False),
        ({"countries": ["UKR"]}, {"place": None}, False),
        ({"near": [Circle(46.0, 31.0, 60)]}, {}, True),
        ({"near": [Circle(46.0, 31.0, 50)]}, {}, False),
        ({"near": [Circle(46.4775, 90.0, 1000)]}, {}, False),
        ({"near": [Circle(46.0, 31.0, 60)]}, {"place": Place("Odessa", "UKR")}, False),
        ({"countries": ["RUS"], "near": [Circle(46.0, 31.0, 60)]}, {}, True),
        ({"countries": ["UKR"], "near": [Circle(0, 0, 1)]}, {}, True),
        ({"parties": ["UKR"]}, {}, True),
        ({"parties": ["SDN"]}, {}, False),
        ({"languages": ["fr"]}, {"reports": [report(language="fr-CA")]}, True),
        ({"languages": ["FR-ca"]}, {"reports": [report(language="fr-CA")]}, True),
        ({"languages": ["fr-CA"]}, {"reports": [report(language="fr")]}, False),
        ({"languages": ["f"]}, {}, False),
        ({"languages": ["en"]}, {"reports": [report(), report(2, language="en")]}, True),
        ({"sources": ["afp"]}, {}, True),
        ({"sources": ["LE GOUVERNEUR"]}, {}, True),
        ({"sources": ["Reuters"]}, {}, False),
        ({"severity": "Severe"}, {}, True),
        ({"severity": "Severe"}, {"severity": "Extreme"}, True),
        ({"severity": "Severe"}, {"severity": "Moderate"}, False),
        ({"severity": "Minor"}, {"severity": "Unknown"}, False),
        ({"certainty": "Likely"}, {"certainty": "Possible"}, False),
        ({"certainty": "Likely"}, {"certainty": "Observed"}, True),
        ({"independent_sources": 2}, {}, False),
        ({"independent_sources": 2}, {"independent_sources": 2}, True),
        ({"statuses": ["denied"]}, {}, False),
        ({"statuses": ["denied"]}, {"positions": [Position("denied", ["RUS"])]}, True),
        ({"words": ["MORTS"]}, {}, True),
        ({"words": ["mort"]}, {}, False),
        ({"words": ["frappe  de drone"]}, {}, True),
        ({"words": ["port", "odessa"]}, {}, True),
        ({"words": ["a.a"]}, {}, False),
        ({}, {"status": "expected"}, False),
        ({"expected": True}, {"status": "expected"}, True),
        ({}, {"background": True}, False),
        ({"background": True}, {"background": True}, True),
        ({"countries": ["UKR"], "parties": ["SDN"]}, {}, False),
    ],
)
def test_matching(asked, record, expected):
    assert matches(subscription(**asked), incident(**record)) is expected


def test_the_best_quotes_come_first_and_every_outlet_before_a_second_of_one():
    reports = [report(n, outlet="afp" if n < 5 else f"o{n}", text=f"texte {n}", background=n == 9) for n in range(1, 10)]
    reports[3] = report(4, text="le port brûle")
    found = [quote.text for quote in quotes(incident(reports=reports), subscription(words=["port"]))]
    assert found == ["le port brûle", "texte 5", "texte 6", "texte 7", "texte 8"]


def test_a_clause_that_tells_two_things_is_quoted_once():
    twice = [report(1), report(2, type="infrastructure_damage", article="a1"), report(3, article="a1", start=40, end=50)]
    assert [(quote.article, quote.start) for quote in quotes(incident(reports=twice), subscription())] == [("a1", 0), ("a1", 40)]
