"""How many: the clause from which the quantities of a development are read (codebook, rulings 4, 10 and 27)."""

from __future__ import annotations

from itertools import pairwise

from streams.core.developments.kinds import SPEECH
from streams.core.fields.story import Scene
from streams.core.quantities import COUNTED, quantities
from streams.core.records import Quantity, QuantityKind

_HARM: dict[str, QuantityKind] = {"WOUND": "wounded", "MISSING": "missing"}
_TAKEN: dict[str, QuantityKind] = {"detention": "captured", "abduction": "captured"}
"""Types whose one person may be told by the name alone."""
_KILLED = frozenset({"DEAD", "KILL"})


def counts(scene: Scene) -> tuple[list[Quantity], tuple[int, int]]:
    """The quantities, and the tokens that they were read from: the clause, else what stands around it and tells nothing else."""
    found, numbers = scene.found, scene.seen.numbers
    kinds, clause = scene.story.language.kinds, (found.first, found.last)
    if kinds is None or found.type in SPEECH:
        return [], clause
    concepts = found.entry.replace(" ", "/").split("/")
    harm = next((_HARM[name] for name in concepts if name in _HARM), "killed") if _KILLED.isdisjoint(concepts) else "killed"
    reaches = [clause]
    if found.type in COUNTED and found.rule != "denial" and any(not n.article for n in numbers):
        reaches.append(_around(scene))
    for reach in reaches:
        out = quantities(scene.reading.sentence, numbers, kinds, found.type, *reach, harm)  # type: ignore[arg-type]
        if out and (reach == clause or any((q.min, q.max) != (1, 1) for q in out)):  # one person beside the clause may be anybody
            return out, reach
    kind = _TAKEN.get(found.type)
    return ([Quantity(kind, 1, 1)] if kind and _names_one(scene) else []), clause


def _names_one(scene: Scene) -> bool:
    """Whether the clause names one person who is nobody's army: two words with capitals that no table knows, or a leader."""
    found, seen = scene.found, scene.seen
    if any(m.kind == "leader" and found.first <= m.first and m.last <= found.last for m in seen.actors):
        return True
    if "capital_nouns" in scene.lexicon.grammar:
        return False
    named = [(m.first, m.last) for m in seen.actors] + [(m.first, m.last) for m in seen.places]
    taken = {at for first, last in named for at in range(first, last + 1)}
    free = [seen.reading.capitals[at] and at not in taken for at in range(found.first, found.last + 1)]
    return any(one and other and at > 0 for at, (one, other) in enumerate(pairwise(free), found.first))


def _around(scene: Scene) -> tuple[int, int]:
    """The tokens of the sentence around the clause that no other development tells."""
    found, first, last = scene.found, 0, len(scene.reading.sentence.words) - 1
    first = max([first, *(o.last + 1 for o in scene.others if o.last < found.first)])
    last = min([last, *(o.first - 1 for o in scene.others if o.first > found.last)])
    return min(first, found.first), max(last, found.last)
