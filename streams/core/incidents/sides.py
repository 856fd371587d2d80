"""Who did it and who suffered it, the same way round for all types that tell of one incident."""

from __future__ import annotations

from collections.abc import Iterable

from streams.core.incidents.records import IncidentRules
from streams.core.records import DevelopmentType

Sides = tuple[frozenset[str], frozenset[str]]


def sides(type_: DevelopmentType, actor: Iterable[str], target: Iterable[str], rules: IncidentRules) -> Sides:
    """(who attacked, who was attacked), groups counted with their people."""
    did, suffered = (frozenset(rules.kin.get(code, code) for code in codes) for codes in (actor, target))
    return (suffered, did) if type_ in rules.turned else (did, suffered)


def shared(one: Sides, other: Sides, mutual: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The parties that both name, a side each; where both sides act it does not matter on which."""
    if not mutual:
        return one[0] & other[0], one[1] & other[1]
    common = sorted((one[0] | one[1]) & (other[0] | other[1]))
    return frozenset(common[:1]), frozenset(common[1:])


def opposed(one: Sides, other: Sides, mutual: bool) -> bool:
    """Whether both name a side and none that the other names; where both sides act, whether they are other pairs."""
    if mutual:
        mine, theirs = one[0] | one[1], other[0] | other[1]
        return len(mine & theirs) < min(2, len(mine), len(theirs))
    return any(a and b and not a & b for a, b in zip(one, other, strict=True))


def agree(one: Sides, other: Sides, mutual: bool) -> bool:
    """Whether they tell the same parties on both sides, or the same alone."""
    if mutual:
        mine, theirs = one[0] | one[1], other[0] | other[1]
        return len(mine & theirs) > 1 or (bool(mine) and mine == theirs)
    return bool(one[0] & other[0]) and bool(one[1] & other[1] or not one[1] | other[1])


def at_home(one: Sides, other: Sides, country: str | None) -> bool:
    """Whether they differ only in who was attacked, and one tells no more than whose country it is."""
    (did, suffered), (also_did, also_suffered) = one, other
    apart = (did and also_did and not did & also_did) or did & also_suffered or suffered & also_did
    return country is not None and not apart and (country in suffered or country in also_suffered)
