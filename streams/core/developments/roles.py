"""Who did it and to whom: the actor and target of a development, from the mentions around its trigger (codebook, rulings 7, 15, 25, 26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.developments.find import Found, Reading
from streams.core.lexicon import Lexicon

MUTUAL = frozenset({"talks", "ceasefire"})
"""All parties in `actor`."""
LONE = frozenset({"withdrawal", "exercise", "mobilization", "coup", "deployment"})
"""No target, or only one that a preposition names."""
SUFFERED = frozenset({"casualties", "displacement", "detention", "abduction", "release"})
"""The subject of an intransitive or passive form is who suffers it."""
FELT = frozenset(
    {
        *("air_strike", "shelling", "drone_strike", "bombing", "cbrn_attack", "infrastructure_damage", "attack_on_civilians", "casualties"),
        *("capture", "advance", "incursion", "siege", "displacement", "abduction", "aid", "protest", "detention", "release"),
    }
)
"""Where the text names no target, it is the country of the place (rulings 7 and 15)."""
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Sides:
    agents: list[ActorMention]
    """Whom the grammar marks as acting: "par", an adjective on the trigger."""
    patients: list[ActorMention]
    """Whom a preposition marks as acted on."""
    left: list[ActorMention]
    right: list[ActorMention]


def codes(mentions: Sequence[ActorMention]) -> list[str]:
    """The codes of mentions, each once, in reading order."""
    return list(dict.fromkeys(m.code for m in mentions if m.code))


def roles(
    found: Found, reading: Reading, mentions: Sequence[ActorMention], speaker: str | None, lexicon: Lexicon
) -> tuple[list[str], list[str]]:
    """(actor, target) as codes.

    `mentions` are those of the sentence that are not its speakers; `speaker` is the code of who reports it, and acts where
    nobody else does ("l'armée dit avoir abattu").
    """
    clauses = reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    near = [m for m in mentions if low <= m.first and m.last <= high]
    if found.type in MUTUAL:
        return codes(near), []
    if found.type == "protest":
        return [], []
    sides = _sides(found, reading, near, lexicon)
    actor, target = _assign(found, sides, _acts_on_somebody(found, reading, lexicon))
    if not actor and speaker and found.type not in SUFFERED:
        actor = [speaker]
    if found.type in LONE:
        return (actor or target)[:1], []
    return actor[:2], [code for code in target if code not in actor][:2]


def _acts_on_somebody(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether those who suffer stand behind the trigger, so that who stands before it acts ("killed 13 workers")."""
    bit = lexicon.concepts.bit
    if not reading.masks[found.trigger] & (bit["KILL"] | bit["MASSACRE"] | bit["GUNFIRE"] | bit["ARREST"] | bit["FREE"] | bit["WOUND"]):
        return False
    if not lexicon.grammar.get("by", _NONE).isdisjoint(reading.sentence.words[found.trigger + 1 : found.trigger + 4]):
        return False
    victims = lexicon.concepts.mask(("PEOPLE", "CIVILIAN", "FORCE", "POLICE", "NUMBER", "CAPTIVE", "SUSPECT", "ARMED", "RANK"))
    return any(mask & victims for mask in reading.masks[found.trigger + 1 : found.trigger + 5])


def _assign(found: Found, sides: _Sides, acts: bool) -> tuple[list[str], list[str]]:
    agents, patients, left, right = (codes(side) for side in (sides.agents, sides.patients, sides.left, sides.right))
    if acts and found.type in SUFFERED and left:
        return agents[:1] or left[-1:], (patients or right)[:1]
    if found.type == "casualties":
        killers = agents if agents and (left or right) else []
        victims = patients or [c for c in [*right, *left, *agents] if c not in killers]
        return killers or (left[-1:] if left and right else []), (right if left and right else victims)[:1]
    if agents:
        return agents[:1], patients or left[-1:] or right[:1]
    if patients:
        return left[-1:], patients
    if found.type in SUFFERED and not (left and right):
        return [], [*left, *right][:1]
    return left[-1:], right[:1]


def _sides(found: Found, reading: Reading, near: Sequence[ActorMention], lexicon: Lexicon) -> _Sides:
    words = reading.sentence.words
    by, against = lexicon.grammar.get("by", _NONE), lexicon.grammar.get("against", _NONE)
    flying = lexicon.concepts.mask(("DRONE", "MISSILE", "AIRCRAFT"))
    sides = _Sides([], [], [], [])
    for m in near:
        lead = words[max(0, m.first - 3) : m.first]
        flown = found.type == "interception" and any(mask & flying for mask in reading.masks[max(0, m.first - 2) : m.last + 3])
        beside = m.first - found.trigger in (1, 2) or found.trigger - m.last in (1, 2)
        if m.first > found.trigger and not by.isdisjoint(lead):
            sides.agents.append(m)
        elif (m.first > found.trigger and not against.isdisjoint(lead)) or (flown and m.adjective):
            sides.patients.append(m)
        elif m.adjective and beside:
            sides.agents.append(m)
        elif m.last < found.trigger:
            sides.left.append(m)
        else:
            sides.right.append(m)
    return sides
