"""個人番号 in sheets (番号法 20条): by what a head says, else by the check digit of :mod:`yakuba.kernel.text.my_number`.

Cells pass by and are not kept, so that hidden and very large sheets are looked through, too. :func:`look` runs in the sandbox: no
Django apps, no database.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from django.utils.translation import gettext as _

from yakuba.kernel.files.wire import Fault, Wire, bare
from yakuba.kernel.sheets.cells import MAX_TEXT, address
from yakuba.kernel.sheets.grid import MAX_CELLS, broken, first_visible, sheet_parts
from yakuba.kernel.text.my_number import hide

if TYPE_CHECKING:
    from yakuba.kernel.fields.kinds import Cell

_HEADS: Final = 30  # rows in which heads may stand
_OWN: Final = re.compile(r"個人番号|マイナンバー|my ?number", re.IGNORECASE)
#: A head that names another number of its own (免許証番号 has twelve digits, too).
_OTHER: Final = re.compile(r"[^0-9]{0,20}番号[^0-9]{0,10}\Z")
#: Only such a text is worth a closer look.
_FOURS: Final = re.compile(r"[0-9]{4}[^0-9]?[0-9]{4}[^0-9]?[0-9]{4}")
_LEAST, _MOST = 10**11, 10**12
#: What :func:`look` reads of a workbook: a cell is one element, its value another. Some fifteen seconds.
_ELEMENTS: Final = 2 * MAX_CELLS
_CHUNK: Final = 65_536
_ROW: Final = re.compile(r"[0-9]{1,7}")


# --- the rule ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Tally:
    """Of one column: cells with twelve digits, those of them whose check digit fits, and the first of these."""

    held: int = 0
    mine: int = 0
    first: str = ""

    def add(self, place: str, mine: bool) -> None:
        self.held += 1
        self.mine += mine
        if mine and not self.first:
            self.first = place

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(self.held + other.held, self.mine + other.mine, self.first or other.first)


class Search:
    """One sheet: :meth:`see` its cells row by row, then ask for the :attr:`place` of a 個人番号.

    Below a head (of the first rows) with that word it is whatever has twelve digits, beside one whatever has the check digit. A head
    that names another number clears its column. Elsewhere the check digit decides, by column:

    * Text with such a number is taken for one where half of the column's texts with twelve digits are.
    * A number may as well be an amount, of which one in ten fits by chance, and two in eleven of those that end in 0. A column of
      numbers is refused for two that fit which are three quarters of those with twelve digits: columns of 個人番号 are, and of
      amounts one column in a hundred with two of them (n = 2: 0.1²), one in a thousand with three (0.1³), four in a thousand with
      four (4 · 0.1³ · 0.9 + 0.1⁴), less with more; of amounts that end in 0 one in thirty (n = 2), two in a hundred (n = 4), less
      than one in two hundred (n = 5). A single such number below no head is not told from an amount.
    * CSV knows no numbers: where a sheet has none and nobody said that it is ``typed``, twelve bare digits without a leading 0 count
      as numbers.

    What has a fraction is none.
    """

    def __init__(self, *, typed: bool = False) -> None:
        self._place = ""
        self._own: dict[int, int] = {}
        self._other: set[int] = set()
        self._named = -1  # the row that was last seen to name itself so
        self._numbers = typed
        self._typed: dict[int, _Tally] = {}
        self._bare: dict[int, _Tally] = {}
        self._written: dict[int, _Tally] = {}

    def see(self, row: int, column: int, cell: Cell) -> None:
        """The next cell, counted from 0; a row's cells from the left."""
        if isinstance(cell, str):
            self._see_text(row, column, unicodedata.normalize("NFKC", cell).strip())
        elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            self._numbers = True
            if _LEAST <= cell < _MOST and cell == int(cell):
                self._count(self._typed, row, column, str(int(cell)), plain=True)

    def _see_text(self, row: int, column: int, text: str) -> None:
        if _OWN.search(text):
            self._named = row
            if row < _HEADS:
                self._own.setdefault(column, row)
        elif row < _HEADS and _OTHER.match(text):
            self._other.add(column)
        if not _FOURS.search(text):
            return
        plain = re.fullmatch(r"[0-9]{12}", re.sub(r"[\s\-]", "", text)) is not None
        amount = len(text) == 12 and plain and text[0] != "0"
        self._count(self._bare if amount else self._written, row, column, text, plain=plain)

    def _count(self, tallies: dict[int, _Tally], row: int, column: int, text: str, *, plain: bool) -> None:
        mine = hide(text) != text
        if (plain and self._own.get(column, row) < row) or (mine and self._named == row):
            self._place = self._place or address(row, column)
        elif plain or mine:
            tallies.setdefault(column, _Tally()).add(address(row, column), mine)

    @property
    def place(self) -> str:
        """The address of a cell that bears one, else empty."""
        if self._place:
            return self._place
        nothing = _Tally()
        for column in sorted({*self._typed, *self._bare, *self._written} - (self._other - set(self._own))):
            typed, written = self._typed.get(column, nothing), self._written.get(column, nothing)
            either = self._bare.get(column, nothing)
            if self._numbers:
                written += either
            else:
                typed += either
            if written.mine and written.mine * 2 >= written.held:
                return written.first
            if typed.mine > 1 and typed.mine * 4 >= typed.held * 3:
                return typed.first
        return ""


def place_in(rows: Sequence[Sequence[Cell]]) -> str:
    """The address of a cell that bears one, else empty."""
    search = Search()
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            search.see(row, column, cell)
    return search.place


# --- a workbook -------------------------------------------------------------------------------------------------------
class _Unseen(Exception):
    """More than is looked through."""


@bare
def look(path: str, beside: bool) -> Wire:
    """Sheet and address of a 個人番号 in a workbook, hidden sheets included; two empty texts where there is none.

    ``beside`` leaves out the first visible sheet. Memory does not grow with the sheets. Raises :class:`Fault`, with the sheet's name
    where it is more than can be looked through.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = sheet_parts(archive)
            if beside:
                del sheets[first_visible(path)]
            return _look(archive, sheets)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        IndexError,
        ET.ParseError,
        expat.ExpatError,
        EOFError,
    ) as exc:
        raise broken() from exc


def _look(archive: zipfile.ZipFile, sheets: list[tuple[str, str]]) -> list[str]:
    seen = set[str]()
    strings: dict[int, str] | None = None
    left = _ELEMENTS
    for name, part in sheets:
        if part in seen:
            continue
        seen.add(part)
        try:
            if strings is None:
                strings, left = _strings(archive, left)
            search = Search(typed=True)
            with archive.open(part) as stream:
                cells = _Cells(search, strings)
                left = _Parser("c", cells.take, left, cells.turn).read(stream)
        except _Unseen as exc:
            raise Fault(
                "sheet_unseen",
                _(
                    "「%s」シートは大きすぎて、個人番号がないか確かめられません。このシートを除いたファイルを選んでください。"
                )
                % name,
                found=name,
            ) from exc
        if search.place:
            return [name, search.place]
    return ["", ""]


def _strings(archive: zipfile.ZipFile, left: int) -> tuple[dict[int, str], int]:
    """The texts that cells point to, only those that :class:`Search` looks at; and how many elements may still be read."""
    found: dict[int, str] = {}
    if "xl/sharedStrings.xml" not in archive.namelist():
        return found, left
    count = 0

    def take(_attributes: Mapping[str, str], text: str) -> None:
        nonlocal count
        folded = unicodedata.normalize("NFKC", text).strip()
        if _FOURS.search(folded) or _OWN.search(folded) or _OTHER.match(folded):
            found[count] = text
        count += 1

    with archive.open("xl/sharedStrings.xml") as stream:
        left = _Parser("si", take, left).read(stream)
    return found, left


class _Cells:
    """From elements to cells; a row or a cell that does not say where it stands follows the last."""

    def __init__(self, search: Search, strings: Mapping[int, str]) -> None:
        self._search = search
        self._strings = strings
        self._row, self._column = -1, -1
        self._columns: dict[str, int] = {}

    def turn(self, attributes: Mapping[str, str]) -> None:
        """The next row."""
        said = attributes.get("r", "")
        self._row = int(said) - 1 if _ROW.fullmatch(said) else self._row + 1
        self._column = -1

    def take(self, attributes: Mapping[str, str], text: str) -> None:
        """The next cell, with what is in it."""
        said = attributes.get("r", "")
        name = said.rstrip("0123456789")
        if name and len(name) <= 3 and len(name) < len(said) <= 10:
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = _column(name)
            self._row, self._column = int(said[len(name) :]) - 1, column
        else:
            self._column += 1
        kind = attributes.get("t", "n")
        if text and kind in {"n", "s", "str", "inlineStr"}:
            self._search.see(self._row, self._column, self._value(kind, text))

    def _value(self, kind: str, text: str) -> Cell:
        try:
            if kind == "n":
                return float(text)
            return self._strings.get(int(text)) if kind == "s" else text
        except ValueError:
            return text


def _column(name: str) -> int:
    found = 0
    for letter in name:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


class _Parser:
    """Gives attributes and text of each ``item`` (a cell, a shared string): its value or its runs, without furigana and formulas."""

    def __init__(
        self,
        item: str,
        take: Callable[[Mapping[str, str], str], None],
        left: int,
        turn: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self._item = item
        self._take = take
        self._turn = turn
        self._left = left
        self._attributes: Mapping[str, str] = {}
        self._text: list[str] = []
        self._length = 0
        self._reading = False
        self._kana = 0
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._data

    def read(self, stream: IO[bytes]) -> int:
        """To the end; how many elements may still be read. Raises :class:`_Unseen`."""
        while block := stream.read(_CHUNK):
            self._expat.Parse(block, False)
        self._expat.Parse(b"", True)
        return self._left

    def _doctype(self, *_said: object) -> None:
        # No spreadsheet program writes one; it is where an XML attack would begin.
        raise ET.ParseError("DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0:
            raise _Unseen
        name = name.rpartition(":")[2] if ":" in name else name
        if name == self._item:
            self._attributes, self._text, self._length = attributes, [], 0
        elif name == "rPh":
            self._kana += 1
        elif name in {"v", "t"}:
            self._reading = not self._kana
        elif name == "row" and self._turn is not None:
            self._turn(attributes)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == self._item:
            self._take(self._attributes, "".join(self._text))
        elif name == "rPh":
            self._kana -= 1
        elif name in {"v", "t"}:
            self._reading = False

    def _data(self, text: str) -> None:
        if self._reading:
            self._length += len(text)
            if self._length > MAX_TEXT:  # no program writes so much into a cell
                raise _Unseen
            self._text.append(text)
