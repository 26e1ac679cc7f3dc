"""Addresses of maps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>
from yakuba.services.maps import urls_print, urls_raster
from yakuba.services.maps.views import portal as views
from yakuba.services.maps.views.desk import counts, index, kept, layers, panel, uploads

_PORTAL = "<code6:code>/maps/"
_DESK = "<code6:code>/desk/maps/"
_ONE = "<str:key>/<uuid:feature>/"

portal: list[URLPattern | URLResolver] = [
    *urls_print.portal,
    *urls_raster.portal,
    path(_PORTAL, views.index, name="maps-home"),
    path(f"{_PORTAL}embed/", views.embed, name="maps-embed"),
    path(f"{_PORTAL}base/<int:z>/<int:x>/<int:y>", views.base, name="maps-base"),
    path(f"{_PORTAL}layer/<str:key>/", views.layer, name="maps-layer"),
    path(f"{_PORTAL}layer/<str:key>/<uuid:feature_id>/", views.feature, name="maps-feature"),
]
desk: list[URLPattern | URLResolver] = [
    *urls_print.desk,
    *urls_raster.desk,
    path(_DESK, index.index, name="maps-desk"),
    path(f"{_DESK}layer/<str:key>/", index.layer_list, name="maps-desk-layer"),
    path(f"{_DESK}panel/{_ONE}", panel.panel, name="maps-desk-panel"),
    path(f"{_DESK}move/{_ONE}", index.move, name="maps-desk-move"),
    path(f"{_DESK}correct/{_ONE}", index.correct, name="maps-desk-correct"),
    path(f"{_DESK}layers/", layers.index, name="maps-desk-layers"),
    path(f"{_DESK}layers/new/", uploads.upload, name="maps-desk-upload"),
    path(f"{_DESK}layers/new/<uuid:draft_id>/", uploads.draft, name="maps-desk-draft"),
    path(f"{_DESK}layers/replace/<uuid:layer_id>/", uploads.again, name="maps-desk-replace"),
    path(f"{_DESK}layers/one/<str:key>/", layers.manage, name="maps-desk-manage"),
    path(f"{_DESK}views/", counts.index, name="maps-desk-views"),
    path(f"{_DESK}views/list.<sheet:file_format>", counts.sheet, name="maps-desk-views-sheet"),
    path(f"{_DESK}kept/", kept.save, name="maps-desk-keep"),
    path(f"{_DESK}kept/<uuid:view_id>/", kept.one, name="maps-desk-kept"),
]
