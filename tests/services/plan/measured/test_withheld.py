"""Counts of persons go into the plan, and out of the house, only as the public reads them already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.engines.metrics.sample import Said, said
from tests.services.plan.measured.conftest import DAY, ONLINE, bind, row
from tests.services.plan.year.conftest import Year, initiative_of
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.store import measure, release
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.measured.beside import SMALL, UNPUBLISHED
from yakuba.services.plan.measured.queries import bindings, figures_of
from yakuba.services.plan.measured.withheld import withheld
from yakuba.services.plan.outside import answers

KEY = "test_persons"
R5, R6, R7 = (Period.year(FiscalYear(year)) for year in (2023, 2024, 2025))


@pytest.fixture
def persons() -> Iterator[Said]:
    """申請した人数, of which fewer than five are told to nobody."""
    with said(
        KEY, label="申請した人の数", unit="人", aggregation="year_total", least=5, public=True,
        parts={"post": "郵送", "desk": "窓口"},
    ) as answers:  # fmt: skip
        yield answers


def bound_to(of: Year, formula: str = "", key: str = KEY) -> None:
    more: dict[str, Any] = {"said": {"formula": formula}} if formula else {"said": {"metric": key}}
    bind(of, row(initiative_of(of, ONLINE).pk, "formula" if formula else "metric", seen="", **more))


def told(of: Year, metric: Said, numbers: dict[Period, Any], *, public: bool = True) -> None:
    """What was measured, and released where it may be."""
    for period, number in numbers.items():
        parts = number if isinstance(number, dict) else {}
        metric.say(of.town.ref.id, period, sum(parts.values()) if parts else number, **parts)
        measure(period, [KEY])
    if public:
        release(of.ctx("cli"), [KEY])


def why(of: Year, period: Period = DAY) -> str:
    ctx = of.ctx("staff")
    bound = bindings(ctx, of.edition)
    figures = figures_of(ctx, bound, [period])
    (found,) = withheld(ctx, bound, {at: one[period] for at, one in figures.items()}).values()
    return found


@pytest.mark.django_db
class TestTakingOver:
    def test_what_the_public_reads_is_taken_over(self, year: Year, persons: Said) -> None:
        bound_to(year)
        told(year, persons, {DAY: 30})
        assert why(year) == ""

    def test_a_sum_over_years_of_which_one_is_hidden_is_not(self, year: Year, persons: Said) -> None:
        """53 less the 20 and the 30 that the public reads are 3 persons."""
        bound_to(year, f"累計([{KEY}], 令和5年度)")
        told(year, persons, {R5: 3, R6: 20, DAY: 30})
        assert PublicFigure.unscoped.get(last=R5.last).hidden
        assert not PublicFigure.unscoped.get(last=DAY.last).hidden
        assert why(year) == SMALL

    def test_a_sum_over_years_that_the_public_reads_is(self, year: Year, persons: Said) -> None:
        bound_to(year, f"累計([{KEY}], 令和5年度)")
        told(year, persons, {R5: 30, R6: 20, DAY: 30})
        assert why(year) == ""

    def test_parts_that_were_left_out_are_not_counted_by_a_formula(self, year: Year, persons: Said) -> None:
        bound_to(year, f"件数([{KEY}], 「郵送」)")
        told(year, persons, {DAY: {"post": 2, "desk": 28}})
        assert not PublicFigure.unscoped.get(last=DAY.last).hidden
        assert why(year) == UNPUBLISHED

    def test_those_who_came_in_late_do_not_show_beside_what_stands_public(
        self, year: Year, persons: Said
    ) -> None:
        bound_to(year)
        told(year, persons, {DAY: 100})
        told(year, persons, {DAY: 102})
        assert PublicFigure.unscoped.get(last=DAY.last).number == 100
        assert why(year) == UNPUBLISHED

    def test_what_is_not_released_is_judged_with_what_is(self, year: Year, persons: Said) -> None:
        """Of a year up to a day, by itself large, months that the public reads leave three."""
        bound_to(year)
        told(year, persons, {Period.month(DAY.last): 27})
        told(year, persons, {DAY: 30}, public=False)
        assert why(year) == UNPUBLISHED

    def test_what_is_small_by_itself_says_so(self, year: Year, persons: Said) -> None:
        bound_to(year)
        told(year, persons, {DAY: 3}, public=False)
        assert why(year) == SMALL

    def test_what_tells_of_nobody_needs_no_release(self, year: Year, persons: Said) -> None:
        bound_to(year, f"[{KEY}] + 1")
        told(year, persons, {DAY: 30}, public=False)
        assert why(year) == UNPUBLISHED
        with METRICS.temporarily(KEY, replace(METRICS.get(KEY), least=0)):
            assert why(year) == ""


@pytest.mark.django_db
class TestAnswerSheet:
    """It leaves the house."""

    @pytest.mark.parametrize(
        ("number", "public", "words"),
        [
            (30, True, ""),
            (3, True, "人数が少ないため公開できません。"),
            (30, False, "公開していない計測値です。"),
        ],
    )
    def test_what_the_public_does_not_get_stays_open(
        self, year: Year, persons: Said, number: int, public: bool, words: str
    ) -> None:
        bound_to(year)
        told(year, persons, {R7: number})
        with METRICS.temporarily(KEY, replace(METRICS.get(KEY), public=public)):
            release(year.ctx("cli"), [KEY])
            line = sheet(year)
        assert line.open is bool(words)
        assert ("30" in str(line.cells["actual"])) is not bool(words)
        assert line.cells["source"] == (words or "計測")


@pytest.mark.django_db
def test_what_is_measured_is_answered_in_its_own_unit(year: Year, persons: Said) -> None:
    """30 persons are no 30 手続."""
    bound_to(year)
    told(year, persons, {R7: 30})
    assert sheet(year).cells["actual"] == "30人"


def sheet(of: Year) -> answers.Line:
    """The line of the indicator in the survey's sheet."""
    from tests.services.plan.outside.test_codes import keep

    keep(of.town, of.edition, ONLINE, project="0101")
    (line,) = answers.answers(
        of.ctx("plan_secretariat"), of.edition, "project", FiscalYear(2025), "provisional"
    )
    return line
