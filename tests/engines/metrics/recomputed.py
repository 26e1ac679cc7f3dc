"""The tests that every metric inherits: over generated histories it says what a second, naive way of counting says.

    class TestOnlineProcedures(Recomputed):
        key = "online_procedures_count"
        histories = st.lists(st.builds(...), max_size=8)

        def tell(self, town, history):      # make the rows, as the room's actions or tables would have them
            ...
        def count(self, town, period):      # look at each row by itself, in Python, without the metric's query
            return Counted(Decimal(...))

Each example runs in a transaction that is rolled back. The clock stands at :attr:`now`; :attr:`periods` are asked.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.world import Town, make_town
from yakuba.engines.metrics import store
from yakuba.engines.metrics.declaring import METRICS, Metric, Scope
from yakuba.engines.metrics.models import Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import kept, write_parts
from yakuba.engines.metrics.series.rules import months_of
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

TODAY = dt.date(2026, 11, 22)
#: Of these the months are added up, where a metric says that they make the year.
YEARS = (FiscalYear(2025), FiscalYear(2026))
# Examples a metric: each makes two towns with their rows, and every metric has a test. The second database counts what the first did.
_ENTRIES = 2 if os.environ.get("YAKUBA_TEST_ONLY_DB") else 4


@dataclass(frozen=True)
class Counted:
    """What the naive way found. ``nothing``: the municipality has none of it, and the metric may leave it out of its answer."""

    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def share(cls, numerator: int, denominator: int, parts: Mapping[str, Decimal] | None = None) -> Counted:
        """A share in percent of two counts; of nothing there is none."""
        top, bottom = Decimal(numerator), Decimal(denominator)
        return cls(100 * top / bottom if bottom else None, top, bottom, parts or {})

    @classmethod
    def mean(cls, values: list[Decimal]) -> Counted:
        """The average of values; of none there is none."""
        total = sum(values, Decimal(0))
        return cls(total / len(values) if values else None, total, Decimal(len(values)))


@pytest.mark.django_db
class Recomputed:
    """Inherit, name the metric, say how a history is told and how it is counted by hand."""

    key: ClassVar[str] = ""
    #: What happened in a town, drawn anew for each of two towns.
    histories: ClassVar[st.SearchStrategy[Any]]  # Any: of a shape of the test's own
    #: What is asked. Kinds that the metric does not have are left out.
    periods: ClassVar[tuple[Period, ...]] = (
        Period.day(TODAY - dt.timedelta(days=1)),
        Period.month(TODAY),
        Period.month(dt.date(2026, 10, 1)),
        Period.year(FiscalYear(2026)),
        Period.year(FiscalYear(2025)),
        Period.as_of(dt.date(2026, 3, 1)),
        Period.as_of(TODAY),
    )
    now: ClassVar[dt.datetime] = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
    examples: ClassVar[int] = _ENTRIES
    phases: ClassVar[tuple[Phase, ...]] = tuple(Phase)

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        """Make the rows of a history in a town."""
        raise NotImplementedError

    def count(self, town: Town, period: Period) -> Counted:
        """What the metric should say of a town, found from the raw rows one by one."""
        raise NotImplementedError

    @property
    def metric(self) -> Metric:
        """As it was declared."""
        return METRICS.get(self.key)

    def asked(self) -> list[Period]:
        """The periods that this metric is measured in, at the stopped clock."""
        yesterday = clock.japan_date(self.now) - dt.timedelta(days=1)
        return [
            one
            for one in self.periods
            if one.kind in self.metric.every and (self.metric.recomputable or one.last >= yesterday)
        ]

    # --- the tests ----------------------------------------------------------------------------------------------------
    def test_what_it_says_is_what_the_rows_say(self) -> None:
        """Two towns with histories of their own: each figure, its two numbers and its parts, asked of both and of one."""
        assert self.asked(), "no period of a kind that this metric has"

        @settings(
            max_examples=min(self.examples, _ENTRIES),
            suppress_health_check=list(HealthCheck),
            phases=self.phases,
        )
        @given(st.tuples(self.histories, self.histories))
        def example(histories: tuple[Any, Any]) -> None:  # Any: as drawn
            with _taken_back(), clock.frozen(self.now):
                towns = [make_town("990019", "見本市"), make_town("990027", "例示町")]
                for town, history in zip(towns, histories, strict=True):
                    self.tell(town, history)
                for period in self.asked():
                    self._compare(towns, period)
                if sums_up(self.metric):
                    for year in YEARS:
                        self.months_make_the_year(year)

        example()

    def test_as_many_statements_for_many_municipalities(self) -> None:
        """The metric's own statements do not grow with the municipalities."""

        @settings(max_examples=1, suppress_health_check=list(HealthCheck), database=None)
        @given(self.histories)
        def example(history: Any) -> None:  # Any: as drawn
            with _taken_back(), clock.frozen(self.now):
                town = make_town("990019", "見本市")
                self.tell(town, history)
                alone = self._statements()
                for number in range(8):
                    make_town(f"99{number:04d}", f"例示{number}町")
                self.tell(make_town("990027", "例示町"), history)
                assert self._statements() == alone

        example()

    # --- how ----------------------------------------------------------------------------------------------------------
    def months_make_the_year(self, year: FiscalYear) -> None:
        """Small counts of persons are kept on this ground: what is in the year and in no month is read off as year − Σ months."""
        whole = _counts(self.metric, Period.year(year))
        months = [_counts(self.metric, one) for one in months_of(year)]
        if self.metric.aggregation == "cumulative":
            assert whole == months[-1], f"{self.key}, {year}: a running total of the year is that of March"
            return
        summed: Counter[tuple[UUID, str]] = Counter()
        for one in months:
            summed.update(one)
        assert whole == +summed, f"{self.key}, {year}: it says flows, but its months are not its year"

    def _compare(self, towns: list[Town], period: Period) -> None:
        store.measure(period, [self.key])
        for town in towns:
            self._same(town, period, "asked of all municipalities")
        Snapshot.unscoped.filter(metric=self.key).delete()
        store.measure(period, [self.key], frozenset({towns[0].ref.id}))
        assert not Snapshot.unscoped.filter(metric=self.key, municipality=towns[1].ref.id).exists()
        self._same(towns[0], period, "asked of one municipality")
        store.measure(period, [self.key], frozenset({towns[0].ref.id}))
        self._same(towns[0], period, "asked again")
        Snapshot.unscoped.filter(metric=self.key).delete()
        # The answer itself names nobody who was not asked about.
        asked = Scope(period, frozenset({towns[1].ref.id}))
        assert {one.municipality for one in self.metric.measure(asked)} <= {towns[1].ref.id}

    def _same(self, town: Town, period: Period, how: str) -> None:
        row = Snapshot.unscoped.get(
            municipality=town.ref.id, metric=self.key, kind=period.kind, last=period.last
        )
        wanted = self.count(town, period)
        found = (row.number, row.numerator, row.denominator, _told(row.parts))
        expected = (
            kept(wanted.number),
            kept(wanted.numerator),
            kept(wanted.denominator),
            _told(write_parts(wanted.parts)),
        )
        if row.denominator is None and not wanted.denominator:
            # Left out of the answer: no share of nothing.
            expected = (expected[0], row.numerator, row.denominator, expected[3])
        assert found == expected, f"{self.key}, {period.kind} to {period.last}, {how}"

    def _statements(self) -> int:
        found = 0
        for period in self.asked():
            with CaptureQueriesContext(connection) as caught:
                list(self.metric.measure(Scope(period)))
            found += len(caught)
        return found


def sums_up(one: Metric) -> bool:
    """Whether a metric of persons says that its longer periods are the sums of its days."""
    return one.least > 1 and one.flows and {"month", "year"} <= set(one.every)


def _counts(one: Metric, period: Period) -> Counter[tuple[UUID, str]]:
    """What adds up of each municipality: the number, or its two, and the parts; without what is 0."""
    found: Counter[tuple[UUID, str]] = Counter()
    for said in one.measure(Scope(period)):
        shared = one.aggregation in {"ratio", "average"}
        numbers = {} if shared else {"number": said.number}
        numbers |= {"numerator": said.numerator, "denominator": said.denominator}
        numbers |= {f"part {key}": value for key, value in said.parts.items()}
        found.update({(said.municipality, key): value for key, value in numbers.items() if value})
    return found


def _told(parts: Mapping[str, str]) -> dict[str, Decimal]:
    """Parts without those that are 0: whether an empty part is named is the metric's own choice."""
    return {key: Decimal(value) for key, value in parts.items() if Decimal(value)}


@contextmanager
def _taken_back() -> Iterator[None]:
    """A transaction that never becomes true."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
