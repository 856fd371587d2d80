"""Who is meant by a name that needs the article to be understood: "the army", "the rebels"; and who did it to whom."""

from __future__ import annotations

from dataclasses import replace

from streams.core.actors import ActorMention
from streams.core.fields.parties import choose, rivals
from streams.core.fields.signs import Scene
from streams.core.fields.story import Seen, Story
from streams.core.records import Place
from streams.core.trace import Pair

_NONE: frozenset[str] = frozenset()


def sides(scene: Scene) -> tuple[list[str], list[str]]:
    """(actor, target) as codes; of a denial without words of its own, those of what is denied."""
    story, found = scene.story, scene.found
    if found.rule == "denial":
        known = next((told for told in reversed(story.told) if told.type == found.type), None)
        if known is not None:
            return known.actor, known.target
    if found.type == "protest":
        return [], _protested(scene)
    return choose(scene, _mentions(scene))


def _protested(scene: Scene) -> list[str]:
    """The state protested against (ruling 7): the one named behind "against", else that of the place."""
    against, words = scene.lexicon.grammar.get("against", _NONE), scene.reading.sentence.words
    named = (m.code for m in scene.seen.actors if len(m.code) == 3 and not against.isdisjoint(words[max(0, m.first - 2) : m.first]))
    code = next(named, scene.country)
    return [code] if code else []


def weighed(scene: Scene) -> list[Pair]:
    """The pairs that were considered for it, the likeliest first: for `explain`."""
    kind = scene.found.type
    return [Pair(kind, list(c.actor), list(c.target), round(share, 2), signs) for c, share, signs in rivals(scene, _mentions(scene))]


def _mentions(scene: Scene) -> list[ActorMention]:
    all_ = (named(scene.story, m, scene.place) for m in (*scene.seen.actors, *armed(scene.story, scene.seen)))
    return [m for m in all_ if m.code]


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
    code = (place.country if place else None) or next(iter(story.top), "")
    return replace(mention, code=code)
