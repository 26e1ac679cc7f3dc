"""Addresses of pictures under the map."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>
from yakuba.services.maps.rasters import views

_TILE = "<uuid:raster_id>/<int:z>/<int:x>/<int:y>"
_DESK = "<code6:code>/desk/maps/rasters/"

portal: list[URLPattern | URLResolver] = [
    path(f"<code6:code>/maps/raster/{_TILE}", views.tile, name="maps-raster-tile-public"),
]
desk: list[URLPattern | URLResolver] = [
    path(f"<code6:code>/desk/maps/raster/{_TILE}", views.desk_tile, name="maps-raster-tile"),
    path(_DESK, views.index, name="maps-rasters"),
    path(f"{_DESK}new/", views.new, name="maps-raster-new"),
    path(f"{_DESK}<uuid:raster_id>/", views.page, name="maps-raster"),
    path(f"{_DESK}<uuid:raster_id>/preview.png", views.preview, name="maps-raster-preview"),
]
