"""A share of the hostile payloads in every run of the tests; `make hostile` runs them all, with their times, and over Kafka."""

from __future__ import annotations

import pytest

from tests.hostile.payloads import KINDS, make, plan
from tests.hostile.trial import MOST_SERIES, Trial, series

USUAL = [name for name, kind in KINDS.items() if not kind.big]
EACH = 8


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial()


@pytest.mark.parametrize("kind", USUAL)
def test_each_payload_gets_a_record_or_a_dead_letter_with_the_right_reason(kind: str, trial: Trial) -> None:
    for number in range(min(EACH, KINDS[kind].share)):
        assert trial.run(make(7, kind, number)).wrong == [], f"python -m tests.hostile --seed 7 --only {kind}/{number}"


@pytest.mark.parametrize("number", range(0, KINDS["huge"].share, 3))
def test_what_is_too_large_is_not_read(number: int, trial: Trial) -> None:
    tried = trial.run(make(7, "huge", number))
    assert (tried.reason, tried.wrong) == ("too-large", [])


@pytest.mark.timeout(60)
@pytest.mark.parametrize("number", range(KINDS["huge-allowed"].share))
def test_what_is_far_too_large_harms_nobody_where_the_limit_is_raised(number: int, trial: Trial) -> None:
    assert trial.run(make(7, "huge-allowed", number), KINDS["huge-allowed"].limit).wrong == []


def test_the_labels_of_the_metrics_are_bounded_whatever_comes_in(trial: Trial) -> None:
    for number in range(KINDS["labels"].share):
        trial.run(make(7, "labels", number))
    assert 100 < series(trial.metrics) < MOST_SERIES


def test_the_plan_is_the_same_for_the_same_seed_and_has_ten_thousand() -> None:
    assert list(plan(3)) == list(plan(3)) != list(plan(4))
    assert len(list(plan(3))) > 10_000
    assert all(make(3, kind, 5) == make(3, kind, 5) for kind in USUAL)
