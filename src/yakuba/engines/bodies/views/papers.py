"""What can be taken along: the papers as one PDF, single papers, the notice, minutes and reports."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.bodies import access, documents, printing, rules
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import sitting
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Missing, ports
from yakuba.kernel.files import merging
from yakuba.kernel.files import store as files
from yakuba.kernel.files.serving import serve


def _pdf(data: bytes, name: str) -> HttpResponseBase:
    """Our own making: shown in the page, and kept by no cache."""
    response = HttpResponse(data, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=False, filename=f"{name}.pdf")
    response["Content-Disposition"] = disposition or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@desk_page
def whole(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """All papers of a meeting as one."""
    found = queries.meeting(ctx, meeting_id)
    if not access.READ_PAPERS.may(ctx, found).allowed:
        raise Denied(_("資料を読めるのは、この会議体の委員と事務局です。"))
    attached = queries.papers(ctx, found).values()
    merging.demand_room(sum(one.file.size for several in attached for one in several))
    data, behind = documents.papers(ctx, found)
    parts = [(title, _bytes(ctx, pk)) for title, pk in behind]
    ports.trail().read(ctx, "bodies.papers", "meeting", [found.pk])
    return _pdf(printing.papers(data, parts), str(data["title"]))


def _bytes(ctx: Context, paper_id: UUID) -> bytes:
    found = queries.paper(ctx, paper_id)
    try:
        with files.open(found.file) as stream:
            return stream.read()
    except FileNotFoundError as error:
        raise Missing from error


@require_safe
@desk_page
def paper(request: HttpRequest, ctx: Context, paper_id: UUID) -> HttpResponseBase:
    """One paper as it was handed in."""
    found = queries.paper(ctx, paper_id)
    return serve(request, ctx, found.file, owner=found, permission=access.VIEW_PAPER)


@require_safe
@desk_page
def letter(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """The notice that calls the meeting."""
    found = queries.meeting(ctx, meeting_id)
    seats = sitting.of_meeting(ctx, found)
    convener = next((one for one in seats if one.seat.role == "chair"), None)
    ports.trail().read(ctx, "bodies.letter", "body_seat", [one.key for one in seats])
    return _pdf(printing.letter(documents.letter(ctx, found, convener)), f"{documents.name_of(found)}_通知")


@require_safe
@desk_page
def draft(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """The minutes as they would be printed."""
    found = queries.meeting(ctx, meeting_id)
    written = queries.minutes(ctx, found)
    if written is None or written.state == "confirmed":
        raise Missing
    data = documents.minutes(ctx, found, written)
    words = dict(rules.MINUTES_STATES)[written.state]
    ports.trail().read(ctx, "bodies.minutes", "minutes", [written.pk])
    return _pdf(printing.minutes(data, preview=f"（{words}）"), str(data["title"]))


@require_safe
@desk_page
def minutes(request: HttpRequest, ctx: Context, meeting_id: UUID, number: int) -> HttpResponseBase:
    """Confirmed minutes, as they were confirmed."""
    found = queries.meeting(ctx, meeting_id)
    one = next((one for one in queries.all_minutes(ctx, found) if one.number == number), None)
    if one is None or one.file is None:
        raise Missing
    ports.trail().read(ctx, "bodies.minutes", "minutes", [one.pk])
    return serve(request, ctx, one.file, owner=one, permission=access.VIEW_MINUTES)


@require_safe
@desk_page
def report(request: HttpRequest, ctx: Context, report_id: UUID) -> HttpResponseBase:
    """A report as it went."""
    found = queries.report(ctx, report_id)
    return serve(request, ctx, found.file, owner=found, permission=access.VIEW_REPORT)
