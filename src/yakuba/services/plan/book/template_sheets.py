"""A template as a workbook that an office edits in Excel: the parts of the book on one sheet, the columns of its tables on another."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import BinaryIO, Final, TypeVar

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read_all
from yakuba.kernel.text import compact
from yakuba.services.plan.book.placeholders import BadPlaceholder, parse, vocabulary
from yakuba.services.plan.book.templates import (
    KINDS,
    MOST_COLUMNS,
    MOST_PARTS,
    PAPER_NAMES,
    PARTS,
    VOLUMES,
    WITH_COLUMNS,
    Part,
    Template,
    TemplateColumn,
)
from yakuba.services.plan.book.writers.xlsx import as_text

T = TypeVar("T", bound=str)
PARTS_SHEET: Final = "構成"
COLUMNS_SHEET: Final = "列"
_WORDS_SHEET: Final = "使える項目"
_PART_HEADS: Final = ("部", "見出し", "対象", "版", "用紙", "空の列", "説明文")
_COLUMN_HEADS: Final = ("部の見出し", "上の見出し", "列の見出し", "内容", "幅")
_LEAN: Final = {True: "省く", False: "残す"}
_WIDTHS: Final = {
    PARTS_SHEET: (22, 46, 10, 10, 10, 10, 50),
    COLUMNS_SHEET: (46, 24, 24, 40, 8),
    _WORDS_SHEET: (26, 60),
}


def write(template: Template) -> bytes:
    """The template as a workbook, with the words that may be used."""
    book = Workbook()
    book.remove(book.worksheets[0])
    parts = [
        (
            PARTS[part.kind],
            part.title,
            KINDS[part.rows],
            VOLUMES[part.volume],
            PAPER_NAMES[part.paper],
            _LEAN[part.lean],
            part.note,
        )
        for part in template.parts
    ]
    _sheet(book, PARTS_SHEET, _PART_HEADS, parts)
    _choices(book, len(parts))
    columns = [
        (part.title, one.group, one.label, one.content, f"{one.width:g}" if one.width else "")
        for part in template.parts
        for one in part.columns
    ]
    _sheet(book, COLUMNS_SHEET, _COLUMN_HEADS, columns)
    words = [(f"{{{{{word.name}}}}}", word.about) for word in vocabulary()]
    _sheet(book, _WORDS_SHEET, ("項目", "説明"), words)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet(book: Workbook, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(name)
    for column, (head, width) in enumerate(zip(heads, _WIDTHS[name], strict=True), start=1):
        cell = sheet.cell(1, column)
        as_text(cell, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFECECEC")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, row in enumerate(rows, start=2):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            as_text(cell, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"


def _choices(book: Workbook, rows: int) -> None:
    """Cells in which one of a few words stands offer them."""
    sheet = book[PARTS_SHEET]
    for column, words in (
        ("A", PARTS.values()),
        ("C", KINDS.values()),
        ("D", VOLUMES.values()),
        ("E", PAPER_NAMES.values()),
        ("F", _LEAN.values()),
    ):
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        choice.add(f"{column}2:{column}{rows + MOST_PARTS}")
        sheet.add_data_validation(choice)


# --- reading ---------------------------------------------------------------------------------------------------------------


def read(stream: BinaryIO, name: str) -> Template:
    """The template. Raises :class:`Problems`, each with sheet and cell, what was found there and what is expected."""
    sheets = dict(read_all(stream))
    for wanted in (PARTS_SHEET, COLUMNS_SHEET):
        if wanted not in sheets:
            raise Problem(
                "template_sheet",
                _(
                    "シート「%(wanted)s」がありません。ひな形を Excel で保存し、その「%(parts)s」と「%(columns)s」のシートを直して使ってください。"
                )
                % {"wanted": wanted, "parts": PARTS_SHEET, "columns": COLUMNS_SHEET},
                field="file",
                expected=wanted,
            )
    problems: list[Problem] = []
    columns = _columns(sheets[COLUMNS_SHEET], problems)
    parts = _parts(sheets[PARTS_SHEET], columns, problems)
    if not parts and not problems:
        problems.append(
            Problem(
                "template_empty",
                _("シート「%(sheet)s」に、部がひとつもありません。") % {"sheet": PARTS_SHEET},
                field="file",
            )
        )
    if problems:
        raise Problems(problems) if len(problems) > 1 else problems[0]
    return Template(name, "", tuple(parts))


def _parts(grid: Grid, columns: Mapping[str, list[TemplateColumn]], problems: list[Problem]) -> list[Part]:
    at = _heads(grid, PARTS_SHEET, _PART_HEADS, problems)
    found: list[Part] = []
    used: set[str] = set()
    for row in range(1, len(grid.rows)):
        cells = {head: _text(grid, row, column) for head, column in at.items()}
        if not any(cells.values()):
            continue

        def place(head: str, row: int = row) -> str:
            return address(row, at.get(head, 0))

        kind = _chosen(cells.get("部", ""), PARTS, PARTS_SHEET, place("部"), problems)
        if kind is None:
            continue
        title = cells.get("見出し", "")
        for head in ("見出し", "説明文"):
            _check(cells.get(head, ""), PARTS_SHEET, place(head), problems)
        rows = _chosen(cells.get("対象", "") or "すべて", KINDS, PARTS_SHEET, place("対象"), problems)
        volume = _chosen(cells.get("版", "") or "この版", VOLUMES, PARTS_SHEET, place("版"), problems)
        paper = _chosen(cells.get("用紙", "") or "A4縦", PAPER_NAMES, PARTS_SHEET, place("用紙"), problems)
        lean = cells.get("空の列", "") == _LEAN[True]
        own = columns.get(title, []) if kind in WITH_COLUMNS else []
        used.add(title)
        if kind in WITH_COLUMNS and not own:
            problems.append(
                _wrong(
                    PARTS_SHEET,
                    place("見出し"),
                    _(
                        "「%(title)s」の列が、シート「%(sheet)s」にありません。「部の見出し」に同じ見出しを書いてください。"
                    )
                    % {"title": title, "sheet": COLUMNS_SHEET},
                    title,
                )
            )
        if rows is not None and volume is not None and paper is not None:
            found.append(
                Part(
                    kind,
                    title,
                    rows,
                    volume,
                    paper,
                    cells.get("説明文", ""),
                    lean,
                    tuple(own),
                )
            )
    for title in columns:
        if title not in used and not problems:
            problems.append(
                _wrong(
                    COLUMNS_SHEET,
                    "A列",
                    _("「%(title)s」という部が、シート「%(sheet)s」にありません。")
                    % {"title": title, "sheet": PARTS_SHEET},
                    title,
                )
            )
    if len(found) > MOST_PARTS:
        problems.append(
            _wrong(
                PARTS_SHEET,
                "A列",
                _("部が多すぎます。%(most)dまでにしてください。") % {"most": MOST_PARTS},
                str(len(found)),
            )
        )
    return found


def _columns(grid: Grid, problems: list[Problem]) -> dict[str, list[TemplateColumn]]:
    at = _heads(grid, COLUMNS_SHEET, _COLUMN_HEADS, problems)
    found: dict[str, list[TemplateColumn]] = {}
    for row in range(1, len(grid.rows)):
        cells = {head: _text(grid, row, column) for head, column in at.items()}
        if not any(cells.values()):
            continue
        for head in ("上の見出し", "列の見出し", "内容"):
            _check(cells.get(head, ""), COLUMNS_SHEET, address(row, at.get(head, 0)), problems)
        if not cells.get("列の見出し"):
            problems.append(
                _wrong(
                    COLUMNS_SHEET,
                    address(row, at.get("列の見出し", 0)),
                    _("列の見出しを書いてください。"),
                    "",
                )
            )
        width = _width(cells.get("幅", ""), address(row, at.get("幅", 0)), problems)
        own = found.setdefault(cells.get("部の見出し", ""), [])
        own.append(
            TemplateColumn(
                cells.get("列の見出し", ""), cells.get("内容", ""), cells.get("上の見出し", ""), width
            )
        )
        if len(own) > MOST_COLUMNS:
            problems.append(
                _wrong(
                    COLUMNS_SHEET,
                    address(row, 0),
                    _("列が多すぎます。1つの表に%(most)dまでです。") % {"most": MOST_COLUMNS},
                    "",
                )
            )
    return found


def _heads(grid: Grid, sheet: str, heads: Sequence[str], problems: list[Problem]) -> dict[str, int]:
    """Where each head stands; the first one must be there."""
    first = grid.rows[0] if grid.rows else ()
    there = {compact(str(cell)): n for n, cell in enumerate(first) if cell is not None}
    missing = [head for head in heads if compact(head) not in there]
    if missing:
        problems.append(
            _wrong(
                sheet,
                "1行目",
                _("見出し「%(missing)s」がありません。") % {"missing": "」「".join(missing)},
                "、".join(map(str, first)),
                missing[0],
            )
        )
    return {head: there[compact(head)] for head in heads if compact(head) in there}


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid.cell(row, column)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _chosen(text: str, words: Mapping[T, str], sheet: str, place: str, problems: list[Problem]) -> T | None:
    """The key of a word; None, told, for a word that there is not."""
    found = next((key for key, word in words.items() if compact(word) == compact(text)), None)
    if found is None:
        problems.append(
            _wrong(
                sheet,
                place,
                _("「%(text)s」は使えません。%(words)sから選んでください。")
                % {"text": text[:30], "words": "・".join(words.values())},
                text,
            )
        )
    return found


def _check(text: str, sheet: str, place: str, problems: list[Problem]) -> None:
    try:
        parse(text)
    except BadPlaceholder as bad:
        problems.append(_wrong(sheet, place, str(bad), bad.found))


def _width(text: str, place: str, problems: list[Problem]) -> float:
    if not text:
        return 0
    try:
        width = float(text)
    except ValueError:
        width = -1
    if not 0 < width <= 100:
        problems.append(
            _wrong(COLUMNS_SHEET, place, _("幅は、1から100までの数字か、空にしてください。"), text)
        )
        return 0
    return width


def _wrong(sheet: str, place: str, message: str, found: str, expected: str = "") -> Problem:
    return Problem(
        "template_cell",
        _("シート「%(sheet)s」の%(place)s：%(message)s")
        % {"sheet": sheet, "place": place, "message": message},
        field="file",
        found=found,
        expected=expected,
    )
