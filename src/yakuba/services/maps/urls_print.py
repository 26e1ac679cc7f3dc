"""Addresses of maps on paper."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>
from yakuba.services.maps.printing import views

portal: list[URLPattern | URLResolver] = [
    path("<code6:code>/maps/print/", views.portal, name="maps-print-public"),
]
desk: list[URLPattern | URLResolver] = [
    path("<code6:code>/desk/maps/print/", views.desk, name="maps-print"),
]
