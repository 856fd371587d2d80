"""The life of an alert: it begins, is brought up to date, is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from hashlib import blake2b
from typing import Any, Literal

from msgspec.structs import replace

from streams.core.alerts.changes import changes, differ, told
from streams.core.alerts.headline import canceled, headline
from streams.core.alerts.match import Facets, holds, quotes
from streams.core.alerts.records import Ending, Phrases, Thread, Watch
from streams.core.alerts.when import allowed
from streams.core.records import Alert, Incident, Subscription

KEPT = 100
"""Ids of earlier messages that a thread remembers."""
_NEW = Thread()
_Outcome = tuple[Watch | None, list[Alert]]
_Subscriptions = Mapping[str, Subscription]
_Words = Mapping[str, Phrases]


class _Turn:
    """A record at a time: what all threads on it share, made once."""

    def __init__(self, incident: Incident, at: datetime, phrases: _Words):
        self.incident = incident
        self.at = at
        self.phrases = phrases
        self.facets = Facets(incident)
        self.told = told(incident)
        self.headline = cache(partial(headline, incident, phrases=phrases))
        """By language."""


def follow(watch: Watch | None, incident: Incident, subscriptions: _Subscriptions, at: datetime, phrases: _Words) -> _Outcome:
    """A new record of an incident came; `at` is the broker's time of it. None is nothing to remember."""
    turn = _Turn(incident, at, phrases)
    threads = watch.threads if watch else {}
    asking = () if incident.closed else subscriptions.items()
    begun = {name: _NEW for name, asked in asking if name not in threads and holds(turn.facets, asked)}
    return _on(turn, threads | begun, subscriptions)


def tick(watch: Watch, subscriptions: _Subscriptions, at: datetime, phrases: _Words) -> _Outcome:
    """Time has passed or subscriptions have changed: sends what is due, cancels what is no longer asked for, begins no new thread."""
    return _on(_Turn(watch.incident, at, phrases), watch.threads, subscriptions)


def due(watch: Watch) -> datetime | None:
    """When the next message that waits may go out."""
    return min((thread.due for thread in watch.threads.values() if thread.due), default=None)


def _on(turn: _Turn, before: Mapping[str, Thread], subscriptions: _Subscriptions) -> _Outcome:
    """Each thread a step on."""
    threads: dict[str, Thread] = {}
    alerts: list[Alert] = []
    for name in sorted(before):
        asked = subscriptions.get(name)
        if asked is not None and holds(turn.facets, asked):
            thread, alert = _tell(before[name], asked, turn)
        else:
            thread, alert = _end(before[name], name, asked, turn)
        if alert is not None:
            alerts.append(alert)
        if thread.count or thread.due:
            threads[name] = thread
    after = Watch(turn.incident, threads)
    over = turn.incident.closed and due(after) is None
    return (None if over or not threads else after), alerts


def _tell(thread: Thread, asked: Subscription, turn: _Turn) -> tuple[Thread, Alert | None]:
    """What is news goes out, now or when it may."""
    before = thread.told if thread.open else None
    stale = turn.incident.closed and not thread.open and thread.since is None
    if stale or (before is not None and not differ(before, turn.told)):
        return (replace(thread, since=None, due=None) if thread.since else thread), None
    since = thread.since or turn.at
    ready = allowed(asked, since, thread.sent, turn.at)
    if ready > turn.at:
        return replace(thread, since=since, due=ready), None
    alert = replace(
        _message(thread, asked.id, "update" if thread.open else "alert", turn, turn.headline(asked.language)),
        evidence=quotes(turn.incident, asked),
        changes=changes(before, turn.told, turn.incident, turn.phrases[asked.language]) if before is not None else [],
    )
    return replace(_sent(thread, alert), open=True, told=turn.told, headline=alert.headline, language=asked.language), alert


def _end(thread: Thread, name: str, asked: Subscription | None, turn: _Turn) -> tuple[Thread, Alert | None]:
    """Who had the alert hears at once that it no longer holds; what waited is dropped."""
    if not thread.open:
        return (replace(thread, since=None, due=None) if thread.since else thread), None
    why: Ending = "retracted" if turn.incident.retracted else "unmatched" if asked is not None else "removed"
    alert = replace(
        _message(thread, name, "cancel", turn, canceled(thread.headline, thread.language, turn.phrases)),
        changes=[turn.phrases[thread.language].endings[why]],
        **_as_told(thread),
    )
    return replace(_sent(thread, alert), open=False, told=None), alert


def _as_told(thread: Thread) -> dict[str, Any]:
    """What is taken back is what was told, whatever is left of the incident."""
    told = thread.told
    if told is None:
        return {}
    same = {name: getattr(told, name) for name in ("type", "place", "date", "actor", "target", "severity", "certainty")}
    return {**same, "status": told.status[0], "independent_sources": told.sources}


def _sent(thread: Thread, alert: Alert) -> Thread:
    return replace(thread, ids=[*thread.ids, alert.id][-KEPT:], count=thread.count + 1, sent=alert.sent, since=None, due=None)


def _message(thread: Thread, subscription: str, kind: Literal["alert", "update", "cancel"], turn: _Turn, line: str) -> Alert:
    incident = turn.incident
    key = "\0".join((subscription, incident.id, str(thread.count + 1)))
    return Alert(
        id=blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        subscription=subscription,
        incident=incident.id,
        msg_type=kind,
        references=thread.ids,
        sent=turn.at,
        headline=line,
        type=incident.type,
        status=incident.status,
        severity=incident.severity,
        certainty=incident.certainty,
        place=incident.place,
        date=incident.date,
        actor=incident.actor,
        target=incident.target,
        casualties=incident.casualties,
        independent_sources=incident.independent_sources,
    )
