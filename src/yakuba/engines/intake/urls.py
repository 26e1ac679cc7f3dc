"""Addresses of intake: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.intake import views
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>

_DESK = "<code6:code>/desk/intake/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.index, name="intake-desk"),
    path(f"{_DESK}bindings/<uuid:book_id>/", views.bindings, name="intake-bindings"),
    path(f"{_DESK}bindings/end/<uuid:binding_id>/", views.end, name="intake-unbind"),
    path(f"{_DESK}<uuid:intake_id>/", views.one, name="intake-one"),
]
