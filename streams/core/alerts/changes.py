"""What a message says and what is new since the one before, first as values, then in words."""

from __future__ import annotations

from streams.core.alerts.names import counted, party, place_name, same_place
from streams.core.alerts.records import Part, Phrases, Told
from streams.core.records import Incident

_NEWS = frozenset({"denied", "confirmed"})
"""What others hold that is news; that one more claims what is reported is none."""


def told(incident: Incident) -> Told:
    """What a message on this record says."""
    others = {position.status for position in incident.positions if position.status in _NEWS} - {incident.status}
    return Told(
        incident.type,
        incident.place,
        incident.date,
        sorted(incident.actor),
        sorted(incident.target),
        [incident.status, *sorted(others)],
        [(toll.kind, toll.min, toll.max) for toll in sorted(incident.casualties, key=lambda toll: toll.kind)],
        incident.severity,
        incident.certainty,
        incident.independent_sources,
    )


def differ(old: Told, new: Told) -> bool:
    """Whether one is news to who heard the other; another spelling of the place is none."""
    return old != new and bool(_parts(old, new))


def changes(old: Told, new: Told, incident: Incident, words: Phrases) -> list[str]:
    """What is new, a line a part."""
    lines = []
    for part in _parts(old, new):
        now, before = _say(part, new, incident, words), _say(part, old, incident, words)
        frame = words.changed if now and before else words.new if now else words.gone
        lines.append(frame.format(part=words.parts[part], new=now, old=before))
    return lines


def _parts(old: Told, new: Told) -> list[Part]:
    """The parts that differ, the gravest first."""
    compared: dict[Part, bool] = {
        "status": old.status == new.status,
        "toll": old.toll == new.toll,
        "severity": old.severity == new.severity,
        "certainty": old.certainty == new.certainty,
        "type": old.type == new.type,
        "place": same_place(old.place, new.place),
        "date": old.date == new.date,
        "actor": old.actor == new.actor,
        "target": old.target == new.target,
        "sources": old.sources == new.sources,
    }
    return [part for part, same in compared.items() if not same]


def _say(part: Part, of: Told, incident: Incident, words: Phrases) -> str:
    """One part in words; empty where there is nothing to say."""
    match part:
        case "status":
            return ", ".join(words.statuses[status] for status in of.status)
        case "toll":
            return ", ".join(filter(None, (counted(kind, least, most, False, words) for kind, least, most in of.toll)))
        case "severity":
            return words.severities[of.severity]
        case "certainty":
            return words.certainties[of.certainty]
        case "type":
            return words.types[of.type]
        case "place":
            return place_name(of.place, incident.reports, words) if of.place else ""
        case "date":
            return of.date or ""
        case "actor":
            return ", ".join(party(code, words) for code in of.actor)
        case "target":
            return ", ".join(party(code, words) for code in of.target)
        case "sources":
            return str(of.sources)
