"""PDF with a text layer: its lines of text and its ruled tables as blocks, page by page.

`part` is the page's number, `line` counts the blocks of the page. What repeats at the edge of pages is left out, with a remark; a
table that goes on over the page keeps its number. Not read: tables without lines (their rows come as lines of text), pictures,
forms that were filled in, more than two columns of running text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pdfminer.pdfpage import PDFPage

from yakuba.services.plan.reading.blocks import Block, Paper, Span, bounded
from yakuba.services.plan.reading.unreadable import Unreadable

from .bounds import TooMuch
from .glyphs import Drawing, Drawn, Glyph
from .lines import (
    TextLine,
    begins_anew,
    cell_text,
    columns_of,
    continued,
    furniture,
    lines_of,
    paragraphs,
    right_of,
    runs_of,
)
from .opening import HEAD, acts, broken, open_document, pages_of
from .ruling import Grid, TooManyLines, grids
from .structure import headings

#: A page with fewer letters has no text layer (a scan may carry a stamp or a page number).
_LETTERS: Final = 8
#: The columns of one table stand at the same places (points) on two pages.
_SAME_PLACE: Final = 4.0
#: Letters of a text that may have been cut by the page's end.
_LONG: Final = 15
_SHOWN: Final = 12


@dataclass(slots=True)
class _Table:
    """A ruled table, its cells' texts by the index of the cell."""

    grid: Grid
    texts: list[str]


@dataclass(slots=True)
class _Page:
    """One page once its letters are sorted into tables and columns of text."""

    number: int
    height: float
    columns: list[list[TextLine]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Notes:
    """What a person should know of the file, as page numbers."""

    blank: list[int] = field(default_factory=list)
    heavy: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    ruby: int = 0
    unseen: int = 0
    unknown: int = 0
    vertical: list[int] = field(default_factory=list)
    furniture: dict[str, None] = field(default_factory=dict)


def looks_like(data: bytes) -> bool:
    """Whether a file says of itself that it is a PDF; its mark may stand behind a few other bytes."""
    return data.startswith(b"%PDF") or (b"%PDF-" in data[:HEAD] and b"%%EOF" in data[-HEAD:])


def read(data: bytes, file: str) -> Paper:
    """The paper of a PDF. Raises `Unreadable`: encrypted, truncated, scanned, broken, or beyond its bounds."""
    document = open_document(data)
    notes = _Notes()
    pages: list[_Page] = []
    letters = 0
    drawing = Drawing()
    levels = headings(document)
    for number, page in enumerate(pages_of(document), 1):
        try:
            drawn = drawing.page(page, number, levels.get(_object(page), {}))
            letters += len(drawn.glyphs)
            pages.append(_sorted(drawn, notes, _last_columns(pages)))
        except TooMuch:
            notes.heavy.append(number)
        except (Unreadable, MemoryError):
            raise
        except Exception:  # noqa: BLE001 – the parser raises whatever a broken page leads it to
            notes.failed.append(number)
    _check(len(pages), letters, notes)
    _leave_out_furniture(pages, notes)
    blocks = _blocks(pages)
    if not any(not block.blank for block in blocks):
        raise _scanned()
    return Paper(file, "pdf", bounded(blocks), remarks=tuple(_remarks(notes, acting=acts(document))))


def _object(page: PDFPage) -> int:
    """The number of a page's object in the file; 0 where it has none."""
    return page.pageid if isinstance(page.pageid, int) else 0


def _check(read_pages: int, letters: int, notes: _Notes) -> None:
    """Refuses a document that has no text to read."""
    if not read_pages:
        if notes.heavy:
            raise Unreadable(
                "too-large",
                "どのページも図が大きすぎて読めません。計画の本文のページだけのPDFを指定してください。",
            )
        raise broken()
    if notes.unknown > letters:
        raise Unreadable(
            "no-letters",
            "PDFの文字が、どの文字か分かる形で入っていません。元のソフトから書き出し直したPDFか、Word・Excelのファイルを指定してください。",
        )
    if len(notes.blank) == read_pages:
        raise _scanned()


def _scanned() -> Unreadable:
    return Unreadable(
        "scanned",
        "紙を読み取った画像だけのPDFで、文字が入っていません。作成元のWord・Excelのファイルか、文字の入ったPDFを指定してください。"
        "紙しかない場合は、文字認識(OCR)をかけてから指定してください。",
    )


# --- one page -----------------------------------------------------------------------------------------------------


def _last_columns(pages: Sequence[_Page]) -> list[float]:
    """The columns of the page before's last table, which may go on."""
    return pages[-1].tables[-1].grid.xs if pages and pages[-1].tables else []


def _sorted(drawn: Drawn, notes: _Notes, before: Sequence[float]) -> _Page:
    """The page's letters by table cell and by column of text; `before` are the columns of a table that may go on here."""
    notes.unseen += drawn.unseen
    notes.unknown += drawn.unknown
    if not drawn.glyphs or (drawn.pictures and len(drawn.glyphs) < _LETTERS):
        notes.blank.append(drawn.number)
    if sum(1 for one in drawn.glyphs if one.vertical) * 2 > len(drawn.glyphs) > 0:
        notes.vertical.append(drawn.number)
    page = _Page(drawn.number, drawn.height)
    try:
        found = grids(drawn.lines)
    except TooManyLines:
        notes.heavy.append(drawn.number)
        found = []
    inside: list[dict[int, list[Glyph]]] = [{} for _ in found]
    outside: list[Glyph] = []
    for run in runs_of(drawn.glyphs):
        place = _place(run, found)
        if place is None:
            outside += run
        else:
            inside[place[0]].setdefault(place[1], []).extend(run)
    for grid, cells in zip(found, inside, strict=True):
        table = _Table(
            grid, [_text(cells.get(index, []), grid, index, notes) for index in range(len(grid.cells))]
        )
        filled = sum(1 for text in table.texts if text)
        if filled > 1 or (filled and not page.tables and _agree(before, grid.xs)):
            page.tables.append(table)
        else:  # a frame around text, or a drawing
            outside += [glyph for kept in cells.values() for glyph in kept]
    columns = columns_of(outside, drawn.width)
    for column in columns:
        lines, ruby = lines_of(column)
        notes.ruby += ruby
        if lines:
            page.columns.append(lines)
            page.rights.append(right_of(lines, drawn.width if len(columns) == 1 else 0))
    return page


def _place(run: Sequence[Glyph], found: Sequence[Grid]) -> tuple[int, int] | None:
    """The grid and the cell that most of a run of letters stands in: a word may run over its cell's edge."""
    votes: dict[tuple[int, int], int] = {}
    for one in run:
        x, y = (one.x0 + one.x1) / 2, (one.top + one.bottom) / 2
        for number, grid in enumerate(found):
            if (cell := grid.at(x, y)) is not None:
                at = (number, grid.owner[cell.row][cell.column])
                votes[at] = votes.get(at, 0) + 1
                break
    return max(votes, key=lambda place: votes[place]) if votes else None


def _text(glyphs: Sequence[Glyph], grid: Grid, index: int, notes: _Notes) -> str:
    lines, ruby = lines_of(glyphs)
    notes.ruby += ruby
    return cell_text(lines, grid.cells[index].x0, grid.cells[index].x1)


def _leave_out_furniture(pages: Sequence[_Page], notes: _Notes) -> None:
    lines = [[line for column in page.columns for line in column] for page in pages]
    found = furniture(lines, [page.height for page in pages])
    for number, page in enumerate(pages):
        gone = {id(lines[number][place]) for at, place in found if at == number}
        if gone:
            notes.furniture.update(
                dict.fromkeys(line.text for column in page.columns for line in column if id(line) in gone)
            )
            page.columns = [[line for line in column if id(line) not in gone] for column in page.columns]


# --- all pages ----------------------------------------------------------------------------------------------------


def _blocks(pages: Sequence[_Page]) -> list[Block]:
    blocks: list[Block] = []
    table = 0
    open_xs: list[float] = []  # the columns of a table that ended the page before
    for page in pages:
        number = 0
        for item in _in_order(page):
            if isinstance(item, _Table):
                rows = _rows(item)
                before, open_xs = open_xs, item.grid.xs
                goes_on = number == 0 and _agree(before, open_xs)
                rest = _rest(before, open_xs, rows[0][0]) if number == 0 else None
                # The tables' columns may differ where the rows on each page are merged in other ways.
                if rest is not None and _is_rest(blocks[-1].cells, rest):
                    blocks[-1] = _completed(blocks[-1], rest)
                    rows.pop(0)
                    goes_on = True
                table += not goes_on
                blocks += [
                    Block(number + place, cells, str(page.number), table, spans=spans)
                    for place, (cells, spans) in enumerate(rows, 1)
                ]
                number += len(rows)
            else:
                text, first = item
                number += 1
                blocks.append(Block(number, (text,), str(page.number), level=first.level))
                open_xs = []
    return blocks


def _rest(before: Sequence[float], xs: Sequence[float], cells: Sequence[str]) -> list[str] | None:
    """A page's first row in the columns of the table before; None where the tables do not lie below each other."""
    if len(before) < 2 or abs(before[0] - xs[0]) > _SAME_PLACE or abs(before[-1] - xs[-1]) > _SAME_PLACE:
        return None
    found = [""] * (len(before) - 1)
    for x, cell in zip(xs, cells, strict=False):
        if cell:
            places = [place for place, at in enumerate(before[:-1]) if abs(at - x) <= _SAME_PLACE]
            if not places:
                return None
            found[places[0]] = cell
    return found


def _is_rest(last: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a page's first row is the rest of the row that the page before ended in.

    Only cells with running texts or lists go on, most of the row has nothing more to say, and some text was cut
    within its sentence, or lists within theirs.
    """
    filled = [place for place, cell in enumerate(cells) if cell]
    printed = sum(1 for cell in last if cell)
    running = [last[place] for place in filled if any(mark in last[place] for mark in "。、\n")]
    cut = sum(1 for text in running if len(text) >= _LONG and text[-1] not in "。」)）")
    lists = sum(
        1
        for place in filled
        if begins_anew(cells[place]) and ("\n" in last[place] or begins_anew(last[place]))
    )
    few = len(filled) * 2 <= printed
    return len(running) == len(filled) < printed and (cut >= (1 if few else 2) or lists >= 2)


def _completed(block: Block, rest: Sequence[str]) -> Block:
    return replace(
        block, cells=tuple(continued(cell, more) for cell, more in zip(block.cells, rest, strict=True))
    )


def _in_order(page: _Page) -> list[_Table | tuple[str, TextLine]]:
    """The page's tables and paragraphs as they stand from the top; a column of text stays together."""
    tables = list(page.tables)
    found: list[_Table | tuple[str, TextLine]] = []
    for column, right in zip(page.columns, page.rights, strict=True):
        waiting = list(column)
        while waiting:
            above = [
                table for table in tables if table.grid.ys[0] < waiting[0].top and not waiting[0].vertical
            ]
            found += above
            tables = [table for table in tables if table not in above]
            until = min((table.grid.ys[0] for table in tables), default=float("inf"))
            stretch = [line for line in waiting if line.vertical or line.top <= until] or waiting
            found += paragraphs(stretch, right)
            waiting = waiting[len(stretch) :]
    return [*found, *tables]


def _agree(xs: Sequence[float], others: Sequence[float]) -> bool:
    return len(xs) == len(others) and all(abs(a - b) <= _SAME_PLACE for a, b in zip(xs, others, strict=True))


def _rows(table: _Table) -> list[tuple[tuple[str, ...], tuple[tuple[int, Span], ...]]]:
    """The rows of a table: the cells, and which of them are merged; a merged cell is printed at its first place."""
    grid = table.grid
    rows = []
    for row, owners in enumerate(grid.owner):
        cells: list[str] = []
        spans: list[tuple[int, Span]] = []
        for column, index in enumerate(owners):
            cell = grid.cells[index]
            first = (cell.row, cell.column) == (row, column)
            cells.append(table.texts[index] if first else "")
            if first and (cell.columns > 1 or cell.rows > 1):
                spans.append((column, Span(cell.columns, cell.rows)))
        rows.append((tuple(cells), tuple(spans)))
    return rows


# --- remarks ------------------------------------------------------------------------------------------------------


def _remarks(notes: _Notes, *, acting: bool) -> list[str]:
    said: list[str] = []
    if notes.blank:
        said.append(f"文字の入っていないページは読めません(画像だけか白紙): {_pages(notes.blank)}")
    if notes.heavy:
        said.append(
            f"図の線や文字が多すぎて、読まなかったか、表として読まなかったページがあります: {_pages(notes.heavy)}"
        )
    if notes.failed:
        said.append(f"壊れていて読めなかったページがあります: {_pages(notes.failed)}")
    if notes.vertical:
        said.append(f"縦書きのページは、行の順序を確かめてください: {_pages(notes.vertical)}")
    if notes.unknown:
        said.append(f"どの文字か分からない文字が{notes.unknown:,}個あり、除きました(外字など)。")
    if notes.unseen:
        said.append(
            "文字認識(OCR)の結果を画像に重ねたPDFのようです。文字の読み違いがないか、元の紙と見比べてください。"
        )
    if notes.ruby:
        said.append(f"ふりがな({notes.ruby:,}文字)は除いて読みました。")
    if notes.furniture:
        words = list(notes.furniture)
        more = f" ほか{len(words) - 3}種類" if len(words) > 3 else ""
        shown = "、".join(f"「{word[:40]}」" for word in words[:3])
        said.append(
            f"ページの上下に印刷された見出しやページ番号は、本文ではないものとして除きました: {shown}{more}"
        )
    if acting:
        said.append(
            "このPDFには、開いたときに動く仕掛け(スクリプトなど)があります。実行せず、文字だけを読みました。"
        )
    return said


def _pages(numbers: Sequence[int]) -> str:
    """Page numbers for a person, runs as first～last, the end cut where there are very many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        elif not (runs and number == runs[-1][1]):
            runs.append([number, number])
    words = [str(first) if first == last else f"{first}～{last}" for first, last in runs[:_SHOWN]]
    return f"{'、'.join(words)}ページ" + ("ほか" if len(runs) > _SHOWN else "")
