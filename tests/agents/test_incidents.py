"""What developments become, without a broker; the merge itself is tested in tests/core."""

from __future__ import annotations

import asyncio

from streams import topics
from streams.agents.incidents import IncidentsAgent
from streams.core.records import Incident, ReportedDevelopment
from streams.delivery import Incoming
from streams.lexicons import load_incident_rules
from streams.metrics import Metrics
from streams.settings import Settings
from tests.agents.making import KHARKIV, Sent, development, message
from tests.memory import DictMemory

RULES = load_incident_rules()


class Line:
    """Developments through one agent, batch by batch."""

    def __init__(self, memory: DictMemory | None = None) -> None:
        self.sent = Sent()
        self.memory = memory or DictMemory()
        self.agent = IncidentsAgent(Settings(), RULES, Metrics("1", "2"), self.sent, self.memory)
        self.agent.restore()
        self.read = 0

    def takes(self, *records: ReportedDevelopment) -> list[Incident]:
        """The incidents that a batch gives rise to."""
        return self.reads([message(topics.DEVELOPMENTS, "UKR", record, self.read + n) for n, record in enumerate(records)])

    def reads(self, messages: list[Incoming]) -> list[Incident]:
        before = len(self.sent.on(topics.INCIDENTS, Incident))
        self.read += len(messages)
        asyncio.run(self.agent.handle(messages))
        return self.sent.on(topics.INCIDENTS, Incident)[before:]


def parts(*ids: str, **fields: object) -> list[ReportedDevelopment]:
    return [development(id_, part=n, parts=len(ids), text=f"Clause {id_}.", **fields) for n, id_ in enumerate(ids, 1)]


def test_what_one_article_tells_goes_out_once() -> None:
    strike, toll = parts("d1", "d2")
    line = Line()
    assert line.takes(strike) == []
    (incident,) = line.takes(toll)
    assert len(incident.reports) == 2
    assert incident.revision == 1
    assert dict(line.sent[0].headers)["newsroom-wire-ms"] == b"1760000000000"


def test_two_articles_in_one_batch_go_out_apart() -> None:
    batches = [*parts("d1", "d2"), *parts("e1", "e2", article="b", source_agency="Other")]
    assert [(i.revision, len(i.reports)) for i in Line().takes(*batches)] == [(1, 2), (2, 4)]


def test_how_the_log_is_cut_into_batches_changes_nothing() -> None:
    records = [*parts("d1", "d2"), *parts("e1", "e2", article="b", place=KHARKIV), development("d1", version=2, retracted=True)]
    whole, single = Line(), Line()
    assert whole.takes(*records) == [incident for record in records for incident in single.takes(record)]
    assert whole.sent == single.sent


def test_a_crash_in_the_middle_of_an_article_loses_no_part_of_it() -> None:
    strike, toll = parts("d1", "d2", place=KHARKIV)
    other = development("e1", article="b", part=1, parts=1)
    line = Line()
    line.takes(other, strike)
    again = Line(DictMemory(line.memory.stored))
    assert [len(incident.reports) for incident in again.takes(toll)] == [2]
    assert again.takes(strike, toll) == []


def test_what_is_read_again_before_it_was_stored_gives_the_same_bytes() -> None:
    lives = [Line(), Line()]
    for line in lives:
        line.takes(*parts("d1", "d2"))
    assert lives[0].sent == lives[1].sent


def test_an_incident_whose_last_report_is_taken_back_is_retracted() -> None:
    line = Line()
    (incident,) = line.takes(development("d1"))
    (gone,) = line.takes(development("d1", version=2, retracted=True, text=""))
    assert (gone.id, gone.retracted, gone.reports, gone.revision) == (incident.id, True, [], 2)


def test_an_incident_without_reports_for_long_is_closed_and_forgotten() -> None:
    line = Line()
    (first,) = line.takes(development("d1"))
    late = message(topics.DEVELOPMENTS, "UKR", development("e1", article="b", date="2025-12-01"), 1, seconds=31 * 86_400)
    closed = [incident for incident in line.reads([late]) if incident.closed]
    assert [incident.id for incident in closed] == [first.id]
    assert (1, first.id) not in line.memory.stored
    assert len(line.memory.stored) == 1


def test_a_kill_that_comes_as_late_as_a_story_is_known_still_takes_its_incident_back() -> None:
    line = Line()
    (first,) = line.takes(development("d1"))
    late = Settings().story_days * 86_400 - 1
    (gone,) = line.reads([message(topics.DEVELOPMENTS, "UKR", development("d1", version=2, retracted=True), 1, seconds=late)])
    assert (gone.id, gone.retracted) == (first.id, True)


def test_an_incident_of_a_key_of_which_nothing_comes_any_more_is_closed_too() -> None:
    line = Line()
    line.reads([message(topics.DEVELOPMENTS, "some-article", development("d1", place=None))])
    late = [message(topics.DEVELOPMENTS, "UKR", development("e1", article="b"), n, seconds=31 * 86_400) for n in (1, 2)]
    assert [incident.closed for one in late for incident in line.reads([one]) if incident.closed] == [True]
    assert len(line.memory.stored) == 1


def test_what_is_no_development_is_put_aside() -> None:
    line = Line()
    line.reads([message(topics.DEVELOPMENTS, "UKR", development())._replace(value=b"{")])
    (letter,) = line.sent
    assert letter.topic == topics.DEAD_LETTERS
    assert dict(letter.headers)["dlq.reason"] == b"invalid-json"
