"""Cases for ``yakuba bench metrics``: spread over three years, most of them ended, some corrected on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID, uuid5

from yakuba.engines.casework.models import Case, Move
from yakuba.engines.metrics.bench.grounds import GROUNDS, Filling, Place, Row
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7

_DAYS: Final = 3 * 365
_TOPICS: Final = 20
_CHANNELS: Final = ("online", "counter", "paper", "online", "joint")


@GROUNDS.register("cases")
def lay(places: Sequence[Place], events: int) -> int:
    """One case an event, and a move with every tenth: it was asked to be corrected."""
    if not places:
        return 0
    one = places[0]
    noon = dt.datetime.combine(one.today, dt.time(12), JAPAN)
    sample = Case(
        municipality_id=one.municipality,
        kind="application",
        state="completed",
        number="1",
        title="見本の申請",
        origin_kind="bench",
        origin_id=uuid7(),
        topic_kind="procedure",
        topic_id=uuid7(),
        office_id=one.office,
        authority="mayor",
        channel="online",
        arrived_at=noon,
        registered_at=noon,
        due_on=one.today,
        decided_at=noon,
        completed_at=noon,
    )
    cases = Filling(sample)
    made: list[tuple[UUID, UUID, dt.datetime]] = []

    def rows() -> Iterator[Row]:
        # One municipality after the other: what indexes begin with comes in their order.
        each = -(-events // len(places))
        for number in range(events):
            place, within = places[number // each], number % each
            arrived = noon - dt.timedelta(days=1 + (within * 37 + place.number) % _DAYS, minutes=within % 600)
            took = dt.timedelta(days=within % 17)
            ended = arrived + took < noon and within % 9 > 0
            pk = uuid7()
            if within % 10 == 0:
                made.append((pk, place.municipality, arrived))
            yield cases.row(
                id=pk,
                municipality_id=place.municipality,
                office_id=place.office,
                number=str(within),
                origin_id=pk,
                topic_id=uuid5(place.municipality, str(within % _TOPICS)),
                channel=_CHANNELS[within % len(_CHANNELS)],
                arrived_at=arrived,
                registered_at=arrived,
                due_on=arrived.date() + dt.timedelta(days=14),
                state="completed" if ended else "checking",
                decided_at=arrived + took if ended else None,
                completed_at=arrived + took if ended else None,
            )

    written = cases.fill(rows())
    moves = Filling(
        Move(
            municipality_id=one.municipality,
            case_id=uuid7(),
            seq=1,
            kind="application",
            step="ask_correction",
            from_state="checking",
            to_state="returned",
            at=noon,
            by_label="見本",
        )
    )
    return written + moves.fill(
        moves.row(id=uuid7(), municipality_id=town, case_id=case, at=at) for case, town, at in made
    )
