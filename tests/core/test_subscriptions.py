"""What must hold of a subscription beyond its types."""

import pytest

from streams.core.countries import COUNTRIES
from streams.core.records import Circle, QuietHours, Subscription
from streams.core.subscriptions import check
from streams.lexicons.places import load


def test_one_with_everything_has_no_fault():
    assert check(Subscription(
        id="desk", name="Київ", types=["drone_strike"], countries=["UKR", "XKX"], near=[Circle(50.4, 30.5, 100, "Kyiv")],
        parties=["RUS", "RSF_SDN", "M23"], languages=["fr", "pt-BR", "zh-Hant-TW"], sources=["Harbour Wire"], words=["drone"],
        cooldown_seconds=900, digest_seconds=3600, quiet=QuietHours("22:00", "06:30", "Europe/Paris"), statuses=["confirmed", "expected"],
    )) == []  # fmt: skip


def test_the_least_has_no_fault():
    assert check(Subscription(id="desk")) == []


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"countries": ["UKR", "UKX"]}, "countries[1]: UKX is no country"),
        ({"parties": ["rus"]}, "parties[0]: 'rus'"),
        ({"parties": ["RUS", ""]}, "parties[1]: ''"),
        ({"languages": ["french!"]}, "languages[0]: 'french!'"),
        ({"words": ["drone", " "]}, "words[1]: it is blank"),
        ({"sources": [""]}, "sources[0]: it is blank"),
        ({"name": "a\nb"}, "name: it holds a line break"),
        ({"near": [Circle(1, 1, 1, "\x1b[2J")]}, "near[0].name: it holds a line break"),
        ({"cooldown_seconds": 604_801}, "cooldown_seconds: 604801 is longer than a week"),
        ({"digest_seconds": 10**12}, "digest_seconds: 1000000000000 is longer than a week"),
        ({"quiet": QuietHours("22:00", "06:00", "Europe/Pariss")}, "quiet.zone: 'Europe/Pariss' is no time zone"),
        ({"quiet": QuietHours("22:00", "06:00", "../etc/passwd")}, "quiet.zone: "),
        ({"quiet": QuietHours("22:00", "06:00", "Europe")}, "quiet.zone: 'Europe' is no time zone"),
        ({"quiet": QuietHours("22:00", "22:00", "UTC")}, "quiet: it starts and ends at 22:00"),
        ({"statuses": ["expected"]}, "statuses: only what is expected is asked for"),
    ],
)
def test_a_fault_is_named_with_its_path_and_the_cure(asked, path):
    (fault,) = check(Subscription(id="desk", **asked))
    assert fault.startswith(path) and (";" in fault or "," in fault)


def test_every_fault_is_named():
    assert len(check(Subscription(id="desk", countries=["AAA", "BBB"], words=[""], cooldown_seconds=10**9))) == 4


def test_expected_alone_is_fine_when_it_counts():
    assert check(Subscription(id="desk", statuses=["expected"], expected=True)) == []


def test_the_countries_are_those_that_the_gazetteer_gives_to_places():
    assert {code for code in load().codes if code} == COUNTRIES
