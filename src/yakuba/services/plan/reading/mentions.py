"""What recognisers say: one place of a document about one initiative, and what they leave to others.

A document says the same thing in several places (an overview, a detail table, last year's row). A recogniser says what one
place prints, with how sure it is of each field; :mod:`.resolving` decides between the places and keeps what it could not decide
as doubts. Recognisers know shapes and words, never a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import model
from .blocks import Paper

#: How sure a place is of a field: read under its own head, by the looks of it, filled in from its neighbours.
SURE: Final = 1.0
LIKELY: Final = 0.6
GUESSED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Scope:
    """What the pages around a place say it is about.

    `year` is the fiscal year that its rows stand for (None: the plan's own year); `kind` advance or operate; `plan` the title of
    another plan than the document's own (a former plan's verification); `result` whether it tells what was done.
    """

    year: int | None = None
    kind: str | None = None
    plan: str | None = None
    result: bool = False


@dataclass(slots=True)
class Mention:
    """One place about one initiative: what it prints, as an initiative in which silent fields are empty.

    `initiative.year` is not yet known where the scope has none; the resolver sets it. `weights` holds how sure the place is of
    a field (`title`, `number`, `kind`, `progress`, or the head of a path: `offices`, `placements`, `texts.purpose`, `stages`,
    `indicators`, `tags.SDGs`, `items`, `flags`); a field without a weight is `SURE`. `alone` says whether the place is enough for an
    initiative to exist; a place that only adds to one found elsewhere (a cross table, a listing again 再掲) is not.
    """

    scope: Scope
    initiative: model.Initiative
    at: int
    """The block's index, for the order of initiatives."""
    rule: str
    weights: Mapping[str, float] = field(default_factory=dict)
    alone: bool = True
    series: int = 0
    """Places of one printed list share a number (from 1): what is displaced in it is displaced for all of them. 0: no list."""

    def weight(self, path: str) -> float:
        """How sure the place is of a field."""
        return self.weights.get(path, SURE)


@dataclass(frozen=True, slots=True)
class Move:
    """A printed statement that an initiative of an earlier year goes on under another title or kind, and where it stands."""

    old: str
    new: str
    kind: str | None
    at: int


@dataclass(slots=True)
class Years:
    """What tables show of the plan's years: evidence where no period is printed."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    """First and last year of a coming schedule, the surest first."""
    targets: list[int] = field(default_factory=list)
    actuals: list[int] = field(default_factory=list)

    def add(self, other: Years) -> None:
        """Takes over what another place shows."""
        self.spans += other.spans
        self.targets += other.targets
        self.actuals += other.actuals


@dataclass(slots=True)
class Found:
    """What one recogniser found in a paper; `claimed` are the indexes of the blocks that found their place."""

    mentions: list[Mention] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    levels: tuple[str, ...] = ()
    """The city's words for the levels of its tree, from the root."""
    nodes: list[model.Node] = field(default_factory=list)
    bodies: list[model.Body] = field(default_factory=list)
    sections: list[model.Section] = field(default_factory=list)
    terms: list[model.Term] = field(default_factory=list)
    predecessors: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    progress: dict[str, int] = field(default_factory=dict)
    """What the document claims: initiatives per progress word …"""
    counts: dict[str, int] = field(default_factory=dict)
    """… and per kind (advance, operate) or level."""
    moves: list[Move] = field(default_factory=list)
    years: Years = field(default_factory=Years)
    warnings: list[model.Warning] = field(default_factory=list)
    unplaced: list[model.Unplaced] = field(default_factory=list)
    """Pieces of claimed blocks that found no field."""
    plan: model.Plan | None = None
    """The plan that nodes and levels belong to, where it is not the document's own (a former plan): title and years as told."""


#: Finds one shape in a paper, told what the recognisers before it found (the blocks that they claimed are taken). Pure; takes time
#: in proportion to the paper's length; raises `Unreadable` only where the file ends inside the shape.
Recogniser = Callable[[Paper, Sequence[Found]], Found]
