"""Whom a report counts for: the agency whose text it is, or the outlet that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from streams.core.incidents.records import Outlet, Text
from streams.core.records import Report, ReportedDevelopment
from streams.core.signature import similarity

_WORD = re.compile(r"\w+")
_LONGEST = 5
"""Words of the longest name that is looked for."""
_REMEMBERED = 1024
"""Texts of which it is kept whom they quote."""


class Outlets:
    """The names of agencies and outlets."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._agencies = frozenset(outlet.name for outlet in outlets if outlet.agency)
        self._names: dict[str, str] = {}
        self._begins: list[tuple[str, str]] = []
        self._folded: dict[str, str] = {}
        self._quoted: dict[str, str | None] = {}
        for outlet in outlets:
            for name in (outlet.name, *outlet.names):
                if name.endswith("*"):
                    self._begins.append((name[:-1], outlet.name))
                else:
                    words = " ".join(_WORD.findall(name))
                    self._names.setdefault(words, outlet.name)
                    self._folded.setdefault(words.casefold(), outlet.name)

    def is_agency(self, outlet: str) -> bool:
        """Whether others print what it sends."""
        return outlet in self._agencies

    def called(self, agency: str | None) -> str:
        """The outlet as it is called here; its own words where it is not known."""
        words = _WORD.findall(agency or "")
        return self._folded.get(" ".join(words).casefold()) or self._in(words) or (agency or "").strip()

    def quoted(self, source: str | None) -> str | None:
        """The outlet that is named in the words of a text for who says so. Capitals matter: "el país" is a country."""
        if not source:
            return None
        if source not in self._quoted:
            if len(self._quoted) >= _REMEMBERED:
                self._quoted.clear()
            self._quoted[source] = self._in(_WORD.findall(source))
        return self._quoted[source]

    def _in(self, words: Sequence[str]) -> str | None:
        return next((found for run in _runs(words) if (found := self._names.get(run) or self._begun(run))), None)

    def _begun(self, word: str) -> str | None:
        return next((outlet for begin, outlet in self._begins if word.startswith(begin)), None)


def _runs(words: Sequence[str]) -> Iterator[str]:
    """All runs of words, the longest first."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def text_of(development: ReportedDevelopment, texts: Mapping[str, Text], least: float) -> Text:
    """What is kept of the text of the development's article, and whose copy it is among those that are known."""
    known = texts.get(development.article)
    if known is not None and known.version >= development.version:
        return known
    seen = set()
    copy = development.article
    for article, text in texts.items():
        if article != development.article and text.copy not in seen:
            seen.add(text.copy)  # one of each: comparing costs
            if alike(development.fingerprint, development.signature, text, least):
                copy = text.copy
                break
    return Text(development.version, development.fingerprint, development.signature, copy)


def alike(fingerprint: str, signature: str, text: Text, least: float) -> bool:
    """Whether a text is the same as another or shares so much with it."""
    return (bool(fingerprint) and fingerprint == text.fingerprint) or similarity(signature, text.signature) >= least


def with_outlets(reports: Sequence[Report], texts: Mapping[str, Text], outlets: Outlets) -> list[Report]:
    """The reports with whom each counts for: whom it quotes, else who wrote the text, an agency before those that print or quote it."""
    owner: dict[str, str] = {}
    for report in reports:
        copy, outlet = texts[report.article].copy, outlets.called(report.agency) or report.article
        if copy not in owner or (outlets.is_agency(outlet) and not outlets.is_agency(owner[copy])):
            owner[copy] = outlet
    for report in reports:
        copy = texts[report.article].copy
        if not outlets.is_agency(owner[copy]) and (agency := outlets.quoted(report.source) or outlets.quoted(report.text)):
            owner[copy] = agency if outlets.is_agency(agency) else owner[copy]
    counted = [outlets.quoted(report.source) or owner[texts[report.article].copy] for report in reports]
    return [
        report if report.outlet == outlet else structs.replace(report, outlet=outlet)
        for report, outlet in zip(reports, counted, strict=True)
    ]
