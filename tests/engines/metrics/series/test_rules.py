"""What is owed by when, what a file brings beside what is there, what months come to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import rules
from yakuba.engines.metrics.series.reading import Brought
from yakuba.engines.metrics.series.rules import Plan, Standing
from yakuba.kernel.dates import FiscalYear

R7 = FiscalYear(2025)
YEARLY = Plan("year", dt.date(2023, 4, 1), 30)
MONTHLY = Plan("month", dt.date(2026, 1, 1), 15)
TODAY = dt.date(2026, 5, 10)


def month(number: int, year: int = 2026) -> Period:
    return Period.month(dt.date(year, number, 1))


def stands(period: Period, number: object, status: str = "preliminary", **more: object) -> Standing:
    return Standing(period, number=Decimal(str(number)), status=status, **more)  # type: ignore[arg-type]


def brought(period: Period, number: object) -> Brought:
    return Brought(period, raw=str(number), number=Decimal(str(number)))


# --- owed -------------------------------------------------------------------------------------------------------------
def test_what_is_over_and_missing_is_owed_with_its_day() -> None:
    found = rules.owed(MONTHLY, frozenset({month(2)}), TODAY)
    assert [one.period for one in found] == [month(1), month(3), month(4)]
    assert found[0].due == dt.date(2026, 2, 15)
    assert [one.late(TODAY) for one in found] == [84, 25, 0]


def test_a_year_stands_for_its_months_and_an_end_ends_it() -> None:
    assert rules.owed(MONTHLY, frozenset({Period.year(R7)}), TODAY)[0].period == month(4)
    ended = Plan("month", dt.date(2026, 1, 1), 15, dt.date(2026, 2, 28))
    assert [one.period for one in rules.owed(ended, frozenset(), TODAY)] == [month(1), month(2)]
    assert [one.period.fiscal_year for one in rules.owed(YEARLY, frozenset(), TODAY)] == [
        FiscalYear(2023),
        FiscalYear(2024),
        R7,
    ]


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1)),
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.sets(st.integers(0, 100)),
)
def test_owed_and_there_are_all_that_is_over(first: dt.date, today: dt.date, offsets: set[int]) -> None:
    plan = Plan("month", first, 10)
    over = list(plan.over(today))
    there = frozenset(one for place, one in enumerate(over) if place in offsets)
    assert {one.period for one in rules.owed(plan, there, today)} | there == set(over)
    assert all(one.last < today and one.last >= first for one in over)
    assert len(over) == len({one.last for one in over})


@given(st.integers(-30, 60))
def test_a_reminder_comes_a_week_before_the_day_after_and_each_week(days: int) -> None:
    due = dt.date(2026, 4, 30)
    today = due + dt.timedelta(days=days)
    occasions = [due - dt.timedelta(days=7), *(due + dt.timedelta(days=1 + 7 * n) for n in range(20))]
    assert rules.occasion(due, today) == max((one for one in occasions if one <= today), default=None)


# --- beside -----------------------------------------------------------------------------------------------------------
def laid(
    now: Standing | None, number: object, status: str, plan: Plan = MONTHLY, period: Period | None = None
) -> rules.Beside:
    period = period or (now.period if now else month(4))
    there = {now.period: now} if now else {}
    return rules.beside([brought(period, number)], there, status=status, plan=plan, today=TODAY)[0]


def test_new_same_firmer_and_changed() -> None:
    assert laid(None, 5, "preliminary").verdict == "new"
    assert laid(stands(month(4), 5), 5, "preliminary").verdict == "same"
    assert laid(stands(month(4), 5), 5, "final").verdict == "firmer"
    changed = laid(stands(month(4), 5), 7, "final")
    assert (changed.verdict, changed.difference, changed.reason) == ("changed", 2, False)


def test_what_was_final_changes_with_a_reason_and_never_softens() -> None:
    assert laid(stands(month(4), 5, "final"), 7, "final").reason
    assert laid(stands(month(4), 5, "final"), 7, "preliminary").verdict == "refused"
    assert laid(stands(month(4), 5, "final"), 5, "preliminary").verdict == "same"


def test_the_running_period_is_not_final_and_the_future_nothing() -> None:
    assert laid(None, 5, "final", period=month(5)).verdict == "refused"
    assert laid(None, 5, "provisional", period=month(5)).verdict == "new"
    assert laid(None, 5, "provisional", period=month(6)).verdict == "refused"


def test_while_a_period_runs_nothing_is_firmer_than_provisional() -> None:
    assert rules.firmness("preliminary", month(5), TODAY) == "provisional"
    assert rules.firmness("preliminary", month(4), TODAY) == "preliminary"
    assert laid(stands(month(5), 5, "provisional"), 5, "preliminary").verdict == "same"
    assert laid(stands(month(4), 5, "provisional"), 5, "preliminary").verdict == "firmer"


def test_a_figure_in_another_unit_is_pointed_out() -> None:
    found = rules.beside(
        [brought(month(3), 12), brought(month(4), 12_480)],
        {},
        status="preliminary",
        plan=MONTHLY,
        today=TODAY,
    )
    assert not found[0].warning
    assert found[1].warning
    assert not laid(stands(month(3), 100), 130, "preliminary", period=month(4)).warning


@given(st.decimals(-500, 500, places=2))
def test_a_share_is_between_nothing_and_the_whole(number: Decimal) -> None:
    def verdict(aggregation: str, found: Brought) -> str:
        one = rules.beside(
            [found], {}, status="preliminary", plan=MONTHLY, today=TODAY, aggregation=aggregation
        )
        return one[0].verdict

    assert verdict("ratio", brought(month(4), number)) == ("new" if 0 <= number <= 100 else "refused")
    assert verdict("average", brought(month(4), number)) == "new"
    swapped = replace(brought(month(4), "270.99"), numerator=Decimal("270.99"), denominator=Decimal(100))
    assert verdict("ratio", swapped) == "refused"
    hidden = replace(swapped, number=Decimal(50))
    assert verdict("ratio", hidden) == "refused", "its two numbers say something else"


# --- months to years --------------------------------------------------------------------------------------------------
def test_months_are_counted_until_a_day() -> None:
    assert len(rules.months_of(R7)) == 12
    assert rules.months_of(R7)[0].first == dt.date(2025, 4, 1)
    assert rules.months_of(R7, dt.date(2026, 3, 1))[-1] == month(2)


def test_a_missing_month_makes_a_sum_provisional() -> None:
    months = rules.months_of(R7)
    kept = [stands(one, 10, "final") for one in months[:11]]
    found = rules.folded(kept, months, aggregation="year_total", fold="sum")
    assert found is not None
    assert (found.number, found.status, found.missing) == (110, "provisional", (months[11],))
    whole = rules.folded(
        [*kept, stands(months[11], 5, "preliminary")], months, aggregation="year_total", fold="sum"
    )
    assert whole is not None
    assert (whole.number, whole.status) == (115, "preliminary")


def test_shares_of_months_add_up_by_their_two_numbers_or_not_at_all() -> None:
    months = rules.months_of(R7)[:2]
    kept = [
        stands(months[0], 50, numerator=Decimal(1), denominator=Decimal(2)),
        stands(months[1], 0, numerator=Decimal(0), denominator=Decimal(8)),
    ]
    found = rules.folded(kept, months, aggregation="ratio", fold="sum")
    assert found is not None
    assert (found.number, found.numerator, found.denominator) == (10, 1, 10)
    bare = rules.folded([stands(months[0], 50), kept[1]], months, aggregation="ratio", fold="sum")
    assert bare is not None
    assert bare.number is None
    last = rules.folded(
        [stands(months[0], 50), stands(months[1], 40)], months, aggregation="ratio", fold="last"
    )
    assert last is not None
    assert last.number == 40


@given(
    st.lists(
        st.tuples(
            st.integers(0, 11), st.integers(0, 1000), st.sampled_from(["provisional", "preliminary", "final"])
        ),
        unique_by=lambda one: one[0],
    )
)
def test_a_year_is_the_sum_of_its_months_by_hand(said: list[tuple[int, int, str]]) -> None:
    months = rules.months_of(R7)
    found = rules.folded(
        [stands(months[place], number, status) for place, number, status in said],
        months,
        aggregation="year_total",
        fold="sum",
    )
    if not said:
        assert found is None
        return
    assert found is not None
    assert found.number == sum(number for _place, number, _status in said)
    assert len(found.missing) == 12 - len(said)
    if len(said) == 12:
        assert rules.RANKS[found.status] == min(rules.RANKS[status] for _place, _number, status in said)


def test_another_definition_does_not_add_up_with_the_old_one() -> None:
    months = rules.months_of(R7)[:2]
    found = rules.folded(
        [stands(months[0], 100, version=1), stands(months[1], 7, version=2)],
        months,
        aggregation="year_total",
        fold="sum",
    )
    assert found is not None
    assert (found.number, found.version, found.missing) == (7, 2, (months[0],))
