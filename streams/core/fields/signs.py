"""What the clause and the story show of somebody who may be a party to a development: signs, which `parties` weighs.

A sign is a short word that no language knows: where the name stands, what stands before it, its case, whose weapon it owns, what the
article told of it before. The words that make signs are the grammar of each language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.fields.standing import apart, leads
from streams.core.fields.story import Scene, Told

_NONE: frozenset[str] = frozenset()
_LEADS = ("by", "against", "of", "with", "openers", "coordinators", "complementizers", "having")
"""Grammar words that may stand right before a name."""
_NEAR = ("by", "against", "of", "with")
"""Grammar words that may stand a few words before it."""
_HEADS = (
    *("DRONE", "MISSILE", "ARTILLERY", "AIRCRAFT", "AIRBOMB", "FORCE", "POLICE", "PEOPLE", "CIVILIAN", "RANK", "ENVOY", "POWER"),
    *("POSITION", "BORDER", "CAPTIVE", "SUSPECT", "ARMED", "NUMBER", "DEAD", "KILL", "WOUND", "FRONT", "FACILITY"),
)
"""What stands beside a name and is its own, or is joined to it."""


@dataclass(slots=True)
class Candidate:
    """Somebody who may be a party: a code, and the mention of it that stands best for it in the sentence."""

    code: str
    mention: ActorMention | None
    zone: str
    """Where the mention stands: `e` in the evidence, `s` in its segment, `p` elsewhere in the sentence, `m` in the words that name the
    speaker, `o` in those that name another, `x` not in the sentence."""
    side: str
    """`L` before the trigger, `R` after it, `I` about it, empty without a mention."""
    signs: list[str]


def voice(scene: Scene) -> list[str]:
    """How the trigger stands: behind an auxiliary of the passive, before "by", as a noun, first or last in its clause."""
    reading, grammar, at = scene.reading, scene.lexicon.grammar, scene.found.trigger
    words = reading.sentence.words
    low, high = reading.clauses.bounds(reading.clauses.segment, at, at)
    passive, by = grammar.get("passive", _NONE), grammar.get("by", _NONE)
    articles = grammar.get("articles", _NONE)
    shown = {
        "aux": not passive.isdisjoint(words[max(low, at - 3) : at]),
        "auxseg": not passive.isdisjoint(words[low : high + 1]),
        "by": not by.isdisjoint(words[at + 1 : at + 3]),
        "bylater": not by.isdisjoint(words[at + 1 : high + 1]),
        "end": words[at].endswith(tuple(grammar.get("passive_endings", ()))),
        "noun": not articles.isdisjoint(words[max(0, at - 1) : at]),
        "noun2": not articles.isdisjoint(words[max(0, at - 2) : max(0, at - 1)]),
        "self": not grammar.get("reflexive", _NONE).isdisjoint(words[max(0, at - 2) : at]),
        "has": not grammar.get("auxiliaries", _NONE).isdisjoint(words[max(0, at - 2) : at]),
        "first": at <= 1,
        "last": at == high,
        "of": not grammar.get("of", _NONE).isdisjoint(words[at + 1 : at + 2]),
        "against": not grammar.get("against", _NONE).isdisjoint(words[at + 1 : at + 3]),
    }
    return [name for name, is_so in shown.items() if is_so] or ["plain"]


def signs(one: Candidate, scene: Scene, parties: Sequence[ActorMention], others: Sequence[str], voices: Sequence[str]) -> list[str]:
    """All signs of a candidate. `parties` are the mentions in the segment in reading order, `others` the codes of all candidates."""
    out = ["any", f"z{one.zone}", f"status={scene.status}"]
    if one.mention is not None:
        out += _stands(one, one.mention, scene, voices)
        out += _beside(one.mention, one.side, scene)
        out += _ranked(one, one.mention, parties, scene)
    out += _placed(one, scene, others)
    out += _told(one, scene)
    return out


def _stands(one: Candidate, mention: ActorMention, scene: Scene, voices: Sequence[str]) -> Iterator[str]:
    """Where the name stands, and by which words."""
    reading, grammar, at = scene.reading, scene.lexicon.grammar, scene.found.trigger
    side, unit = one.side, reading.clauses.unit
    yield f"{side}{one.zone}"
    yield f"{side}{apart(mention, at)}"
    yield f"{side}:{mention.kind}"
    yield f"kind:{mention.kind}"
    yield f"{side}{'adj' if mention.adjective else 'noun'}"
    yield from (f"{side}+{name}" for name in voices)
    if mention.where:
        yield f"where={mention.where}"
    if mention.cases:
        yield f"{side}case={mention.cases}"
        yield from (f"{side}c={case}" for case in mention.cases)
    yield from (f"{side}<{key}" for key in leads(mention, scene, _LEADS))
    lately = reading.sentence.words[max(0, mention.first - 4) : mention.first]
    yield from (f"{side}~{key}" for key in _NEAR if not grammar.get(key, _NONE).isdisjoint(lately))
    if "verb_last" in grammar:
        yield f"{side}{one.zone}verblast"
    yield f"{side}{'unit' if unit[mention.first] == unit[at] else 'apart'}"
    if mention.first < 2:
        yield "opens"


def _beside(mention: ActorMention, side: str, scene: Scene) -> Iterator[str]:
    """What stands next to the name, or in it: weapons, soldiers, civilians, positions."""
    masks, bit = scene.reading.masks, scene.lexicon.concepts.bit
    for offset in (1, 2):
        for mark, i in (("n", mention.last + offset), ("p", mention.first - offset)):
            if 0 <= i < len(masks) and (mask := masks[i]):
                yield from (f"{mark}{offset}{head}" for head in _HEADS if mask & bit[head])
    for i in range(mention.first, mention.last + 1):
        yield from (f"in{head}" for head in _HEADS if masks[i] & bit[head])


def _ranked(one: Candidate, mention: ActorMention, parties: Sequence[ActorMention], scene: Scene) -> Iterator[str]:
    """How it stands among the others that the segment names."""
    if not parties:
        return
    at, side = scene.found.trigger, one.side
    left = [m for m in parties if m.last < at]
    right = [m for m in parties if m.first > at]
    if one.code == parties[0].code:
        yield f"{side}first"
    if side == "L" and left and left[-1].code == one.code:
        yield "nearest left"
    if side == "R" and right and right[0].code == one.code:
        yield "nearest right"
    if left and right:
        yield f"{side}both sides"
    yield f"{side}of{min(3, len({m.code for m in parties}))}"
    if any(m.code != one.code and m.cases == "i" for m in parties):
        yield f"{side}other instrumental"
    by, words = scene.lexicon.grammar.get("by", _NONE), scene.reading.sentence.words
    if any(m.code != one.code and m.first > at and not by.isdisjoint(words[max(0, m.first - 3) : m.first]) for m in right):
        yield f"{side}other by"


def _placed(one: Candidate, scene: Scene, others: Sequence[str]) -> Iterator[str]:
    """Whether it is at home where it happened, or at war with whoever is; whether it speaks."""
    country, foes = scene.country, scene.story.tagger.actors.foes
    enemies = foes.get(one.code, ())
    if country is None:
        yield f"nowhere {one.zone}"
    else:
        yield f"{'home' if one.code == country else 'away'} {one.zone}"
        if country in enemies:
            yield "invader"
            yield f"invader {one.zone}"
        if one.code == country and scene.place is not None and one.mention is not None:
            spots = [p for p in scene.seen.places if p.name == scene.place.name]
            if any(p.first <= one.mention.first <= p.last for p in spots):
                yield "is the place"
    if any(other in enemies for other in others):
        yield "enemy named"
    yield "state" if len(one.code) == 3 and one.mention is not None and one.mention.kind != "group" else "no state"
    speaks = scene.speaker is not None and scene.speaker.code == one.code
    if speaks or scene.source == one.code:
        yield "says"
        yield f"says {scene.status}"
        yield f"says {'home' if one.code == country else 'away'}"
    if speaks and scene.speaker is not None and scene.found.trigger > scene.speaker.at:
        following = scene.reading.sentence.words[scene.speaker.at + 1 : scene.speaker.at + 3]
        if not scene.lexicon.grammar.get("having", _NONE).isdisjoint(following):
            yield "says of itself"


def _told(one: Candidate, scene: Scene) -> Iterator[str]:
    """What the article told of it before."""
    story, frames = scene.story, scene.story.tagger.types.frames
    told = story.told
    for rank, code in enumerate(story.top):
        if code == one.code:
            yield f"top{rank}"
            yield f"top{rank} {one.zone}"
    if one.code == story.group:
        yield f"group {one.zone}"
    if not told:
        yield "nothing told"
        return
    last = told[-1]
    near = _near(last, scene)
    for role, codes in (("actor", last.actor), ("target", last.target)):
        if one.code in codes:
            yield f"last {role} {near}"
            yield f"last {role} {one.zone}"
            yield f"last {role} {frames[last.type]}"
            yield f"last {role} {frames[last.type]} {near}"
    for role in ("actor", "target"):
        if one.code in story.parties[role]:
            yield f"ever {role} {one.zone}"
            if one.code in story.parties.get(f"{role} {scene.found.type}", _NONE):
                yield f"same {role} {one.zone}"


def _near(told: Told, scene: Scene) -> str:
    sentence = scene.reading.sentence
    if told.sentence == (sentence.field, sentence.start):
        return "sentence"
    return "line" if told.line == sentence.line else "before"
