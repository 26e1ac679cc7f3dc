"""A file to what it says of each period, with every fault at its cell."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import layout as layouts
from yakuba.engines.metrics.series import reading
from yakuba.engines.metrics.series.layout import Layout, Only
from yakuba.engines.metrics.series.reading import Reading
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read as read_sheet
from yakuba.kernel.text.my_number import hide

SHARE = Layout(columns={"period": "対象年月", "numerator": "電子申告件数", "denominator": "申告総数"})
PLAIN = Layout(columns={"period": "年月", "value": "件数"})


def month(year: int, number: int) -> Period:
    return Period.month(dt.date(year, number, 1))


def read(rows: Sequence[Sequence[object]], layout: Layout = PLAIN, *, every: str = "month", aggregation: str = "year_total", unit: str = "",
         asked: Period | None = None, fixes: Mapping[str, str] | None = None) -> Reading:  # fmt: skip
    return reading.read(
        Grid(rows), layout, every=every, aggregation=aggregation, unit=unit, asked=asked, fixes=fixes
    )  # type: ignore[arg-type]


def test_a_share_keeps_its_two_numbers() -> None:
    found = read(
        [["eLTAX 利用状況"], [], ["対象年月", "申告総数", "電子申告件数"], ["令和8年4月", "1,240", "１，０７７"], ["令和8年5月", 980, 861]],
        SHARE,
        aggregation="ratio",
    )  # fmt: skip
    assert not found.faults
    first = found.brought[0]
    assert first.period == month(2026, 4)
    assert (first.numerator, first.denominator) == (1077, 1240)
    assert first.number == Decimal("86.854839")
    assert first.line == 4


def test_only_the_rows_that_count() -> None:
    layout = Layout(columns={"period": "年度", "value": "率"}, only=(Only("税目", "法人市民税"),))
    rows = [
        ["年度", "税目", "率"],
        ["令和5年度", "法人市民税", "84.1%"],
        ["令和5年度", "償却資産", "46.2%"],
        ["令和6年度", "法人市民税", "86.0%"],
    ]
    found = read(rows, layout, every="year", aggregation="ratio")
    assert [(one.period.fiscal_year, one.number) for one in found.brought] == [
        (FiscalYear(2023), Decimal("84.1")),
        (FiscalYear(2024), Decimal(86)),
    ]
    assert [number for number, _why in found.passed] == [3]


def test_every_fault_stands_at_its_cell_and_can_be_put_right() -> None:
    rows = [
        ["年月", "件数"],
        ["R8.4", "12件中3"],
        ["いつか", 5],
        ["R8.6", 7],
        ["計", 24],
        [None, None],
        ["R8.7", "集計中"],
    ]
    found = read(rows)
    assert [(one.address, one.head) for one in found.faults] == [("B2", "件数"), ("A3", "年月")]
    assert [one.period for one in found.brought] == [month(2026, 6)]
    assert {number for number, _why in found.passed} == {5, 7}
    again = read(rows, fixes={"B2": "3", "A3": "R8.5"})
    assert not again.faults
    assert [one.number for one in again.brought] == [3, 5, 7]
    left_out = read(rows, fixes={"B2": "3", "A3": ""})
    assert not left_out.faults
    assert [one.period for one in left_out.brought] == [month(2026, 4), month(2026, 6)]


def test_a_period_without_a_name_is_asked_for_where_it_has_figures() -> None:
    found = read([["年月", "件数"], [None, 5], [None, None]])
    assert [one.address for one in found.faults] == ["A2"]


@pytest.mark.parametrize(("several", "number"), [("sum", 30), ("last", 20)])
def test_daily_rows_come_to_a_month(several: str, number: int) -> None:
    layout = Layout(columns={"period": "date", "value": "contacts"}, several=several)
    found = read([["date", "contacts"], ["20260430", 20], ["20260401", 10]], layout)
    assert [(one.period, one.number, one.rows) for one in found.brought] == [
        (month(2026, 4), number, 2 if several == "sum" else 1)
    ]


def test_a_period_that_stands_twice_is_a_fault_unless_the_layout_says_otherwise() -> None:
    found = read([["年月", "件数"], ["R8.4", 1], ["令和8年4月", 2]])
    assert [one.address for one in found.faults] == ["B3"]
    assert "2行目" in found.faults[0].message
    assert read([["年月", "件数"], ["R8.4", 1], ["令和8年4月", 2]], fixes={"B3": ""}).brought[0].number == 1


def test_parts_add_up_to_the_number() -> None:
    layout = Layout(columns={"period": "年月", "value": "件数", "part": "証明書"}, several="sum")
    rows = [
        ["年月", "証明書", "件数"],
        ["R8.4", "住民票", 10],
        ["R8.4", "印鑑", 4],
        ["R8.4", "合計", 14],
        ["R8.4", "住民票", 1],
    ]
    one = read(rows, layout).brought[0]
    assert one.number == 15
    assert one.parts == {"住民票": 11, "印鑑": 4}


def test_a_file_of_one_period_that_it_does_not_name() -> None:
    layout = Layout(period="asked", columns={"value": "C列"})
    found = read([["コンビニ", "枚数", 1204]], layout, asked=month(2026, 4))
    assert [(one.period, one.number) for one in found.brought] == [(month(2026, 4), 1204)]
    with pytest.raises(Problem):
        read([["コンビニ", "枚数", 1204]], layout)


def test_a_file_without_heads_names_its_columns_by_their_place() -> None:
    layout = Layout(columns={"period": "A列", "value": "Ｂ列"})
    found = read([["年月", "件数"], ["202604", 3]], layout)
    assert [one.number for one in found.brought] == [3]
    assert not found.faults


def test_year_and_month_in_two_columns() -> None:
    layout = Layout(period="year_month", columns={"year": "年度", "month": "月", "value": "件数"})
    rows = [["年度", "月", "件数"], ["令和7年度", "3月", 9], ["令和7年度", "計", 9], ["令和7年度", "十三", 1]]
    found = read(rows, layout)
    assert [(one.period, one.number) for one in found.brought] == [(month(2026, 3), 9)]
    assert [one.address for one in found.faults] == ["B4"]


def test_words_are_kept_as_words() -> None:
    layout = Layout(columns={"period": "年度", "value": "状況"})
    found = read(
        [["年度", "状況"], ["R6", "検討"], ["R7", "試行"], ["R8", "―"]],
        layout,
        every="year",
        aggregation="state",
    )
    assert [one.state for one in found.brought] == ["検討", "試行"]


def test_fractions_are_read_as_the_layout_says() -> None:
    layout = Layout(columns={"period": "年度", "value": "率"}, share="fraction")
    rows = [["年度", "率"], ["R6", 0.312], ["R7", "31.2%"]]
    assert [one.number for one in read(rows, layout, every="year", aggregation="ratio").brought] == [
        Decimal("31.2")
    ] * 2


def test_a_share_of_nothing_says_nothing() -> None:
    one = read(
        [["対象年月", "電子申告件数", "申告総数"], ["R8.4", 0, 0]], SHARE, aggregation="ratio"
    ).brought[0]
    assert one.number is None
    assert not one.says
    assert one.warning


def test_half_a_share_is_a_fault() -> None:
    found = read(
        [["対象年月", "電子申告件数", "申告総数"], ["R8.4", 5, "集計中"]], SHARE, aggregation="ratio"
    )
    assert [one.address for one in found.faults] == ["C2"]


def test_heads_with_a_unit_are_found_and_missing_ones_named() -> None:
    assert read([["年 月", "件数（件）"], ["R8.4", 5]]).brought[0].number == 5
    with pytest.raises(Problem) as caught:
        read([["年月", "枚数"], ["R8.4", 5]])
    assert "件数" in caught.value.message
    assert "枚数" in caught.value.message
    with pytest.raises(Problem) as caught:
        read([["年月", "件数", "件数"], ["R8.4", 5, 6]])
    assert caught.value.code == "head_twice"


def test_an_error_of_the_workbook_is_no_empty_cell() -> None:
    grid = Grid([["年月", "件数"], ["R8.4", None]], {"B2": "#REF!"})
    found = reading.read(grid, PLAIN, every="month", aggregation="year_total")
    assert [one.address for one in found.faults] == ["B2"]
    again = reading.read(grid, PLAIN, every="month", aggregation="year_total", fixes={"B2": "8"})
    assert again.brought[0].number == 8


def test_a_file_with_my_numbers_is_refused_whole() -> None:
    with pytest.raises(Problem) as caught:
        read([["年月", "件数", "個人番号"], ["R8.4", 5, "123456789018"]])
    assert caught.value.code == "my_number"
    assert "123456789018" not in caught.value.message
    assert read([["年月", "件数", "マイナンバーカード交付"], ["R8.4", 5, 120]]).brought


def held(number: int) -> str:
    """A number of twelve digits with the check digit that it needs."""
    return next(
        f"{number:011}{one}" for one in range(10) if hide(f"{number:011}{one}") != f"{number:011}{one}"
    )


@pytest.mark.parametrize(
    "rows",
    [
        [["年月", "件数", "個人番号"], ["R8.4", 5, "123456789018"]],
        [["交付の一覧", None, None], ["年月", "件数", "個人番号"], ["R8.4", 5, 123456789018.0]],
        [["年月", "件数", "ﾏｲﾅﾝﾊﾞｰ"], ["R8.4", 5, "1234-5678-9012"]],
        [["R8.4", 5, held(12345678901)], ["R8.5", 6, held(23456789012)]],
        [["R8.4", 5, None], ["R8.5", 6, held(23456789012)]],
        [["年月", "件数", "備考"], ["R8.4", 5, f"本人は {held(34567890123)} です"]],
    ],
    ids=["head", "head below a title", "half width", "no heads", "one cell", "in words"],
)
def test_columns_named_by_letters_keep_no_my_number_either(rows: list[list[Any]]) -> None:
    letters = Layout(columns={"period": "A列", "value": "B列"})
    with pytest.raises(Problem) as caught:
        reading.read(Grid(rows), letters, every="month", aggregation="year_total")
    assert caught.value.code == "my_number"


@pytest.mark.parametrize(
    "rows",
    [
        [["年月", "件数", "免許証番号"], ["R8.4", 5, held(12345678901)]],
        [["R8.4", 5, 123456789012.0], ["R8.5", 6, 123456789013.0], ["R8.6", 6, float(held(12345678901))]],
        [["年月", "件数", "法人番号"], ["R8.4", 5, "1234567890123"]],
    ],
    ids=["another number", "amounts", "thirteen digits"],
)
def test_other_long_numbers_are_none(rows: list[list[Any]]) -> None:
    letters = Layout(columns={"period": "A列", "value": "B列"})
    assert reading.read(Grid(rows), letters, every="month", aggregation="year_total").rows


HEADS = st.sampled_from(["件数", "1件あたり費用", "令和8年4月", "ID", "No", None])
LETTERS = Layout(columns={"period": "A列", "value": "B列"})


def lettered(column: Sequence[object]) -> Reading:
    """Read a column as it is, beside its months."""
    rows = [[f"R8.{4 + at % 9}", cell] for at, cell in enumerate(column)]
    return reading.read(Grid(rows), LETTERS, every="month", aggregation="year_total")  # type: ignore[arg-type]


def test_a_mean_of_the_office_is_no_my_number() -> None:
    assert lettered([1233.25, 1507.0, 758.695278969957, 1402.5]).rows == 4


@given(st.lists(st.floats(-(10**9), 10**9) | st.floats(100, 10**4), min_size=1, max_size=12), st.booleans())
def test_decimals_are_never_my_numbers(numbers: list[float], texts: bool) -> None:
    assert lettered([f"{one:.12f}" if texts else one for one in numbers]).rows == len(numbers)


def test_a_single_amount_is_never_a_my_number_whatever_its_check_digit() -> None:
    """In a sheet with numbers, and in CSV, which knows none; with months as columns, too."""
    amounts = [int(held(one * 10**8)) for one in range(150, 162)]
    assert lettered([amounts[0], 5, 1.5]).rows == 3
    assert lettered([str(amounts[0]), "5", "1.5"]).rows == 3
    for row in (amounts, [str(one) for one in amounts]):
        grid = Grid([["R8.4", "1", *("令和8年4月" for _one in row)], ["R8.5", "2", *row]])
        assert reading.read(grid, LETTERS, every="month", aggregation="year_total").rows == 2


@given(
    HEADS,
    st.lists(st.integers(10**10, 10**11 - 1), min_size=2, max_size=8),
    st.sampled_from([str, int, float]),
)
def test_columns_of_my_numbers_are_refused_below_any_head(
    head: str | None, numbers: list[int], kind: Callable[[str], object]
) -> None:
    with pytest.raises(Problem) as caught:
        lettered([head, *(kind(held(one)) for one in numbers)])
    assert caught.value.code == "my_number"


@pytest.mark.parametrize("kind", [str, int])
def test_a_form_with_one_my_number_beside_its_name_is_refused(kind: Callable[[str], object]) -> None:
    grid = Grid([["申請者", "架空よつば"], ["個人番号", kind(held(12345678901))]])  # type: ignore[list-item]
    with pytest.raises(Problem):
        reading.read(grid, LETTERS, every="month", aggregation="year_total")


def test_cp932_wareki_and_full_width_through_the_real_reader() -> None:
    text = '対象年月,電子申告件数,申告総数\r\n令和８年４月分,１，０７７,"1,240"\r\n令和８年５月分,861,980\r\n計,1938,2220\r\n'
    grid = read_sheet(io.BytesIO(text.encode("cp932")))
    found = reading.read(grid, SHARE, every="month", aggregation="ratio")
    assert [(one.period, one.numerator) for one in found.brought] == [
        (month(2026, 4), 1077),
        (month(2026, 5), 861),
    ]
    assert not found.faults


MONTHS = st.lists(st.integers(0, 60), min_size=1, max_size=24, unique=True)


@given(MONTHS, st.data())
def test_rows_in_any_order_give_the_same_values(offsets: list[int], data: st.DataObject) -> None:
    """Read beside a second, naive reading of the same rows."""
    said = {month(2022 + one // 12, one % 12 + 1): data.draw(st.integers(0, 10**6)) for one in offsets}
    rows = [[f"{period.first:%Y%m}", number] for period, number in said.items()]
    shuffled = data.draw(st.permutations(rows))
    found = read([["年月", "件数"], *shuffled])
    assert {one.period: one.number for one in found.brought} == said
    assert [one.period for one in found.brought] == sorted(said)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.integers(1, 99)), min_size=1, max_size=30)
)
def test_shares_of_several_rows_are_the_share_of_their_sums(rows: list[tuple[int, int, int]]) -> None:
    layout = Layout(columns=SHARE.columns, several="sum")
    found = read(
        [["対象年月", "電子申告件数", "申告総数"], *([f"2026{4 + one:02}", a, b] for one, a, b in rows)],
        layout,
        aggregation="ratio",
    )
    for one in found.brought:
        mine = [(a, b) for number, a, b in rows if one.period == month(2026, 4 + number)]
        assert one.numerator == sum(a for a, _b in mine)
        assert one.denominator == sum(b for _a, b in mine)
        assert one.number is not None
        assert abs(float(one.number) - 100 * sum(a for a, _b in mine) / sum(b for _a, b in mine)) < 1e-5


# --- layouts ----------------------------------------------------------------------------------------------------------
def test_a_layout_survives_its_json() -> None:
    made = Layout(
        columns={"period": "年度", "value": "率"},
        only=(Only("税目", "法人市民税"),),
        several="last",
        fold="last",
    )
    assert layouts.read(made.to_json(), "ratio") == made
    assert layouts.stored(made.to_json()) == made


@pytest.mark.parametrize(
    ("given", "aggregation", "field"),
    [
        ({"columns": {"period": "年度"}}, "year_total", "col-value"),
        ({"columns": {"value": "件数"}}, "year_total", "col-period"),
        ({"columns": {"period": "年度", "numerator": "件数"}}, "ratio", "col-denominator"),
        ({"columns": {"period": "年度", "value": "率"}, "several": "sum"}, "ratio", "several"),
        ({"columns": {"period": "年度", "value": "年度"}}, "year_total", "col-value"),
        ({"columns": {"period": "年度", "value": "件数", "numerator": "a", "denominator": "b"}}, "at_date", "col-numerator"),
        ({"shape": "people", "columns": {"person": "番号", "attended": "受講"}}, "year_total", "aggregation"),
        ({"shape": "people", "columns": {"person": "番号"}}, "ratio", "col-attended"),
        ({"shape": "people", "columns": {"person": "番号", "attended": "受講"}, "absent": ["済"]}, "ratio", "absent"),
        ({"shape": "nonsense"}, "ratio", "shape"),
        ({"period": "year_month", "columns": {"year": "年", "value": "件数"}}, "year_total", "col-month"),
        ({"columns": {"period": "年度", "value": "状況"}, "several": "sum"}, "state", "several"),
        ({"columns": {"period": "年度", "value": "件数"}, "only": [["税目", ""]]}, "year_total", "only"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_at_its_field(
    given: dict[str, object], aggregation: str, field: str
) -> None:
    with pytest.raises(Problems) as caught:
        layouts.read(given, aggregation)  # type: ignore[arg-type]
    assert field in {one.field for one in caught.value.problems}
