"""How well the reports of one incident are merged: those of `incidents/*.yml`, tagged and put into `core.incidents` as they come.

python evaluation/merging.py [-v] [--write README.md]

Two reports are *together* where main (not background) developments of both lie in one incident. A pair of reports is right where they are
together and the gold says one incident, wrong where only one of both holds. A report that also tells of another incident of the set
(`also`) may lie in that one too: pairs that come from it are neither right nor wrong. Reports in which the tagger finds nothing count
as missed; the second figures leave them out, and so judge the merge alone. A third of the incidents is held: its
errors were seen late. Those that are blind were written when the rules stood, by somebody who had not seen them, and their errors
were seen by nobody.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from msgspec import Struct
from readme import write
from report import LANGUAGES, percent, table

from streams.agents.articles import development_key, reported
from streams.core.enrich import enrich
from streams.core.incidents import Case, Incidents
from streams.core.records import Article, Incident, Instant, ReportedDevelopment
from streams.core.tagger import Tagger
from streams.lexicons import load_incident_rules, load_tagger
from streams.settings import Settings

HERE = Path(__file__).parent / "incidents"
Keyed = tuple[str, ReportedDevelopment]
Pair = tuple[str, str]


class Telling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report as a wire sends it."""

    language: str
    published: Instant
    source: str
    headline: str
    body: str
    of: str = ""
    """Whose reporting it is, where it copies or only quotes another outlet."""
    also: list[str] = []
    """Other incidents of the set that it tells of."""


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An incident and all that is told of it."""

    id: str
    tells: str
    town: str
    """Empty where it has none: a threat, an exchange."""
    day: date
    """The morning, for a night."""
    part: Literal["work", "held", "blind"] = "work"
    """`held`: no rule was made on it; `blind`: written when the rules stood, by somebody who had not seen them."""
    reports: list[Telling]


class Gold(Struct, frozen=True, kw_only=True):
    """A report with what is known of it."""

    id: str
    incident: Told
    telling: Telling

    @property
    def outlet(self) -> str:
        """Whose reporting it is."""
        return self.telling.of or self.telling.source

    @property
    def labels(self) -> frozenset[str]:
        """All incidents that it tells of."""
        return frozenset([self.incident.id, *self.telling.also])


Judged = tuple[Gold, Gold, str]
"""Two reports, and `right`, `wrong` or `missed`."""


class Counts(Struct, kw_only=True):
    """Pairs of reports: right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Right among those put together."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Right among those that belong together."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def f1(self) -> float | None:
        """Of both."""
        return 2 * self.right / all_ if (all_ := 2 * self.right + self.wrong + self.missed) else None


def load() -> list[Told]:
    """The incidents of all theatres."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.yml"))]
    return [msgspec.convert(one, Told) for data in files for one in data["incidents"]]


def reports(told: Iterable[Told]) -> list[Gold]:
    """Their reports in the order in which they come on the wire."""
    found = [Gold(id=f"{one.id}/{n}", incident=one, telling=t) for one in told for n, t in enumerate(one.reports, 1)]
    return sorted(found, key=lambda report: (report.telling.published, report.id))


def developments(report: Gold, tagger: Tagger) -> list[Keyed]:
    """What the tagger finds in a report, as it goes to the incidents."""
    t = report.telling
    article = Article(id=report.id, published=t.published, source=t.source, language=t.language, headline=t.headline, body=t.body)
    enriched = enrich(article, tagger)
    return [(development_key(d, enriched, tagger.places.states), reported(d, enriched)) for d in enriched.developments]


def merge(found: Iterable[Keyed]) -> list[Incident]:
    """The incidents that come of developments, as they stand at the end."""
    cases: dict[str, Case] = {}
    merging = Incidents(load_incident_rules(), cases.get, Settings().incident_days)
    for key, development in found:
        assert development.published is not None
        for case in merging.apply(key, development, development.published):
            cases[case.incident.id] = case
    return [case.incident for case in cases.values() if not case.incident.retracted]


def main_reports(incident: Incident) -> set[str]:
    """The articles whose main developments it holds."""
    return {report.article for report in incident.reports if not report.background}


def together(incidents: Iterable[Incident]) -> set[Pair]:
    """The pairs of reports that share an incident."""
    return {pair for incident in incidents for pair in combinations(sorted(main_reports(incident)), 2)}


def judged(gold: Sequence[Gold], merged: set[Pair]) -> Iterator[Judged]:
    """Each pair of reports that is right, wrong or missed, with which of these it is."""
    for a, b in combinations(sorted(gold, key=lambda report: report.id), 2):
        same, put = a.incident.id == b.incident.id, (a.id, b.id) in merged
        if same:
            yield a, b, "right" if put else "missed"
        elif put and a.labels.isdisjoint(b.labels):
            yield a, b, "wrong"


def count(pairs: Iterable[Judged]) -> Counts:
    """How many of each."""
    seen = Counter(verdict for _, _, verdict in pairs)
    return Counts(right=seen["right"], wrong=seen["wrong"], missed=seen["missed"])


def elsewhere(a: Told, b: Told) -> bool:
    """Whether two incidents happened in two towns or on two days."""
    return a.day != b.day or bool(a.town and b.town and a.town != b.town)


def mixed(gold: Sequence[Gold], incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents whose reports no one incident of the gold explains."""
    labels = {report.id: report.labels for report in gold}
    return [i for i in incidents if (held := [labels[r] for r in main_reports(i) if r in labels]) and not frozenset.intersection(*held)]


def torn(gold: Sequence[Gold], incidents: Iterable[Incident]) -> list[str]:
    """The reports that tell of one incident and lie in several."""
    lies = Counter(report for incident in incidents for report in main_reports(incident))
    return [report.id for report in gold if not report.telling.also and lies[report.id] > 1]


def sources(gold: Sequence[Gold], incidents: Sequence[Incident]) -> list[tuple[str, int, int]]:
    """(incident, independent sources, those counted) for each incident of the gold that was found, by what holds most of it."""
    told: dict[str, list[Gold]] = defaultdict(list)
    for report in gold:
        told[report.incident.id].append(report)
    out = []
    for name, some in told.items():
        ids = {report.id for report in some}
        shared = [(len(ids & held), -len(held - ids), incident) for incident in incidents if ids & (held := main_reports(incident))]
        if shared:
            best = max(shared, key=lambda one: one[:2])[-1]
            out.append((name, len({report.outlet for report in some}), best.independent_sources))
    return out


def sources_held(gold: Sequence[Gold], incidents: Iterable[Incident]) -> list[tuple[str, int, int]]:
    """(incident, independent sources of the reports it holds, those counted) for each with several reports: the count without the merge."""
    outlet = {report.id: report.outlet for report in gold}
    some = [(i, {outlet[r] for r in held}) for i in incidents if len(held := main_reports(i)) > 1 and held <= outlet.keys()]
    return [(incident.id, len(outlets), incident.independent_sources) for incident, outlets in some]


def exact(counted: Sequence[tuple[str, int, int]]) -> str:
    """Share of counts that are exact, and by how many the counts are off."""
    if not counted:
        return "–"
    off = [abs(want - got) for _, want, got in counted]
    return f"{percent(off.count(0) / len(off))}, off by {sum(off) / len(off):.2f}"


def figures(gold: Sequence[Gold], incidents: Sequence[Incident], silent: set[str]) -> dict[str, str]:
    """What is measured over a part of the set."""
    pairs = list(judged(gold, together(incidents)))
    told, tagged = count(pairs), count(tagged_alone(pairs, silent))
    return {
        "incidents": str(len({report.incident.id for report in gold})),
        "reports": str(len(gold)),
        "reports in which nothing is tagged": str(sum(report.id in silent for report in gold)),
        "pairs of reports: precision": percent(told.precision),
        "recall": percent(told.recall),
        "F1": percent(told.f1),
        "F1 over what is tagged": percent(tagged.f1),
        "pairs of two towns or two days put together": str(sum(v == "wrong" and elsewhere(a.incident, b.incident) for a, b, v in pairs)),
        "incidents that mix": str(len(mixed(gold, incidents))),
        "reports in several incidents": str(len(torn(gold, incidents))),
        "independent sources exact": exact(sources(gold, incidents)),
        "the same, of the reports that were put together": exact(sources_held(gold, incidents)),
    }


def tagged_alone(pairs: Iterable[Judged], silent: set[str]) -> list[Judged]:
    """The pairs of which the tagger has seen both reports."""
    return [pair for pair in pairs if silent.isdisjoint((pair[0].id, pair[1].id))]


def by_part(parts: Mapping[str, Sequence[Gold]], incidents: Sequence[Incident], silent: set[str]) -> str:
    """The figures of each part, side by side."""
    columns = [figures(gold, incidents, silent) for gold in parts.values()]
    return table(["", *parts], [[name, *(column[name] for column in columns)] for name in columns[0]])


def by_language(gold: Sequence[Gold], incidents: Sequence[Incident], silent: set[str]) -> str:
    """Recall over the pairs with a report in the language."""
    pairs = list(judged(gold, together(incidents)))
    rows = []
    for code in LANGUAGES:
        own = [pair for pair in pairs if code in (pair[0].telling.language, pair[1].telling.language)]
        some = [report.id for report in gold if report.telling.language == code]
        recall = [percent(count(some_pairs).recall) for some_pairs in (own, tagged_alone(own, silent))]
        rows.append([code, str(len(some)), str(len(silent.intersection(some))), *recall])
    return table(["", "reports", "nothing tagged", "recall", "recall over what is tagged"], rows)


def errors(gold: Sequence[Gold], incidents: Sequence[Incident], found: dict[str, list[Keyed]]) -> Iterator[str]:
    """What went wrong, the worst first."""
    wrong = Counter((a.incident.id, b.incident.id) for a, b, verdict in judged(gold, together(incidents)) if verdict == "wrong")
    for (a, b), n in wrong.most_common():
        yield f"wrong: {a} with {b}, {n} pairs"
    for incident in mixed(gold, incidents):
        yield f"mixed: {incident.id} {incident.types} {_where(incident)} {incident.date}"
        yield from (f"    {r.article}: {r.type} {_where(r)} {r.date} {r.actor}>{r.target} {r.reasons}" for r in incident.reports)
    missed = Counter(a.incident.id for a, _, verdict in judged(gold, together(incidents)) if verdict == "missed")
    for name, n in missed.most_common():
        yield f"missed: {name}, {n} pairs"
        yield from _lies(name, gold, incidents, found)
    for name, want, got in sources(gold, incidents):
        if want != got:
            yield f"sources: {name} has {want}, counted {got}"


def _lies(name: str, gold: Sequence[Gold], incidents: Sequence[Incident], found: dict[str, list[Keyed]]) -> Iterator[str]:
    """Where the reports of an incident lie."""
    for report in gold:
        if report.incident.id == name:
            yield f"    {report.id} {report.telling.language} {report.telling.headline}"
            for _, d in found[report.id]:
                lies = next((i.id[:6] for i in incidents for r in i.reports if r.development == d.id), "nowhere")
                background = " background" * d.background
                yield f"        {lies} {d.type} {_where(d)} {d.date} {d.actor}>{d.target} {d.status}{background} | {d.text[:100]}"


def _where(told: Incident | ReportedDevelopment) -> str:
    return f"{told.place.name} ({told.place.country}, {told.place.precision})" if told.place else "nowhere"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what went wrong")
    parser.add_argument("--part", choices=("work", "held", "blind", "all"), default="work", help="what -v shows (default: work)")
    parser.add_argument("--write", type=Path, help="put the tables between `<!-- merging -->` and `<!-- /merging -->` of this file")
    options = parser.parse_args()
    tagger = load_tagger()
    gold = reports(load())
    found = {report.id: developments(report, tagger) for report in gold}
    silent = {name for name, some in found.items() if all(d.background for _, d in some)}
    incidents = merge([one for some in found.values() for one in some])
    parts = {part: [r for r in gold if r.incident.part == part] for part in ("work", "held", "blind")} | {"all": gold}
    text = "\n\n".join([by_part(parts, incidents, silent), by_language(gold, incidents, silent)])
    print(text)
    if options.verbose:
        print(*errors(parts[options.part], incidents, found), sep="\n")
    if options.write:
        write(options.write, "merging", text)


if __name__ == "__main__":
    main()
