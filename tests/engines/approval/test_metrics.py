"""What decision routes measure of themselves, beside a count of each proposal by itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.casework import told
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.world import Town
from yakuba.engines.approval.models import Proposal
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.models import Person, Post


class _Proposals(Recomputed):
    periods = told.PERIODS
    examples = 5
    histories = st.lists(
        st.tuples(
            st.sampled_from(["drafting", "circulating", "returned", "decided", "decided", "withdrawn"]),
            told.moments(),
            st.none() | st.integers(0, 40),
        ),
        max_size=20,
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        person = Person.unscoped.create(**here, staff_number="1", name="例示", kana="レイジ")
        post = Post.unscoped.create(**here, office=town.offices["own"], title="職")
        Proposal.unscoped.bulk_create(
            Proposal(
                **here,
                subject_kind="trying",
                subject=uuid7(),
                title="見本",
                office=town.offices["own"],
                drafter=person,
                drafter_post=post,
                state=state,
                round=1,
                drafted_at=at - dt.timedelta(days=50),
                submitted_at=None if before is None else at - dt.timedelta(days=before, hours=3),
                decided_at=at if state == "decided" else None,
            )
            for state, at, before in history
        )

    def decided(self, town: Town, period: Period) -> list[tuple[dt.date, dt.date | None]]:
        """The days on which proposals were decided in a period, and those on which they were sent on their way."""
        return [
            (japan_date(one.decided_at), japan_date(one.submitted_at) if one.submitted_at else None)
            for one in Proposal.unscoped.filter(municipality=town.ref.id)
            if one.decided_at is not None and period.first <= japan_date(one.decided_at) <= period.last
        ]


class TestElectronicDecisions(_Proposals):
    key = "electronic_decisions"

    def count(self, town: Town, period: Period) -> Counted:
        return Counted(Decimal(len(self.decided(town, period))))


class TestDaysToElectronicDecision(_Proposals):
    key = "days_to_electronic_decision"

    def count(self, town: Town, period: Period) -> Counted:
        found = self.decided(town, period)
        return Counted.mean([Decimal((last - first).days) for last, first in found if first is not None])
