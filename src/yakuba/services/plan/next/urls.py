"""Addresses of what becomes of the plan from edition to edition."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.next import beginning, figures_portal, lineage_portal, placing, planning, verifying
from yakuba.services.plan.next import desk as pages
from yakuba.services.plan.next import portal as public

_EDITION = "<code6:code>/plan/<year4:year>/"
_DRAFT = "<code6:code>/desk/plan/editions/<uuid:edition_id>/"

portal: list[URLPattern] = [
    path("<code6:code>/plan/lineage/", lineage_portal.page, name="plan-lineage"),
    path("<code6:code>/plan/lineage.<sheet:name>", lineage_portal.sheet, name="plan-lineage-sheet"),
    path(f"{_EDITION}figures/", figures_portal.page, name="plan-figures"),
    path(f"{_EDITION}figures.<sheet:name>", figures_portal.sheet, name="plan-figures-sheet"),
    path(f"{_EDITION}figures.json", figures_portal.data, name="plan-figures-data"),
    path(f"{_EDITION}figures/<slug:part>/embed/", figures_portal.embed, name="plan-figures-embed"),
    path(f"{_EDITION}contrast/", public.table, name="plan-contrast"),
    path(f"{_EDITION}contrast.<sheet:name>", public.sheet, name="plan-contrast-sheet"),
    path(f"{_EDITION}verification/", verifying.public_table, name="plan-verification"),
    path(f"{_EDITION}verification.<sheet:name>", verifying.public_sheet_of, name="plan-verification-sheet"),
]

desk: list[URLPattern] = [
    path(f"{_DRAFT}next/", beginning.next_of, name="plan-desk-next"),
    path(f"{_DRAFT}next-plan/", planning.next_plan_of, name="plan-desk-next-plan"),
    path(f"{_DRAFT}places/", placing.places, name="plan-desk-places"),
    path(f"{_DRAFT}verification/", verifying.desk_table, name="plan-desk-verification"),
    path(
        f"{_DRAFT}verification.<sheet:file_format>", verifying.desk_sheet, name="plan-desk-verification-sheet"
    ),
    path(f"{_DRAFT}contrast/", pages.contrast_page, name="plan-desk-contrast"),
    path(f"{_DRAFT}contrast.<sheet:file_format>", pages.sheet, name="plan-desk-contrast-sheet"),
    path(f"{_DRAFT}contrast/<uuid:before_id>/", pages.outcome, name="plan-desk-outcome"),
    path(f"{_DRAFT}numbers/", pages.numbers, name="plan-desk-numbers"),
]
