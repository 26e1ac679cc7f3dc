"""Which initiatives an edition has, and in which order: a new one, one that moves, one that goes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, labels, queries
from yakuba.services.plan.actions import (
    CreateInitiative,
    MoveInitiative,
    RemoveInitiative,
    create_initiative,
    move_initiative,
    remove_initiative,
)
from yakuba.services.plan.forms.lists import place_key, place_of
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.views.desk.frame import crumbs_of, show
from yakuba.services.plan.views.desk.parts import node_name

_KEYS = ("number", "title", "kind", "year", "office", "place", "after")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The form of a new initiative: the little that it needs; the rest is filled in on its own page."""
    edition = queries.edition(ctx, edition_id)
    need(access.ARRANGE, ctx)
    if request.method != "POST":
        return _new(
            request, ctx, edition, {"year": edition.year.wareki, "after": request.GET.get("after", "")}
        )
    typed = {key: request.POST.get(key, "") for key in _KEYS}
    try:
        made = create_initiative(ctx, edition, _wanted(typed))
    except Problem as problem:
        return _new(request, ctx, edition, typed, problem=problem)
    return see("plan-desk-initiative", ctx, made.pk)


def _wanted(typed: dict[str, str]) -> CreateInitiative:
    data = create_initiative.read_text(
        {key: typed[key] for key in ("number", "title", "kind", "year", "after")}
    )
    office = typed["office"].strip()
    if office:
        data.parts["offices"] = [{"name": office, "role": "lead"}]
    if typed["place"]:
        data.parts["placements"] = [{"path": place_of(typed["place"]), "primary": True}]
    return data


def _new(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    typed: dict[str, str],
    *,
    problem: Problem | None = None,
) -> HttpResponse:
    rows = list(queries.initiatives(ctx, edition))
    if problem is not None:
        _name_fields(problem)
    errors = errors_of(problem) if problem is not None else []
    return show(
        request,
        ctx,
        "initiative_new",
        _("取組を加える"),
        crumbs=crumbs_of(ctx, edition),
        status=problem.status if problem else 200,
        typed=typed,
        errors=errors,
        said={error.key: error.message for error in errors},
        kinds=tuple(labels.KINDS.items()),
        places=[(place_key(node.path), node_name(node)) for node in queries.tree(ctx, edition)],
        rows=[
            ("first", _("いちばん前")),
            *((str(row.pk), _("「%(row)s」の後") % {"row": row}) for row in rows),
        ],
        back=address("plan-desk-edition", ctx, edition.pk),
    )


def _name_fields(problem: Problem) -> None:
    """The fields of this page that a problem of a part means."""
    for one in problem.problems if isinstance(problem, Problems) else (problem,):
        if one.field.startswith("offices"):
            one.field = "office"
        elif one.field.startswith("placements"):
            one.field = "place"


@require_POST
@desk_page
def move(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Give an initiative another place in the order."""
    edition = queries.edition(ctx, edition_id)
    row = request.POST.get("initiative", "")
    data = move_initiative.read_text({"initiative": row, "where": request.POST.get("where", "")})
    move_initiative(ctx, edition, MoveInitiative(data.initiative, data.where))
    return see("plan-desk-initiative", ctx, UUID(data.initiative), fragment="arrange")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def remove(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """Ask before an initiative goes, and why; then take it out."""
    row = queries.initiative(ctx, initiative_id)
    need(access.ARRANGE, ctx)
    errors: list[FieldError] = []
    status = 200
    if request.method == "POST":
        sent = {
            "initiative": str(row.pk),
            "seen": request.POST.get("version", ""),
            "reason": request.POST.get("reason", ""),
        }
        try:
            data = remove_initiative.read_text(sent)
            remove_initiative(ctx, row.edition, RemoveInitiative(data.initiative, data.seen, data.reason))
            return see("plan-desk-edition", ctx, row.edition_id)
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
    return show(
        request,
        ctx,
        "initiative_remove",
        _("取組を外す"),
        crumbs=crumbs_of(ctx, row.edition),
        status=status,
        row=row,
        errors=[FieldError(one.key if one.key == "reason" else "", one.message) for one in errors],
        said={error.key: error.message for error in errors},
        reason=request.POST.get("reason", ""),
        notes=len(queries.notes(ctx, row.edition, row)),
        back=address("plan-desk-initiative", ctx, row.pk),
    )


def places_of(ctx: Context, row: Initiative) -> list[tuple[str, str]]:
    """Where an initiative may be moved to."""
    others = queries.initiatives(ctx, row.edition).exclude(pk=row.pk)
    return [
        ("up", _("1つ前へ")),
        ("down", _("1つ後ろへ")),
        ("first", _("いちばん前へ")),
        ("last", _("いちばん後ろへ")),
        *((str(one.pk), _("「%(row)s」の後へ") % {"row": one}) for one in others),
    ]
