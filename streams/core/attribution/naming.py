"""What to call who speaks: a person's name, the code of a body, else the words of the text (codebook, rulings 11 and 28)."""

from __future__ import annotations

from collections.abc import Sequence

from streams.core.actors import ActorMention
from streams.core.developments.find import Reading
from streams.core.lexicon import Lexicon

SPEAKERS = ("RANK", "ENVOY", "POWER", "FORCE", "POLICE", "ARMED", "PEOPLE", "CIVILIAN", "HACKER", "SUSPECT", "CAPTIVE", "ACTOR")
"""Who may say something, where no name is given."""
TITLES = ("RANK", "ENVOY", "POWER")
"""What stands before the name of a person."""
_WORDS_OF_THE_TEXT = frozenset({"ngo"})
"""Bodies that are no state's and no armed party's keep the words of the text."""
_HELD = frozenset({"government", "army", "security"})
"""Offices that a name may follow ("ministro israeliano Katz")."""
_BODIES = frozenset({"group", "agency", "alliance", "ngo", "court"})
_NONE: frozenset[str] = frozenset()


def source(
    reading: Reading, text: str, first: int, last: int, mentions: Sequence[ActorMention], lexicon: Lexicon
) -> tuple[str | None, tuple[int, int]]:
    """Who speaks, and the tokens that say so: a person's name, else the code of a body, else the words."""
    if last < first:
        return None, (first, last)
    inside = [m for m in mentions if first <= m.first and m.last <= last]
    who = person(reading, first, last, inside, lexicon) or _leader(reading, first, inside)
    if who is not None:
        while who[1] - who[0] > 1 and reading.sentence.slice(text, who[0], who[0]).isupper():
            who = who[0] + 1, who[1]  # "глава ДНР Денис Пушилин"
        return reading.sentence.slice(text, *who), who
    words, grammar = reading.sentence.words, lexicon.grammar
    coded = _coded(inside)
    if coded is not None and not _keeps_words(reading, coded, first, last, lexicon):
        return coded.code, (coded.first, coded.last)
    if (other := _antecedent(reading, first, last, mentions, lexicon)) is not None:
        return (reading.sentence.slice(text, other.first, other.last) if other.kind in _WORDS_OF_THE_TEXT else other.code), (first, last)
    small = grammar.get("of", _NONE) | grammar.get("by", _NONE) | grammar.get("auxiliaries", _NONE)
    while first < last and (len(words[first]) < 2 or words[first].isdigit() or words[first] in small):
        first += 1
    if first == last and ((len(words[first]) < 4 and not reading.capitals[first]) or words[first] in grammar.get("pronouns", _NONE)):
        return None, (first, last)  # a pronoun: who it stands for was named before
    if not any(may_speak(reading, i, lexicon) for i in range(first, last + 1)):
        return None, (first, last)
    return reading.sentence.slice(text, first, last), (first, last)


def _antecedent(reading: Reading, first: int, last: int, mentions: Sequence[ActorMention], lexicon: Lexicon) -> ActorMention | None:
    """Whom "the group", "its spokesman" stands for: the body or party that the sentence names before."""
    words, grammar = reading.sentence.words, lexicon.grammar
    before = [m for m in mentions if m.last < first and m.code]
    office = reading.masks[last] & lexicon.concepts.mask(TITLES) or words[last] in grammar.get("organs", _NONE)
    if office and not grammar.get("own", _NONE).isdisjoint(words[first : first + 2]):
        return before[0] if before else None
    if last - first < 3 and not grammar.get("bodies", _NONE).isdisjoint(words[first : last + 1]):
        return next((m for m in before if m.kind in _BODIES), None)
    return None


def may_speak(reading: Reading, i: int, lexicon: Lexicon) -> bool:
    """Whether the token is a name or a word for somebody."""
    word = reading.sentence.words[i]
    if reading.masks[i] & lexicon.concepts.mask(SPEAKERS) or word in lexicon.grammar.get("informants", _NONE):
        return True
    return reading.capitals[i] and (i > 0 or unknown(reading, i, lexicon))


def unknown(reading: Reading, i: int, lexicon: Lexicon) -> bool:
    """Whether the token is a word that neither the lexicon nor the grammar of the language knows: a name, where it has a capital."""
    word = reading.sentence.words[i]
    return word.isalpha() and len(word) > 3 and not reading.masks[i] and word not in lexicon.grammar_words(tuple(lexicon.grammar))


def _coded(inside: Sequence[ActorMention]) -> ActorMention | None:
    """The mention that speaks: not one that only says where, and in the nominative where cases tell."""
    coded = [m for m in inside if m.code]
    best = [m for m in coded if not m.where and (not m.cases or "n" in m.cases)] or [m for m in coded if not m.where] or coded
    return best[0] if best else None


def _keeps_words(reading: Reading, coded: ActorMention, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether somebody speaks whom the name of a state only describes: "Turkish sources", "residents of Kyiv"."""
    if coded.kind in _WORDS_OF_THE_TEXT:
        return True
    informants, words = lexicon.grammar.get("informants", _NONE), reading.sentence.words
    beside = (*range(first, coded.first), *range(coded.last + 1, min(last, coded.last + 1 + coded.adjective) + 1))
    return any(words[i] in informants for i in beside)


def person(reading: Reading, first: int, last: int, inside: Sequence[ActorMention], lexicon: Lexicon) -> tuple[int, int] | None:
    """A person's name: two or more words with a capital that no other name covers, or one behind a title; the last such run."""
    taken = {i for m in inside for i in range(m.first, m.last + 1)}
    bit, titles = lexicon.concepts.bit, lexicon.concepts.mask(TITLES)
    masks, capitals = reading.masks, reading.capitals
    little = lexicon.grammar.get("prepositions", _NONE) | lexicon.grammar.get("articles", _NONE)
    organs, raised = lexicon.grammar.get("organs", _NONE), "capital_nouns" not in lexicon.grammar
    best: tuple[int, int] | None = None
    i = first
    while i <= last:
        j = i
        while j <= last and capitals[j] and j not in taken and reading.sentence.words[j] not in little:
            j += 1
        run = range(i, j)
        if run and not all(masks[k] & bit["PLACE"] for k in run) and (i > 0 or j - i > 1):
            titled = i > first and masks[i - 1] & titles and i - 1 not in taken
            titled = titled or any(m.last == i - 1 and m.kind in _HELD and unknown(reading, i, lexicon) for m in inside)
            heads = raised or not any(m.code for m in inside) or titled or masks[i] & titles or any(m.last == i - 1 for m in inside)
            if (j - i >= 2 or titled) and heads and organs.isdisjoint(reading.sentence.words[i:j]):
                best = (i, j - 1)
        i = max(j, i + 1)
    if best is not None:
        beside = next((m for m in inside if m.kind == "leader" and m.first == best[1] + 1), None)
        best = (best[0], beside.last) if beside else best
    return best


def _leader(reading: Reading, first: int, inside: Sequence[ActorMention]) -> tuple[int, int] | None:
    """Who leads a state, by the name that the text gives, first name included: a person is no state (ruling 11)."""
    leader = next((m for m in inside if m.kind == "leader"), None)
    if leader is None:
        return None
    start, capitals = leader.first, reading.capitals
    while start - 1 >= first and start - 1 > 0 and capitals[start - 1] and not any(m.first <= start - 1 <= m.last for m in inside):
        start -= 1
    end, named = leader.last, {i for m in inside for i in range(m.first, m.last + 1)}
    while end + 1 < len(capitals) and capitals[end + 1] and end + 1 not in named:  # "el papa León"
        end += 1
    return start, end


def stands_for(first: int, last: int, mentions: Sequence[ActorMention]) -> str | None:
    """The state that a leader among these tokens speaks for."""
    return next((m.code for m in mentions if m.kind == "leader" and first <= m.first and m.last <= last), None)
