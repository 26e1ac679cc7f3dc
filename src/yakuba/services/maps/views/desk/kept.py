"""Views of the map that somebody keeps: saved from the map, opened by name, dropped by their maker."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page, see_other
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ids import read_id
from yakuba.services.maps import queries
from yakuba.services.maps.actions.kept import DropView, drop_view, save_view
from yakuba.services.maps.views.desk.asked import Asked
from yakuba.services.maps.views.desk.frame import every_layer, home, offices, show


@require_POST
@desk_page
def save(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Keep what is on the map under a name, at an office of the actor's."""
    every_layer(ctx)
    asked = Asked.of(QueryDict(request.POST.get("query", "")))
    office = queries.own_office(ctx, read_id(request.POST.get("office", "")))
    try:
        data = save_view.read_text({**request.POST.dict(), "query": asked.query().removeprefix("?")})
        kept = save_view(ctx, office, data)
    except Problem as problem:
        errors = errors_of(problem)
        return show(
            request,
            ctx,
            "keep",
            _("この表示を保存する"),
            crumbs=[home(ctx)],
            status=problem.status,
            errors=errors,
            said={one.key: one.message for one in errors},
            values=request.POST.dict(),
            own=own_choices(ctx),
            back=asked.href(ctx),
        )
    return see("maps-desk-kept", ctx, kept.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def one(request: HttpRequest, ctx: Context, view_id: UUID) -> HttpResponseBase:
    """Open a view; drop it."""
    every_layer(ctx)
    kept = queries.kept_view(ctx, view_id)
    if request.method == "POST":
        drop_view(ctx, kept.office, DropView(str(kept.pk)))
        return see("maps-desk", ctx)
    href = Asked.of(QueryDict(kept.query)).href(ctx)
    return see_other(f"{href}#{kept.extent}" if kept.extent else href)


def own_choices(ctx: Context) -> list[tuple[str, str]]:
    """The actor's offices as choices."""
    own = {str(pk) for pk in queries.own_offices(ctx)}
    return [one for one in offices(ctx) if one[0] in own] if own else []
