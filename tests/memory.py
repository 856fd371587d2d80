"""An agent's memory for tests without a broker: what was stored is what would come back after a crash."""

from __future__ import annotations

from collections.abc import Iterator


class DictMemory:
    """As `streams.agents.state.State`, in two dictionaries."""

    def __init__(self, stored: dict[tuple[int, str], bytes] | None = None) -> None:
        self.stored = dict(stored or {})
        self._overlay: dict[tuple[int, str], bytes | None] = {}

    def get(self, partition: int, key: str) -> bytes | None:
        return self._overlay.get((partition, key), self.stored.get((partition, key)))

    def put(self, partition: int, key: str, value: bytes | None) -> None:
        self._overlay[partition, key] = value

    async def store(self) -> None:
        for key, value in self._overlay.items():
            if value is None:
                self.stored.pop(key, None)
            else:
                self.stored[key] = value
        self._overlay.clear()

    def all(self) -> Iterator[tuple[int, str, bytes]]:
        return ((partition, key, value) for (partition, key), value in self.stored.items())

    def sweep(self, count: int) -> Iterator[tuple[int, str, bytes]]:
        yield from list(self.all())[:count]
