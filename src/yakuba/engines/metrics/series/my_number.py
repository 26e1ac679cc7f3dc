"""A table with a 個人番号 is refused before it is kept (番号法 20条): the file of a series, and a sheet that shows a typed value.

However a layout names its columns, every column is looked at, by the rule of :class:`yakuba.kernel.sheets.my_numbers.Search`.
"""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import limits
from yakuba.kernel.files.content import TEXT, XLSX, content_type
from yakuba.kernel.sheets import reading
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.my_numbers import place_in


def demand_none(grid: Grid) -> None:
    """Raises :class:`Problem` on the field ``file`` that names the cell, and never what is in it."""
    _refuse("file", "", place_in(grid.rows))


def demand_none_in(stream: BinaryIO, field: str, *, beside: bool = False) -> None:
    """The same of a file of any kind, which is at its beginning afterwards: of a sheet (XLSX, CSV) every one, hidden ones too; of others nothing.

    ``beside`` leaves out the sheet that is read for its figures. Raises :class:`Problem` on ``field`` for a sheet that cannot be looked
    through, too: nobody could say what it bears.
    """
    try:
        limits.check(stream)  # before anything looks into an archive
        if content_type(stream) in {XLSX, TEXT}:
            _refuse(field, *reading.my_number(stream, beside=beside))
    except Problem as problem:
        problem.field = field
        raise
    finally:
        stream.seek(0)


def _refuse(field: str, sheet: str, place: str) -> None:
    if not place:
        return
    where = _("シート「%(sheet)s」の%(place)s") % {"sheet": sheet, "place": place} if sheet else place
    raise Problem(
        "my_number",
        _(
            "%(place)sに個人番号と思われる数字があります。個人番号の列を除いたファイルを選んでください。このファイルは保存していません。"
        )
        % {"place": where},
        field=field,
        found=where,
    )
