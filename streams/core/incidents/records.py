"""What is stored of an incident, and the rules of merging as `lexicons/incidents.yml` states them. No behaviour belongs here."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from streams.core.records import CapCertainty, CapSeverity, DevelopmentType, Family, Incident, QuantityKind, Status


class Days(NamedTuple):
    """The days on which something may have been, as ordinals, both included."""

    first: int
    last: int
    dated: bool
    """The text says so; else it is taken from when it was told."""


class Text(Struct, frozen=True, array_like=True):
    """What is kept of the text of an article: enough to know a copy of it."""

    version: int
    fingerprint: str
    signature: str
    copy: str
    """The article whose text this is, lightly rewritten or as it is; its own id for a text of its own."""


class Case(Struct, kw_only=True):
    """One incident as it is stored."""

    incident: Incident
    key: str
    """The Kafka key of its developments."""
    days: Days
    """When it may have been, as all its reports allow."""
    texts: dict[str, Text] = {}
    """Of the articles that report it."""
    withdrawn: dict[str, tuple[int, str]] = {}
    """Developments that were taken back -> the version that did so, and their article."""
    touched: datetime
    """The broker's time of the last report."""


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Types that may be parts of one incident."""

    tiers: list[list[DevelopmentType]]
    """The most precise first; the incident is named by the best supported type of the first tier that is told."""
    by: Literal["place", "parties"] = "place"
    """What tells two of them apart: where it was, or who did it to whom."""


class Undated(Struct, frozen=True, forbid_unknown_fields=True):
    """When that which has no date may have been: so many hours before or after it was told."""

    hours_before: int
    hours_after: int
    told_within_hours: int
    """It is told no further from what else is told of an incident."""


class Signs(Struct, frozen=True, forbid_unknown_fields=True):
    """What each sign is worth that a development tells of an incident."""

    same_town: int
    same_region: int
    in_region: int
    same_country: int
    same_day: int
    touching_days: int
    undated: int
    same_type: int
    part: int
    actor: int
    target: int
    figure: int
    toll: int
    own_article: int
    same_text: int


class StatusRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When a status is the best supported."""

    status: Status
    outlets: int = 1
    """At least so many hold it."""
    undenied: bool = False
    """No more hold it denied."""


class Facts(Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold, all of it."""

    types: list[DevelopmentType] = []
    """One of them is told."""
    status: list[Status] = []
    """Of the incident: one of these."""
    killed: int = 0
    """At least."""
    harmed: int = 0
    """Killed or wounded, at least."""
    outlets: int = 0
    """Independent ones that hold this status, at least."""
    denied: bool | None = None
    """Whether somebody denies it."""
    actual: bool | None = None
    """Whether anything of it is told that is neither background, nor expected, nor denied."""


class SeverityRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The first rule that holds gives the severity."""

    rule: str
    severity: CapSeverity
    when: Facts = Facts()


class CertaintyRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The first rule that holds gives the certainty."""

    rule: str
    certainty: CapCertainty
    when: Facts = Facts()


class Outlet(Struct, frozen=True):
    """A news agency or outlet and how it is called, a line of `lexicons/outlets.tsv`."""

    name: str
    agency: bool
    """Others print what it sends."""
    names: list[str]


class IncidentRules(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All rules of merging."""

    groups: list[Group]
    families: dict[DevelopmentType, Family]
    turned: list[DevelopmentType]
    mutual: list[DevelopmentType]
    kin: dict[str, str]
    strangers: dict[DevelopmentType, list[DevelopmentType]]
    same_town_km: float
    region_km: float
    long_days: int
    undated: Undated
    signs: Signs
    need: int
    margin: int
    distinctive: int
    copy: float
    same_words: float
    most_reports: int
    most_candidates: int
    victims: list[QuantityKind]
    about: float
    status: list[StatusRule]
    severity: list[SeverityRule]
    certainty: list[CertaintyRule]
    outlets: list[Outlet]
