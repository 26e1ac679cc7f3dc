"""Addresses of codes and answer sheets; the plan's own list takes them in."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.services.plan.outside import desk as pages

_DRAFT = "<code6:code>/desk/plan/editions/<uuid:edition_id>/"

desk: list[URLPattern] = [
    path(f"{_DRAFT}codes/", pages.codes, name="plan-outside-codes"),
    path(f"{_DRAFT}codes.<sheet:file_format>", pages.codes_sheet, name="plan-outside-codes-sheet"),
    path(f"{_DRAFT}codes/import/", pages.upload, name="plan-outside-import"),
    path(f"{_DRAFT}codes/import/confirm/", pages.confirm, name="plan-outside-confirm"),
    path(f"{_DRAFT}answers/", pages.answer_sheets, name="plan-outside-answers"),
    path(f"{_DRAFT}answers.<sheet:file_format>", pages.answer_file, name="plan-outside-answers-sheet"),
    path(
        "<code6:code>/desk/plan/initiatives/<uuid:initiative_id>/codes/",
        pages.codes_of,
        name="plan-outside-codes-of",
    ),
]
