"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from streams.broker import EmbeddedBroker
from streams.core.tagger import Tagger
from tests.real import TAGGER

settings.register_profile("newsroom", deadline=None)  # a busy machine is no fault of the code
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
