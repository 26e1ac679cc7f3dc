"""新旧対照 for the public: the table of moved, ended, merged and new initiatives between two standing editions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.formats import year_name
from yakuba.kernel.ui.lists import BadQuery, ListView, known
from yakuba.services.plan import public, shown
from yakuba.services.plan.next import listing
from yakuba.services.plan.next.contrast import Contrast, Line, by_level, contrast, same_tree
from yakuba.services.plan.published import Lean
from yakuba.services.plan.views.portal.frame import edition_crumbs, file_format, public_page, shell

_UNREAD = ("texts", "items", "stages", "more", "indicators", "tags", "themes")
"""What the table does not show of an initiative."""


def side_by_side(ctx: Context, before: Publication, after: Publication) -> Contrast:
    """Two standing editions side by side (one query); the heads are at hand."""
    found: dict[object, list[tuple[object, int, object]]] = {before.pk: [], after.pk: []}
    parts = publishing.parts_of(ctx, [before, after]).annotate(lean=Lean("body", _UNREAD))
    for key, identity, position, form in parts.values_list("publication_id", "object", "position", "lean"):
        found[key].append((identity, position, form))
    return contrast(shown.edition(before.head, found[before.pk]), shown.edition(after.head, found[after.pk]))  # type: ignore[arg-type]  # rows of a values_list


def earlier(ctx: Context, after: Publication) -> list[Publication]:
    """The standing editions of earlier years, oldest first."""
    return [one for one in public.standing(ctx) if one.year < after.year]


def chosen(request: HttpRequest, found: list[Publication]) -> Publication | None:
    """The earlier edition that ``?from=`` names, or the one before. Raises :class:`BadQuery` for a year without one."""
    wanted = request.GET.get("from", "")
    if not wanted:
        return found[-1] if found else None
    one = next((one for one in found if str(one.year.year) == wanted), None)
    if one is None:
        raise BadQuery("from", wanted, "・".join(str(one.year.year) for one in found) or _("なし"))
    return one


@public_page
def table(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The page; ``?from=`` names the earlier edition."""
    after = public.publication(ctx, year)
    others = earlier(ctx, after)
    tag = serving.page_etag(ctx, "contrast", after.stamp, *(one.stamp for one in others))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    before = chosen(request, others)
    title = _("%(year)s版の新旧対照") % {"year": year_name(after.year)}
    context: dict[str, object] = {
        "page": shell(ctx, title, edition_crumbs(ctx, after)),
        "after": after,
        "before": before,
        "after_href": public.address(ctx, after),
    }
    if before is None:
        known(request.GET)
        return serving.keepable(render(request, "plan/portal/contrast.html", context), tag)
    found = side_by_side(ctx, before, after)

    def before_href(line: Line) -> str:
        return public.address(ctx, before, line.before.id) if line.before else ""

    def after_href(line: Line) -> str:
        return public.address(ctx, after, line.after.id) if line.after else ""

    code = ctx.municipality.code
    path = reverse("plan-contrast", args=[code, year])
    spec = listing.spec(found, before=before_href, after=after_href)
    state = spec.parse(request.GET)
    context |= facts(found) | {
        "before_href": public.address(ctx, before),
        "earlier": [
            Link(one.title, f"{path}?from={one.year.year}", current=one.pk == before.pk, lang="ja")
            for one in reversed(others)
        ],
        "tallies": listing.tallies(found, path, request.GET.get("from", "")),
        "told": [(line, before_href(line), after_href(line)) for line in found.told],
        "alone": state.narrowed or bool(state.after or state.before),
        "list": ListView(
            key=listing.LIST,
            caption=_("新旧対照表"),
            spec=spec,
            state=state,
            page=listing.page(found, spec, state),
            path=path,
            exports=exports("plan-contrast-sheet", code, year),
        ),
        "verification_href": f"{reverse('plan-verification', args=[code, year])}?from={before.year.year}",
        "changes_href": f"{reverse('plan-edition-changes', args=[code, year])}?from={before.year.year}",
    }
    return serving.keepable(render(request, "plan/portal/contrast.html", context), tag)


def facts(found: Contrast) -> dict[str, object]:
    """How both editions add up, for the page's first sentence; and their trees where they differ."""
    before, after = found.sizes
    same = same_tree(found.before, found.after)
    return {
        "size_before": before,
        "size_after": after,
        "going": found.going,
        "over": found.over,
        "fresh": found.counts.get("new", 0),
        "listed": found.counts.get("listed", 0),
        "short": found.short,
        "tree": [] if same else by_level(found.before, found.after),
    }


@public_page
def sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The lines as they are seen, as XLSX or CSV."""
    after = public.publication(ctx, year)
    others = earlier(ctx, after)
    tag = serving.page_etag(ctx, "contrast", name, after.stamp, *(one.stamp for one in others))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    before = chosen(request, others)
    if before is None:
        raise BadQuery("from", "", _("前の版の年度"))
    found = side_by_side(ctx, before, after)
    state = listing.spec(found).parse(request.GET)
    if state.after or state.before:
        raise BadQuery("after", state.after or state.before, _("表には、一覧のすべてのページが入ります"))
    lines = listing.table(
        listing.matching(found, state),
        municipality=ctx.municipality.name,
        as_of=after.published_at,
        editions=(before.title, after.title),
    )
    filename = f"{ctx.municipality.name}_{before.year.year}-{after.year.year}_contrast"
    return serving.keepable(respond_sheet(lines, file_format(name), filename, public=True), tag)
