"""Publishing an edition: what to look at before, what the public will read, what it read so far."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.bodies.queries import decisions
from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ui.components import Fact, FieldError
from yakuba.services.plan import desk_list, public_list, queries
from yakuba.services.plan.actions import publish_edition, withdraw_edition
from yakuba.services.plan.models import Edition
from yakuba.services.plan.pending import Pending, pending
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.editions import state_badge
from yakuba.services.plan.views.desk.frame import crumbs_of, rights, show, tabs_of

_SHOWN = 100
_PREVIEW = 8


@require_safe
@desk_page
def publish_page(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The check list, the differences and the form."""
    return _page(request, ctx, queries.edition(ctx, edition_id))


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    errors: list[FieldError] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    drafted = desk_list.of(ctx, edition)
    waiting = pending(ctx, edition)
    history = list(publishing.history(ctx, EDITION, edition.pk).defer("head"))
    doubtful = sum(1 for row in drafted.rows if row.form["doubts"])
    lines = [(one, change) for one in waiting.edited for change in one.changes]
    of = public_list.spec(drafted)
    return show(
        request,
        ctx,
        "publish",
        _("公表"),
        crumbs=crumbs_of(ctx, edition),
        status=status,
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-publish"),
        errors=errors or [],
        error={error.key: error.message for error in errors or []},
        checks=_checks(ctx, edition, drafted.rows, doubtful),
        agreed=[
            (one, address("bodies-meeting", ctx, one.meeting_id))
            for one in decisions.about(ctx, EDITION, [edition.pk]).get(edition.pk, [])
        ],
        pending=waiting,
        summary=_summary(waiting, again=bool(history)),
        changes=[
            (address("plan-desk-initiative", ctx, one.id), one, change) for one, change in lines[:_SHOWN]
        ],
        more=max(len(lines) - _SHOWN, 0),
        columns=of.columns,
        preview=[[column.cell(row) for column in of.columns] for row in drafted.rows[:_PREVIEW]],
        preview_more=max(len(drafted.rows) - _PREVIEW, 0),
        history=[(address("plan-desk-past", ctx, edition.pk, one.number), one) for one in history],
        state_badge=state_badge(edition.state, published=waiting.standing is not None),
        publish_href=address("plan-desk-publish-now", ctx, edition.pk),
        withdraw_href=address("plan-desk-withdraw", ctx, edition.pk),
        withdraw_note=request.POST.get("withdraw_note", ""),
        note=request.POST.get("note", ""),
        **rights(ctx),
    )


def _checks(
    ctx: Context, edition: Edition, rows: Sequence[Row], doubtful: int
) -> list[tuple[bool, str, str, str]]:
    """What to look at: is it well, what, how it stands, where to go."""
    here = address("plan-desk-edition", ctx, edition.pk)
    notes = address("plan-desk-notes", ctx, edition.pk)
    unplaced, warnings = len(edition.unplaced), len(edition.warnings)
    return [
        (bool(rows), _("取組"), _("%(n)d件") % {"n": len(rows)}, here),
        (
            not doubtful,
            _("確認が要る取組"),
            _("%(n)d件残っています") % {"n": doubtful} if doubtful else _("ありません"),
            f"{here}?filter.state=doubt" if doubtful else "",
        ),
        (
            not unplaced,
            _("置き場所のない記載"),
            _("%(n)d件あります（公表されません）") % {"n": unplaced} if unplaced else _("ありません"),
            notes if unplaced else "",
        ),
        (
            not warnings,
            _("読み取りの注意"),
            _("%(n)d件あります") % {"n": warnings} if warnings else _("ありません"),
            notes if warnings else "",
        ),
    ]


def _summary(found: Pending, *, again: bool) -> list[Fact]:
    if found.standing is None:
        words = (
            _("取り下げてあります。取組%(n)d件がもう一度公表されます。")
            if again
            else _("ありません。取組%(n)d件がはじめて公表されます。")
        )
        return [Fact(_("今の公表"), words % {"n": len(found.new)})]
    return [
        Fact(_("新しい取組"), _("%(n)d件") % {"n": len(found.new)}),
        Fact(_("変わる取組"), _("%(n)d件") % {"n": len(found.edited)}),
        Fact(_("なくなる取組"), _("%(n)d件") % {"n": len(found.removed)}),
        Fact(_("計画全体の変更"), "、".join(found.head) or _("なし")),
    ]


@require_POST
@desk_page
def publish(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Publish."""
    edition = queries.edition(ctx, edition_id)
    try:
        data = publish_edition.read_text({"note": request.POST.get("note", "")})
        publish_edition(ctx, edition, data, expected_version=version_of(request))
    except Problem as problem:
        errors = errors_of(problem)
        return _page(request, ctx, queries.edition(ctx, edition_id), errors, status=problem.status)
    return see("plan-desk-publish", ctx, edition.pk)


@require_POST
@desk_page
def withdraw(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Take the publication back."""
    edition = queries.edition(ctx, edition_id)
    try:
        data = withdraw_edition.read_text({"note": request.POST.get("withdraw_note", "")})
        withdraw_edition(ctx, edition, data, expected_version=version_of(request))
    except Problem as problem:
        errors = [
            FieldError("withdraw_note" if error.key == "note" else error.key, error.message)
            for error in errors_of(problem)
        ]
        return _page(request, ctx, queries.edition(ctx, edition_id), errors, status=problem.status)
    return see("plan-desk-publish", ctx, edition.pk)
