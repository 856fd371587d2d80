"""The set of incidents is well formed, and its scorer counts pairs, mixtures and sources as it says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from merging import Gold, Telling, Told, count, elsewhere, judged, load, mixed, reports, sources, sources_held, together, torn
from report import LANGUAGES

from streams.core.records import Incident, Report

LEAST_INCIDENTS = 60
LEAST_REPORTS = 200
NEWS = timedelta(days=2)
"""The last update comes within it, from the midnight before the morning that an incident is dated by."""


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return load()


def test_there_are_enough_incidents_reports_and_languages(told: list[Told]) -> None:
    several = [one for one in told if len(one.reports) > 1]
    languages = Counter(report.telling.language for report in reports(told))

    assert len(several) >= LEAST_INCIDENTS
    assert languages.total() >= LEAST_REPORTS
    assert set(languages) == set(LANGUAGES)
    assert min(languages.values()) >= 20
    assert languages.most_common(1)[0][0] == "fr"


def test_a_third_is_held(told: list[Told]) -> None:
    parts = Counter(one.part for one in told)
    assert 0.3 < parts["held"] / (parts["held"] + parts["work"]) < 0.37


def test_names_are_used_once_and_all_that_are_referred_to_exist(told: list[Told]) -> None:
    names = [one.id for one in told]

    assert len(names) == len(set(names))
    for one in told:
        for telling in one.reports:
            assert set(telling.also) <= set(names) - {one.id}


def test_reports_have_an_offset_and_come_when_the_incident_is_news(told: list[Told]) -> None:
    for report in reports(told):
        published = report.telling.published
        assert published.tzinfo is not None, report.id
        assert timedelta() <= published.replace(tzinfo=None) - datetime.combine(report.incident.day, datetime.min.time()) < NEWS, report.id


def test_no_two_reports_have_the_same_text(told: list[Told]) -> None:
    texts = Counter((report.telling.headline, report.telling.body) for report in reports(told))

    assert [text for text, n in texts.items() if n > 1] == []


def test_every_report_is_written(told: list[Told]) -> None:
    for report in reports(told):
        assert report.telling.headline.strip(), report.id
        assert report.telling.body.strip(), report.id
        assert report.telling.source.strip(), report.id


def test_some_incidents_share_their_town_and_day_and_some_only_their_town(told: list[Told]) -> None:
    places = Counter((one.town, one.day) for one in told if one.town)
    towns = Counter(town for town, _ in places)

    assert sum(n > 1 for n in places.values()) >= 4
    assert sum(n > 1 for n in towns.values()) >= 8


def a_telling(source: str = "A", **more: object) -> Telling:
    return Telling(language="fr", published=datetime(2026, 3, 3, tzinfo=UTC), source=source, headline="h", body="b", **more)  # type: ignore[arg-type]


def a_told(name: str, *tellings: Telling, town: str = "Odesa", day: int = 3) -> Told:
    return Told(id=name, tells="", town=town, day=date(2026, 3, day), reports=list(tellings))


def an_incident(name: str, *articles: str, background: tuple[str, ...] = (), sources: int = 1) -> Incident:
    held = [
        Report(development=f"{name}:{article}", article=article, version=1, type="clash", field="body", start=0, end=1, text="x",
               background=article in background)
        for article in (*articles, *background)
    ]  # fmt: skip
    return Incident(id=name, type="clash", family="violence", reports=held, independent_sources=sources)


PORT = a_told("port", a_telling("A"), a_telling("B"), a_telling("C", of="A"))
HOMES = a_told("homes", a_telling("A"), a_telling("B", also=["port"]), day=5)
GOLD = reports([PORT, HOMES])


def counted(*incidents: Incident, gold: list[Gold] = GOLD) -> tuple[int, int, int]:
    counts = count(judged(gold, together(incidents)))
    return counts.right, counts.wrong, counts.missed


def test_all_put_right() -> None:
    assert counted(an_incident("x", "port/1", "port/2", "port/3"), an_incident("y", "homes/1", "homes/2")) == (4, 0, 0)


def test_one_left_out_is_missed_with_each_of_the_others() -> None:
    assert counted(an_incident("x", "port/1", "port/2"), an_incident("y", "homes/1", "homes/2")) == (2, 0, 2)


def test_all_in_one_is_wrong_but_for_the_report_that_tells_of_both() -> None:
    everything = an_incident("x", "port/1", "port/2", "port/3", "homes/1", "homes/2")

    assert counted(everything) == (4, 3, 0)
    assert mixed(GOLD, [everything]) == [everything]


def test_a_report_may_lie_in_all_that_it_tells_of() -> None:
    both = an_incident("x", "port/1", "port/2", "port/3", "homes/2"), an_incident("y", "homes/1", "homes/2")

    assert counted(*both) == (4, 0, 0)
    assert mixed(GOLD, both) == []
    assert torn(GOLD, both) == []


def test_background_puts_nothing_together() -> None:
    assert counted(an_incident("x", "port/1", background=("homes/1", "port/2"))) == (0, 0, 4)


def test_pairs_that_lie_together_twice_count_once_and_are_torn() -> None:
    twice = an_incident("x", "port/1", "port/2"), an_incident("y", "port/1", "port/2", "port/3")

    assert counted(*twice) == (3, 0, 1)
    assert torn(GOLD, twice) == ["port/1", "port/2"]


def test_figures_of_counts() -> None:
    counts = count(judged(GOLD, together([an_incident("x", "port/1", "port/2", "homes/1")])))

    assert (counts.precision, counts.recall, counts.f1) == (1 / 3, 1 / 4, 2 / 7)
    assert count([]).f1 is None


def test_elsewhere_is_another_day_or_another_town_that_is_known() -> None:
    assert elsewhere(PORT, HOMES)
    assert elsewhere(PORT, a_told("b", town="Kyiv"))
    assert not elsewhere(PORT, a_told("b"))
    assert not elsewhere(PORT, a_told("b", town=""))


def test_sources_are_those_of_the_incident_that_holds_most_and_least_else() -> None:
    whole, part = an_incident("y", "port/1", "port/2", "port/3", sources=2), an_incident("x", "port/1", sources=9)
    two, other = an_incident("z", "port/1", "port/2", "port/3", "homes/2", sources=7), an_incident("h", "homes/2", sources=1)

    assert sources(GOLD, [part, whole]) == [("port", 2, 2)]
    assert sources(GOLD, [two, whole, other]) == [("homes", 2, 1), ("port", 2, 2)]


def test_sources_of_what_was_put_together_are_those_of_its_reports() -> None:
    assert sources_held(GOLD, [an_incident("y", "port/1", "port/3", sources=2)]) == [("y", 1, 2)]
