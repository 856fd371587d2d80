"""Every scenario on Apache Kafka: those that start no workers share one, all at once; the others have their own, two at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.live import scenario
from tests.live.harness import Kafka, Newsroom
from tests.live.scenario import Run, Scenario, Watch

pytestmark = pytest.mark.live

SCENARIOS = {path.stem: path for path in scenario.FILES}


@pytest.fixture(scope="session")
def runs(kafka: Kafka, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[None]]]:
    """The scenarios that pytest was asked for, begun."""
    asked = {item.name for item in request.session.items}
    wanted = [scenario.load(path) for name, path in SCENARIOS.items() if f"test_scenario[{name}]" in asked]
    shared = [found for found in wanted if not found.owns_workers]
    own = [found for found in wanted if found.owns_workers]
    with ExitStack() as stack:
        begun: dict[str, Future[None]] = {}
        if shared:
            watch = stack.enter_context(Watch(Newsroom(kafka.address)))
            watch.workers.append(stack.enter_context(watch.room.worker()))
            together = stack.enter_context(ThreadPoolExecutor(len(shared)))
            begun |= {found.name: together.submit(Run(found, watch)) for found in shared}
        few = stack.enter_context(ThreadPoolExecutor(2))
        begun |= {found.name: few.submit(alone, kafka, found) for found in own}
        yield begun


def alone(kafka: Kafka, found: Scenario) -> None:
    """Run a scenario that starts its own workers."""
    with Watch(Newsroom(kafka.address)) as watch:
        Run(found, watch)()


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(runs: dict[str, Future[None]], name: str) -> None:
    try:
        runs[name].result()
    except AssertionError as error:
        pytest.fail(str(error), pytrace=False)
