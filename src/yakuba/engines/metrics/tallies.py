"""What a statement grouped by municipality found, as measured values. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from uuid import UUID

from yakuba.engines.metrics.declaring import Measured


def numbers(rows: Iterable[tuple[UUID, int]]) -> Iterator[Measured]:
    """Counts: (municipality, how many), of a municipality several times where several statements counted."""
    found: defaultdict[UUID, int] = defaultdict(int)
    for municipality, count in rows:
        found[municipality] += count
    for municipality, count in found.items():
        yield Measured(municipality, Decimal(count))


def split(rows: Iterable[tuple[UUID, str, int]]) -> Iterator[Measured]:
    """Counts with their parts: (municipality, part, how many); the number is their sum."""
    found: defaultdict[UUID, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for municipality, part, count in rows:
        found[municipality][part] += count
    for municipality, parts in found.items():
        yield Measured(
            municipality,
            Decimal(sum(parts.values())),
            parts={part: Decimal(count) for part, count in sorted(parts.items())},
        )


def shares(rows: Iterable[tuple[UUID, int, int]]) -> Iterator[Measured]:
    """Shares in percent: (municipality, of which, of how many)."""
    for municipality, (top, bottom) in _summed(rows).items():
        yield Measured.share(municipality, top, bottom)


def means(rows: Iterable[tuple[UUID, int, int]], *, unit: int = 1) -> Iterator[Measured]:
    """Averages: (municipality, the sum, of how many); ``unit`` of the sums are one of the figure's (60 seconds are a minute)."""
    for municipality, (total, count) in _summed(rows).items():
        yield Measured.mean(municipality, Decimal(total) / unit, count)


def _summed(rows: Iterable[tuple[UUID, int, int]]) -> dict[UUID, tuple[int, int]]:
    found: dict[UUID, tuple[int, int]] = {}
    for municipality, top, bottom in rows:
        before = found.get(municipality, (0, 0))
        found[municipality] = (before[0] + top, before[1] + bottom)
    return found
