"""The alerts that a past of incidents makes, as a worker that was there would have sent them. Reading that past is not for this module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush

from streams.core.alerts import Phrases, Watch, due, follow, tick
from streams.core.records import Alert, Incident, Subscription


def replay(
    incidents: Iterable[tuple[datetime, Incident]],
    subscriptions: Mapping[str, Subscription],
    phrases: Mapping[str, Phrases],
    until: datetime,
) -> Iterator[Alert]:
    """Every alert from the first record to `until`; the incidents come with the time of their records, oldest first."""
    past = _Past(subscriptions, phrases)
    for at, incident in incidents:
        yield from past.pass_time(at)
        yield from past.tell(incident, at)
    yield from past.pass_time(until)


class _Past:
    """What is known of each incident, and what of it is due when."""

    def __init__(self, subscriptions: Mapping[str, Subscription], phrases: Mapping[str, Phrases]) -> None:
        self._subscriptions, self._phrases = subscriptions, phrases
        self._watches: dict[str, Watch] = {}
        self._due: list[tuple[datetime, str]] = []
        """A heap; what is no longer true in it is passed over."""

    def tell(self, incident: Incident, at: datetime) -> list[Alert]:
        return self._keep(incident.id, follow(self._watches.get(incident.id), incident, self._subscriptions, at, self._phrases))

    def pass_time(self, now: datetime) -> Iterator[Alert]:
        """What fell due up to now, in its order."""
        while self._due and self._due[0][0] <= now:
            at, id_ = heappop(self._due)
            watch = self._watches.get(id_)
            if watch is not None and due(watch) == at:
                yield from self._keep(id_, tick(watch, self._subscriptions, at, self._phrases))

    def _keep(self, id_: str, outcome: tuple[Watch | None, list[Alert]]) -> list[Alert]:
        watch, alerts = outcome
        if watch is None:
            self._watches.pop(id_, None)
        else:
            self._watches[id_] = watch
            if (at := due(watch)) is not None:
                heappush(self._due, (at, id_))
        return alerts
