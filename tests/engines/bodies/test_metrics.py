"""Meetings, decisions and papers, counted one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.world import Town
from yakuba.engines.bodies.models import AgendaItem, Body, Meeting, Paper
from yakuba.engines.bodies.rules import OVER, STATES, WAYS
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.files.models import StoredFile

STARTS = [
    dt.datetime(2025, 6, 1, 10, tzinfo=JAPAN), dt.datetime(2026, 3, 1, 23, 59, tzinfo=JAPAN),
    dt.datetime(2026, 3, 2, 0, 0, tzinfo=JAPAN), dt.datetime(2026, 3, 31, 23, tzinfo=JAPAN),
    dt.datetime(2026, 4, 1, 0, tzinfo=JAPAN), dt.datetime(2026, 10, 31, 23, 30, tzinfo=JAPAN),
    dt.datetime(2026, 11, 1, 8, tzinfo=JAPAN), dt.datetime(2026, 11, 21, 14, tzinfo=JAPAN),
]  # fmt: skip
#: (what, choice, pages of each paper)
ITEMS = st.tuples(
    st.sampled_from(["decide", "report"]),
    st.sampled_from(["", "adopted", "deferred", "rejected"]),
    st.lists(st.integers(1, 40), max_size=2),
)
#: (body, start, state, way, items)
MEETINGS = st.tuples(
    st.integers(0, 1),
    st.sampled_from(STARTS),
    st.sampled_from([key for key, _label in STATES]),
    st.sampled_from([key for key, _label in WAYS]),
    st.lists(ITEMS, max_size=2),
)


class TestMeetings(Recomputed):
    """Meetings that were held, by way."""

    key = "meetings_held"
    examples = 6
    histories = st.lists(MEETINGS, max_size=6)

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        now = clock.now()
        file = StoredFile.unscoped.create(
            **here, sha256=town.ref.code.ljust(64, "0"), name="資料.pdf", size=1, created_at=now,
            content_type="application/pdf", file_class="internal", retention_class="permanent",
        )  # fmt: skip
        bodies = [
            Body.unscoped.create(
                **here, name=f"見本会議{n}", kind="council", office=town.offices["own"], quorum="none",
                proxies_count=False, valid_from=dt.date(2020, 4, 1),
            )
            for n in range(2)
        ]  # fmt: skip
        for nth, (body, start, state, way, items) in enumerate(history):
            meeting = Meeting.unscoped.create(
                **here, body=bodies[body], year=FiscalYear.of(start), number=nth + 1, way=way, starts_at=start,
                state=state, due=start.date() if way == "circular" else None,
            )  # fmt: skip
            for place, (what, choice, papers) in enumerate(items, start=1):
                item = AgendaItem.unscoped.create(
                    **here, meeting=meeting, position=place, title="議題", what=what, choice=choice,
                    decided_at=now if choice else None,
                )  # fmt: skip
                for at, pages in enumerate(papers, start=1):
                    Paper.unscoped.create(
                        **here, item=item, position=at, title="資料", file=file, pages=pages
                    )

    def held(self, town: Town, period: Period, *, ever: bool = False) -> Iterator[Meeting]:
        """The meetings that were held in a period, or at any time until its end."""
        for one in Meeting.unscoped.filter(municipality=town.ref.id):
            day = clock.japan_date(one.starts_at)
            if one.state in OVER and day <= period.last and (ever or day >= period.first):
                yield one

    def count(self, town: Town, period: Period) -> Counted:
        ways = Counter(one.way for one in self.held(town, period))
        return Counted(Decimal(ways.total()), parts={way: Decimal(many) for way, many in ways.items()})


class TestDecisions(TestMeetings):
    """Items that were decided."""

    key = "meeting_decisions"

    def count(self, town: Town, period: Period) -> Counted:
        found = [
            item
            for meeting in self.held(town, period)
            for item in AgendaItem.unscoped.filter(meeting=meeting)
            if item.what == "decide" and item.choice and item.choice != "deferred"
        ]
        return Counted(Decimal(len(found)))


class TestKinds(TestMeetings):
    """Bodies that read their papers here."""

    key = "meeting_types_using"

    def count(self, town: Town, period: Period) -> Counted:
        bodies = {
            meeting.body_id
            for meeting in self.held(town, period, ever=True)
            if Paper.unscoped.filter(item__meeting=meeting).exists()
        }
        return Counted(Decimal(len(bodies)))


class TestPages(TestMeetings):
    """Pages that nobody printed."""

    key = "meeting_pages_saved"

    def count(self, town: Town, period: Period) -> Counted:
        pages = [
            paper.pages
            for meeting in self.held(town, period)
            for paper in Paper.unscoped.filter(item__meeting=meeting)
        ]
        return Counted(Decimal(sum(pages)))
