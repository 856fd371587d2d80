"""A small lexicon is a lexicon: Portuguese, added with data alone, finds the most direct developments and says that it is partial."""

from __future__ import annotations

import pytest

from streams.core.enrich import enrich
from streams.core.records import Article, Enriched
from streams.core.tagger import Tagger

WAR = """A artilharia russa bombardeou o centro da cidade durante a noite. Três civis morreram e doze pessoas ficaram feridas.
As duas partes tinham assinado um cessar-fogo na semana passada.
Leia também: As mais lidas
Todos os direitos reservados"""
SPORT = """O avançado bombardeou a baliza adversária e o treinador falou em batalha até ao fim do jogo.
A equipa não deu trégua ao rival no campeonato. O guarda-redes ficou ferido num choque e saiu ao intervalo."""


def tagged(body: str, tagger: Tagger, language: str | None = "pt") -> Enriched:
    return enrich(Article(id="pt-1", language=language, body=body), tagger)


@pytest.mark.parametrize("declared", ["pt", "pt-BR", None])
def test_a_war_story_is_tagged_and_marked_partial(declared: str | None, tagger: Tagger) -> None:
    record = tagged(WAR, tagger, declared)
    assert (record.language, record.coverage) == ("pt", "partial")
    assert {"shelling", "casualties", "ceasefire"} <= {d.type for d in record.developments}


def test_spans_are_cut_from_the_article(tagger: Tagger) -> None:
    found = tagged(WAR, tagger).developments
    assert found
    assert all(WAR[d.start : d.end] == d.text for d in found)


def test_the_furniture_around_the_story_is_boilerplate(tagger: Tagger) -> None:
    assert {"related", "copyright"} <= {span.cls for span in tagged(WAR, tagger).boilerplate}


def test_a_sport_story_in_words_of_war_tells_nothing(tagger: Tagger) -> None:
    record = tagged(SPORT, tagger)
    assert record.coverage == "partial"
    assert [(d.type, d.text) for d in record.developments] == []
