"""An indicator's chart: printed values, measured ones, a changed definition, a line into the years to come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.engines.metrics import wording
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure, Ground
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.components import indicator_chart
from yakuba.services.plan import public_figures
from yakuba.services.plan.scoreboard import drawing, figures, provenance
from yakuba.services.plan.scoreboard.drawing import Chart


def taken(year: int, number: str | None, **more: object) -> Figure:
    return Figure(
        Period.year(FiscalYear(year)),
        Decimal(number) if number else None,
        status="final",
        **more,  # type: ignore[arg-type]  # keywords of a frozen dataclass
    )


def of(values: list[Form], found: list[Figure], **more: object) -> Chart:
    one = indicator("手続数", values, unit="手続", direction="increase", **more)
    view = public_figures.indicator(initiative("1", "x", indicators=[one]), 1)
    assert view is not None
    share = one["aggregation"] == "ratio"
    return drawing.chart(view, one, figures.by_year(found), {1: "前の数え方", 2: "新しい数え方"}, share=share)


def html_of(chart: Chart) -> str:
    return str(
        indicator_chart(
            "k", "手続数", chart.actual, chart.view.target, baseline=chart.view.baseline,
            beside=chart.beside, breaks=chart.breaks,
        )
    )  # fmt: skip


class TestByYear:
    def test_the_whole_year_counts_before_a_day_of_it(self) -> None:
        year, day = Period.year(FiscalYear(2024)), Period.as_of(FiscalYear(2024).end.replace(month=3, day=1))
        found = figures.by_year([Figure(year, Decimal(9)), Figure(day, Decimal(8))])
        assert found[2024].number == 9

    def test_a_month_says_nothing_of_a_years_total(self) -> None:
        month = Figure(Period.month(FiscalYear(2024).end), Decimal(3))
        assert figures.by_year([month], "year_total") == {}
        assert figures.by_year([month], "at_date")[2024].number == 3

    def test_a_months_share_says_nothing_of_its_years(self) -> None:
        """16 of 20 in October are no 80 % of a year that the last one ended with 600 of 1,000."""
        october = Period.month(FiscalYear(2026).start.replace(month=10))
        month = Figure(october, Decimal(80), numerator=Decimal(16), denominator=Decimal(20))
        found = figures.by_year([taken(2025, "60"), month], "ratio")
        assert {year: one.number for year, one in found.items()} == {2025: 60}

    def test_the_newer_definition_counts(self) -> None:
        found = figures.by_year([taken(2024, "9", version=2), taken(2024, "7", version=1)])
        assert found[2024].number == 9

    def test_no_number_is_no_nought(self) -> None:
        assert figures.numbers(figures.by_year([taken(2024, None)])) == {}


class TestChart:
    def test_measured_years_stand_beside_printed_ones(self) -> None:
        chart = of([value("5手続", 2023, number="5")], [taken(2023, "5"), taken(2024, "8")])
        html = html_of(chart)
        assert "計測" in html
        assert ">8<" in html

    def test_a_changed_definition_cuts_the_line_and_the_forecast(self) -> None:
        chart = of(
            [value("30", 2028, "target", number="30")],
            [
                *(taken(year, str(number)) for year, number in ((2021, 2), (2022, 4), (2023, 6))),
                taken(2024, "20", version=2),
                taken(2025, "22", version=2),
            ],
        )
        assert chart.breaks == {2024: "新しい数え方"}
        assert chart.forecast is None, "two years of the new definition say too little"
        assert "定義変更" in html_of(chart)

    def test_a_line_goes_on_to_the_last_target_and_says_how(self) -> None:
        chart = of(
            [
                *(value(str(n), y, number=str(n)) for y, n in ((2022, 10), (2023, 20), (2024, 30))),
                value("60", 2026, "target", number="60"),
            ],
            [taken(2025, "40")],
        )
        assert chart.forecast is not None
        assert dict(chart.forecast.values) == {2026: Decimal(50)}
        assert chart.reaches is False
        assert "届かない見通し" in chart.sentence
        html = html_of(chart)
        assert "見通し" in html
        assert "（見込）" not in html, "what is reckoned is not a document's provisional value"

    def test_words_have_no_forecast_and_no_bar(self) -> None:
        chart = of(
            [value("検討", 2023, state="検討"), value("実施", 2026, "target", state="実施")],
            [Figure(Period.year(FiscalYear(2024)), None, state="試行", status="final")],
        )
        assert chart.forecast is None
        assert [one.word for one in chart.actual.drawn()] == ["検討", "試行"]

    def test_a_share_ends_at_a_hundred(self) -> None:
        chart = of(
            [
                *(value(str(n), y, number=str(n)) for y, n in ((2022, 70), (2023, 85), (2024, 99))),
                value("100", 2026, "target", number="100"),
            ],
            [],
            aggregation="ratio",
        )
        assert chart.forecast is not None
        assert chart.forecast.values[-1][1] == 100


class TestProvenance:
    def test_a_figure_has_its_parts_its_definition_and_its_corrections(self) -> None:
        one = taken(
            2025, "70", numerator=Decimal(84), denominator=Decimal(120), version=2, revision=1,
            note="窓口の分を数えていなかった", by="見本 花子", parts={"web": Decimal(80)},
        )  # fmt: skip
        line = provenance.measured([one], "％", {"web": "ウェブ"})[0]
        assert (line.period, line.value, line.behind) == ("令和7年度", "70％", "84／120")
        assert line.definition == "第2版"
        assert "窓口の分" in line.corrected
        assert line.parts == (("ウェブ", "80"),)
        assert "見本 花子" in line.told

    def test_months_are_left_to_the_page_of_what_was_measured(self) -> None:
        month = Figure(Period.month(FiscalYear(2025).end), Decimal(7), status="final")
        assert [one.period for one in provenance.measured([month, taken(2025, "84")], "", {})] == [
            "令和7年度"
        ]
        assert [one.value for one in provenance.measured([month], "", {})] == ["7"]

    def test_an_older_system_is_told(self) -> None:
        assert provenance.measured([taken(2019, "3", version=0)], "", {})[0].definition == "以前のシステム"

    def test_every_revision_of_a_printed_value_is_there(self) -> None:
        one = indicator(
            "手続数",
            [value("90", 2025, "target"), value("80", 2025, "target", revision=1, reason="予算の減")],
        )
        found = provenance.printed(one)
        assert [line.value for line in found] == ["90", "80"]
        assert "予算の減" in found[1].corrected


class TestGrounds:
    def test_months_stand_one_a_line_under_their_name_once(self) -> None:
        months = [Ground(f"コンビニ交付の件数 令和7年{n}月", f"{n}件", f"/series/#{n}") for n in (4, 5, 6)]
        one = replace(taken(2025, "15"), grounds=(*months, Ground("まだない月", "9 か月")))
        lines = provenance.measured([one], "件", {})
        assert [(each.name, [row.label for row in each.rows]) for each in lines[0].grounds] == [
            ("コンビニ交付の件数", ["令和7年4月", "令和7年5月", "令和7年6月"]),
            ("", ["まだない月"]),
        ]
        html = render_to_string("plan/_figure_lines.html", {"lines": lines})
        assert html.count("コンビニ交付の件数") == 1
        assert html.count("<li>") == 4
        assert '<td colspan="3"><details' in html
        assert html.count("<tr>") == 3, "head, figure, what it rests on"

    @pytest.mark.parametrize("number", ["97.14", "97.15", "0.04", "1204", "33.333333", "-2.25"])
    def test_every_page_rounds_alike(self, number: str) -> None:
        assert drawing.raw(taken(2025, number)) == wording.number_text(Decimal(number))
