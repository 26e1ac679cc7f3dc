"""Addresses of papers: the day's intake list and bundle, hand-over of filings to other systems."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.views.desk import bundle, exporting, webhooks

_CASES = "<code6:code>/desk/cases/"
_HANDOVERS = "<code6:code>/desk/handovers/"

papers: list[URLPattern] = [
    path(f"{_CASES}bundle/", bundle.index, name="procedures-bundle"),
    path(f"{_CASES}bundle/list.<slug:ending>", bundle.intake, name="procedures-intake"),
    path(f"{_CASES}bundle/<uuid:bundle_id>/", bundle.made, name="procedures-bundle-made"),
    path(f"{_CASES}bundle/<uuid:bundle_id>/file/", bundle.file, name="procedures-bundle-file"),
    path(f"{_CASES}export/", exporting.index, name="procedures-export"),
    path(f"{_CASES}export/file/", exporting.file, name="procedures-export-file"),
    path(_HANDOVERS, webhooks.index, name="procedures-handovers"),
    path(f"{_HANDOVERS}list.<sheet:file_format>", webhooks.save, name="procedures-handovers-sheet"),
    path(f"{_HANDOVERS}<uuid:message_id>/", webhooks.handover, name="procedures-handover"),
    path(f"{_HANDOVERS}receivers/", webhooks.receivers, name="procedures-webhooks"),
    path(
        f"{_HANDOVERS}receivers/list.<sheet:file_format>",
        webhooks.save_receivers,
        name="procedures-webhooks-sheet",
    ),
    path(f"{_HANDOVERS}receivers/<uuid:webhook_id>/", webhooks.receiver, name="procedures-webhook"),
]
