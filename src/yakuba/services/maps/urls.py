"""Addresses of maps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>
from yakuba.services.maps.views import portal as views

_PORTAL = "<code6:code>/maps/"

portal: list[URLPattern | URLResolver] = [
    path(_PORTAL, views.index, name="maps-home"),
    path(f"{_PORTAL}embed/", views.embed, name="maps-embed"),
    path(f"{_PORTAL}base/<int:z>/<int:x>/<int:y>", views.base, name="maps-base"),
    path(f"{_PORTAL}layer/<str:key>/", views.layer, name="maps-layer"),
    path(f"{_PORTAL}layer/<str:key>/<uuid:feature_id>/", views.feature, name="maps-feature"),
]
desk: list[URLPattern | URLResolver] = []
