"""A yearly edition as offices send it: a title with the edition, line breaks in cells, rows that share a number."""

from __future__ import annotations

import pytest

from yakuba.services.plan.reading import read_document
from yakuba.services.plan.reading.values import read_value
from yakuba.services.plan.reading.wording import dated_year

CSV = """みほん市情報化推進計画 令和9年度版（素案）
"NO","区分","具体的な
取組","取組方針","KPI","令和5年度末","令和6年度末","スケジュール
(R9～R11)"
"1","市民
サービス","電子申請
の拡大","手続を
見直します。","①オンライン化
手続数
②申請率","①38手続
②6.2%","①57手続
②11.8%","令和11年度まで"
"2-1","市民サービス","研究","見直します。","調査の実施","実施","実施","令和11年度まで"
"2-2","市民サービス","活用","見直します。","件数","0%
※令和7年度開始のため","10件","令和11年度まで"
"3","市民サービス","窓口","見直します。","件数","5件","10件","令和11年度まで"
"""


def test_the_edition_belongs_to_the_row_and_not_to_the_plans_name():
    reading = read_document(CSV.encode(), "plan.csv")
    assert (reading.plan.title, reading.plan.edition) == ("みほん市情報化推進計画", "令和9年度版")
    assert {row.year for row in reading.initiatives} == {2027}
    assert not reading.unplaced
    assert "number-gap" not in {warning.code for warning in reading.warnings}, "2-1 and 2-2 stand for 2"


def test_line_breaks_inside_cells_are_kept_where_they_are_printed():
    reading = read_document(CSV.encode(), "plan.csv")
    assert reading.initiatives[0].title == "電子申請の拡大"
    late = reading.initiatives[2].indicators[0].values[0]
    assert (late.raw, late.number) == ("0%\n※令和7年度開始のため", None)


@pytest.mark.parametrize("note", ["令和7年度開始のため", "令和7年度から実施のため", "R8年度運用予定"])
def test_nothing_yet_is_no_value_and_never_zero(note: str):
    assert read_value(f"0% ※{note}").number is None


@pytest.mark.parametrize("note", ["令和7年度は開始していません", "開館のため"])
def test_another_note_leaves_the_figure(note: str):
    assert read_value(f"12% ※{note}").number == "12"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("R6.3末", "2024-03-31"),
        ("R6.3月末", "2024-03-31"),
        ("令和6年3月末", "2024-03-31"),
        ("R6.3.31", "2024-03-31"),
        ("R06.03.31現在", "2024-03-31"),
        ("2024/3末", "2024-03-31"),
        ("令和5年度末", None),
    ],
)
def test_the_day_of_a_present_value(head: str, day: str | None):
    found = dated_year(head)
    assert (found[1] if found else None) == day
    if found:
        assert found[0] == 2023


def test_an_assumed_period_takes_in_the_edition():
    table = "No\t取組\t指標\t令和4年度末\t令和5年度目標\n" + "\n".join(
        f"{n}\t取組{n}\t件数\t{n}件\t{n + 1}件" for n in range(1, 6)
    )
    reading = read_document(f"みほん市計画 令和9年度版\n{table}\n".encode(), "plan.txt")
    assert reading.plan.first_year <= 2027 <= reading.plan.last_year
    assert "令和9年度" in next(w.text for w in reading.warnings if w.code == "plan-years-assumed")
