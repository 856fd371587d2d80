"""Finds the few incidents that a development may belong to, by key, group, days, place and parties, without reading any from the store.

It is all that the worker holds in memory of an incident, so it is columns of numbers. Whether one matches is for `match`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Final
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from streams.core.incidents import sides, where
from streams.core.incidents.days import is_long
from streams.core.incidents.groups import Groups
from streams.core.incidents.records import Case, Days, IncidentRules
from streams.core.records import Figure, Incident, Place, Quantity, Report

_KM_A_DEGREE: Final = 111.2
_ROUNDED_KM: Final = 1.0
"""How far a point may be off as it is kept here."""
_BITS: Final = 20
_DID: Final = (1 << _BITS) - 1
_SUFFERED: Final = _DID << _BITS
_COUNTED: Final = _SUFFERED << _BITS
_FIRST_ROWS: Final = 64
_NOBODY: Final = 0
_CASES: Final = {
    "key": "i8", "id": "u8", "group": "u1", "level": "u1", "first": "i4", "last": "i4",
    "lat": "f4", "lon": "f4", "name": "u4", "marks": "i8", "touched": "f8",
}  # fmt: skip
"""What is kept of a case: key and name as hashes, the group counted from 1, for 0 takes no report, parties and victims as bits."""
_TOLD: Final = {"article": "i8", "id": "u8"}
"""Which article reports which incident or did; the article, with the key, as a hash."""
_LAYOUT: Final = 1
"""Counts up when a row comes to mean something else than one that was packed before."""
_PACKED: Final = np.dtype(list(_CASES.items()))

Column = NDArray[Any]


class _Table:
    """Columns of numbers; a row whose id is 0 is free."""

    def __init__(self, columns: dict[str, str]) -> None:
        self._columns = {name: np.zeros(_FIRST_ROWS, kind) for name, kind in columns.items()}
        self._free = list(range(_FIRST_ROWS - 1, -1, -1))

    def load(self, columns: dict[str, Column]) -> None:
        """Be these rows and no others."""
        self._columns, self._free = columns, []

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __len__(self) -> int:
        return len(self._columns["id"]) - len(self._free)

    def new(self) -> int:
        """The number of a free row."""
        if not self._free:
            rows = len(self._columns["id"])
            more = max(_FIRST_ROWS, rows // 4)
            self._columns = {name: np.concatenate((column, np.zeros(more, column.dtype))) for name, column in self._columns.items()}
            self._free.extend(range(rows + more - 1, rows - 1, -1))
        return self._free.pop()

    def write(self, row: int, values: dict[str, float]) -> None:
        """Fill a row."""
        for name, value in values.items():
            self._columns[name][row] = value

    def clear(self, row: int) -> None:
        """Free a row."""
        self.write(row, dict.fromkeys(self._columns, 0))
        self._free.append(row)


class Index:
    """The open incidents, as far as it takes to find them."""

    def __init__(self, rules: IncidentRules, groups: Groups) -> None:
        self._rules = rules
        self._groups = groups
        self._cases = _Table(_CASES)
        self._told = _Table(_TOLD)
        self._rows: dict[int, int] = {}
        """The number of an incident -> its row."""
        self._newest, self._oldest = 0.0, np.inf
        """No case was touched after or before, so that most questions of time need no look at the column."""
        self.version = crc32(msgspec.json.encode(rules), _LAYOUT)
        """Of what is packed: it changes with the rules."""

    def __len__(self) -> int:
        return len(self._cases)

    def pack(self, case: Case) -> bytes:
        """What the index holds of a case, to be stored with it."""
        number = int(case.incident.id, 16)
        told = np.array(sorted(_hash(case.key, article) for article in articles(case)), _TOLD["article"])
        return np.array(tuple(self._row(case, number).values()), _PACKED).tobytes() + told.tobytes()

    def load(self, packed: Sequence[bytes]) -> None:
        """Hold what was packed and nothing else; no case is read for it."""
        cases = np.frombuffer(b"".join(one[: _PACKED.itemsize] for one in packed), _PACKED)
        told = np.frombuffer(b"".join(one[_PACKED.itemsize :] for one in packed), _TOLD["article"])
        of = np.repeat(cases["id"], [(len(one) - _PACKED.itemsize) // told.itemsize for one in packed])
        self._cases.load({name: cases[name].copy() for name in _CASES})
        self._told.load({"article": told.copy(), "id": of})
        self._rows = {number: row for row, number in enumerate(cases["id"].tolist())}
        self._newest, self._oldest = float(np.max(cases["touched"], initial=0)), float(np.min(cases["touched"], initial=np.inf))

    def put(self, case: Case, before: Case | None) -> None:
        """Let the index follow a case; `before` is what it was, if it is in the index."""
        number = int(case.incident.id, 16)
        known = number in self._rows
        row = self._rows[number] if known else self._rows.setdefault(number, self._cases.new())
        self._cases.write(row, self._row(case, number))
        touched = case.touched.timestamp()
        self._newest, self._oldest = max(self._newest, touched), min(self._oldest, touched)
        now, then = articles(case), articles(before) if before else set()
        self._forget(case.key, then - now, number)
        for article in now - then if known else now:
            self._told.write(self._told.new(), {"article": _hash(case.key, article), "id": number})

    def drop(self, case: Case) -> None:
        """Forget a case."""
        number = int(case.incident.id, 16)
        if (row := self._rows.pop(number, None)) is not None:
            self._cases.clear(row)
        self._forget(case.key, articles(case), number)

    def of_article(self, key: str, article: str) -> list[str]:
        """The ids of the incidents that an article reports or reported under a key."""
        return _ids(self._told["id"][self._told["article"] == _hash(key, article)])

    def touched_after(self, key: str, time: float) -> float:
        """When an incident of a key had the last report, or `time`, whichever is later."""
        if time >= self._newest:
            return time
        return float(np.max(self._cases["touched"], initial=time, where=self._cases["key"] == _hash(key)))

    def untouched(self, key: str, since: float) -> list[str]:
        """The ids of the incidents of a key without a report since then."""
        if since < self._oldest:
            return []
        cases = self._cases
        open_ = cases["id"] != 0
        self._oldest = float(np.min(cases["touched"], initial=np.inf, where=open_))
        return _ids(cases["id"][open_ & (cases["touched"] <= since) & (cases["key"] == _hash(key))])

    def near(self, key: str, report: Report, days: Days) -> list[str]:
        """The ids of the incidents that a report may be of as far as the index can tell, few at most."""
        cases, group = self._cases, self._groups.number[report.type] + 1
        about = (cases["group"] == group) & (cases["last"] >= days.first - 1) & (cases["first"] <= days.last + 1)
        rows = np.flatnonzero(about & (cases["key"] == _hash(key)))
        rows = rows[(cases["last"][rows] - cases["first"][rows] + 1 >= self._rules.long_days) == is_long(days, self._rules.long_days)]
        here, others = self._compare(report, days, rows)
        ranked = sorted((rank, *one) for rank, some in enumerate((here, others)) for one in self._by_day(some, days))
        return [_id(number) for *_, number in ranked[: self._rules.most_candidates]]

    def _by_day(self, rows: Column, days: Days) -> Iterable[tuple[int, int]]:
        return zip(np.abs(self._cases["first"][rows] - days.first).tolist(), self._cases["id"][rows].tolist(), strict=True)

    def _compare(self, report: Report, days: Days, rows: Column) -> tuple[Column, Column]:
        """Of incidents of about these days: those at the same place, whatever else differs, and others that may be meant."""
        level, place = self._cases["level"][rows], report.place
        mine = where.level(place)
        same, other = rows[level == mine], rows[level != mine]
        if place is None or mine == where.COUNTRY:
            here, around = (same, rows[:0]) if place is not None else (rows[:0], rows[:0])
            vague = rows if place is None else other
        else:
            same = self._level_with(place, same, self._rules.same_town_km)
            away = self._kilometres(place, same)
            named = self._cases["name"][same] == _name(place)
            here = same[np.where(away >= 0, away <= self._rules.same_town_km + _ROUNDED_KM, named)]
            unknown = same[np.isnan(away) & ~named]
            coarse = self._cases["level"][other] <= where.COUNTRY
            vague, around = np.concatenate((other[coarse], unknown)), self._level_with(place, other[~coarse], self._rules.region_km)
            around = around[~(self._kilometres(place, around) > self._rules.region_km + _ROUNDED_KM)]
        marks, by_parties = self._marks(report), self._groups.of(report.type).by == "parties"
        vague = vague[_agree(marks, self._cases["marks"][vague], by_parties)]
        others = np.concatenate((around, vague))
        others = others[(self._cases["last"][others] >= days.first) & (self._cases["first"][others] <= days.last)]
        return here, others[~_opposed(marks, self._cases["marks"][others])]

    def _level_with(self, place: Place, rows: Column, km: float) -> Column:
        """Those that lie so far south and north of a place at most, or have no point: a cheap look before the distance."""
        if place.lat is None:
            return rows
        return rows[~(np.abs(self._cases["lat"][rows] - np.float32(place.lat)) > (km + _ROUNDED_KM) / _KM_A_DEGREE)]

    def _kilometres(self, place: Place, rows: Column) -> Column:
        """How far from a place; not a number where one has no point."""
        if place.lat is None or place.lon is None:
            return np.full(len(rows), np.nan)
        up = self._cases["lat"][rows] - place.lat
        aside = (self._cases["lon"][rows] - place.lon) * np.cos(np.radians(place.lat))
        return np.asarray(np.hypot(up, aside) * _KM_A_DEGREE)

    def _row(self, case: Case, number: int) -> dict[str, float]:
        """A case as it is found. Where the key is an article's id, only the article finds it."""
        incident, place = case.incident, case.incident.place
        closed = incident.retracted or case.key in case.texts
        return {
            "key": _hash(case.key),
            "id": number,
            "group": _NOBODY if closed else self._groups.number[incident.type] + 1,
            "level": where.level(place),
            "first": case.days.first,
            "last": case.days.last,
            "lat": np.nan if place is None or place.lat is None else place.lat,
            "lon": np.nan if place is None or place.lon is None else place.lon,
            "name": 0 if place is None else _name(place),
            "marks": self._marks(incident),
            "touched": case.touched.timestamp(),
        }

    def _forget(self, key: str, gone: set[str], number: int) -> None:
        for article in gone:
            for row in np.flatnonzero((self._told["article"] == _hash(key, article)) & (self._told["id"] == np.uint64(number))):
                self._told.clear(int(row))

    def _marks(self, told: Report | Incident) -> int:
        """Parties and victims in so few bits that what two have in common shares a bit."""
        did, suffered = sides.sides(told.type, told.actor, told.target, self._rules)
        if told.type in self._rules.mutual:  # where other types have sides, those of this may stand either way
            did, suffered = did | suffered if self._groups.of(told.type).by == "parties" else frozenset(), frozenset()
        figures: Iterable[tuple[str, Quantity | Figure]]
        if isinstance(told, Incident):
            figures = ((toll.kind, figure) for toll in told.casualties for figure in toll.figures)
        else:
            figures = ((q.kind, q) for q in told.quantities if q.kind in self._rules.victims)
        return _bits(did) | _bits(suffered) << _BITS | _bits(f"{kind} {figure.min}" for kind, figure in figures) << 2 * _BITS


def articles(case: Case) -> set[str]:
    """The articles that report it or did."""
    return {report.article for report in case.incident.reports} | {article for _, article in case.withdrawn.values()}


def _opposed(marks: int, theirs: Column) -> Column:
    """Whether both tell a side and share none of it."""
    opposed = np.zeros(len(theirs), bool)
    for side in (_DID, _SUFFERED):
        if marks & side:
            opposed |= (theirs & side != 0) & (theirs & side & marks == 0)
    return opposed


def _agree(marks: int, theirs: Column, by_parties: bool) -> Column:
    """Whether parties or victims are the same, as they must be where the place tells nothing."""
    counted: Column = np.asarray(theirs & marks & _COUNTED != 0)
    if not by_parties:
        return counted
    suffered = (theirs & marks & _SUFFERED != 0) | ((theirs | marks) & _SUFFERED == 0)
    return np.asarray(counted | (theirs & marks & _DID != 0) & suffered)


def _bits(names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= 1 << crc32(name.encode("utf-8", "surrogatepass")) % _BITS
    return bits


def _name(place: Place) -> int:
    return crc32(where.spelt(place.name).encode("utf-8", "surrogatepass"))


def _hash(*names: str) -> int:
    digest = blake2b("\0".join(names).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _id(number: int) -> str:
    return f"{number:016x}"


def _ids(numbers: Column) -> list[str]:
    return [_id(number) for number in sorted(numbers.tolist())]
