"""The pieces of a line that are not the reporting while the rest is: a dateline at its start, a credit at its end, a stray label within."""

from __future__ import annotations

import re

_UP = "A-ZÀ-ÖØ-ÞŁŚŻŽŠČА-ЯЁІЇЄҐ"
_CITY = rf"[{_UP}][\w'’.-]*(?:[ /-][{_UP}d][\w'’.-]*){{0,4}}"
_DATE = r"(?:\d{1,2}\.? ?(?:º|er|de )?[^\W\d]{3,10}\.?|[^\W\d]{3,9}\.? \d{1,2})(?:,?(?: de)? \d{4})?|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?"
_AGENCY = r"\([^\W\d_][^()\n]{1,30}\)|/[^\W\d_][^/\n]{1,30}/"
_DASH = r"\s?(?:[-–—]+|\.-|\.—|\.–)(?=\s|$)"
DATELINE = re.compile(
    rf"(?:{_CITY}(?:, [^\W\d_][\w .'’-]{{2,25}}?)?(?:,? {_DATE})?[.,]? (?:{_AGENCY})(?:{_DASH}|\.(?=\s|$)|:(?=\s))"
    rf"|(?:{_AGENCY})(?:{_DASH})?\s{_CITY}(?:,? {_DATE})?{_DASH}"
    rf"|[{_UP}][{_UP}'’.-]{{2,}}(?:[ /-][{_UP}'’.-]{{2,}}){{0,3}}(?:, [^\W\d_][\w .'’-]{{2,25}}?)?,? (?:{_DATE}){_DASH}"
    rf"|[{_UP}][{_UP}'’.-]{{3,}}(?:[ /-][{_UP}'’.-]{{2,}}){{0,3}}(?:, [{_UP}][\w'’-]+)?{_DASH}(?=\s+\w))"
)
"""KIEV, 22 octobre (Atlantique) - · ALEPPO, Syria (LW) - · (ALN) - Kiev, 21 lug - · СЕУЛ, 5 ноября. /Восток-Информ/. · BEIRUT —"""

_BRACKETS = re.compile(r"[(\[][^()\[\]\n]{5,140}[)\]]")
SENTENCE = re.compile(r"[.!?…][\"»”“’)\]]*\s+(?=[\"«„“‘(\[¿¡→►▶*—–-]*\s?[^\W_a-zà-öø-ÿа-яёіїєґ])")


def dateline(body: str, start: int, end: int) -> int:
    """Where the dateline at the start of the line ends, its dash included; `start` where there is none."""
    found = DATELINE.match(body, start, min(end, start + 110))
    return found.end() if found and (found.end() == end or end - found.end() > 40) else start


def brackets(line: str) -> list[tuple[int, int]]:
    """(start, end) of what stands in brackets beside other text: a credit behind a caption, "read also" within a paragraph."""
    return [found.span() for found in _BRACKETS.finditer(line) if found.end() - found.start() < len(line)]


_ORPHAN = re.compile(r"[.!?…»”] (?P<words>[^\W\d_a-zà-öø-ÿа-яёіїєґ][\w’'-]{2,}(?: [\w’'-]{3,})?)\.(?= |$)")


def orphans(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of sentences of one or two capitalised words after another sentence of the line: what a template may leave behind."""
    return [(found.start("words"), found.end()) for found in _ORPHAN.finditer(body, start, end)]


def sentences(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a line, cut where a stop and a space stand before a capital; no abbreviation is known."""
    out = []
    begin = start
    for found in SENTENCE.finditer(body, start, end):
        stop = found.end()
        while body[stop - 1].isspace():
            stop -= 1
        if stop - begin < 12 and body[stop - 1] == ".":
            continue  # "M. ", "U.S. ", "12. "
        out.append((begin, stop))
        begin = found.end()
    if begin < end:
        out.append((begin, end))
    return out
