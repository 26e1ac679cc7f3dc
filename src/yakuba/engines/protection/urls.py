"""Addresses of protection: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.protection.views import holds, register
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>

_DESK = "<code6:code>/desk/protection/"

desk: list[URLPattern | URLResolver] = [
    path(f"{_DESK}holds/", holds.index, name="protection-desk-holds"),
    path(f"{_DESK}holds/list.<sheet:file_format>", holds.save, name="protection-desk-holds-sheet"),
    path(f"{_DESK}holds/<uuid:hold_id>/", holds.hold, name="protection-desk-hold"),
    path(_DESK, register.index, name="protection-desk"),
    path(f"{_DESK}new/", register.new, name="protection-desk-new"),
    path(f"{_DESK}import/", register.upload, name="protection-desk-import"),
    path(f"{_DESK}import/confirm/", register.confirm, name="protection-desk-confirm"),
    path(f"{_DESK}list.<sheet:file_format>", register.save, name="protection-desk-sheet"),
    path(f"{_DESK}<uuid:entry_id>/", register.entry, name="protection-desk-entry"),
]
