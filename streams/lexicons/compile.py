"""Compiles the lexicons: reads each language's YAML, inflects its words, writes `compiled.json`. Build time only.

`python -m streams.lexicons.compile [LANGUAGE ...]` writes; `--check` only says what is stale.
Inflection comes from morphology libraries: simplemma's tables turned round, pymorphy3 for Ukrainian and Russian.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from streams.core.lexicon import SLOT, Concepts, Lexicon
from streams.lexicons.source import ROOT, LexiconError, read

SLAVIC = ("uk", "ru")


def languages() -> list[str]:
    """The languages that have a development lexicon: a folder with `concepts.yml`."""
    return sorted(path.parent.name for path in ROOT.glob("*/concepts.yml"))


@functools.cache
def inflections(language: str) -> Mapping[str, frozenset[str]]:
    """Lemma -> forms by simplemma's table of the language, turned round; empty for a language that it does not have."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    try:
        table = DefaultDictionaryFactory().get_dictionary(language)
    except ValueError:
        return {}
    forms: dict[str, set[str]] = defaultdict(set)
    for form, lemma in table.items():
        form, lemma = (x.decode() if isinstance(x, bytes) else x for x in (form, lemma))
        forms[lemma.lower()].add(form.lower())
    return {lemma: frozenset(found) for lemma, found in forms.items()}


@functools.cache
def _analyzer(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


@functools.cache
def inflect(language: str, lemma: str) -> frozenset[str]:
    """All forms of a lemma, itself included, in the folded form that tokens have."""
    forms = {lemma}
    if language in SLAVIC:
        for parse in _analyzer(language).parse(lemma):
            if parse.normal_form.replace("ё", "е") == lemma.replace("ё", "е"):
                forms.update(f.word for f in parse.lexeme)
    else:
        forms |= inflections(language).get(lemma, frozenset())
    return frozenset(form.replace("ё", "е").replace("’", "'") for form in forms if " " not in form)


@functools.cache
def to_come(language: str, lemma: str) -> frozenset[str]:
    """The forms of a Ukrainian or Russian perfective verb that mean the future and nothing else ("ударит")."""
    if language not in SLAVIC:
        return frozenset()
    found: set[str] = set()
    for parse in _analyzer(language).parse(lemma):
        if parse.normal_form.replace("ё", "е") == lemma.replace("ё", "е"):
            found.update(f.word for f in parse.lexeme if {"perf", "futr"} <= set(f.tag.grammemes))
    plain = {form for form in found if all("futr" in p.tag.grammemes for p in _analyzer(language).parse(form))}
    return frozenset(form.replace("ё", "е").replace("’", "'") for form in plain)


def grow(forms: Iterable[str], endings: Mapping[str, list[str]]) -> set[str]:
    """The forms and those that the tables leave out, by ending ("é" has "ée", "és", "ées")."""
    grown = set(forms)
    for form in forms:
        for ending, others in endings.items():
            if form.endswith(ending):
                grown.update(form[: -len(ending)] + other for other in others)
    return grown


def separable(language: str, lemma: str, prefixes: Iterable[str]) -> tuple[str, str] | None:
    """(base verb, prefix) of a verb whose prefix stands apart in a main clause (German "angreifen": "greift ... an")."""
    for prefix in sorted(prefixes, key=len, reverse=True):
        base = lemma.removeprefix(prefix)
        if base != lemma and base.endswith("n") and len(inflections(language).get(base, ())) > 4:
            return base, prefix
    return None


def patterns(entry: Mapping[str, Any], clitics: Iterable[str]) -> list[str]:
    """The words and phrases of an entry (a list, or one string with commas), elided words set apart as the tokenizer does."""
    words = entry.get("words", "")
    found = (str(pattern).replace("’", "'") for pattern in (words.split(",") if isinstance(words, str) else words))
    elided = re.compile(rf"(?<![^\s|=])({'|'.join(map(re.escape, clitics)) or '(?!)'})'(?=\w)")
    return [" ".join(elided.sub(r"\1' ", pattern).split()) for pattern in found if pattern.strip()]


def lemmas(pattern: str) -> Iterable[str]:
    """The words of a pattern that are to be inflected."""
    for element in pattern.split():
        if not element.startswith(("..", "$")):
            yield from (option for option in SLOT.sub("", element).split("|") if option and not option.startswith("="))


def compile_language(language: str) -> dict[str, Any]:
    """The compiled data of one language. Raises `LexiconError`."""
    grammar = read(ROOT / language / "grammar.yml")
    same = {form for group in grammar.get("same", {}).values() for form in group}
    prefixes = grammar.get("separable", [])
    entries: list[list[Any]] = []
    forms: dict[str, str] = {}
    ahead: set[str] = set()
    seen: set[str] = set()
    concepts = read(ROOT / "types.yml")["concepts"]
    for concept, listed in read(ROOT / language / "concepts.yml").items():
        if concept not in concepts:
            raise LexiconError(f"{language}/concepts.yml: no concept {concept} in types.yml")
        for number, entry in enumerate(listed):
            name = f"{language}/{concept}/{entry.get('id', number + 1)}"
            if name in seen:
                raise LexiconError(f"{name}: the id is used twice; ids are unique within a concept")
            seen.add(name)
            found = [p.lower() if "<" not in p else p for p in patterns(entry, grammar.get("clitics", []))]
            for pattern in list(found):
                if " " not in pattern and (split := separable(language, pattern, prefixes)):
                    found.append(f"{split[0]} ..12 ={split[1]} $")
            for lemma in {lemma for pattern in found for lemma in lemmas(pattern)} - same:
                inflected = sorted(grow(inflect(language, lemma), grammar.get("grow", {})) - same | {lemma})
                if inflected != [lemma]:
                    forms[lemma] = " ".join(inflected)
                ahead |= to_come(language, lemma)
            entries.append([name, concept, found, bool(entry.get("weak"))])
    data = {"code": language, "grammar": grammar, "forms": dict(sorted(forms.items())), "entries": entries}
    if ahead:
        data["ahead"] = " ".join(sorted(ahead))
    try:
        Lexicon(data, Concepts(concepts))
    except (KeyError, ValueError) as error:
        raise LexiconError(f"{language}/concepts.yml: {error}") from error
    return data


def encode(data: Mapping[str, Any]) -> bytes:
    """The committed form: an item a line, so that a change can be read."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2) + b"\n"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", nargs="*", help="default: all")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a compiled file is stale")
    options = parser.parse_args()
    stale = []
    for language in options.language or languages():
        path = ROOT / language / "compiled.json"
        try:
            new = encode(compile_language(language))
        except LexiconError as error:
            sys.exit(str(error))
        if not path.exists() or path.read_bytes() != new:
            stale.append(language)
            if not options.check:
                path.write_bytes(new)
    print("stale: " + ", ".join(stale) if stale else "up to date")
    sys.exit(bool(stale) and options.check)


if __name__ == "__main__":
    main()
