"""What a file holds, before anybody has decided where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.systems import SYSTEMS, Axis
from yakuba.kernel.fields.kinds import Cell

FieldType = Literal["text", "integer", "number", "date", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file: its name there and what its values are."""

    name: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row: its number as the file's program counts (a table's header is a row), and what a person is told."""

    row: int
    code: str
    message: str
    field: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing: row number, geometry in the file's own numbers (None where there is none) and values by field name."""

    row: int
    geometry: BaseGeometry | None
    properties: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file as it was found.

    ``crs``: EPSG code, None when the file does not say: a person is asked (see :mod:`..crs.guessing`). ``axis``: which number comes
    first in the geometries, None when a person is asked. ``encoding``: of its texts. ``notes``: what was assumed or left out.
    """

    format: str
    features: Sequence[Feature]
    crs: int | None
    axis: Axis | None
    fields: Sequence[Field]
    encoding: str
    notes: Sequence[str] = ()
    faults: Sequence[RowFault] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What a person has said about a file: empty where nobody has.

    ``layer``: which of several Shapefiles in an archive; ``encoding``: ``utf-8``, ``cp932`` or ``euc_jp`` for a DBF without a mark;
    ``columns``: names of a table's two coordinate columns, north first.
    """

    crs: int | None = None
    axis: Axis | None = None
    layer: str = ""
    encoding: str = ""
    columns: tuple[str, str] | None = None


def told(drawn: Drawn, hints: Hints) -> Drawn:
    """The same with what a person has said above what the file says; where the two differ on the system, a note tells."""
    notes = drawn.notes
    if hints.crs and drawn.crs and hints.crs != drawn.crs:
        notes = [
            *notes,
            _("ファイルの座標系（%(found)s）ではなく、選ばれた%(chosen)sで読みました。")
            % {"found": SYSTEMS[drawn.crs].label, "chosen": SYSTEMS[hints.crs].label},
        ]
    return replace(drawn, crs=hints.crs or drawn.crs, axis=hints.axis or drawn.axis, notes=notes)
