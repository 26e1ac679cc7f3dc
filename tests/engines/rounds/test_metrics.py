"""How many answers came in time, counted item by item."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tests.engines.metrics.recomputed import TODAY, Counted, Recomputed
from tests.engines.rounds.sample import KIND
from tests.world import Town
from yakuba.engines.metrics.periods import Period
from yakuba.engines.rounds.models import Item, ItemMove, OfficePart, Round
from yakuba.engines.rounds.states import item_moves
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7

DUE = [
    dt.date(2026, 2, 27), dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 31), dt.date(2026, 10, 31),
    dt.date(2026, 11, 1), dt.date(2026, 11, 21), dt.date(2026, 11, 22), dt.date(2026, 11, 25),
]  # fmt: skip
_PAIRS = {(start, end): step for step, start, end in item_moves()}


@st.composite
def items(draw: st.DrawFn) -> list[tuple[str, int]]:
    """One item's walk through its states, each move so many hours before (or after) its day ends."""
    state, found = "open", []
    hours = sorted((draw(st.integers(-60, 60)) for _ in range(draw(st.integers(0, 4)))), reverse=True)
    for hour in hours:
        ways = sorted(end for start, end in _PAIRS if start == state)
        state = draw(st.sampled_from(ways))
        found.append((state, hour))
    return found


class TestInTime(Recomputed):
    """All rounds."""

    key = "round_answers_on_time"
    examples = 8
    kind = KIND
    #: Per office's part: its day, the extension, and the walks of its items.
    histories = st.lists(
        st.tuples(
            st.sampled_from(DUE), st.none() | st.sampled_from(DUE), st.lists(items(), min_size=1, max_size=3)
        ),
        max_size=4,
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        round_ = Round.unscoped.create(
            **here, kind=self.kind, year=FiscalYear(2026), phase="none", title="見本の照会",
            office=town.offices["own"], state="open", planned_at=clock.now(), opened_at=clock.now(),
        )  # fmt: skip
        other = Round.unscoped.create(
            **here, kind="another", year=FiscalYear(2026), phase="none", title="ほかの照会",
            office=town.offices["own"], state="open", planned_at=clock.now(), opened_at=clock.now(),
        )  # fmt: skip
        for nth, (due, extension, walks) in enumerate(history):
            part = OfficePart.unscoped.create(
                **here, round=round_ if nth % 2 == 0 else other, office=town.offices["own" if nth < 2 else "other"],
                due=due, due_since=due - dt.timedelta(20), extension=extension,
            )  # fmt: skip
            end = dt.datetime.combine((extension or due) + dt.timedelta(1), dt.time(), JAPAN)
            for walk in walks:
                item = Item.unscoped.create(
                    **here, round=part.round, part=part, subject_kind="thing", subject=uuid7(), label="項目",
                    state=walk[-1][0] if walk else "open",
                )  # fmt: skip
                before = "open"
                for seq, (state, hours) in enumerate(walk, start=1):
                    ItemMove.unscoped.create(
                        **here, item=item, seq=seq, step=_PAIRS[before, state], from_state=before,
                        to_state=state, at=end - dt.timedelta(hours=hours, microseconds=1), by_label="例示",
                    )  # fmt: skip
                    before = state

    def count(self, town: Town, period: Period) -> Counted:
        answered = asked = 0
        for item in Item.unscoped.filter(municipality=town.ref.id).select_related("part", "round"):
            until = item.part.until
            if not self.asks(item.round) or not period.first <= until <= min(
                period.last, TODAY - dt.timedelta(1)
            ):
                continue
            asked += 1
            stood = "open"
            for move in ItemMove.unscoped.filter(item=item).order_by("seq"):
                if clock.japan_date(move.at) <= until:
                    stood = move.to_state
            answered += stood != "open"
        return Counted.share(answered, asked)

    def asks(self, round_: Round) -> bool:
        """Whether a round is one that is counted."""
        return True
