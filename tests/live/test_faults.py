"""A few of the faults of `make faults`: workers killed, stopped, frozen and joined under load, on a broker of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.run import Run

pytestmark = pytest.mark.live


def test_nothing_is_lost_or_wrong_when_workers_die_freeze_and_come_back(tmp_path: Path) -> None:
    said: list[str] = []
    result = Run("workers", seed=1, messages=250, faults=5, dump=tmp_path).go(said.append)
    assert not result.faults, "\n".join([*said, *result.faults[:20]])
    assert len(result.injected) == 5
