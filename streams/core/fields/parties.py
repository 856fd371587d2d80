"""Who did it and to whom: of all whom the clause and the story name, the pair that the signs speak for most.

Each candidate as actor and as target, and each pair of them, is worth the sum of the weights of its signs (`signs`); the pair worth most
is taken, and nobody is a candidate too. It is a log-linear model whose weights `evaluation/fit.py` fits to the gold and
`lexicons/weights.json` holds: readable numbers, the same for all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from streams.core.actors import ActorMention
from streams.core.fields.signs import Candidate, signs, voice
from streams.core.fields.standing import away, flown, inside, side, zone
from streams.core.fields.story import Scene
from streams.core.trace import SHOWN, Rival
from streams.core.weights import shares, strongest

Side = tuple[str, ...]
"""Codes that act or are acted on together, in reading order; empty for nobody."""
REMEMBERED = 3
"""How many developments back the parties of the story are candidates."""
MANY = frozenset({"mutual", "ground"})
"""Frames (`types.yml`) in which two or three may act together without a word that joins them."""
APART = 4
"""Words between two names that are joined."""
_NOBODY: Side = ()
_NONE: frozenset[str] = frozenset()


class Choice(NamedTuple):
    """A pair of parties, and the signs of it alone: those of each side stand in `Weighed.signs`."""

    actor: Side
    target: Side
    signs: list[str]


@dataclass(slots=True)
class Weighed:
    """All that may be chosen for a development."""

    signs: dict[Side, list[str]]
    """The signs of each side."""
    choices: list[Choice]
    shares: list[float]
    """How likely each choice is beside the likeliest."""

    def likeliest(self) -> tuple[list[str], list[str]]:
        """(actor, target) as codes: the sides that all their pairs together make most likely."""
        actors: dict[Side, float] = {}
        targets: dict[Side, float] = {}
        for choice, share in zip(self.choices, self.shares, strict=True):
            actors[choice.actor] = actors.get(choice.actor, 0.0) + share
            targets[choice.target] = targets.get(choice.target, 0.0) + share
        return list(_most(actors)), list(_most(targets))


def candidates(scene: Scene, mentions: Sequence[ActorMention]) -> list[Candidate]:
    """All who may be a party, those whom the sentence names first. `mentions` all have codes."""
    by_code: dict[str, list[ActorMention]] = {}
    for mention in mentions:
        by_code.setdefault(mention.code, []).append(mention)
    at, (low, high) = scene.found.trigger, scene.segment
    within = [m for m in mentions if low <= m.first and m.last <= high]
    out = []
    for code, named in by_code.items():
        ranked = [(any(inside(m, s) for s in scene.told), "esp".index(zone(m, scene)), away(m, at), m) for m in named]
        speaks, _, _, best = min(ranked, key=lambda one: one[:3])
        mine = scene.speaker is not None and inside(best, scene.speaker)
        out.append(Candidate(code, best, "m" if mine else "o" if speaks else zone(best, scene), side(best, at), []))
    out += [Candidate(code, None, "x", "", []) for code in dict.fromkeys(_absent(scene, by_code)) if code not in by_code]
    codes, voices = [one.code for one in out], voice(scene)
    for one in out:
        one.signs = signs(one, scene, within, codes, voices)
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
            yield from story.tagger.actors.foes.get(code, ())[:1]


def weigh(scene: Scene, mentions: Sequence[ActorMention]) -> Weighed:
    """Every pair of parties, and how likely it is."""
    all_ = candidates(scene, mentions)
    known = {one.code: one for one in all_}
    types, kind = scene.story.tagger.types, scene.found.type
    present = sum(one.mention is not None for one in all_)
    sides = {each: _signs(each, known, present, scene.country) for each in _sides(all_, scene)}
    idle = _idle(scene)
    choices = [
        Choice(actor, target, _pair(actor, target, known, scene))
        for actor in ([_NOBODY] if kind in types.no_actor else sides)
        if idle.isdisjoint(actor)
        for target in ([_NOBODY] if kind in types.no_target else sides)
        if len(actor) < 2 or len(target) < 2 or actor == target
    ]
    worth = scene.story.tagger.weights.of(kind)
    acts = {each: worth.sum(worth.actor, signs) for each, signs in sides.items()}
    suffers = {each: worth.sum(worth.target, signs) for each, signs in sides.items()}
    return Weighed(sides, choices, shares([acts[c.actor] + suffers[c.target] + worth.sum(worth.pair, c.signs) for c in choices]))


def _idle(scene: Scene) -> set[str]:
    """States that the sentence names for the flag of a ship only: they do nothing."""
    flags = {m.code for m in scene.seen.actors if flown(m, scene)}
    return flags and flags - {m.code for m in scene.seen.actors if not flown(m, scene)}


def _sides(all_: Sequence[Candidate], scene: Scene) -> Iterator[Side]:
    """Nobody, each candidate, and those whom a coordinator or a comma joins."""
    yield _NOBODY
    for one in all_:
        yield (one.code,)
    named = sorted(((one.mention, one.code) for one in all_ if one.mention is not None), key=lambda one: one[0].first)
    words, joins = scene.reading.sentence.words, scene.lexicon.grammar.get("coordinators", _NONE) | {","}
    joined: set[Side] = set()
    for (name, code), (other, next_code) in pairwise(named):
        between = words[name.last + 1 : other.first]
        if len(between) < APART and not joins.isdisjoint(between):
            joined.add((code, next_code))
    if scene.story.tagger.types.frames[scene.found.type] in MANY:
        joined.update(tuple(code for _, code in named[:many]) for many in (2, 3) if len(named) >= many)
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
    country, foes = scene.country, scene.story.tagger.actors.foes
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


def _most(shares: Mapping[Side, float]) -> Side:
    return max(shares, key=lambda each: shares[each])


def rivals(scene: Scene, weighed: Weighed) -> Iterator[Rival]:
    """The likeliest pairs, each with the signs that speak for it most: for `explain`."""
    worth, total = scene.story.tagger.weights.of(scene.found.type), sum(weighed.shares)
    known = [frozenset(signs) for each, signs in weighed.signs.items() if each]
    common = known[0].intersection(*known) if len(known) > 1 else frozenset()
    for share, choice in sorted(zip(weighed.shares, weighed.choices, strict=True), key=lambda pair: -pair[0])[:SHOWN]:
        told = [
            *((worth.actor.get(sign, 0.0), f"actor: {sign}") for sign in weighed.signs[choice.actor] if sign not in common),
            *((worth.target.get(sign, 0.0), f"target: {sign}") for sign in weighed.signs[choice.target] if sign not in common),
            *((worth.pair.get(sign, 0.0), sign) for sign in choice.signs),
        ]
        value = f"{'+'.join(choice.actor) or 'nobody'} → {'+'.join(choice.target) or 'nobody'}"
        yield Rival(scene.found.type, value, round(share / total, 2), strongest(told))
