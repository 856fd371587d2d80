"""Whether a development is reported, claimed, confirmed, denied or expected, and by whom (codebook, rulings 1 to 3, 16, 19 to 22)."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.attribution.labels import BREAKS, QUOTES, closes
from streams.core.attribution.reach import Reach
from streams.core.attribution.speech import Speaker
from streams.core.developments.find import Found, Reading
from streams.core.developments.kinds import SPEECH
from streams.core.lexicon import Lexicon
from streams.core.records import Status

_NONE: frozenset[str] = frozenset()
NEGATION_REACH = 5
"""Words before a trigger in which a negation negates it."""
AHEAD_REACH = 6
"""Words to either side of a trigger in which a future makes it expected."""
PLAN_REACH = 7
"""Words before a trigger in which a word of planning makes it expected."""


def settle(
    found: Found,
    reading: Reading,
    told: Sequence[Speaker],
    called: Sequence[tuple[Speaker, bool]],
    before: Sequence[Found],
    last: str | None,
    lexicon: Lexicon,
) -> tuple[Status, str | None, Speaker | None]:
    """(status, source, speaker) of a development.

    `told` are the sentence's speakers, `called` who accuses, demands or threatens in it, `before` the developments found so far in it
    (a demand makes what follows expected), `last` the source named last, for whom a pronoun stands.
    """
    if found.type in SPEECH:
        return _relayed(found, reading, told, lexicon)
    denials_of_it = (s for s in told if s.denies and _governs(s, found, reading) and not _answered(s, found, told, reading))
    denial = min(denials_of_it, key=lambda s: s.source is None, default=None)
    if denial is not None:
        return "denied", denial.source, denial
    speaker = _telling(told, found, reading)
    if speaker is not None and _proclaims(speaker, found, reading, lexicon):
        speaker = None
    source = (speaker.source or (None if speaker.nobody else last)) if speaker else None
    if _negated(found, reading, lexicon):
        return "denied", source, speaker
    planned = _planned(found, reading, lexicon) or _ahead(found, reading, lexicon)
    caller = _calling(found, reading, called, before, lexicon)
    if caller is not None:
        one, accuses = caller
        return ("claimed" if accuses and not planned else "expected"), source or one.source, speaker
    if planned:
        return "expected", source, speaker
    if speaker is not None:
        return ("confirmed" if speaker.confirms and source else "claimed"), source, speaker
    if not _hearsay(found, reading, lexicon):
        return "reported", None, None
    first, end = reading.clauses.bounds(reading.clauses.segment, found.first, found.last)
    carried = not lexicon.grammar.get("reported_mood", _NONE).isdisjoint(reading.sentence.words[first : end + 1])
    return "claimed", (last if carried else None), None


def _proclaims(speaker: Speaker, found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether to say it is to do it: who declares a truce has declared it."""
    said = reading.sentence.words[speaker.at] in lexicon.grammar.get("proclaims", _NONE)
    return said and found.type == "ceasefire" and speaker.reach.low == 0


def _relayed(found: Found, reading: Reading, told: Sequence[Speaker], lexicon: Lexicon) -> tuple[Status, str | None, Speaker | None]:
    """A demand, threat or accusation is told as fact, but where an informant tells of it (ruling 1)."""
    other = _telling(told, found, reading)
    if other is None or other.source is None or other.at == found.trigger:
        return "reported", None, None
    informs = lexicon.grammar.get("informants", _NONE)
    if informs.isdisjoint(reading.sentence.words[other.first : other.last + 1]):
        return "reported", None, None
    return "claimed", other.source, other


def _calling(
    found: Found, reading: Reading, called: Sequence[tuple[Speaker, bool]], before: Sequence[Found], lexicon: Lexicon
) -> tuple[Speaker, bool] | None:
    """Who accuses somebody of it or demands it, and whether it is an accusation."""
    speech = next((f for f in reversed(before) if f.type in SPEECH and f.trigger < found.trigger), None)
    if speech is not None:
        near = min((c for c in called if c[0].at <= found.trigger), key=lambda c: abs(c[0].at - speech.trigger), default=None)
        nobody = Speaker(speech.trigger, 1, 0, None, None, (1, 0), Reach(0, 0))
        return (near[0] if near else nobody), speech.type == "accusation"
    clauses = reading.clauses
    for one, accuses in called:
        if one.source is None:
            continue
        if one.at < found.trigger and clauses.segment[one.at] == clauses.segment[found.trigger]:
            return one, accuses
        if one.first > one.at > found.trigger and _covers(one, found, reading) and closes(reading, one.at, lexicon):
            return one, accuses  # "..., pidió el papa"
    return None


def _telling(told: Sequence[Speaker], found: Found, reading: Reading) -> Speaker | None:
    """Who tells it: of those whose words reach it one with a name first, then the nearest."""
    telling = [s for s in told if not s.denies and _covers(s, found, reading)]
    return min(telling, key=lambda s: (s.source is None, abs(s.at - found.trigger)), default=None)


def _planned(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a word of planning stands before the trigger or behind it in its unit."""
    plan, masks, clauses = lexicon.concepts.bit["PLAN"], reading.masks, reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    return any(masks[i] & plan for i in range(max(low, found.trigger - PLAN_REACH), found.trigger + 1)) or any(
        masks[i] & plan and clauses.unit[i] == clauses.unit[found.trigger] for i in range(found.trigger, high + 1)
    )


def _hearsay(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the words or the mood say that it is told at second hand by nobody named."""
    clauses, moods = reading.clauses, lexicon.grammar.get("hearsay", _NONE)
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    relay = lexicon.concepts.bit["RELAY"]
    return any(reading.masks[i] & relay or reading.sentence.words[i] in moods for i in range(low, high + 1))


def to_come(reading: Reading, i: int, lexicon: Lexicon) -> bool:
    """Whether the token is a verb in the future, by its form or ending."""
    word = reading.sentence.words[i]
    ends = len(word) > 4 and not reading.capitals[i] and word.endswith(tuple(lexicon.grammar.get("future", ())))
    return ends or word in lexicon.ahead


def _ahead(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the verb is in the future: at the trigger or a few words from it, in its unit."""
    clauses, trigger = reading.clauses, found.trigger
    low, high = clauses.bounds(clauses.unit, trigger, trigger)
    return any(to_come(reading, i, lexicon) for i in range(max(low, trigger - AHEAD_REACH), min(high, trigger + AHEAD_REACH) + 1))


def _covers(speaker: Speaker, found: Found, reading: Reading) -> bool:
    """Whether what somebody says takes in a clause: it reaches that far, and no semicolon stands between."""
    low, high = sorted((speaker.at, found.trigger))
    return speaker.reach.low <= found.trigger <= speaker.reach.high and ";" not in reading.sentence.words[low:high]


def _negated(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the clause itself says that it is not so: "aucun drone n'a été abattu"."""
    bit, trigger = lexicon.concepts.bit, found.trigger
    if found.type == "aid":
        return False  # aid that is not let in is blocked, not denied (ruling 26)
    unit = reading.clauses.unit
    without = _NONE if reading.masks[trigger] & (bit["DEAD"] | bit["WOUND"]) else lexicon.grammar.get("without", _NONE)
    return any(
        reading.masks[i] & bit["NOT"]
        and not reading.masks[i] & bit["NUMBER"]  # "no fewer than 130"
        and unit[i] == unit[trigger]
        and reading.sentence.words[i] not in without
        for i in range(max(0, trigger - NEGATION_REACH), min(len(unit), trigger + 3))
    )


def denials(told: Sequence[Speaker], found: Sequence[Found], reading: Reading, previous: str | None, lexicon: Lexicon) -> list[Found]:
    """What is denied without being told again ("ce que Kigali dément", "Ein Sprecher wies die Vorwürfe zurück"): the development told last.

    `previous` is the type that the sentence before ended with.
    """
    out = []
    for speaker in told:
        if (
            not speaker.denies
            or speaker.source is None
            or any(_governs(speaker, f, reading) and f.type not in SPEECH and not _answered(speaker, f, told, reading) for f in found)
        ):
            continue
        before = [f for f in found if f.trigger < speaker.at and f.type not in SPEECH and f.type != "casualties"]
        kind = before[-1].type if before else previous
        if kind is None:
            continue
        first, last = reading.clauses.bounds(reading.clauses.segment, min(speaker.at, speaker.first), max(speaker.at, speaker.last))
        entry = reading.phrases.get(speaker.at) or lexicon.entry(reading.sentence.words[speaker.at], lexicon.concepts.bit["DENY"])
        out.append(Found(kind, "denial", entry, speaker.at, first, last, []))
    return out


def _answered(denial: Speaker, found: Found, told: Sequence[Speaker], reading: Reading) -> bool:
    """Whether somebody else says it in its own unit, and who denies stands in another ("A claims it, B denies it")."""
    unit, trigger = reading.clauses.unit, found.trigger
    if unit[denial.at] == unit[trigger]:
        return False
    others = (s for s in told if not s.denies and s.source not in (None, denial.source) and _covers(s, found, reading))
    return any(unit[s.at] == unit[trigger] or s.at < trigger < denial.at for s in others)


def _governs(speaker: Speaker, found: Found, reading: Reading) -> bool:
    """A denial governs what stands in its own segment or in the one that it opens; it may follow what it denies by a few words."""
    segment = reading.clauses.segment
    apart = segment[found.trigger] - segment[speaker.at]
    if apart == 0 or (apart == 1 and found.trigger > speaker.at):
        return True
    between = reading.sentence.words[found.trigger + 1 : speaker.at]  # "... ", a démenti le colonel": the quotation before it
    return any(word in QUOTES for word in between) and not any(word in BREAKS and word not in QUOTES and word != "," for word in between)
