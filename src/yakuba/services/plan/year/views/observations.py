"""Observations: what was seen, how it is judged, what is decided and done (OODA), of an edition or one of its initiatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.bodies.queries import decisions
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import access as plan_access
from yakuba.services.plan import cells
from yakuba.services.plan import queries as plan
from yakuba.services.plan.models import Edition, Initiative, Observation
from yakuba.services.plan.models.year import OBSERVATION_STATES
from yakuba.services.plan.views.desk.frame import crumbs_of, tabs_of
from yakuba.services.plan.year import access, queries
from yakuba.services.plan.year.actions import (
    act_on_observation,
    change_observation,
    decide_observation,
    observe,
)
from yakuba.services.plan.year.actions.observing import revisable
from yakuba.services.plan.year.matters import OBSERVATION
from yakuba.services.plan.year.views.frame import show

_KEYS: Final = ("observed_on", "situation", "orientation", "proposal", "path", "value", "initiative")
_STATES: Final = dict(OBSERVATION_STATES)
_TONES: Final = {"open": "warn", "decided": "accent", "declined": "neutral", "done": "good"}


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The observations of an edition, newest first."""
    edition = plan.edition(ctx, edition_id)
    found = queries.observations(ctx, edition)
    return show(
        request,
        ctx,
        "observations",
        _("観察と見直し"),
        crumbs=crumbs_of(ctx, edition),
        tabs=tabs_of(ctx, edition, "plan-year-observations"),
        rows=[
            (one, address("plan-year-observation", ctx, one.pk), _(_STATES[one.state]), _TONES[one.state])
            for one in found
        ],
        new_href=address("plan-year-observe", ctx, edition.pk) if access.OBSERVE.holds_anywhere(ctx) else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Write an observation. ``of`` names the initiative, whose targets and stages may be proposed for revision then."""
    edition = plan.edition(ctx, edition_id)
    need(access.OBSERVE, ctx)
    typed = dict.fromkeys(_KEYS, "") | {
        "observed_on": japan_date(ctx.now).isoformat(),
        "initiative": request.GET.get("of", ""),
    }
    if request.method != "POST":
        return _form(request, ctx, edition, typed)
    typed = {key: request.POST.get(key, "") for key in _KEYS}
    try:
        observe(ctx, edition, observe.read_text(typed))
    except Problem as problem:
        return _form(request, ctx, edition, typed, errors=errors_of(problem), status=problem.status)
    return see("plan-year-observations", ctx, edition.pk)


def _form(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    typed: Mapping[str, str],
    *,
    errors: Sequence[FieldError] = (),
    stale: bool = False,
    status: int = 200,
    found: Observation | None = None,
) -> HttpResponse:
    rows = list(plan.initiatives(ctx, edition).filter(plan_access.CORRECT.q(ctx)).distinct())
    row = found.initiative if found is not None else _row(rows, typed["initiative"])
    whole = plan_access.ARRANGE.may(ctx, edition).allowed
    return show(
        request,
        ctx,
        "observe",
        _("観察を直す") if found is not None else _("観察を書く"),
        crumbs=[*crumbs_of(ctx, edition), Link(_("観察と見直し"), address("plan-year-observations", ctx, edition.pk))],
        status=status,
        typed=typed,
        errors=errors,
        said={one.key: one.message for one in errors},
        stale=stale,
        found=found,
        row=row,
        rows=[(str(one.pk), str(one)) for one in rows],
        whole=whole,
        paths=_paths(row),
        here=address("plan-year-observe", ctx, edition.pk),
        back=address("plan-year-observation", ctx, found.pk)
        if found is not None
        else address("plan-year-observations", ctx, edition.pk),
    )  # fmt: skip


def _row(rows: Sequence[Initiative], key: str) -> Initiative | None:
    return next((one for one in rows if str(one.pk) == key), None)


def _paths(row: Initiative | None) -> list[tuple[str, str]]:
    """What may be revised, with what it says now."""
    if row is None:
        return []
    form = plan.initiative_form(row)
    found = []
    for path in revisable(form):
        now = plan_value(form, path)
        found.append(
            (path, _("%(field)s（今：%(now)s）") % {"field": cells.full_name(form, path), "now": now})
        )
    return found


def plan_value(form: dict[str, object], path: str) -> str:
    """What stands at a path of an initiative: a value as printed, a stage's words."""
    from yakuba.services.plan import rules

    found = rules.get(form, path)
    return str(found["raw"]) if isinstance(found, dict) else str(found)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def observation(request: HttpRequest, ctx: Context, observation_id: UUID) -> HttpResponseBase:
    """One observation, and the next step of it."""
    return _one(request, ctx, queries.observation(ctx, observation_id))


def _one(
    request: HttpRequest,
    ctx: Context,
    found: Observation,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    status: int = 200,
) -> HttpResponse:
    today = japan_date(ctx.now).isoformat()
    field = now = ""
    if found.path and found.initiative is not None:
        form = plan.initiative_form(found.initiative)
        try:
            field, now = cells.full_name(form, found.path), plan_value(form, found.path)
        except LookupError:
            field = found.path
    may_change = access.CHANGE_OBSERVATION.may(ctx, found).allowed
    items = decisions.about(ctx, OBSERVATION, [found.pk]).get(found.pk, [])
    return show(
        request,
        ctx,
        "observation",
        str(found),
        crumbs=[
            *crumbs_of(ctx, found.edition),
            Link(_("観察と見直し"), address("plan-year-observations", ctx, found.edition_id)),
        ],
        status=status,
        found=found,
        state=_(_STATES[found.state]),
        tone=_TONES[found.state],
        field=field,
        now=now,
        items=[(one, address("bodies-meeting", ctx, one.meeting_id)) for one in items],
        may_change=may_change and found.state == "open",
        may_decide=access.DECIDE_OBSERVATION.may(ctx, found).allowed and found.state == "open",
        may_act=may_change and found.state == "decided",
        typed={"decided_on": today, "acted_on": today, "adopted": "1", **(typed or {})},
        errors=errors,
        said={one.key: one.message for one in errors},
        change_href=address("plan-year-observation-change", ctx, found.pk),
        decide_href=address("plan-year-observation-decide", ctx, found.pk),
        act_href=address("plan-year-observation-act", ctx, found.pk),
        row_href=address("plan-desk-initiative", ctx, found.initiative_id) if found.initiative_id else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def change(request: HttpRequest, ctx: Context, observation_id: UUID) -> HttpResponseBase:
    """Write it anew while nothing is decided."""
    found = queries.observation(ctx, observation_id)
    need(access.OBSERVE, ctx)
    typed = {
        **{key: str(getattr(found, key)) for key in _KEYS if key != "initiative"},
        "observed_on": found.observed_on.isoformat(),
        "initiative": str(found.initiative_id or ""),
    }
    if request.method != "POST":
        return _form(request, ctx, found.edition, typed, found=found)
    typed |= {key: request.POST.get(key, "") for key in _KEYS if key != "initiative"}
    given = {key: value for key, value in typed.items() if key != "initiative"}
    try:
        change_observation(ctx, found, change_observation.read_text(given), expected_version=version_of(request))  # fmt: skip
    except Stale:
        return _form(request, ctx, found.edition, typed, found=found, stale=True, status=409)
    except Problem as problem:
        return _form(
            request, ctx, found.edition, typed, found=found, errors=errors_of(problem), status=problem.status
        )
    return see("plan-year-observation", ctx, found.pk)


@require_POST
@desk_page
def decide(request: HttpRequest, ctx: Context, observation_id: UUID) -> HttpResponseBase:
    """Record a decision that was made elsewhere than on an agenda of this house."""
    found = queries.observation(ctx, observation_id)
    typed = {key: request.POST.get(key, "") for key in ("decision", "decided_by", "decided_on", "adopted")}
    try:
        decide_observation(ctx, found, decide_observation.read_text(typed))
    except Problem as problem:
        return _one(request, ctx, found, typed=typed, errors=errors_of(problem), status=problem.status)
    return see("plan-year-observation", ctx, found.pk)


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, observation_id: UUID) -> HttpResponseBase:
    """Write what was done."""
    found = queries.observation(ctx, observation_id)
    typed = {key: request.POST.get(key, "") for key in ("action_taken", "acted_on")}
    try:
        act_on_observation(ctx, found, act_on_observation.read_text(typed))
    except Problem as problem:
        return _one(request, ctx, found, typed=typed, errors=errors_of(problem), status=problem.status)
    return see("plan-year-observation", ctx, found.pk)
