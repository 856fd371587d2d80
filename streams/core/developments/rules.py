"""The rules of `types.yml`: what must stand around a trigger for it to tell a development of a type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from streams.core.lexicon import Concepts

WEAK, COMPOUND = 1 << 6, 1 << 7  # of `streams.core.lexicon.PSEUDO`
NEAR = 6
"""Words to either side that `near` looks at."""
SIDE = 8
"""Words that `after` and `before` look at."""
FAR = 4
"""Words to either side that `far` looks at."""
_CACHE = 10_000


@dataclass(slots=True, frozen=True)
class Rule:
    """One way in which a trigger tells a development; masks are sets of concepts."""

    name: str
    type: str
    on: int
    with_: tuple[int, ...]
    near: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    not_: int
    far: int
    need: int
    trails: bool
    """It needs nothing that speaks for armed conflict where an act of violence was told just before."""

    def holds(
        self, masks: Sequence[int], there: int, trigger: int, first: int, last: int, weight: int, support: int, trailing: bool = False
    ) -> list[int] | str:
        """The tokens that met the conditions, or in words what was missing.

        `first` and `last` bound the segment (inclusive), `there` is all that its words mean; `weight` is that of the sentence in its
        article, `support` what of it is more than is needed of what stands beside the trigger. `trailing`: an act of violence was told
        just before.
        """
        follows = trailing and self.trails
        need = (0 if follows else self.need) + (masks[trigger] & WEAK > 0)
        if weight < need:
            return f"too little speaks for armed conflict here: {weight} of {need}"
        if support < 0 and not follows:
            return "nothing beside this word speaks for armed conflict here"
        met: list[int] = []
        for wants, low, high in (
            (self.with_, first, last),
            (self.near, max(first, trigger - NEAR), min(last, trigger + NEAR)),
            (self.before, max(first, trigger - SIDE), trigger - 1),
            (self.after, trigger + 1, min(last, trigger + SIDE)),
        ):
            for want in wants:
                at = _nearest(masks, want, trigger, low, high) if want & there else None
                if at is None:
                    return "nothing in the clause means what the rule needs"
                met.append(at)
        if self.not_ & there and _nearest(masks, self.not_, trigger, first, last) is not None:
            return "the clause speaks of what the rule excludes"
        if masks[trigger] & self.far or (
            self.far and _nearest(masks, self.far, trigger, max(first, trigger - FAR), min(last, trigger + FAR)) is not None
        ):
            return "what the rule excludes stands too near"
        return met


def _nearest(masks: Sequence[int], want: int, trigger: int, low: int, high: int) -> int | None:
    for away in range(max(trigger - low, high - trigger) + 1):
        before, after = trigger - away, trigger + away
        if low <= before <= high and masks[before] & want and (away or masks[before] & COMPOUND):
            return before
        if low <= after <= high and masks[after] & want and away:
            return after
    return None


class Groups:
    """The groups of rules of which the first that holds fires."""

    def __init__(self, groups: tuple[tuple[Rule, ...], ...]):
        self.groups = groups
        self.triggers = reduce(or_, (rule.on for rules in groups for rule in rules), 0)
        """All concepts that some rule fires on."""
        self._on: dict[int, tuple[tuple[Rule, ...], ...]] = {}

    def on(self, mask: int) -> tuple[tuple[Rule, ...], ...]:
        """The groups with those of their rules that a word with these concepts may trigger; worked out once a set of triggers."""
        wanted = mask & self.triggers
        found = self._on.get(wanted)
        if found is None:
            if len(self._on) > _CACHE:
                self._on.clear()
            asked = (tuple(rule for rule in rules if rule.on & wanted) for rules in self.groups)
            found = self._on[wanted] = tuple(rules for rules in asked if rules)
        return found


@dataclass(slots=True, frozen=True)
class Types:
    """`types.yml`, compiled."""

    concepts: Concepts
    families: Mapping[str, str]
    plover: Mapping[str, str]
    groups: Groups
    alone: Groups
    """Rules for segments in which no other fires."""
    support: int
    """The least weight of what stands beside a trigger, where the sentence names a state, an armed group or a place at war."""
    elsewhere: int
    """The same where it names another place or an institution only."""
    nowhere: int
    """The same where it names nothing."""
    subjects: frozenset[str]
    """Codes of the wire's own subject that make an article one on a conflict."""
    theatres: frozenset[str]
    """Countries (alpha-3) at war: a place there speaks for armed conflict."""
    frames: Mapping[str, str]
    """Type -> its frame: types in which the parties stand in the same way."""
    no_actor: frozenset[str]
    no_target: frozenset[str]
    """Types that have nobody on that side."""


def compile_types(data: Mapping[str, Any]) -> Types:
    """`types.yml` as rules. Raises KeyError for a concept or type that it does not define."""
    concepts = Concepts(data["concepts"], data.get("kept", ()))
    assert (concepts.bit["WEAK"], concepts.bit["COMPOUND"]) == (WEAK, COMPOUND)

    def mask(names: str) -> int:
        return concepts.mask(names.split())

    groups: dict[str, tuple[Rule, ...]] = {}
    for group, listed in data["rules"].items():
        rules = []
        for number, rule in enumerate(listed, 1):
            data["types"][rule["type"]]  # a rule for a type that is not there
            rules.append(
                Rule(
                    name=f"{group}.{number}",
                    type=rule["type"],
                    on=mask(rule["trigger"]),
                    with_=tuple(map(mask, rule.get("with", ()))),
                    near=tuple(map(mask, rule.get("near", ()))),
                    before=tuple(map(mask, rule.get("before", ()))),
                    after=tuple(map(mask, rule.get("after", ()))),
                    not_=mask(rule.get("not", "")),
                    far=mask(rule.get("far", "")),
                    need=rule.get("need", 1),
                    trails=rule.get("trails", False),
                )
            )
        groups[group] = tuple(rules)
    alone = groups.pop("alone", ())
    return Types(
        concepts,
        {name: t["family"] for name, t in data["types"].items()},
        {name: t["plover"] for name, t in data["types"].items()},
        Groups(tuple(groups.values())),
        Groups((alone,) if alone else ()),
        data["support"],
        data["elsewhere"],
        data["nowhere"],
        frozenset(data.get("subjects", ())),
        frozenset(data.get("theatres", ())),
        {kind: frame for frame, kinds in data.get("frames", {}).items() for kind in kinds},
        *(frozenset(data.get("nobody", {}).get(side, ())) for side in ("actor", "target")),
    )
