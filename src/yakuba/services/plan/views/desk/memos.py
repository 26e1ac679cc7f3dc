"""Notes of the staff: beside an initiative, and on a page for the edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries
from yakuba.services.plan.actions import strike_note, write_note
from yakuba.services.plan.models import Edition, Initiative, Note
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of


@dataclass(frozen=True, slots=True)
class Memo:
    """A note as the page shows it; ``strike_href`` where this person may strike it out."""

    note: Note
    strike_href: str


@dataclass(frozen=True, slots=True)
class Memos:
    """The notes of a page, and its form."""

    memos: Sequence[Memo]
    href: str
    may_write: bool
    text: str = ""
    error: str = ""


def memos_of(
    ctx: Context, edition: Edition, row: Initiative | None, text: str = "", error: str = ""
) -> Memos:
    """The notes on an initiative, or on the edition itself."""
    notes = queries.notes(ctx, edition, row)
    mine = queries.strikable(ctx, notes)
    href = (
        address("plan-desk-memo", ctx, row.pk)
        if row is not None
        else address("plan-desk-memos", ctx, edition.pk)
    )
    return Memos(
        [
            Memo(note, address("plan-desk-memo-strike", ctx, note.pk) if note.pk in mine else "")
            for note in notes
        ],
        href,
        access.WRITE_NOTE.holds_anywhere(ctx),
        text,
        error,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def memos(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The notes on the edition, and on each of its initiatives."""
    edition = queries.edition(ctx, edition_id)
    if request.method == "POST":
        return _write(request, ctx, edition, None)
    return _page(request, ctx, edition)


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    *,
    errors: Sequence[FieldError] = (),
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    about = [note for note in queries.all_notes(ctx, edition) if note.initiative is not None]
    said = str(errors[0].message) if errors else ""
    return show(
        request,
        ctx,
        "memos",
        _("メモ"),
        crumbs=crumbs_of(ctx, edition),
        saves=saves("plan-desk-memos-sheet", ctx, edition.pk),
        status=status,
        tabs=tabs_of(ctx, edition, "plan-desk-memos"),
        memos=memos_of(ctx, edition, None, text, said),
        errors=errors,
        about=[(note, address("plan-desk-initiative", ctx, note.initiative_id)) for note in about],
        name=name_of(edition),
    )


@require_POST
@desk_page
def memo(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """Write a note on an initiative."""
    row = queries.initiative(ctx, initiative_id)
    return _write(request, ctx, row.edition, row)


def _write(request: HttpRequest, ctx: Context, edition: Edition, row: Initiative | None) -> HttpResponseBase:
    text = request.POST.get("text", "")
    sent = {"edition": str(edition.pk), "text": text, "initiative": str(row.pk) if row is not None else ""}
    try:
        write_note(ctx, None, write_note.read_text(sent))
    except Problem as problem:
        return _page(request, ctx, edition, errors=errors_of(problem), text=text, status=problem.status)
    if row is None:
        return see("plan-desk-memos", ctx, edition.pk)
    return see("plan-desk-initiative", ctx, row.pk, fragment="memos")


@require_POST
@desk_page
def strike(request: HttpRequest, ctx: Context, note_id: UUID) -> HttpResponseBase:
    """Strike a note out."""
    note = queries.note(ctx, note_id)
    if note is None:
        raise Missing
    try:
        strike_note(ctx, note, NoData())
    except Problem as problem:
        return _page(request, ctx, note.edition, errors=errors_of(problem), status=problem.status)
    if note.initiative_id is None:
        return see("plan-desk-memos", ctx, note.edition_id)
    return see("plan-desk-initiative", ctx, note.initiative_id, fragment="memos")
