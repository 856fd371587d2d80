"""Every example in the dates.yml and numbers.yml of every language, read by the real functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from streams.core.dates import compile_dates
from streams.core.dates import find as find_dates
from streams.core.kinds import compile_kinds
from streams.core.numbers import compile_numbers, find_with_articles
from streams.core.numbers import find as find_numbers
from streams.core.quantities import quantities
from streams.core.text import Sentence, Tokenizer, fold
from streams.lexicons.source import ROOT, read

LANGUAGES = sorted(path.parent.name for path in ROOT.glob("*/dates.yml"))
CLITICS = {"fr": ["l", "d", "jusqu", "qu"], "it": ["l", "d", "un", "dell", "all", "nell", "dall", "quest"]}


def sentence(language: str, text: str) -> Sentence:
    tokenizer = Tokenizer(CLITICS.get(language, []), ["s"] if language == "en" else [])
    return tokenizer.tokens("body", 0, fold(text), 0, len(text))


def cases(name: str, key: str) -> list[Any]:
    found = [(language, example) for language in LANGUAGES for example in read(ROOT / language / name)["examples"] if key in example]
    return [pytest.param(language, example, id=f"{language}: {example['text'][:60]}") for language, example in found]


def published(example: dict[str, Any]) -> datetime | None:
    day = example.get("published")
    if day is None:
        return None
    return datetime.combine(day if isinstance(day, date) else date.fromisoformat(day), time(12), UTC)


def test_every_language_has_dates_and_numbers() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "ru", "uk"]
    assert all((ROOT / language / "numbers.yml").exists() for language in LANGUAGES)


@pytest.mark.parametrize(("language", "example"), [*cases("dates.yml", "dates"), *cases("dates.yml", "ahead")])
def test_dates(language: str, example: dict[str, Any]) -> None:
    rules = compile_dates(read(ROOT / language / "dates.yml"))
    found = find_dates(sentence(language, example["text"]), example["text"], rules, published(example))
    key = "dates" if "dates" in example else "ahead"
    assert [mention.iso if key == "dates" else mention.ahead for mention in found] == [str(day) for day in example[key]]


@pytest.mark.parametrize(("language", "example"), cases("numbers.yml", "numbers"))
def test_numbers(language: str, example: dict[str, Any]) -> None:
    rules = compile_numbers(read(ROOT / language / "numbers.yml"))
    found = find_numbers(sentence(language, example["text"]), rules)
    assert [[mention.min, mention.max] for mention in found if not mention.part] == example["numbers"]


@pytest.mark.parametrize(("language", "example"), cases("numbers.yml", "quantities"))
def test_quantities(language: str, example: dict[str, Any]) -> None:
    data = read(ROOT / language / "numbers.yml")
    tokens = sentence(language, example["text"])
    numbers = find_with_articles(tokens, compile_numbers(data))
    found = quantities(tokens, numbers, compile_kinds(data["kinds"]), example["type"], 0, len(tokens.words) - 1)
    assert [[quantity.kind, quantity.min, quantity.max] for quantity in found] == example["quantities"]
