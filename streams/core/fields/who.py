"""Who did it and to whom, beyond the clause: by who reports it, by where it is, by what was told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from streams.core.actors import ActorMention
from streams.core.attribution import Speaker
from streams.core.developments.find import Found
from streams.core.developments.roles import FELT, SPEECH, WEAPONS, roles
from streams.core.fields.story import Seen, Story
from streams.core.records import Place

RESULTS = frozenset({"casualties", "infrastructure_damage"})
"""What an act leads to: it has the act's actor."""
WITNESSES = frozenset({"agency", "ngo", "court", "alliance"})
"""Those who report what others do."""
GIVEN = frozenset({"aid", "arms_transfer", "deployment"})
"""What those give, too."""
LOST = frozenset({"capture", "advance", "casualties", "clash", "incursion"})
"""What a state denies on its own soil, it is said to have suffered."""
TOLD_BY_ACTOR = frozenset(
    {
        *("drone_strike", "air_strike", "shelling", "bombing", "cbrn_attack", "cyberattack", "infrastructure_damage", "interception"),
        *("capture", "incursion", "siege", "withdrawal", "deployment", "mobilization", "exercise", "arms_transfer", "aid", "release"),
        *("detention", "abduction", "displacement", "talks", "ceasefire"),
    }
)
"""What a party that reports it mostly did itself."""


def sides(
    story: Story,
    seen: Seen,
    found: Found,
    mentioned: Sequence[ActorMention],
    source: str | None,
    place: Place | None,
    denied: bool,
    itself: bool,
) -> tuple[list[str], list[str]]:
    """Actor and target: by the clause; where it names none, by who reports it and by where it is.

    `itself`: the source tells what it did itself ("dit avoir bombardé").
    """
    country = place.country if place else None
    tellers = [named(story, m, place) for m in seen.actors]
    known = source if itself and any(m.code == source for m in tellers) else _teller(tellers, found, source, country, denied)
    receives = found.type in SPEECH or found.type in GIVEN
    weapons = story.language.lexicon.concepts.mask(WEAPONS)
    named_here = place is None and any(m.code for m in mentioned)
    mentioned = [
        m
        for m in mentioned
        if m.code or not (named_here or any(mask & weapons for mask in seen.reading.masks[max(m.first - 1, 0) : m.last + 1]))
    ]
    if found.type in FELT and place is not None:
        mentioned = [m for m in mentioned if m is mentioned[0] or not _is_where(m, place, seen)]
    mentions = [named(story, m, place) for m in mentioned if m.where != "to" or m.kind != "capital" or receives]
    actor, target = roles(found, seen.reading, mentions, known, story.language.lexicon)
    if not actor and found.type == "detention" and country and country not in target:
        actor = [country]  # who arrests is the state, where nobody else is named
    if found.type == "coup" and country and country not in target:
        target = [country]
    if not target and found.type in FELT and country and (country not in actor or found.type in ("casualties", "detention")):
        target = [country]
    if found.type == "deployment" and actor and country and country not in actor:
        target = [country]  # another state receives the force (ruling 7)
    return actor, target


def _is_where(mention: ActorMention, place: Place, seen: Seen) -> bool:
    """Whether a state or capital is named as the place that was chosen: "in the south of Lebanon"."""
    spots = [p for p in seen.places if p.name == place.name]
    return mention.kind in ("state", "capital") and any(p.first <= mention.first <= p.last for p in spots)


def _teller(mentions: Sequence[ActorMention], found: Found, source: str | None, country: str | None, denied: bool) -> str | None:
    """Who reports it, where whoever does so mostly did it: not a witness, not the victim; who denies it is who should have done it."""
    if not any(m.code == source and (m.kind not in WITNESSES or found.type in GIVEN) for m in mentions):
        return None
    if denied:
        return None if source == country and found.type in LOST else source
    if found.type not in TOLD_BY_ACTOR or (found.type in FELT and found.type != "capture" and source == country):
        return None
    return source


def speaking(found: Found, told: Sequence[Speaker], seen: Seen) -> list[str]:
    """Who says it, where a verb of saying stands beside the demand or the threat: "..., avverte Islamabad"."""
    known = {m.code for m in seen.actors}
    near = sorted((s for s in told if s.code in known), key=lambda s: abs(s.at - found.trigger))
    return [near[0].code] if near and near[0].code else []


def shared(story: Story, seen: Seen, found: Found, actor: list[str], target: list[str]) -> tuple[list[str], list[str]]:
    """What a toll, a ruin or a bare denial shares with the act told last: who did it, and to whom."""
    known = story.acts.get(found.type) if found.rule == "denial" else None
    line = seen.reading.sentence.line
    if known is None and found.type in RESULTS and story.act is not None and story.act[0] == line:
        known = story.act[1:]
    if known is not None:
        other, hit = known
        if not actor and target and target == other:
            target = []  # who struck is not who fell
        actor = other if found.rule == "denial" else actor or [code for code in other if code not in target]
        target = hit if found.rule == "denial" else target or hit
    family = story.tagger.types.families[found.type]
    if found.rule != "denial":
        story.acts[found.type] = (actor, target)
        if family == "violence" and found.type not in RESULTS and actor:
            story.act = (line, actor, target)
    return actor, target


def armed(story: Story, seen: Seen) -> list[ActorMention]:
    """Rebels, gunmen, paramilitaries without a name, as the armed group that the article names most."""
    if not story.group:
        return []
    lexicon = story.language.lexicon
    armed, named = lexicon.concepts.bit["ARMED"], lexicon.concepts.bit["ACTOR"]
    return [ActorMention(i, i, story.group, "group") for i, mask in enumerate(seen.reading.masks) if mask & armed and not mask & named]


def named(story: Story, mention: ActorMention, place: Place | None) -> ActorMention:
    """A mention that names no state ("the army") as that of the place, else of the country that the article names most."""
    if mention.code:
        return mention
    code = (place.country if place else None) or next((country for country, _ in story.countries.most_common(1)), "")
    return replace(mention, code=code)
