"""Reads of places: what lies in a box, and the layers that were uploaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from yakuba.engines.places.cells import Covering, covering
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.engines.places.records import Placed
from yakuba.kernel.actions import ANYONE, Context, Face, MunicipalityRef
from yakuba.kernel.dates import clock
from yakuba.kernel.plugins import statements

P = TypeVar("P", bound=Placed)


class _Near(Func):
    """Whether a cell is one of a covering's: one expression, whose numbers stand in the text, instead of some twenty to put together."""

    output_field = BooleanField()

    def __init__(self, cell: F, where: Covering) -> None:
        super().__init__(cell)
        self._where = where

    def as_sql(  # type: ignore[override]  # its text is its own, no template's
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        **_extra: Any,  # Any: Django's own signature
    ) -> tuple[str, list[Any]]:  # Any: as above
        column, params = compiler.compile(self.get_source_expressions()[0])
        parts = [f"{column} BETWEEN {first} AND {last}" for first, last in self._where.ranges]
        parts.append(f"{column} IN ({', '.join(map(str, self._where.cells)) or 'NULL'})")
        return f"({' OR '.join(parts)})", list(params) * len(parts)


def in_box(queryset: QuerySet[P], west: float, south: float, east: float, north: float) -> QuerySet[P]:
    """The rows whose boxes meet this one (degrees, borders included). Whether the shape itself does is another question."""
    return queryset.filter(box_meets(west, south, east, north))


def box_meets(west: float, south: float, east: float, north: float, *, start: str = "") -> Q:
    """The same as a condition; ``start`` leads to the row with the place (``feature__``)."""
    near = _Near(F(f"{start}cell"), covering(west, south, east, north))
    sides = {"west__lte": east, "east__gte": west, "south__lte": north, "north__gte": south}
    return Q(near, **{f"{start}{side}": edge for side, edge in sides.items()})


def uploaded_layers(ctx: Context) -> QuerySet[UploadedLayer]:
    """The uploaded layers that the actor may see, by label."""
    return UploadedLayer.objects.for_actor(ctx).select_related("edition", "state").order_by("label", "pk")


def uploaded_layer(ctx: Context, key: str) -> UploadedLayer | None:
    """The uploaded layer of that key, None for one that the actor may not see. Tiles begin with it: for everybody its text stands ready."""
    if ctx.actor == ANYONE:
        return _FOR_ANYONE.first(municipality=ctx.municipality.id, key=key)
    return uploaded_layers(ctx).filter(state__key=key).first()


def _for_anyone(blank: Mapping[str, Any]) -> QuerySet[UploadedLayer]:  # Any: values of several types
    here = MunicipalityRef(blank["municipality"], "", "")
    anyone = Context(ANYONE, here, clock.now(), "", Face.PORTAL)
    return uploaded_layers(anyone).filter(state__key=blank["key"])


_FOR_ANYONE = statements.Prepared(_for_anyone, municipality=UUID, key=str)


def uploaded_features(layer: UploadedLayer) -> QuerySet[UploadedFeature]:
    """What is on a layer, for whoever was found to see the layer."""
    return UploadedFeature.unscoped.filter(municipality=layer.municipality_id, edition=layer.edition_id)


def states(ctx: Context) -> list[LayerState]:
    """What is known of the layers of all sources: how often they changed, how they are drawn. Nothing of it is a secret within its face."""
    return list(LayerState.unscoped.filter(municipality=ctx.municipality.id))


def state_of(ctx: Context, key: str) -> LayerState | None:
    """The state of a layer that the actor may see; None where nothing was ever written on it."""
    return LayerState.objects.for_actor(ctx).filter(key=key).first()


def unused_editions(before: dt.datetime) -> Sequence[tuple[UUID, UUID]]:
    """(municipality, edition) of what was loaded before that moment and is on no layer; across municipalities, for the sweeper."""
    found = LayerEdition.unscoped.filter(made_at__lt=before, layers__isnull=True)
    return list(found.order_by("municipality", "pk").values_list("municipality", "pk"))
