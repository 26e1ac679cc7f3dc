"""Editions without a document: a plan from nothing, what an edition is called, a draft that goes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries
from yakuba.services.plan.actions import (
    CreateEdition,
    create_edition,
    delete_edition,
    rename_edition,
)
from yakuba.services.plan.models import Edition
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.views.desk import taken
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, show, tabs_of, top

_NAMES = ("title", "first_year", "last_year", "label", "year")


def lines_of(text: str) -> list[str]:
    """The lines of a field, one thing each; empty ones are left out."""
    return [line for line in (one.strip() for one in text.splitlines()) if line]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_plan(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The form of a plan that no document has: what it is called, its years, its levels, what it takes the place of."""
    need(access.MAKE_EDITION, ctx)
    post = request.POST
    typed = {key: post.get(key, "") for key in (*_NAMES, "levels", "others")}
    known = list(dict.fromkeys(edition.plan.title for edition in queries.editions(ctx)))
    before = [title for title in known if title in post.getlist("before")]
    errors: list[FieldError] = []
    status = 200
    told, year = "", ""
    if request.method == "POST":
        try:
            names = create_edition.read_text({key: typed[key] for key in _NAMES})
            data: CreateEdition = replace(
                names,
                levels=lines_of(typed["levels"]),
                predecessors=[*before, *lines_of(typed["others"])],
            )
            wanted = data.year or data.first_year
            told, year = taken.unseen(request, ctx, wanted), wanted.wareki
            made = None if told else create_edition(ctx, None, data)
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
            errors = [
                FieldError("others" if one.key == "predecessors" else one.key, one.message) for one in errors
            ]
        else:
            if made is not None:
                return see("plan-desk-tree", ctx, made.pk)
    return show(
        request,
        ctx,
        "plan_new",
        _("計画をはじめから作る"),
        crumbs=[top(ctx)],
        status=status,
        typed=typed,
        before=before,
        known=[(title, title) for title in known],
        errors=errors,
        said={error.key: error.message for error in errors},
        taken=told,
        taken_year=year,
        back=address("plan-desk-editions", ctx),
        import_href=address("plan-desk-import-new", ctx),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def about(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """What an edition and its plan are called, and their years; and the way to the next edition."""
    edition = queries.edition(ctx, edition_id)
    plan = edition.plan
    if request.method == "POST":
        typed = {key: request.POST.get(key, "") for key in _NAMES}
        try:
            data = rename_edition.read_text(typed)
            told = taken.unseen(request, ctx, data.year, edition.pk) if data.year != edition.year else ""
            if told:
                return _about(request, ctx, edition, typed, told=told, year=data.year)
            rename_edition(ctx, edition, data, expected_version=version_of(request))
        except Problem as problem:
            return _about(request, ctx, edition, typed, problem)
        return see("plan-desk-about", ctx, edition.pk)
    typed = {
        "title": plan.title,
        "first_year": plan.first_year.wareki,
        "last_year": plan.last_year.wareki,
        "label": edition.label,
        "year": edition.year.wareki,
    }
    return _about(request, ctx, edition, typed)


def _about(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    typed: dict[str, str],
    problem: Problem | None = None,
    reason: str = "",
    *,
    told: str = "",
    year: FiscalYear | None = None,
) -> HttpResponse:
    errors = errors_of(problem) if problem is not None else []
    fields = {*_NAMES, "reason"}
    others = queries.editions(ctx).filter(plan=edition.plan).exclude(pk=edition.pk)
    return show(
        request,
        ctx,
        "edition_about",
        _("版の情報"),
        crumbs=crumbs_of(ctx, edition),
        status=problem.status if problem else 200,
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-about"),
        typed=typed,
        others=[(name_of(one), address("plan-desk-edition", ctx, one.pk)) for one in others],
        errors=[one if one.key in fields else FieldError("", one.message) for one in errors],
        said={error.key: error.message for error in errors},
        reason=reason,
        taken=told,
        taken_year=year.wareki if year else "",
        stands="" if told else taken.warning(ctx, edition.year, edition.pk),
        ever=edition.pk in publishing.ever_published(ctx, EDITION),
        may_shape=access.SHAPE.holds_anywhere(ctx),
        next_href=address("plan-desk-next", ctx, edition.pk),
        next_plan_href=address("plan-desk-next-plan", ctx, edition.pk),
        delete_href=address("plan-desk-edition-delete", ctx, edition.pk),
        count=queries.initiatives(ctx, edition).count(),
    )


@require_POST
@desk_page
def delete(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Throw a draft away that was never public."""
    edition = queries.edition(ctx, edition_id)
    plan = edition.plan
    reason = request.POST.get("reason", "")
    sent = {"edition": str(edition.pk), "seen": request.POST.get("version", ""), "reason": reason}
    try:
        delete_edition(ctx, plan, delete_edition.read_text(sent))
    except Problem as problem:
        typed = {
            "title": plan.title,
            "first_year": plan.first_year.wareki,
            "last_year": plan.last_year.wareki,
            "label": edition.label,
            "year": edition.year.wareki,
        }
        return _about(request, ctx, edition, typed, problem, reason)
    return see("plan-desk-editions", ctx)
