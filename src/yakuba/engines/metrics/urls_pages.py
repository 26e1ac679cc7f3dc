"""Addresses of the dictionary, of a metric and a formula on the desk, and of what the public reads. They stand after all others:

a metric's key could else be read as one of those.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.engines.metrics.views import dictionary, formula_page, metric_page
from yakuba.engines.metrics.views import portal as public
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet

_DESK = "<code6:code>/desk/metrics/"
_ONE = f"{_DESK}<slug:key>/"
_PORTAL = "<code6:code>/metrics/"
_METRIC = f"{_PORTAL}<slug:key>/"
_SERIES = f"{_PORTAL}series/<str:key>/"

portal: list[URLPattern] = [
    path(_PORTAL, public.index, name="metrics-public"),
    path(f"{_PORTAL}figures.<sheet:file_format>", public.save_all, name="metrics-public-sheet"),
    path(f"{_PORTAL}figures.json", public.data_all, name="metrics-public-data"),
    path(_SERIES, public.show_series, name="metrics-public-series"),
    path(f"{_SERIES}figures.<sheet:file_format>", public.save_series, name="metrics-public-series-sheet"),
    path(f"{_SERIES}figures.json", public.data_series, name="metrics-public-series-data"),
    path(_METRIC, public.show_metric, name="metrics-public-metric"),
    path(f"{_METRIC}figures.<sheet:file_format>", public.save_metric, name="metrics-public-metric-sheet"),
    path(f"{_METRIC}figures.json", public.data_metric, name="metrics-public-metric-data"),
]
desk: list[URLPattern] = [
    path(_DESK, dictionary.index, name="metrics-index"),
    path(f"{_DESK}metrics.<sheet:file_format>", dictionary.save, name="metrics-sheet"),
    path(f"{_DESK}formula/", formula_page.try_formula, name="metrics-formula"),
    path(_ONE, metric_page.show_metric, name="metrics-metric"),
    path(f"{_ONE}figures.<sheet:file_format>", metric_page.save, name="metrics-metric-sheet"),
]
