"""The files of a filing, the filing as it was made, and scans of paper that belong to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.desk import desk_shell, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, ports
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files import uploads
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import Link
from yakuba.services.procedures.access.desk import VIEW_ATTACHMENT
from yakuba.services.procedures.actions.entering import AddPages, add_pages
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.model import said
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.filings.shown import files_by_answer
from yakuba.services.procedures.published.queries import definition_of


@require_safe
@desk_page
def attachment(request: HttpRequest, ctx: Context, filing_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """One file, for those who may see its filing."""
    found = queries.attachment(ctx, filing_id, attachment_id)
    if found is None:
        raise Missing
    ports.trail().read(ctx, "procedures.attachment", "filing_attachment", [found.pk])
    return serve(request, ctx, found.file, owner=found, permission=VIEW_ATTACHMENT)


@require_safe
@desk_page
def as_made(request: HttpRequest, ctx: Context, filing_id: UUID) -> HttpResponseBase:
    """The very questions and answers of the first sending, in the version of the procedure that it was made under."""
    filing = queries.demand(ctx, filing_id)
    first = queries.revisions(filing)[0]
    definition = definition_of(filing.publication_id)
    day = japan_date(filing.arrived_at)
    shown_files = files_by_answer(queries.attachments(filing, dropped=True))
    ports.trail().read(ctx, "procedures.as_made", "filing", [filing.pk])
    context = {
        "page": desk_shell(request, ctx, said(definition.title), _crumbs(ctx, filing.case_id)),
        "filing": filing,
        "sections": [
            (
                said(page.section.title),
                said(page.section.help),
                answers.form_page(definition, page, first.answers, None, day, files=shown_files),
            )
            for page in answers.visible(definition, first.answers, day)
        ],
    }
    return render(request, "procedures/desk/as_made.html", context)


@require_POST
@desk_page
def add_scan(request: HttpRequest, ctx: Context, filing_id: UUID) -> HttpResponseBase:
    """The scan of a paper, checked as anything that comes from outside."""
    filing = queries.demand(ctx, filing_id)
    file = received(request, "scan")
    if file.file is None:
        raise Missing
    found = uploads.take(file.file, file.name or "")
    add_pages(ctx, filing, AddPages(found.sha256, found.name, found.inspected.pages, found.made_by_us))
    return see("casework-case", ctx, filing.case_id)


def _crumbs(ctx: Context, case_id: UUID | None) -> list[Link]:
    code = ctx.municipality.code
    found = [Link(_("案件"), reverse("casework-inbox", args=[code]))]
    if case_id is not None:
        found.append(Link(_("この案件"), reverse("casework-case", args=[code, case_id])))
    return found
