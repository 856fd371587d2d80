"""One payload through the agent that reads the wire, without a broker: what it becomes, how long it takes, and whether that is right."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from streams import codec
from streams.agents.articles import REKEYED, ArticlesAgent, Outcome
from streams.core.records import Enriched
from streams.delivery import Incoming, Outgoing
from streams.metrics import Metrics
from streams.settings import Settings
from tests.hostile.oracle import faults, may_be_held
from tests.hostile.payloads import Payload
from tests.memory import DictMemory
from tests.real import TAGGER

NOW = datetime(2025, 10, 22, 12, tzinfo=UTC)
TOPIC = "wire.articles.v1"
MORE_MEMORY = 1.15
"""Resident memory after a run to that after the warm-up. The caches of the tagger still fill while it lasts; each has its bound."""
MOST_SERIES = 2_000
"""Time series of a worker, whatever came in: classes of boilerplate times a hundred sources are the most of them."""
_OURS = frozenset({"result-too-large"})
"""Reasons that no reader gives: what became of a message would not fit on its topic."""
_FAULTS = frozenset({"tagger-failed", "reader-failed"})
"""Reasons that own a fault of ours."""
_LARGE = 200_000


class Tried(NamedTuple):
    """What became of a payload: `kind` as in `Outcome`, the reason of a dead letter, CPU seconds, what is wrong with it."""

    kind: str
    reason: str
    seconds: float
    wrong: list[str]


async def _send(_: Outgoing) -> Awaitable[Any]:
    raise AssertionError("nothing is sent before the whole batch is made")


class Trial:
    """Runs payloads, each in an agent that remembers nothing; the metrics are those of all of them."""

    def __init__(self) -> None:
        self.metrics = Metrics("1", "2")
        self.now = NOW

    def outcome(self, payload: Payload, limit: int = codec.MAX_BYTES) -> tuple[Outcome, float]:
        """What the agent makes of it, and the CPU seconds that takes."""
        settings = Settings(max_article_bytes=limit, dead_letter_share=1)
        agent = ArticlesAgent(settings, TAGGER, self.metrics, _send, DictMemory())
        message = incoming(payload)
        begun = time.thread_time()
        made = agent.process(message, self.now)
        seconds = time.thread_time() - begun
        self.metrics.outcome(made.kind, made.enriched, made.reason)
        return made, seconds

    def run(self, payload: Payload, limit: int = codec.MAX_BYTES) -> Tried:
        """The payload tried and judged."""
        try:
            made, seconds = self.outcome(payload, limit)
        except Exception as error:
            return Tried("crash", type(error).__name__, 0.0, [f"the agent raised {type(error).__name__}: {str(error)[:200]!r}"])
        return Tried(made.kind, made.reason or "", seconds, list(problems(payload, made, limit)))


def incoming(payload: Payload) -> Incoming:
    """The payload as it comes from the wire, under a key that need not be its id."""
    return Incoming(TOPIC, 0, payload.number, 1_761_134_400_000, payload.name.encode(), payload.value, [*payload.headers, (REKEYED, b"1")])


def problems(payload: Payload, made: Outcome, limit: int) -> Iterator[str]:
    """What is wrong with what became of a payload, a sentence each."""
    known = faults(payload.value, limit)
    structured = any(name == "content-type" and value.startswith(b"application/cloudevents") for name, value in payload.headers)
    if made.kind == "dead_letter":
        allowed = known.possible | (_OURS if len(payload.value) > _LARGE else frozenset()) | ({"unknown-format"} if structured else set())
        if made.reason in _FAULTS:
            yield f"a fault of ours: {_header(made, 'dlq.message')}"
        elif made.reason not in allowed:
            yield f"its dead letter says {made.reason}, right would be {' or '.join(sorted(allowed)) or 'none'}"
        yield from _letter(payload, made)
    elif made.kind == "held":
        if not may_be_held(payload.value):
            yield "it is held, and nothing in it speaks of an embargo"
    elif known.certain:
        yield f"it is {made.kind}, right would be a dead letter: {' or '.join(sorted(known.possible))}"
    elif made.kind in ("enriched", "canceled"):
        yield from _records(made)
    else:
        yield f"it became {made.kind}"


def _header(made: Outcome, name: str) -> str:
    return next((value.decode() for key, value in made.records[0].headers if key == name), "")


def _letter(payload: Payload, made: Outcome) -> Iterator[str]:
    (letter,) = made.records
    if (letter.key, letter.value) != (payload.name.encode(), payload.value):
        yield "its dead letter is not whole"
    if list(letter.headers[: len(payload.headers)]) != payload.headers:
        yield "its dead letter has other headers"
    why = [value.decode() for key, value in letter.headers[len(payload.headers) + 1 :] if key in ("dlq.reason", "dlq.message", "dlq.stage")]
    if len(why) != 3 or not all(text.isprintable() and len(text) < 400 for text in why):
        yield f"its dead letter says why in a way that cannot be shown: {why}"


def _records(made: Outcome) -> Iterator[str]:
    for record in made.records:
        if not all(
            name.isascii() and value.decode("latin-1").isprintable() for name, value in record.headers if not name.startswith("ce_id")
        ):
            yield f"a header of a record holds a control character: {record.headers}"
    article = codec.decode(made.records[0].value or b"", Enriched)
    for development in article.developments:
        text = getattr(article, development.field)
        if development.text != text[development.start : development.end]:
            yield f"a development does not stand where it says: {development.start}-{development.end}"
    ends = [0, *(span.end for span in article.boilerplate)]
    if any(not end <= span.start < span.end <= len(article.body) for span, end in zip(article.boilerplate, ends, strict=False)):
        yield "spans of boilerplate overlap or lie outside the body"


def series(metrics: Metrics) -> int:
    """How many time series a scrape gives now."""
    return sum(1 for line in metrics.text().decode().splitlines() if line and not line.startswith("#"))
