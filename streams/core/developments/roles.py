"""Who did it and to whom: the actor and target of a development, from the mentions around its trigger (codebook, rulings 7, 15, 25, 26)."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.actors import ActorMention
from streams.core.developments.find import Found, Reading
from streams.core.lexicon import Lexicon

MUTUAL = frozenset({"talks", "ceasefire"})
"""All parties in `actor`."""
LONE = frozenset({"withdrawal", "exercise", "mobilization", "coup", "deployment"})
"""No target, or only one that a preposition names."""
SUFFERED = frozenset({"casualties", "displacement", "detention", "abduction", "release", "protest", "attack_on_civilians"})
"""The subject of an intransitive or passive form is who suffers it."""
_NONE: frozenset[str] = frozenset()


def codes(mentions: Sequence[ActorMention]) -> list[str]:
    """The codes of mentions, each once, in reading order."""
    return list(dict.fromkeys(m.code for m in mentions))


def roles(found: Found, reading: Reading, mentions: Sequence[ActorMention], lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """(actor, target) as codes. `mentions` are those of the sentence that are not its speakers."""
    clauses = reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    near = [m for m in mentions if low <= m.first and m.last <= high]
    if found.type in MUTUAL:
        return codes(near), []
    if found.type == "protest":
        return [], []
    agent, patients, left, right = _sides(found, reading, near, lexicon)
    if agent is not None:
        actor, target = [agent], [m for m in [*patients, *left, *right] if m.code != agent.code]
    elif patients:
        actor, target = left[-1:], patients
    elif found.type in SUFFERED:
        actor, target = ([], near) if not (left and right) else (left[-1:], right[:1])
    else:
        actor, target = left[-1:], right[:1]
    if found.type == "casualties":
        return codes([m for m in actor if agent is not None or (left and right)]), codes(target[:1])
    if found.type in LONE:
        return codes(actor or target)[:1], []
    return codes(actor), [code for code in codes(target)[:2] if code not in codes(actor)]


def _sides(
    found: Found, reading: Reading, near: Sequence[ActorMention], lexicon: Lexicon
) -> tuple[ActorMention | None, list[ActorMention], list[ActorMention], list[ActorMention]]:
    """(the agent that the grammar marks, the targets that it marks, the other mentions left and right of the trigger)."""
    words = reading.sentence.words
    by, against = lexicon.grammar.get("by", _NONE), lexicon.grammar.get("against", _NONE)
    trigger = found.trigger
    agent: ActorMention | None = None
    patients: list[ActorMention] = []
    left: list[ActorMention] = []
    right: list[ActorMention] = []
    for m in near:
        lead = _lead(words, m.first)
        if m.first > trigger and any(word in by for word in lead):
            agent = agent or m
        elif m.first > trigger and any(word in against for word in lead):
            patients.append(m)
        elif m.adjective and (m.first - trigger in (1, 2) or trigger - m.last in (1, 2)) and agent is None and not _is_object(reading, m):
            agent = m
        elif m.last < trigger:
            left.append(m)
        else:
            right.append(m)
    return agent, patients, left, right


def _lead(words: Sequence[str], first: int) -> Sequence[str]:
    return words[max(0, first - 3) : first]


def _is_object(reading: Reading, mention: ActorMention) -> bool:
    return False
