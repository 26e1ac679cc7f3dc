"""What the public reads of the plan: editions, an edition with its list, an initiative, sheets and data.

Everything comes from frozen copies; a page costs the same number of queries however large the plan is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.pages import Page, portal_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.sheets.respond import FORMATS, Format
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Branch, Link, Share, language_prefix, shares
from yakuba.kernel.ui.lists import BadQuery, ListView
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.plan import public, public_initiative, public_list, public_sheet, shown
from yakuba.services.plan.published import published_document
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.shown import Edition, NodeView, Row

P = ParamSpec("P")
LIST = "initiatives"


def _public(view: Callable[Concatenate[HttpRequest, Context, P], HttpResponseBase]) -> Page[P]:
    """A portal page; what was taken back answers 410 with the reason."""

    @functools.wraps(view)
    def page(request: HttpRequest, ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, ctx, *args, **kwargs)
        except public.Gone as gone:
            shell = _shell(ctx, _("公表が終わったページです"), _home_crumbs(ctx))
            context = {"page": shell, "gone": gone, "editions_href": public.home(ctx)}
            return render(request, "plan/portal/gone.html", context, status=gone.status)

    return require_safe(portal_page(page))


def _shell(
    ctx: Context, title: str, crumbs: Sequence[Link] = (), contact: str = "", lang: str = ""
) -> PortalPage:
    return PortalPage(
        title=title,
        title_lang=lang,
        municipality=ctx.municipality,
        crumbs=crumbs,
        contact=contact,
        footer=(
            Link(_("情報化推進計画"), public.home(ctx)),
            Link(_("データの使い方（API）"), f"{language_prefix()}/api/"),
        ),
    )


def _top(ctx: Context) -> Link:
    return Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")


def _home_crumbs(ctx: Context) -> list[Link]:
    return [_top(ctx), Link(_("情報化推進計画"), public.home(ctx))]


@_public
def editions(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All published editions of a municipality."""
    found = list(public.editions(ctx))
    tag = serving.page_etag(ctx, "editions", *(publication.stamp for publication in found))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    context = {
        "page": _shell(ctx, _("情報化推進計画"), [_top(ctx)]),
        "cards": [
            (
                card,
                published_on(card.publication),
                shares(
                    [Share(tally.word, tally.count, tally.meaning) for tally in card.tallies],
                    label=card.title,
                ),
            )
            for card in public.cards(ctx, found)
        ],
    }
    return serving.keepable(render(request, "plan/portal/editions.html", context), tag)


@_public
def edition(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """An edition: what it is, how it is built, and the list of its initiatives."""
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = public.edition(ctx, publication)
    path = public.address(ctx, publication)
    spec = public_list.spec(found, lambda row: f"{path}{row.id}/")
    state = spec.parse(request.GET)
    listed = public_list.page(found, spec, state)
    view = ListView(
        key=LIST,
        caption=_("取組の一覧"),
        spec=spec,
        state=state,
        page=listed,
        path=path,
        exports={name.upper(): _sheet_address(ctx, publication, name) for name in FORMATS},
    )
    context = {
        "page": _shell(ctx, publication.title, _home_crumbs(ctx), lang="ja"),
        "publication": publication,
        "published_on": published_on(publication),
        "edition": found,
        "first": found.span[0],
        "last": found.span[1],
        "count": shown.count(found.rows),
        "grouped": shown.count(found.rows) != len(found.rows),
        "relisted": any(len(row.form["placements"]) > 1 for row in found.rows),
        "kinds": [
            (kind, shown.count(row for row in found.rows if row.form["kind"] == kind)) for kind in found.kinds
        ],
        "shares": _shares(shown.tallies(found.rows)),
        "branches": _branches(found, path),
        "list": view,
        # The way back from a filtered list is the list, not the top of the page.
        "narrowed": state.narrowed or bool(state.after or state.before),
        "data_href": reverse("plan-edition-data", args=[ctx.municipality.code, year]),
        "record": [(one, japan_date(one.published_at)) for one in public.record(ctx, publication)],
    }
    return serving.keepable(render(request, "plan/portal/edition.html", context), tag)


def _shares(found: Sequence[tuple[str, str, int]]) -> list[Share]:
    return [Share(word, number, meaning) for word, meaning, number in found]


def _branches(found: Edition, path: str) -> list[Branch]:
    return [_branch(node, found, path) for node in found.outline if node.depth == 1]


def _branch(node: NodeView, found: Edition, path: str) -> Branch:
    below = [
        one for one in found.outline if one.depth == node.depth + 1 and one.path[: node.depth] == node.path
    ]
    return Branch(
        node.label,
        href=_narrowed(path, node) if node.depth <= public_list.FILTERED_DEPTH else "",
        over=node.level if node.depth == 1 else "",
        count=node.count,
        shares=_shares(node.tallies),
        children=[_branch(one, found, path) for one in below],
    )


def _narrowed(path: str, node: NodeView) -> str:
    return f"{path}{public_list.under(node)}#{LIST}"


def _sheet_address(ctx: Context, publication: Publication, name: Format) -> str:
    return reverse("plan-edition-sheet", args=[ctx.municipality.code, publication.year.year, name])


@_public
def sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The list as it is seen, as XLSX or CSV."""
    file_format = next((one for one in FORMATS if one == name), None)
    if file_format is None:
        raise Missing
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, name)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = public.edition(ctx, publication)
    spec = public_list.spec(found)
    state = spec.parse(request.GET)
    if state.after or state.before:
        raise BadQuery("after", state.after or state.before, _("表には、一覧のすべてのページが入ります"))
    rows = public_list.ordered(found, spec, state)
    table = public_sheet.table(
        found,
        rows,
        name=_("取組の一覧"),
        municipality=ctx.municipality.name,
        as_of=publication.published_at,
        address=request.build_absolute_uri(public.address(ctx, publication)),
    )
    filename = f"{ctx.municipality.name}_{publication.title}".replace(" ", "_")
    answer = respond_sheet(table, file_format, filename, public=True)
    return serving.keepable(answer, tag)


@_public
def data(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The whole edition as a `yakuba-plan/1` document with its public fields."""
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, "json")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    text = dumps(published_document(ctx, publication))
    return serving.keepable(HttpResponse(text, content_type="application/json; charset=utf-8"), tag)


@_public
def initiative(request: HttpRequest, ctx: Context, year: int, identity: UUID) -> HttpResponseBase:
    """An initiative: who, how far, the figures by year, the texts, where it stands in the plan."""
    try:
        publication = public.publication(ctx, year)
        tag = serving.page_etag(ctx, publication.stamp)
        if (same := serving.unchanged(request, tag)) is not None:
            return same
        row, before, after = public.neighbourhood(ctx, publication, identity)
    except public.Moved as moved:
        return HttpResponsePermanentRedirect(
            reverse("plan-initiative", args=[ctx.municipality.code, moved.year.year, identity])
        )
    whole = Edition(publication.head, ())
    path = public.address(ctx, publication)
    way = public_initiative.way(whole, row)
    crumbs = [
        *_home_crumbs(ctx),
        Link(publication.title, path, lang="ja"),
        *(
            Link(node.label, _narrowed(path, node), lang="ja")
            for node in way
            if node.depth <= public_list.FILTERED_DEPTH
        ),
    ]
    context = {
        "page": _shell(ctx, row.title, crumbs, contact="、".join(row.leads), lang="ja"),
        "publication": publication,
        "published_on": published_on(publication),
        "row": row,
        "flags": public_list.flag_badges(row),
        "facts": public_initiative.facts(row),
        "indicators": public_initiative.indicators(row.form),
        "texts": public_initiative.texts(row.form),
        "items": row.form["items"],
        "stages": public_initiative.stages(row.form),
        "now": FiscalYear.of(ctx.now).year,
        "way": way,
        "others": [
            Link(node.label, _narrowed(path, node)) for node in public_initiative.cross_listings(whole, row)
        ],
        "before": _neighbour(path, before),
        "after": _neighbour(path, after),
        "edition_href": path,
        "data_href": f"/api/v1/{ctx.municipality.code}/plan/initiatives/{identity}",
    }
    return serving.keepable(render(request, "plan/portal/initiative.html", context), tag)


def _neighbour(path: str, row: Row | None) -> Link | None:
    return Link(f"{row.number} {row.title}".strip(), f"{path}{row.id}/") if row else None
