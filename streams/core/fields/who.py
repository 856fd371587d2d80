"""Who is meant by a name that needs the article to be understood: "the army", "the rebels"; and who did it to whom."""

from __future__ import annotations

from dataclasses import replace

from streams.core.actors import ActorMention
from streams.core.fields.parties import Weighed, weigh
from streams.core.fields.story import Scene, Seen, Story
from streams.core.records import Place


def sides(scene: Scene) -> tuple[list[str], list[str], Weighed | None]:
    """(actor, target) as codes, and what was weighed for it; of a denial without words of its own, those of what is denied."""
    story, found = scene.story, scene.found
    if found.rule == "denial":
        known = next((told for told in reversed(story.told) if told.type == found.type), None)
        if known is not None:
            return known.actor, known.target, None
    mentions = (named(story, m, scene.place) for m in (*scene.seen.actors, *armed(story, scene.seen)))
    weighed = weigh(scene, [m for m in mentions if m.code])
    return *weighed.likeliest(), weighed


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
