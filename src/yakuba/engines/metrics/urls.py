"""Addresses of figures: series before what is decided on single metrics, and that before the dictionary."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from yakuba.engines.metrics import urls_pages, urls_series
from yakuba.engines.metrics.views import correcting, loading_earlier, settling

_ONE: Final = "<code6:code>/desk/metrics/<slug:key>/"

portal: list[URLPattern] = [*urls_series.portal, *urls_pages.portal]
desk: list[URLPattern] = [
    *urls_series.desk,
    path(f"{_ONE}correct/", correcting.correct, name="metrics-correct"),
    path(f"{_ONE}load/", loading_earlier.load, name="metrics-load"),
    path(f"{_ONE}settings/", settling.settle, name="metrics-settings"),
    *urls_pages.desk,
]
