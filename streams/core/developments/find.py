"""Finds the developments of a sentence: which trigger tells which type, by which rule, in which clause."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from streams.core.developments.clauses import Clauses, cut
from streams.core.developments.rules import Groups, Types
from streams.core.lexicon import Lexicon
from streams.core.text import Sentence

MOST = 20
"""Developments of one sentence, the first ones: the gold has five at most, a hostile sentence tells hundreds, and each is weighed."""
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """A development before its fields: token numbers, inclusive."""

    type: str
    rule: str
    entry: str
    trigger: int
    first: int
    last: int
    met: list[int]


@dataclass(slots=True)
class Reading:
    """A sentence with all that was recognised in it."""

    sentence: Sentence
    masks: list[int]
    phrases: dict[int, str]
    clauses: Clauses
    weight: int
    """The weight of the sentence and its article together."""
    story: bool
    """The article speaks of a conflict: a sentence of it need not name who or where."""
    capitals: list[bool]
    """For each token whether it begins with a capital letter."""
    trailing: bool = False
    """An act of violence was told just before, in this paragraph or the one before it."""


def read(sentence: Sentence, text: str, masks: list[int], lexicon: Lexicon, article_weight: int) -> Reading:
    """Marks a sentence of `text` and cuts it into clauses. `masks` holds the bits of the tables (actors, places, numbers)."""
    phrases, covered = lexicon.mark(sentence.words, masks)
    _unname(sentence, text, masks, lexicon)
    seen = 0
    for mask in masks:
        seen |= mask
    weight = lexicon.concepts.weigh(seen) + article_weight
    capitals = [text[start].isupper() for start in sentence.starts]
    return Reading(sentence, masks, phrases, cut(sentence, masks, covered, lexicon), weight, article_weight > 0, capitals)


def _unname(sentence: Sentence, text: str, masks: list[int], lexicon: Lexicon) -> None:
    """Takes its meaning from a word that a capital makes a name ("in May", "March 3") but for what the tables know of it."""
    names = lexicon.grammar.get("month_names", _NONE)
    if names:
        for i, word in enumerate(sentence.words):
            if word in names and text[sentence.starts[i]].isupper() and (i or "".join(sentence.words[1:2]).isdecimal()):
                masks[i] &= lexicon.concepts.tables


def find(reading: Reading, types: Types, lexicon: Lexicon, stopped: list[tuple[str, int, str]] | None = None) -> list[Found]:
    """The developments of a sentence, one of a type in a segment, in reading order.

    `stopped` collects (rule, trigger token, reason) of what did not fire, for `explain`.
    """
    found: dict[tuple[str, int], Found] = {}
    concepts = types.concepts
    spare = reading.weight - _asked(reading, types, lexicon)
    _fire(types.groups, concepts.triggers, spare, reading, types, lexicon, found, stopped)
    if types.alone.groups:
        told = {segment for _, segment in found}
        _fire(types.alone, concepts.things, spare, reading, types, lexicon, found, stopped, told)
    return sorted(found.values(), key=lambda f: (f.first, f.trigger))[:MOST]


def _asked(reading: Reading, types: Types, lexicon: Lexicon) -> int:
    """The least weight of what stands beside a trigger: the less the sentence says who and where, the more."""
    if lexicon.coverage != "full":
        return 0  # a partial lexicon has no tables of actors and places, and few words that support
    named = reduce(or_, reading.masks, 0)
    if reading.story or named & types.concepts.tables_at_war:
        return types.support
    return types.elsewhere if named & types.concepts.tables_named else types.nowhere


def _fire(
    groups: Groups,
    triggers: int,
    spare: int,
    reading: Reading,
    types: Types,
    lexicon: Lexicon,
    found: dict[tuple[str, int], Found],
    stopped: list[tuple[str, int, str]] | None,
    told: Collection[int] = (),
) -> None:
    """Tries the rules of each group on each trigger, but for those in segments that have `told` something; the first that holds fires."""
    masks, clauses = reading.masks, reading.clauses
    meant: dict[int, int] = {}
    for trigger, mask in enumerate(masks):
        if not mask & triggers or clauses.segment[trigger] in told:
            continue
        low, high = clauses.bounds(clauses.segment, trigger, trigger)
        if low not in meant:
            meant[low] = reduce(or_, masks[low : high + 1])
        own = types.concepts.weigh(mask)
        support = spare - min(own, 1)
        for rules in groups.on(mask):
            for rule in rules:
                met = rule.holds(masks, meant[low], trigger, low, high, reading.weight, support, reading.trailing)
                if isinstance(met, str):
                    if stopped is not None:
                        stopped.append((f"{rule.type}/{rule.name}", trigger, met))
                    continue
                _keep(found, rule.type, rule.name, trigger, met, mask & rule.on, reading, lexicon)
                break


def _keep(
    found: dict[tuple[str, int], Found], kind: str, rule: str, trigger: int, met: Sequence[int], on: int, reading: Reading, lexicon: Lexicon
) -> None:
    clauses = reading.clauses
    tokens = [trigger, *met]
    first, last = clauses.bounds(clauses.unit, min(tokens), max(tokens))
    key = (kind, clauses.segment[trigger])
    if (known := found.get(key)) is not None:
        known.first, known.last = min(known.first, first), max(known.last, last)
        return
    entry = reading.phrases.get(trigger) or lexicon.entry(reading.sentence.words[trigger], on)
    found[key] = Found(kind, rule, entry, trigger, first, last, list(met))
