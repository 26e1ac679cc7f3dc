"""A geographic file on its way to a layer: read in the sandbox, settled in JGD2011 or asked about, and what of it can be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import BinaryIO, Final, Self, cast

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places import rules
from yakuba.engines.places.crs.guessing import Landmark
from yakuba.engines.places.crs.parameters import configured
from yakuba.engines.places.crs.systems import Axis
from yakuba.engines.places.formats.drawn import Drawn, Hints
from yakuba.engines.places.formats.reading import read
from yakuba.engines.places.formats.settling import Question, Settled, settle
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.store import Given
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import INTERNAL, PUBLIC, Invalid, JsonValue
from yakuba.kernel.fields.kinds import Cell

#: Type of a file's column → kind of a field.
_KINDS: Final = {
    "text": "text",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "boolean": "yes_no",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a file and of its layer; empty where nobody did. ``system``: an EPSG code."""

    system: int = 0
    axis: str = ""
    encoding: str = ""
    inner: str = ""
    mend: bool = False
    label: str = ""
    office: str = ""
    classification: str = "internal"
    attribution: str = ""
    terms: str = ""
    inside: Sequence[str] = ()

    @classmethod
    def of(cls, kept: Mapping[str, JsonValue]) -> Self:
        """As a draft keeps it."""
        known = {one.name for one in fields(cls)}
        return cls(**{key: value for key, value in kept.items() if key in known})  # type: ignore[arg-type]  # as asdict wrote it

    @property
    def hints(self) -> Hints:
        """What of it concerns reading."""
        axis = cast("Axis | None", self.axis if self.axis in {"east", "north"} else None)
        return Hints(self.system or None, axis, self.inner, self.encoding)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it was found, and where it is: settled, or a question that a person answers first."""

    drawn: Drawn
    outcome: Settled | Question


def look(stream: BinaryIO, said: Said, landmarks: Sequence[Landmark] = ()) -> Looked:
    """Read a file. Raises :class:`Problem` for one that cannot be followed."""
    drawn = read(stream, said.hints)
    return Looked(drawn, settle(drawn, landmarks, configured(), said.hints))


@dataclass(frozen=True, slots=True)
class Bad:
    """A figure that cannot be kept as it is: its row, why, and what it becomes when it is mended (None: it cannot be)."""

    row: int
    why: str
    geometry: BaseGeometry
    mended: Shape | None


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows that can be kept, those whose figures are wrong, and how many have no place."""

    good: Sequence[tuple[Shape, Mapping[str, Cell]]]
    bad: Sequence[tuple[Bad, Mapping[str, Cell]]]
    placeless: int

    @property
    def box(self) -> rules.Box | None:
        """Round all that is good."""
        return rules.joined([shape.bounds for shape, _values in self.good])


def sort(settled: Settled) -> Sorted:
    """Which rows can be kept. Nothing is mended here."""
    good: list[tuple[Shape, Mapping[str, Cell]]] = []
    bad: list[tuple[Bad, Mapping[str, Cell]]] = []
    placeless = 0
    for one in settled.features:
        if one.geometry is None:
            placeless += 1
            continue
        try:
            good.append((Shape.of(one.geometry), one.properties))
        except Invalid as invalid:
            bad.append((Bad(one.row, invalid.found, one.geometry, _mended(one.geometry)), one.properties))
    return Sorted(good, bad, placeless)


def _mended(geometry: BaseGeometry) -> Shape | None:
    """The same without crossings, as the structure method of GEOS makes it; None where another sort would come of it."""
    try:
        found = Shape.of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    except (Invalid, shapely.GEOSException):
        return None
    return found if found.kind == _kind(geometry) else None


def _kind(geometry: BaseGeometry) -> str:
    plain = geometry.geom_type.removeprefix("Multi")
    return {"Point": "point", "LineString": "line", "Polygon": "area"}.get(plain, "")


@dataclass(frozen=True, slots=True)
class Ready:
    """What is loaded: features in the order of the file, the definition of their properties, and how their coordinates came about."""

    given: Sequence[Given]
    definition: Mapping[str, JsonValue]
    note: str

    @property
    def count(self) -> int:
        """How many features."""
        return len(self.given)

    @classmethod
    def of(cls, stream: BinaryIO, said: Said) -> Self:
        """As a person confirmed it. Raises :class:`Problem` for a file of which something has still to be said."""
        looked = look(stream, said)
        if isinstance(looked.outcome, Question):
            raise Problem("system", looked.outcome.why, field="system")
        found = sort(looked.outcome)
        definition = definition_of(looked.drawn, said)
        keys = [(one.name, _KINDS[one.type]) for one in looked.drawn.fields]
        names = [str(one["key"]) for one in columns_of(definition)]
        rows = [*found.good]
        if said.mend:
            rows += [(bad.mended, values) for bad, values in found.bad if bad.mended is not None]
        given = [(shape, dict(_values(zip(names, keys, strict=True), values))) for shape, values in rows]
        return cls(given, definition, how(looked.outcome))


def definition_of(drawn: Drawn, said: Said) -> dict[str, JsonValue]:
    """The properties of a layer that is made of a file; public only where the layer may become so and nobody kept them inside."""
    whole = PUBLIC if said.classification == "public" else INTERNAL
    found = rules.definition([(one.name, _KINDS[one.type]) for one in drawn.fields], whole)
    columns = columns_of(found)
    for column, one in zip(columns, drawn.fields, strict=True):
        if one.name in said.inside:
            column["classification"] = INTERNAL.value
    return found


def columns_of(definition: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """The fields of a stored definition."""
    return cast("list[dict[str, JsonValue]]", definition["fields"])


def how(settled: Settled) -> str:
    """Which operations led to JGD2011, how exact they are, and what a person was warned of."""
    uses = [
        _("%(name)s（%(exact)s）：%(count)d点")
        % {"name": use.operation.label, "exact": use.operation.exactness, "count": use.count}
        for use in settled.how.uses
    ]
    return "\n".join([*uses, *settled.warnings])


def _values(
    columns: Iterator[tuple[str, tuple[str, str]]] | zip[tuple[str, tuple[str, str]]],
    values: Mapping[str, Cell],
) -> Iterator[tuple[str, JsonValue]]:
    for key, (name, kind) in columns:
        cell = values.get(name)
        if cell is None or cell == "":
            continue
        if isinstance(cell, dt.datetime):
            cell = cell.date()
        if kind == "text":
            yield key, cell if isinstance(cell, str) else str(cell)
        elif kind == "number":
            yield key, format(Decimal(str(cell)), "f")
        elif kind == "date":
            yield key, cell.isoformat() if isinstance(cell, dt.date) else str(cell)
        else:
            yield key, bool(cell) if kind == "yes_no" else int(str(cell))
