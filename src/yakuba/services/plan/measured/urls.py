"""Addresses of what measures the plan's indicators; the plan's own list takes them in."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.services.plan.measured import one, views

_EDITION = "<code6:code>/desk/plan/editions/<uuid:edition_id>/measures"

desk: list[URLPattern] = [
    path(f"{_EDITION}/", views.measures, name="plan-measures"),
    path(f"{_EDITION}.<sheet:file_format>", views.sheet, name="plan-measures-sheet"),
    path(f"{_EDITION}/<uuid:initiative_id>/<int:place>/", one.measure, name="plan-measure"),
    path(f"{_EDITION}/files/<uuid:binding_id>/", one.file, name="plan-measure-file"),
]
