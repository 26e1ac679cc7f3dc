"""Addresses of the deliveries: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.delivery import views
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>

_DESK = "<code6:code>/desk/deliveries/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.index, name="delivery-desk"),
    path(f"{_DESK}list.<sheet:file_format>", views.save, name="delivery-desk-sheet"),
    path(f"{_DESK}<uuid:delivery_id>/", views.delivery, name="delivery-desk-delivery"),
]
