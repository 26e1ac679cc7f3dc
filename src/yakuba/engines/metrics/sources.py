"""Where an indicator's figures may come from: a metric, a formula of them, a series, a query on a ledger. Rooms above register theirs.

SOURCES.get("metric").figures(ctx, {"metric": "online_procedures_count"}, [Period.year(FiscalYear(2025))])
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from yakuba.engines.metrics.periods import Period
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.plugins import Registry
from yakuba.kernel.ui.drawing import Text

Said = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Ground:
    """One of the things that a figure rests on: what it is called, its value there, and the page that shows it."""

    label: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a period.

    ``status``: provisional where it was measured before the period's end, preliminary after it, final when it was frozen.
    ``version`` is the definition's; 0 is an older system's. ``revision`` counts corrections, whose reason is ``note``.
    """

    period: Period
    number: Decimal | None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    version: int = 1
    status: str = "provisional"
    revision: int = 0
    note: str = ""
    at: dt.datetime | None = None
    by: str = ""
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """A metric or a series by its key: where the public's figures of it are found (``PublicFigure.source``, ``.key``)."""

    source: Literal["metric", "series"]
    key: str


class Source(ABC):
    """One kind of place that figures come from. ``said`` is what a binding keeps of it: a JSON object of its own shape."""

    key: str
    #: What it is called where somebody chooses: 「このシステムの計測値」.
    label: Text

    @abstractmethod
    def check(self, ctx: Context, said: Said) -> list[str]:
        """What is wrong with it, in sentences; nothing where it can be used."""

    def check_new(self, ctx: Context, said: Said) -> list[str]:
        """What more is wrong with one that somebody chooses or tries now; what is bound already may stay. After :meth:`check`.

        Raises :class:`~yakuba.kernel.actions.Denied` where this person may not see what is counted.
        """
        return []

    @abstractmethod
    def title(self, ctx: Context, said: Said) -> str:
        """What it measures, in a line."""

    @abstractmethod
    def unit(self, ctx: Context, said: Said) -> str:
        """The unit of its figures."""

    @abstractmethod
    def aggregation(self, ctx: Context, said: Said) -> str:
        """How its figures are made of a period (a key of :data:`~.declaring.AGGREGATIONS`)."""

    @abstractmethod
    def definition(self, ctx: Context, said: Said) -> str:
        """What is counted, in words."""

    @abstractmethod
    def href(self, ctx: Context, said: Said) -> str:
        """The desk's page that shows its figures and where they come from."""

    @abstractmethod
    def figures(self, ctx: Context, said: Said, periods: Sequence[Period]) -> Mapping[Period, Figure]:
        """The newest figure of each period that has one, with its grounds. In a constant number of queries."""

    def figures_of_many(
        self, ctx: Context, many: Sequence[Said], periods: Sequence[Period]
    ) -> Sequence[Mapping[Period, Figure]]:
        """The same of several, in their order. A source that can asks for all of them at once; this asks for one after another."""
        return [self.figures(ctx, said, periods) for said in many]

    def operands(self, ctx: Context, said: Said) -> Sequence[Operand]:
        """The metrics and series that its figures are made of; nothing where they are made of neither (a query on a ledger)."""
        return ()

    def may_be_public(self, ctx: Context, said: Said) -> bool:
        """Whether the public may be told what is counted. Of metrics and series their own settings say so (:meth:`operands`)."""
        return True

    @abstractmethod
    def freeze(self, ctx: Context, said: Said, periods: Sequence[Period], ground: str) -> None:
        """Keep the figures of these periods as they are now, for what rests on them. Nothing where they never change anyway."""


SOURCES: Registry[Source] = Registry("source of figures")
