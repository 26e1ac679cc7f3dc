"""A table with a 個人番号 is refused before it is kept (番号法 20条): the file of a series, and a sheet that shows a typed value.

However a layout names its columns, every column is looked at: below a head with that word whatever has twelve digits, elsewhere what the
check digit (:mod:`yakuba.kernel.text.my_number`) makes one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.series import spelled
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files.content import TEXT, XLSX, content_type
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read_all
from yakuba.kernel.text.my_number import hide

_HEADS: Final = 30  # rows in which heads may stand
_DIGITS: Final = 12
_OWN: Final = re.compile(r"個人番号|マイナンバー|my ?number", re.IGNORECASE)
#: A head that names another number of its own (免許証番号 has twelve digits, too).
_OTHER: Final = re.compile(r"[^0-9]{0,20}番号[^0-9]{0,10}\Z")


def demand_none(grids: Iterable[Grid], field: str = "file") -> None:
    """Raises :class:`Problem` on ``field`` that names the cell, and never what is in it."""
    for grid in grids:
        place = _found(grid)
        if place:
            raise Problem(
                "my_number",
                _(
                    "%(place)sに個人番号と思われる数字があります。個人番号の列を除いたファイルを選んでください。このファイルは保存していません。"
                )
                % {"place": place},
                field=field,
                found=place,
            )


def demand_none_in(stream: BinaryIO, field: str) -> None:
    """The same of a file of any kind, which is at its beginning afterwards: of a sheet (XLSX, CSV) every visible one, of others nothing.

    Raises :class:`Problem` for a sheet that cannot be read, too: nobody could say what it bears.
    """
    kind = content_type(stream)
    stream.seek(0)
    if kind not in {XLSX, TEXT}:
        return
    try:
        demand_none((grid for _name, grid in read_all(stream)), field)
    except Problem as problem:
        problem.field = field
        raise
    finally:
        stream.seek(0)


def _found(grid: Grid) -> str:
    """The address of a cell that bears one, else empty."""
    own, other = _heads(grid)
    held: dict[int, list[tuple[str, bool]]] = {}
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            text = _long(cell)
            if not text:
                continue
            plain = re.fullmatch(r"[0-9]{12}", re.sub(r"[\s\-]", "", text)) is not None
            if plain and own.get(column, row) < row:
                return address(row, column)
            mine = hide(text) != text
            if (plain or mine) and column not in other:
                held.setdefault(column, []).append((address(row, column), mine))
    # Of amounts with twelve digits one in eleven fits by chance; of such numbers each does.
    for cells_ in held.values():
        mine_ = [place for place, mine in cells_ if mine]
        if len(mine_) * 2 >= len(cells_):
            return mine_[0]
    return ""


def _heads(grid: Grid) -> tuple[dict[int, int], set[int]]:
    """Columns under a head with that word (and in which row it stands), and those under one that names another number."""
    own: dict[int, int] = {}
    other: set[int] = set()
    for row, cells in enumerate(grid.rows[:_HEADS]):
        for column, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            name = unicodedata.normalize("NFKC", cell).strip()
            if _OWN.search(name):
                own.setdefault(column, row)
            elif _OTHER.match(name):
                other.add(column)
    return own, other - set(own)


def _long(cell: Cell) -> str:
    """What is long enough to bear one, in half-width digits."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return ""
    text = cell if isinstance(cell, str) else spelled.text_of(cell)
    return unicodedata.normalize("NFKC", text) if len(text) >= _DIGITS else ""
