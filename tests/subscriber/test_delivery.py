"""Delivering until it is taken."""

import pytest

from streams.subscriber import Misconfigured, NotNow, Refused
from streams.subscriber.delivery import LONGEST_SECONDS, deliver
from tests.subscriber.conftest import alert


class Ended(Exception):
    pass


def attempts(*outcomes, **options):
    """Deliver through an output that raises these in turn and then takes it; how long was waited, and what was said."""
    waited, said, left = [], [], list(outcomes)

    def output(one, value):
        assert (one, value) == (alert(), b"bytes")
        if left:
            raise left.pop(0)

    deliver(output, alert(), b"bytes", options.get("wait", waited.append), said.append)
    return waited, said


def test_taken_at_once_waits_for_nothing():
    assert attempts() == ([], [])


def test_a_receiver_that_is_away_for_long_is_tried_for_ever_and_more_and_more_slowly():
    waited, said = attempts(*(NotNow("HTTP 503") for _ in range(2_000)))
    assert len(waited) == 2_000 and waited[0] < 3 and waited[5] > waited[0]
    assert LONGEST_SECONDS * 0.9 < waited[-1] <= LONGEST_SECONDS + 1
    assert said[0].startswith("a1: not delivered yet: HTTP 503; again in ")


def test_a_receiver_may_ask_for_time_but_not_for_days():
    waited, _ = attempts(NotNow("busy", 120), NotNow("busy", 1e9), NotNow("busy", 0))
    assert waited[0] == 120 and waited[1] == 3600 and waited[2] < 60


@pytest.mark.parametrize("error", [Refused("no"), Misconfigured("no")])
def test_a_no_is_not_tried_again(error):
    with pytest.raises(type(error)):
        attempts(error)


def test_waiting_can_be_ended():
    def end(seconds):
        raise Ended

    with pytest.raises(Ended):
        attempts(NotNow("busy"), wait=end)
