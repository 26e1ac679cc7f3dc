"""Addresses of maps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>
from yakuba.services.maps import urls_print
from yakuba.services.maps.views import portal as views
from yakuba.services.maps.views.desk import index, panel

_PORTAL = "<code6:code>/maps/"
_DESK = "<code6:code>/desk/maps/"
_ONE = "<str:key>/<uuid:feature>/"

portal: list[URLPattern | URLResolver] = [
    *urls_print.portal,
    path(_PORTAL, views.index, name="maps-home"),
    path(f"{_PORTAL}embed/", views.embed, name="maps-embed"),
    path(f"{_PORTAL}base/<int:z>/<int:x>/<int:y>", views.base, name="maps-base"),
    path(f"{_PORTAL}layer/<str:key>/", views.layer, name="maps-layer"),
    path(f"{_PORTAL}layer/<str:key>/<uuid:feature_id>/", views.feature, name="maps-feature"),
]
desk: list[URLPattern | URLResolver] = [
    *urls_print.desk,
    path(_DESK, index.index, name="maps-desk"),
    path(f"{_DESK}layer/<str:key>/", index.layer_list, name="maps-desk-layer"),
    path(f"{_DESK}panel/{_ONE}", panel.panel, name="maps-desk-panel"),
    path(f"{_DESK}move/{_ONE}", index.move, name="maps-desk-move"),
]
