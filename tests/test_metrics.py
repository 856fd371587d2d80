"""Every metric keeps its name and its labels bounded, whatever the wire sends."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from streams.core.records import Boilerplate, Development, Enriched
from streams.metrics import LONGEST_LABEL, MAX_LANGUAGES, MAX_SOURCES, Bounded, Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def article(**fields: object) -> Enriched:
    return Enriched(**{"id": "a", "headline": "h", **fields})  # type: ignore[arg-type]


def test_an_article_counts_by_outcome_language_type_and_source() -> None:
    development = Development(
        id="d", type="shelling", family="violence", plover="ASSAULT", field="body", start=0, end=1, text="x", rule="r"
    )
    spans = [Boilerplate(0, 1, "share", "cue:en/share"), Boilerplate(2, 3, "share", "cue:en/share")]
    metrics = Metrics("1", "2")
    metrics.outcome("enriched", article(language="en-GB", source="TA", developments=[development], boilerplate=spans), None)
    metrics.outcome("enriched", article(language=None), None)
    metrics.outcome("dead_letter", None, "too-deep")
    found = samples(metrics)
    assert found["newsroom_articles_total", (("language", "en"), ("outcome", "enriched"))] == 1
    assert found["newsroom_articles_total", (("language", "none"), ("outcome", "enriched"))] == 1
    assert found["newsroom_articles_total", (("language", "none"), ("outcome", "dead_letter"))] == 1
    assert found["newsroom_developments_total", (("type", "shelling"),)] == 1
    assert found["newsroom_boilerplate_total", (("class", "share"), ("source", "TA"))] == 2
    assert found["newsroom_dead_letters_total", (("reason", "too-deep"),)] == 1


def test_labels_from_outside_are_bounded() -> None:
    metrics = Metrics("1", "2")
    for number in range(3 * MAX_SOURCES):
        spans = [Boilerplate(0, 1, "share", "r")]
        metrics.outcome("enriched", article(language=f"x{number}", source=f"s{number}", boilerplate=spans), None)
    found = samples(metrics)
    assert len([1 for name, _ in found if name == "newsroom_boilerplate_total"]) == MAX_SOURCES + 1
    assert len([1 for name, _ in found if name == "newsroom_articles_total"]) == MAX_LANGUAGES + 1
    assert found["newsroom_boilerplate_total", (("class", "share"), ("source", "other"))] == 2 * MAX_SOURCES


def test_what_was_known_first_keeps_its_name() -> None:
    bounded = Bounded(1)
    assert [bounded("a"), bounded("b"), bounded("a")] == ["a", "other", "a"]


def test_lag_is_asked_for_at_every_scrape() -> None:
    lag = {("wire", 0): 5}
    metrics = Metrics("1", "2")
    metrics.watch_lag(lambda: lag)
    key = ("newsroom_consumer_lag_records", (("partition", "0"), ("topic", "wire")))
    assert samples(metrics)[key] == 5
    lag["wire", 0] = 0
    assert samples(metrics)[key] == 0


def test_every_metric_is_ours_by_name_and_is_described() -> None:
    metrics = Metrics("1", "2")
    families = list(metrics.registry.collect())
    assert all(re.fullmatch(r"newsroom_[a-z_]+", family.name) for family in families)
    assert all(family.documentation for family in families)
    assert samples(metrics)["newsroom_build_info", (("python", _python()), ("tagger", "2"), ("version", "1"))] == 1


def _python() -> str:
    import platform

    return platform.python_version()


def test_a_label_from_outside_is_short_and_on_one_line() -> None:
    hostile = 'a"} 1\nnewsroom_fake_total{b="\\\x1b[2J\u202e' + "x" * 100_000
    metrics = Metrics("1", "2")
    metrics.outcome("enriched", article(source=hostile, boilerplate=[Boilerplate(0, 1, "share", "r")]), None)
    [(_, labels)] = [key for key in samples(metrics) if key[0] == "newsroom_boilerplate_total"]
    source = dict(labels)["source"]
    assert source.startswith('a"} 1 newsroom_fake_total{b="') and source.isprintable() and len(source) == LONGEST_LABEL
    assert b"x" * 100 not in metrics.text() and not any(line.startswith(b"newsroom_fake") for line in metrics.text().splitlines())
