"""渋川's four tables and 新発田's table come out of the book again, with the rows and figures of the published documents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache

import pytest

from tests.services.plan.book.looking import faults, look, squeezed, tables
from tests.services.plan.forms import Form
from tests.services.plan.reading.published import document, readings
from yakuba.services.plan.book.blocks import Manuscript, Table
from yakuba.services.plan.book.manuscript import Source, Volume, make
from yakuba.services.plan.book.templates import SHIPPED
from yakuba.services.plan.book.writers import pdf
from yakuba.services.plan.reading import to_document

pytestmark = pytest.mark.plans
FIGURE = re.compile(r"[①-⑳]?約?[0-9][0-9,.]*[^\s\d]{0,3}")


@cache
def book_of(name: str, code: str, city: str, template: str) -> tuple[Manuscript, Source]:
    """The newest edition of a document as a book, beside the one before it."""
    found: list[Form] = [to_document(one, code, city) for one in readings(name)]
    found.sort(key=lambda one: one["initiatives"][0]["year"])
    *before, this = (Volume(one) for one in found)
    source = Source(this, before[-1] if before else None, dt.date(2026, 11, 22), draft=False)
    return make(source, SHIPPED[template]), source


def shibukawa() -> tuple[Manuscript, Source]:
    return book_of("shibukawa.txt", "102083", "渋川市", "four-tables")


def shibata() -> tuple[Manuscript, Source]:
    return book_of("shibata.txt", "152064", "新発田市", "one-table")


def table(book: Manuscript, begin: str) -> Table:
    """The table whose title begins so."""
    return next(one for one in book.tables() if one.title.startswith(begin))


def column(found: Table, label: str) -> list[str]:
    """What stands below a head."""
    place = next(n for n, one in enumerate(found.columns) if one.label == label)
    return [row[place] for row in found.rows]


def values(forms: Sequence[Form], kind: str) -> list[list[str]]:
    """The printed values of a kind, initiative by initiative."""
    return [
        [v["raw"] for one in form["indicators"] for v in one["values"] if v["kind"] == kind] for form in forms
    ]


class TestShibukawa:
    @pytest.mark.parametrize(
        ("begin", "rows", "first", "last"),
        [
            ("①", 23, ("1", "地方税の電子申告の普及"), ("22", "情報セキュリティ強化対策の実施")),
            ("②", 62, ("1", "電子入札共同システムの運用"), ("74", "学校用ネットワークの運用")),
            ("③", 27, ("1", "地方税の電子申告の普及"), ("26", "情報セキュリティ強化対策の実施")),
            ("④", 78, ("1", "電子入札共同システムの運用"), ("78", "学校用ネットワークの運用")),
        ],
    )
    def test_each_table_has_its_rows(
        self, begin: str, rows: int, first: tuple[str, str], last: tuple[str, str]
    ) -> None:
        found = table(shibukawa()[0], begin)
        numbers = list(zip(column(found, "取組No."), column(found, "取組名"), strict=True))
        assert len(found.rows) == rows
        assert numbers[0] == first
        assert numbers[-1] == last

    @pytest.mark.parametrize(
        ("begin", "kind", "label"),
        [("①", "actual", "現状値"), ("③", "baseline", "現状値"), ("③", "target", "目標値")],
    )
    def test_figures_are_those_that_were_read_and_stand_in_the_document(
        self, begin: str, kind: str, label: str
    ) -> None:
        book, source = shibukawa()
        volume = source.before if begin == "①" else source.this
        assert volume is not None
        found = column(table(book, begin), label)
        printed = values(volume.of_kind("advance"), kind)
        assert sum(map(len, printed)) > 30
        text = squeezed(document("shibukawa.txt").decode())
        for cell, own in zip(found, printed, strict=True):
            assert [one for one in squeezed(cell).split("―") if one] or not own
            for raw in own:
                assert squeezed(raw) in squeezed(cell)
                assert squeezed(raw) in text

    def test_the_overview_lists_each_place_once_and_marks_what_stands_twice(self) -> None:
        book, _source = shibukawa()
        rows = [row for one in book.tables() if one.columns[0].label == "新規・再掲" for row in one.rows]
        assert len(rows) == 27 + 78 + 10, "rows of both kinds, and five cross-listings each"
        assert sum(row[0] == "再掲" for row in rows) == 10
        assert sum("新規" in row[0] for row in rows) == 8

    def test_progress_is_counted_and_stands_beside_what_the_document_says(self) -> None:
        book, _source = shibukawa()
        found = table(book, "推進取組の進捗状況")
        assert dict(zip(column(found, "進捗状況"), column(found, "計画書に書かれた数"), strict=True)) == {
            "順調": "10", "ほぼ順調": "11", "計画変更": "1", "計": "22",
        }  # fmt: skip
        said = " ".join(text for one in book.blocks() for text in getattr(one, "paragraphs", ()))
        assert "95.5%です（22件中21件、計画書に書かれた数による）" in said

    def test_what_moved_is_told_as_section_5_does(self) -> None:
        found = table(shibukawa()[0], "移行・終了した取組")
        told = {row[0]: row[2] for row in found.rows}
        assert "運用取組へ移行" in told["文書管理システムの導入"]
        assert "文書管理システムの運用" in told["文書管理システムの導入"]
        assert "統合型GIS搭載の遺跡地図の運用" in told["文化財地理情報システムの構築"]

    def test_the_pdf_reads_the_same_rows(self) -> None:
        book, _source = shibukawa()
        looked = look(pdf.write(book))
        assert faults(looked, book.title) == []
        read = tables(looked.tree)
        for begin in "①②③④":
            own = table(book, begin)
            rows = [[squeezed(cell) for cell in row] for row in own.rows]
            heads = 2 if any(one.group for one in own.columns) else 1
            assert rows in [one[heads:] for one in read], begin


class TestShibata:
    def test_rows_and_figures_are_those_of_the_document(self) -> None:
        """Beside the document itself: its lines that begin with a number, cells parted by tabs."""
        book, _source = shibata()
        found = table(book, "個別取組")
        lines = [line.split("\t") for line in document("shibata.txt").decode().splitlines() if "\t" in line]
        own = {number[0]: line for line in lines if (number := re.match(r"[0-9]+", line[0].strip()))}
        assert len(found.rows) == len(own) == 43
        three = [one.label for one in found.columns if one.group == "実績値（KPI）"]
        assert three == ["令和3年度末", "令和4年度末", "令和5年度末"]
        same = 0
        for row in found.rows:
            line = squeezed("".join(own[row[0]]))
            assert squeezed(row[4]) in line, row[:5]
            for cell in row[8:11]:
                for figure in FIGURE.findall(cell):
                    # ① stands before each line of several indicators, also where the document left it out.
                    figure = figure if squeezed(figure) in line else figure.lstrip("①②③④⑤")  # noqa: PLW2901
                    assert squeezed(figure) in line, (row[0], figure)
                    same += 1
        assert same > 60

    def test_marks_and_fields_are_counted(self) -> None:
        book, _source = shibata()
        found = table(book, "個別取組")
        marks = column(found, "印")
        assert sum("新規" in one for one in marks) == 11
        assert sum("完了" in one for one in marks) == 6
        assert sum("新規" in one and "完了" in one for one in marks) == 1
        assert len(set(column(found, "施策分野"))) == 11
