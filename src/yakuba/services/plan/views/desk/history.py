"""The history of an initiative, or of one of its fields, in words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.ui.components import Link
from yakuba.services.plan import cells, history, queries
from yakuba.services.plan.labels import EVENTS, of
from yakuba.services.plan.next.life import life
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, show, trail_of


@require_safe
@desk_page
def of_initiative(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """When, who, from what to what, and why; ``field`` narrows it to one field, part or figure."""
    row = queries.initiative(ctx, initiative_id)
    form = queries.initiative_form(row)
    path = request.GET.get("field", "")[:120]
    told = history.of(ctx, row, form)
    title = _("この取組の経過")
    if path:
        told = history.of_field(told, form, path)
        title = _("「%(field)s」の履歴") % {"field": _name(form, path)}
    home = address("plan-desk-initiative", ctx, row.pk)
    stands = [] if path else life(ctx, row)
    return show(
        request,
        ctx,
        "history",
        title,
        crumbs=[*crumbs_of(ctx, row.edition), Link(f"{row.number} {row.title}".strip(), home)],
        row=row,
        told=told,
        lives=[
            (
                one,
                name_of(one.edition),
                address("plan-desk-initiative", ctx, one.row.id),
                of(EVENTS, one.event),
            )
            for one in (stands if len(stands) > 1 else ())
        ],
        trail_href=trail_of(ctx, row),
        path=path,
        whole=address("plan-desk-history", ctx, row.pk),
        back=home,
    )


def _name(form: dict[str, object], path: str) -> str:
    try:
        return cells.full_name(form, path)
    except (LookupError, ValueError):
        return path
