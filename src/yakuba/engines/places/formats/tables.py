"""Tables with a column for each coordinate. Read in the sandbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.systems import JAPAN
from yakuba.engines.places.formats.angles import degrees, metres
from yakuba.engines.places.formats.found import MAX_FIELDS, BadShape, Found, of_wkt, plain, point, types
from yakuba.kernel.files.wire import Fault, Wire, bare
from yakuba.kernel.sheets import grid
from yakuba.kernel.sheets.cells import letters

Sort = Literal["degrees", "metres", "wkt"]
_HEAD: Final = 20  # rows in which a header is looked for
_NORTHS: Final = {"緯度", "北緯", "lat", "latitude", "緯度度", "世界測地系緯度"}
_EASTS: Final = {"経度", "東経", "lon", "lng", "long", "longitude", "経度度", "世界測地系経度"}
_XS: Final = {"x", "x座標", "座標x", "xm"}
_YS: Final = {"y", "y座標", "座標y", "ym"}
_WKTS: Final = {"wkt", "geometry", "geom", "図形"}


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    names: dict[int, str]  # column → name
    north: int
    east: int
    sort: Sort


@bare
def read(path: str, kind: str, north: str, east: str) -> dict[str, Wire]:
    """A table (``kind`` ``csv`` or ``xlsx``); ``north`` and ``east`` name its coordinate columns where a person has said so.

    See :class:`.found.Found`; geometries hold the east column first where the columns are of degrees, else X first. Raises :class:`Fault`.
    """
    rows = _rows(path, kind)
    header = _header(rows, north, east)
    found = Found(kind)
    below = [
        (number, row)
        for number, row in enumerate(rows[header.row + 1 :], header.row + 2)
        if any(_filled(c) for c in row)
    ]
    records = [{name: _value(row, column) for column, name in header.names.items()} for _number, row in below]
    found.fields = types(records)
    values = [[record.get(name) for name in found.fields] for record in records]
    if header.sort == "wkt":
        _shapes(below, header, values, found)
        return found.wire()
    pairs = _pairs(below, header, found)
    for (number, _row), pair, cells in zip(below, pairs, values, strict=True):
        try:
            found.add(number, None if np.isnan(pair).any() else point(float(pair[0]), float(pair[1])), cells)
        except BadShape as bad:
            found.bad_shape(number, bad)
            found.add(number, None, cells)
    _assume(pairs[~np.isnan(pairs).any(axis=1)], header, found)
    return found.wire()


def _shapes(
    below: Sequence[tuple[int, Sequence[Wire]]], header: _Header, values: Sequence[list[Wire]], found: Found
) -> None:
    """Geometries of a WKT column."""
    found.note(_("図形の列（WKT）を、東・北の順の座標として読みました。座標系を選んでください。"))
    for (number, row), cells in zip(below, values, strict=True):
        text = _value(row, header.north)
        try:
            found.add(number, of_wkt(str(text)) if _filled(text) else None, cells)
        except BadShape as bad:
            found.bad_shape(number, bad)
            found.add(number, None, cells)


def _rows(path: str, kind: str) -> Sequence[Sequence[Wire]]:
    if kind == "csv":
        return grid.read_csv(path)
    sheet = grid.read_workbook(path)["rows"]
    if not isinstance(sheet, list):
        raise TypeError(type(sheet).__name__)
    return sheet


def _header(rows: Sequence[Sequence[Wire]], north: str, east: str) -> _Header:
    for index, row in enumerate(rows[:_HEAD]):
        flat = [_flat(cell) if isinstance(cell, str) else "" for cell in row]
        if north or east:
            columns = (_only(flat, {_flat(north)}), _only(flat, {_flat(east)}))
            sort: Sort = _sort(flat, columns)
        else:
            columns, sort = (_like(flat, _NORTHS, "緯度"), _like(flat, _EASTS, "経度")), "degrees"
            if None in columns:
                columns, sort = (_only(flat, _XS), _only(flat, _YS)), "metres"
        width = max(len(other) for other in rows[index:])
        if columns[0] is not None and columns[1] is not None and columns[0] != columns[1]:
            return _Header(index, _names(row, width), columns[0], columns[1], sort)
        shape = None if north or east else _only(flat, _WKTS)
        if shape is not None:
            return _Header(index, _names(row, width), shape, shape, "wkt")
    seen = "、".join(str(cell) for cell in (rows[0] if rows else ()) if isinstance(cell, str))[:200]
    raise Fault(
        "table_columns",
        _(
            "座標の列が見つかりません。見出しを「緯度」「経度」か「X座標」「Y座標」にするか、列を選んでください。"
        ),
        field="columns",
        found=plain(seen),
        expected=_("緯度・経度、X座標・Y座標"),
    )


def _sort(flat: Sequence[str], columns: tuple[int | None, int | None]) -> Sort:
    """Columns that a person has named are metres only where their names say so."""
    names = {flat[column] for column in columns if column is not None}
    return "metres" if names and names <= _XS | _YS else "degrees"


def _flat(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s()（）\[\]【】_・.:：-]", "", text)


def _only(flat: Sequence[str], wanted: set[str]) -> int | None:
    """The first column of such a name."""
    return next((column for column, name in enumerate(flat) if name and name in wanted), None)


def _like(flat: Sequence[str], wanted: set[str], part: str) -> int | None:
    exact = _only(flat, wanted)
    if exact is not None:
        return exact
    like = [column for column, name in enumerate(flat) if part in name and len(name) <= 20]
    return like[0] if len(like) == 1 else None


def _names(row: Sequence[Wire], width: int) -> dict[int, str]:
    """Every column's name once: an empty one is called by its letter."""
    names: dict[int, str] = {}
    used: set[str] = set()
    for column in range(min(width, MAX_FIELDS)):
        cell = _value(row, column)
        name = plain(str(cell)).strip()[:100] if _filled(cell) else _("列%s") % letters(column)
        unique, again = name, 2
        while unique in used:
            unique, again = f"{name}_{again}", again + 1
        used.add(unique)
        names[column] = unique
    return names


def _filled(cell: Wire) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _value(row: Sequence[Wire], column: int) -> Wire:
    cell = row[column] if column < len(row) else None
    return plain(cell) if isinstance(cell, str) else cell


def _pairs(
    below: Sequence[tuple[int, Sequence[Wire]]], header: _Header, found: Found
) -> npt.NDArray[np.float64]:
    """(n, 2): X, Y of plane systems, east and north of degrees; NaN where a row has none or what it has is a fault."""
    read_cell = degrees if header.sort == "degrees" else metres
    pairs = np.full((len(below), 2), np.nan)
    order = (header.east, header.north) if header.sort == "degrees" else (header.north, header.east)
    for index, (number, row) in enumerate(below):
        cells = [_value(row, column) for column in order]
        if not any(_filled(cell) for cell in cells):
            continue
        for at, (cell, column) in enumerate(zip(cells, order, strict=True)):
            value = read_cell(cell)
            if value is None:
                found.fault(
                    number,
                    "table_coordinate",
                    _("%(row)d行目の「%(field)s」は座標として読めません。%(expected)sにしてください。")
                    % {
                        "row": number,
                        "field": header.names[column],
                        "expected": _("36.3214や36°19′17.2″のような角度")
                        if header.sort == "degrees"
                        else _("12345.678のようなメートル単位の数"),
                    },
                    at=header.names[column],
                    found=str(cell if cell is not None else ""),
                )
            else:
                pairs[index, at] = value
    return pairs


def _assume(pairs: npt.NDArray[np.float64], header: _Header, found: Found) -> None:
    """Which number comes first; says what was assumed."""
    if not len(pairs):
        return
    west, south, east, north = JAPAN
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    straight = low[0] >= west and high[0] <= east and low[1] >= south and high[1] <= north
    turned = low[1] >= west and high[1] <= east and low[0] >= south and high[0] <= north
    if header.sort == "degrees":
        if turned:
            found.axis = None
            found.note(
                _("緯度の列に経度、経度の列に緯度が入っているようです。入れ替えて読むか選んでください。")
            )
        found.note(_("座標系の記載がありません。緯度・経度の測地系を選んでください（通常はJGD2011）。"))
    elif straight or turned:
        found.axis = "east" if straight else "north"
        found.note(_("X・Yの列の値は、メートルではなく緯度・経度のようです。"))
    else:
        found.axis = "north"
        found.note(_("Xを北、Yを東の座標（測量の並び）とみなしました。座標系の系番号を選んでください。"))
