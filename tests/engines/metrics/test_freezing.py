"""What is frozen and what a correction follows: what stands, never a day that has not come, never what was counted too early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.engines.metrics.sample import KEY, Said, day, in_use, said
from tests.world import Town, make_town
from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.actions import (
    CorrectFigure,
    FreezeFigure,
    MeasureNow,
    correct_figure,
    freeze_figure,
    measure_now,
)
from yakuba.engines.metrics.models import FrozenFigure, MetricSetting, PublicFigure, Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.engines.metrics.sources import SOURCES, Figure
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
R7, R8 = Period.year(FiscalYear(2025)), Period.year(FiscalYear(2026))
OCTOBER, NOVEMBER = Period.month(day("2026-10-01")), Period.month(day("2026-11-01"))
TODAY, TOMORROW = Period.as_of(day("2026-11-22")), Period.as_of(day("2026-11-23"))
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


def of(period: Period) -> dict[str, object]:
    return {"metric": KEY, "kind": period.kind, "day": period.last}


def freeze(head: Context, period: Period) -> FrozenFigure:
    return freeze_figure(head, None, FreezeFigure(**of(period), ground="点検"))  # type: ignore[arg-type]


def correct(head: Context, period: Period, number: int, seen: int = 0) -> FrozenFigure:
    data = CorrectFigure(**of(period), number=Decimal(number), reason=WHY, seen=seen)  # type: ignore[arg-type]
    return correct_figure(head, None, data)


def stands(head: Context, period: Period) -> Figure:
    return queries.figures(head, KEY, [period])[period]


def earlier(head: Context, period: Period, number: int) -> None:
    store.load_earlier(head, KEY, [Given(period, Decimal(number))], None, "移しました。")
    store.release(head, [KEY])


# --- an older system's figures ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("measured", [True, False])
def test_correcting_an_older_systems_figure_follows_it(
    answers: Said, town: Town, head: Context, measured: bool
) -> None:
    """Before its service was used this system counted 0, which nobody has seen."""
    earlier(head, R7, 75)
    if measured:
        store.measure(R7, [KEY])
    made = correct(head, R7, 74)
    assert (made.definition_version, made.revision) == (0, 1)
    assert [
        (one.definition_version, one.revision, one.number) for one in queries.revisions(head, KEY, R7)
    ] == [
        (0, 0, 75),
        (0, 1, 74),
    ]
    shown = PublicFigure.unscoped.get()
    assert (shown.definition_version, shown.number, shown.note) == (0, 74, WHY)


def test_what_was_never_measured_does_not_come_before_what_is_corrected(
    answers: Said, town: Town, head: Context
) -> None:
    in_use(town)
    answers.say(town.ref.id, R7, 40)
    earlier(head, R7, 75)
    assert (correct(head, R7, 74).definition_version, stands(head, R7).number) == (0, 74)


def test_what_was_measured_comes_before_what_an_older_system_had(
    answers: Said, town: Town, head: Context
) -> None:
    answers.say(town.ref.id, R7, 40)
    store.measure(R7, [KEY])
    earlier(head, R7, 75)
    assert (correct(head, R7, 41).definition_version, stands(head, R7).revision) == (1, 1)


def test_an_older_systems_figure_is_settled_already(answers: Said, town: Town, head: Context) -> None:
    earlier(head, R7, 75)
    store.measure(R7, [KEY])
    with pytest.raises(Problem) as refused:
        freeze(head, R7)
    assert refused.value.code == "frozen"
    assert PublicFigure.unscoped.get().number == 75


def test_somebody_says_that_nothing_is_a_0(answers: Said, town: Town, head: Context) -> None:
    store.measure(R7, [KEY])
    assert queries.figures(head, KEY, [R7]) == {}
    assert freeze(head, R7).number == 0
    assert stands(head, R7).status == "final"
