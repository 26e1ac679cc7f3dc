"""The list of editions; an edition: its overview, its list, its own words, its data."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.files.limits import in_mb
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Share, shares
from yakuba.kernel.ui.lists import BadQuery, ListState, ListView, known
from yakuba.services.plan import (
    labels,
    public,
    public_history,
    public_list,
    public_overview,
    public_sheet,
    shown,
)
from yakuba.services.plan.book import queries as book
from yakuba.services.plan.book.making import format_name
from yakuba.services.plan.differences import Line
from yakuba.services.plan.public_history import Editions
from yakuba.services.plan.published import UNREAD, published_document
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.shown import Edition, Row
from yakuba.services.plan.views.portal.frame import (
    LIST,
    edition_crumbs,
    file_format,
    home_crumbs,
    narrowed,
    public_page,
    shell,
    top,
)

FIRST = 10
"""So many rows of the list the overview shows, which has them all under their goals."""


@public_page
def editions(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All published editions of a municipality."""
    found = list(public.editions(ctx))
    tag = serving.page_etag(ctx, "editions", *(publication.stamp for publication in found))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    code = ctx.municipality.code
    context = {
        "page": shell(ctx, _("情報化推進計画"), [top(ctx)]),
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
        "changes_href": reverse("plan-changes", args=[code]),
        "lineage_href": reverse("plan-lineage", args=[code]),
        "feed_href": reverse("plan-feed", args=[code]),
    }
    return serving.keepable(render(request, "plan/portal/editions.html", context), tag)


@public_page
def edition(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """An edition: the goals, who is late, what changed, what is counted; and the list, alone where it is narrowed."""
    publication = public.publication(ctx, year)
    standing = book.standing(ctx)
    books = [one for of in standing if of.pk == publication.pk for one in book.sizes(of)]
    tag = serving.page_etag(ctx, "edition", publication.stamp, *(one.stamp for one in standing), *books)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    # Only a search looks into the texts.
    found = public.edition(ctx, publication, without=() if request.GET.get("q") else UNREAD)
    template, context = edition_page(
        request, ctx, publication, standing, found, public.address(ctx, publication)
    )
    context["books"] = [
        (
            _("計画の冊子（%(format)s、%(size)s）") % {"format": format_name(form), "size": in_mb(size)},
            reverse("plan-book", args=[ctx.municipality.code, year, form]),
        )
        for form, size in books
    ]
    return serving.keepable(render(request, template, context), tag)


def edition_page(
    request: HttpRequest,
    ctx: Context,
    publication: Publication,
    standing: list[Publication],
    found: Edition,
    path: str,
) -> tuple[str, dict[str, object]]:
    """The template of an edition's page and what it is drawn from; ``path`` is the address that it stands at."""
    year = publication.year.year
    history = _history(ctx, publication, standing, found)
    found = _dated(found, history, publication)
    spec = public_list.spec(found, lambda row: f"{path}{row.id}/")
    state = spec.parse(request.GET)
    # A list that was searched, sorted or turned over is what its reader came for: it stands alone, with the way to the whole.
    alone = state != ListState()
    view = ListView(
        key=LIST,
        caption=_("取組の一覧"),
        spec=spec,
        state=state,
        page=public_list.page(found, spec, state, size=public_list.PAGE_SIZE if alone else FIRST),
        path=path,
        exports=exports("plan-edition-sheet", ctx.municipality.code, year),
    )
    first, last = found.span
    context = {
        "page": shell(ctx, publication.title, home_crumbs(ctx), lang="ja"),
        "publication": publication,
        "published_on": published_on(publication),
        "first": first,
        "last": last,
        "list": view,
        "counted": public_list.counted(found, state),
        "edition_href": path,
        "feed_href": reverse("plan-feed", args=[ctx.municipality.code]),
    }
    if alone:
        return "plan/portal/edition_list.html", context
    return "plan/portal/edition.html", context | _overview(ctx, publication, history, found, path)


def _history(ctx: Context, publication: Publication, standing: list[Publication], found: Edition) -> Editions:
    """The editions up to this one, whose rows are at hand."""
    upto = [one for one in standing if one.year <= publication.year]
    return public_history.load(ctx, upto, [(publication.pk, found.rows)])


def _dated(found: Edition, history: Editions, publication: Publication) -> Edition:
    """The edition, its late rows with the years for which they are late."""
    return replace(found, rows=history.dated(history.index(publication)))


def _overview(
    ctx: Context, publication: Publication, history: Editions, found: Edition, path: str
) -> dict[str, object]:
    code, year = ctx.municipality.code, publication.year.year
    here = history.index(publication)
    before = history.publications[here - 1] if here else None
    changes_href = reverse("plan-edition-changes", args=[code, year])

    def address(row: Row) -> str:
        return f"{path}{row.id}/"

    def line_address(line: Line) -> str:
        if line.id is not None:
            return f"{path}{line.id}/"
        return public.address(ctx, before, line.before_id) if before else path

    return {
        "count": shown.count(found.rows),
        "grouped": shown.count(found.rows) != len(found.rows),
        "relisted": any(len(row.form["placements"]) > 1 for row in found.rows),
        "kinds": [
            (labels.KINDS[kind], shown.count(row for row in found.rows if row.form["kind"] == kind))
            for kind in found.kinds
        ],
        "bar": public_overview.bar(shown.tallies(found.rows), _("取組の進捗状況")),
        "silent": shown.silent(found.rows),
        "rates": public_overview.rates(found),
        "stated": public_overview.stated(found),
        "goals": public_overview.goals(found, address, lambda node: narrowed(path, node)),
        "loose": public_overview.loose(found, address),
        "late": public_overview.late(found, history.late(here), address),
        "late_href": f"{path}{public_list.chosen(public_list.LATENESS, 'yes')}#{LIST}",
        "late_exports": exports("plan-edition-late", code, year),
        "before": before,
        "changes": public_overview.changes(
            history.since_last(here),
            lambda sort: f"{changes_href}{public_list.chosen('sort', sort)}",
            line_address,
        ),
        "changes_href": changes_href,
        "counts": public_overview.counts(
            found, lambda key, *values: f"{path}{public_list.chosen(key, *values)}#{LIST}"
        ),
        "contrast_href": reverse("plan-contrast", args=[code, year]),
        "figures_href": reverse("plan-figures", args=[code, year]),
        "scoreboard_href": reverse("plan-scoreboard", args=[code, year]),
        "sheets_href": reverse("plan-sheets", args=[code, year]),
        "text_href": reverse("plan-edition-text", args=[code, year]),
        "data_href": reverse("plan-edition-data", args=[code, year]),
        "record": [(one, japan_date(one.published_at)) for one in public.record(ctx, publication)],
        "record_href": reverse("plan-changes", args=[code]),
    }


@public_page
def sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The list as it is seen, as XLSX or CSV."""
    publication = public.publication(ctx, year)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, publication.stamp, name, *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = public.edition(ctx, publication)
    found = _dated(found, _history(ctx, publication, standing, found), publication)
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
    answer = respond_sheet(table, file_format(name), filename, public=True)
    return serving.keepable(answer, tag)


@public_page
def data(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The whole edition as a `yakuba-plan/1` document with its public fields."""
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, "json")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    text = dumps(published_document(ctx, publication))
    return serving.keepable(HttpResponse(text, content_type="application/json; charset=utf-8"), tag)


@public_page
def text(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The plan's own words: sections, goals, bodies, terms, what it follows and what it is related to."""
    known(request.GET)
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, "text")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return serving.keepable(render(request, "plan/portal/text.html", text_page(ctx, publication)), tag)


def text_page(ctx: Context, publication: Publication) -> dict[str, object]:
    """What the page of the plan's own words is drawn from."""
    head = publication.head
    return {
        "page": shell(ctx, _("計画の本文"), edition_crumbs(ctx, publication)),
        "publication": publication,
        "published_on": published_on(publication),
        "plan": head["plan"],
        "goals": [node for node in Edition(head, ()).outline if node.text],
        "bodies": head["bodies"],
        "exports": exports("plan-edition-bodies", ctx.municipality.code, publication.year.year),
    }


@public_page
def late(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The initiatives that are late, as XLSX or CSV."""
    known(request.GET)
    publication = public.publication(ctx, year)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, "late", name, publication.stamp, *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = public.edition(ctx, publication, without=UNREAD)
    path = request.build_absolute_uri(public.address(ctx, publication))
    history = _history(ctx, publication, standing, found)
    table = public_sheet.late_table(
        found,
        public_overview.late(found, history.late(history.index(publication)), lambda row: f"{path}{row.id}/"),
        municipality=ctx.municipality.name,
        as_of=publication.published_at,
        address=path,
    )
    filename = f"{ctx.municipality.name}_{publication.year.year}_late"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


@public_page
def bodies(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The bodies that the plan names, as XLSX or CSV."""
    known(request.GET)
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, "bodies", name, publication.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    table = public_sheet.bodies_table(
        Edition(publication.head, ()), municipality=ctx.municipality.name, as_of=publication.published_at
    )
    filename = f"{ctx.municipality.name}_{publication.year.year}_bodies"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)
