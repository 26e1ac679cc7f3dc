"""The yearly report at the desk: as it would be published now, published with a note, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.rounds.models import Item, Round
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan.year import access, front, reporting
from yakuba.services.plan.year.actions import publish_report, withdraw_report
from yakuba.services.plan.year.report import REPORT
from yakuba.services.plan.year.views.frame import crumbs_of, round_of, show
from yakuba.services.plan.year.views.portal import report_context


@require_safe
@desk_page
def report(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """What would be published."""
    return _page(request, ctx, round_of(ctx, round_id))


def _page(
    request: HttpRequest,
    ctx: Context,
    round_: Round,
    errors: Sequence[FieldError] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    verdict = access.REPORT.may(ctx, round_)
    if not verdict.allowed:
        raise Denied(verdict.reason)
    copy = reporting.copy_of(ctx, round_)
    standing = publishing.standing_of(ctx, REPORT, round_.pk)
    parts = [(part.object, position, part.body) for position, part in enumerate(copy.parts, start=1)]
    undecided = Item.objects.for_actor(ctx).filter(round=round_).exclude(state="decided").count()
    return show(
        request,
        ctx,
        "report_desk",
        _("進捗報告の公表"),
        crumbs=[
            *crumbs_of(ctx, round_),
            Link(_("回答の確認"), address("plan-year-check", ctx, round_.pk)),
        ],
        status=status,
        round=round_,
        report_title=copy.title,
        errors=errors,
        said={one.key: one.message for one in errors},
        standing=standing,
        undecided=undecided,
        history=list(publishing.history(ctx, REPORT, round_.pk).defer("head")),
        note=request.POST.get("note", ""),
        withdraw_note=request.POST.get("withdraw_note", ""),
        publish_href=address("plan-year-report-publish", ctx, round_.pk),
        withdraw_href=address("plan-year-report-withdraw", ctx, round_.pk),
        public_href=front.address_from_desk(ctx, standing),
        **(report_context(copy.head, parts) if parts else {"entries": []}),
    )


@require_POST
@desk_page
def publish(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Publish."""
    round_ = round_of(ctx, round_id)
    try:
        publish_report(ctx, round_, publish_report.read_text({"note": request.POST.get("note", "")}))
    except Problem as problem:
        return _page(request, ctx, round_, errors_of(problem), status=problem.status)
    return see("plan-year-report", ctx, round_.pk)


@require_POST
@desk_page
def withdraw(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Take it back."""
    round_ = round_of(ctx, round_id)
    try:
        data = withdraw_report.read_text({"note": request.POST.get("withdraw_note", "")})
        withdraw_report(ctx, round_, data)
    except Problem as problem:
        errors = [
            FieldError("withdraw_note" if one.key == "note" else one.key, one.message)
            for one in errors_of(problem)
        ]
        return _page(request, ctx, round_, errors, status=problem.status)
    return see("plan-year-report", ctx, round_.pk)
