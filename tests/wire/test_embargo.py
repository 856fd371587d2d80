"""A message that cannot be read stays unseen where anything in it speaks of an embargo, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streams.core.versions import NEVER
from streams.wire.embargo import of_unreadable

SIX = datetime(2026, 1, 23, 6, tzinfo=UTC)
TIMED = b'{"id": "a", "version": 0, "embargoed": "2026-01-23T06:00:00Z"'


@pytest.mark.parametrize(
    ("value", "until"),
    [
        (TIMED + b"}", SIX),
        (b'{"id": "a", "embargoed": null}', None),
        (b'{"id": "a", "embargoed": null, ', None),
        (b'{"id": "a", "embargoed"  :  null, ', None),
        (b'{"id": "a", "body": "\\"embargoed\\": \\"today\\""}', None),
        (TIMED, NEVER),
        (b'{"id": "a", "status": "withheld", ', NEVER),
        (b'{"id": "a", "status": "withheld"}', NEVER),
        (b'{"id": "a", "status": "withheld", "embargoed": "2026-01-23T06:00:00Z"}', SIX),
        (TIMED + b', "embargoed": null}', NEVER),
        (TIMED + b', "embargoed": "2001-01-01T00:00:00Z"}', NEVER),
        (b'{"uri": "a", "associations": {"b": {"embargoed": "2026-01-23T06:00:00Z"}}}', NEVER),
        (b"[" + TIMED + b"}]", NEVER),
        (TIMED.decode().encode("utf-16-le"), NEVER),
        (TIMED.decode().encode("utf-16"), NEVER),
        (b"", None),
        (b"\0\xff", None),
    ],
)
def test_until_when_a_broken_message_stays_unseen(value: bytes, until: datetime | None) -> None:
    assert of_unreadable(value) == until


def test_more_values_than_are_ever_read_are_searched_and_not_read() -> None:
    assert of_unreadable(TIMED + b', "x": [' + b"[]," * 20_000 + b"[]]}") == NEVER
    assert of_unreadable(b'{"id": "a", "x": [' + b"[]," * 20_000 + b"[]]}") is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [b'"embargoed":', b'"embargoed" ', b": ", b" ", b'{"', b"[{"])
def test_a_megabyte_of_any_piece_is_searched_in_linear_time(piece: bytes) -> None:
    assert of_unreadable(piece * (1_000_000 // len(piece))) in (NEVER, None)
