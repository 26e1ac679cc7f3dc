"""What changed: from one edition to another, since a day, and as a feed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.wareki import FIRST_DATE
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.formats import wareki, year_name
from yakuba.kernel.ui.lists import BadQuery, ListState, ListView, known
from yakuba.services.plan import public, public_changes, public_feed, public_sheet
from yakuba.services.plan.differences import SORTS, Line
from yakuba.services.plan.public_changes import Changes, Told
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.views.portal.frame import (
    edition_crumbs,
    file_format,
    home_crumbs,
    public_page,
    shell,
)

LIST = "changes"
PUBLICATIONS = 5
"""So many publications stand on one page: each is compared with what stood before it."""
NAMED = 20
"""So many of its changed initiatives are told field by field."""


# --- two editions ----------------------------------------------------------------------------------------------------------


@public_page
def between(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """What changed from an earlier edition to this one; ``?from=`` names it, the one before is meant without."""
    after = public.publication(ctx, year)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, "between", after.stamp, *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    earlier = [one for one in standing if one.year < after.year]
    before = _before(request, earlier)
    title = _("%(year)s版で変わったこと") % {"year": year_name(after.year)}
    context: dict[str, object] = {
        "page": shell(ctx, title, edition_crumbs(ctx, after)),
        "after": after,
        "before": before,
        "after_href": public.address(ctx, after),
    }
    if before is None:
        known(request.GET)
        return serving.keepable(render(request, "plan/portal/between.html", context), tag)
    found = public_changes.changes(ctx, before, after)
    path = reverse("plan-edition-changes", args=[ctx.municipality.code, year])
    spec = public_changes.spec(found, lambda line: _line_address(ctx, found, line))
    state = spec.parse(request.GET)
    context |= {
        "before_href": public.address(ctx, before),
        "contrast_href": f"{reverse('plan-contrast', args=[ctx.municipality.code, year])}?from={before.year.year}",
        "earlier": [
            Link(one.title, f"{path}?from={one.year.year}", current=one.pk == before.pk, lang="ja")
            for one in reversed(earlier)
        ],
        "counts": [
            Link(SORTS[sort], f"{path}{_narrowed(state, sort)}#{LIST}", count=number)
            for sort, number in found.counts.items()
        ],
        "list": ListView(
            key=LIST,
            caption=_("変わった所"),
            spec=spec,
            state=state,
            page=public_changes.page(found, spec, state),
            path=path,
            exports=exports("plan-edition-changes-sheet", ctx.municipality.code, year),
            empty_title=_("変わった所はありません"),
            empty_body=_("2つの版に書かれている内容は同じです。"),
        ),
        "narrowed": state.narrowed or bool(state.after or state.before),
    }
    return serving.keepable(render(request, "plan/portal/between.html", context), tag)


def _before(request: HttpRequest, earlier: list[Publication]) -> Publication | None:
    wanted = request.GET.get("from", "")
    if not wanted:
        return earlier[-1] if earlier else None
    found = next((one for one in earlier if str(one.year.year) == wanted), None)
    if found is None:
        raise BadQuery("from", wanted, "・".join(str(one.year.year) for one in earlier) or _("なし"))
    return found


def _narrowed(state: ListState, sort: str) -> str:
    return ListState(extra=state.extra).with_filter("sort", sort).query()


def _line_address(ctx: Context, found: Changes, line: Line) -> str:
    if line.id is not None:
        return public.address(ctx, found.after, line.id)
    return public.address(ctx, found.before, line.before_id)


@public_page
def between_sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The differences as they are seen, as XLSX or CSV, long texts whole."""
    after = public.publication(ctx, year)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, "between", name, after.stamp, *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    before = _before(request, [one for one in standing if one.year < after.year])
    if before is None:
        raise BadQuery("from", "", _("前の版の年度"))
    found = public_changes.changes(ctx, before, after)
    state = public_changes.spec(found).parse(request.GET)
    if state.after or state.before:
        raise BadQuery("after", state.after or state.before, _("表には、一覧のすべてのページが入ります"))
    table = public_sheet.changes_table(
        public_changes.matching(found, state),
        name=_("変わった所"),
        municipality=ctx.municipality.name,
        as_of=after.published_at,
        editions=(before.title, after.title),
    )
    filename = f"{ctx.municipality.name}_{before.year.year}-{after.year.year}"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


# --- since a day -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication as the page tells it."""

    told: Told
    day: str
    number: str
    href: str
    """Its edition's page; empty where that is gone."""
    compare_href: str
    """What changed since the edition before, for an edition that is new."""
    more: int
    """How many further changed initiatives there are."""


@public_page
def since(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What was published after a day (``?since=2026-04-01``), and what each publication changed; newest first."""
    known(request.GET, "since", "after")
    day = _day(request.GET.get("since", ""))
    every = list(publishing.told(ctx, EDITION))
    tag = serving.page_etag(ctx, "since", *(one.stamp for one in every))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = [one for one in every if day is None or japan_date(one.published_at) > day]
    start = _start(request.GET.get("after", ""), len(found))
    shown = found[start : start + PUBLICATIONS]
    standing = {one.pk: one for one in public.standing(ctx)}
    path = reverse("plan-changes", args=[ctx.municipality.code])
    query = f"since={day.isoformat()}&" if day else ""
    title = _("計画の変更の記録")
    context = {
        "page": shell(ctx, title, home_crumbs(ctx)),
        "day": day,
        "since": wareki(day),
        "entries": [_entry(ctx, one, standing) for one in public_changes.told(ctx, shown, every)],
        "count": len(found),
        "any": bool(every),
        "following": f"{path}?{query}after={start + PUBLICATIONS}"
        if start + PUBLICATIONS < len(found)
        else "",
        "previous": f"{path}?{query}after={max(start - PUBLICATIONS, 0)}" if start else "",
        "here": path,
        "feed_href": reverse("plan-feed", args=[ctx.municipality.code]),
        "exports": {
            label: f"{href}?since={day.isoformat()}" if day else href
            for label, href in exports("plan-changes-sheet", ctx.municipality.code).items()
        },
        "named": NAMED,
    }
    return serving.keepable(render(request, "plan/portal/since.html", context), tag)


@public_page
def since_sheet(request: HttpRequest, ctx: Context, name: str) -> HttpResponseBase:
    """The record of publications, as XLSX or CSV; ``?since=`` as on the page."""
    known(request.GET, "since")
    day = _day(request.GET.get("since", ""))
    every = list(publishing.told(ctx, EDITION))
    tag = serving.page_etag(ctx, "since", name, *(one.stamp for one in every))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    table = public_sheet.record_table(
        [one for one in every if day is None or japan_date(one.published_at) > day],
        municipality=ctx.municipality.name,
        as_of=every[0].published_at if every else ctx.now,
    )
    filename = f"{ctx.municipality.name}_changes"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadQuery("since", text, _("2026-04-01のような日付")) from None
    if day < FIRST_DATE:
        raise BadQuery("since", text, _("明治6年（1873年）1月1日より後の日付"))
    return day


def _start(text: str, count: int) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or int(text) >= max(count, 1):
        raise BadQuery("after", text, _("一覧の「前へ」「次へ」が示す値"))
    return int(text)


def _entry(ctx: Context, told: Told, standing: dict[UUID, Publication]) -> Entry:
    publication = told.publication
    edition = next((one for one in standing.values() if one.subject == publication.subject), None)
    fresh = told.found is None and not told.hidden and not publication.withdrawn
    earlier = edition and any(one.year < edition.year for one in standing.values())
    code = ctx.municipality.code
    return Entry(
        told,
        wareki(japan_date(publication.published_at)),
        _("第%(n)d号") % {"n": publication.number},
        public.address(ctx, edition) if edition else "",
        reverse("plan-edition-changes", args=[code, edition.year.year])
        if edition and fresh and earlier
        else "",
        max(len(told.found.edited) - NAMED, 0) if told.found else 0,
    )


# --- the feed --------------------------------------------------------------------------------------------------------------


@public_page
def feed(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The newest publications as an Atom feed."""
    known(request.GET)
    every = list(publishing.told(ctx, EDITION))
    tag = serving.page_etag(ctx, "feed", *(one.stamp for one in every))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    newest = public_changes.told(ctx, every[: public_feed.ENTRIES], every)
    standing = {one.subject: one for one in public.standing(ctx)}
    text = public_feed.atom(
        ctx.municipality,
        [
            public_feed.Entry(
                one,
                request.build_absolute_uri(
                    public.address(ctx, standing[one.publication.subject])
                    if one.publication.subject in standing
                    else public.home(ctx)
                ),
            )
            for one in newest
        ],
        request.build_absolute_uri,
    )
    return serving.keepable(HttpResponse(text, content_type="application/atom+xml; charset=utf-8"), tag)
