"""Counts of persons go into the plan, and out of the house, only as the public reads them already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.engines.metrics.sample import Said, said
from tests.engines.metrics.series.sample import COUNT, count, typed
from tests.services.plan.measured.conftest import DAY, ONLINE, at, bind, row, standing
from tests.services.plan.year.conftest import Year, initiative_of
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import PublicFigure, Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series.layout import Layout
from yakuba.engines.metrics.store import measure, release
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.measured import working
from yakuba.services.plan.measured.beside import SMALL, UNPUBLISHED, Outward
from yakuba.services.plan.measured.queries import bindings, figures_of
from yakuba.services.plan.measured.withheld import withheld
from yakuba.services.plan.models import ReviewActual
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


def out(of: Year, period: Period = DAY) -> Outward:
    ctx = of.ctx("staff")
    bound = bindings(ctx, of.edition)
    figures = figures_of(ctx, bound, [period])
    (found,) = withheld(ctx, bound, {at: one[period] for at, one in figures.items()}).values()
    return found


def why(of: Year, period: Period = DAY) -> str:
    """Why it is kept from the public; where it is not, it is the very one that was measured."""
    found = out(of, period)
    assert found.instead is None
    return found.why


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
        """What is published stands in the place of what was measured: in the form, and in the sheet."""
        bound_to(year)
        told(year, persons, {DAY: 100, R7: 100})
        told(year, persons, {DAY: 102, R7: 102})
        assert set(PublicFigure.unscoped.values_list("number", flat=True)) == {100}
        found = out(year)
        assert found.why == ""
        assert found.instead is not None
        assert found.instead.number == 100
        line = sheet(year)
        assert (line.cells["actual"], line.cells["source"]) == ("100人", "計測（公開している値）")
        clerk, here = at(year, "plan_editor"), f"/990019/desk/plan/reviews/{year.review(ONLINE).pk}/"
        page = clerk.get(here).content.decode()
        assert "<b>100人</b>" in page
        assert "公開している値です。" in page
        assert "102人" not in page
        assert clerk.post(here, {"take": "0", "version": str(year.review(ONLINE).version)}).status_code == 303
        answer = ReviewActual.unscoped.get()
        assert answer.raw == "100人"
        assert answer.evidence == "計測値（申請した人の数、令和8年3月31日現在、公開している値）"

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


SERIES = "persons"
INTERIM = Period.as_of(dt.date(2026, 3, 1))
"""Eleven months of R7 end by it."""


def brought(of: Year, numbers: Mapping[int, int], **more: Any) -> Series:
    """A public monthly series of persons with these months of R7, bound to the indicator."""
    ctx = of.ctx("plan_editor")
    found = count(of.town, SERIES, unit="人", least=5, **more)
    for month, number in numbers.items():
        found = typed(ctx, found, 2025, month, str(number))
    bind(of, row(initiative_of(of, ONLINE).pk, "series", seen="", said={"series": SERIES}))
    return found


YEAR = dict.fromkeys((*range(4, 13), 1, 2), 30)


@pytest.mark.django_db
class TestSeries:
    """An interim round asks for a 基準日, of which nobody brings a value."""

    def test_what_released_months_come_to_is_taken_over(self, year: Year) -> None:
        brought(year, YEAR)
        assert not PublicFigure.unscoped.filter(kind="as_of").exists()
        assert why(year, INTERIM) == ""

    def test_in_a_formula_as_well(self, year: Year) -> None:
        brought(year, YEAR)
        bind(year, row(initiative_of(year, ONLINE).pk, "formula", seen=str(standing(year).pk),
                       said={"formula": f"[外部:{SERIES}] + 1"}))  # fmt: skip
        assert why(year, INTERIM) == ""

    @pytest.mark.parametrize("layout", [COUNT, replace(COUNT, fold="last")])
    def test_what_rests_on_a_hidden_month_is_not(self, year: Year, layout: Layout) -> None:
        brought(year, {**YEAR, 2: 3 if layout.fold != "last" else 31}, layout=layout.to_json())
        assert PublicFigure.unscoped.get(kind="month", last=dt.date(2026, 2, 28)).hidden
        assert why(year, INTERIM) == SMALL

    def test_nor_on_one_that_is_not_released(self, year: Year) -> None:
        brought(year, YEAR)
        PublicFigure.unscoped.filter(kind="month", last=dt.date(2026, 2, 28)).delete()
        assert why(year, INTERIM) == UNPUBLISHED

    def test_a_month_that_nobody_brought_is_no_reason(self, year: Year) -> None:
        brought(year, {month: number for month, number in YEAR.items() if month != 2})
        assert why(year, INTERIM) == ""

    def test_of_a_yearly_one_its_year_counts(self, year: Year) -> None:
        found = brought(year, {}, every="year")
        typed(year.ctx("plan_editor"), found, 2025, None, "30")
        assert why(year, INTERIM) == ""

    def test_what_an_attendance_list_brought_before_its_guard_is_guarded(self, year: Year) -> None:
        found = brought(year, {}, every="year")
        Series.unscoped.filter(pk=found.pk).update(least=0, layout={**found.layout, "listed": True})
        typed(year.ctx("plan_editor"), found, 2025, None, "3")
        assert why(year, R7) == SMALL


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


@pytest.mark.django_db
@pytest.mark.parametrize("opened", [True, False])
def test_what_a_round_has_measured_may_be_taken_over_at_once(year: Year, persons: Said, opened: bool) -> None:
    bound_to(year)
    persons.say(year.town.ref.id, DAY, 30)
    if opened:
        working.measure_round(year.ctx("cli"), {"kind": working.KIND, "round": str(year.round.pk)}, "")
    else:
        working.measure_running(year.ctx("cli"))
    assert why(year) == ""
