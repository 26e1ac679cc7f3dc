"""What casework measures of itself, beside a count of each case by itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.casework import told
from tests.engines.metrics.recomputed import TODAY, Counted, Recomputed
from tests.world import Town
from yakuba.engines.casework import rules
from yakuba.engines.casework.models import Case, Move, Notice
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import japan_date

NO_DAYS, WAITED, MOMENT = dt.timedelta(0), dt.timedelta(days=14), dt.timedelta(microseconds=1)


class _Cases(Recomputed):
    """Histories of cases."""

    histories = st.lists(told.cases(), max_size=25)
    periods = told.PERIODS
    examples = 5  # each of many cases: making a town takes longest

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        told.write(town, history)

    def rows(self, town: Town) -> list[Case]:
        """Every case of the town that is no trial."""
        return [one for one in Case.unscoped.filter(municipality=town.ref.id) if not one.test]

    def ended(self, town: Town, period: Period) -> list[Case]:
        """Those that were decided in a period, or completed where nothing is decided; withdrawn ones are none."""
        return [one for one in self.rows(town) if within(period, _end(one))]


def _end(case: Case) -> dt.datetime | None:
    if rules.has_decision(case.kind):
        return case.decided_at
    return case.completed_at if case.state == "completed" else None


def within(period: Period, at: dt.datetime | None) -> bool:
    """By days in Japan."""
    return at is not None and period.first <= japan_date(at) <= period.last


def _day(at: dt.datetime | None) -> dt.date | None:
    return None if at is None else japan_date(at)


class TestOnTimeShare(_Cases):
    key = "on_time_share"

    def count(self, town: Town, period: Period) -> Counted:
        said = [
            rules.on_time(one.kind, one.due_on, _day(one.decided_at), _day(one.completed_at))
            for one in self.ended(town, period)
        ]
        return Counted.share(said.count(True), len(said) - said.count(None))


class TestDaysToDecision(_Cases):
    key = "days_to_decision"

    def count(self, town: Town, period: Period) -> Counted:
        return Counted.mean(
            [
                Decimal((japan_date(one.decided_at) - japan_date(one.arrived_at)).days)
                for one in self.rows(town)
                if one.decided_at is not None and within(period, one.decided_at)
            ]
        )


class TestCorrectionShare(_Cases):
    key = "correction_share"

    def count(self, town: Town, period: Period) -> Counted:
        ended = self.ended(town, period)
        asked = [one for one in ended if Move.unscoped.filter(case=one, step="ask_correction").exists()]
        return Counted.share(len(asked), len(ended))


class TestWithdrawnShare(_Cases):
    key = "withdrawn_share"

    def count(self, town: Town, period: Period) -> Counted:
        over = [one for one in self.rows(town) if within(period, one.completed_at)]
        return Counted.share(sum(one.state == "withdrawn" for one in over), len(over))


class TestOpenCases(_Cases):
    key = "open_cases"

    def count(self, town: Town, period: Period) -> Counted:
        day = period.last
        return Counted(
            Decimal(
                sum(
                    japan_date(one.arrived_at) <= day
                    and (one.completed_at is None or japan_date(one.completed_at) > day)
                    for one in self.rows(town)
                )
            )
        )


class TestOverdueCases(_Cases):
    key = "overdue_cases"

    def count(self, town: Town, period: Period) -> Counted:
        last = min(period.last, TODAY - dt.timedelta(days=1))

        def waits(at: dt.datetime | None) -> bool:
            return at is None or japan_date(at) > period.last

        late = [
            one
            for one in self.rows(town)
            if one.due_on is not None
            and one.due_on <= last
            and waits(one.decided_at)
            and waits(one.completed_at)
        ]
        return Counted(Decimal(len(late)))


class TestDigitalNoticeShare(_Cases):
    key = "digital_notice_share"
    #: A case, when its notice was issued, how long afterwards it was opened, what became of it.
    histories = st.lists(
        st.tuples(
            told.cases(),
            st.builds(lambda at, days: at - days, told.moments(), st.sampled_from([NO_DAYS, WAITED])),
            st.none() | st.sampled_from([NO_DAYS, dt.timedelta(days=1), WAITED, WAITED + MOMENT, 3 * WAITED]),
            st.sampled_from(["draft", "opened", "posted"]),
        ),
        min_size=5,
        max_size=20,
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        made = told.write(town, [case for case, *_notice in history])
        Notice.unscoped.bulk_create(
            Notice(
                municipality_id=town.ref.id,
                case=case,
                title="見本",
                sender="見本",
                sealing="omitted",
                state=state,
                issued_on=None if state == "draft" else japan_date(issued),
                opened_at=None if after is None else issued + after,
            )
            for case, (_case, issued, after, state) in zip(made, history, strict=True)
        )

    def count(self, town: Town, period: Period) -> Counted:
        settled = [
            one
            for one in Notice.unscoped.filter(municipality=town.ref.id).select_related("case")
            if one.issued_on is not None
            and period.first <= one.issued_on + WAITED <= period.last
            and not one.case.test
        ]
        opened = [
            one
            for one in settled
            if one.opened_at is not None
            and one.issued_on is not None
            and japan_date(one.opened_at) <= one.issued_on + WAITED
        ]
        return Counted.share(len(opened), len(settled))
