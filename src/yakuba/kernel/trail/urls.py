"""Addresses of the trail: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.trail import views
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>

desk: list[URLPattern | URLResolver] = [
    path("<code6:code>/desk/trail/", views.entries, name="trail-entries"),
    path("<code6:code>/desk/trail/<uuid:entry_id>/", views.entry, name="trail-entry"),
]
