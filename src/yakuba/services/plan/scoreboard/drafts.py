"""The board of a working copy: its initiatives, what measures them, and the newest figures. A number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import queries, shown
from yakuba.services.plan.measured import queries as measured
from yakuba.services.plan.models import Binding, Edition, MeasuredThen
from yakuba.services.plan.printed.drafts import public_rows
from yakuba.services.plan.scoreboard import figures, standing
from yakuba.services.plan.scoreboard.standing import Known, Standing

_BEFORE: Final = 5
"""Fiscal years before the edition's own that a course is drawn from."""

Place = tuple[UUID, int]


@dataclass(frozen=True)
class Board:
    """A working copy on the board."""

    edition: shown.Edition
    standings: Sequence[Standing]
    bindings: Mapping[Place, Binding]
    taken: Mapping[Place, Mapping[int, Figure]]


def periods(ctx: Context, of: Edition) -> list[Period]:
    """The fiscal years that an edition's figures are drawn over, up to the running one."""
    last = max(FiscalYear.of(ctx.now).year, of.year.year)
    return [Period.year(FiscalYear(year)) for year in range(of.year.year - _BEFORE, last + 1)]


def board(ctx: Context, of: Edition) -> Board:
    """The board of a working copy."""
    edition = shown.Edition(queries.head(ctx, of), public_rows(ctx, of))
    bound = measured.bindings(ctx, of)
    found = measured.figures_of(ctx, bound, periods(ctx, of))
    taken = {
        place: figures.by_year(of_one.values(), bound[place].aggregation) for place, of_one in found.items()
    }
    known = Known(
        {place: figures.numbers(taken.get(place, {})) for place in bound},
        standing.services_by_theme((one.systems, str(one.label)) for one in metrics()),
        {place: figures.breaks(one) for place, one in taken.items()},
    )
    year = min(of.year.year, FiscalYear.of(ctx.now).year)
    return Board(edition, [standing.standing(row, year, known) for row in edition.rows], bound, taken)


def current(ctx: Context) -> Edition | None:
    """The edition that is in force: the newest whose year has begun, else the first to come; None without any."""
    found = list(queries.editions(ctx))
    now = FiscalYear.of(ctx.now).year
    begun = [one for one in found if one.year.year <= now]
    return begun[0] if begun else (found[-1] if found else None)


def period_of(one: MeasuredThen) -> Period:
    """The period that a closed round looked at."""
    return Period.of("year" if one.kind == "year" else "as_of", one.last)
