"""Dates: resolved against publication alone, in every language, whatever the text and the machine."""

from __future__ import annotations

import locale
import os
import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.dates import DateMention, DateRules, compile_dates, find
from streams.core.text import Sentence, Tokenizer, fold
from streams.lexicons.source import ROOT, read

TOKENIZER = Tokenizer(["l", "d", "jusqu", "all", "dall", "un"], ["s"])
LANGUAGES = ["de", "en", "es", "fr", "it", "ru", "uk"]
TUESDAY = datetime(2025, 11, 4, 12, tzinfo=UTC)


@cache
def rules(language: str) -> DateRules:
    return compile_dates(read(ROOT / language / "dates.yml"))


def sentence(text: str) -> Sentence:
    return TOKENIZER.tokens("body", 0, fold(text), 0, len(text))


def dates(language: str, text: str, published: datetime | None = TUESDAY, reference: date | None = None) -> list[DateMention]:
    return find(sentence(text), text, rules(language), published, reference)


def test_a_weekday_is_the_last_one_and_ahead_the_next_one() -> None:
    [mention] = dates("en", "They met on Thursday.")
    assert (mention.iso, mention.ahead, mention.kind) == ("2025-10-30", "2025-11-06", "weekday")


def test_the_weekday_of_publication_is_the_day_itself() -> None:
    [mention] = dates("fr", "Ils se sont vus mardi.")
    assert mention.iso == mention.ahead == "2025-11-04"


def test_the_day_counts_in_the_time_zone_of_the_wire() -> None:
    late = datetime(2025, 11, 4, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    [mention] = dates("en", "They met today.", late)
    assert mention.iso == "2025-11-04"


@pytest.mark.parametrize(
    ("language", "text", "iso"),
    [
        # an hour without a day is the day of publication
        ("de", "Um 15.15 Uhr fielen Schüsse.", "2025-11-04"), ("fr", "À 6 heures du matin, ils ont tiré.", "2025-11-04"),
        ("es", "A las cuatro en punto callaron los cañones.", "2025-11-04"), ("it", "Alle 10.20 sono arrivati.", "2025-11-04"),
        ("uk", "О п'ятій ранку впала ракета.", "2025-11-04"), ("ru", "С четырёх утра тихо.", "2025-11-04"),
        ("en", "They left at 5 a.m.", "2025-11-04"), ("de", "Seit Mitternacht schweigen die Waffen.", "2025-11-04"),
        # what is set for a day lies ahead
        ("uk", "Мітинг скликають на суботу.", "2025-11-08"), ("ru", "Переговоры назначены на вторник.", "2025-11-04"),
        ("fr", "Des pourparlers prévus vendredi.", "2025-11-07"), ("en", "Talks scheduled for Friday.", "2025-11-07"),
        # how long it took: days and weeks lead up to publication, years and hours date nothing
        ("fr", "En une semaine, ils ont pris un village.", "2025-10-28/2025-11-04"), ("fr", "Le quinzième en un an.", None),
        ("en", "In barely three hours it was over.", None), ("uk", "За добу відбито атаки.", "2025-11-03/2025-11-04"),
        ("ru", "За сутки они дошли до реки.", None), ("ru", "За последние сутки сбиты дроны.", "2025-11-03/2025-11-04"),
        ("fr", "Depuis le 1er octobre, les chars avancent.", "2025-10-01/2025-11-04"),
        ("fr", "Toute la nuit, ils ont tiré.", "2025-11-03/2025-11-04"), ("es", "No cesó en toda la noche.", "2025-11-03/2025-11-04"),
    ],
)  # fmt: skip
def test_what_a_phrase_means(language: str, text: str, iso: str | None) -> None:
    assert [mention.iso for mention in dates(language, text)] == ([iso] if iso else [])


def test_the_day_before_counts_from_the_day_told_of_last() -> None:
    monday, eve = dates("fr", "Lundi, la ville était calme ; la veille, elle brûlait.")
    assert (monday.iso, eve.iso) == ("2025-11-03", "2025-11-02")
    [eve] = dates("fr", "La veille, elle brûlait.", reference=date(2025, 10, 20))
    assert eve.iso == "2025-10-19"


def test_an_hour_takes_the_day_of_its_sentence() -> None:
    found = dates("en", "At dawn shells fell on the market, and on Friday the guns were silent.")
    assert [(mention.kind, mention.iso) for mention in found] == [("time", "2025-10-31"), ("weekday", "2025-10-31")]


def test_without_a_date_of_publication_only_dates_with_their_year_are_found() -> None:
    found = dates("en", "On Monday, in March and since 2014 they fought; on 3 May 2024 they stopped.", None)
    assert [mention.iso for mention in found] == ["2024-05-03"]


@pytest.mark.parametrize(
    ("text", "iso", "kind"),
    [
        ("since May 2024", "2024-05/2025-11-04", "since"),
        ("from Monday", "2025-11-03", "from"),
        ("two months after the raid", "2025-09", "after"),
    ],
)
def test_bounds_are_named(text: str, iso: str, kind: str) -> None:
    [mention] = dates("en", f"They fought {text}.")
    assert (mention.iso, mention.kind) == (iso, kind)


def test_a_bound_ahead_reaches_from_publication_to_the_last_day() -> None:
    [mention] = dates("en", "They will leave by December.")
    assert mention.ahead == "2025-11-04/2025-12-31"


@pytest.mark.parametrize("text", ["The 31 April 2024 never came.", "Version 2.0.2024 shipped.", "99/99/2024 broke it.", "06 12 34 56 78"])
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert [mention for mention in dates("en", text) if mention.kind == "day"] == []


def test_a_month_needs_its_capital() -> None:
    assert dates("en", "They may march in august company.") == []


def test_february_29_waits_for_a_leap_year() -> None:
    assert dates("en", "on 29 February") == []
    assert [mention.iso for mention in dates("en", "on 29 February 2024")] == ["2024-02-29"]


def test_an_unknown_reading_is_named() -> None:
    data = {"weekdays": [], "months": [], "phrases": {"someday": ["one day"]}}
    with pytest.raises(ValueError, match="someday"):
        compile_dates(data)


def test_a_phrase_without_the_slot_of_its_reading_is_named() -> None:
    data = {"weekdays": [], "months": [], "phrases": {"ago": ["long ago"]}}
    with pytest.raises(ValueError, match="long ago"):
        compile_dates(data)


ISO = r"\d{4}(-\d\d(-\d\d)?)?"
WORDS = st.sampled_from(
    [w for code in LANGUAGES for w in sorted(rules(code).classes)[:400]]
    + ["since", "depuis", "bis", "2024", "31", "3", ".", "-", "/", "(", "to", "на", "в", "der", "à", "12.05.2024", "00", "9999", "Monday"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))


@given(st.sampled_from(LANGUAGES), TEXTS, st.none() | st.datetimes(timezones=st.timezones()), st.none() | st.dates())
def test_never_raises_and_stays_in_the_sentence(language: str, text: str, published: datetime | None, reference: date | None) -> None:
    tokens = sentence(text)
    free = 0
    for mention in find(tokens, text, rules(language), published, reference):
        assert free <= mention.first <= mention.last < len(tokens.words)
        free = mention.last + 1
        for value in (mention.iso, mention.ahead):
            assert re.fullmatch(rf"{ISO}(/{ISO})?", value)
            assert len(value) < 11 or value.partition("/")[0][:4] <= value.partition("/")[2][:4]


@given(st.sampled_from(LANGUAGES), st.integers(0, 6), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_weekday_of_every_language_is_less_than_a_week_away(language: str, weekday: int, day: date) -> None:
    own = rules(language)
    names = {value: word for word, found in own.classes.items() if word not in own.dependent for slot, value in found if slot[1] == "w"}
    [mention] = dates(language, names[weekday].title(), datetime(day.year, day.month, day.day, tzinfo=UTC))
    past, ahead = date.fromisoformat(mention.iso), date.fromisoformat(mention.ahead)
    assert past.weekday() == ahead.weekday() == weekday
    assert timedelta(0) <= day - past < timedelta(7) > ahead - day >= timedelta(0)


@given(st.sampled_from(LANGUAGES), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_written_out_is_read_back(language: str, day: date) -> None:
    months = {v: w for w, found in reversed(rules(language).classes.items()) for s, v in found if s == "{month}"}
    form = {"de": "{0}. {1} {2}", "es": "{0} de {1} de {2}"}.get(language, "{0} {1} {2}")
    text = form.format(day.day, months[day.month].title(), day.year)
    assert [mention.iso for mention in dates(language, text, None)] == [day.isoformat()]
    assert [mention.iso for mention in dates(language, day.isoformat(), None)] == [day.isoformat()]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process cannot be set here")
def test_neither_time_zone_nor_locale_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Überfall am Montag, seit Mai, in der Nacht zum Dienstag und am 3. März"
    before = dates("de", text)
    try:
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            monkeypatch.setitem(os.environ, "TZ", zone)
            time.tzset()
            locale.setlocale(locale.LC_ALL, "C")
            assert dates("de", text) == before
    finally:
        monkeypatch.undo()
        time.tzset()
        locale.setlocale(locale.LC_ALL, "")
    assert len(before) == 4
