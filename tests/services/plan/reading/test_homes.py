"""One sheet per office: the office stands above the table or in the sheet's name."""

from __future__ import annotations

import pytest

from tests.services.plan.reading.printing import Cells, read_sheets
from yakuba.services.plan.reading import Reading, read_documents
from yakuba.services.plan.reading.offices import named

TITLE = "みほん町情報化計画（令和6年度～令和8年度）"
HEAD = ("番号", "取組名", "内容", "R6", "R7", "R8")


def sheet(number: int, title: str, *above: tuple[str | None, ...], head: tuple[str, ...] = HEAD) -> Cells:
    row = (number, title, f"{title}を行う。", "検討", "実施", "→")
    return [(TITLE,), *above, (), head, row]


def leads(reading: Reading) -> list[tuple[str, ...]]:
    return [tuple(office.name for office in one.offices) for one in reading.initiatives]


@pytest.mark.parametrize(
    "line",
    [("課名：%s",), ("所属　%s",), ("担当課", "%s"), ("主管課名：%s", None, "令和6年5月作成")],
)
def test_a_line_above_the_table_names_the_office_of_its_rows(line: tuple[str | None, ...]) -> None:
    def above(office: str) -> tuple[str | None, ...]:
        return tuple(cell and cell.replace("%s", office) for cell in line)

    read = read_sheets(
        {
            "一": sheet(1, "例規集の電子化", above("総務課")),
            "二": sheet(2, "道路台帳の電子化", above("建設課")),
        }
    )
    assert leads(read) == [("総務課",), ("建設課",)]
    assert [one.sources["offices[0].name"].rule for one in read.initiatives] == ["office-above"] * 2
    assert not [doubt for one in read.initiatives for doubt in one.doubts]
    assert not [piece.text for piece in read.unplaced if "課" in piece.text]


def test_what_stands_beside_the_office_stays_unplaced() -> None:
    read = read_sheets({"一": sheet(1, "例規集の電子化", ("課名：総務課", "凡例 →は継続"))})
    assert leads(read) == [("総務課",)]
    assert [piece.text for piece in read.unplaced] == ["凡例 →は継続"]


def test_a_sheets_name_alone_is_in_doubt() -> None:
    read = read_sheets({"01_総務課": sheet(1, "例規集の電子化"), "資料2": sheet(2, "道路台帳の電子化")})
    assert leads(read) == [("総務課",), ()]
    first = read.initiatives[0]
    assert first.offices[0].doubtful
    assert [(doubt.field, doubt.code) for doubt in first.doubts] == [("offices[0].name", "sheet-name")]


def test_rows_with_a_column_of_offices_keep_what_it_prints() -> None:
    head = ("番号", "取組名", "担当課", "内容", "R6", "R7")
    rows: Cells = [
        (TITLE,),
        ("課名：総務課",),
        (),
        head,
        (1, "例規集の電子化", "企画課", "例規集を電子化する。", "検討", "実施"),
        (2, "予約の電子化", None, "予約を電子化する。", "検討", "実施"),
    ]
    assert leads(read_sheets({"総務課": rows})) == [("企画課",), ()]


def test_tables_of_a_text_have_their_offices_above_them() -> None:
    text = "".join(
        f"担当課：{office}\n番号\t取組名\t内容\tR6\tR7\tR8\n{number}\t{title}\t{title}を行う。\t検討\t実施\t→\n\n"
        for number, title, office in ((1, "例規集の電子化", "総務課"), (2, "道路台帳の電子化", "建設課"))
    )
    read = read_documents(f"{TITLE}\n\n{text}".encode(), "計画.txt")[0]
    assert leads(read) == [("総務課",), ("建設課",)]


@pytest.mark.parametrize(
    ("cell", "offices"),
    [
        ("税務課／住民課", [("税務課", "lead"), ("住民課", "lead")]),
        ("企画課（関係課：全庁）", [("企画課", "lead"), ("全庁", "group")]),
        ("企画課（税務課、住民課）", [("企画課", "lead"), ("税務課", "related"), ("住民課", "related")]),
        ("広報・統計課、住民課", [("広報・統計課", "lead"), ("住民課", "lead")]),
        ("住民課・関係各課", [("住民課", "lead"), ("関係各課", "group")]),
    ],
)
def test_a_cell_of_several_offices(cell: str, offices: list[tuple[str, str]]) -> None:
    assert [(one.name, one.role) for one in named(cell, "lead")] == offices
    assert not any(one.odd for one in named(cell, "lead"))


def test_a_cell_that_is_no_office_is_odd() -> None:
    assert [(one.name, one.odd) for one in named("令和6年度", "lead")] == [("令和6年度", True)]
