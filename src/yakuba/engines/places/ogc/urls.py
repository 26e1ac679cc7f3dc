"""Addresses of the API: machine addresses, without a language before them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.places.ogc import views
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>

_PAGES = (
    ("landing", "", views.landing),
    ("api", "api", views.api),
    ("conformance", "conformance", views.conformance),
    ("collections", "collections", views.collections),
    ("collection", "collections/<str:key>", views.collection),
    ("queryables", "collections/<str:key>/queryables", views.queryables),
    ("items", "collections/<str:key>/items", views.items),
    ("item", "collections/<str:key>/items/<str:feature>", views.item),
)

portal: list[URLPattern | URLResolver] = [
    path(f"api/v1/<code6:code>/ogc/{route}", faces.portal, name=f"ogc-{name}")
    for name, route, faces in _PAGES
]
desk: list[URLPattern | URLResolver] = [
    path(f"api/v1/<code6:code>/desk/ogc/{route}", faces.desk, name=f"ogc-{name}-desk")
    for name, route, faces in _PAGES
]
