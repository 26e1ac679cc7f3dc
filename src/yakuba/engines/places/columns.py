"""The column that keeps a shape, and its companions, by which an ordinary index finds it.

The companions are worked out when a row is written, from the shape, by ``save()`` and ``bulk_create()`` alike; ``Placed.save``
writes them along when only the shape is named. ``QuerySet.update``, ``bulk_update`` and ``statements.insert_rows`` know nothing of
them and may not touch a shape; the table's check refuses a row that has one without the others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from django.db import models

from yakuba.engines.places.cells import cell_of
from yakuba.engines.places.shapes import Shape, ShapeKind
from yakuba.kernel.fields import INTERNAL, Classification, Spec, SpecColumn

if TYPE_CHECKING:
    from uuid import UUID

S = TypeVar("S")
G = TypeVar("G")

COMPANIONS = ("west", "south", "east", "north", "cell", "rank")
HIGHEST_RANK = 15


class ShapeColumn(SpecColumn, models.BinaryField[S, G], Generic[S, G]):
    """A shape as WKB in EPSG:6668."""

    plain = models.BinaryField

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: object, _connection: object
    ) -> Shape | None:
        return None if value is None else Shape(bytes(value))

    def to_python(self, value: Any) -> Any:  # Any: Django's own signature
        return Shape(bytes(value)) if isinstance(value, bytes | memoryview) else value

    def get_prep_value(self, value: Any) -> Any:  # Any: Django's own signature
        return super().get_prep_value(value.wkb if isinstance(value, Shape) else value)


def _shape(row: models.Model) -> Shape | None:
    found = getattr(row, "place", None)  # a model of any room
    assert found is None or isinstance(found, Shape)  # noqa: S101 – the column holds nothing else
    return found


class CornerColumn(SpecColumn, models.FloatField[S, G], Generic[S, G]):
    """One side of a shape's box, in degrees."""

    plain = models.FloatField
    side: int

    def pre_save(self, model_instance: models.Model, add: bool) -> float | None:
        shape = _shape(model_instance)
        value = None if shape is None else shape.bounds[self.side]
        setattr(model_instance, self.attname, value)
        return value


class CellColumn(SpecColumn, models.BigIntegerField[S, G], Generic[S, G]):
    """The smallest cell that holds a shape's box."""

    plain = models.BigIntegerField

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        shape = _shape(model_instance)
        value = None if shape is None else cell_of(*shape.bounds)
        setattr(model_instance, self.attname, value)
        return value


class RankColumn(SpecColumn, models.SmallIntegerField[S, G], Generic[S, G]):
    """How far out a shape is still drawn: see :func:`rank_of`."""

    plain = models.SmallIntegerField

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        shape = _shape(model_instance)
        value = None if shape is None else rank_of(model_instance.pk)
        setattr(model_instance, self.attname, value)
        return value


def rank_of(identifier: UUID) -> int:
    """0 … 15, by chance and always the same for an id: a quarter of all reach 1, a sixteenth 2, and so on.

    A map one zoom further out shows four times the ground, so a layer that leaves out one rank for each zoom keeps the number of
    things on a screen.
    """
    zeros = 32 - int.from_bytes(hashlib.sha256(identifier.bytes).digest()[:4]).bit_length()
    return min(HIGHEST_RANK, zeros // 2)


@overload
def shape(
    *, label: str, classification: Classification, required: Literal[True], help: str = ""
) -> ShapeColumn[Shape, Shape]: ...
@overload
def shape(
    *, label: str, classification: Classification, required: Literal[False] = False, help: str = ""
) -> ShapeColumn[Shape | None, Shape | None]: ...
def shape(
    *,
    label: str,
    classification: Classification,
    required: bool = False,
    help: str = "",  # noqa: A002 – the word of the declaration
) -> ShapeColumn[Any, Any]:  # Any: the overloads say which
    """Where something is; without a value it is NULL."""
    column: ShapeColumn[Any, Any] = ShapeColumn(  # Any: as above
        label, null=not required, blank=not required, editable=True
    )
    column.spec = Spec(label, classification, ShapeKind(), required, help=help)
    return column


def corner(side: Literal[0, 1, 2, 3]) -> CornerColumn[float | None, float | None]:
    """A side of the box: 0 west, 1 south, 2 east, 3 north."""
    column: CornerColumn[float | None, float | None] = CornerColumn(null=True, blank=True, editable=False)
    column.side = side
    column.spec = Spec(COMPANIONS[side], INTERNAL, required=False)
    return column


def cell() -> CellColumn[int | None, int | None]:
    """The cell of the box."""
    column: CellColumn[int | None, int | None] = CellColumn(null=True, blank=True, editable=False)
    column.spec = Spec("cell", INTERNAL, required=False)
    return column


def rank() -> RankColumn[int | None, int | None]:
    """The rank by which a layer is thinned out."""
    column: RankColumn[int | None, int | None] = RankColumn(null=True, blank=True, editable=False)
    column.spec = Spec("rank", INTERNAL, required=False)
    return column
