"""The address of the public's copy of the inventory."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.views.portal import everything as pages

everything: list[URLPattern] = [
    path("<code6:code>/procedures/all/", pages.listed, name="procedures-all"),
    path("<code6:code>/procedures/all.<sheet:name>", pages.listed_sheet, name="procedures-all-sheet"),
]
