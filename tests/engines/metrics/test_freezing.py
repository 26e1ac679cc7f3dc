"""What is frozen and what a correction follows: what stands, never a day that has not come, never what was counted too early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client

from tests.engines.metrics.sample import KEY, Said, day, in_use, said
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.actions import (
    CorrectFigure,
    FreezeFigure,
    correct_figure,
    freeze_figure,
)
from yakuba.engines.metrics.models import FrozenFigure, PublicFigure
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


# --- days that have not come --------------------------------------------------------------------------------------------
def test_a_day_that_has_not_come_is_not_settled(answers: Said, town: Town, head: Context) -> None:
    for period in (TODAY, TOMORROW, R8):
        answers.say(town.ref.id, period, 7)
    assert freeze(head, TODAY).number == 7
    for period in (TOMORROW, R8):
        store.measure(period, [KEY])
        for asked in (lambda one=period: freeze(head, one), lambda one=period: correct(head, one, 8)):
            with pytest.raises(Problem) as refused:
                asked()
            assert refused.value.code == "runs"
        assert stands(head, period).status == "provisional"


def test_what_rests_on_it_freezes_no_day_that_has_not_come_either(
    answers: Said, town: Town, head: Context
) -> None:
    for period in (TOMORROW, R8, R7):
        answers.say(town.ref.id, period, 7)
    made = store.freeze(head, KEY, [TOMORROW, R8, R7], "点検")
    assert [queries.period_of(one) for one in made] == [R7]
    assert stands(head, R8).status == "provisional", "but it is measured for what rests on it"
    kept = [Figure(period, Decimal(1), at=NOW) for period in (TOMORROW, TODAY)]
    assert [one.last for one in store.keep(head, "test_other", kept, "点検")] == [TODAY.last]


# --- what was counted before a period was over --------------------------------------------------------------------------
def test_what_was_counted_too_early_is_counted_again(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R7, 70)
    with clock.frozen(dt.datetime(2026, 3, 28, 1, 30, tzinfo=JAPAN)):
        store.measure(R7, [KEY])
    assert stands(head, R7).status == "provisional", "the year is over, but it was not counted to its end"
    answers.say(town.ref.id, R7, 75)
    (made,) = store.freeze(head, KEY, [R7], "点検")
    assert made.number == 75


def test_the_first_moment_after_a_period_is_after_it(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R7, 70)
    for seconds, status in ((-1, "provisional"), (0, "preliminary")):
        with clock.frozen(R7.end + dt.timedelta(seconds=seconds)):
            store.measure(R7, [KEY])
        assert stands(head, R7).status == status
    answers.say(town.ref.id, R7, 75)
    (made,) = store.freeze(head, KEY, [R7], "点検")
    assert made.number == 70, "what was seen"


def test_what_cannot_be_counted_any_more_stays_as_it_was_counted(town: Town) -> None:
    head = town.ctx("plan_secretariat").begin()
    with said(recomputable=False) as answers:
        answers.say(town.ref.id, R7, 70)
        with clock.frozen(dt.datetime(2026, 3, 28, 1, 30, tzinfo=JAPAN)):
            store.measure(R7, [KEY])
        answers.say(town.ref.id, R7, 75)
        with clock.frozen(NOW):
            (made,) = store.freeze(head, KEY, [R7], "点検")
        assert (made.number, made.measured_at.date()) == (70, day("2026-03-27"))


# --- corrections and parts ----------------------------------------------------------------------------------------------
def test_the_same_number_corrects_nothing_where_there_are_parts(
    answers: Said, town: Town, head: Context
) -> None:
    answers.say(town.ref.id, R7, 75, web=70, paper=5)
    store.measure(R7, [KEY])
    with pytest.raises(Problem) as refused:
        correct(head, R7, 75)
    assert refused.value.code == "same"
    assert stands(head, R7).parts == {"web": 70, "paper": 5}
    assert (correct(head, R7, 76).parts, stands(head, R7).parts) == ({}, {}), "nobody said how it is split"
    parts = {"web": Decimal(70), "paper": Decimal(6)}
    made = store.correct(head, KEY, R7, Given(R7, Decimal(76), parts=parts), WHY)
    assert (made.revision, made.parts) == (2, {"web": "70", "paper": "6"})


def test_the_page_says_that_a_correction_has_no_parts(
    client: Client, answers: Said, town: Town, head: Context
) -> None:
    sign_in(client, town.account("plan_secretariat"))
    hint = "訂正した値には、内訳がありません。"
    for parts, told in (({}, False), ({"web": 70, "paper": 5}, True)):
        answers.say(town.ref.id, R7, 75, **parts)
        store.measure(R7, [KEY])
        page = client.get(f"/990019/desk/metrics/{KEY}/correct/", {"period": "令和7年度"})
        assert (hint in page.content.decode()) is told


# --- two at the same moment ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["metric", "formula", "keep", "load"])
def test_who_was_second_is_told(
    answers: Said, town: Town, head: Context, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's rows are not there yet when one looks."""
    answers.say(town.ref.id, R7, 75)
    figure = Figure(R7, Decimal(75), at=NOW)

    def once() -> None:
        if how == "keep":
            store.keep(head, KEY, [figure], "点検")
        elif how == "load":
            store.load_earlier(head, KEY, [Given(R7, Decimal(75))], None, "移しました。")
        else:
            said_of = {"metric": KEY} if how == "metric" else {"formula": f"[{KEY}]"}
            SOURCES.get(how).freeze(head, said_of, [R7], "点検")

    once()
    monkeypatch.setattr(store, "_frozen_rows", lambda _ctx, _key: FrozenFigure.unscoped.none())
    with pytest.raises(Problem) as refused:
        once()
    assert refused.value.code == "stale"
    assert FrozenFigure.unscoped.count() == 1
