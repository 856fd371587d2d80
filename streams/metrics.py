"""Every metric of a worker, in one list, on a registry of its own. Base units: seconds, bytes, records."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from streams.core.records import Enriched
from streams.harmless import safe

MAX_SOURCES = 100
MAX_LANGUAGES = 50
LONGEST_LABEL = 80
"""Characters of a label that comes from outside: every scrape repeats it."""

_STAGE_SECONDS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_LATENCY_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
_BATCH_ARTICLES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The metrics themselves; `text` is what /metrics answers."""

    def __init__(self, version: str, tagger: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each one, which nobody asks for
        registry = self.registry = CollectorRegistry()
        # What became of each message: outcome `enriched`, `canceled` (a story withdrawn), `repeat` (an older version or the same
        # again), `held` (not yet to be told), `rekeyed` (sent on under its id) or `dead_letter`; language as found, `none` where
        # nothing told, `other` past MAX_LANGUAGES.
        self.articles = Counter("newsroom_articles", "Messages read, by what became of them", ["outcome", "language"], registry=registry)
        # Where the time goes: `decode`, `tag`, `encode` of an article, `merge` of a batch of developments; `acknowledge` is the wait
        # for the broker after a whole batch of articles, `store` that for what is remembered of them.
        self.stage = Histogram("newsroom_stage_seconds", "Time of one step", ["stage"], buckets=_STAGE_SECONDS, registry=registry)
        # From the timestamp of the message on the wire to the acknowledgement of all that was made of it.
        self.latency = Histogram("newsroom_wire_to_tagged_seconds", "Wire to acknowledged", buckets=_LATENCY_SECONDS, registry=registry)
        # From the timestamp of the message on the wire to the acknowledgement of an alert that follows from it.
        self.alert_latency = Histogram("newsroom_wire_to_alert_seconds", "Wire to alert", buckets=_LATENCY_SECONDS, registry=registry)
        # How many articles were taken together: near NEWSROOM_BATCH_SIZE means that the worker is behind.
        self.batch = Histogram("newsroom_batch_articles", "Articles of a batch", buckets=_BATCH_ARTICLES, registry=registry)
        # What the wire tells of, by the types of the codebook.
        self.developments = Counter("newsroom_developments", "Developments found, by type", ["type"], registry=registry)
        # Whose feed carries which noise: a jump means that a site changed its pages; source `other` past MAX_SOURCES.
        self.boilerplate = Counter("newsroom_boilerplate", "Boilerplate found, by class and source", ["class", "source"], registry=registry)
        # Why messages were put aside, by the reason codes of the codec.
        self.dead_letters = Counter("newsroom_dead_letters", "Messages put aside, by reason", ["reason"], registry=registry)
        # Stories that may not be told yet.
        self.held_stories = Gauge("newsroom_embargoes_held", "Stories held back", registry=registry)
        # When the next of them may go out, as a Unix time; 0: none has a time.
        self.next_release = Gauge("newsroom_embargo_next_release_timestamp_seconds", "Next release", registry=registry)
        # What happened, as far as it is still followed by this worker.
        self.open_incidents = Gauge("newsroom_incidents_open", "Open incidents", registry=registry)
        # Who wants to hear of it; the same on every worker.
        self.subscriptions = Gauge("newsroom_subscriptions", "Subscriptions in force", registry=registry)
        # What was told to subscribers: `alert`, `update`, `cancel`.
        self.alerts = Counter("newsroom_alerts", "Alerts sent, by kind of message", ["msg_type"], registry=registry)
        # 1: this worker takes no work, for too much of the wire cannot be read; /health/ready says what to do.
        self.suspended = Gauge("newsroom_suspended", "Whether this worker takes no work", registry=registry)
        # How often a batch had to be sent again: rises while the broker is away.
        self.retries = Counter("newsroom_publish_retries", "Batches sent again", registry=registry)
        # What runs here.
        Info("newsroom_build", "Versions of this worker", registry=registry).info(
            {"version": version, "tagger": tagger, "python": platform.python_version()}
        )
        # Memory, CPU and open files of this process, as newsroom_process_*.
        ProcessCollector(namespace="newsroom", registry=registry)
        # newsroom_consumer_lag_records: see `watch_lag`.

        self._sources = Bounded(MAX_SOURCES)
        self._languages = Bounded(MAX_LANGUAGES)

    def watch_lag(self, lag: Callable[[], Mapping[tuple[str, int], int]]) -> None:
        """Report what `lag` returns at every scrape: records that wait, by topic and partition."""
        self.registry.register(_Lag(lag))

    def outcome(self, kind: str, article: Enriched | None, reason: str | None) -> None:
        """Count what became of one message: the kind, the tagged article if it is one, the reason if it was put aside."""
        language = self._languages(article.language.partition("-")[0].lower()) if article and article.language else "none"
        self.articles.labels(kind, language).inc()
        if article is not None:
            self._enriched(article)
        if reason is not None:
            self.dead_letters.labels(reason).inc()

    def held(self, until: Iterable[datetime | None]) -> None:
        """Report the stories that are held back, by when they may go out."""
        times = list(until)
        self.held_stories.set(len(times))
        self.next_release.set(min((at.timestamp() for at in times if at is not None), default=0))

    def alerted(self, wire_times: Iterable[bytes | None]) -> None:
        """Note the time from the wire to now for each alert whose message carries when that was."""
        now = time.time()
        for wire in wire_times:
            if wire is not None and wire.isdigit():
                self.alert_latency.observe(max(0.0, now - int(wire) / 1000))

    def _enriched(self, article: Enriched) -> None:
        for development in article.developments:
            self.developments.labels(development.type).inc()
        source = self._sources(safe(article.source[:LONGEST_LABEL])) if article.source else "none"
        for span in article.boilerplate:
            self.boilerplate.labels(span.cls, source).inc()

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)


class Bounded:
    """Label values that come from outside: the first `most` keep their name, the rest are `other`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= self._most:
                return "other"
            self._known.add(value)
        return value


class _Lag(Collector):
    def __init__(self, lag: Callable[[], Mapping[tuple[str, int], int]]) -> None:
        self._lag = lag

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily("newsroom_consumer_lag_records", "Records that wait to be read", labels=["topic", "partition"])
        for (topic, partition), records in sorted(self._lag().items()):
            family.add_metric([topic, str(partition)], records)
        yield family
