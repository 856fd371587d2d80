"""An incident in one line. Which parts there are and which go first when it gets too long is decided here; the words are data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from streams.core.alerts.names import NAME, clean, clip, counted, of_language, party, place_name, same_place, teller
from streams.core.alerts.records import Phrases
from streams.core.records import Figure, Incident, Place, QuantityKind, Report, Status, Toll

LIMIT = 120
"""Characters that a headline never exceeds."""
_SIDE = 3
"""Parties that are named on each side."""
_ORDER: tuple[QuantityKind, ...] = ("killed", "casualties", "wounded", "missing", "captured", "released", "displaced")
_DROPPED = ("parties", "second", "said", "status", "toll")
"""What goes when the line is too long, first things first: the type and the place stay."""


def headline(incident: Incident, language: str, phrases: Mapping[str, Phrases]) -> str:
    """The incident in one line of the language."""
    words = phrases[language]
    parts = _parts(incident, words)
    for name in ("", *_DROPPED):
        parts[name] = ""
        text = _line(parts, words)
        if len(text) <= LIMIT:
            return text
    return clip(text, LIMIT)


def canceled(told: str, language: str, phrases: Mapping[str, Phrases]) -> str:
    """The headline that takes another back."""
    return clip(_capital(phrases[language].canceled.format(headline=told)), LIMIT)


def _parts(incident: Incident, words: Phrases) -> dict[str, str]:
    lead, place = _where(incident, words)
    first, second, who = _toll(incident, words)
    if not first:
        who = _claimant(incident, words)
    status, owner = _status(incident, words)
    if owner and owner == who:
        who = ""
    shown = incident.family == "diplomacy" or incident.place is None
    return {
        "lead": lead,
        "place": place,
        "parties": _parties(incident, words) if shown else "",
        "toll": first,
        "second": second,
        "said": words.said.format(who=who) if who else "",
        "status": status,
    }


def _line(parts: dict[str, str], words: Phrases) -> str:
    aside = words.colon.join(filter(None, (parts["place"], parts["parties"])))
    lead = f"{parts['lead']} ({aside})" if aside else parts["lead"]
    toll = ", ".join(filter(None, (parts["toll"], parts["second"])))
    line = words.colon.join(filter(None, (lead, toll))) + parts["said"]
    return _capital(words.semicolon.join(filter(None, (_contracted(line, words), _contracted(parts["status"], words)))))


def _where(incident: Incident, words: Phrases) -> tuple[str, str]:
    """What happened with its place, and the place by itself where the two cannot be joined in good grammar."""
    kind, place = words.types[incident.type], incident.place
    if place is None:
        return kind, ""
    name = place_name(place, incident.reports, words)
    if place.precision == "city" and incident.type in words.towns:
        return words.towns[incident.type].format(place=name), ""
    if written := _as_written(place, incident.reports, words):
        return f"{kind} {written}", ""
    return (words.town.format(type=kind, place=name), "") if place.precision == "city" and words.town else (kind, name)


def _as_written(place: Place, reports: list[Report], words: Phrases) -> str:
    """The place with its preposition, as a report in the language has it: no name has to be inflected then."""
    for report in reports:
        if report.place is None or not of_language(report.language, words) or not same_place(report.place, place):
            continue
        name, text = clean(report.place.name), clean(report.text)
        before, found, behind = text.partition(name or "\n")
        whole = found and len(name) <= NAME and not behind[:1].isalnum() and re.search(words.ending, name)
        if whole and (preposition := _preposition(before.lower(), words)):
            return preposition + name
    return ""


def _preposition(before: str, words: Phrases) -> str:
    """The longest that a text ends with, with the space behind it."""
    spaced = (p if p.endswith("'") else p + " " for p in words.prepositions)
    fitting = (p for p in spaced if before.endswith(p) and not before[: -len(p)][-1:].isalnum())
    return max(fitting, key=len, default="")


def _parties(incident: Incident, words: Phrases) -> str:
    """Who did it to whom; those on one side only are just named."""
    sides = [", ".join(party(code, words) for code in side[:_SIDE]) for side in (incident.actor, incident.target)]
    return " → ".join(filter(None, sides))


def _toll(incident: Incident, words: Phrases) -> tuple[str, str, str]:
    """The gravest count, the next one if the same people give it, and who they are."""
    tolls = sorted((t for t in incident.casualties if t.kind in _ORDER), key=lambda toll: _ORDER.index(toll.kind))
    told = [(text, figure) for toll in tolls if (text := _count(toll, figure := _figure(toll), words))]
    if not told:
        return "", "", ""
    (first, figure), *others = told
    who = _teller(figure.source if figure else None, incident, words)
    second = next((text for text, other in others if (other and other.source) == (figure and figure.source)), "")
    return first, second, who


def _figure(toll: Toll) -> Figure | None:
    """The newest figure that says what the range says."""
    return next((f for f in reversed(toll.figures) if (f.min, f.max) == (toll.min, toll.max)), None)


def _count(toll: Toll, figure: Figure | None, words: Phrases) -> str:
    return counted(toll.kind, toll.min, toll.max, figure is not None and figure.approx, words)


def _teller(who: str | None, incident: Incident, words: Phrases) -> str:
    return teller(who, incident, words) if who else ""


def _holders(incident: Incident, status: Status) -> list[str]:
    return [who for position in incident.positions if position.status == status for who in position.who]


def _claimant(incident: Incident, words: Phrases) -> str:
    """Who says that it happened, where it is not told as fact."""
    if incident.status == "reported":
        return ""
    return next(filter(None, (_teller(who, incident, words) for who in _holders(incident, incident.status))), "")


def _status(incident: Incident, words: Phrases) -> tuple[str, str]:
    """How sure it is, and who is named with it."""
    denied = _holders(incident, "denied")
    if denied or incident.status == "denied":
        who = next(filter(None, (_teller(name, incident, words) for name in denied)), "")
        return (words.denied_by.format(who=who), who) if who else (words.denied, "")
    if incident.status == "claimed":
        own = next((name for name in _holders(incident, "claimed") if name in incident.actor), None)
        who = _teller(own, incident, words)
        return (words.owned_by.format(who=who), who) if who else (words.unconfirmed, "")
    return {"confirmed": words.confirmed, "expected": words.expected}.get(incident.status, ""), ""


def _contracted(text: str, words: Phrases) -> str:
    for pattern, replacement in words.contract:
        text = re.sub(pattern, replacement, text)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
