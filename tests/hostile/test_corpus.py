"""What the fuzzer found is run again in every run of the tests."""

from __future__ import annotations

import pytest

from tests.hostile.targets import CORPUS, TARGETS, kept


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found_fails_no_more(target: str) -> None:
    found = kept(target)
    assert found, f"{CORPUS} has nothing for {target}: make fuzz keeps it"
    for data in found:
        TARGETS[target](data)
