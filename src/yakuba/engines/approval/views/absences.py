"""Who is away: a list with a form above it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.approval import actions
from yakuba.engines.approval.models import Absence
from yakuba.engines.approval.queries import proposals as queries
from yakuba.engines.approval.views.frame import show, top
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, NoData, Problem, ports
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def absences(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The absences of today and later that one keeps; the form notes one more."""
    if request.method != "POST":
        return _page(request, ctx, {})
    typed = {key: request.POST.get(key, "") for key in ("person", "valid_from", "valid_to")}
    try:
        data = actions.note_absence.read_text(typed)
        actions.note_absence(ctx, _chosen(ctx, typed["person"]), data)
    except Problem as problem:
        return _page(request, ctx, typed, problem)
    return see("approval-absences", ctx)


def _chosen(ctx: Context, key: str) -> Person:
    """The person of the form; whether the actor may note his absence is asked by the action. Raises :class:`Problem`."""
    try:
        wanted = UUID(key)
    except ValueError:
        raise Problem("person", _("職員を一覧から選んでください。"), field="person", found=key[:40]) from None
    person = Person.objects.for_actor(ctx).filter(pk=wanted).first()
    if person is None:
        raise Missing
    return person


def _page(
    request: HttpRequest, ctx: Context, typed: dict[str, str], problem: Problem | None = None
) -> HttpResponse:
    found = queries.absences(ctx)
    people = queries.people_to_note(ctx)
    answer = show(
        request,
        ctx,
        "absences",
        _("不在の届出"),
        crumbs=[top(ctx)],
        problem=problem,
        found=found,
        people=[(str(one.pk), one.name) for one in people],
        typed={"person": str(people[0].pk) if people else "", **typed},
        here=address("approval-absences", ctx),
        saves=exports("approval-absences-sheet", ctx.municipality.code),
    )
    ports.trail().read(ctx, "approval.absences", "person", [one.pk for one in people])
    return answer


@require_safe
@desk_page
def absences_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same as a file."""
    found = queries.absences(ctx)
    name = _("不在の届出")
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(
            SheetColumn("name", fields.text(label=_("職員"), classification=PERSONAL, required=False).spec),
            *columns_of(Absence, "valid_from", "valid_to", "noted_at"),
        ),
        rows=[
            Row(
                {
                    "name": one.person.name,
                    "valid_from": one.valid_from,
                    "valid_to": one.valid_to,
                    "noted_at": one.noted_at,
                }
            )
            for one in found
        ],
        as_of=ctx.now,
    )
    if found:
        ports.trail().read(ctx, "approval.absences", "person", [one.person_id for one in found])
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


@require_POST
@desk_page
def end(request: HttpRequest, ctx: Context, absence_id: UUID) -> HttpResponseBase:
    """Take one back."""
    found = next((one for one in queries.absences(ctx) if one.pk == absence_id), None)
    if found is None:
        raise Missing
    actions.end_absence(ctx, found, NoData())
    return see("approval-absences", ctx)
