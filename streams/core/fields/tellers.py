"""Who may speak in a sentence: its actors, with the state of a body that names none, and capitals where somebody speaks ("в Киеве
заявили")."""

from __future__ import annotations

from dataclasses import replace

from streams.core.actors import ActorMention
from streams.core.fields.story import Seen, Story
from streams.core.fields.who import named

_OWN = frozenset({"army", "government", "security"})
"""Bodies that an article names with their state once, and without it from then on."""
_BESIDE = 5
"""Words around the name of a state in which a word tells what body of it speaks."""


def tellers(story: Story, seen: Seen) -> list[ActorMention]:
    """The actors of a sentence as speakers, in reading order."""
    out = []
    for mention in seen.actors:
        if mention.code:
            if mention.kind in _OWN:
                story.bodies[mention.kind] = mention.code
            out.append(replace(mention, kind="ngo") if _keeps_words(story, seen, mention) else mention)
            continue
        if mention.kind == "people":
            continue  # "residents": whose they are does not say who speaks
        out.append(_of_a_state(story, seen, mention))
    seats = _seats(story, seen)
    return sorted([*out, *seats], key=lambda m: m.first) if seats else out


def _keeps_words(story: Story, seen: Seen, mention: ActorMention) -> bool:
    """Whether the body is one that the words of the text name, as they name an organisation: Gaza's health ministry (ruling 28)."""
    kept = story.language.lexicon.grammar.get(story.tagger.actors.words_kept.get(mention.code, ""), frozenset())
    return bool(kept) and not kept.isdisjoint(seen.reading.sentence.words[max(0, mention.first - _BESIDE) : mention.last + _BESIDE])


def _of_a_state(story: Story, seen: Seen, mention: ActorMention) -> ActorMention:
    """A nameless body as that of the capital behind it, of the state that the article gave it, of the place that the sentence tells of."""
    if mention.kind in _OWN:
        near = [p for p in seen.places if mention.last < p.first <= mention.last + 2]  # "der Generalstab in Moskau"
        words, language = seen.reading.sentence.words, story.language.lexicon.code
        if near and (seat := story.tagger.actors.seat(words[near[0].first : near[0].last + 1], language)):
            return replace(mention, code=seat)
        if known := story.bodies.get(mention.kind):
            return replace(mention, code=known)
        spots = [p for p in seen.places if not p.guessed and not mention.first <= p.first <= mention.last]
        country = next((code for p in reversed(spots) if (code := story.tagger.places.likely(p))), "")
        if country and len({story.tagger.places.likely(p) for p in spots}) == 1:
            return replace(mention, code=country)
    return named(story, mention, None)


def _seats(story: Story, seen: Seen) -> list[ActorMention]:
    """Capitals behind a word for "in", where the language lets people there speak for their state."""
    grammar = story.language.lexicon.grammar
    behind = grammar.get("seats", frozenset())
    if not behind:
        return []
    words, code = seen.reading.sentence.words, story.language.lexicon.code
    acting = {m.first for m in seen.actors}
    out = []
    for spot in seen.places:
        if spot.first and words[spot.first - 1] in behind and spot.first not in acting:
            state = story.tagger.actors.seat(words[spot.first : spot.last + 1], code)
            if state:
                out.append(ActorMention(spot.first, spot.last, state, "capital", where="in"))
    return out
