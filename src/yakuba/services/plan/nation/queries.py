"""Reading the register of plans in force across all municipalities.

Everything here is public; each page asks a fixed number of queries, however many municipalities there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum, Window

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import PublishedPart
from yakuba.kernel.actions import MunicipalityRef
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import fold
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.lateness import LATE
from yakuba.services.plan.models import NationIndicator, NationInitiative, NationPlan, NationTheme
from yakuba.services.plan.nation.figures import Figure
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.rows import Form


def stamp() -> tuple[object, ...]:
    """What the pages across municipalities depend on (two queries).

    The newest row of the register and how many there are tell any two states of it apart, because rows are only made and taken
    away; the versions of the municipalities' own rows tell that one was renamed.
    """
    newest = (
        NationPlan.unscoped.order_by("-pk").annotate(of=Window(Count("pk"))).values_list("pk", "of").first()
    )
    towns = Municipality.unscoped.aggregate(count=Count("pk"), versions=Sum("version"))
    return (*(newest or ()), towns["count"], towns["versions"])


@dataclass(frozen=True, slots=True)
class Size:
    """How many municipalities plan something, and with how many initiatives (a group counts once)."""

    municipalities: int = 0
    initiatives: int = 0


def themes() -> dict[str, Size]:
    """For each theme that occurs: who plans it, in numbers (one query, answered from the index alone)."""
    # Counted by columns of the index: the primary key does not stand in it.
    rows = NationTheme.unscoped.values("theme").annotate(
        towns=Count("municipality", filter=Q(first=True)), own=Count("municipality", filter=Q(counted=True))
    )
    return {
        theme: Size(towns, own) for theme, towns, own in rows.order_by().values_list("theme", "towns", "own")
    }


@dataclass(frozen=True, slots=True)
class Prefecture:
    """The municipalities of a prefecture: how many this installation knows, how many of them have published a plan, how large."""

    name: str
    municipalities: int
    planned: int
    initiatives: int


def prefectures() -> list[Prefecture]:
    """Every prefecture that has a municipality here (two queries)."""
    plans = {
        name: (planned, initiatives)
        for name, planned, initiatives in NationPlan.unscoped.values("municipality__prefecture")
        .annotate(planned=Count("pk"), size=Sum("initiatives"))
        .values_list("municipality__prefecture", "planned", "size")
    }
    towns = Municipality.unscoped.order_by().values("prefecture").annotate(count=Count("pk"))
    return [
        Prefecture(name, count, *plans.get(name, (0, 0)))
        for name, count in towns.values_list("prefecture", "count")
    ]


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of this installation with its plan in force, if it has published one."""

    id: UUID
    code: str
    name: str
    kana: str
    prefecture: str
    year: FiscalYear | None = None
    title: str = ""
    initiatives: int | None = None
    published_at: dt.datetime | None = None

    @property
    def planned(self) -> bool:
        """Whether a plan of it stands published."""
        return self.year is not None

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether every word (folded) stands in its name, kana, prefecture or code."""
        return not words or holds(f"{self.prefecture}{self.name} {self.kana} {self.code}", words)


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether every word (folded) stands in a text."""
    folded = fold(text)
    return all(word in folded for word in words)


def towns() -> list[Town]:
    """Every municipality of this installation by code, with its plan in force (two queries)."""
    plans = {
        town: plan
        for town, *plan in NationPlan.unscoped.values_list(
            "municipality_id", "year", "title", "initiatives", "published_at"
        )
    }
    rows = Municipality.unscoped.order_by("code").values_list("pk", "code", "name", "kana", "prefecture")
    return [Town(*row, *plans.get(row[0], ())) for row in rows]


def tallies(ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, str, int]]]:
    """The progress words of the plans in force of municipalities, with their meaning and number (one query)."""
    rows = NationPlan.unscoped.filter(municipality__in=list(ids)).values_list("municipality_id", "tallies")
    return {town: [(word, meaning, number) for word, meaning, number in told] for town, told in rows}


@dataclass(frozen=True, slots=True)
class Entry:
    """An initiative of a plan in force that is about a theme, as lists find and order it."""

    id: UUID
    code: str
    town: str
    kana: str
    prefecture: str
    number: str
    title: str
    kind: str
    leads: str
    place: str
    progress: str
    meaning: str
    since: FiscalYear | None
    counted: bool

    @property
    def late(self) -> bool:
        """Whether its progress means that it is behind or stopped."""
        return self.meaning in LATE


_TOWN = ("municipality__code", "municipality__name", "municipality__kana", "municipality__prefecture")
_INITIATIVE = ("number", "title", "kind", "leads", "place", "progress")


def entries(theme: str, codes: Sequence[str] | None = None) -> list[Entry]:
    """The initiatives about a theme, by municipality and in the order of its plan; of some municipalities only (one query)."""
    found = NationTheme.unscoped.filter(theme=theme)
    if codes is not None:
        found = found.filter(municipality__code__in=codes)
    rows = found.order_by("municipality__code", "initiative__position").values_list(
        "initiative_id",
        *_TOWN,
        *(f"initiative__{key}" for key in _INITIATIVE),
        *("progress_meaning", "initiative__since", "counted"),
    )
    return [Entry(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an initiative of the register was published: its address, and the frozen part."""

    code: str
    year: FiscalYear
    object: UUID
    part: UUID


def sources(ids: Iterable[UUID]) -> dict[UUID, Source]:
    """Where initiatives were published (one query)."""
    return _sources(NationInitiative.unscoped.filter(pk__in=list(ids)))


def sources_of(theme: str) -> dict[UUID, Source]:
    """Where all initiatives about a theme were published (one query)."""
    return _sources(NationInitiative.unscoped.filter(themes__theme=theme))


def _sources(found: QuerySet[NationInitiative]) -> dict[UUID, Source]:
    rows = found.values_list("pk", "municipality__code", "plan__year", "object", "part")
    return {pk: Source(*row) for pk, *row in rows}


def planners(theme: str) -> dict[UUID, int]:
    """How many initiatives each municipality has about a theme; only those that have one (one query, from the index alone)."""
    rows = (
        NationTheme.unscoped.filter(theme=theme, counted=True)
        .values("municipality")
        .annotate(own=Count("pk"))
    )
    return dict(rows.order_by().values_list("municipality", "own"))


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of a plan in force: what it counts, and its newest value and next target."""

    initiative: UUID
    name: str
    key: str
    unit: str
    direction: str
    aggregation: str
    bound: str
    definition: str
    actual: Figure | None
    target: Figure | None


_MEASURE = (
    *("initiative_id", "name", "key", "unit", "direction", "aggregation", "bound", "definition"),
    *("actual", "target"),
)


def measures(initiatives: Iterable[UUID]) -> dict[UUID, list[Measure]]:
    """The indicators of initiatives, by initiative and in their order (one query)."""
    found: dict[UUID, list[Measure]] = defaultdict(list)
    rows = NationIndicator.unscoped.filter(initiative__in=list(initiatives)).order_by(
        "initiative", "position"
    )
    for row in rows.values_list(*_MEASURE):
        one = _measure(row)
        found[one.initiative].append(one)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator with the initiative that it measures, as lists find and order it."""

    entry: Entry
    measure: Measure


_LINE = (
    *_MEASURE,
    *_TOWN,
    *(f"initiative__{key}" for key in _INITIATIVE),
    *("initiative__progress_meaning", "initiative__since", "initiative__counted"),
)


def _line(row: Sequence[Any]) -> Line:  # Any: column values
    size = len(_MEASURE)
    return Line(Entry(row[0], *row[size:]), _measure(row[:size]))


def lines(theme: str, key: str = "") -> list[Line]:
    """The indicators of all initiatives about a theme, or those of one name, by municipality and in order (one query)."""
    return [_line(row) for row in _indicators(theme, key).values_list(*_LINE)]


def _indicators(theme: str, key: str) -> QuerySet[NationIndicator]:
    found = NationIndicator.unscoped.filter(initiative__themes__theme=theme)
    if key:
        found = found.filter(key=key)
    return found.order_by("municipality__code", "initiative__position", "position")


def _measure(row: Sequence[Any]) -> Measure:  # Any: column values
    return Measure(*[*row[:-2], Figure.read(row[-2]), Figure.read(row[-1])])


@dataclass(frozen=True, slots=True)
class Brief:
    """What tells whether one indicator of a theme can be compared with another, without its value."""

    id: UUID
    code: str
    name: str
    key: str
    unit: str
    aggregation: str
    definition: str
    year: FiscalYear | None
    status: str
    direction: str = ""
    bound: str = ""


def briefs(theme: str) -> list[Brief]:
    """The indicators of a theme without their values (one query)."""
    rows = _indicators(theme, "").values_list(
        *("pk", "municipality__code", "name", "key", "unit", "aggregation", "definition"),
        *("actual_year", "actual_status", "direction", "bound"),
    )
    return [Brief(*row) for row in rows]


def lines_by_id(ids: Iterable[UUID]) -> dict[UUID, Line]:
    """Single indicators with their initiatives (one query)."""
    rows = NationIndicator.unscoped.filter(pk__in=list(ids)).values_list("pk", *_LINE)
    return {pk: _line(row) for pk, *row in rows}


def bodies(parts: Iterable[UUID]) -> Mapping[UUID, Form]:
    """What was published of initiatives, by the id of their part (one query)."""
    return dict(PublishedPart.unscoped.filter(pk__in=list(parts)).values_list("pk", "body"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something that was found stands in force: in the plan of which municipality, whose it is, how it goes."""

    code: str
    town: str
    prefecture: str
    year: FiscalYear
    plan: str
    leads: str
    progress: str
    meaning: str
    since: FiscalYear | None


def standing(objects: Mapping[UUID, UUID]) -> dict[UUID, Standing]:
    """Those of the initiatives (id → municipality) that stand in the newest plan of their municipality (one query)."""
    rows = NationInitiative.unscoped.filter(
        municipality__in=set(objects.values()), object__in=list(objects)
    ).values_list(
        *("object", "municipality__code", "municipality__name", "municipality__prefecture"),
        *("plan__year", "plan__title", "leads", "progress", "progress_meaning", "since"),
    )
    return {identity: Standing(*rest) for identity, *rest in rows}


def differing() -> list[str]:
    """The codes of the municipalities whose register is not that of their newest standing edition (four queries)."""
    in_force: dict[UUID, tuple[UUID, str]] = {}
    for town, pk, stamp_of in publishing.standing_everywhere(EDITION).values_list(
        "municipality", "pk", "stamp"
    ):
        in_force.setdefault(town, (pk, stamp_of))
    known = {
        town: (publication, stamp_of)
        for town, publication, stamp_of in NationPlan.unscoped.values_list(
            "municipality_id", "publication", "stamp"
        )
    }
    wrong = {town for town in in_force.keys() | known.keys() if in_force.get(town) != known.get(town)}
    rows = _counted(NationInitiative.unscoped.all())
    parts = _counted(PublishedPart.unscoped.filter(publication__in=[pk for pk, _stamp in in_force.values()]))
    wrong |= {town for town in rows.keys() | parts.keys() if rows.get(town) != parts.get(town)}
    return list(Municipality.unscoped.filter(pk__in=wrong).order_by("code").values_list("code", flat=True))


def _counted(found: QuerySet[NationInitiative] | QuerySet[PublishedPart]) -> dict[UUID, int]:
    """How many rows each municipality has."""
    return dict(found.order_by().values_list("municipality").annotate(count=Count("pk")))


def municipality_of(ref: MunicipalityRef) -> Municipality:
    """The row of a municipality that this installation holds."""
    return Municipality.unscoped.get(pk=ref.id)


def newest() -> dt.datetime | None:
    """When the newest of the plans in force was published (one query)."""
    found: dt.datetime | None = NationPlan.unscoped.aggregate(at=Max("published_at"))["at"]
    return found
