"""Finds who is named in a sentence: states and what stands for them, alliances, armed groups, agencies.

Who acts and who is acted on is for the clause to say, not for this module. Data comes compiled from `streams.lexicons.actors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from streams.core.names import capital, key, shouted, token_before
from streams.core.text import Sentence

Kind = Literal[
    "state", "people_adjective", "people", "government", "army", "security", "leader", "capital",
    "alliance", "group", "agency", "court", "ngo",
]  # fmt: skip
_ONE = (1,)
_CAPITAL, _UPPER = "c", "u"


@dataclass(slots=True)
class ActorMention:
    """An actor as a sentence names it, by token numbers, inclusive."""

    first: int
    last: int
    code: str
    """ISO 3166-1 alpha-3 for a state and what stands for it, else a code of `actors.tsv`; empty for an institution whose state is not named
    here ("the army"): the article has to say."""
    kind: Kind
    adjective: bool = False
    """The form is or may be an adjective ("russe", "Russian"); a demonym ("les Russes", "Russians") is not."""
    cases: str = ""
    """The cases that an Ukrainian or Russian form may stand in: n g d a i l (nominative to locative)."""
    where: Literal["", "in", "to"] = ""
    """What stands before the name of a state or capital says where it is, or whereto."""


@dataclass(slots=True, frozen=True)
class _Entry:
    code: str
    kind: Kind
    letters: str
    """What the form asks of the text: nothing, `c` a capital initial, `u` capitals throughout, else the name of nouns of
    which one must stand beside it (`p` "European sanctions", `f` "Kachin rebels")."""
    adjective: bool
    cases: str
    since: str
    until: str


class _Forms:
    """The forms of one language by their keys."""

    def __init__(self, data: Mapping[str, Any]):
        self.entries: dict[str, _Entry] = {}
        self.lengths: dict[str, tuple[int, ...]] = {}
        """First token -> how many tokens the forms that begin with it have, longest first."""
        lengths: dict[str, set[int]] = {}
        for code, kind, letters, adjective, cases, since, until, forms in data["forms"]:
            entry = _Entry(code, kind, letters, adjective, cases, since, until)
            for form in forms.split("|"):
                if form.isalpha():
                    self.entries[form] = entry
                    self.lengths.setdefault(form, _ONE)
                    continue
                self.entries[key(form.split(" "))] = entry
                for first, count in _readings(form):
                    lengths.setdefault(first, set()).add(count)
        for first, found in lengths.items():
            self.lengths[first] = tuple(sorted(found | {1}, reverse=True))
        self.locatives = frozenset(data["locatives"])
        self.directions = frozenset(data["directions"])
        self.articles = frozenset(data["articles"])
        self.tied_to, self.tied = frozenset(data["tied_to"]), frozenset(data["tied"])
        """Words before and after a group that say that another is tied to it ("linked to")."""
        self.genitives = frozenset(data["genitives"])
        self.before = frozenset(data["before"])
        """Words before a name that make it another thing: clubs, ships, first names."""
        self.after = frozenset(data["after"])
        self.beside = frozenset(data["beside"])
        """First and second halves of hyphenated words that only colour them ("pro-", "-backed")."""
        self.halves: Mapping[str, str] = data["halves"]
        """First halves of hyphenated adjectives -> codes ("russo-")."""
        self.nouns = {demand: frozenset(nouns) for demand, nouns in data["nouns"].items()}
        """Demand of a form -> the nouns of which one must stand beside it."""
        self.adjuncts: bool = data["adjuncts"]
        """A state's name before an institution is enough to join them ("Taiwan authorities")."""


def _readings(form: str) -> Iterator[tuple[str, int]]:
    """(first token, number of tokens) for each way in which writers and tokenizers cut the form."""
    for cut in {form, form.replace("-", " "), form.replace(" ", "-"), form.replace("'", "' ")}:
        words = cut.split()
        yield words[0], len(words)


class ActorTable:
    """All actors in all languages. `data` is what `streams.lexicons.actors.load` reads."""

    def __init__(self, data: Mapping[str, Any]):
        self.languages = {language: _Forms(forms) for language, forms in data["languages"].items()}
        self.foes: Mapping[str, tuple[str, ...]] = {code: tuple(foes) for code, foes in data["foes"].items()}
        """Who is at war with whom, both ways, the main enemy first."""
        self.words_kept: Mapping[str, str] = data["words_kept"]
        """State -> the key of the grammar that has the words of those of its bodies that the words of the text name, not its code."""

    def find(self, sentence: Sentence, text: str, language: str, published: str = "") -> list[ActorMention]:
        """The actors of the sentence in reading order, the longest form of each; `text` is the field that the sentence was cut from.

        `published` (an ISO date) leaves out who no longer or not yet stood for a state then.
        """
        forms = self.languages.get(language)
        if forms is None:
            return []
        found = list(_scan(sentence, text, forms, published))
        return _compose(found, sentence, forms) if len(found) > 1 else found

    def seat(self, words: Sequence[str], language: str) -> str:
        """The state that the capital of these words stands for; empty where they name none."""
        forms = self.languages.get(language)
        entry = forms.entries.get(key(words)) if forms else None
        return entry.code if entry is not None and entry.kind == "capital" else ""


def _scan(sentence: Sentence, text: str, forms: _Forms, published: str) -> Iterator[ActorMention]:
    words, lengths, entries = sentence.words, forms.lengths, forms.entries
    after = 0
    loud: bool | None = None
    for at in [i for i, word in enumerate(words) if word in lengths or "-" in word]:
        if at < after:
            continue
        for length in lengths.get(words[at], ()):
            entry = entries.get(key(words[at : at + length]))
            if entry is None or at + length > len(words):
                continue
            if loud is None:
                loud = shouted(sentence, text)
            if _spelt(entry, sentence, text, at, at + length - 1, loud, forms) and not _other(
                entry, sentence, text, at, length, forms, published
            ):
                where = _where(words, at, forms) if entry.kind in ("state", "capital", "government") else ""
                yield ActorMention(at, at + length - 1, entry.code, entry.kind, entry.adjective, entry.cases, where)
                after = at + length
                break
        else:
            if "-" in words[at]:
                yield from _parts(sentence, text, at, forms)


def _where(words: Sequence[str], at: int, forms: _Forms) -> Literal["", "in", "to"]:
    head = token_before(words, at, forms.articles)
    if head < 0:
        return ""
    return "in" if words[head] in forms.locatives else "to" if words[head] in forms.directions else ""


def _spelt(entry: _Entry, sentence: Sentence, text: str, first: int, last: int, loud: bool, forms: _Forms) -> bool:
    if not entry.letters:
        return True
    if entry.letters in forms.nouns:
        return _beside_noun(sentence.words, first, last, forms.nouns[entry.letters], forms.genitives)
    form = text[sentence.starts[first] : sentence.ends[last]]
    if entry.letters == _CAPITAL:
        return form != form.lower()
    return form.isupper() and not (loud and text[sentence.start : sentence.end].isupper())


def _beside_noun(words: Sequence[str], first: int, last: int, nouns: frozenset[str], genitives: frozenset[str]) -> bool:
    before = first - 1
    while before >= 0 and words[before] in genitives:
        before -= 1
    return (before >= 0 and words[before] in nouns) or (last + 1 < len(words) and words[last + 1] in nouns)


def _other(entry: _Entry, sentence: Sentence, text: str, at: int, length: int, forms: _Forms, published: str) -> bool:
    """Whether the name is another thing here: a club, a person, a time when it stood for nobody."""
    if published and (entry.since > published[:10] or (entry.until and published[:10] > entry.until)):
        return True
    words = sentence.words
    before = words[at - 1] if at else ""
    after = words[at + length] if at + length < len(words) else ""
    if before in forms.before and capital(sentence, text, at - 1):
        return True
    if after in forms.after and capital(sentence, text, at + length):
        return True
    if entry.kind == "group":
        return after in forms.tied or not forms.tied_to.isdisjoint(words[max(0, at - 3) : at])
    return entry.kind == "capital" and before in forms.locatives


def _parts(sentence: Sentence, text: str, at: int, forms: _Forms) -> Iterator[ActorMention]:
    """The actors in a hyphenated word ("Russia-Ukraine", "US-Armee", "российско-украинской")."""
    parts = sentence.words[at].split("-")
    if parts[0] in forms.beside or parts[-1] in forms.beside:
        return
    start = sentence.starts[at]
    for number, part in enumerate(parts):
        entry = forms.entries.get(part)
        if part in forms.halves and number < len(parts) - 1:
            yield ActorMention(at, at, forms.halves[part], "people_adjective", True)
        elif entry is not None and entry.kind != "capital" and _spelt_part(entry, text[start : start + len(part)], parts, forms):
            yield ActorMention(at, at, entry.code, entry.kind, entry.adjective, entry.cases)
        start += len(part) + 1


def _spelt_part(entry: _Entry, raw: str, parts: Sequence[str], forms: _Forms) -> bool:
    if not entry.letters:
        return True
    if entry.letters in forms.nouns:
        return not forms.nouns[entry.letters].isdisjoint(parts)
    return raw.isupper() if entry.letters == _UPPER else raw[:1].isupper()


def _compose(found: Sequence[ActorMention], sentence: Sentence, forms: _Forms) -> list[ActorMention]:
    """An institution and the state beside it as one ("l'armée ukrainienne", "Ukrainian army", "армия Судана")."""
    out: list[ActorMention] = []
    for mention in found:
        last = out[-1] if out else None
        if last is not None and (joined := _joined(last, mention, sentence, forms)):
            out[-1] = joined
        else:
            out.append(mention)
    return out


def _joined(left: ActorMention, right: ActorMention, sentence: Sentence, forms: _Forms) -> ActorMention | None:
    if right.first == left.last + 1 and left.adjective != right.adjective and "group" in (left.kind, right.kind):
        group = left if left.kind == "group" else right  # "йеменские хуситы", "les rebelles houthis yéménites": whose land is theirs
        return ActorMention(left.first, right.last, group.code, "group", False, group.cases)
    if bool(left.code) == bool(right.code):
        return None
    state, institution = (left, right) if left.code else (right, left)
    between = sentence.words[left.last + 1 : right.first]
    if not _belongs(state, state is left, between, right.first == left.last, bool(institution.cases), forms):
        return None
    kind = "group" if state.kind == "group" else institution.kind
    return ActorMention(left.first, right.last, state.code, kind, False, institution.cases)


def _belongs(state: ActorMention, before: bool, between: list[str], one_word: bool, inflected: bool, forms: _Forms) -> bool:
    """Whether the institution that stands beside the state is the state's own."""
    if one_word or (state.adjective and not between):
        return True
    if state.kind not in ("state", "capital", "alliance", "leader", "group"):
        return False
    if before:
        return between == ["'s"] or (forms.adjuncts and len(between) < (2 if state.kind == "alliance" else 1))
    if between:
        return all(word in forms.genitives for word in between)
    return "g" in state.cases or (inflected and not state.cases)  # "Міноборони РФ"
