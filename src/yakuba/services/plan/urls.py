"""Addresses of the plan: the public reads frozen copies, the desk works on drafts."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.views import portal as public
from yakuba.services.plan.views.desk import editions, imports, initiative, offices, past, publishing, sheets

_EDITION = "<code6:code>/plan/<year4:year>/"

portal: list[URLPattern] = [
    path("<code6:code>/plan/", public.editions, name="plan-editions"),
    path(_EDITION, public.edition, name="plan-edition"),
    path(f"{_EDITION}initiatives.<slug:name>", public.sheet, name="plan-edition-sheet"),
    path(f"{_EDITION}plan.json", public.data, name="plan-edition-data"),
    path(f"{_EDITION}<uuid:identity>/", public.initiative, name="plan-initiative"),
]

_DESK = "<code6:code>/desk/plan/"
_DRAFT = f"{_DESK}editions/<uuid:edition_id>/"
_IMPORT = f"{_DESK}imports/<uuid:import_id>/"
_ROW = f"{_DESK}initiatives/<uuid:initiative_id>/"

desk: list[URLPattern] = [
    path(_DESK, editions.index, name="plan-desk-editions"),
    path(f"{_DESK}editions.<sheet:file_format>", editions.index_sheet, name="plan-desk-editions-sheet"),
    path(_DRAFT, editions.edition, name="plan-desk-edition"),
    path(f"{_DRAFT}initiatives.<sheet:file_format>", editions.sheet, name="plan-desk-sheet"),
    path(f"{_DRAFT}notes/", editions.notes, name="plan-desk-notes"),
    path(f"{_DRAFT}sheet/", sheets.upload, name="plan-desk-grid"),
    path(f"{_DRAFT}sheet/confirm/", sheets.confirm, name="plan-desk-grid-confirm"),
    path(f"{_DRAFT}offices/", offices.offices, name="plan-desk-offices"),
    path(f"{_DRAFT}offices/link/", offices.link, name="plan-desk-link"),
    path(f"{_DRAFT}publish/", publishing.publish_page, name="plan-desk-publish"),
    path(f"{_DRAFT}publish/<int:number>/", past.past, name="plan-desk-past"),
    path(f"{_DRAFT}publish/now/", publishing.publish, name="plan-desk-publish-now"),
    path(f"{_DRAFT}publish/withdraw/", publishing.withdraw, name="plan-desk-withdraw"),
    path(f"{_DESK}imports/", imports.index, name="plan-desk-imports"),
    path(f"{_DESK}imports/new/", imports.new, name="plan-desk-import-new"),
    path(_IMPORT, imports.show_import, name="plan-desk-import"),
    path(f"{_IMPORT}commit/", imports.commit, name="plan-desk-import-commit"),
    path(f"{_IMPORT}discard/", imports.discard, name="plan-desk-import-discard"),
    path(_ROW, initiative.initiative, name="plan-desk-initiative"),
    path(f"{_ROW}correct/", initiative.correct, name="plan-desk-correct"),
    path(f"{_ROW}confirm/", initiative.confirm, name="plan-desk-confirm"),
]
