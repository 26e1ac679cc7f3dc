"""A workbook is looked through for 個人番号, whatever its sheets are like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.actions import Problem
from yakuba.kernel.files.wire import Fault
from yakuba.kernel.sheets import my_numbers
from yakuba.kernel.sheets.reading import my_number

MINE = "123456789018"


def book(*names: str) -> tuple[Workbook, list[Worksheet]]:
    made = Workbook()
    sheets = [made.worksheets[0], *(made.create_sheet() for _name in names[1:])]
    for sheet, name in zip(sheets, names, strict=True):
        sheet.title = name
    return made, sheets


def saved(made: Workbook) -> io.BytesIO:
    target = io.BytesIO()
    made.save(target)
    target.seek(0)
    return target


def _hidden(sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"
    sheet["B3"] = MINE


def _very_hidden(sheet: Worksheet) -> None:
    sheet.sheet_state = "veryHidden"
    sheet["B2"], sheet["B3"] = "個人番号", 123456789017


def _numbers(sheet: Worksheet) -> None:
    sheet["B3"], sheet["B4"] = int(MINE), int(MINE)


def _words(sheet: Worksheet) -> None:
    sheet["B3"] = "本人は１２３４－５６７８－９０１８です"


def _far(sheet: Worksheet) -> None:
    sheet["B3"], sheet["XFD1048576"] = MINE, "x"


@pytest.mark.parametrize("made", [_hidden, _very_hidden, _numbers, _words, _far])
@pytest.mark.parametrize("beside", [True, False])
def test_it_is_found_on_another_sheet(made: Callable[[Worksheet], None], beside: bool) -> None:
    workbook, sheets = book("図", "元データ")
    sheets[0].append(["年月", "件数"])
    made(sheets[1])
    assert my_number(saved(workbook), beside=beside) == ("元データ", "B3")


def test_it_is_found_behind_the_twentieth_sheet() -> None:
    workbook, sheets = book(*(f"その{one}" for one in range(30)))
    _words(sheets[-1])
    assert my_number(saved(workbook)) == ("その29", "B3")


def test_the_sheet_that_is_read_is_left_out_when_asked() -> None:
    workbook, sheets = book("表紙", "図", "メモ")
    sheets[0].sheet_state = "hidden"
    _words(sheets[1])
    assert my_number(saved(workbook), beside=True) == ("", "")
    assert my_number(saved(workbook)) == ("図", "B3")


def test_a_lawful_workbook_passes_however_wide_its_sheets_are() -> None:
    """A cell far out, means with twelve places, a 法人番号, furigana beside digits, an amount."""
    workbook, sheets = book("図", "元データ")
    sheets[1].append(["1件あたり費用", "備考", "予算額", "登録番号"])
    sheets[1].append([758.695278969957, "法人1234567890123", int(MINE), MINE])
    sheets[1]["XFD1048576"] = 0.5
    assert my_number(saved(workbook)) == ("", "")


def test_a_csv_is_looked_through(tmp_path: Path) -> None:
    data = f"名,個人番号\r\n架空,{MINE}\r\n".encode("cp932")
    assert my_number(io.BytesIO(data)) == ("", "B2")
    assert my_number(io.BytesIO(data), beside=True) == ("", "")


def _path(tmp_path: Path, data: io.BytesIO) -> str:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data.getvalue())
    return str(path)


@pytest.mark.parametrize("text", ["x" * 40_000, None], ids=["a cell", "many cells"])
def test_more_than_is_looked_through_is_refused_by_the_sheets_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    workbook, sheets = book("図", "元データ")
    for _row in range(50):
        sheets[1].append([1, 2])
    path = _path(tmp_path, saved(workbook))
    if text is None:
        monkeypatch.setattr(my_numbers, "_ELEMENTS", 200)
    else:
        path = _changed(path, b"<v>1</v>", b"<v>" + text.encode() + b"</v>")
    with pytest.raises(Fault) as caught:
        my_numbers.look(path, True)
    assert (caught.value.code, caught.value.found) == ("sheet_unseen", "元データ")


def _changed(path: str, before: bytes, after: bytes) -> str:
    """With something else in the second sheet."""
    target = path + ".changed.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for one in source.namelist():
            data = source.read(one)
            made.writestr(one, data.replace(before, after) if one.endswith("sheet2.xml") else data)
    return target


def test_entities_and_parts_that_lack_are_refused(tmp_path: Path) -> None:
    workbook, sheets = book("図", "元データ")
    sheets[1].append([1, 2])
    path = _path(tmp_path, saved(workbook))
    bomb = _changed(path, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    with Path(bomb).open("rb") as stream, pytest.raises(Problem) as caught:
        my_number(stream)
    assert caught.value.code == "workbook_broken"
    cut = _changed(path, b"</worksheet>", b"")
    with Path(cut).open("rb") as stream, pytest.raises(Problem) as caught:
        my_number(stream)
    assert caught.value.code == "workbook_broken"


def test_inline_texts_and_cells_without_an_address_are_read_without_furigana(tmp_path: Path) -> None:
    workbook, sheets = book("図", "元データ")
    sheets[1].append([1, 2])
    path = _path(tmp_path, saved(workbook))
    fours = b"<is><r><t>1234</t></r><rPh><t>5678</t></rPh><r><t>56789018</t></r></is>"
    made = _changed(path, b'<c r="B1" t="n"><v>2</v></c>', b'<c t="inlineStr">' + fours + b"</c>")
    assert my_numbers.look(made, True) == ["元データ", "B1"]


def test_a_sheet_without_any_address_is_read(tmp_path: Path) -> None:
    workbook, sheets = book("図", "元データ")
    sheets[1].append([1, 2])
    path = _path(tmp_path, saved(workbook))
    rows = [["名", "個人番号"], ["架空よつば", "123456789017"]]
    cells = ["".join(f'<c t="str"><v>{one}</v></c>' for one in row) for row in rows]
    xml = "".join(f"<row>{one}</row>" for one in cells)
    with zipfile.ZipFile(path) as archive:
        before = archive.read("xl/worksheets/sheet2.xml")
    old = before[before.index(b"<row") : before.index(b"</sheetData>")]
    assert my_numbers.look(_changed(path, old, xml.encode()), True) == ["元データ", "B2"]
