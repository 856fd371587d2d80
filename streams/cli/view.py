"""Records as a person reads them, for the terminal: pure functions from a record to something rich can print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from streams.cli.letters import DeadLetter
from streams.cli.terminal import safe
from streams.core.records import (
    Alert,
    Article,
    Boilerplate,
    Development,
    Enriched,
    Evidence,
    Incident,
    Place,
    Quantity,
    Report,
    ReportedDevelopment,
    Toll,
)
from streams.core.text import lines
from streams.core.trace import SentenceTrace

FAMILY_STYLES = {
    "violence": "red", "territory": "magenta", "force": "yellow", "people": "cyan", "diplomacy": "blue", "unrest": "green",
}  # fmt: skip
_COVERAGE = {
    "full": "no developments",
    "partial": "no developments, by a small lexicon",
    "boilerplate": "developments not looked for: no lexicon for this language, so none here does not mean peace",
}
SEVERITY_STYLES = {"Extreme": "bold red", "Severe": "red", "Moderate": "yellow", "Minor": "cyan", "Unknown": "dim"}
_MESSAGES = {"alert": "● alert", "update": "↻ update", "cancel": "✗ cancel"}
_GLANCE = 300
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def article(record: Enriched) -> RenderableType:
    """The article whole: boilerplate dim with its class at the end of the line, developments marked and listed below."""
    numbered = list(enumerate(record.developments, 1))
    parts: list[RenderableType] = [Rule(style="dim"), _heading(record)]
    if record.headline:
        parts.append(_marked(record.headline, 0, len(record.headline), [], [n for n in numbered if n[1].field == "headline"], "bold"))
    in_body = [n for n in numbered if n[1].field == "body"]
    parts += [_marked(record.body, start, end, record.boilerplate, in_body) for start, end in lines(record.body)]
    if not numbered:
        parts.append(Text(_COVERAGE[record.coverage], style="dim italic"))
    parts += [development(found, _superscript(number)) for number, found in numbered]
    return Group(*parts, Text())


def development(record: Development, label: str = "▸") -> RenderableType:
    """Type, who to whom, where, when, how many, who says so, status, background, and the evidence quoted."""
    style = FAMILY_STYLES[record.family]
    facts = Text.assemble((f"{label} ", style), _columns((record.type, f"bold {style}"), *_facts(record)))
    return Group(facts, Padding(Text(f"“{safe(record.text)}”", style="dim italic"), (0, 0, 0, 3), expand=False))


def reported(record: ReportedDevelopment) -> RenderableType:
    """A development on its own topic: the article that tells it, then what it tells."""
    told = [record.source_agency, record.language, _instant(record.published), f"{record.article} v{record.version}"]
    head = Text(" · ".join(safe(part) for part in told if part), style="dim")
    return Group(head, development(record, "✗ retracted" if record.retracted else "▸"))


def incident(record: Incident) -> RenderableType:
    """What happened: facts, victims, who holds what of it, and every report quoted with the reasons to take it in."""
    style = FAMILY_STYLES[record.family]
    marks = [name for name in ("background", "closed", "retracted") if getattr(record, name)]
    told = [_instant(record.updated), *_standing(record), *marks, record.id]
    types = ", ".join([record.type, *(one for one in record.types if one != record.type)])
    parts: list[RenderableType] = [
        Rule(style="dim"),
        Text(" · ".join(safe(part) for part in told if part), style=SEVERITY_STYLES[record.severity]),
        _columns(("✗" if record.retracted else "▸", style), (types, f"bold {style}"), *_happening(record)),
    ]
    parts += [Text(f"   {safe(position.status)}: {safe(', '.join(position.who))}", style="italic") for position in record.positions]
    return Group(*parts, *map(_victims, record.casualties), *map(_report, record.reports), Text())


def alert(record: Alert) -> RenderableType:
    """What a subscriber is told: the headline, what is new, the facts, and the evidence quoted."""
    style = SEVERITY_STYLES[record.severity]
    told = [record.subscription, _instant(record.sent), *_standing(record), record.incident]
    parts: list[RenderableType] = [
        Rule(style="dim"),
        Text.assemble((_MESSAGES[record.msg_type], f"reverse {style}"), (f"  {safe(' · '.join(part for part in told if part))}", style)),
        Text(safe(record.headline), style="bold strike" if record.msg_type == "cancel" else "bold"),
    ]
    parts += [Text(f"   + {safe(change)}", style="green") for change in record.changes]
    parts.append(Text.assemble("   ", _columns((record.type, "bold"), *_happening(record))))
    return Group(*parts, *map(_victims, record.casualties), *map(_evidence, record.evidence), Text())


def explanation(trace: SentenceTrace) -> RenderableType:
    """One sentence with what was recognised in it, what fired by which rule, and what stopped the rest."""
    if trace.skipped is not None:
        skipped = Text(safe(trace.text), style="dim italic" if trace.skipped.startswith("boilerplate") else "")
        skipped.append(f"  ░ {safe(trace.skipped)}", style="dim yellow")
        return Group(skipped, Text())
    parts: list[RenderableType] = [Text(safe(trace.text), style="bold" if trace.field == "headline" else "")]
    for mark in trace.marks:
        words = trace.text[mark.start - trace.start : mark.end - trace.start]
        meaning = (f"  {safe(mark.entry)}", "dim")
        parts.append(Text.assemble("   ", ("seen     ", "dim"), safe(words), ("  = ", "dim"), safe(mark.concept), meaning))
    for found in trace.developments:
        parts.append(Text.assemble("   ", ("fired    ", "green"), safe(found.rule)))
        parts.append(Padding(development(found), (0, 0, 0, 3), expand=False))
    for one in trace.candidates:
        taken = ", ".join(one.taken)
        words = trace.text[one.start - trace.start : one.end - trace.start]
        where = (f"  “{safe(words)}”", "dim italic")
        parts.append(Text.assemble("   ", ("named    ", "cyan"), safe(one.value), ("  is ", "dim"), taken or "none of its fields", where))
    for rival in trace.rivals:
        why = (f"  {safe(', '.join(rival.signs))}", "dim italic")
        share = (f"  {rival.share:.0%} for {rival.type}", "dim")
        parts.append(Text.assemble("   ", ("weighed  ", "cyan"), safe(rival.value), share, why))
    for stop in trace.stopped:
        words = trace.text[stop.start - trace.start : stop.end - trace.start]
        quoted = (f"  “{safe(words)}”", "dim italic")
        parts.append(Text.assemble("   ", ("stopped  ", "yellow"), safe(stop.rule), ("  by ", "dim"), safe(stop.reason), quoted))
    return Group(*parts, Text())


def dead_letter_line(letter: DeadLetter) -> Text:
    """Place, reason, origin, key and message on one line."""
    key = _raw(letter.key, 60) or "no key"
    return _columns((letter.place, "bold"), (letter.reason, "bold red"), (letter.origin, "dim"), (key, "cyan"), (letter.message, ""))


def dead_letter(letter: DeadLetter) -> RenderableType:
    """Why it is there and how it begins."""
    return Group(*_dead_letter_head(letter), _quoted(letter, _GLANCE), Text())


def dead_letter_whole(letter: DeadLetter) -> RenderableType:
    """Why it is there, its headers, and all of it."""
    headers = [Text(f"   {safe(name)}: {_raw(value, _GLANCE)}", style="dim") for name, value in letter.headers]
    return Group(*_dead_letter_head(letter), *headers, _quoted(letter, None), Text())


def _dead_letter_head(letter: DeadLetter) -> list[RenderableType]:
    key = _raw(letter.key, 200) or "no key"
    return [
        Rule(style="dim"),
        _columns(("✗ dead letter", "red"), (letter.place, "bold"), (letter.reason, "bold red"), (letter.stage, "dim")),
        Text(f"   {safe(letter.message)}"),
        Text(f"   from {safe(letter.origin)} · {key} · {len(letter.value or b''):,} bytes", style="cyan"),
    ]


def _quoted(letter: DeadLetter, limit: int | None) -> RenderableType:
    return Padding(Text(_raw(letter.value, limit), style="dim"), (0, 0, 0, 3), expand=False)


def _raw(value: bytes | None, limit: int | None) -> str:
    text = (value or b"")[: limit and 4 * limit].decode("utf-8", "replace")
    return safe(text) if limit is None else _beginning(text, limit)


def _beginning(text: str, limit: int) -> str:
    return safe(text) if len(text) <= limit else f"{safe(text[:limit])}…"


def title(record: Article) -> RenderableType:
    """Whose article it is: what stands over an explanation."""
    return Group(Rule(style="dim"), _heading(record), Text())


def quantity(record: Quantity) -> str:
    """`killed 19`, `wounded 40+`, `troops ~10,000-12,000`, `missing ≤5`."""
    about = "~" if record.approx else ""
    low, high = _number(record.min), _number(record.max)
    if record.min is None:
        amount = f"≤{high}" if record.max is not None else "?"
    elif record.max is None:
        amount = f"{low}+"
    else:
        amount = low if low == high else f"{low}-{high}"
    return f"{record.kind} {about}{amount}"


def place(record: Place) -> str:
    """`El Obeid, SDN (13.18, 30.22)`: the point only where the gazetteer knew it."""
    named = record.name if not record.country or record.country == record.name else f"{record.name}, {record.country}"
    return named if record.lat is None or record.lon is None else f"{named} ({record.lat:.2f}, {record.lon:.2f})"


def _facts(record: Development) -> list[tuple[str, str]]:
    who = ", ".join(record.actor)
    whom = ", ".join(record.target)
    return [
        (f"{who or '?'} → {whom}" if whom else who, "bold"),
        (f"@ {place(record.place)}" if record.place else "", ""),
        (record.date or "", ""),
        *((quantity(one), "bold") for one in record.quantities),
        (record.status + (f" by {record.source}" if record.source else ""), "" if record.status == "reported" else "italic"),
        ("background" if record.background else "", "dim"),
    ]


def _standing(record: Incident | Alert) -> list[str]:
    """How bad, how sure, and on how many feet it stands."""
    sources = f"{record.independent_sources} independent source{'' if record.independent_sources == 1 else 's'}"
    return [record.severity, record.certainty, record.status, sources]


def _happening(record: Incident | Alert) -> list[tuple[str, str]]:
    """Who to whom, where and when."""
    whom = ", ".join(record.target)
    who = ", ".join(record.actor)
    return [
        (f"{who or '?'} → {whom}" if whom else who, "bold"),
        (f"@ {place(record.place)}" if record.place else "", ""),
        (record.date or "", ""),
    ]


def _victims(record: Toll) -> RenderableType:
    """The range of a count, and who says what where there is more than one figure."""
    line = Text.assemble("   ", (quantity(Quantity(record.kind, record.min, record.max)), "bold"))
    if len(record.figures) > 1:
        said = [(Quantity(record.kind, one.min, one.max, one.approx), one.source or "?") for one in record.figures]
        line.append("  " + safe(", ".join(f"{quantity(figure).partition(' ')[2]} {source}" for figure, source in said)), style="dim")
    if record.contradicted:
        line.append(f"  contradicted: {safe(', '.join(record.contradicted))}", style="yellow")
    return line


def _report(record: Report) -> RenderableType:
    return _quote(record, [record.type, *record.reasons, "background" if record.background else ""])


def _evidence(record: Evidence) -> RenderableType:
    return _quote(record, [])


def _quote(record: Report | Evidence, more: Sequence[str]) -> RenderableType:
    """The words of an article, and where they stand in it."""
    where = f"{record.article} v{record.version} {record.field} {record.start}-{record.end}"
    said = [record.agency, record.language, record.status, record.source, *more, where]
    text = Text.assemble((f"“{safe(record.text)}”", "italic"), (f"  {safe(' · '.join(part for part in said if part))}", "dim"))
    return Padding(text, (0, 0, 0, 3), expand=False)


def _heading(record: Article) -> Text:
    told = [record.source, record.language, _instant(record.published), record.format, f"v{record.version}", record.signal]
    return Text(" · ".join(safe(part) for part in told if part), style="cyan")


def _marked(
    text: str, start: int, end: int, boilerplate: Sequence[Boilerplate], numbered: Sequence[tuple[int, Development]], style: str = ""
) -> Text:
    """`text[start:end]` with its boilerplate dim and named at the end, and a number where each development's evidence ends."""
    line = Text(safe(text[start:end]), style=style)
    for _, found in numbered:
        if found.start < end and found.end > start:
            line.stylize(f"underline {FAMILY_STYLES[found.family]}", max(found.start - start, 0), min(found.end, end) - start)
    dim = [span for span in boilerplate if span.start < end and span.end > start]
    for span in dim:
        line.stylize("dim italic", max(span.start - start, 0), min(span.end, end) - start)
    ending = [(found.end - start, number, FAMILY_STYLES[found.family]) for number, found in numbered if start < found.end <= end]
    out = Text()
    pieces = line.divide(sorted({at for at, _, _ in ending}))
    at = 0
    for piece in pieces:
        out.append_text(piece)
        at += len(piece)
        for _, number, colour in (one for one in ending if one[0] == at):
            out.append(_superscript(number), style=f"bold {colour}")
    for span in dim:
        whole = span.start <= start and span.end >= end
        out.append(f"  ░ {span.cls}" if whole else f"  ░ {span.cls} “{_beginning(text[span.start : span.end], 40)}”", style="dim yellow")
    return out


def _columns(*parts: tuple[str, str]) -> Text:
    return Text("  ").join(Text(safe(text), style=style) for text, style in parts if text)


def _superscript(number: int) -> str:
    return str(number).translate(_SUPERSCRIPTS)


def _instant(when: datetime | None) -> str | None:
    return when.isoformat(" ", "minutes") if when else None


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,}"
