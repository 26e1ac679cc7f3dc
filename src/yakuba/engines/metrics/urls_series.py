"""Addresses of series; all of them are the desk's. They stand before those of single metrics, whose keys they would else be."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.engines.metrics.series.views import bringing, defining, index, page
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet

_DESK = "<code6:code>/desk/metrics/series/"
_ONE = f"{_DESK}<uuid:series_id>/"

portal: list[URLPattern] = []
desk: list[URLPattern] = [
    path(_DESK, index.index, name="metrics-series-index"),
    path(f"{_DESK}series.<sheet:file_format>", index.save, name="metrics-series-sheet"),
    path(f"{_DESK}new/", defining.new, name="metrics-series-new"),
    path(_ONE, page.show_series, name="metrics-series"),
    path(f"{_ONE}values.<sheet:file_format>", page.save, name="metrics-series-values"),
    path(f"{_ONE}example.csv", page.example, name="metrics-series-example"),
    path(f"{_ONE}edit/", defining.edit, name="metrics-series-edit"),
    path(f"{_ONE}act/", defining.act, name="metrics-series-act"),
    path(f"{_ONE}bring/", bringing.bring, name="metrics-series-bring"),
    path(f"{_ONE}type/", bringing.typing, name="metrics-series-type"),
    path(f"{_ONE}files/<uuid:value_id>/", page.source_file, name="metrics-series-file"),
]
