"""Measured figures by fiscal year: which of several of a year counts, and where a definition changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Final

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure

#: Of one fiscal year the whole year's figure tells most, then that of a day (基準日), then the last month's.
_WEIGHT: Final = {"year": 3, "as_of": 2, "month": 1, "day": 0}
#: What is true at a day, or counted up to it, is true of its year so far; the total of one month says nothing of a year, nor does a
#: share of what happened in it (one of a level has its year's own figure from the first night).
_STANDS: Final = frozenset({"at_date", "cumulative", "state"})


def by_year(found: Iterable[Figure], aggregation: str = "") -> dict[int, Figure]:
    """The figure of each fiscal year, the earliest first. Of two definitions of a year the newer one counts."""
    kept: dict[int, Figure] = {}
    for one in found:
        if not _stands(one.period, aggregation):
            continue
        year = one.period.fiscal_year.year
        known = kept.get(year)
        if known is None or _rank(one) > _rank(known):
            kept[year] = one
    return dict(sorted(kept.items()))


def best_first(periods: Iterable[Period], aggregation: str) -> dict[int, list[list[Period]]]:
    """By fiscal year the periods whose figures may count for it, by kind: only where one kind says nothing the next one counts."""
    kept: dict[int, dict[str, list[Period]]] = {}
    for one in sorted(periods, key=lambda period: -_WEIGHT[period.kind]):
        if _stands(one, aggregation):
            kept.setdefault(one.fiscal_year.year, {}).setdefault(one.kind, []).append(one)
    return {year: list(by_kind.values()) for year, by_kind in kept.items()}


def _stands(period: Period, aggregation: str) -> bool:
    return period.kind not in ("month", "day") or aggregation in _STANDS


def _rank(one: Figure) -> tuple[int, int, Period, int]:
    return _WEIGHT[one.period.kind], one.version, one.period, one.revision


def numbers(found: Mapping[int, Figure]) -> dict[int, Decimal]:
    """The numbers alone; a year without one is left out (no value is never 0)."""
    return {year: one.number for year, one in found.items() if one.number is not None}


def breaks(found: Mapping[int, Figure]) -> tuple[int, ...]:
    """The first fiscal years of another definition. A year that says nothing has none."""
    told = [year for year, one in found.items() if one.number is not None or one.state]
    return tuple(after for before, after in pairwise(told) if found[before].version != found[after].version)
