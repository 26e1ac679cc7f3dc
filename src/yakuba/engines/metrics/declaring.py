"""How a room declares what it measures.

A room's ``metrics.py``::

    @metric(
        "online_procedures_count",
        label=_("オンライン化手続数"),
        unit="手続",
        aggregation="at_date",
        every=("month", "year", "as_of"),
        definition=_("手続台帳にある手続のうち…"),
    )
    def online_procedures_count(scope: Scope) -> Iterable[Measured]:
        ...one statement over all municipalities of the scope…

Modules are found by their name and imported at start-up (``apps.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from django.db.models import Q

from yakuba.engines.metrics.periods import Kind, Period
from yakuba.kernel.plugins import Registry
from yakuba.kernel.ui.drawing import Text

Aggregation = Literal["year_total", "cumulative", "at_date", "ratio", "average", "state"]
AGGREGATIONS: Final = (
    ("year_total", "期間の計"),
    ("cumulative", "累計"),
    ("at_date", "時点値"),
    ("ratio", "率"),
    ("average", "平均"),
    ("state", "語"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one municipality. No number is «there is nothing to say» and never 0 (DESIGN §3).

    A share keeps its two numbers; ``number`` is then in percent, unrounded. ``parts`` split the number by a key (channel, state).
    """

    municipality: UUID
    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def share(
        cls, municipality: UUID, numerator: int | Decimal, denominator: int | Decimal,
        parts: Mapping[str, Decimal] | None = None,
    ) -> Measured:  # fmt: skip
        """A share in percent. Of nothing there is no share: its number is None."""
        top, bottom = Decimal(numerator), Decimal(denominator)
        return cls(municipality, top * 100 / bottom if bottom else None, top, bottom, parts or {})

    @classmethod
    def mean(cls, municipality: UUID, total: int | Decimal, count: int | Decimal) -> Measured:
        """An average: the sum and how many it is of."""
        top, bottom = Decimal(total), Decimal(count)
        return cls(municipality, top / bottom if bottom else None, top, bottom)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: a period, and of which municipalities; None means all of them, and costs as many statements."""

    period: Period
    municipalities: frozenset[UUID] | None = None

    def where(self, path: str = "municipality") -> Q:
        """The rows of the municipalities asked about."""
        return Q() if self.municipalities is None else Q(**{f"{path}__in": self.municipalities})

    def during(self, path: str) -> Q:
        """What happened at a moment of the period."""
        return Q(**{f"{path}__gte": self.period.begin, f"{path}__lt": self.period.end})

    def until(self, path: str) -> Q:
        """What happened before the period ended."""
        return Q(**{f"{path}__lt": self.period.end})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A definition that once held, for the dictionary. A changed definition is a new version, never a silent break."""

    version: int
    definition: Text
    until: str


Measure = Callable[[Scope], Iterable[Measured]]
#: Names of parts that are a municipality's own things (its procedures by id), as the public knows them; in one query.
PartLabels = Callable[[UUID, Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Metric:
    """A declared metric.

    ``definition`` says in words what is counted, what is not and on which day. ``least``: the smallest count of persons that the public
    is shown (0: what is counted are no persons). ``empty`` is what a municipality without a row has: 0 of a count, nothing of a share.
    ``part_label`` names a part whose key is no word, ``part_labels`` several that are a municipality's own things.
    ``systems`` are ids of the themes' vocabulary (systems.csv), ``words`` those by which a plan's indicators are told to mean it.
    """

    key: str
    label: Text
    unit: str
    aggregation: Aggregation
    every: tuple[Kind, ...]
    definition: Text
    measure: Measure
    room: str
    version: int = 1
    least: int = 0
    public: bool = True
    empty: Literal["zero", "none"] = "zero"
    parts: Mapping[str, Text] = field(default_factory=dict)
    part_label: Callable[[str], str] | None = None
    part_labels: PartLabels | None = None
    systems: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    direction: Literal["increase", "decrease", "maintain", "none"] = "increase"
    earlier: tuple[Earlier, ...] = ()
    recomputable: bool = True
    flows: bool = True

    def name_of(self, part: str) -> str:
        """What a part is called, of a metric whose parts are no municipality's own things."""
        if part in self.parts:
            return str(self.parts[part])
        return self.part_label(part) if self.part_label else part

    def names_of(self, municipality: UUID, parts: Collection[str]) -> dict[str, str]:
        """What several parts are called in a municipality, by key, in one query. What nobody can name is called by its key."""
        found = {part: self.name_of(part) for part in parts}
        if self.part_labels:
            found |= {
                part: name for part, name in self.part_labels(municipality, parts).items() if part in found
            }
        return found


METRICS: Registry[Metric] = Registry("metric")


def metric(
    key: str,
    *,
    label: Text,
    unit: str,
    aggregation: Aggregation,
    every: tuple[Kind, ...],
    definition: Text,
    version: int = 1,
    least: int = 0,
    public: bool = True,
    empty: Literal["zero", "none"] = "zero",
    parts: Mapping[str, Text] | None = None,
    part_label: Callable[[str], str] | None = None,
    part_labels: PartLabels | None = None,
    systems: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    direction: Literal["increase", "decrease", "maintain", "none"] = "increase",
    earlier: tuple[Earlier, ...] = (),
    recomputable: bool = True,
    flows: bool | None = None,
) -> Callable[[Measure], Measure]:
    """Declare a metric. The function takes a constant number of statements, however many municipalities there are.

    ``recomputable``: the rooms' rows tell what was so on any past day. Where they do not, only the running period is measured, for the
    last time in the night after its last day. ``flows``: a longer period's numbers are sums of its days' (left out: yes, but for levels
    «at a date» and words); a share of a level says no. It matters where ``least`` keeps small counts of persons from the public.
    ``key`` stands in stored rows for ever.
    """

    def wrap(function: Measure) -> Measure:
        METRICS.register(
            key,
            Metric(
                key, label, unit, aggregation, every, definition, function,
                ".".join(function.__module__.split(".")[:3]), version, least, public, empty, parts or {}, part_label,
                part_labels, systems, words, direction, earlier, recomputable,
                aggregation not in {"at_date", "state"} if flows is None else flows,
            ),
        )  # fmt: skip
        return function

    return wrap


def metrics() -> Iterator[Metric]:
    """All of them in the order of their keys."""
    yield from sorted(METRICS.values(), key=lambda one: one.key)
