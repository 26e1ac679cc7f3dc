"""The form of the next plan: its name and years, its tree as lines, what it takes over from the former plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries
from yakuba.services.plan.actions import NextPlan, next_plan
from yakuba.services.plan.models import Edition
from yakuba.services.plan.next import numbering, outline
from yakuba.services.plan.next.beginning import carried_by, chosen_of, going_of
from yakuba.services.plan.next.building import CONTINUED, Way
from yakuba.services.plan.next.proposals import proposals
from yakuba.services.plan.rows import Form, node_form
from yakuba.services.plan.views.desk import taken
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, show
from yakuba.services.plan.views.desk.making import lines_of

_NAMES: Final = ("title", "first_year", "last_year", "label", "outline", "numbering")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def next_plan_of(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The former plan's tree stands in the form as lines, to be rewritten; its initiatives with what is proposed for each."""
    source = queries.edition(ctx, edition_id)
    need(access.MAKE_EDITION, ctx)
    rows = [(row.pk, form) for row, form in queries.forms(queries.initiatives(ctx, source))]
    first = proposals(ctx, source, rows)
    if request.method != "POST":
        return _form(request, ctx, source, rows, _suggested(ctx, source), first, first)
    typed = {key: request.POST.get(key, "") for key in (*_NAMES, "levels")}
    chosen = chosen_of(request.POST, rows)
    try:
        names = next_plan.read_text(
            {
                **{key: typed[key] for key in _NAMES},
                "source": str(source.pk),
                "seen": request.POST.get("version", ""),
            }
        )
        data: NextPlan = replace(names, levels=lines_of(typed["levels"]), **carried_by(chosen))
        if told := taken.unseen(request, ctx, data.first_year):
            return _form(request, ctx, source, rows, typed, first, chosen, told=told, year=data.first_year)
        made = next_plan(ctx, None, data)
    except Problem as problem:
        return _form(request, ctx, source, rows, typed, first, chosen, problem)
    return see("plan-desk-places", ctx, made.pk)


def _suggested(ctx: Context, source: Edition) -> dict[str, str]:
    """A plan as long as the former one, behind it, with its levels and tree to be rewritten."""
    plan = source.plan
    begins = max(plan.last_year.year, source.year.year) + 1
    return {
        "title": "",
        "first_year": FiscalYear(begins).wareki,
        "last_year": FiscalYear(begins + plan.last_year.year - plan.first_year.year).wareki,
        "label": "",
        "levels": "\n".join(source.levels),
        "outline": outline.written([node_form(node) for node in queries.tree(ctx, source)]),
        "numbering": numbering.BY_PLACE if _by_place(ctx, source) else numbering.IN_ORDER,
    }


def _by_place(ctx: Context, source: Edition) -> bool:
    """Whether the former plan numbers its initiatives by their nodes (1-2-3 under 1-2)."""
    pairs = [
        (row.number, form["placements"][0]["path"][-1])
        for row, form in queries.forms(queries.initiatives(ctx, source))
        if form["placements"]
    ]
    return bool(pairs) and all(number.startswith(f"{code}-") for number, code in pairs)


def _form(
    request: HttpRequest,
    ctx: Context,
    source: Edition,
    rows: Sequence[tuple[UUID, Form]],
    typed: dict[str, str],
    first: Mapping[UUID, Way],
    chosen: Mapping[UUID, Way],
    problem: Problem | None = None,
    *,
    told: str = "",
    year: FiscalYear | None = None,
) -> HttpResponse:
    errors = errors_of(problem) if problem is not None else []
    said = {error.key: error.message for error in errors}
    listed = [going_of(key, form, chosen[key], said) for key, form in rows]
    over = {str(key) for key, way in first.items() if way.way != CONTINUED}
    known = {*_NAMES, "levels", *(f"{name}-{one.key}" for one in listed for name in ("way", "into"))}
    return show(
        request,
        ctx,
        "plan_next",
        _("次期計画を作る"),
        crumbs=crumbs_of(ctx, source),
        status=problem.status if problem else 200,
        edition=source,
        source_name=name_of(source),
        typed=typed,
        over=[one for one in listed if one.key in over],
        going=[one for one in listed if one.key not in over],
        targets=[(one.key, one.name) for one in listed],
        rules=[(key, str(label)) for key, label in numbering.RULES.items()],
        errors=[one if one.key in known else FieldError("", one.message) for one in errors],
        said=said,
        taken=told,
        taken_year=year.wareki if year else "",
        back=address("plan-desk-edition", ctx, source.pk),
    )
