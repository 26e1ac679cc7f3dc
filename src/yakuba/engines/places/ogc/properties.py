"""What a layer lets be asked for and gives out: its properties of kinds that compare, and its shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import FieldDoesNotExist
from django.db.models import JSONField, Model, QuerySet

from yakuba.engines.places.cql2 import Queryable, comparable
from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.shapes import Shape, ShapeKind
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import Classification, JsonValue, Spec, kinds

GEOMETRY = "geometry"


@dataclass(frozen=True)
class Feature:
    """One feature as it is given out; ``place`` is None for one that is nowhere."""

    id: str
    place: Shape | None
    properties: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Shown:
    """A layer as one actor sees it. What is not among its properties can be neither read nor asked for."""

    layer: Layer
    ctx: Context

    @cached_property
    def properties(self) -> Sequence[Property]:
        """The properties that have a value for people, in order."""
        return [
            one
            for one in self.layer.properties(self.ctx)
            if comparable(one.spec.kind) and not isinstance(one.spec.kind, ShapeKind) and one.key != GEOMETRY
        ]

    @cached_property
    def queryables(self) -> Mapping[str, Queryable]:
        """What filters may ask for, by key; the shape is called ``geometry``."""
        found = {one.key: _queryable(self.layer.model, one) for one in self.properties}
        return {**found, GEOMETRY: Queryable(GEOMETRY, "place", ShapeKind())}

    @cached_property
    def specs(self) -> Mapping[str, Spec]:
        """What is known of each property."""
        return {one.key: one.spec for one in self.properties}

    @cached_property
    def instant(self) -> str:
        """The property that ``datetime`` asks about: the first day or moment; empty for none."""
        return next(
            (
                key
                for key, one in self.queryables.items()
                if key != GEOMETRY and issubclass(one.type, dt.date)
            ),
            "",
        )

    @property
    def personal(self) -> bool:
        """Whether whoever reads a feature reads of persons."""
        return any(one.spec.classification is Classification.PERSONAL for one in self.properties)

    def read(self, rows: QuerySet[Model]) -> list[Feature]:
        """Features of rows, in their order."""
        paths = dict.fromkeys(one.path for one in self.queryables.values())
        columns = {path: place for place, path in enumerate(paths)}
        asked = [(key, one, columns[one.path]) for key, one in self.queryables.items() if key != GEOMETRY]
        place = columns[self.queryables[GEOMETRY].path]
        return [
            Feature(str(row[-1]), row[place], {key: _given(one, row[column]) for key, one, column in asked})
            for row in rows.values_list(*paths, "pk")
        ]


def _queryable(model: type[Model], one: Property) -> Queryable:
    """A property whose path leads into a JSON column is a member of what stands there."""
    kind = one.spec.kind
    if kind is None:
        raise TypeError(f"{one.key} is not for people")
    here: type[Model] | None = model
    steps = one.path.split("__")
    for number, step in enumerate(steps):
        if here is None:
            break
        try:
            field = here._meta.get_field(step)
        except FieldDoesNotExist:
            break  # an annotation of the layer's own rows
        if isinstance(field, JSONField) and number + 1 < len(steps):
            return Queryable(one.key, "__".join(steps[: number + 1]), kind, "__".join(steps[number + 1 :]))
        here = field.related_model if isinstance(field.related_model, type) else None
    return Queryable(one.key, one.path, kind)


def _given(one: Queryable, value: object) -> JsonValue:
    """A value in GeoJSON: numbers as numbers, no value as null."""
    if one.member:
        value = value.get(one.member) if isinstance(value, dict) else None
        if value is None or value == "":
            return None
        return float(str(value)) if isinstance(one.kind, kinds.Number) else value
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    found: JsonValue = one.kind.to_json(value)
    return found
