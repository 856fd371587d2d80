"""One Apache Kafka for the whole run. Without Java or Maven the live tests are skipped in one line; with CI=true that is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.live import harness

_why_skipped: list[str] = []


@pytest.fixture(scope="session")
def jars() -> None:
    """What Apache Kafka needs is here."""
    try:
        harness.jars()
    except harness.Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI=true, and the live tests cannot run: {reason}", pytrace=False)
        _why_skipped[:] = [str(reason)]
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def kafka(jars: None) -> Iterator[harness.Kafka]:
    """Apache Kafka, started once."""
    with harness.Kafka() as node:
        yield node


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in _why_skipped:
        terminalreporter.write_line(f"live tests skipped: {reason}", yellow=True)
