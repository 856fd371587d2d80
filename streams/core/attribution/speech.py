"""The words of saying in a sentence, who speaks by each, and how far each reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.attribution.labels import BREAKS, QUOTES, inverted, labels, trailing
from streams.core.attribution.naming import may_speak, person, source, stands_for, unknown
from streams.core.attribution.reach import Reach, reach, verb_start
from streams.core.developments.find import Reading
from streams.core.lexicon import Lexicon

_NONE: frozenset[str] = frozenset()
_CLOSING = {"«": "»", "„": "“”", "“": "”", '"': '"'}
_OPENING = {"»": "«", "“": "„", "”": "“„", '"': '"'}
_SHORT = 5
"""Words of an apposition."""
_FARTHEST = 14
"""Words between a verb of saying and the far end of its subject."""


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
    reach: Reach
    """What part of the sentence it covers."""
    confirms: bool = False
    denies: bool = False
    nobody: bool = False
    """Words stand where the speaker should, and they name nobody ("according to several estimates")."""


def speakers(reading: Reading, text: str, mentions: Sequence[ActorMention], lexicon: Lexicon) -> list[Speaker]:
    """Everyone who says, confirms or denies something in a sentence, in reading order."""
    bit = lexicon.concepts.bit
    follows, confirms, denies = bit["ACCORDING"], bit["CONFIRM"], bit["DENY"]
    spoken = bit["SAY"] | confirms | denies
    gerunds = tuple(lexicon.grammar.get("gerunds", ()))
    without, informants = lexicon.grammar.get("without", _NONE), lexicon.grammar.get("informants", _NONE)
    papers, pronouns = lexicon.grammar.get("papers", _NONE), lexicon.grammar.get("pronouns", _NONE)
    out: list[Speaker] = []
    for i, mask in enumerate(reading.masks):
        if mask & follows:
            run = _named_before(reading, i, mentions, lexicon) or _run(reading, i, 1, lexicon)
            run = (i, run[1]) if reading.sentence.words[i] in informants else run  # "de source militaire"
        elif mask & spoken and _is_verb(reading, i, lexicon):
            run = _subject(reading, i, mentions, lexicon)
        else:
            continue
        words = reading.sentence.words[run[0] : run[1] + 1]
        if any(reading.masks[k] & bit["NOT"] and reading.sentence.words[k] not in without for k in range(run[0], run[1] + 1)):
            continue  # "nobody claimed it"
        if mask & follows and not papers.isdisjoint(words[:3]):
            continue  # "according to the agreement of Sunday"
        one = _speaker(reading, text, i, run, mentions, lexicon)
        one.confirms, one.denies = bool(mask & confirms), bool(mask & denies)
        shares = not one.denies or reading.sentence.words[i].endswith(gerunds)
        if one.source is None and out and not mask & follows and shares:  # "X claimed it and says", "..., denying that"
            one.source, one.code, one.named = out[-1].source, out[-1].code, out[-1].named
        one.nobody = bool(mask & follows and words) and one.source is None and pronouns.isdisjoint(words)
        out.append(one)
    if (behind := inverted(reading, lexicon)) is not None and not any(s.at >= behind for s in out):
        one = _speaker(reading, text, behind, _run(reading, behind, 1, lexicon), mentions, lexicon)
        if one.source is not None:
            out.append(one)
    if (verb := trailing(reading, lexicon)) is not None and not any(s.at >= verb for s in out):
        out.append(_speaker(reading, text, verb, _run(reading, verb_start(reading, verb, lexicon), -1, lexicon), mentions, lexicon))
    for mark, first, last in labels(reading, mentions, lexicon):
        if not any(first <= s.at <= last + 1 for s in out):
            out.append(_speaker(reading, text, mark, (first, last), mentions, lexicon))
    return out


def callers(reading: Reading, text: str, mentions: Sequence[ActorMention], lexicon: Lexicon) -> list[tuple[Speaker, bool]]:
    """Who accuses somebody of something, demands or threatens something in a sentence; and whether it accuses."""
    speech, accuses = lexicon.concepts.mask(("ACCUSE", "DEMAND", "THREATEN")), lexicon.concepts.bit["ACCUSE"]
    nouns = "capital_nouns" in lexicon.grammar
    return [
        (_speaker(reading, text, i, _subject(reading, i, mentions, lexicon), mentions, lexicon), bool(mask & accuses))
        for i, mask in enumerate(reading.masks)
        if mask & speech and _is_verb(reading, i, lexicon) and not (nouns and i and reading.capitals[i])
    ]


def _is_verb(reading: Reading, at: int, lexicon: Lexicon) -> bool:
    """Whether a word of saying is one here: no part of a compound or of a name, and no passive that leaves out who said it."""
    words, grammar = reading.sentence.words, lexicon.grammar
    if "-" in words[at] or reading.masks[at] & lexicon.concepts.bit["COMPOUND"]:
        return False
    behind = grammar.get("by", _NONE) | grammar.get("of", _NONE)
    sure = reading.masks[at] & lexicon.concepts.mask(("CONFIRM", "DENY"))
    if not sure and reading.masks[at] & lexicon.concepts.triggers and not behind.isdisjoint(words[at + 1 : at + 2]):
        return False  # "drones lancés par la Russie"
    passive = at and words[at - 1] in grammar.get("passive", _NONE)
    return not passive or words[at + 1 : at + 2] == [":"] or not grammar.get("by", _NONE).isdisjoint(words[at + 1 : at + 4])


def _speaker(reading: Reading, text: str, at: int, run: tuple[int, int], mentions: Sequence[ActorMention], lexicon: Lexicon) -> Speaker:
    first, last = run
    who, named = source(reading, text, first, last, mentions, lexicon)
    code = stands_for(first, last, mentions) or who
    return Speaker(at, first, last, who, code, named, reach(reading, at, first, last, lexicon))


def _named_before(reading: Reading, at: int, mentions: Sequence[ActorMention], lexicon: Lexicon) -> tuple[int, int] | None:
    """Who stands before the word that says who is followed ("nach russischen Angaben"); where nobody does, the subject ("nach eigenen
    Angaben"). Only in languages whose phrase may end with that word, and not where a genitive follows it.
    """
    words = reading.sentence.words
    near = words[max(0, at - 2) : at + 4]
    if not lexicon.grammar.get("own", _NONE).isdisjoint(near):  # "по их собственным данным", "selon ses propres chiffres"
        subject = next((m for m in reversed(mentions) if m.last < at and m.code and not m.where), None)
        subject = subject or next((m for m in mentions if m.first > at and m.code and not m.where), None)
        return (subject.first, subject.last) if subject else None
    follows = words[at + 1 : at + 2]
    if "verb_last" not in lexicon.grammar or at not in reading.phrases or not lexicon.grammar.get("of", _NONE).isdisjoint(follows):
        return None
    if any(m.first == at + 1 for m in mentions):  # "nach Angaben Südkoreas"
        return None
    beside = next((m for m in mentions if m.first <= at <= m.last + 1), None)
    if beside is None and not lexicon.grammar.get("articles", _NONE).isdisjoint(words[at + 1 : at + 3]):
        beside = next((m for m in mentions if m.last < at and m.code), None)
    return (beside.first, beside.last) if beside else None


def _subject(reading: Reading, at: int, mentions: Sequence[ActorMention], lexicon: Lexicon) -> tuple[int, int]:
    """The subject of a verb of saying: before it, or after it where it is put behind what is said ("..., a dit le ministre")."""
    words, grammar = reading.sentence.words, lexicon.grammar
    if _by(reading, at, lexicon):  # "a toll put out by the ministry"
        return _run(reading, at + 1, 1, lexicon)
    start = verb_start(reading, at, lexicon)
    after = _run(reading, at, 1, lexicon)
    if (start == 0 or words[start - 1] in BREAKS) and _told_before(reading, start, lexicon) and after[0] <= after[1]:
        beside = _apposition(reading, start, lexicon)
        return beside if beside and _strength(reading, after, mentions, lexicon) < 2 else after
    openers = grammar.get("openers", _NONE)
    opener = start - 1
    if opener > 1 and words[opener] in openers:  # "par Zelensky, qui a déclaré"
        end = opener - (words[opener - 1] == ",")
        return _back(words, openers, end), end - 1
    before = _run(reading, start, -1, lexicon)
    if words[at + 1 : at + 2] and words[at + 1] in grammar.get("of", _NONE) and _strength(reading, before, mentions, lexicon) < 1:
        after = (at + 2, after[1])  # "a statement of the army"
    if any(mask & lexicon.concepts.triggers for mask in reading.masks[after[0] : after[1] + 1]):
        return before  # "Residents said the rebels had fled"
    return after if _strength(reading, after, mentions, lexicon) > _strength(reading, before, mentions, lexicon) else before


def _apposition(reading: Reading, start: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The subject before a verb that an apposition parts from it ("the governor, John Smith, told local radio")."""
    words, triggers = reading.sentence.words, lexicon.concepts.triggers
    first, last = _run(reading, start, -1, lexicon)
    inner = next((i for i in range(last, first, -1) if words[i] == ","), 0)
    if not inner or last - inner > _SHORT or any(mask & triggers for mask in reading.masks[first:last]):
        return None
    return (first, last) if any(reading.capitals[inner + 1 : last + 1]) else None


def _by(reading: Reading, at: int, lexicon: Lexicon) -> bool:
    """Whether who says it follows a passive: "announced by the army"."""
    words = reading.sentence.words
    by = at + 1 < len(words) and words[at + 1] in lexicon.grammar.get("by", _NONE)
    return by and "verb_last" not in lexicon.grammar and any(may_speak(reading, i, lexicon) for i in range(at + 2, min(at + 5, len(words))))


def _strength(reading: Reading, run: tuple[int, int], mentions: Sequence[ActorMention], lexicon: Lexicon) -> int:
    """How likely who speaks stands in the run: 2 for a party in a case that may act or a person, 1 for another name or word for somebody;
    less where a preposition heads it ("In Moskau bestätigte ...").
    """
    first, last = run
    if last < first:
        return 0
    inside: object = [m for m in mentions if first <= m.first and m.last <= last and not m.where and (not m.cases or "n" in m.cases)]
    inside = inside or person(reading, first, last, (), lexicon) or (first == 0 and unknown(reading, 0, lexicon))
    speaks = inside or any(may_speak(reading, i, lexicon) for i in range(first, last + 1))
    headed = reading.sentence.words[first] in lexicon.grammar.get("prepositions", _NONE)
    return (2 if inside else 1 if speaks else 0) - headed


def _told_before(reading: Reading, start: int, lexicon: Lexicon) -> bool:
    """Whether something that a verb of saying may follow stands before it: a quotation, or a clause with a trigger."""
    triggers = lexicon.concepts.triggers
    return start == 0 or any(reading.sentence.words[i] in QUOTES or reading.masks[i] & triggers for i in range(start - 1))


def _run(reading: Reading, at: int, step: int, lexicon: Lexicon) -> tuple[int, int]:
    """The tokens next to `at` on one side up to the clause's end; an apposition that names a person is taken in."""
    words = reading.sentence.words
    openers = lexicon.grammar.get("openers", _NONE) | (lexicon.grammar.get("complementizers", _NONE) - lexicon.grammar.get("of", _NONE))
    if step > 0 and reading.masks[at] & lexicon.concepts.bit["ACCORDING"]:
        openers |= lexicon.grammar.get("passive", _NONE)  # "Laut Polizei wurden zwei ..."
    i = at + step
    while 0 <= i < len(words) and words[i] not in openers and abs(i - at) < _FARTHEST:
        if words[i] in BREAKS and not _shortens(reading, i):
            i = _bracket(words, i, step)
            if i < 0:
                i = ~i
                break
        i += step
    if step > 0:
        return at + 1, _apposed(reading, i)
    if i == at - 1 > 0 and words[i] == ",":  # "the governor, John Smith, said", "Le JNIM, lié à Al-Qaïda, a dit"
        beside = _back(words, openers, i)
        return (_back(words, openers, beside - 1), i - 1) if words[beside - 1] == "," else (beside, i - 1)
    return i + 1, at - 1


def _bracket(words: Sequence[str], at: int, step: int) -> int:
    """The other end of the bracket, or of the quotation marks around a name, that opens at the token in this direction ("Le JNIM (affilié à
    Al-Qaïda) a dit", "телеканал «Аль-Масіра» сообщает"); else `~at`.
    """
    opened, closed, reach = ("(", ")", 8) if step > 0 else (")", "(", 8)
    if words[at] in QUOTES:
        opened, closed, reach = words[at], _CLOSING.get(words[at], "") if step > 0 else _OPENING.get(words[at], ""), 4
    if words[at] == opened:
        for i in range(at + step, at + reach * step, step):
            if 0 <= i < len(words) and words[i] in closed:
                return i
    return ~at


def _apposed(reading: Reading, end: int) -> int:
    """The last token of a speaker that stops before token `end`: with the name behind a comma (", Viatcheslav Tchaous")."""
    words, capitals = reading.sentence.words, reading.capitals
    if end + 1 < len(words) and words[end] == "," and capitals[end + 1]:
        j = end + 1
        while j < len(words) and words[j] not in BREAKS and capitals[j]:
            j += 1
        if j == len(words) or words[j] in BREAKS:
            return j - 1
    return end - 1


def _shortens(reading: Reading, at: int) -> bool:
    """Whether the token is the full stop of a shortened word: "the U.N.", "Gen. Smith"."""
    words = reading.sentence.words
    return words[at] == "." and (at + 1 < len(words) or len(words[at - 1]) == 1)


def _back(words: Sequence[str], openers: frozenset[str], at: int) -> int:
    """The first token of the piece of a clause that ends before token `at`."""
    first = at
    while first > 0 and words[first - 1] not in openers and at - first < _FARTHEST:
        if words[first - 1] in BREAKS:
            first = _bracket(words, first - 1, -1) + 1
            if first <= 0:
                return ~(first - 1) + 1
        first -= 1
    return first
