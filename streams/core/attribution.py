"""Who says so, and whether it is reported, claimed, confirmed, denied or expected (codebook, rulings 1 to 3, 11, 16, 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.developments.find import Found, Reading
from streams.core.lexicon import Lexicon
from streams.core.records import Status

_BREAKS = frozenset(',;:.()«»“”„"—–!?…')
_QUOTES = frozenset('«»“”„"')
_SPEECH = frozenset({"accusation", "demand", "threat"})
_REFUSED = frozenset({"talks", "ceasefire", "withdrawal", "aid", "release", "deployment", "demand", "arms_transfer", "mobilization"})
_LITTLE = ("openers", "linkers", "coordinators", "auxiliaries", "complementizers", "by", "against", "of", "passive")
"""The grammar words that are no verb of saying."""
_SPEAKERS = ("RANK", "ENVOY", "POWER", "FORCE", "POLICE", "ARMED", "PEOPLE", "CIVILIAN", "HACKER", "SUSPECT", "CAPTIVE", "ACTOR")
"""Who may say something, where no name is given."""
_NONE: frozenset[str] = frozenset()
NEGATION_REACH = 5
"""Words before a trigger in which a negation negates it."""
AHEAD_REACH = 6
"""Words to either side of a trigger in which a future makes it expected."""
PLAN_REACH = 7
"""Words before a trigger in which a word of planning makes it expected."""


@dataclass(slots=True)
class Speaker:
    """Who says something in a sentence, and where the word of saying stands."""

    at: int
    """The token of saying."""
    first: int
    last: int
    """The tokens of the speaker, both included; `last` < `first` where nobody is named."""
    source: str | None
    """The code of a state body or organisation, else the words of the text."""
    code: str | None
    """The code of whom a named person speaks for, else as `source`."""
    named: tuple[int, int]
    """The tokens that `source` comes from, both included."""
    confirms: bool = False
    denies: bool = False


def speakers(reading: Reading, text: str, mentions: Sequence[ActorMention], lexicon: Lexicon) -> list[Speaker]:
    """Everyone who says, confirms or denies something in a sentence, in reading order."""
    bit = lexicon.concepts.bit
    says, follows = bit["SAY"], bit["ACCORDING"]
    confirms, denies = bit["CONFIRM"], bit["DENY"]
    out = []
    for i, mask in enumerate(reading.masks):
        if mask & follows:
            first, last = _named_before(reading, i, mentions, lexicon) or _run(reading, i, 1, lexicon)
        elif mask & (says | confirms | denies):
            first, last = _subject(reading, i, lexicon)
        else:
            continue
        if any(reading.masks[k] & bit["NOT"] for k in range(first, last + 1)):
            continue  # "nobody claimed it"
        source, named = _source(reading, text, first, last, mentions, lexicon)
        code = _stands_for(first, last, mentions) or source
        out.append(Speaker(i, first, last, source, code, named, bool(mask & confirms), bool(mask & denies)))
    if (behind := _inverted(reading, lexicon)) is not None and not any(s.at >= behind for s in out):
        first, last = _run(reading, behind, 1, lexicon)
        source, named = _source(reading, text, first, last, mentions, lexicon)
        if source is not None:
            out.append(Speaker(behind, first, last, source, _stands_for(first, last, mentions) or source, named))
    return out


def _named_before(reading: Reading, at: int, mentions: Sequence[ActorMention], lexicon: Lexicon) -> tuple[int, int] | None:
    """Who stands before the word that says who is followed ("nach russischen Angaben"); where nobody does, the subject ("nach eigenen
    Angaben"). Only in languages whose phrase may end with that word, and not where a genitive follows it.
    """
    follows = reading.sentence.words[at + 1 : at + 2]
    if "verb_last" not in lexicon.grammar or at not in reading.phrases or not lexicon.grammar.get("of", _NONE).isdisjoint(follows):
        return None
    if any(m.first == at + 1 for m in mentions):  # "nach Angaben Südkoreas"
        return None
    beside = next((m for m in mentions if m.first <= at <= m.last + 1), None)
    if beside is None and not lexicon.grammar.get("articles", _NONE).isdisjoint(reading.sentence.words[at + 1 : at + 3]):
        beside = next((m for m in mentions if m.last < at and m.code), None)
    return (beside.first, beside.last) if beside else None


def _stands_for(first: int, last: int, mentions: Sequence[ActorMention]) -> str | None:
    return next((m.code for m in mentions if m.kind == "leader" and first <= m.first and m.last <= last), None)


def _inverted(reading: Reading, lexicon: Lexicon) -> int | None:
    """A verb of saying that no lexicon knows, by its place: after what is said, before who says it ("..., ironise Kiev")."""
    words, masks = reading.sentence.words, reading.masks
    told = next((i for i, mask in enumerate(masks) if mask & lexicon.concepts.triggers), len(words))
    for mark in range(len(words) - 3, told, -1):
        if words[mark] == "," or words[mark] in _QUOTES:
            verb = mark + 1 + (words[mark + 1] in lexicon.grammar.get("reflexive", _NONE))
            end = next((i for i in range(verb, len(words)) if words[i] in _BREAKS), len(words))
            if 1 < end - verb < 10 and _may_say(reading, verb, lexicon) and _names_somebody(reading, verb + 1, end, lexicon):
                return verb
    return None


def _may_say(reading: Reading, verb: int, lexicon: Lexicon) -> bool:
    """Whether a word may be a verb that no lexicon knows: in small letters, and no word of the grammar."""
    word = reading.sentence.words[verb]
    known = reading.masks[verb] or any(word in lexicon.grammar.get(key, _NONE) for key in _LITTLE)
    return not known and word.isalpha() and len(word) > 3 and not _capital(reading, verb)


def _names_somebody(reading: Reading, first: int, end: int, lexicon: Lexicon) -> bool:
    """Whether who speaks follows at once: a name, or somebody with an article."""
    speaks = lexicon.concepts.mask(_SPEAKERS)
    article = reading.sentence.words[first] in lexicon.grammar.get("articles", _NONE)
    return any(_capital(reading, i) or reading.masks[i] & speaks for i in range(first, min(end, first + (4 if article else 1))))


def _subject(reading: Reading, at: int, lexicon: Lexicon) -> tuple[int, int]:
    """The subject of a verb of saying: before it, or after it where it is put behind what is said ("..., a dit le ministre")."""
    words = reading.sentence.words
    auxiliaries = lexicon.grammar.get("auxiliaries", _NONE)
    start = at
    while start > 0 and words[start - 1] in auxiliaries:
        start -= 1
    broken = start == 0 or words[start - 1] in _BREAKS
    if broken and _told_before(reading, start, lexicon):
        first, last = _run(reading, at, 1, lexicon)
        if first <= last:
            return first, last
    opener = start - 1
    if opener > 1 and words[opener] in lexicon.grammar.get("openers", _NONE):  # "par Zelensky, qui a déclaré"
        end = opener - (words[opener - 1] == ",")
        return _back(words, lexicon.grammar.get("openers", _NONE), end), end - 1
    return _run(reading, start, -1, lexicon)


def _told_before(reading: Reading, start: int, lexicon: Lexicon) -> bool:
    """Whether something that a verb of saying may follow stands before it: a quotation, or a clause with a trigger."""
    before = range(start - 1)
    triggers = lexicon.concepts.triggers
    return start == 0 or any(reading.sentence.words[i] in _QUOTES or reading.masks[i] & triggers for i in before)


def _run(reading: Reading, at: int, step: int, lexicon: Lexicon) -> tuple[int, int]:
    """The tokens next to `at` on one side up to the clause's end; an apposition that names a person is taken in."""
    words = reading.sentence.words
    openers = lexicon.grammar.get("openers", _NONE) | lexicon.grammar.get("complementizers", _NONE)
    i = at + step
    while 0 <= i < len(words) and (words[i] not in _BREAKS or _shortens(reading, i)) and words[i] not in openers and abs(i - at) < 14:
        i += step
    if step > 0:
        last = i - 1
        if i + 1 < len(words) and words[i] == "," and _capital(reading, i + 1):  # ", Viatcheslav Tchaous"
            j = i + 1
            while j < len(words) and words[j] not in _BREAKS and _capital(reading, j):
                j += 1
            if j == len(words) or words[j] in _BREAKS:
                last = j - 1
        return at + 1, last
    if i == at - 1 > 0 and words[i] == ",":  # "the governor, John Smith, said", "Le JNIM, lié à Al-Qaïda, a dit"
        beside = _back(words, openers, i)
        if words[beside - 1] == "," and not _capital(reading, beside):
            return _back(words, openers, beside - 1), beside - 2
        return beside, i - 1
    return i + 1, at - 1


def _shortens(reading: Reading, at: int) -> bool:
    """Whether the token is the full stop of a shortened word: "the U.N.", "Gen. Smith"."""
    words = reading.sentence.words
    return words[at] == "." and (at + 1 < len(words) or len(words[at - 1]) == 1)


def _back(words: Sequence[str], openers: frozenset[str], at: int) -> int:
    """The first token of the piece of a clause that ends before token `at`."""
    first = at
    while first > 0 and words[first - 1] not in _BREAKS and words[first - 1] not in openers and at - first < 14:
        first -= 1
    return first


def _capital(reading: Reading, i: int) -> bool:
    return reading.capitals[i]


def _source(
    reading: Reading, text: str, first: int, last: int, mentions: Sequence[ActorMention], lexicon: Lexicon
) -> tuple[str | None, tuple[int, int]]:
    """Who speaks, and the tokens that say so: a person's name, else the code of a body, else the words."""
    if last < first:
        return None, (first, last)
    inside = [m for m in mentions if first <= m.first and m.last <= last]
    person = _person(reading, first, last, inside) or _leader(reading, first, inside)
    if person is not None:
        return reading.sentence.slice(text, *person), person
    coded = next((m for m in inside if m.code), None)
    if coded is not None:
        return coded.code, (coded.first, coded.last)
    while first < last and (len(reading.sentence.words[first]) < 3 or reading.sentence.words[first].isdigit()):
        first += 1
    if first == last and len(reading.sentence.words[first]) < 5:
        return None, (first, last)  # a pronoun: who it stands for was named before
    speaks = lexicon.concepts.mask(_SPEAKERS)
    if not any(reading.masks[i] & speaks or (i and _capital(reading, i)) for i in range(first, last + 1)):
        return None, (first, last)
    return reading.sentence.slice(text, first, last), (first, last)


def _person(reading: Reading, first: int, last: int, inside: Sequence[ActorMention]) -> tuple[int, int] | None:
    """A run of two or more capitalised words that no actor mention covers: a person's name."""
    taken = {i for m in inside for i in range(m.first, m.last + 1)}
    best: tuple[int, int] | None = None
    i = first
    while i <= last:
        j = i
        while j <= last and _capital(reading, j) and j not in taken:
            j += 1
        if j - i >= 2 and i > 0:
            best = (i, j - 1)
        i = max(j, i + 1)
    return best


def _leader(reading: Reading, first: int, inside: Sequence[ActorMention]) -> tuple[int, int] | None:
    """Who leads a state, by the name that the text gives, first name included: a person is no state (ruling 11)."""
    leader = next((m for m in inside if m.kind == "leader"), None)
    if leader is None:
        return None
    start = leader.first
    while start - 1 >= first and start - 1 > 0 and _capital(reading, start - 1) and not any(m.first <= start - 1 <= m.last for m in inside):
        start -= 1
    return start, leader.last


def settle(
    found: Found, reading: Reading, told: Sequence[Speaker], before: Sequence[Found], last: str | None, lexicon: Lexicon
) -> tuple[Status, str | None, Speaker | None]:
    """(status, source, speaker) of a development.

    `told` are the sentence's speakers, `before` the developments found so far in it (a demand makes what follows expected),
    `last` the source named last, for whom a pronoun stands.
    """
    bit = lexicon.concepts.bit
    masks, clauses = reading.masks, reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    if found.type in _SPEECH:
        return "reported", None, None
    denial = next((s for s in told if s.denies and _governs(s, found, reading)), None)
    if denial is not None:
        return "denied", denial.source, denial
    telling = [s for s in told if not s.denies and s.at != found.first and _covers(s, found, reading, lexicon)]
    speaker = next((s for s in telling if s.source), telling[0] if telling else None)
    source = (speaker.source or last) if speaker else None
    if _negated(found, reading, lexicon):
        return "denied", source, speaker
    planned = any(masks[i] & bit["PLAN"] for i in range(max(low, found.trigger - PLAN_REACH), found.trigger + 1)) or any(
        masks[i] & bit["PLAN"] and clauses.unit[i] == clauses.unit[found.trigger] for i in range(found.trigger, high + 1)
    )
    planned = planned or _ahead(found, reading, lexicon)
    speech = next((f for f in reversed(before) if f.type in _SPEECH and f.trigger < found.trigger), None)
    if speech is not None:
        return ("claimed" if speech.type == "accusation" and not planned else "expected"), source, speaker
    if planned:
        return "expected", source, speaker
    if speaker is not None:
        return ("confirmed" if any(s.confirms for s in telling) and source else "claimed"), source, speaker
    hearsay = lexicon.grammar.get("hearsay", _NONE)
    if any(masks[i] & bit["RELAY"] or reading.sentence.words[i] in hearsay for i in range(low, high + 1)):
        return "claimed", None, None
    return "reported", None, None


def _ahead(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the verb is in the future: by its form or ending, at the trigger or a few words before it."""
    endings = tuple(lexicon.grammar.get("future", ())) or ("\0",)
    words, unit = reading.sentence.words, reading.clauses.unit
    return any(
        (words[i] in lexicon.ahead or (words[i].endswith(endings) and len(words[i]) > 4 and not reading.capitals[i]))
        and unit[i] == unit[found.trigger]
        for i in range(max(0, found.trigger - AHEAD_REACH), min(len(words), found.trigger + AHEAD_REACH + 1))
    )


def _covers(speaker: Speaker, found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether what somebody says takes in a clause: no semicolon stands between, and what "that" opens comes after it."""
    words = reading.sentence.words
    low, high = sorted((speaker.at, found.trigger))
    if ";" in words[low:high]:
        return False
    return found.trigger > speaker.at or lexicon.grammar.get("complementizers", _NONE).isdisjoint(words[speaker.at + 1 : speaker.at + 2])


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
        if not speaker.denies or speaker.source is None or any(_governs(speaker, f, reading) and f.type not in _SPEECH for f in found):
            continue
        before = [f for f in found if f.trigger < speaker.at and f.type not in _SPEECH and f.type != "casualties"]
        kind = before[-1].type if before else previous
        if kind is None:
            continue
        first, last = reading.clauses.bounds(reading.clauses.segment, min(speaker.at, speaker.first), max(speaker.at, speaker.last))
        entry = reading.phrases.get(speaker.at) or lexicon.entry(reading.sentence.words[speaker.at], lexicon.concepts.bit["DENY"])
        out.append(Found(kind, "denial", entry, speaker.at, first, last, []))
    return out


def _governs(speaker: Speaker, found: Found, reading: Reading) -> bool:
    """A denial governs what stands in its own segment or in the one that it opens; it may follow what it denies by a few words."""
    segment = reading.clauses.segment
    apart = segment[found.trigger] - segment[speaker.at]
    if apart == 0 or (apart == 1 and found.trigger > speaker.at):
        return True
    between = reading.sentence.words[found.trigger + 1 : speaker.at]  # "... ", a démenti le colonel": the quotation before it
    return any(word in _QUOTES for word in between) and not any(word in _BREAKS and word not in _QUOTES and word != "," for word in between)
