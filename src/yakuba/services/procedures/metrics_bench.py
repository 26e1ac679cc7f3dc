"""Procedures for ``yakuba bench metrics``: an inventory in each municipality, and what happened to forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import uuid5

from yakuba.engines.metrics.bench.grounds import GROUNDS, Filling, Place, Row
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.models import ONLINE_STATES, Happening, InventoryCount, InventoryRow

_DAYS: Final = 3 * 365
_LINES: Final = 300  # rows of an inventory: a city of 30,000 has some hundred procedures
_TOPICS: Final = 20
_KINDS: Final = ("started", "left", "left", "left", "saved", "sent")
#: Cases are most of what happens; forms are begun for the part of them that comes online.
_OF_CASES: Final = 5


@GROUNDS.register("procedures")
def lay(places: Sequence[Place], events: int) -> int:
    """One happening for every fifth event, and in each municipality an inventory with a year's counts."""
    if not places:
        return 0
    return _inventory(places) + _happenings(places, events // _OF_CASES)


def _inventory(places: Sequence[Place]) -> int:
    one = places[0]
    lines = Filling(
        InventoryRow(municipality_id=one.municipality, title="見本の申請", kind="application", online="no")
    )
    counts = Filling(
        InventoryCount(municipality_id=one.municipality, row_id=uuid7(), year=FiscalYear(2025), filings=1)
    )
    made = [(place, uuid7(), number) for place in places for number in range(_LINES)]
    channels = [key for key, _label in ONLINE_STATES]

    def rows() -> Iterator[Row]:
        for place, pk, number in made:
            channel = channels[number % len(channels)]
            yield lines.row(
                id=pk,
                municipality_id=place.municipality,
                sort_key=f"{number:04d}",
                online=channel,
                since=place.today - dt.timedelta(days=number * 5)
                if channel not in {"no", "planned"}
                else None,
            )

    written = lines.fill(rows())
    return written + counts.fill(
        counts.row(
            id=uuid7(), municipality_id=place.municipality, row_id=pk, filings=number, online=number // 3
        )
        for place, pk, number in made
        if number % 2
    )


def _happenings(places: Sequence[Place], events: int) -> int:
    one = places[0]
    noon = dt.datetime.combine(one.today, dt.time(12), JAPAN)
    of = Filling(
        Happening(
            municipality_id=one.municipality,
            procedure=uuid7(),
            number=1,
            kind="started",
            channel="online",
            at=noon,
        )
    )
    each = -(-events // len(places)) or 1

    def rows() -> Iterator[Row]:
        for number in range(events):
            place, within = places[number // each], number % each
            kind = _KINDS[within % len(_KINDS)]
            yield of.row(
                id=uuid7(),
                municipality_id=place.municipality,
                procedure=uuid5(place.municipality, str(within % _TOPICS)),
                kind=kind,
                seconds=within % 3600 if kind == "sent" else None,
                at=noon - dt.timedelta(days=1 + (within * 37 + place.number) % _DAYS, minutes=within % 600),
            )

    return of.fill(rows())
