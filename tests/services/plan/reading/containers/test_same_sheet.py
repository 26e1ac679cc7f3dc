"""A workbook that names one sheet's part three hundred times is refused before the part is read twice."""

from __future__ import annotations

import io
import zipfile

import pytest

from yakuba.services.plan.reading.blocks import MAX_BLOCKS, Block, bounded
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.unreadable import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(sheets: int) -> bytes:
    held = io.BytesIO()
    named = "".join(f'<sheet name="課{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    related = "".join(
        f'<Relationship Id="r{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        for n in range(1, sheets + 1)
    )
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="a" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{named}</sheets></workbook>',
        )
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>番号</t></is></c></row></sheetData></worksheet>',
        )
    return held.getvalue()


def test_one_part_is_one_sheet() -> None:
    assert open_paper(book(1), "計画.xlsx").blocks[0].text == "番号"
    with pytest.raises(Unreadable) as caught:
        open_paper(book(2), "計画.xlsx")
    assert "同じもの" in str(caught.value)


def test_more_lines_than_are_looked_at_are_refused() -> None:
    assert len(bounded([Block(1, ("行",))] * MAX_BLOCKS)) == MAX_BLOCKS
    with pytest.raises(Unreadable):
        bounded([Block(1, ("行",))] * (MAX_BLOCKS + 1))
