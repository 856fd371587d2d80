"""Fills the fields of a development: who, whom, where, when, how many, who says so. This is their order; the choices are in modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from streams.core.attribution import callers, denials, settle, speakers
from streams.core.developments.find import Found
from streams.core.developments.kinds import RESULTS, SPEECH
from streams.core.fields import where
from streams.core.fields.many import counts
from streams.core.fields.parties import Weighed
from streams.core.fields.shown import shown
from streams.core.fields.spots import Spot
from streams.core.fields.story import Scene, Seen, Story, Told
from streams.core.fields.tellers import tellers
from streams.core.fields.when import history, moment, moments
from streams.core.fields.who import named, sides
from streams.core.records import Development

_HAPPENED = ("reported", "claimed", "confirmed")
_JOINTS = ("openers", "coordinators", "complementizers")
"""Words that join a clause to another and belong to neither."""
_QUOTES = frozenset('«»“”„"')


def development_id(article_id: str, kind: str, evidence: str) -> str:
    """32 hex digits of BLAKE2b over article id, type and evidence text."""
    return blake2b("\0".join((article_id, kind, evidence)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Note(NamedTuple):
    """What was weighed for a development: for `explain`, and for fitting the weights."""

    id: str
    scene: Scene
    places: list[tuple[float, Spot]]
    parties: Weighed | None


def fill(story: Story, seen: Seen, found: Sequence[Found], notes: list[Note] | None = None) -> Iterator[Development]:
    """The developments of a sentence with their fields, in reading order. `notes` collects what was weighed for each."""
    reading, lexicon = seen.reading, story.language.lexicon
    text = story.article.headline if reading.sentence.field == "headline" else story.article.body
    if not found and not any(mask & lexicon.concepts.bit["DENY"] for mask in reading.masks):
        return
    actors = [named(story, m, None) for m in seen.actors]
    voices = tellers(story, seen)
    told, called = speakers(reading, text, voices, lexicon), callers(reading, text, voices, lexicon)
    dated = moments(story, seen, text)
    found = sorted([*found, *denials(told, found, reading, story.last_type, lexicon)], key=lambda f: (f.first, f.type in RESULTS))
    accusers: list[tuple[int, str]] = []
    for number, one in enumerate(found):
        scene = Scene(story, seen, one, found, told, dated)
        scene.status, scene.source, scene.speaker = settle(one, reading, told, called, found[:number], story.speaker, lexicon)
        if scene.speaker is None and scene.status != "reported":
            scene.source = scene.source or next((accuser for at, accuser in reversed(accusers) if at < one.trigger), None)
        places = where.weigh(scene)
        scene.place = where.likeliest(places)
        scene.date, day = moment(scene)
        if scene.status in _HAPPENED and one.type not in SPEECH and day and story.published and day > story.published.date():
            scene.status = "expected"  # what has a day to come has not happened
            scene.date, day = moment(scene)
        actor, target, parties = sides(scene)
        if one.type in SPEECH and actor:
            accusers.append((one.trigger, actor[0]))
        counted, reach = counts(scene)
        development = Development(
            **_record(scene, text),
            actor=actor,
            target=target,
            place=scene.place,
            date=scene.date,
            quantities=counted,
            source=scene.source,
            status=scene.status,
            background=history(scene, counted),
            spans=shown(scene, actors, actor, target, counted, reach),
        )
        if notes is not None:
            notes.append(Note(development.id, scene, places, parties))
        _remember(scene, development, day)
        yield development


def _remember(scene: Scene, development: Development, day: date | None) -> None:
    """Tells the story what it needs for what comes after."""
    story, kind, sentence = scene.story, development.type, scene.reading.sentence
    story.tell(Told(sentence.line, (sentence.field, sentence.start), kind, development.actor, development.target))
    story.speaker = scene.source or story.speaker
    if kind not in SPEECH and kind != "casualties":
        story.last_type = kind
    if scene.place is not None and where.carried(scene.seen, kind, scene.place):
        story.place = scene.place
    if day is not None and not development.background:
        story.when = day


def _record(scene: Scene, text: str) -> dict[str, Any]:
    story, found, sentence = scene.story, scene.found, scene.reading.sentence
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
