"""What procedures measure of themselves, beside a count of each row by itself."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from hypothesis import strategies as st

from tests.engines.casework import told
from tests.engines.metrics.recomputed import TODAY, Counted, Recomputed
from tests.world import Town
from yakuba.engines.casework.models import ONLINE, Case
from yakuba.engines.metrics.periods import Period
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.inventory import queries, rules
from yakuba.services.procedures.models import (
    ONLINE_STATES,
    Filing,
    Happening,
    InventoryCount,
    InventoryRow,
    InventorySpan,
    Procedure,
)

_DAYS: Final = st.sampled_from(
    [
        dt.date(2024, 4, 1),
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 1),
        dt.date(2026, 3, 2),
        dt.date(2026, 3, 31),
        dt.date(2026, 4, 1),
        dt.date(2026, 10, 31),
        dt.date(2026, 11, 21),
        dt.date(2026, 11, 22),
        dt.date(2026, 11, 23),  # still to come
        dt.date(2027, 4, 1),
    ]
)


#: Histories of a metric, each of many rows: making a town takes longest.
_EXAMPLES: Final = 5


def within(period: Period, at: dt.datetime) -> bool:
    """By days in Japan."""
    return period.first <= japan_date(at) <= period.last


# --- the inventory ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A row of the inventory; ``spans`` are days on which it had been online before."""

    online: str
    since: dt.date | None
    until: dt.date | None
    spans: tuple[tuple[dt.date, dt.date], ...]


_SPANS = st.lists(
    st.tuples(_DAYS, _DAYS).map(lambda two: (min(two), max(two))), max_size=2, unique_by=lambda x: x[0]
)
_LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from([key for key, _label in ONLINE_STATES]),
        st.none() | _DAYS,
        st.none() | _DAYS,
        _SPANS.map(tuple),
    ),
    max_size=20,
)


class _Inventory(Recomputed):
    histories = _LINES
    periods = told.PERIODS
    examples = _EXAMPLES

    def tell(self, town: Town, history: list[Line]) -> None:
        for one in history:
            row = InventoryRow.unscoped.create(
                municipality_id=town.ref.id,
                title="見本",
                kind="application",
                online=one.online,
                since=one.since,
                until=one.until,
            )
            InventorySpan.unscoped.bulk_create(
                InventorySpan(municipality_id=town.ref.id, row=row, since=since, until=until)
                for since, until in one.spans
            )

    def online(self, town: Town, day: dt.date) -> list[InventoryRow]:
        """The rows that were online, each looked at by the rule for one row, and its earlier days one by one."""
        found = []
        for row in InventoryRow.unscoped.filter(municipality=town.ref.id):
            before = any(one.since <= day <= one.until for one in row.earlier_spans.all())
            if before or rules.is_online(row, day):
                found.append(row)
        return found


class TestOnlineProceduresCount(_Inventory):
    key = "online_procedures_count"

    def count(self, town: Town, period: Period) -> Counted:
        day = min(period.last, TODAY)
        found = self.online(town, day)
        # The command and the page of the inventory say the same of every day.
        assert queries.online_count(town.ctx("staff"), day) == len(found)
        parts: dict[str, Decimal] = {}
        for row in found:
            key = row.online if row.online in rules.CHANNELS else "ended"
            parts[key] = parts.get(key, Decimal(0)) + 1
        return Counted(Decimal(len(found)), parts=parts)


class TestOnlineShare(_Inventory):
    key = "online_share"

    def count(self, town: Town, period: Period) -> Counted:
        rows = InventoryRow.unscoped.filter(municipality=town.ref.id).count()
        return Counted.share(len(self.online(town, min(period.last, TODAY))), rows)


# --- what came in -------------------------------------------------------------------------------------------------------
def procedure(town: Town) -> Procedure:
    """A procedure that nobody has published."""
    return Procedure.unscoped.create(
        municipality_id=town.ref.id,
        office=town.offices["own"],
        title="見本の申請",
        kind="application",
        changed_at=dt.datetime(2024, 4, 1, tzinfo=dt.UTC),
        state="open",
    )


class _Arrivals(Recomputed):
    histories: ClassVar[st.SearchStrategy[Any]] = st.lists(told.cases(), max_size=25)
    periods = told.PERIODS
    examples = _EXAMPLES

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        topics = tuple(procedure(town).pk for _each in range(3))
        told.write(town, history, topics, "procedure")
        # A case of something else than a procedure is none of these figures'.
        told.write(town, history[:1], topics, "other")

    def arrived(self, town: Town, period: Period) -> list[Case]:
        """Cases of procedures that arrived in a period and are no trials."""
        return [
            one
            for one in Case.unscoped.filter(municipality=town.ref.id)
            if within(period, one.arrived_at) and not one.test and one.topic_kind == "procedure"
        ]

    def split(self, rows: list[Case], field: str) -> Counted:
        """Counted with its parts."""
        parts: dict[str, Decimal] = {}
        for one in rows:
            key = str(getattr(one, field))
            parts[key] = parts.get(key, Decimal(0)) + 1
        return Counted(Decimal(len(rows)), parts=parts)


class TestApplicationsReceived(_Arrivals):
    key = "applications_received"

    def count(self, town: Town, period: Period) -> Counted:
        return self.split(self.arrived(town, period), "channel")


class TestOnlineApplicationShare(_Arrivals):
    key = "online_application_share"

    def count(self, town: Town, period: Period) -> Counted:
        found = self.arrived(town, period)
        return Counted.share(sum(one.channel in ONLINE for one in found), len(found))


class TestEApplicationsReceived(_Arrivals):
    key = "e_applications_received"

    def count(self, town: Town, period: Period) -> Counted:
        found = [one for one in self.arrived(town, period) if one.channel in ONLINE]
        return self.split(found, "topic_id")


class TestApplicationsByProcedure(_Arrivals):
    key = "applications_by_procedure"

    def count(self, town: Town, period: Period) -> Counted:
        return self.split(self.arrived(town, period), "topic_id")


_COUNTS = st.none() | st.tuples(
    st.sampled_from([2024, 2025, 2026]), st.integers(0, 9), st.none() | st.integers(0, 9)
)


class TestInventoryApplicationShare(_Arrivals):
    key = "inventory_application_share"
    histories: ClassVar[st.SearchStrategy[Any]] = st.tuples(
        st.lists(told.cases(), max_size=15),
        st.lists(
            st.tuples(st.none() | st.integers(0, 2), _COUNTS),
            max_size=4,
            unique_by=lambda one: uuid7() if one[0] is None else one[0],
        ),
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        cases, lines = history
        topics = tuple(procedure(town).pk for _each in range(3))
        told.write(town, cases, topics, "procedure")
        for taken_here, counted in lines:
            row = InventoryRow.unscoped.create(
                municipality_id=town.ref.id,
                title="見本",
                kind="application",
                online="yakuba" if taken_here is not None else "eltax",
                procedure_id=topics[taken_here] if taken_here is not None else None,
            )
            if counted is not None:
                year, filings, online = counted
                InventoryCount.unscoped.create(
                    municipality_id=town.ref.id,
                    row=row,
                    year=FiscalYear(year),
                    filings=filings,
                    online=online,
                )

    def count(self, town: Town, period: Period) -> Counted:
        counts = [
            one
            for one in InventoryCount.unscoped.filter(municipality=town.ref.id).select_related("row")
            if one.year == period.fiscal_year
        ]
        by_hand: set[UUID | None] = {one.row.procedure_id for one in counts}
        cases = [one for one in self.arrived(town, period) if one.topic_id not in by_hand]
        return Counted.share(
            sum(one.online or 0 for one in counts) + sum(one.channel in ONLINE for one in cases),
            sum(one.filings for one in counts) + len(cases),
        )


class TestVerifiedApplicationShare(_Arrivals):
    key = "verified_application_share"
    histories = st.lists(
        st.tuples(told.cases(), st.sampled_from(["none", "mail", "account", "verified", "signature"])),
        max_size=20,
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        of = procedure(town)
        publication = Publication.unscoped.create(
            municipality_id=town.ref.id,
            kind="procedure",
            subject=of.pk,
            number=1,
            year=FiscalYear(2024),
            title="見本の申請",
            published_at=dt.datetime(2024, 4, 1, tzinfo=dt.UTC),
        )
        made = told.write(town, [case for case, _level in history], (of.pk,), "procedure")
        Filing.unscoped.bulk_create(
            Filing(
                municipality_id=town.ref.id,
                procedure=of,
                publication=publication,
                case=case,
                arrived_at=case.arrived_at,
                level=level,
                language="ja",
                retention="5",
            )
            for case, (_case, level) in zip(made, history, strict=True)
        )

    def count(self, town: Town, period: Period) -> Counted:
        found = [
            one
            for one in Filing.unscoped.filter(municipality=town.ref.id).select_related("case")
            if one.case is not None
            and within(period, one.arrived_at)
            and not one.case.test
            and one.case.channel == "online"
        ]
        return Counted.share(sum(one.level in {"verified", "signature"} for one in found), len(found))


# --- filling in ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """Something that happened to a form."""

    kind: str
    at: dt.datetime
    seconds: int | None
    test: bool


class _Forms(Recomputed):
    histories = st.lists(
        st.builds(
            Said,
            st.sampled_from(["started", "sent", "left", "corrected"]),
            told.moments(),
            st.none() | st.sampled_from([0, 1, 59, 3600, 6 * 3600, 9 * 3600, 24 * 3600, 40 * 24 * 3600]),
            st.sampled_from([False, False, True]),
        ),
        max_size=30,
    )
    periods = told.PERIODS
    examples = _EXAMPLES

    def tell(self, town: Town, history: list[Said]) -> None:
        Happening.unscoped.bulk_create(
            Happening(
                municipality_id=town.ref.id,
                procedure=uuid7(),
                number=1,
                kind=one.kind,
                seconds=one.seconds,
                test=one.test,
                at=one.at,
            )
            for one in history
        )

    def of(self, town: Town, period: Period, kind: str) -> list[Happening]:
        """What happened in a period, but for trials."""
        rows = Happening.unscoped.filter(municipality=town.ref.id)
        return [one for one in rows if one.kind == kind and not one.test and within(period, one.at)]


class TestFormCompletionShare(_Forms):
    key = "form_completion_share"

    def count(self, town: Town, period: Period) -> Counted:
        sent = [
            one
            for one in self.of(town, period, "sent")
            if one.seconds is not None
            and math.floor(one.at.timestamp()) - one.seconds >= period.begin.timestamp()
        ]
        return Counted.share(len(sent), len(self.of(town, period, "started")))


class TestFormMinutes(_Forms):
    key = "form_minutes"

    def count(self, town: Town, period: Period) -> Counted:
        return Counted.mean(
            [Decimal(one.seconds) / 60 for one in self.of(town, period, "sent") if one.seconds is not None]
        )
