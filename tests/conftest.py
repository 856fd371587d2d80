"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from streams.broker import EmbeddedBroker
from streams.core.tagger import Tagger
from tests.real import TAGGER

# A busy machine is no fault of the code; where a change is judged, the dice of the day are none of its.
settings.register_profile("newsroom", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("newsroom")


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedBroker]:
    """One embedded broker for the whole run: needs nothing but Python, tells nothing about faults, lag or compaction."""
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The real tagger, loaded once."""
    return TAGGER
