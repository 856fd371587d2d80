"""What must be on each topic, told by the pure core from the log before it, and where what is there differs. Knows records, not Kafka.

Each topic is the input of the next, so each is judged by the one before it: a story lost on the wire, a development that no incident
tells or a cancellation that was not sent shows where it happened. It is not the program: no agent, no state, no batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from msgspec.structs import replace

from streams import codec
from streams.agents.articles import RELEASE
from streams.core import alerts, versions
from streams.core.enrich import enrich
from streams.core.incidents import Case, Incidents
from streams.core.records import Alert, Article, Development, Enriched, Incident, ReportedDevelopment, Subscription
from streams.core.versions import Known
from streams.lexicons import load_incident_rules, load_phrases, load_tagger

_LAST = datetime(9998, 1, 1, tzinfo=UTC)
"""When every embargo is over."""
_OPEN_DAYS = 30.0


class Read(NamedTuple):
    """A record as it lies on a topic."""

    partition: int
    offset: int
    time: datetime
    """The timestamp of the record."""
    seen: float
    """When it was first read, in seconds since 1970."""
    key: bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]]


class Stories(NamedTuple):
    """What the wire says in the end."""

    latest: dict[str, Article]
    """By id, withdrawn ones as they are told to be."""
    embargoed: dict[tuple[str, int], datetime]
    """(id, version) -> before when nothing of it may be read."""
    unreadable: dict[str, bytes]
    """Partition:offset -> the message."""


def stories(wire: Iterable[Read]) -> Stories:
    """Fold the wire, as if every embargo were over."""
    found = Stories({}, {}, {})
    known: dict[str, Known] = {}
    for record in wire:
        if not record.value and RELEASE in dict(record.headers):
            continue  # what came before it is judged as if every embargo were over
        try:
            article = codec.decode_article(record.value, record.headers)
        except codec.Rejected:
            found.unreadable[f"{record.partition}:{record.offset}"] = record.value
            continue
        if record.key != article.id.encode():
            continue  # goes round again under its own key
        before = known.get(article.id, Known())
        step = versions.step(before, article, _LAST)
        if step == "repeat":
            continue
        known[article.id] = Known(article.version, canceled=step == "kill")
        found.latest[article.id] = versions.canceled(article) if step == "kill" else versions.released(article)
        if article.embargoed is not None:
            found.embargoed[article.id, article.version] = article.embargoed
    return found


def tagged(articles: Iterable[Article]) -> dict[str, Enriched]:
    """The articles with everything tagged in them, by id; on all cores."""
    usable = [article for article in articles if article.status != "canceled"]
    with ProcessPoolExecutor() as pool:
        return {article.id: article for article in pool.map(_tag, usable, chunksize=50)}


def _tag(article: Article) -> Enriched:
    return enrich(article, _tagger())


_tagger = cache(load_tagger)


def judge_articles(found: Stories, right: Mapping[str, Enriched], topic: Sequence[Read]) -> Iterator[str]:
    """What is wrong with the last record of each story."""
    last = {(record.key or b"").decode(): record for record in topic}
    for id_, article in found.latest.items():
        if id_ not in last:
            yield f"lost: article {id_}"
        elif article.status == "canceled":
            told = codec.decode(last[id_].value, Enriched)
            if told.status != "canceled" or told.headline or told.body or told.developments:
                yield f"wrong: article {id_} is withdrawn, its last record is not"
        elif last[id_].value != codec.encode(right[id_]):
            yield f"wrong: article {id_}"
    yield from (f"wrong: article {id_}, which never was on the wire" for id_ in last.keys() - found.latest.keys())


def judge_developments(right: Mapping[str, Enriched], topic: Sequence[Read]) -> Iterator[str]:
    """What is wrong with the last record of each development: those of the latest versions stand, all others are taken back."""
    last: dict[tuple[bytes | None, str], ReportedDevelopment] = {}
    for record in topic:
        development = codec.decode(record.value, ReportedDevelopment)
        last[record.key, development.id] = development
    standing = {development.id: development for development in last.values() if not development.retracted}
    wanted = {development.id: development for article in right.values() for development in article.developments}
    for id_, development in wanted.items():
        if id_ not in standing:
            yield f"lost: development {id_}"
        elif versions.digest(standing[id_]) != versions.digest(_bare(development)):
            yield f"wrong: development {id_}"
    yield from (f"wrong: development {id_} of {standing[id_].article} was not taken back" for id_ in standing.keys() - wanted.keys())


def _bare(development: Development) -> Development:
    return codec.decode(codec.encode(development), Development)


def judge_incidents(developments: Iterable[Read], topic: Sequence[Read]) -> Iterator[str]:
    """What is wrong with the last record of each incident."""
    right: dict[str, Incident] = {}
    for partition in _by_partition(developments).values():
        right |= _merged(partition)
    yield from _differences("incident", {id_: codec.encode(one) for id_, one in right.items()}, _last(topic))


def _merged(log: Iterable[Read]) -> dict[str, Incident]:
    """The incidents of one partition: a record of an incident comes whenever a version has told all that it tells under a key."""
    stored: dict[str, Case] = {}
    world = Incidents(load_incident_rules(), lambda id_: _copy(stored.get(id_)), _OPEN_DAYS)
    waiting: dict[tuple[bytes | None, str, int], set[str]] = defaultdict(set)
    told: dict[str, Incident] = {}
    for record in log:
        development = codec.decode(record.value, ReportedDevelopment)
        telling = record.key, development.article, development.version
        for case in world.apply((record.key or b"").decode(), development, record.time):
            stored[case.incident.id] = case
            waiting[telling].add(case.incident.id)
        if development.part == development.parts:
            for id_ in waiting.pop(telling, ()):
                stored[id_].incident = replace(stored[id_].incident, revision=stored[id_].incident.revision + 1)
                told[id_] = stored[id_].incident
    return told


def _copy(case: Case | None) -> Case | None:
    return None if case is None else replace(case)


def judge_alerts(log: Iterable[Read], subscriptions: Mapping[str, Subscription], topic: Sequence[Read]) -> Iterator[str]:
    """What is wrong with the alerts: each that the incidents give rise to came, and no other; what is over was canceled."""
    right: dict[str, bytes] = {}
    phrases = load_phrases()
    watches: dict[str, Any] = {}
    over: dict[tuple[str, str], str] = {}
    for record in log:
        incident = codec.decode(record.value, Incident)
        watch = watches.get(incident.id)
        if watch is not None and incident.revision <= watch.incident.revision:
            continue
        watches[incident.id], made = alerts.follow(watch, incident, subscriptions, record.time, phrases)
        for alert in made:
            right[alert.id] = codec.encode(alert)
            over[alert.subscription, alert.incident] = alert.msg_type
    came = {codec.decode(record.value, Alert).id: record.value for record in topic}
    yield from _differences("alert", right, came)
    for (subscription, id_), kind in over.items():
        if (watches.get(id_) is None or watches[id_].incident.retracted) and kind != "cancel":
            yield f"missing cancellation: {subscription} of {id_}"


def judge_dead_letters(found: Stories, topic: Sequence[Read]) -> Iterator[str]:
    """Whether all that cannot be read lies there whole, and nothing else."""
    came: dict[str, bytes] = {}
    for record in topic:
        where = dict(record.headers)
        came[f"{where['dlq.partition'].decode()}:{where['dlq.offset'].decode()}"] = record.value
    yield from _differences("dead letter", found.unreadable, came)


def judge_embargoes(found: Stories, topics: Mapping[str, Sequence[Read]]) -> Iterator[str]:
    """Whether anything of an embargoed version was read before its time."""
    for name, records in topics.items():
        for record in records:
            for version in _versions_in(record.value):
                until = found.embargoed.get(version)
                if until is not None and record.seen < until.timestamp():
                    yield f"leaked: {version[0]} version {version[1]} on {name}, {until.timestamp() - record.seen:.3f} s early"


def _versions_in(value: bytes) -> Iterator[tuple[str, int]]:
    """(article, version) of all that a public record tells of."""
    record = orjson.loads(value)
    if "article" in record:
        yield record["article"], record["version"]
    elif "body" in record:
        yield record["id"], record["version"]
    for part in (*record.get("reports", ()), *record.get("evidence", ())):
        yield part["article"], part.get("version", 0)


def judge_repeats(name: str, topic: Sequence[Read], identity: Callable[[Any], Any]) -> Iterator[str]:
    """Whether what came twice is the same to the byte."""
    first: dict[Any, bytes] = {}
    for record in topic:
        what = identity(orjson.loads(record.value))
        if first.setdefault(what, record.value) != record.value:
            yield f"repeat with other bytes: {name} {what}"


def repeats(topic: Sequence[Read], identity: Callable[[Any], Any]) -> int:
    """How many records are there more than once."""
    return len(topic) - len({identity(orjson.loads(record.value)) for record in topic})


def _differences(what: str, right: Mapping[str, bytes], came: Mapping[str, bytes]) -> Iterator[str]:
    yield from (f"lost: {what} {id_}" for id_ in right.keys() - came.keys())
    yield from (f"wrong: {what} {id_}, which must not be" for id_ in came.keys() - right.keys())
    yield from (f"wrong: {what} {id_}" for id_ in right.keys() & came.keys() if right[id_] != came[id_])


def _last(topic: Sequence[Read]) -> dict[str, bytes]:
    return {(record.key or b"").decode(): record.value for record in topic}


def _by_partition(records: Iterable[Read]) -> dict[int, list[Read]]:
    found: dict[int, list[Read]] = defaultdict(list)
    for record in records:
        found[record.partition].append(record)
    return found
