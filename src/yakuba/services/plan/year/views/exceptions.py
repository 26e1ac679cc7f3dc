"""Where the body decides otherwise than proposed: the rows of an agenda item's round, each with another word or action and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.bodies.access import KEEP_ITEM
from yakuba.engines.bodies.models import AgendaItem
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Stale
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan.models import NEXT_ACTIONS
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import SetExceptions, set_exceptions
from yakuba.services.plan.year.matters import REVIEWS, exceptions_of
from yakuba.services.plan.year.views.frame import ACTIONS, show

_KEYS = ("progress", "action", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def exceptions(request: HttpRequest, ctx: Context, item_id: UUID) -> HttpResponseBase:
    """The rows that wait for the decision; only those that differ are kept."""
    item = (
        AgendaItem.objects.for_actor(ctx)
        .select_related("meeting", "meeting__body")
        .filter(pk=item_id, matter=REVIEWS)
        .first()
    )
    if item is None:
        raise Missing
    verdict = KEEP_ITEM.may(ctx, item)
    if not verdict.allowed:
        raise Denied(verdict.reason)
    rows = list(queries.reviews(ctx).filter(item__round=item.subject, item__state="accepted"))
    if request.method != "POST":
        return _page(request, ctx, item, rows, _kept(item))
    typed = {
        str(row.pk): {key: request.POST.get(f"{row.pk}-{key}", "").strip() for key in _KEYS} for row in rows
    }
    given = {key: one for key, one in typed.items() if any(one.values())}
    try:
        set_exceptions(ctx, item, SetExceptions(given), expected_version=version_of(request))
    except Stale:
        return _page(request, ctx, item, rows, typed, stale=True, status=409)
    except Problem as problem:
        errors = [FieldError(one.key.replace(".", "-"), one.message) for one in errors_of(problem)]
        return _page(request, ctx, item, rows, typed, errors=errors, status=problem.status)
    return see("bodies-decide", ctx, item.meeting_id, item.pk)


def _kept(item: AgendaItem) -> dict[str, dict[str, str]]:
    return {
        str(key): {"progress": one.progress, "action": one.action, "reason": one.reason}
        for key, one in exceptions_of(item.details).items()
    }


def _page(
    request: HttpRequest,
    ctx: Context,
    item: AgendaItem,
    rows: Sequence[Review],
    typed: Mapping[str, Mapping[str, str]],
    *,
    errors: Sequence[FieldError] = (),
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    words = queries.progress_choices(ctx, rows[0].edition) if rows else []
    said = {one.key: one.message for one in errors}
    nothing = dict.fromkeys(_KEYS, "")
    return show(
        request,
        ctx,
        "exceptions",
        _("提案と違う決定"),
        crumbs=[Link(str(item.meeting), address("bodies-meeting", ctx, item.meeting_id))],
        status=status,
        item=item,
        errors=errors,
        stale=stale,
        rows=[
            (
                row,
                _(ACTIONS[row.next_action]) if row.next_action else "",
                typed.get(str(row.pk), nothing),
                {key: said.get(f"{row.pk}-{key}", "") for key in _KEYS},
                any(typed.get(str(row.pk), nothing).values()),
            )
            for row in rows
        ],
        words=[(word, word) for word, _meaning in words],
        actions=[(code, _(label)) for code, label in NEXT_ACTIONS],
        back=address("bodies-decide", ctx, item.meeting_id, item.pk),
    )
