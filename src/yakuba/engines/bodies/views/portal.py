"""What the public reads of meetings: the list, and the summary of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.bodies import public
from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.ui.components import Fact, Link, language_prefix
from yakuba.kernel.ui.lists import known
from yakuba.kernel.ui.shells import PortalPage


def _shell(ctx: Context, title: str, *, crumbs: tuple[Link, ...] = (), lang: str = "") -> PortalPage:
    first = Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")
    return PortalPage(
        title=title,
        title_lang=lang,
        municipality=ctx.municipality,
        crumbs=(first, *crumbs),
        footer=(Link(_("会議の概要"), public.home(ctx)),),
    )


@require_safe
@portal_page
def meetings(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The meetings whose summary stands published, by body, the newest first."""
    known(request.GET)
    found = list(publishing.standing(ctx, public.KIND))
    tag = serving.page_etag(ctx, "meetings", *(one.stamp for one in found))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one in sorted(found, key=lambda one: one.head["day"], reverse=True):
        line = (one.title, one.head["when"], public.address(ctx, one, None))
        groups.setdefault(one.head["body"], []).append(line)
    context = {"page": _shell(ctx, _("会議の概要")), "groups": list(groups.items())}
    return serving.keepable(render(request, "bodies/portal/meetings.html", context), tag)


@require_safe
@portal_page
def meeting(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """One summary; one that was taken back answers 410 with the reason."""
    known(request.GET)
    past = publishing.told(ctx, public.KIND).filter(subject=meeting_id)
    newest = past.first()
    if newest is None:
        raise Missing
    crumbs = (Link(_("会議の概要"), public.home(ctx)),)
    if newest.withdrawn:
        page = _shell(ctx, _("公表が終わったページです"), crumbs=crumbs)
        context: dict[str, object] = {"page": page, "gone": newest, "home": public.home(ctx)}
        return render(request, "bodies/portal/gone.html", context, status=410)
    tag = serving.page_etag(ctx, "meeting", newest.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = publishing.standing_of(ctx, public.KIND, meeting_id)
    if found is None:
        raise Missing
    head = found.head
    rows = [
        Fact(_("会議体"), head["body"]),
        Fact(_("日時・期間"), head["when"]),
        Fact(_("開き方"), head["way"]),
        Fact(_("場所"), head["place"]),
        Fact(_("出席"), head["count"]),
        Fact(_("公表"), published_on(found)),
    ]
    context = {
        "page": _shell(ctx, found.title, crumbs=crumbs, lang="ja"),
        "facts": [one for one in rows if one.value],
        "items": head["items"],
        "attendance": head["attendance"],
        "corrections": [one for one in past if one.note and not one.withdrawn],
    }
    return serving.keepable(render(request, "bodies/portal/meeting.html", context), tag)
