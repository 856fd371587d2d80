"""The pieces of a line that are not the reporting while the rest is: a dateline at its start, a credit at its end, a stray label within."""

from __future__ import annotations

import re

_UP = "A-ZÀ-ÖØ-ÞŁŚŻŽŠČА-ЯЁІЇЄҐ"
_CITY = rf"[{_UP}][\w'’.-]*(?:[ /][{_UP}d][\w'’.-]*){{0,4}}"  # a hyphen is of the word: as a gap too, a line has a million cuts
_DATE = r"(?:\d{1,2}\.? ?(?:º|er|de )?[^\W\d]{3,10}\.?|[^\W\d]{3,9}\.? \d{1,2})(?:,?(?: de)? \d{4})?|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?"
_AGENCY = r"\([^\W\d_][^()\n]{1,30}\)|/[^\W\d_][^/\n]{1,30}/"
_DASH = r"\s?(?:[-–—]+|\.-|\.—|\.–)(?=\s|$)"
DATELINE = re.compile(
    rf"(?:{_CITY}(?: \([^()\n]{{2,30}}\))?(?:, [^\W\d_][\w .'’-]{{2,25}}?)?(?:,? {_DATE})?[.,]? (?:{_AGENCY})(?:{_DASH}|\.(?=\s|$)|:(?=\s))"
    rf"|(?:{_AGENCY})(?:{_DASH})?\s{_CITY}(?:,? {_DATE})?{_DASH}"
    rf"|[{_UP}][{_UP}'’.-]{{2,}}(?:[ /][{_UP}'’.-]{{2,}}){{0,3}}(?:, [^\W\d_][\w .'’-]{{2,25}}?)?,? (?:{_DATE}){_DASH}"
    rf"|[{_UP}][{_UP}'’.-]{{3,}}(?:[ /][{_UP}'’.-]{{2,}}){{0,3}}(?:, [{_UP}][\w'’-]+)?{_DASH}(?=\s+\w)"
    rf"|[{_UP}][{_UP}'’.-]+\. {_DATE}\. [{_UP}][\w -]{{2,25}}\s?[–—-](?=\s)"
    rf"|{_CITY}(?:, {_CITY})?(?:,? (?:{_DATE}))\s?[–—](?=\s)"
    rf"|{_CITY}\. {_DATE}\s?[–—-](?=\s)"
    rf"|{_CITY}, {_CITY}\s?[–—](?=\s))"
)
"""KIEV, 22 octobre (Atlantique) - · ALEPPO, Syria (LW) - · (ALN) - Kiev, 21 lug - · СЕУЛ, 5 ноября. /Восток-Информ/. · BEIRUT —"""

_BRACKETS = re.compile(r"[(\[][^()\[\]\n]{5,140}[)\]]")
_AGENCY_TAG = re.compile(rf"[{_UP}][{_UP}/ -]{{1,9}}")
_CREDIT = re.compile(rf"(?<=[.!?…»”\"] )[{_UP}][\w.'’ -]{{2,40}} ?/ ?[{_UP}][\w .'’-]{{1,30}}$")
_BARS = re.compile(r"(?<!\s)\s++[|·•]\s+")  # tried at the first space of a run only
SENTENCE = re.compile(r"[.!?…][\"»”“’)\]]*\s+(?=[\"«„“‘(\[¿¡→►▶*—–-]*\s?[^\W_a-zà-öø-ÿа-яёіїєґ])")


REST = 20
"""A dateline stands before at least so much."""


def dateline(body: str, start: int, end: int) -> int:
    """Where the dateline at the start of the line ends, its dash included; `start` where there is none."""
    found = DATELINE.match(body, start, min(end, start + 110))
    return found.end() if found and (found.end() == end or end - found.end() > REST) else start


def brackets(line: str) -> list[tuple[int, int]]:
    """(start, end) of what stands in brackets beside other text: a credit behind a caption, "read also" within a paragraph."""
    return [found.span() for found in _BRACKETS.finditer(line) if found.end() - found.start() < len(line)]


def agency(inner: str) -> bool:
    """Whether what stands in brackets is the mark of an agency: "(ATS)"."""
    return _AGENCY_TAG.fullmatch(inner) is not None


def credit(line: str) -> int | None:
    """Where the names of photographer and agency behind a caption begin ("... on Tuesday. JANE DOE / REUTERS")."""
    found = _CREDIT.search(line) if "/" in line else None
    return found.start() if found else None


def barred(line: str) -> bool:
    """Whether bars set pieces of the line apart."""
    return ("|" in line or "·" in line or "•" in line) and _BARS.search(line) is not None


_ORPHAN = re.compile(r"[.!?…»”] (?P<words>[^\W\d_a-zà-öø-ÿа-яёіїєґ][\w’'-]{2,}(?: [\w’'-]{3,})?)\.(?= |$)")


def orphans(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of sentences of one or two capitalised words after another sentence of the line: what a template may leave behind."""
    return [(found.start("words"), found.end()) for found in _ORPHAN.finditer(body, start, end)]


def sentences(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a line, cut at bars and where a stop and a space stand before a capital."""
    out = []
    begin = start
    cuts = sorted([*SENTENCE.finditer(body, start, end), *_BARS.finditer(body, start, end)], key=lambda found: found.start())
    for found in cuts:
        bar = found.group().strip() in ("|", "·", "•")
        stop = found.start() if bar else found.end()
        while body[stop - 1].isspace():
            stop -= 1
        if not bar and stop - begin < 12 and body[stop - 1] == ".":
            continue  # "M. ", "U.S. ", "12. "
        if stop > begin:
            out.append((begin, stop))
        begin = found.end()
    if begin < end:
        out.append((begin, end))
    return out
