"""Who did it and to whom: of all whom the clause and the story name, the pair that the signs speak for most.

Each candidate as actor and as target, and each pair of them, is worth the sum of the weights of its signs (`signs`); the pair worth most
is taken, and nobody is a candidate too. It is a log-linear model whose weights `evaluation/fit.py` fits to the gold and
`lexicons/weights.json` holds: readable numbers, the same for all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import NamedTuple

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.fields.signs import Candidate, Scene, signs, voice

Side = tuple[str, ...]
"""Codes that act or are acted on together, in reading order; empty for nobody."""
REMEMBERED = 3
"""How many developments back the parties of the story are candidates."""
MANY = frozenset({"mutual", "ground"})
"""Frames (`types.yml`) in which two or three may act together without a word that joins them."""
APART = 4
"""Words between two names that are joined."""
_NOBODY: Side = ()


class Choice(NamedTuple):
    """A pair of parties, and the signs of it alone: those of each side stand in `Field.signs`."""

    actor: Side
    target: Side
    signs: list[str]


@dataclass(slots=True)
class Field:
    """All that may be chosen for a development."""

    signs: dict[Side, list[str]]
    """The signs of each side."""
    choices: list[Choice]


def candidates(scene: Scene, mentions: Sequence[ActorMention]) -> list[Candidate]:
    """All who may be a party, those whom the sentence names first. `mentions` all have codes."""
    by_code: dict[str, list[ActorMention]] = {}
    for mention in mentions:
        by_code.setdefault(mention.code, []).append(mention)
    at, found, clauses = scene.found.trigger, scene.found, scene.reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    inside = [m for m in mentions if low <= m.first and m.last <= high]
    out = []
    for code, named in by_code.items():
        best = min(named, key=lambda m: _rank(m, scene, low, high))
        side = "I" if best.first <= at <= best.last else "L" if best.last < at else "R"
        out.append(Candidate(code, best, _zone(best, scene, low, high), side, []))
    out += [Candidate(code, None, "x", "", []) for code in dict.fromkeys(_absent(scene, by_code)) if code not in by_code]
    codes, voices = [one.code for one in out], voice(scene)
    for one in out:
        one.signs = signs(one, scene, inside, codes, voices)
    return out


def _absent(scene: Scene, named: Mapping[str, object]) -> Iterator[str]:
    """Whom the sentence does not name, but the story: whose land it is, who was a party last, who is at war with whom it names."""
    story = scene.story
    if scene.country:
        yield scene.country
    for told in story.told[-REMEMBERED:]:
        yield from told.actor
        yield from told.target
    if story.group:
        yield story.group
    yield from story.top
    if scene.source and scene.source.isupper() and len(scene.source) > 1:
        yield scene.source
    if scene.country is None:
        for code in named:
            yield from story.tagger.foes.get(code, ())[:1]


def _rank(mention: ActorMention, scene: Scene, low: int, high: int) -> tuple[bool, int, int]:
    """Whether it only names a speaker, how far out it stands, and how far away from the trigger."""
    found, at = scene.found, scene.found.trigger
    out = 0 if found.first <= mention.first and mention.last <= found.last else 1 if low <= mention.first and mention.last <= high else 2
    away = 0 if mention.first <= at <= mention.last else at - mention.last if mention.last < at else mention.first - at
    return any(_inside(mention, s) for s in scene.told), out, away


def _zone(mention: ActorMention, scene: Scene, low: int, high: int) -> str:
    if scene.speaker is not None and _inside(mention, scene.speaker):
        return "m"
    speaks, out, _ = _rank(mention, scene, low, high)
    return "o" if speaks else "esp"[out]


def _inside(mention: ActorMention, speaker: Speaker) -> bool:
    return speaker.first <= mention.first and mention.last <= speaker.last


def field(scene: Scene, mentions: Sequence[ActorMention]) -> Field:
    """Every pair of parties with its signs."""
    all_ = candidates(scene, mentions)
    known = {one.code: one for one in all_}
    frame = scene.story.tagger.types.frames[scene.found.type]
    alone = frame == "mutual" or scene.found.type == "withdrawal"  # no target (ruling 7)
    present = sum(one.mention is not None for one in all_)
    sides = {side: _signs(side, known, present, scene.country) for side in _sides(all_, frame)}
    pairs = [
        Choice(actor, target, _pair(actor, target, known, scene))
        for actor in sides
        for target in ([_NOBODY] if alone else sides)
        if len(actor) < 2 or len(target) < 2 or actor == target
    ]
    return Field(sides, pairs)


def _sides(all_: Sequence[Candidate], frame: str) -> Iterator[Side]:
    """Nobody, each candidate, and those who are joined."""
    yield _NOBODY
    for one in all_:
        yield (one.code,)
    named = sorted((one for one in all_ if one.mention is not None), key=lambda one: one.mention.first if one.mention else 0)
    joined: set[Side] = {
        (a.code, b.code) for a, b in pairwise(named) if a.mention and b.mention and 0 < b.mention.first - a.mention.last < APART
    }
    if frame in MANY:
        joined.update(tuple(one.code for one in named[:many]) for many in (2, 3) if len(named) >= many)
    yield from sorted(joined)


def _signs(side: Side, known: Mapping[str, Candidate], present: int, country: str | None) -> list[str]:
    if not side:
        return ["nobody", f"nobody of {min(3, present)}", f"nobody {'somewhere' if country else 'nowhere'}"]
    first = known[side[0]].signs
    if len(side) == 1:
        return first
    return [*dict.fromkeys(sign for code in side for sign in known[code].signs), "joined", f"joined {len(side)}"]


def _pair(actor: Side, target: Side, known: Mapping[str, Candidate], scene: Scene) -> list[str]:
    """The signs of two together."""
    country, foes = scene.country, scene.story.tagger.foes
    if not actor and not target:
        return ["none"]
    if not actor:
        return ["no actor", f"no actor, target {'at home' if target == (country,) else 'abroad'}"]
    if not target:
        return ["no target", f"no target, actor {'at home' if country in actor else 'abroad'}"]
    at_home = "actor" if country in actor else "target" if country in target else "other" if country else "nowhere"
    if set(actor) & set(target):
        return ["itself", f"itself, home of {at_home}"]
    war = any(b in foes.get(a, ()) for a in actor for b in target)
    out = ["war" if war else "no war", f"home of {at_home}"]
    a, b = known[actor[0]], known[target[0]]
    if a.mention is not None and b.mention is not None:
        order = f"{a.side}{b.side}{'<' if a.mention.first < b.mention.first else '>'}"
        out += [order, f"{a.zone}{b.zone}", f"{a.mention.kind},{b.mention.kind}"]
        out += [f"{order} {a.mention.cases[:1]},{b.mention.cases[:1]}"] if a.mention.cases or b.mention.cases else []
    return out


def choose(scene: Scene, mentions: Sequence[ActorMention]) -> tuple[list[str], list[str]]:
    """(actor, target) as codes: the side that all its pairs together make most likely."""
    considered, shares = _weigh(scene, mentions)
    actors: dict[Side, float] = {}
    targets: dict[Side, float] = {}
    for choice, share in zip(considered.choices, shares, strict=True):
        actors[choice.actor] = actors.get(choice.actor, 0.0) + share
        targets[choice.target] = targets.get(choice.target, 0.0) + share
    return list(_most(actors)), list(_most(targets))


def rivals(scene: Scene, mentions: Sequence[ActorMention], most: int = 4) -> Iterator[tuple[Choice, float, list[str]]]:
    """The likeliest pairs, each with its probability and the three signs that speak for it most and not for all: for `explain`."""
    worth = scene.story.tagger.weights.of(scene.found.type)
    considered, shares = _weigh(scene, mentions)
    ranked = sorted(zip(shares, considered.choices, strict=True), key=lambda pair: -pair[0])
    known = [frozenset(signs) for side, signs in considered.signs.items() if side]
    common = known[0].intersection(*known) if len(known) > 1 else frozenset()
    for share, choice in ranked[:most]:
        told = [
            *((worth.actor.get(sign, 0.0), f"actor: {sign}") for sign in considered.signs[choice.actor] if sign not in common),
            *((worth.target.get(sign, 0.0), f"target: {sign}") for sign in considered.signs[choice.target] if sign not in common),
            *((worth.pair.get(sign, 0.0), sign) for sign in choice.signs),
        ]
        yield choice, share / sum(shares), [sign for value, sign in sorted(told, reverse=True)[:3] if value > 0]


def _weigh(scene: Scene, mentions: Sequence[ActorMention]) -> tuple[Field, list[float]]:
    """All pairs, and how likely each is beside the likeliest."""
    worth = scene.story.tagger.weights.of(scene.found.type)
    considered = field(scene, mentions)
    acts = {side: worth.sum(worth.actor, signs) for side, signs in considered.signs.items()}
    suffers = {side: worth.sum(worth.target, signs) for side, signs in considered.signs.items()}
    values = [acts[c.actor] + suffers[c.target] + worth.sum(worth.pair, c.signs) for c in considered.choices]
    top = max(values)
    return considered, [exp(value - top) for value in values]


def _most(shares: Mapping[Side, float]) -> Side:
    return max(shares, key=lambda side: shares[side])


