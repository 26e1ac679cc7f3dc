"""Addresses of tiles, and of the OGC API, which as a machine's have no language before them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.places import views
from yakuba.engines.places.ogc import urls as ogc
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>

_TILE = "<str:layer>/<int:z>/<int:x>/<int:y>.mvt"
_PORTAL = "<code6:code>/maps/tiles/"
_DESK = "<code6:code>/desk/maps/tiles/"

portal: list[URLPattern | URLResolver] = [
    path(f"{_PORTAL}{_TILE}", views.tile, name="places-tile"),
    path(f"{_PORTAL}<str:layer>.json", views.description, name="places-tilejson"),
]
desk: list[URLPattern | URLResolver] = [
    path(f"{_DESK}{_TILE}", views.desk_tile, name="places-desk-tile"),
    path(f"{_DESK}<str:layer>.json", views.desk_description, name="places-desk-tilejson"),
]
plain_portal = ogc.portal
plain_desk = ogc.desk
