"""What a version that comes means for its story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core import versions
from streams.core.records import Article, Development, Place
from streams.core.versions import Held, Known

NOW = datetime(2025, 10, 22, 12, tzinfo=UTC)
DEVELOPMENT = Development(
    id="d", type="shelling", family="violence", plover="ASSAULT", field="body", start=5, end=8, text="the", rule="r",
    place=Place("Kharkiv", country="UKR"),
)  # fmt: skip


def article(version: int, **fields: object) -> Article:
    return Article(id="a", version=version, headline="h", **fields)  # type: ignore[arg-type]


def held(version: int) -> Held:
    return Held(version, NOW, False, NOW, 0, 0, 0, b"a", b"{}", [])


@pytest.mark.parametrize(
    ("known", "came", "step"),
    [
        (Known(), article(1), "publish"),
        (Known(1), article(1), "repeat"),
        (Known(2), article(1), "repeat"),
        (Known(1), article(2), "publish"),
        (Known(), article(1, status="canceled"), "kill"),
        (Known(2), article(2, signal="kill"), "kill"),
        (Known(2), article(2, signal="sig:kill"), "kill"),
        (Known(2), article(1, status="canceled"), "repeat"),
        (Known(2, canceled=True), article(2, status="canceled"), "repeat"),
        (Known(2, canceled=True), article(2), "repeat"),
        (Known(2, canceled=True), article(3), "publish"),
        (Known(), article(1, status="withheld"), "hold"),
        (Known(), article(1, embargoed=NOW), "publish"),
        (Known(), article(1, embargoed=NOW + timedelta(seconds=1)), "hold"),
        (Known(), article(1, embargoed=versions.NEVER), "hold"),
        (Known(), article(1, status="withheld", embargoed=NOW), "publish"),
        (Known(1, held=held(3)), article(2), "repeat"),
        (Known(1, held=held(3)), article(3, status="canceled"), "kill"),
        (Known(1, held=held(3)), article(4), "publish"),
        (Known(), article(1, status="canceled", embargoed=versions.NEVER), "kill"),
    ],
)
def test_what_a_version_means(known: Known, came: Article, step: str) -> None:
    assert versions.step(known, came, NOW) == step


def test_where_it_stands_is_no_change_and_what_it_says_is() -> None:
    known = Known(1, told=versions.told([("UKR", DEVELOPMENT)]))
    moved = msgspec.structs.replace(DEVELOPMENT, start=50, end=53, rule="other", spans={"actor": [(1, 2)]})
    assert versions.changed(known, [("UKR", moved)]) == []
    other = msgspec.structs.replace(DEVELOPMENT, status="denied")
    assert versions.changed(known, [("UKR", other)]) == [("UKR", other)]
    assert versions.gone(known, [("UKR", other)]) == []


def test_what_moves_to_another_key_is_taken_back_under_the_old_one() -> None:
    known = Known(1, told=versions.told([("UKR", DEVELOPMENT)]))
    assert versions.changed(known, [("RUS", DEVELOPMENT)]) == [("RUS", DEVELOPMENT)]
    assert [(id_, told.key) for id_, told in versions.gone(known, [("RUS", DEVELOPMENT)])] == [("d", "UKR")]


def test_a_canceled_article_keeps_nothing_that_it_said() -> None:
    text = "secret"
    full = Article(
        id="a", version=2, headline=text, body=text, byline=text, dateline=text, subjects=[text], status="canceled", source="TA"
    )
    assert text not in repr(versions.canceled(full))
    assert versions.canceled(full).source == "TA"


def test_what_is_known_comes_back_as_it_was() -> None:
    known = Known(3, told=versions.told([("UKR", DEVELOPMENT)]), held=held(4), touched=NOW)
    assert versions.decode_known(versions.encode_known(known)) == known


STATUSES = st.sampled_from(["usable", "canceled", "withheld"])


@given(st.lists(st.tuples(st.integers(1, 5), STATUSES), max_size=12))
def test_the_highest_version_wins_in_whatever_order_they_come(came: list[tuple[int, str]]) -> None:
    """Of two that bear one number the kill wins, so only one status a number is tried."""
    came = list(dict(came).items())
    end = [_run(order) for order in (came, sorted(came), sorted(came, reverse=True))]
    assert {(known.latest, known.canceled and known.version == known.latest, known.held is not None) for known in end} == {
        (end[0].latest, end[0].canceled and end[0].version == end[0].latest, end[0].held is not None)
    }


def _run(came: list[tuple[int, str]]) -> Known:
    known = Known()
    for version, status in came:
        step = versions.step(known, article(version, status=status), NOW)
        if step == "publish":
            known = Known(version)
        elif step == "kill":
            known = Known(version, canceled=True)
        elif step == "hold":
            known = msgspec.structs.replace(known, held=held(version))
    return known


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_no_embargo_ends_before_its_time(until: datetime, now: datetime) -> None:
    assert versions.embargo_over(article(1, embargoed=until), now) == (until <= now)
