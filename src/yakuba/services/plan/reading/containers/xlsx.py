"""Excel workbooks as offices keep them: merged heads, comments, hidden rows, one sheet per office, 見え消し.

The parts are read directly. A library reads cells quickly or reads them wholly (runs, merges, comments), and the one that does the
latter makes an object of every cell that a merged area claims to cover; here the work follows the cells that are filled.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from xml.etree import ElementTree as ET

from yakuba.kernel.sheets.cells import address, letters
from yakuba.services.plan.reading.blocks import MAX_BLOCKS, MAX_CELLS, Block, Paper, Span, bounded
from yakuba.services.plan.reading.unreadable import Unreadable

from .formats import shown, shown_text
from .gridded import Cell, Row, Tables
from .workbook import Runs, Sheet, Workbook, comments, runs, workbook
from .zipped import OLE, Budget, Package, broken, local, refuse_ole, tidy

_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
#: Steps that sorting out merged areas may take: an area costs the filled rows that it covers, and their cells.
_MERGE_BUDGET: Final = 5_000_000
_SHAPES: Final = ("twoCellAnchor", "oneCellAnchor")
_LISTED: Final = 10


@dataclass(slots=True)
class _Page:
    """A sheet in the making."""

    sheet: Sheet
    rows: dict[int, Row] = field(default_factory=dict)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top, left, bottom, right: rows from 1, columns from 0."""
    shapes: list[tuple[int, str]] = field(default_factory=list)
    """Row and words of text boxes."""

    def row(self, line: int) -> Row:
        """The row of a number, made where it is new. Raises `Unreadable` beyond the bounds."""
        if line not in self.rows:
            if not 1 <= line <= _LAST_ROW:
                raise broken(f"シート「{self.sheet.name}」に{line:,}行目があります")
            if len(self.rows) >= MAX_BLOCKS:
                raise Unreadable(
                    "too-many-lines",
                    f"シート「{self.sheet.name}」の行が多すぎます。{MAX_BLOCKS:,}行までのファイルを指定してください。",
                )
            self.rows[line] = Row(line)
        return self.rows[line]


class _Places:
    """Places where something was found: how many, and the first few by name."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[str] = []

    def add(self, place: str) -> None:
        """One more."""
        self.count += 1
        if len(self._first) < _LISTED:
            self._first.append(place)

    def __str__(self) -> str:
        more = f" ほか{self.count - _LISTED:,}か所" if self.count > _LISTED else ""
        return "、".join(self._first) + more


@dataclass(slots=True)
class _Said:
    """What a person should know of the workbook, counted over its sheets."""

    hidden_sheets: _Places = field(default_factory=_Places)
    hidden_rows: _Places = field(default_factory=_Places)
    hidden_columns: _Places = field(default_factory=_Places)
    covered: _Places = field(default_factory=_Places)
    uncalculated: _Places = field(default_factory=_Places)
    errors: _Places = field(default_factory=_Places)
    struck: int = 0
    notes: int = 0
    pictures: int = 0


def read(data: bytes, file: str) -> Paper:
    """The paper of an Excel workbook: a part per sheet, lines as Excel numbers its rows. Raises `Unreadable`."""
    if data.startswith(OLE):
        raise refuse_ole(data)
    package = Package(data)
    main = package.main
    if not main.lower().startswith("xl/"):
        raise package.refusal()
    return read_package(package, main, file)


def read_package(package: Package, main: str, file: str) -> Paper:
    """The paper of an opened workbook whose main part is `main`; see :func:`read`."""
    book = workbook(package, main)
    reader = _Reader(package, book)
    blocks: list[Block] = []
    for sheet in book.sheets:
        blocks += reader.blocks(sheet)
        if len(blocks) > MAX_BLOCKS:
            break
    return Paper(file, "xlsx", bounded(blocks), tuple(_remarks(package, book, reader.said)))


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, package: Package, book: Workbook) -> None:
        self.package = package
        self.book = book
        self.said = _Said()
        self._budget = Budget()
        self._tables = Tables()
        self._cells = 0
        self._merging = _MERGE_BUDGET

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        """The blocks of a sheet."""
        page = self._page(sheet)
        self._merge(page)
        self._comment(page)
        self._hide(page)
        rows = [page.rows[line] for line in sorted(page.rows)]
        rows = [row for row in rows if row.cells]
        pending = sorted(page.shapes, reverse=True)
        for block in self._tables.blocks(rows, sheet.name, sheet=True):
            # A text box is read where it begins.
            while pending and pending[-1][0] <= block.line:
                yield self._shape(pending.pop(), sheet)
            yield block
        while pending:
            yield self._shape(pending.pop(), sheet)

    def _shape(self, shape: tuple[int, str], sheet: Sheet) -> Block:
        return Block(shape[0], (shape[1],), sheet.name, hidden=sheet.hidden)

    def _page(self, sheet: Sheet) -> _Page:
        page = _Page(sheet)
        line = 0
        for element in self.package.pieces(sheet.part, ("row", "col", "mergeCell")):
            name = local(element.tag)
            if name == "row":
                line = _number(element.get("r"), line + 1)
                self._row(page, line, element)
            elif name == "mergeCell":
                area = _area(element.get("ref", ""))
                if area is not None:
                    page.merges.append(area)
            elif _true(element.get("hidden")):
                first = _number(element.get("min"), 1) - 1
                page.hidden_columns.append((first, _number(element.get("max"), first + 1) - 1))
        for relation in self.package.relations(sheet.part):
            if relation.kind == "drawing" and not relation.external and self.package.has(relation.target):
                self._shapes(page, relation.target)
        return page

    def _row(self, page: _Page, line: int, element: ET.Element) -> None:
        hidden = _true(element.get("hidden"))
        column = -1
        row: Row | None = None
        ruled = 0
        for child in element:
            if local(child.tag) != "c":
                continue
            ruled += self.book.style(child.get("s")).ruled
            place = child.get("r")
            column = _place(place)[1] if place else column + 1
            if column >= _LAST_COLUMN:
                raise broken(f"シート「{page.sheet.name}」の{line}行目に{column + 1:,}列目があります")
            cell = self._cell(page.sheet, line, column, child)
            if cell is None:
                continue
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise Unreadable(
                    "too-many-cells", f"表が大きすぎます。{MAX_CELLS:,}セルまでのファイルにしてください。"
                )
            row = row or page.row(line)
            row.cells[column] = cell
        if row is not None:
            row.ruled = ruled > 1
            row.hidden = hidden or page.sheet.hidden
            if hidden and not page.sheet.hidden:
                self.said.hidden_rows.add(f"{page.sheet.name}の{line}行目")

    def _cell(self, sheet: Sheet, line: int, column: int, element: ET.Element) -> Cell | None:
        """A cell that prints something, or None."""
        value: str | None = None
        inline: Runs = ()
        formula = False
        for child in element:
            name = local(child.tag)
            if name == "v":
                value = child.text
            elif name == "is":
                inline = runs(child, f"シート「{sheet.name}」の{address(line - 1, column)}")
            elif name == "f":
                formula = True
        kind = element.get("t", "n")
        style = self.book.style(element.get("s"))
        if kind == "inlineStr":
            pieces = inline
        elif not value:
            if formula and kind != "str":
                self.said.uncalculated.add(f"{sheet.name}の{address(line - 1, column)}")
            return None
        elif kind == "s":
            at = _number(value, -1)
            if not 0 <= at < len(self.book.strings):
                raise broken(f"シート「{sheet.name}」の{address(line - 1, column)}の文字列がありません")
            pieces = self.book.strings[at]
        else:
            if kind == "e":
                self.said.errors.add(f"{sheet.name}の{address(line - 1, column)}")
            pieces = ((self._shown(kind, value, style.code), None),)
        return self._struck(pieces, struck=style.struck, code=style.code if kind in {"s", "str"} else "")

    def _shown(self, kind: str, value: str, code: str) -> str:
        if kind == "n":
            return shown(value, code, from_1904=self.book.from_1904)
        if kind == "b":
            return "TRUE" if _true(value) else "FALSE"
        if kind == "d":
            return _iso_shown(value, code)
        return value

    def _struck(self, pieces: Runs, *, struck: bool, code: str) -> Cell | None:
        """The cell of a text in runs: what is struck through is its old words."""
        new = "".join(text for text, own in pieces if not (struck if own is None else own))
        old = [text.strip() for text, own in pieces if (struck if own is None else own)]
        cell = Cell(tidy(new, "セル"), " ".join(text for text in old if text))
        if cell.text and code:
            cell.text = shown_text(cell.text, code)
        self._budget.spend(cell.text)
        self._budget.spend(cell.struck)
        self.said.struck += bool(cell.struck)
        return cell if cell.text or cell.struck else None

    def _merge(self, page: _Page) -> None:
        """Blanks what merged areas cover, and notes where they begin."""
        lines = sorted(page.rows)
        for top, left, bottom, right in page.merges:
            first, last = bisect_left(lines, top), bisect_right(lines, bottom)
            for line in lines[first:last]:
                row = page.rows[line]
                self._merging -= 1 + len(row.cells)
                if self._merging < 0:
                    raise Unreadable(
                        "too-many-cells",
                        f"シート「{page.sheet.name}」の結合セルが多すぎるか、大きすぎます。結合を減らして保存し直してください。",
                    )
                row.covered = row.covered or line > top
                # A row holds few cells, an area may claim many columns.
                for column in [one for one in row.cells if left <= one <= right]:
                    if (line, column) != (top, left):
                        self.said.covered.add(f"{page.sheet.name}の{address(line - 1, column)}")
                        del row.cells[column]
            start = page.rows.get(top)
            if start is not None and left in start.cells:
                start.spans[left] = Span(right - left + 1, bottom - top + 1)

    def _comment(self, page: _Page) -> None:
        for place, text in comments(self.package, page.sheet.part):
            found = _ADDRESS.fullmatch(place)
            if not found or not text:
                continue
            line, column = _place(place)
            if column >= _LAST_COLUMN:
                continue
            self._budget.spend(text)
            self.said.notes += 1
            row = page.row(line)
            row.hidden = row.hidden or page.sheet.hidden
            row.cells.setdefault(column, Cell()).note = text

    def _hide(self, page: _Page) -> None:
        """Marks rows of which nothing shows; columns that are hidden are said once."""
        if page.sheet.hidden:
            self.said.hidden_sheets.add(f"「{page.sheet.name}」")
        if not page.hidden_columns:
            return
        used = {column for row in page.rows.values() for column, cell in row.cells.items() if cell.text}
        gone = {column for column in used if any(one <= column <= two for one, two in page.hidden_columns)}
        for row in page.rows.values():
            if row.cells and all(column in gone for column in row.cells):
                row.hidden = True
        if not page.sheet.hidden:
            for column in sorted(gone):
                self.said.hidden_columns.add(f"{page.sheet.name}の{letters(column)}列")

    def _shapes(self, page: _Page, part: str) -> None:
        """Text boxes of a sheet; of pictures and charts only that they are there."""
        for anchor in self.package.pieces(part, _SHAPES):
            start = next((one for one in anchor if local(one.tag) == "from"), None)
            line = 1
            if start is not None:
                line = _number(next((one.text for one in start if local(one.tag) == "row"), "0"), 0) + 1
            for element in anchor.iter():
                name = local(element.tag)
                if name == "txBody":
                    text = tidy(_drawn(element), f"シート「{page.sheet.name}」の図形")
                    self._budget.spend(text)
                    if text:
                        page.shapes.append((min(line, _LAST_ROW), text))
                elif name in {"pic", "graphicFrame"}:
                    self.said.pictures += 1


def _drawn(body: ET.Element) -> str:
    """The paragraphs of a text box."""
    paragraphs = [one for one in body if local(one.tag) == "p"]
    return "\n".join(
        "".join(piece.text or "" for piece in paragraph.iter() if local(piece.tag) == "t")
        for paragraph in paragraphs
    )


def _true(value: str | None) -> bool:
    return (value or "").lower() in {"1", "true"}


def _number(value: str | None, otherwise: int) -> int:
    """A whole number of at most nine digits; `otherwise` where there is none."""
    return int(value) if value and value.isdecimal() and value.isascii() and len(value) < 10 else otherwise


def _place(place: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of an address. Raises `Unreadable`."""
    found = _ADDRESS.fullmatch(place)
    if not found:
        raise broken(f"セルの番地「{place[:20]}」が読めません")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right of an area; None where it is no area of several cells."""
    first, _, last = reference.partition(":")
    if not (_ADDRESS.fullmatch(first) and _ADDRESS.fullmatch(last)):
        return None
    (top, left), (bottom, right) = _place(first), _place(last)
    return (top, left, bottom, right) if top <= bottom and left <= right else None


def _iso_shown(value: str, code: str) -> str:
    """A date that a workbook keeps as text (ISO 8601), as its format shows it."""
    try:
        moment = datetime.fromisoformat(value.rstrip("Z"))
    except ValueError:
        return value
    day = (moment.date() - date(1899, 12, 30)).days
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return shown(f"{day + seconds / 86_400!r}", code if code != "General" else "yyyy/m/d")


def _remarks(package: Package, book: Workbook, said: _Said) -> Iterator[str]:
    """What a person should know, in sentences."""
    if package.macros:
        yield "マクロが入っています。マクロは実行せず、セルの内容だけを読みました。"
    links = len(package.under("xl/externalLinks/externalLink"))
    if links:
        yield f"ほかのファイルへのリンクが{links}件あります。リンクはたどらず、最後に保存された値を読みました。"
    if said.hidden_sheets.count:
        yield f"表示されていないシートが{said.hidden_sheets.count:,}枚あります({said.hidden_sheets})。これも読みました。"
    if said.hidden_rows.count:
        yield f"表示されていない行が{said.hidden_rows.count:,}行あります({said.hidden_rows})。これも読みました。"
    if said.hidden_columns.count:
        yield f"表示されていない列が{said.hidden_columns.count:,}列あります({said.hidden_columns})。これも読みました。"
    if said.covered.count:
        yield f"結合セルに隠れた値が{said.covered.count:,}か所あります({said.covered})。表示されないため、読みませんでした。"
    if said.uncalculated.count:
        yield (
            f"計算結果のない式が{said.uncalculated.count:,}か所あります({said.uncalculated})。"
            "Excelで開いて保存し直すと、値を読めます。"
        )
    if said.errors.count:
        yield f"エラーになっているセルが{said.errors.count:,}か所あります({said.errors})。"
    if said.struck:
        yield f"取り消し線のある文字が{said.struck:,}か所あります。取り消し線の文字を変更前、ほかを変更後として読みました。"
    if said.notes:
        yield f"コメントが{said.notes:,}件あります。"
    if book.charts or said.pictures:
        yield f"グラフや画像が{book.charts + said.pictures:,}点あります。その中の文字は読みませんでした。"
