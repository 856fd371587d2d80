"""What holds for every article in every language: nothing invented, nothing read from the machine, sides and towns in their places."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import cycle
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import streams.core
from streams.core.enrich import enrich, weighed
from streams.core.iso import first_of, last_day
from streams.core.records import Article
from streams.lexicons.examples import examples
from tests.real import TAGGER, WAR, told

LANGUAGES = ("de", "en", "es", "fr", "it", "ru", "uk")
SENTENCES = {language: sorted({example.sentence for example in examples(language)}) for language in LANGUAGES}
"""Every example of the lexicons: what must match and what must not."""
WHEN = {
    "de": "Am Montag|In der Nacht zum Dienstag|Seit Mai|Bis Freitag|Am 24. Januar|Gestern|Um 15.15 Uhr|Vor drei Jahren|2019",
    "en": "On Monday|Overnight|Since May|By Friday|On January 24|Yesterday|At 5 a.m.|Three years ago|In 2019",
    "es": "El lunes|En la noche del lunes al martes|Desde mayo|Hasta el viernes|El 24 de enero|Ayer|A las 15.15|Hace tres años|En 2019",
    "fr": "Lundi|Dans la nuit de lundi à mardi|Depuis mai|D'ici à vendredi|Le 24 janvier|Hier|À l'aube|Il y a trois ans|En 2019",
    "it": "Lunedì|Nella notte tra lunedì e martedì|Da maggio|Entro venerdì|Il 24 gennaio|Ieri|Alle 15.15|Tre anni fa|Nel 2019",
    "ru": "В понедельник|В ночь на вторник|С мая|До пятницы|24 января|Вчера|В пять часов утра|Три года назад|В 2019 году",
    "uk": "У понеділок|У ніч на вівторок|З травня|До п'ятниці|24 січня|Учора|О п'ятій ранку|Три роки тому|У 2019 році",
}
"""Language -> dates to set before a sentence."""
TABLES = frozenset(TAGGER.places.codes) | {
    entry.code for forms in TAGGER.actors.languages.values() for entry in forms.entries.values() if entry.code
}


def moments() -> st.SearchStrategy[datetime]:
    zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
    return st.datetimes(datetime(2022, 1, 1), datetime(2027, 1, 1), timezones=zones)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    language = draw(st.sampled_from(LANGUAGES))
    dated = st.tuples(st.sampled_from(WHEN[language].split("|")), st.sampled_from(SENTENCES[language])).map(", ".join)
    sentences = st.lists(st.sampled_from(SENTENCES[language]) | dated, min_size=1, max_size=3)
    lines = draw(st.lists(sentences.map(" ".join), min_size=1, max_size=3))
    headline = draw(st.sampled_from(["", *SENTENCES[language]]))
    published = draw(st.none() | moments())
    return Article(id="x", headline=headline, body="\n".join(lines), language=language, published=published, subjects=list(WAR))


def folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold()


def named(article: Article) -> set[str]:
    """Whom the article names, whose land it names, and who is at war with them."""
    scenes = [note.scene for note in weighed(article, TAGGER)]
    codes = {code for scene in scenes for code in (*scene.story.countries, scene.story.group, *(m.code for m in scene.seen.actors))}
    places = {scene.place.country or "" for scene in scenes if scene.place}
    return codes | places | {foe for code in codes for foe in TAGGER.actors.foes.get(code, ())}


@settings(max_examples=60)
@given(articles())
def test_no_field_holds_what_neither_the_article_nor_a_table_says(article: Article) -> None:
    whole = folded(f"{article.headline}\n{article.body}")
    parties = named(article)
    for development in enrich(article, TAGGER).developments:
        assert development.text == getattr(article, development.field)[development.start : development.end]
        assert {*development.actor, *development.target} <= parties
        place, source = development.place, development.source
        assert place is None or folded(place.name) in whole
        assert source is None or source in TABLES or folded(source) in whole
        assert all(quantity.min is not None or quantity.max is not None for quantity in development.quantities)


@settings(max_examples=60)
@given(articles())
def test_every_span_lies_in_its_field_and_shows_text(article: Article) -> None:
    for development in enrich(article, TAGGER).developments:
        text = getattr(article, development.field)
        for name, spans in development.spans.items():
            assert spans, name
            for start, end in spans:
                assert 0 <= start < end <= len(text)
                assert any(letter.isalnum() or letter in "%$€£¥°~" for letter in text[start:end]), (name, text[start:end])
        if development.place is not None and development.place.name in development.text:
            [(start, end)] = development.spans["place"]
            assert folded(development.place.name) in folded(text[start:end])
        assert len(development.spans.get("quantities", [])) <= len(development.quantities)


@settings(max_examples=60)
@given(articles())
def test_dates_are_dates_and_nothing_is_reported_before_it_happens(article: Article) -> None:
    for development in enrich(article, TAGGER).developments:
        if development.date is None:
            continue
        ends = [end if len(end) == 10 else (end + "-01-01")[:10] if len(end) == 4 else f"{end}-01" for end in development.date.split("/")]
        assert len(ends) < 3
        assert [date.fromisoformat(end) for end in ends]
        assert first_of(development.date) <= last_day(development.date)
        if article.published and development.status in ("reported", "claimed", "confirmed"):
            assert first_of(development.date) <= article.published.date().isoformat()


PUBLISHED = datetime(2025, 10, 21, 12, tzinfo=UTC)
SIDES = {
    "en": ("{} launched missiles at {}.", {"RUS": ("Russia",) * 2, "UKR": ("Ukraine",) * 2, "ISR": ("Israel",) * 2, "IRN": ("Iran",) * 2,
           "IND": ("India",) * 2}),
    "de": ("{} hat Raketen auf {} abgefeuert.", {"RUS": ("Russland",) * 2, "UKR": ("Die Ukraine", "die Ukraine"), "ISR": ("Israel",) * 2,
           "IND": ("Indien",) * 2, "PAK": ("Pakistan",) * 2}),
    "fr": ("{} a tiré des missiles sur {}.", {"RUS": ("La Russie", "la Russie"), "UKR": ("L'Ukraine", "l'Ukraine"), "ISR": ("Israël",) * 2,
           "IRN": ("L'Iran", "l'Iran"), "IND": ("L'Inde", "l'Inde")}),
    "es": ("{} lanzó misiles contra {}.", {"RUS": ("Rusia",) * 2, "UKR": ("Ucrania",) * 2, "ISR": ("Israel",) * 2, "IRN": ("Irán",) * 2,
           "PAK": ("Pakistán",) * 2}),
    "it": ("{} ha lanciato missili contro {}.", {"RUS": ("La Russia", "la Russia"), "UKR": ("L'Ucraina", "l'Ucraina"),
           "ISR": ("Israele",) * 2, "IRN": ("L'Iran", "l'Iran"), "IND": ("L'India", "l'India")}),
    "uk": ("{} випустила ракети по {}.", {"RUS": ("Росія", "Росії"), "UKR": ("Україна", "Україні"), "IND": ("Індія", "Індії"),
           "TUR": ("Туреччина", "Туреччині")}),
    "ru": ("{} выпустила ракеты по {}.", {"RUS": ("Россия", "России"), "UKR": ("Украина", "Украине"), "IND": ("Индия", "Индии"),
           "TUR": ("Турция", "Турции")}),
}  # fmt: skip
"""Language -> (sentence, state -> (as subject, as what is fired at))."""
STRIKES = {
    "en": ("Two Russian drones struck a fuel depot in {} on Monday, killing three people, the army said.",
           "Kharkiv Kherson Odesa Mykolaiv Kramatorsk Poltava"),
    "de": ("Zwei russische Drohnen trafen am Montag ein Treibstofflager in {} und töteten drei Menschen, teilte die Armee mit.",
           "Charkiw Cherson Odessa Mykolajiw Kramatorsk Poltawa"),
    "fr": ("Deux drones russes ont frappé lundi un dépôt de carburant à {}, tuant trois personnes, selon l'armée.",
           "Kharkiv Kherson Odessa Mykolaïv Kramatorsk Poltava"),
    "es": ("Dos drones rusos alcanzaron el lunes un depósito de combustible en {} y mataron a tres personas, según el ejército.",
           "Járkov Jersón Odesa Kramatorsk Poltava"),
    "it": ("Due droni russi hanno colpito lunedì un deposito di carburante a {}, uccidendo tre persone, secondo l'esercito.",
           "Kharkiv Kherson Odessa Kramatorsk Poltava"),
    "uk": ("Два російські дрони в понеділок влучили у склад пального у {}, загинули троє людей, повідомила армія.",
           "Харкові Херсоні Одесі Миколаєві Краматорську Полтаві"),
    "ru": ("Два российских дрона в понедельник попали в склад топлива в {}, погибли три человека, сообщила армия.",
           "Харькове Херсоне Одессе Николаеве Краматорске Полтаве"),
}  # fmt: skip
"""Language -> (sentence, towns in the form that it wants)."""
KEPT = ("type", "actor", "target", "date", "quantities", "source", "status", "background", "rule")


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
@settings(max_examples=20)
def test_swapping_the_sides_swaps_actor_and_target(language: str, data: st.DataObject) -> None:
    form, names = SIDES[language]
    one, other = data.draw(st.permutations(sorted(names)).map(lambda codes: codes[:2]))
    there = [d for d in told(form.format(names[one][0], names[other][1]), language, None, PUBLISHED, WAR) if d.type == "shelling"]
    back = [d for d in told(form.format(names[other][0], names[one][1]), language, None, PUBLISHED, WAR) if d.type == "shelling"]
    assert [(d.actor, d.target) for d in there] == [([one], [other])] == [(d.target, d.actor) for d in back]


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
@settings(max_examples=15)
def test_another_town_moves_the_point_and_nothing_else(language: str, data: st.DataObject) -> None:
    form, names = STRIKES[language]
    towns = data.draw(st.permutations(names.split()).map(lambda towns: towns[:2]))
    found = [told(form.format(town), language, None, PUBLISHED, WAR) for town in towns]
    assert len(found[0]) == len(found[1]) > 1
    for one, other in zip(*found, strict=True):
        assert one.place is not None and other.place is not None
        assert [one.place.name, other.place.name] == towns
        assert (one.place.lat, one.place.lon) != (other.place.lat, other.place.lon)
        assert one.place.lat is not None and other.place.lat is not None
        assert [getattr(one, name) for name in KEPT] == [getattr(other, name) for name in KEPT]


NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
"""An hour at which the day, the month and the year differ over the world."""


def wire(languages: Sequence[str]) -> list[Article]:
    """An article of each language with a sentence of every tenth entry, each with a date before it."""
    out = []
    for language in languages:
        dated = zip(cycle(WHEN[language].split("|")), SENTENCES[language][::10], strict=False)
        out.append(Article(id=language, body="\n".join(map(", ".join, dated)), language=language, published=NEW_YEAR, subjects=list(WAR)))
    return out


def tagged(articles: Sequence[Article]) -> bytes:
    return msgspec.json.encode([enrich(article, TAGGER).developments for article in articles])


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process cannot be set here")
def test_the_time_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = tagged(wire(LANGUAGES))
    try:
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            monkeypatch.setitem(os.environ, "TZ", zone)
            time.tzset()
            assert tagged(wire(LANGUAGES)) == before
    finally:
        monkeypatch.undo()
        time.tzset()
    assert before.count(b'"date":"') > 20


OTHER_MACHINE = """
import sys, msgspec
from streams.core.enrich import enrich, weighed
from streams.core.records import Article
from streams.lexicons import load_tagger
articles = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Article])
tagger = load_tagger()
sys.stdout.buffer.write(msgspec.json.encode([enrich(article, tagger).developments for article in articles]))
"""


def test_a_machine_elsewhere_tags_the_same() -> None:
    """Time zone, locale and hash seed of a new process; two languages, as each new process makes its patterns anew."""
    articles = wire(["es", "uk"])
    env = os.environ | {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", OTHER_MACHINE]
    run = subprocess.run(command, env=env, input=msgspec.json.encode(articles), capture_output=True, timeout=120, cwd=root)
    assert run.stdout == tagged(articles), run.stderr[-500:]


CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "localtime", "gmtime", "fromtimestamp", "getlocale", "setlocale"}


def test_the_core_asks_no_clock_and_no_locale() -> None:
    asked = []
    for path in Path(streams.core.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                asked.append(f"{path.name}:{node.lineno} {node.func.attr}")
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            asked += [f"{path.name} imports {name}" for name in names if name in ("time", "locale", "random", "os")]
    assert asked == []
