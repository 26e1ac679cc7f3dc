"""Reads of pictures under the map."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from yakuba.kernel.actions import Context, Missing
from yakuba.services.maps.rasters.models import RasterLayer


def rasters_of(ctx: Context) -> QuerySet[RasterLayer]:
    """Those that the actor may see, by their labels."""
    return _there(ctx).select_related("tiles").order_by("label", "pk")


def _there(ctx: Context) -> QuerySet[RasterLayer]:
    return RasterLayer.objects.for_actor(ctx).exclude(state="removed")


def raster_of(ctx: Context, raster_id: UUID) -> RasterLayer:
    """One of them. Raises :class:`Missing`."""
    own = _there(ctx).select_related("tiles", "file", "preview")
    found = own.filter(pk=raster_id).first()
    if found is None:
        raise Missing
    return found


def ordered(ctx: Context, raster_id: UUID, cut: int) -> RasterLayer | None:
    """The picture that the worker has to cut, None where the order was given anew or the picture is gone."""
    own = RasterLayer.unscoped.filter(
        municipality=ctx.municipality.id, pk=raster_id, state="cutting", cut=cut
    )
    return own.select_related("file", "tiles").first()
