"""The summary of a run: a row a kind of payload."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple


class Row(NamedTuple):
    """What one payload became."""

    kind: str
    number: int
    outcome: str
    reason: str
    times: float
    """CPU time, in times an honest article of its size."""


class Table:
    """Counts rows by kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, list[Row]] = defaultdict(list)
        self.count = 0

    def add(self, row: Row) -> None:
        """One more payload."""
        self.count += 1
        self._kinds[row.kind].append(row)

    def __str__(self) -> str:
        lines = ["| payloads | count | records | held | slowest | dead letters |", "|---|---:|---:|---:|---:|---|"]
        lines += [self._line(kind, rows) for kind, rows in self._kinds.items()]
        return "\n".join([*lines, self._line("all", [row for rows in self._kinds.values() for row in rows])])

    @staticmethod
    def _line(kind: str, rows: list[Row]) -> str:
        slowest = max(rows, key=lambda row: row.times)
        dead = Counter(row.reason for row in rows if row.outcome == "dead_letter")
        made = Counter("records" if row.outcome in ("enriched", "canceled") else row.outcome for row in rows)
        reasons = ", ".join(f"{reason} {count}" for reason, count in dead.most_common())
        shown = f"{slowest.times:.2f} ({slowest.kind}/{slowest.number})"
        return f"| {kind} | {len(rows):,} | {made['records']:,} | {made['held']:,} | {shown} | {reasons} |"
