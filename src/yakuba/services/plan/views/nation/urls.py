"""Addresses across municipalities. They name none: exempt from DESIGN §4 rule 10, as the front page is."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers sheet
from yakuba.services.plan.views.nation import compare, places, search, theme

_HOME = "plan/"
_THEME = f"{_HOME}themes/<slug:theme_id>/"

portal: list[URLPattern] = [
    path(_HOME, places.home, name="nation-home"),
    path(f"{_HOME}municipalities/", places.municipalities, name="nation-municipalities"),
    path(
        f"{_HOME}municipalities.<sheet:file_format>",
        places.municipalities_sheet,
        name="nation-municipalities-sheet",
    ),
    path(_THEME, theme.theme, name="nation-theme"),
    path(f"{_THEME}initiatives.<sheet:file_format>", theme.theme_sheet, name="nation-theme-sheet"),
    path(f"{_THEME}indicators/", theme.indicators, name="nation-indicators"),
    path(f"{_THEME}indicators.<sheet:file_format>", theme.indicators_sheet, name="nation-indicators-sheet"),
    path(f"{_HOME}compare/", compare.compare, name="nation-compare"),
    path(f"{_HOME}search/", search.search, name="nation-search"),
]
