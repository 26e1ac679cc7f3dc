"""From when on nothing counted is a 0: not before a room was used, never against a number that was counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.engines.metrics.sample import KEY, Said, day, said
from tests.world import Town, make_town
from yakuba.engines.metrics import loading, queries, store
from yakuba.engines.metrics.actions import CorrectFigure, MeasureNow, correct_figure, measure_now
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import MetricSetting, PublicFigure, Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
R6, R7, R8 = (Period.year(FiscalYear(year)) for year in (2024, 2025, 2026))
SEPTEMBER, OCTOBER = Period.month(day("2026-09-01")), Period.month(day("2026-10-01"))
NOVEMBER = Period.month(day("2026-11-01"))
WHY = "集計の漏れを直しました。"


@pytest.fixture
def answers() -> Iterator[Said]:
    with said() as found, clock.frozen(NOW):
        yield found


@pytest.fixture
def town() -> Town:
    return make_town("990019", "見本市")


@pytest.fixture
def head(town: Town, answers: Said) -> Context:
    return town.ctx("plan_secretariat").begin()


def stands(head: Context, *periods: Period) -> list[Period]:
    """Those of the periods that have a figure."""
    found = queries.figures(head, KEY, periods)
    return [period for period in periods if period in found]


def on(text: str) -> Period:
    return Period.day(day(text))


def as_of(text: str) -> Period:
    return Period.as_of(day(text))


def test_the_first_month_in_use_begins_it(answers: Said, town: Town, head: Context) -> None:
    """Year, month, 基準日 and day at both sides of its first day."""
    nothing = [R7, SEPTEMBER, on("2026-09-30"), as_of("2026-09-30"), as_of("2026-03-31")]
    zero = [on("2026-10-01"), as_of("2026-10-01"), as_of("2026-10-31"), on("2026-10-31"), NOVEMBER]
    for period in (*nothing, *zero):
        store.measure(period, [KEY])
    assert stands(head, *nothing, *zero) == []
    for period in (OCTOBER, R8):
        answers.say(town.ref.id, period, 3)
        store.measure(period, [KEY])
    assert stands(head, *nothing, *zero, R8, OCTOBER) == [*zero, R8, OCTOBER]


def test_the_first_year_in_use_begins_it_where_no_month_is_known(
    answers: Said, town: Town, head: Context
) -> None:
    """Years were measured backwards, months only of late."""
    answers.say(town.ref.id, R7, 3)
    for period in (R6, R7, R8, SEPTEMBER, as_of("2025-03-31"), as_of("2025-04-01")):
        store.measure(period, [KEY])
    found = stands(head, R6, as_of("2025-03-31"), as_of("2025-04-01"), R7, R8, SEPTEMBER)
    assert found == [as_of("2025-04-01"), R7, R8, SEPTEMBER]


def test_a_day_that_figures_stand_for_begins_it_with_its_month(
    answers: Said, town: Town, head: Context
) -> None:
    """It counts since 1 April, but nobody knows of which of its months."""
    answers.say(town.ref.id, as_of("2026-10-10"), 3)
    for period in (SEPTEMBER, on("2026-09-30"), as_of("2026-10-10"), as_of("2026-10-01"), OCTOBER, R8):
        store.measure(period, [KEY])
    found = stands(head, SEPTEMBER, on("2026-09-30"), as_of("2026-10-01"), as_of("2026-10-10"), OCTOBER, R8)
    assert found == [as_of("2026-10-01"), as_of("2026-10-10"), OCTOBER, R8]


def test_a_number_that_was_counted_always_stands(answers: Said, town: Town, head: Context) -> None:
    counted = on("2026-11-03")
    answers.say(town.ref.id, counted, 3)
    for period in (counted, on("2026-11-02"), NOVEMBER):
        store.measure(period, [KEY])
    assert stands(head, counted, on("2026-11-02"), NOVEMBER) == [counted], "the month is measured tonight"
    assert [one.number for one in store.freeze(head, KEY, [counted], "点検")] == [3]


def test_but_for_the_day_that_was_named(answers: Said, town: Town, head: Context) -> None:
    for period in (SEPTEMBER, OCTOBER):
        answers.say(town.ref.id, period, 3)
        store.measure(period, [KEY])
    setting = MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, since=OCTOBER.last)
    assert stands(head, SEPTEMBER, OCTOBER) == [OCTOBER]
    setting.since = SEPTEMBER.last
    setting.save()
    assert stands(head, SEPTEMBER, OCTOBER) == [SEPTEMBER, OCTOBER]


def test_what_was_frozen_was_used(answers: Said, town: Town, head: Context) -> None:
    """What was measured is written over; an older system's history is no use of ours."""
    answers.say(town.ref.id, R7, 75)
    store.freeze(head, KEY, [R7], "点検")
    answers.answers.clear()
    for period in (R6, R7, R8):
        store.measure(period, [KEY])
    assert not Snapshot.unscoped.exclude(number=0).exists()
    assert stands(head, R6, R7, R8) == [R7, R8]


def test_what_one_of_a_room_tells_is_released_of_all(answers: Said, town: Town, head: Context) -> None:
    def public() -> set[str]:
        return set(PublicFigure.unscoped.filter(kind="month").values_list("key", flat=True))

    with said("test_beside") as beside:
        store.measure(OCTOBER, [KEY, "test_beside"])
        store.release(head)
        assert public() == set()
        beside.say(town.ref.id, OCTOBER, 8)
        measure_now(head, None, MeasureNow(metric="test_beside", kind="month", day=OCTOBER.last))
        assert public() == {KEY, "test_beside"}, "received, and none of them late"


def test_a_correction_is_no_use_of_its_room(answers: Said, town: Town, head: Context) -> None:
    """What somebody types makes no zeros of what was never counted."""
    with said("test_beside"):
        for period in (R7, SEPTEMBER):
            store.measure(period, [KEY, "test_beside"])
        store.measure(OCTOBER, [KEY, "test_beside"])
        data = CorrectFigure(metric=KEY, kind="month", day=OCTOBER.last, number=Decimal(3), reason=WHY)
        correct_figure(head, None, data)
        found = PublicFigure.unscoped.order_by("key").values_list("key", "number")
        assert list(found) == [(KEY, 3)]
        assert stands(head, R7, SEPTEMBER, OCTOBER) == [OCTOBER]


def test_a_0_from_before_its_use_is_not_laid_beside_an_older_systems(
    answers: Said, town: Town, head: Context
) -> None:
    store.measure(R7, [KEY])
    old = [Given(R7, Decimal(75))]
    assert loading.break_between(head, METRICS.get(KEY), old) is None
    answers.say(town.ref.id, R7, 90)
    store.measure(R7, [KEY])
    found = loading.break_between(head, METRICS.get(KEY), old)
    assert found is not None
    assert (found.old, found.new) == (75, 90)
