"""Lines of text to blocks, with bounds that hostile files cannot pass."""

from __future__ import annotations

import re
from typing import Final

from yakuba.services.plan.reading.blocks import MAX_BLOCKS, MAX_CELL, MAX_CELLS, MAX_COLUMNS, Block
from yakuba.services.plan.reading.unreadable import Unreadable

#: A quoted cell that runs over more lines than this is a stray quotation mark.
MAX_QUOTED_LINES: Final = 200
#: How many characters the search for closing quotation marks may read in one file.
QUOTE_BUDGET: Final = 60_000_000

_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """The lines of a text, ended by LF, CRLF or CR; other separators stay inside. Raises `Unreadable`."""
    count = text.count("\n") + text.count("\r") + 1
    if count > MAX_BLOCKS:
        raise Unreadable(
            "too-many-lines",
            f"行が多すぎます({count:,}行)。{MAX_BLOCKS:,}行までのファイルを指定してください。",
        )
    lines = _LINE_END.split(text)
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_CELL:
            raise Unreadable(
                "line-too-long",
                f"{number}行目が長すぎます({len(line):,}文字)。1行は{MAX_CELL:,}文字までです。",
            )
    return lines


def rows_of(lines: list[str], delimiter: str) -> list[Block]:
    """The records of the lines, split at the delimiter outside quotation marks. Raises `Unreadable`."""
    cells = 0
    for number, line in enumerate(lines, 1):
        columns = line.count(delimiter) + 1
        if columns > MAX_COLUMNS:
            raise Unreadable(
                "too-many-columns",
                f"{number}行目の列が多すぎます({columns:,}列)。{MAX_COLUMNS}列までの表を指定してください。",
            )
        cells += columns
    if cells > MAX_CELLS:
        raise Unreadable("too-many-cells", f"表が大きすぎます({cells:,}セル)。{MAX_CELLS:,}セルまでです。")
    rows: list[Block] = []
    table = 0
    quoted = _Quoted(lines, delimiter)
    index = 0
    while index < len(lines):
        used = 1
        if '"' in lines[index]:
            found, used = quoted.record(index)
        else:
            found = lines[index].split(delimiter)
        if len(found) > 1 and not (rows and rows[-1].table):
            table += 1
        cut = tuple(cell.strip() for cell in found)
        rows.append(Block(index + 1, cut, table=table if len(found) > 1 else 0))
        index += used
    return rows


class _Quoted:
    """Splits records with quotation marks.

    A cell that begins with a quotation mark ends with the next single one and may hold delimiters and line
    ends; where none closes it, or text follows the closing one, the mark is an ordinary character.
    """

    def __init__(self, lines: list[str], delimiter: str) -> None:
        self.lines = lines
        self.delimiter = delimiter
        self.budget = QUOTE_BUDGET

    def record(self, start: int) -> tuple[list[str], int]:
        """The cells of the record that begins on line `start` (from 0), and how many lines it takes."""
        cells: list[str] = []
        line, place = start, 0
        while True:
            text = self.lines[line]
            closed = self._closing(line, place + 1) if text.startswith('"', place) else None
            if closed is not None:
                cells.append(self._inside((line, place + 1), closed))
                line, place = closed[0], closed[1] + 1
            else:
                end = text.find(self.delimiter, place)
                end = len(text) if end < 0 else end
                cells.append(text[place:end])
                place = end
            if place >= len(self.lines[line]):
                return cells, line - start + 1
            place += 1

    def _closing(self, line: int, place: int) -> tuple[int, int] | None:
        """Where the quotation ends: a single mark before a delimiter or the end of its line."""
        for at in range(line, min(line + MAX_QUOTED_LINES, len(self.lines))):
            text = self.lines[at]
            begin = place if at == line else 0
            self.budget -= len(text) - begin
            if self.budget < 0:
                raise Unreadable("unclosed-quotes", f'{line + 1}行目の引用符(")が閉じていません。')
            while (mark := text.find('"', begin)) >= 0:
                after = text[mark + 1 : mark + 2]
                if after == '"':
                    begin = mark + 2
                elif after in {"", self.delimiter}:
                    return at, mark
                else:
                    return None
        return None

    def _inside(self, begin: tuple[int, int], end: tuple[int, int]) -> str:
        if begin[0] == end[0]:
            text = self.lines[begin[0]][begin[1] : end[1]]
        else:
            middle = self.lines[begin[0] + 1 : end[0]]
            text = "\n".join([self.lines[begin[0]][begin[1] :], *middle, self.lines[end[0]][: end[1]]])
        return text.replace('""', '"')
