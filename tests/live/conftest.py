"""One Apache Kafka for the whole run. Without Java or Maven the live tests are skipped in one line; with CI=true that is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.live import harness

_why_skipped: list[str] = []


@pytest.fixture(scope="session")
def kafka() -> Iterator[harness.Kafka]:
    """Apache Kafka, started once."""
    try:
        node = harness.Kafka()
    except harness.Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI=true, and the live tests cannot run: {reason}", pytrace=False)
        _why_skipped[:] = [str(reason)]
        pytest.skip(str(reason))
    with node:
        yield node


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in _why_skipped:
        terminalreporter.write_line(f"live tests skipped: {reason}", yellow=True)
