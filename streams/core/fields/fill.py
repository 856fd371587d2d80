"""Fills the fields of a development: who, whom, where, when, how many, who says so. This is their order; the choices are in modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from streams.core.attribution import callers, denials, settle, speakers
from streams.core.developments.find import Found
from streams.core.developments.kinds import RESULTS, SPEECH
from streams.core.fields.many import counts
from streams.core.fields.shown import shown
from streams.core.fields.signs import Scene
from streams.core.fields.story import Seen, Story, Told
from streams.core.fields.tellers import tellers
from streams.core.fields.when import history, moment, moments
from streams.core.fields.where import carried, place
from streams.core.fields.who import named, sides, weighed
from streams.core.records import Development
from streams.core.trace import Pair

_HAPPENED = ("reported", "claimed", "confirmed")
_JOINTS = ("openers", "coordinators", "complementizers")
"""Words that join a clause to another and belong to neither."""
_QUOTES = frozenset('«»“”„"')


def development_id(article_id: str, kind: str, evidence: str) -> str:
    """32 hex digits of BLAKE2b over article id, type and evidence text."""
    return blake2b("\0".join((article_id, kind, evidence)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def fill(story: Story, seen: Seen, found: Sequence[Found], pairs: list[Pair] | None = None) -> Iterator[Development]:
    """The developments of a sentence with their fields, in reading order. `pairs` collects who else may have done it, for `explain`."""
    text = story.article.headline if seen.reading.sentence.field == "headline" else story.article.body
    lexicon = story.language.lexicon
    if not found and not any(mask & lexicon.concepts.bit["DENY"] for mask in seen.reading.masks):
        return
    actors = [named(story, m, None) for m in seen.actors]
    speaking_here = tellers(story, seen)
    told = speakers(seen.reading, text, speaking_here, lexicon)
    called = callers(seen.reading, text, speaking_here, lexicon)
    dated = moments(story, seen, text)
    found = sorted([*found, *denials(told, found, seen.reading, story.last_type, lexicon)], key=lambda f: (f.first, f.type in RESULTS))
    accusers: list[tuple[int, str]] = []
    for number, one in enumerate(found):
        status, source, speaker = settle(one, seen.reading, told, called, found[:number], story.speaker, lexicon)
        if speaker is None and status != "reported":
            source = source or next((accuser for at, accuser in reversed(accusers) if at < one.trigger), None)
        story.speaker = source or story.speaker
        at = place(story, seen, one, told)
        when, day = moment(story, seen, dated, one, found, status, told, at)
        if status in _HAPPENED and one.type not in SPEECH and day and story.published and day > story.published.date():
            status = "expected"  # what has a day to come has not happened
            when, day = moment(story, seen, dated, one, found, status, told, at)
        scene = Scene(story, seen, one, told, speaker, source, status, at)
        actor, target = sides(scene)
        if pairs is not None:
            pairs += weighed(scene)
        if one.type in SPEECH and actor:
            accusers.append((one.trigger, actor[0]))
        counted, reach = counts(story, seen, one, found)
        old = history(story, when, status, one.type, counted)
        development = _record(story, seen, one, text)
        yield Development(
            **development,
            actor=actor,
            target=target,
            place=at,
            date=when,
            quantities=counted,
            source=source,
            status=status,
            background=old,
            spans=shown(story, seen, one, actors, told, dated, (actor, target, at, when, counted, source), reach),
        )
        sentence = seen.reading.sentence
        story.tell(Told(sentence.line, (sentence.field, sentence.start), one.type, actor, target))
        if one.type not in SPEECH and one.type != "casualties":
            story.last_type = one.type
        if at is not None and carried(seen, one.type, at):
            story.place = at
        if day is not None and not old:
            story.when = day


def _record(story: Story, seen: Seen, found: Found, text: str) -> dict[str, Any]:
    sentence = seen.reading.sentence
    first, last = found.first, found.last
    if found.type in SPEECH and not _QUOTES.isdisjoint(sentence.words):  # what is said stands in quotation marks beside the verb
        first, last = 0, len(sentence.words) - 1
    idle = story.language.lexicon.grammar_words(_JOINTS)
    while first < min(last, found.trigger) and (not sentence.words[first][0].isalnum() or sentence.words[first] in idle):
        first += 1
    while last > first and not sentence.words[last][-1].isalnum() and sentence.words[last] not in "%°€$£":
        last -= 1
    evidence = sentence.slice(text, first, last)
    types = story.tagger.types
    return {
        "id": development_id(story.article.id, found.type, evidence),
        "type": found.type,
        "family": types.families[found.type],
        "plover": types.plover[found.type],
        "field": sentence.field,
        "start": sentence.starts[first],
        "end": sentence.ends[last],
        "text": evidence,
        "rule": f"{found.entry} {found.rule}",
    }
