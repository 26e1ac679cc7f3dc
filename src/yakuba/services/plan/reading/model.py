"""What one reading of a plan document holds: frozen records that map one to one onto `yakuba-plan/1`.

A field that the document is silent about is `None`, an empty tuple or an empty mapping; nothing here is
guessed. Numbers are decimals in text (`"99.9"`, at most 15 significant digits, idle zeros left
to the raw text); dates are `YYYY-MM-DD`; years are fiscal years (2024 is 令和6年度, 1 April 2024 to 31 March 2025);
lines and cells count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: One text of an initiative: running text, or a list of printed points.
Text = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of the plan's own prose."""

    number: str | None
    title: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the plan's glossary explains."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of one municipality, in one edition, for a span of fiscal years (both ends included)."""

    title: str
    first_year: int
    last_year: int
    edition: str | None = None
    sections: tuple[Section, ...] = ()
    terms: tuple[Term, ...] = ()
    predecessors: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A goal, strategy or field; `path` holds codes from the root, or the title where a level has no code."""

    path: tuple[str, ...]
    title: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """An office as printed beside an initiative.

    `role` is `lead`, `related`, `group` (関係各課) or `not_stated`.
    """

    name: str
    role: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Ancestor:
    """The row of another year from which an initiative came."""

    year: int | None
    kind: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row of the edition before that does not simply go on, and why."""

    origin: Ancestor
    title: str
    event: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """One lifecycle event: what happened, in which fiscal year, and out of which row."""

    event: str
    year: int | None
    origin: Ancestor | None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where in the tree an initiative stands; every placement but the primary one is a cross-listing (再掲)."""

    path: tuple[str, ...]
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """One of the listed actions of an initiative (主な取組, 検討・実施事項)."""

    number: str | None
    text: str
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an indicator, as printed (`raw`) and as read from it.

    `number`, `numerator` and `denominator` are decimals in text; `state` is a word (実施, 検討, 未実施 …).
    Neither number nor state means *no value*, which is never 0. `as_of` is the day the value holds for.
    """

    kind: str
    year: int | None
    raw: str
    as_of: str | None = None
    number: str | None = None
    state: str | None = None
    approximate: bool = False
    numerator: str | None = None
    denominator: str | None = None
    status: str | None = None
    revision: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured figure; `number` is the part of the cell it was printed as (①, ②, 計), if any.

    `definition` says in words what is counted; `states` are the words of a figure that is a word, from least to most.
    """

    number: str | None
    name: str
    unit: str | None = None
    direction: str | None = None
    aggregation: str | None = None
    bound: str | None = None
    definition: str | None = None
    states: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The line of the file, as decoded, on which a row begins.

    `part` names the sheet, or the page by its number, in which lines count from 1; empty where the file has one part.
    """

    file: str
    line: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """The cell a field was read from, and the rule that read it; `part` as in `Source`."""

    file: str
    line: int
    cell: int | None
    rule: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field that may have been read wrongly: it holds the first candidate."""

    field: str
    code: str
    candidates: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Who put a field right, and on which day; such a field is kept when the document is read again."""

    by: str
    on: str
    made: bool = False
    """Whether the row was made by hand with it: nothing was put right."""
    confirmed: bool = False
    """Whether the field was found right as it was read: a person decided, and changed nothing."""


@dataclass(frozen=True, slots=True)
class Initiative:
    """One planned, measured and reviewed unit: a row of the plan."""

    year: int
    number: str
    title: str
    source: Source | None
    kind: str | None = None
    offices: tuple[Office, ...] = ()
    flags: tuple[str, ...] = ()
    group: str | None = None
    lineage: tuple[Lineage, ...] = ()
    placements: tuple[Placement, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    stages: Mapping[str, str] = field(default_factory=dict)
    progress: str | None = None
    indicators: tuple[Indicator, ...] = ()
    sources: Mapping[str, FieldSource] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    corrected: Mapping[str, Correction] = field(default_factory=dict)
    progress_meaning: str | None = None
    warnings: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A seat in a body, by role and post."""

    role: str | None
    post: str


@dataclass(frozen=True, slots=True)
class Body:
    """A committee or headquarters that steers the plan (推進本部, 推進会議, 委員会, 部会)."""

    name: str
    members: tuple[Member, ...] = ()
    duties: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the document claims about itself: how many initiatives per progress word, how many per kind."""

    progress: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the format's own word; the built-in is not used in this room
    """Something about the whole document that a person should know; `text` is Japanese, `part` as in `Source`."""

    line: int | None
    code: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A piece of the document that found no field; `part` as in `Source`."""

    line: int | None
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from one document."""

    plan: Plan
    levels: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    bodies: tuple[Body, ...] = ()
    stated: Stated = field(default_factory=Stated)
    warnings: tuple[Warning, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
