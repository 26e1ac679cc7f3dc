"""Addresses of the plan: the public reads frozen copies, the desk works on drafts."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.book import urls as book
from yakuba.services.plan.measured import urls as measured
from yakuba.services.plan.next import urls as next_urls
from yakuba.services.plan.outside import urls as outside
from yakuba.services.plan.scoreboard import urls as board
from yakuba.services.plan.views.desk import (
    arranging,
    asking,
    calendar,
    editions,
    history,
    imports,
    initiative,
    listed,
    making,
    memos,
    offices,
    parts,
    past,
    preview,
    printing,
    prose,
    publishing,
    revising,
    sheets,
    staged_rows,
    staging,
    staging_pieces,
    themes,
    tree,
)
from yakuba.services.plan.views.nation import urls as nation
from yakuba.services.plan.views.portal import changes as public_changes
from yakuba.services.plan.views.portal import editions as public
from yakuba.services.plan.views.portal import initiative as public_initiative
from yakuba.services.plan.views.portal import printing as public_printing
from yakuba.services.plan.year import urls as year

_EDITION = "<code6:code>/plan/<year4:year>/"
_INITIATIVE = f"{_EDITION}<uuid:identity>/"

portal: list[URLPattern] = [
    *nation.portal,
    *year.portal,
    *book.portal,
    *next_urls.portal,
    *board.portal,
    path("<code6:code>/plan/", public.editions, name="plan-editions"),
    path("<code6:code>/plan/changes/", public_changes.since, name="plan-changes"),
    path("<code6:code>/plan/changes.<sheet:name>", public_changes.since_sheet, name="plan-changes-sheet"),
    path("<code6:code>/plan/feed.atom", public_changes.feed, name="plan-feed"),
    path(_EDITION, public.edition, name="plan-edition"),
    path(f"{_EDITION}initiatives.<sheet:name>", public.sheet, name="plan-edition-sheet"),
    path(f"{_EDITION}late.<sheet:name>", public.late, name="plan-edition-late"),
    path(f"{_EDITION}plan.json", public.data, name="plan-edition-data"),
    path(f"{_EDITION}sheets/", public_printing.sheets, name="plan-sheets"),
    path(f"{_EDITION}text/", public.text, name="plan-edition-text"),
    path(f"{_EDITION}bodies.<sheet:name>", public.bodies, name="plan-edition-bodies"),
    path(f"{_EDITION}changes/", public_changes.between, name="plan-edition-changes"),
    path(f"{_EDITION}changes.<sheet:name>", public_changes.between_sheet, name="plan-edition-changes-sheet"),
    path(_INITIATIVE, public_initiative.initiative, name="plan-initiative"),
    path(f"{_INITIATIVE}answer/", public_printing.answer, name="plan-answer"),
    path(f"{_INITIATIVE}values.<sheet:name>", public_initiative.values, name="plan-initiative-values"),
    path(
        f"{_INITIATIVE}indicators/<int:number>/embed/", public_initiative.embed, name="plan-indicator-embed"
    ),
]

_DESK = "<code6:code>/desk/plan/"
_DRAFT = f"{_DESK}editions/<uuid:edition_id>/"
_IMPORT = f"{_DESK}imports/<uuid:import_id>/"
_ROW = f"{_DESK}initiatives/<uuid:initiative_id>/"

desk: list[URLPattern] = [
    *year.desk,
    *measured.desk,
    *book.desk,
    *next_urls.desk,
    *board.desk,
    *outside.desk,
    path(_DESK, editions.index, name="plan-desk-editions"),
    path(f"{_DESK}editions.<sheet:file_format>", editions.index_sheet, name="plan-desk-editions-sheet"),
    path(f"{_DESK}new/", making.new_plan, name="plan-desk-plan-new"),
    path(_DRAFT, editions.edition, name="plan-desk-edition"),
    path(f"{_DRAFT}about/", making.about, name="plan-desk-about"),
    path(f"{_DRAFT}delete/", making.delete, name="plan-desk-edition-delete"),
    path(f"{_DRAFT}as-public/", preview.edition, name="plan-desk-preview"),
    path(f"{_DRAFT}as-public/text/", preview.text, name="plan-desk-preview-text"),
    path(f"{_DRAFT}as-public/<uuid:initiative_id>/", preview.initiative, name="plan-desk-preview-initiative"),
    path(f"{_DRAFT}print/", printing.sheets, name="plan-desk-sheets"),
    path(f"{_DRAFT}tree/", tree.show_tree, name="plan-desk-tree"),
    path(f"{_DRAFT}text/", prose.prose, name="plan-desk-prose"),
    path(f"{_DRAFT}text/<slug:part>/", prose.edit, name="plan-desk-prose-part"),
    path(f"{_DRAFT}initiatives.<sheet:file_format>", editions.sheet, name="plan-desk-sheet"),
    path(
        f"{_DRAFT}indicators.<sheet:file_format>",
        editions.indicator_sheet,
        name="plan-desk-indicator-sheet",
    ),
    path(f"{_DRAFT}notes/", editions.notes, name="plan-desk-notes"),
    path(f"{_DRAFT}sheet/", sheets.upload, name="plan-desk-grid"),
    path(f"{_DRAFT}sheet/confirm/", sheets.confirm, name="plan-desk-grid-confirm"),
    path(f"{_DRAFT}offices/", offices.offices, name="plan-desk-offices"),
    path(f"{_DRAFT}offices.<sheet:file_format>", listed.offices, name="plan-desk-offices-sheet"),
    path(f"{_DRAFT}offices/link/", offices.link, name="plan-desk-link"),
    path(f"{_DRAFT}publish/", publishing.publish_page, name="plan-desk-publish"),
    path(f"{_DRAFT}publish/<int:number>/", past.past, name="plan-desk-past"),
    path(
        f"{_DRAFT}publish/<int:number>/<uuid:initiative_id>/",
        past.initiative,
        name="plan-desk-past-initiative",
    ),
    path(
        f"{_DRAFT}publish/<int:number>/initiatives.<sheet:file_format>",
        listed.past,
        name="plan-desk-past-sheet",
    ),
    path(f"{_DRAFT}publish/now/", publishing.publish, name="plan-desk-publish-now"),
    path(f"{_DRAFT}publish/withdraw/", publishing.withdraw, name="plan-desk-withdraw"),
    path(f"{_DESK}calendar/", calendar.calendar, name="plan-desk-calendar"),
    path(f"{_DESK}calendar/<year4:year>/", calendar.of_year, name="plan-desk-calendar-year"),
    path(
        f"{_DESK}calendar/<year4:year>/days.<sheet:file_format>",
        calendar.sheet,
        name="plan-desk-calendar-sheet",
    ),
    path(f"{_DESK}calendar/<uuid:entry_id>/", calendar.entry, name="plan-desk-calendar-entry"),
    path(f"{_DESK}calendar/import/", calendar.upload, name="plan-desk-calendar-import"),
    path(f"{_DESK}calendar/import/confirm/", calendar.confirm, name="plan-desk-calendar-confirm"),
    path(f"{_DESK}imports/", imports.index, name="plan-desk-imports"),
    path(f"{_DESK}imports.<sheet:file_format>", listed.imports, name="plan-desk-imports-sheet"),
    path(f"{_DESK}imports/new/", imports.new, name="plan-desk-import-new"),
    path(_IMPORT, imports.show_import, name="plan-desk-import"),
    path(f"{_IMPORT}commit/", imports.commit, name="plan-desk-import-commit"),
    path(f"{_IMPORT}discard/", imports.discard, name="plan-desk-import-discard"),
    path(f"{_IMPORT}check/", staging.check, name="plan-desk-check"),
    path(f"{_IMPORT}check/answer/", staging.answer, name="plan-desk-check-answer"),
    path(f"{_IMPORT}check/undo/", staging.undo, name="plan-desk-check-undo"),
    path(f"{_IMPORT}check/many/", staging.many, name="plan-desk-check-many"),
    path(f"{_IMPORT}check/rows/", staged_rows.rows, name="plan-desk-check-rows"),
    path(
        f"{_IMPORT}check/rows.<sheet:file_format>",
        staged_rows.rows_sheet,
        name="plan-desk-check-rows-sheet",
    ),
    path(f"{_IMPORT}check/rows/<int:document>/<int:place>/", staged_rows.row, name="plan-desk-check-row"),
    path(f"{_IMPORT}check/pieces/", staging_pieces.pieces, name="plan-desk-check-pieces"),
    path(_ROW, initiative.initiative, name="plan-desk-initiative"),
    path(f"{_ROW}answer/", printing.answer, name="plan-desk-answer"),
    path(f"{_ROW}correct/", initiative.correct, name="plan-desk-correct"),
    path(f"{_ROW}confirm/", initiative.confirm, name="plan-desk-confirm"),
    path(f"{_ROW}edit/<slug:slug>/", parts.edit, name="plan-desk-part"),
    path(f"{_ROW}revise/", revising.revise, name="plan-desk-revise"),
    path(f"{_ROW}history/", history.of_initiative, name="plan-desk-history"),
    path(f"{_ROW}memos/", memos.memo, name="plan-desk-memo"),
    path(f"{_ROW}remove/", arranging.remove, name="plan-desk-initiative-remove"),
    path(f"{_DRAFT}initiatives/new/", arranging.new, name="plan-desk-initiative-new"),
    path(f"{_DRAFT}initiatives/move/", arranging.move, name="plan-desk-initiative-move"),
    path(f"{_DRAFT}ask/", asking.ask, name="plan-desk-ask"),
    path(f"{_DRAFT}themes/", themes.themes, name="plan-desk-themes"),
    path(f"{_DRAFT}memos.<sheet:file_format>", listed.memos, name="plan-desk-memos-sheet"),
    path(f"{_DRAFT}memos/", memos.memos, name="plan-desk-memos"),
    path(f"{_DESK}memos/<uuid:note_id>/strike/", memos.strike, name="plan-desk-memo-strike"),
]
