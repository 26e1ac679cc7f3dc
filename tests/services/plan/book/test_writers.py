"""Three writers, one manuscript: the same rows in the same order; the PDF looked into as a screen reader does."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from docx import Document
from openpyxl import load_workbook

from tests.services.plan.book.looking import Looked, faults, headings, look, squeezed, tables
from tests.services.plan.book.sources import source
from yakuba.services.plan.book.blocks import Bars, Glossary, Heading, Manuscript, Table
from yakuba.services.plan.book.manuscript import make
from yakuba.services.plan.book.templates import SHIPPED
from yakuba.services.plan.book.writers import docx, pdf, xlsx


@pytest.fixture(scope="module")
def book() -> Manuscript:
    return make(source(draft=False), SHIPPED["standard"])


@pytest.fixture(scope="module")
def printed(book: Manuscript) -> bytes:
    return pdf.write(book)


@pytest.fixture(scope="module")
def looked(printed: bytes) -> Looked:
    return look(printed)


def wanted(book: Manuscript) -> list[list[list[str]]]:
    """The data's tables as they are read: squeezed cells, without heads."""
    return [
        [[squeezed(cell) for cell in row] for row in one.rows]
        for one in book.blocks()
        if isinstance(one, Table)
    ]


class TestPdf:
    def test_nothing_a_reader_would_stumble_over(self, book: Manuscript, looked: Looked) -> None:
        assert faults(looked, book.title) == []
        assert [one.alt for one in looked.tree.all("Figure")] == [
            one.alt for one in book.blocks() if isinstance(one, Bars)
        ]

    def test_tables_and_headings_are_read_in_the_order_of_the_data(
        self, book: Manuscript, looked: Looked
    ) -> None:
        tree = looked.tree
        own = [(one.level, squeezed(one.text)) for one in book.blocks() if isinstance(one, Heading)]
        assert [one for one in headings(tree) if one[1] != "目次"] == own
        read = tables(tree)
        glossary = [one for one in read if one[0] == ["用語", "ページ", "解説"]]
        rows = []
        for one, table in zip(
            [one for one in read if one not in glossary],
            [t for t in book.blocks() if isinstance(t, Table)],
            strict=True,
        ):
            heads = 2 if any(column.group for column in table.columns) else 1
            rows.append(one[heads:])
        assert rows == wanted(book)

    def test_a_row_is_announced_by_what_it_is_about(self, looked: Looked) -> None:
        heads = {one.whole for one in looked.tree.all("TH") if one.scope == "Row"}
        assert {"書かない窓口", "目的", "本部長", "DX", "計画期間"} <= heads
        assert "市民課" not in heads

    def test_the_glossary_knows_its_pages(self, looked: Looked) -> None:
        (glossary,) = (one for one in tables(looked.tree) if one[0] == ["用語", "ページ", "解説"])
        known, unknown = glossary[1], glossary[2]
        assert known[0] == "DX"
        assert known[1] == "3", "the section stands behind cover and contents"
        assert unknown[1] == "―"

    def test_the_same_book_is_the_same_bytes_and_a_large_one_has_more_pages(
        self, book: Manuscript, printed: bytes, looked: Looked
    ) -> None:
        assert pdf.write(book) == printed
        large = look(pdf.write(replace(book, large=True)))
        assert faults(large, book.title) == []
        assert large.pages > looked.pages

    @pytest.mark.parametrize("what", ["title", "language", "untagged", "scope", "alt", "order"])
    def test_the_checks_see_what_is_broken(
        self, book: Manuscript, printed: bytes, looked: Looked, what: str
    ) -> None:
        """A check that never fails proves nothing: each fault is made by hand."""
        with pikepdf.open(io.BytesIO(printed)) as broken:
            _break(broken, what)
            target = io.BytesIO()
            broken.save(target)
        found = look(target.getvalue())
        if what == "order":
            assert tables(found.tree) != tables(looked.tree)
        else:
            assert faults(found, book.title)


def _break(broken: pikepdf.Pdf, what: str) -> None:
    if what == "title":
        broken.Root.ViewerPreferences.DisplayDocTitle = False
    elif what == "language":
        del broken.Root["/Lang"]
    elif what == "untagged":
        page = broken.pages[2]
        kept = [
            one
            for one in pikepdf.parse_content_stream(page)
            if str(one.operator) not in {"BDC", "BMC", "EMC"}
        ]
        page.Contents = broken.make_stream(pikepdf.unparse_content_stream(kept))
    else:
        for node in _nodes(broken.Root.StructTreeRoot.K):
            if what == "scope" and node.S == "/TH":
                del node["/A"]
                return
            if what == "alt" and node.S == "/Figure":
                del node["/Alt"]
                return
            if what == "order" and node.S == "/TBody" and len(node.K) > 1:
                node.K = pikepdf.Array(list(node.K)[::-1])
                return


def _nodes(kids: Any) -> list[Any]:
    found: list[Any] = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(kid)
            found += _nodes(kid.get("/K", pikepdf.Array()))
    return found


class TestWord:
    def test_the_same_rows_with_heads_that_return(self, book: Manuscript) -> None:
        made = Document(io.BytesIO(docx.write(book)))
        assert made.core_properties.title == book.title
        assert made.core_properties.language == "ja-JP"
        found = []
        for table, one in zip(
            made.tables, [b for b in book.blocks() if isinstance(b, Table | Glossary)], strict=True
        ):
            rows = table._tbl.tr_lst
            heads = [row for row in rows if row.xpath("./w:trPr/w:tblHeader")]
            assert heads, "the head returns on each page"
            if isinstance(one, Table):
                found.append(
                    [
                        [squeezed("".join(t.text or "" for t in cell.xpath(".//w:t"))) for cell in row.tc_lst]
                        for row in rows[len(heads) :]
                    ]
                )
        assert found == wanted(book)
        styles = [(p.style.name, p.text) for p in made.paragraphs if p.style.name.startswith("Heading")]
        assert styles == [(f"Heading {b.level}", b.text) for b in book.blocks() if isinstance(b, Heading)]

    def test_pictures_have_words_and_pages_are_fields(self, book: Manuscript) -> None:
        xml = Document(io.BytesIO(docx.write(book))).element.xml
        for one in (b for b in book.blocks() if isinstance(b, Bars)):
            assert f'descr="{one.alt}"' in xml
        assert "PAGEREF term0" in xml
        assert 'TOC \\o "1-2"' in xml
        assert 'w:name="term0"' in xml
        assert "PAGEREF term1" not in xml, "a term that stands nowhere has no page"


class TestExcel:
    def test_the_same_rows_a_sheet_for_each_part(self, book: Manuscript) -> None:
        made = load_workbook(io.BytesIO(xlsx.write(book)))
        assert made.properties.title == book.title
        cells = [
            [squeezed("" if one is None else str(one)) for one in row]
            for sheet in made.worksheets
            for row in sheet.iter_rows(values_only=True)
        ]
        at = 0
        for table in (b for b in book.blocks() if isinstance(b, Table)):
            for row in table.rows:
                texts = [
                    _counted(cell) if column.number else squeezed(cell)
                    for cell, column in zip(row, table.columns, strict=True)
                ]
                at = next((n for n in range(at, len(cells)) if cells[n][: len(texts)] == texts), -1) + 1
                assert at, f"{table.title}: {row}"

    def test_a_single_table_is_frozen_filtered_and_printed_with_its_head(self, book: Manuscript) -> None:
        sheet = load_workbook(io.BytesIO(xlsx.write(book)))["取組の一覧"]
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows
        assert sheet.page_setup.orientation == "landscape"

    def test_nothing_in_it_is_a_formula(self) -> None:
        evil = source(sections=[{"number": "1", "title": "=HYPERLINK(1)", "text": "=1+1\n@SUM\n+3"}])
        made = load_workbook(io.BytesIO(xlsx.write(make(evil, SHIPPED["standard"]))))
        texts = [cell for sheet in made.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
        assert any(cell.value == "=1+1" for cell in texts)
        assert all(cell.data_type != "f" for cell in texts)


def _counted(text: str) -> str:
    """A counted figure as a workbook holds it."""
    plain = text.replace(",", "")
    return f"{round(float(plain[:-1]) / 100, 4):g}" if plain.endswith("%") else plain
