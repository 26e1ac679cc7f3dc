"""What is done with a city's form in a child process: look through it, fill it. It knows cells and texts, nothing of a plan.

Nothing in a form runs: formulas are text here, and are written back as they were, their references kept right.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.drawing.image import Image
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.files.wire import Fault, Wire, bare
from yakuba.kernel.sheets.cells import MAX_TEXT, is_formula, workbook_text
from yakuba.services.plan.book.forms.references import Growth

Json = Mapping[str, Any]  # Any: JSON
Untyped = Any  # Any: what the library has and its stubs do not
#: Parts of a workbook that run something, or reach out of it.
_REFUSED: Final = {
    "xl/vbaProject": "マクロ",
    "xl/externalLinks/": "ほかのファイルへのリンク",
    "xl/embeddings/": "埋め込まれたファイル",
    "xl/activeX/": "ActiveX の部品",
    "xl/ctrlProps/": "フォームの部品（ボタンなど）",
    "xl/connections": "外部のデータへの接続",
    "xl/queryTables/": "外部のデータの取り込み",
    "xl/macrosheets/": "マクロ",
    "customUI/": "画面の拡張",
}
#: Parts that the library cannot carry over.
_LOST: Final = {"xl/charts/": "グラフ", "xl/diagrams/": "SmartArt", "xl/pivotTables/": "ピボットテーブル"}
_RUNS: Final = re.compile(
    r"\b(?:WEBSERVICE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|DDE|EVALUATE|FILTERXML|IMAGE)\s*\(|\|.*'?!"
    # Another file's cells: [1]集計!A1, '[集計.xlsx]4月'!A1. A column of a table, 表1[金額], is none.
    r"|'(?:[^']|'')*\[[^\[\]]+\](?:[^']|'')*'!|\[[^\[\]]+\][^!\[\]+\-*/^&=<>(),;:\s\"']*!"
    # A link within the book alone is written out: another address may be put together from what the cells say.
    r'|\bHYPERLINK\s*\((?!\s*"#)',
    re.IGNORECASE,
)
#: Where a cell's link may lead: to a page, a letter, or within the book. Anything else (file:, a share) opens on the reader's machine.
_LEADS: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_BRACES: Final = ("{{", "}}", "｛｛", "｝｝")
MOST_CELLS: Final = 200_000
_MOST_ROWS: Final = 1_048_576


@bare
def scan(path: str) -> Wire:
    """Every text with braces, and what of the workbook cannot be kept. Raises :class:`Fault` for what may not come in."""
    parts = _names(path)
    for prefix, what in _REFUSED.items():
        if any(part.startswith(prefix) for part in parts):
            raise Fault(
                "form_active",
                _("%(what)sが入っています。取り除いた「Excel ブック（.xlsx）」を選んでください。")
                % {"what": what},
                found=what,
            )
    book = _open(path)
    cells: list[Wire] = []
    sheets: list[Wire] = []
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise Fault(
                "form_large",
                _(
                    "シート「%(sheet)s」が大きすぎます（%(max_row)s行×%(max_column)s列）。使っていない行と列を削除してください。"
                )
                % {
                    "sheet": sheet.title,
                    "max_row": f"{sheet.max_row:,}",
                    "max_column": f"{sheet.max_column:,}",
                },
                found=sheet.title,
            )
        for cell in _filled(sheet):
            text = _formula_of(cell)
            if text is not None:
                _check_formula(sheet, cell, text)
            elif isinstance(cell.value, str) and any(one in cell.value for one in _BRACES):
                cells.append([sheet.title, cell.row, cell.column, cell.coordinate, cell.value])
        for where, text in _elsewhere(sheet):
            _check_runs(where, text)
        merged = [[one.min_row, one.max_row, one.coord] for one in sheet.merged_cells.ranges]
        arrays = [
            cell.coordinate
            for cell in _filled(sheet)
            if isinstance(cell.value, ArrayFormula | DataTableFormula)
        ]
        sheets.append({"title": sheet.title, "merged": cast("Wire", merged), "arrays": cast("Wire", arrays)})
    for name, one in book.defined_names.items():
        _check_runs(_("名前「%(name)s」") % {"name": name}, one.attr_text or "")
    lost = [what for prefix, what in _LOST.items() if any(part.startswith(prefix) for part in parts)]
    if any(
        _has_shapes(path, part) for part in parts if re.fullmatch(r"xl/drawings/drawing[0-9]+\.xml", part)
    ):
        lost.append("図形")
    return {"cells": cells, "sheets": sheets, "lost": cast("Wire", lost)}


def _names(path: str) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        raise Fault(
            "form_kind",
            _("Excel ブック（.xlsx）ではありません。Excel で「.xlsx」として保存し直してください。"),
        ) from None


def _has_shapes(path: str, part: str) -> bool:
    with zipfile.ZipFile(path) as archive:
        return re.search(rb"<(?:xdr:)?(?:sp|cxnSp|grpSp)[ >]", archive.read(part)) is not None


def _open(path: str) -> Workbook:
    try:
        with Path(path).open("rb") as stream:
            return load_workbook(stream, keep_links=False)
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, SyntaxError):
        raise Fault(
            "form_kind", _("Excel ブック（.xlsx）として読めません。Excel で開いて、保存し直してください。")
        ) from None


def _filled(sheet: Worksheet) -> Iterator[Cell]:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.value is not None:
                yield cell


def _formula_of(cell: Cell) -> str | None:
    if isinstance(cell.value, ArrayFormula):
        return str(cell.value.text)
    if isinstance(cell.value, DataTableFormula):
        return "="
    return str(cell.value) if cell.data_type == "f" else None


def _check_formula(sheet: Worksheet, cell: Cell, text: str) -> None:
    where = _("シート「%(sheet)s」の%(coordinate)s") % {"sheet": sheet.title, "coordinate": cell.coordinate}
    if any(one in text for one in _BRACES):
        raise Fault(
            "form_formula",
            _(
                "%(where)s：式の中に「{{…}}」は書けません。別のセルに書いて、式からそのセルを参照してください。"
            )
            % {"where": where},
            found=text[:60],
        )
    _check_runs(where, text)


def _elsewhere(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """The formulas of a sheet that stand in no cell, and where its links lead: (where, text)."""
    title = {"sheet": sheet.title}
    for name, one in sheet.defined_names.items():
        yield _("名前「%(name)s」") % {"name": name}, one.attr_text or ""
    for found in sheet.conditional_formatting:
        for rule in found.rules:
            for text in rule.formula:
                yield _("シート「%(sheet)s」の条件付き書式") % title, str(text)
    for validation in sheet.data_validations.dataValidation:
        for text in (validation.formula1, validation.formula2):
            yield _("シート「%(sheet)s」の入力規則") % title, str(text or "")
    for cell in _filled(sheet):
        target = cell.hyperlink.target if cell.hyperlink else None
        if target and not _LEADS.match(target):
            raise Fault(
                "form_link",
                _(
                    "シート「%(sheet)s」の%(coordinate)s：ファイルや共有フォルダーへのリンクは使えません。リンクを消してください。"
                )
                % {**title, "coordinate": cell.coordinate},
                found=target[:60],
                expected="https://",
            )


def _check_runs(where: str, text: str) -> None:
    if _RUNS.search(text):
        raise Fault(
            "form_formula",
            _("%(where)s：ほかのファイルや外部を読む式は使えません。") % {"where": where},
            found=text[:60],
        )


# --- filling ---------------------------------------------------------------------------------------------------------------


@bare
def fill(path: str, target: int, plan: Wire) -> Wire:
    """Write the filled form to the open file ``target``.

    ``plan`` is a list of ``{"sheet", "fixed": {place: text}, "rows": [first, last] or None, "entries": [{place: text}], "copies":
    [{"title", "cells": {place: text}}]}``; a text is a string, or a decimal where it is a number.
    """
    book = _open(path)
    for one in cast("Sequence[Json]", plan):
        sheet = book[one["sheet"]]
        if one["copies"]:
            _copy(book, sheet, one["copies"])
        else:
            _put_all(sheet, one["fixed"])
            if one["rows"]:
                first, last = one["rows"]
                _repeat(book, sheet, first, last, one["entries"])
    book.active = 0
    with open(target, "wb", closefd=False) as stream:
        book.save(stream)
    return len(book.sheetnames)


def _put_all(sheet: Worksheet, cells: Json) -> None:
    for place, value in cells.items():
        _put(sheet[place], value)


def _put(cell: Cell | MergedCell, value: object) -> None:
    """A text as text whatever it begins with, a decimal as a number; the cell keeps its looks."""
    if isinstance(cell, MergedCell):
        return
    if isinstance(value, Decimal):
        cell.value = value
        if cell.number_format == "@":
            cell.number_format = "General"
        return
    text = str(value)
    if not text:
        cell.value = None
        return
    text = text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
    cell.value = workbook_text(text)
    cell.data_type = "s"
    if is_formula(text):
        cell.quotePrefix = True
    if "\n" in text and not cell.alignment.wrap_text:
        alignment = copy.copy(
            cast("Untyped", cell.alignment)
        )  # Any: what a cell gives is no alignment for the stubs
        alignment.wrap_text = True
        cell.alignment = alignment


def _copy(book: Workbook, sheet: Worksheet, copies: Sequence[Json]) -> None:
    """A sheet for each entry, in the place of the one with the braces in its name."""
    place = book.index(sheet)
    pictures = [(image, image.ref.getvalue()) for image in cast("Untyped", sheet)._images]  # noqa: SLF001 – the library's only list of them
    for n, one in enumerate(copies):
        made = book.copy_worksheet(sheet)
        made.title = one["title"]
        made.conditional_formatting = copy.deepcopy(sheet.conditional_formatting)
        made.data_validations = copy.deepcopy(sheet.data_validations)
        made.oddHeader, made.oddFooter = copy.deepcopy(sheet.oddHeader), copy.deepcopy(sheet.oddFooter)
        if sheet.print_area:
            made.print_area = ",".join(area.rpartition("!")[2] for area in str(sheet.print_area).split(","))
        for image, data in pictures:
            again = Image(io.BytesIO(data))
            again.anchor = copy.deepcopy(image.anchor)
            made.add_image(again)
        _put_all(made, one["cells"])
        book.move_sheet(made, place + n - book.index(made))
    book.remove(sheet)


def _repeat(book: Workbook, sheet: Worksheet, first: int, last: int, entries: Sequence[Json]) -> None:
    """The rows ``first`` to ``last`` once for each entry; what stands below goes down, every reference with it."""
    high = last - first + 1
    extra = max(len(entries) - 1, 0) * high
    if sheet.max_row + extra > _MOST_ROWS:
        raise Fault("form_rows", _("シート「%(sheet)s」の行が多すぎます。") % {"sheet": sheet.title})
    growth = Growth(sheet.title, first, last, extra)
    merged = [(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges]
    for top, left, bottom, right in merged:
        sheet.unmerge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    _follow(book, growth)
    pattern = [
        _Pattern(cell.row, cell.column, cell.coordinate, cell.value, cell.data_type, copy.copy(_looks(cell)))
        for row in sheet.iter_rows(min_row=first, max_row=last)
        for cell in row
        if isinstance(cell, Cell)
    ]
    _move_down(sheet, growth)
    heights = {row: sheet.row_dimensions[row].height for row in range(first, last + 1)}
    for n, cells in enumerate(entries or [{}]):
        for one in pattern:
            _lay(sheet, one, n * high, cells, empty=not entries)
        for row, height in heights.items():
            # A height that was set for one line would cut longer texts off: the program finds the height itself.
            own = sheet.row_dimensions[row + n * high]
            own.height = None if _grows(sheet, row + n * high) else height
    for top, left, bottom, right in merged:
        inside = first <= top <= last
        for n in range(len(entries) or 1) if inside else [0]:
            down = n * high if inside else growth.row(top) - top
            sheet.merge_cells(
                start_row=top + down, start_column=left, end_row=bottom + down, end_column=right
            )


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A cell of the repeated rows as it was."""

    row: int
    column: int
    place: str
    value: Any  # Any: what a cell may hold
    kind: str
    looks: Any  # Any: the library's own record of a cell's style


def _looks(cell: Cell) -> Any:  # Any: the library's own record of a cell's style
    return cast("Untyped", cell)._style  # noqa: SLF001 – the library's own way to copy looks


def _lay(sheet: Worksheet, one: _Pattern, down: int, cells: Json, *, empty: bool) -> None:
    """One cell of the pattern so many rows further down, filled."""
    cell = sheet.cell(one.row + down, one.column)
    if not isinstance(cell, Cell):
        return
    cast("Untyped", cell)._style = copy.copy(one.looks)  # noqa: SLF001
    if one.place in cells or (empty and isinstance(one.value, str) and any(b in one.value for b in _BRACES)):
        _put(cell, cells.get(one.place, ""))
    elif down and one.kind == "f":
        cell.value = Translator(one.value, origin=one.place).translate_formula(cell.coordinate)
    elif down:
        cell.value = one.value


def _grows(sheet: Worksheet, row: int) -> bool:
    return any(
        isinstance(cell.value, str) and ("\n" in cell.value or len(cell.value) > 20) for cell in sheet[row]
    )


def _move_down(sheet: Worksheet, growth: Growth) -> None:
    """Cells, heights, links and pictures below the repeated rows."""
    if not growth.extra:
        return
    below = sorted((place for place in sheet._cells if place[0] > growth.last), reverse=True)  # noqa: SLF001
    for row, column in below:
        cell = sheet._cells.pop((row, column))  # noqa: SLF001
        cell.row = row + growth.extra
        if isinstance(cell, Cell) and cell.hyperlink:
            cell.hyperlink.ref = cell.coordinate
        sheet._cells[row + growth.extra, column] = cell  # noqa: SLF001
    for row in sorted((row for row in sheet.row_dimensions if row > growth.last), reverse=True):
        height = sheet.row_dimensions[row].height
        sheet.row_dimensions[row + growth.extra].height = height
        sheet.row_dimensions[row].height = None
    for image in cast("Untyped", sheet)._images:  # noqa: SLF001
        for corner in (getattr(image.anchor, "_from", None), getattr(image.anchor, "to", None)):
            if corner is not None and corner.row + 1 > growth.last:
                corner.row += growth.extra


def _follow(book: Workbook, growth: Growth) -> None:
    """Everything that refers to rows of the sheet: formulas of all sheets, names, conditions, lists of choices, what is printed."""
    for sheet in book.worksheets:
        for cell in _filled(sheet):
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = growth.formula(cell.value, sheet.title)
        for name in sheet.defined_names.values():
            name.attr_text = growth.reference(name.attr_text) if "!" in name.attr_text else name.attr_text
    for name in book.defined_names.values():
        name.attr_text = growth.reference(name.attr_text) if "!" in name.attr_text else name.attr_text
    sheet = book[growth.sheet]
    kept = ConditionalFormattingList()
    for found in sheet.conditional_formatting:
        place = " ".join(growth.area(one.coord) for one in found.cells.ranges)
        for rule in found.rules:
            rule.formula = [growth.formula(f"={one}", sheet.title)[1:] for one in rule.formula]
            kept.add(place, rule)
    sheet.conditional_formatting = kept
    for validation in sheet.data_validations.dataValidation:
        ranges = " ".join(growth.area(one.coord) for one in validation.sqref.ranges)
        validation.sqref = MultiCellRange(ranges)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = growth.span(sheet.auto_filter.ref)
    if sheet.print_area:
        areas = str(sheet.print_area).split(",")
        sheet.print_area = ",".join(growth.span(area.rpartition("!")[2]) for area in areas)
    for mark in sheet.row_breaks.brk:
        mark.id = growth.row(mark.id)
