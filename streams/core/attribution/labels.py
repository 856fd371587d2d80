"""Speakers shown by their place in the sentence, not by a word of saying that the lexicon knows: "..., ironise Kiev", "Bamako : ...",
"... — Минобороны".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from streams.core.actors import ActorMention
from streams.core.attribution.naming import may_speak, person
from streams.core.developments.find import Reading
from streams.core.lexicon import Lexicon

BREAKS = frozenset(',;:.()«»“”„"—–!?…')
QUOTES = frozenset('«»“”„"')
_DASHES = frozenset("—–-")
_LITTLE = ("openers", "linkers", "coordinators", "auxiliaries", "complementizers", "by", "against", "of", "passive", "articles", "with",
           "not_verbs")  # fmt: skip
"""The grammar words that are no verb of saying."""
_DESCRIBING = ("articles", "of", "informants", "bodies", "coordinators")
_SPOKEN = ("PLAN", "ACCUSE", "DEMAND", "THREATEN", "SAY", "CONFIRM", "DENY", "PHRASE")
"""What a verb may mean that follows what is said: "..., verspricht das Welternährungsprogramm"."""
_BODIES = frozenset({"government", "army", "security", "leader", "capital", "group", "agency", "alliance", "ngo", "court"})
"""What stands before a colon to say who speaks; a state may be what it is about ("Ukraine : ...")."""
_NONE: frozenset[str] = frozenset()
_LONGEST_LABEL, _LONGEST_TAIL, _LONGEST_END = 9, 12, 4


def inverted(reading: Reading, lexicon: Lexicon) -> int | None:
    """A verb of saying that no lexicon knows, by its place: after what is said, before who says it ("..., ironise Kiev")."""
    words, masks = reading.sentence.words, reading.masks
    told = next((i for i, mask in enumerate(masks) if mask & lexicon.concepts.triggers), len(words))
    else_told = lexicon.concepts.triggers | lexicon.concepts.bit["NUMBER"]
    for mark in range(len(words) - 3, told, -1):
        if words[mark] == "," or words[mark] in QUOTES or words[mark] in _DASHES:
            verb = mark + 1 + (words[mark + 1] in lexicon.grammar.get("reflexive", _NONE))
            end = next((i for i in range(verb, len(words)) if words[i] in BREAKS), len(words))
            if 1 < end - verb < _LONGEST_TAIL and _may_say(reading, verb, lexicon) and names_somebody(reading, verb + 1, end, lexicon):
                return None if any(mask & else_told for mask in masks[verb + 1 : end]) else verb
    return None


def _may_say(reading: Reading, verb: int, lexicon: Lexicon) -> bool:
    """Whether a word may be a verb of saying: in small letters, no word of the grammar, no gerund, and it means nothing else."""
    word = reading.sentence.words[verb]
    gerund = tuple(lexicon.grammar.get("gerunds", ()))
    mask = reading.masks[verb]
    promised = lexicon.concepts.bit["GIVE"] if mask & lexicon.concepts.bit["PLAN"] else 0
    known = mask & ~(lexicon.concepts.mask(_SPOKEN) | promised) or word in lexicon.grammar_words(_LITTLE)
    return not known and word.isalpha() and len(word) > 3 and not reading.capitals[verb] and not word.endswith(gerund)


def trailing(reading: Reading, lexicon: Lexicon) -> int | None:
    """A verb of promising or asking behind who speaks, both at the end: "..., a Congolese army spokesman promised."."""
    words, masks, unit = reading.sentence.words, reading.masks, reading.clauses.unit
    spoken, triggers = lexicon.concepts.mask(("PLAN", "DEMAND")), lexicon.concepts.triggers
    end = len(words) - 1 - (words[-1] in ".!")
    for verb in range(end, max(2, end - _LONGEST_END), -1):
        if unit[verb] != unit[end] or not masks[verb] & spoken:
            continue
        begin = bisect_left(unit, unit[verb])
        broken = begin > 1 and (words[begin] in BREAKS or words[begin - 1] in BREAKS)
        told = any(mask & triggers for mask in masks[:begin])
        else_told = triggers | lexicon.concepts.tables_named
        alone = not any(mask & triggers for mask in masks[begin:verb]) and not any(mask & else_told for mask in masks[verb + 1 : end + 1])
        named = any(may_speak(reading, i, lexicon) for i in range(begin, verb))
        if broken and told and alone and named and _may_say(reading, verb, lexicon):
            return verb
    return None


def closes(reading: Reading, verb: int, lexicon: Lexicon) -> bool:
    """Whether a known verb stands behind what is said and before who says it: "..., pidió el papa"."""
    words = reading.sentence.words
    broken = verb > 1 and (words[verb - 1] == "," or words[verb - 1] in QUOTES or words[verb - 1] in _DASHES)
    return broken and _may_say(reading, verb, lexicon) and names_somebody(reading, verb + 1, len(words), lexicon)


def names_somebody(reading: Reading, first: int, end: int, lexicon: Lexicon) -> bool:
    """Whether who speaks follows at once: a name, or somebody with an article."""
    first += first < end and reading.sentence.words[first] in lexicon.grammar.get("reflexive", _NONE)
    if first >= end:
        return False
    article = reading.sentence.words[first] in lexicon.grammar.get("articles", _NONE)
    return any(may_speak(reading, i, lexicon) for i in range(first, min(end, first + (4 if article else 1))))


def labels(reading: Reading, mentions: Sequence[ActorMention], lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    """(the mark, first and last token) of each speaker that only a colon, a dash or a bracket shows."""
    words = reading.sentence.words
    for mark, word in enumerate(words):
        if word == ":" and mark:
            first = next((i + 1 for i in range(mark - 1, -1, -1) if words[i] in BREAKS), 0)
            rest = _beside(reading, first, mark - 1, mentions, lexicon) if mark - first <= _LONGEST_LABEL else None
            if rest == [] or (rest == [mark - 1] and _may_say(reading, mark - 1, lexicon)):  # "Вашингтон встановив:"
                yield mark, first, mark - 1
    end = len(words) - 1 - (words[-1] in ".!") if words else -1
    closed = end > 0 and words[end] == ")"
    mark = next((i for i in range(end - 1, max(0, end - _LONGEST_LABEL), -1) if words[i] in BREAKS or words[i] == "-"), -1)
    opened = mark > 0 and (words[mark] == "(" if closed else words[mark] in _DASHES) and mark + 1 + closed < end
    if opened and _beside(reading, mark + 1, end - closed, mentions, lexicon) == []:
        yield mark, mark + 1, end - closed


def _beside(reading: Reading, first: int, last: int, mentions: Sequence[ActorMention], lexicon: Lexicon) -> list[int] | None:
    """The tokens that stand beside the name of a speaker and do not belong to it; None where no speaker is named, or something told."""
    told = lexicon.concepts.triggers & ~lexicon.concepts.mask(("ACCUSE", "DEMAND", "THREATEN"))
    inside = [m for m in mentions if first <= m.first and m.last <= last]
    covered = {i for m in inside for i in range(m.first, m.last + 1)}
    rest = [i for i in range(first, last + 1) if i not in covered]
    if any(reading.masks[i] & (told | lexicon.concepts.bit["NUMBER"]) for i in rest):
        return None
    named = person(reading, first, last, inside, lexicon)
    rest = [i for i in rest if not (named and named[0] <= i <= named[1]) and not _describes(reading, i, lexicon)]
    if not rest and not named and all(m.kind == "capital" for m in inside) and "seats" not in lexicon.grammar:
        return None  # "Niamey : la garde présidentielle ...": where it is
    bodies = [m for m in inside if not m.where and (not m.cases or "n" in m.cases) and (m.kind in _BODIES or (rest and m.kind != "people"))]
    return rest if bodies or named else None


def _describes(reading: Reading, i: int, lexicon: Lexicon) -> bool:
    """Whether the token only says what the speaker is: a title, a body, a small word of the grammar."""
    word = reading.sentence.words[i]
    if reading.masks[i] & lexicon.concepts.mask(("RANK", "ENVOY", "POWER", "FORCE", "POLICE")):
        return True
    return word in lexicon.grammar_words(_DESCRIBING)
