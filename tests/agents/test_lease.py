"""When a worker may write. That it does not write once it may not is shown on a broker (tests/live/test_faults.py)."""

from __future__ import annotations

import pytest

from streams.agents.lease import Lease, LostPlace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_lease_lasts_a_session_from_when_the_heartbeat_was_sent() -> None:
    clock = Clock()
    lease = Lease(3, clock)
    assert not lease.holds
    lease.renew(98)
    clock.now = 100.9
    assert lease.holds
    clock.now = 101
    assert not lease.holds


def test_who_has_lost_its_place_may_not_write_until_the_group_answers_again() -> None:
    lease = Lease(3, Clock())
    lease.renew(100)
    lease.lose()
    assert not lease.holds
    lease.renew(100)
    assert lease.holds


def test_work_in_hand_ends_the_worker_that_loses_its_place() -> None:
    lease = Lease(3, Clock())
    ended: list[LostPlace] = []
    lease.on_lost = ended.append
    lease.renew(100)
    lease.lose()
    assert not ended
    lease.renew(100)
    with lease.work():
        lease.lose()
    assert len(ended) == 1


def test_no_work_begins_without_a_place() -> None:
    lease = Lease(3, Clock())
    lease.renew(100)
    lease.lose()
    with pytest.raises(LostPlace), lease.work():
        pass
    lease.renew(100)
    with lease.work():
        assert lease.holds
