"""A ledger's places as a file for maps, and a file for maps as a table that comes into a ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Final

import shapely
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.systems import TRUTH
from yakuba.engines.places.formats.drawn import Feature, Field, FieldType
from yakuba.engines.places.formats.job import Written
from yakuba.engines.places.formats.reading import read
from yakuba.engines.places.formats.writing import Format, write
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.fields.kinds import Widget
from yakuba.kernel.files.content import TEXT, ZIP, content_type
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid

if TYPE_CHECKING:
    from yakuba.kernel.fields.kinds import Cell
    from yakuba.kernel.sheets.table import Column, Table

#: The head under which a file's shapes stand, in the file's own coordinates.
HEAD: Final = "図形（地図ファイル）"
PLACE: Final = "place"
_HEAD_BYTES: Final = 64


def written(table: Table, sort: Format, epsg: int = TRUTH) -> Written:
    """A table as a file for maps: rows with a place, each other column as a property. Rows without one are counted in the notes.

    Raises :class:`~yakuba.kernel.actions.Problem` for a system that the format does not know.
    """
    columns = [column for column in table.columns if column.key != PLACE]
    fields = [Field(column.spec.label, _type(column)) for column in columns]
    features: list[Feature] = []
    without = 0
    for number, row in enumerate(table.rows, 1):
        shape = row.values.get(PLACE)
        if not isinstance(shape, Shape):
            without += 1
            continue
        properties = {column.spec.label: _plain(column, row.values.get(column.key)) for column in columns}
        features.append(Feature(number, shape.geometry, properties))
    made = write(sort, table.name, fields, features, epsg=epsg)
    if without:
        made.note(f"位置のない{without:,}行は入っていません。")
    for label, text in table.notes:
        made.note(f"{label}：{text}")
    return made


def _type(column: Column) -> FieldType:
    widget = column.kind.widget if column.kind else Widget.LINE
    return "date" if widget is Widget.DATE else "number" if widget is Widget.NUMBER else "text"


def _plain(column: Column, value: object) -> Cell:
    found = column.cell(value)
    if isinstance(found, bool | int | float | str | Decimal | dt.date) or found is None:
        return found if _type(column) != "text" or found is None else str(found)
    return str(found)


def is_drawing(stream: BinaryIO) -> bool:
    """Whether a file is one for maps by its first bytes: an archive that is no workbook, GeoJSON or KML."""
    kind = content_type(stream)
    if kind == TEXT:
        stream.seek(0)
        head = stream.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        stream.seek(0)
        return head.startswith((b"{", b"<"))
    return kind == ZIP


def as_table(stream: BinaryIO) -> tuple[Grid, int | None, list[str]]:
    """A file for maps as a table, the system that it says it is in, and what was assumed in reading it.

    Its properties, then its shapes as text in its own coordinates, east first. Raises :class:`~yakuba.kernel.actions.Problem`.
    """
    drawn = read(stream)
    names = [field.name for field in drawn.fields]
    rows: list[Sequence[Cell]] = [[*names, HEAD]]
    faults: dict[str, str] = {}
    wrong = {fault.row: fault.message for fault in drawn.faults}
    for feature in drawn.features:
        if feature.row in wrong:
            faults[address(len(rows), len(names))] = wrong[feature.row]
        values = [feature.properties.get(name) for name in names]
        rows.append([*values, _text(feature.geometry, north=drawn.axis == "north")])
    return Grid(rows, faults), drawn.crs, list(drawn.notes)


def _text(geometry: BaseGeometry | None, *, north: bool) -> str | None:
    if geometry is None:
        return None
    turned = shapely.transform(geometry, lambda pairs: pairs[:, ::-1]) if north else geometry
    return str(shapely.to_wkt(turned, rounding_precision=-1))
