"""A sheet as cells. The functions here parse foreign files and run in the sandbox: no Django apps, no database."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from yakuba.kernel.files.wire import Fault, Wire, bare
from yakuba.kernel.sheets.cells import address, letters, unguard

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from yakuba.kernel.fields.kinds import Cell

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 500
MAX_CELLS: Final = 5_000_000
MAX_SHEETS: Final = 20
_MAX_FIELD: Final = 1_000_000
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by row and column, counted from 0; missing cells at a row's end are None.

    ``faults`` holds, by address, cells whose value is not known: an error (#REF!) or a formula that no program calculated.
    """

    rows: Sequence[Sequence[Cell]]
    faults: Mapping[str, str] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell:
        """The cell, None beyond the edge."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None


@bare
def read_csv(path: str) -> list[list[Cell]]:
    """The records of a CSV file (with tabs, semicolons or bars between the cells too): UTF-8, UTF-16 with its mark, or CP932.

    Which of them, and whether texts stand in double or in single quotes (Access asks), the first line says. Raises :class:`Fault`. A leading apostrophe that our own export put before a text is taken away.
    """
    text = _decode(Path(path).read_bytes())
    quote, separator = _dialect(text.partition("\n")[0].rstrip("\r"))
    csv.field_size_limit(_MAX_FIELD)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    try:
        for record in reader:
            _within(len(rows) + 1, len(record))
            rows.append([unguard(cell) or None for cell in record])
    except csv.Error as exc:
        raise Fault(
            "csv_broken",
            _('CSVの%d行目を読めません。二重引用符（"）が閉じているか確かめてください。') % reader.line_num,
            found=str(reader.line_num),
        ) from exc
    return _trimmed(rows)


def _dialect(first: str) -> tuple[str, str]:
    """What texts stand in, and what stands between cells; of several candidates the one that parts the first line most often."""
    quote = '"' if '"' in first or not re.match(r"'[^']*'(?:[,\t;|]|\Z)", first) else "'"
    bare = re.sub(rf"{quote}[^{quote}]*{quote}", "", first)
    return quote, max(",\t;|", key=lambda one: (bare.count(one), one == ","))


def _decode(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        codec, data = "utf-8", data[3:]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16"
    else:
        try:
            codec = "utf-8"
            data.decode(codec)
        except UnicodeDecodeError:
            codec = "cp932"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as exc:
        raise Fault(
            "csv_encoding",
            _("文字コードが分かりません（%d行目）。UTF-8かShift_JIS（CP932）で保存してください。")
            % (data[: exc.start].count(b"\n") + 1),
            expected="UTF-8・CP932",
        ) from exc
    if "\x00" in text:
        raise Fault(
            "csv_binary",
            _("CSVではありません（NUL文字が入っています）。XLSXかCSVのファイルを選んでください。"),
        )
    return text


@bare
def read_workbook(path: str) -> dict[str, Wire]:
    """The first visible sheet of a workbook: ``name``, ``rows`` and ``faults``. Raises :class:`Fault`."""
    return _sheets(path, 1)[0]


@bare
def read_whole_workbook(path: str) -> list[dict[str, Wire]]:
    """Every visible sheet of a workbook, like :func:`read_workbook`. Raises :class:`Fault`."""
    return _sheets(path, MAX_SHEETS)


def _sheets(path: str, most: int) -> list[dict[str, Wire]]:
    """The first visible sheets. Formulas give their last calculated value; a merged area gives its value in each of its cells."""
    from python_calamine import CalamineError, CalamineWorkbook

    found: list[dict[str, Wire]] = []
    cells = 0
    try:
        book = CalamineWorkbook.from_path(path)
        for index in _visible(book)[:most]:
            sheet = book.get_sheet_by_index(index)
            _within(sheet.total_height, sheet.total_width)
            cells += sheet.total_height * sheet.total_width
            if cells > MAX_CELLS:
                raise _too_many()
            rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            _unmerge(rows, sheet)
            found.append({"name": sheet.name, "rows": _trimmed(rows), "faults": _faults(path, index)})
    except CalamineError as exc:
        raise broken() from exc
    return found


def first_visible(path: str) -> int:
    """The place of the sheet that :func:`read_workbook` reads. Raises :class:`Fault`."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return _visible(CalamineWorkbook.from_path(path))[0]
    except CalamineError as exc:
        raise broken() from exc


def broken() -> Fault:
    """What is said of a workbook that cannot be read."""
    return Fault(
        "workbook_broken",
        _("ブックを読めません。壊れていないか、パスワードが付いていないか確かめてください。"),
    )


def _visible(book: CalamineWorkbook) -> list[int]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    found = [
        index
        for index, one in enumerate(book.sheets_metadata)
        if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
    ]
    if not found:
        raise Fault("workbook_empty", _("ブックに見えるシートがありません。"))
    return found


def _plain(cell: object) -> Cell:
    if cell == "":
        return None
    if isinstance(cell, bool | int | float | str | dt.date):
        return cell
    return str(cell)  # times and durations


def _unmerge(rows: list[list[Cell]], sheet: CalamineSheet) -> None:
    done = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        done += (bottom - top + 1) * (right - left + 1)
        if done > MAX_CELLS:
            raise _too_many()
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]


def _faults(path: str, index: int) -> dict[str, str]:
    """Errors and formulas without a value read as empty cells elsewhere; taken so, they would erase what is stored."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(sheet_parts(archive)[index][1]) as part:
            return _scan(part.read())
    except (zipfile.BadZipFile, KeyError, ET.ParseError, IndexError) as exc:
        raise broken() from exc


def _xml(data: bytes) -> ET.Element:
    """A part of the workbook. No spreadsheet program writes a DOCTYPE; it is where an XML attack would begin."""
    if b"<!DOCTYPE" in data:
        raise ET.ParseError("DOCTYPE")
    return ET.fromstring(data)  # noqa: S314 – in the sandbox, without DOCTYPE


def sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and part of every sheet, hidden ones too, in order. Raises KeyError or ParseError for what is no workbook."""
    relations = {
        one.attrib["Id"]: one.attrib["Target"] for one in _xml(archive.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = _xml(archive.read("xl/workbook.xml")).findall(f"{_MAIN}sheets/{_MAIN}sheet")
    return [(one.get("name", ""), _part(relations[one.attrib[_REL]])) for one in sheets]


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _scan(xml: bytes) -> dict[str, str]:
    if b't="e"' not in xml and b"<f" not in xml:
        return {}
    found: dict[str, str] = {}
    for cell in _xml(xml).iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v") or ""
        if cell.get("t") == "e":
            found[cell.get("r", "")] = value or "#ERROR"
        elif cell.find(f"{_MAIN}f") is not None and not value and cell.get("t") != "str":
            found[cell.get("r", "")] = _("計算されていない式")
    return found


def _within(height: int, width: int) -> None:
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise _too_many()


def _too_many() -> Fault:
    return Fault(
        "sheet_too_large",
        _("表が大きすぎます。%(rows)s行・%(columns)s列（%(last)s列）までにしてください。")
        % {"rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS, "last": letters(MAX_COLUMNS - 1)},
        expected=address(MAX_ROWS - 1, MAX_COLUMNS - 1),
    )


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without the empty cells that a program leaves behind at the right and at the bottom."""
    for row in rows:
        while row and (row[-1] is None or row[-1] == ""):
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows
