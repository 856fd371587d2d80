"""Where the text shows each field of a development, so that a reader can check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from streams.core.actors import ActorMention
from streams.core.fields.story import Scene, Seen
from streams.core.records import Quantity, Spans


def shown(
    scene: Scene,
    actors: Sequence[ActorMention],
    actor: Sequence[str],
    target: Sequence[str],
    counted: Sequence[Quantity],
    reach: tuple[int, int],
) -> Spans:
    """Field -> (start, end) of what shows it in the development's own field of the article, nearest to the trigger in its sentence, else
    where the article said it last. What follows from the place (whose dead, whose soil) is shown by the place.

    `actors` are all that the sentence names, with their states; `reach` are the tokens that the quantities were read from.
    """
    story, seen, found, place, source = scene.story, scene.seen, scene.found, scene.place, scene.source
    sentence = seen.reading.sentence

    def nearest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        best = min(spans, key=lambda span: abs(span[0] - found.trigger), default=None)
        return [] if best is None else [(sentence.starts[best[0]], sentence.ends[best[1]])]

    def kept(name: str, value: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        here = nearest(spans)
        if here:
            story.shown[sentence.field, name, value] = here[0]
            return here
        known = story.shown.get((sentence.field, name, value))
        return [known] if known else []

    for mention in actors:
        if mention.code:
            story.shown[sentence.field, "actor", mention.code] = (sentence.starts[mention.first], sentence.ends[mention.last])
    out: Spans = {}
    if place is not None:
        names = [(m.first, m.last) for m in seen.places if m.name == place.name]
        out["place"] = kept("place", place.name, names)
    for name, codes in (("actor", actor), ("target", target)):
        spans = []
        for code in codes:
            named = [m for m in seen.actors if m.code == code] or [m for m in actors if m.code == code]
            mine = kept("actor", code, [(m.first, m.last) for m in named])
            spans += mine or (out.get("place", []) if place is not None and place.country == code else [])
        out[name] = sorted(set(spans))  # type: ignore[index]
    if scene.date is not None:
        out["date"] = kept("date", scene.date, [(m.first, m.last) for m in scene.dated if scene.date in (m.iso, m.ahead)])
    out["quantities"] = [(sentence.starts[a], sentence.ends[b]) for a, b in _counted(counted, seen, reach)]
    if source is not None:
        speaking = [s.named for s in scene.told if source in (s.source, s.code) and s.named[0] <= s.named[1]]
        out["source"] = kept("source", source, speaking) or kept("actor", source, [(m.first, m.last) for m in actors if m.code == source])
    return {name: spans for name, spans in out.items() if spans}


def _counted(quantities: Sequence[Quantity], seen: Seen, reach: tuple[int, int]) -> list[tuple[int, int]]:
    """The numbers of the clause that say so much, each once in reading order; where none does (150 for 150), the first left."""
    first, last = reach
    near = [n for n in seen.numbers if first - 3 <= n.first and first <= n.last <= last]
    out = []
    for quantity in quantities:
        number = next((n for n in near if (n.min, n.max) == (quantity.min, quantity.max)), near[0] if near else None)
        if number is not None:
            near.remove(number)
            out.append((number.first, number.last))
    return sorted(out)
