"""Names of one or several tokens: their table key, and the look at a sentence that tells a name from a word. Knows no name itself."""

from __future__ import annotations

from collections.abc import Sequence, Set

from streams.core.text import Sentence


def key(words: Sequence[str]) -> str:
    """What a table knows the tokens by: "port-soudan" and "port", "soudan" are one, and so are "d'ivoire" and "d'", "ivoire"."""
    if len(words) == 1 and words[0].isalpha():
        return words[0]
    return " ".join(words).replace("' ", "'").replace("-", " ")


def token_before(words: Sequence[str], at: int, passed: Set[str]) -> int:
    """The token before a name that begins at `at`, with those in `passed` passed over; -1 for none."""
    at -= 1
    while at >= 0 and words[at] in passed:
        at -= 1
    return at


def capital(sentence: Sentence, text: str, at: int) -> bool:
    """Whether the token begins with a capital letter."""
    return text[sentence.starts[at]].isupper()


def opening(sentence: Sentence) -> int:
    """The token whose capital the beginning of the sentence may explain: the first that is a word."""
    for at, word in enumerate(sentence.words):
        if word[0].isalnum():
            return at
    return 0


def shouted(sentence: Sentence, text: str) -> bool:
    """Whether capitals say nothing: a line in capitals, or a headline that capitalises its words."""
    if sentence.field != "headline":
        return text[sentence.start : sentence.end].isupper()
    raised = plain = 0
    for start, word in zip(sentence.starts, sentence.words, strict=True):
        if len(word) > 3 and word.isalpha():
            if text[start].isupper():
                raised += 1
            else:
                plain += 1
    return raised > 3 and raised > 3 * plain
