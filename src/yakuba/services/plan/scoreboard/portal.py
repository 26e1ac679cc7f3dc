"""The public board: the whole plan on one page, and the page of a figure. From frozen copies and released figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import known
from yakuba.services.plan import public, public_figures, public_overview, shown
from yakuba.services.plan.printed import scoreboard as printed
from yakuba.services.plan.published import UNREAD
from yakuba.services.plan.scoreboard import provenance, sheets, standing
from yakuba.services.plan.scoreboard import public as released
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.portal.frame import edition_crumbs, file_format, public_page, shell
from yakuba.services.plan.views.portal.printing import print_page


@public_page
def scoreboard(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """一枚の進捗表: the whole plan on one page."""
    known(request.GET)
    publication = public.publication(ctx, year)
    measures = released.measures(ctx, publication)
    tag = serving.page_etag(ctx, "scoreboard", publication.stamp, measures.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = public.edition(ctx, publication, without=UNREAD)
    code = ctx.municipality.code
    path = public.address(ctx, publication)

    def taken(initiative: UUID, place: int) -> Mapping[int, Figure]:
        return measures.of((initiative, place))

    def unit(initiative: UUID, place: int) -> str:
        return measures.unit((initiative, place))

    def address(row: Row) -> str:
        return f"{path}{row.id}/"

    def figure(row: Row, place: int) -> str:
        return reverse("plan-figure", args=[code, year, row.id, place + 1])

    sheet = printed.Sheet(
        found, publication.year.year, released.known(measures), taken, unit, address, figure
    )
    board = printed.board(sheet)
    context = {
        "page": print_page(ctx, publication, _("一枚の進捗表"), Link(publication.title, path, lang="ja")),
        "published_on": published_on(publication),
        "measured_on": measures.newest(found.rows),
        "count": shown.count(found.rows),
        "late": shown.count(row for row in found.rows if row.late),
        "bar": public_overview.bar(shown.tallies(found.rows), _("取組の進捗状況")),
        "rates": public_overview.rates(found),
        "board": board,
        "signs": board.tally.signs(),
        "legend": legend(),
        "source": request.build_absolute_uri(path),
    }
    return serving.keepable(render(request, "plan/print/scoreboard.html", context), tag)


@public_page
def figure(request: HttpRequest, ctx: Context, year: int, identity: UUID, number: int) -> HttpResponseBase:
    """A figure down to what it rests on: its course, its meaning, the numbers behind it, corrections."""
    known(request.GET)
    publication = public.publication(ctx, year)
    measures = released.measures(ctx, publication, identity)
    tag = serving.page_etag(ctx, "figure", number, publication.stamp, measures.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    row = public.whole_rows(ctx, [publication], [identity]).get((publication.pk, identity))
    if row is None:
        raise _elsewhere(ctx, identity)
    view = public_figures.indicator(row.form, number)
    if view is None:
        raise Missing
    indicator = row.form["indicators"][number - 1]
    place = (identity, number - 1)
    bound = measures.bindings.get(place)
    metric = released.declared(bound.source, bound.key) if bound is not None else None
    said = released.definitions(metric)
    lines = provenance.measured(
        measures.all_of(place), measures.unit(place), _names(metric, measures.all_of(place))
    )
    context = {
        "page": shell(
            ctx,
            view.name,
            [
                *edition_crumbs(ctx, publication),
                Link(
                    f"{row.number} {row.title}".strip(), public.address(ctx, publication, row.id), lang="ja"
                ),
            ],
            contact="、".join(row.leads),
            lang="ja",
        ),
        "publication": publication,
        "published_on": published_on(publication),
        "row": row,
        "chart": measures.chart(view, indicator, identity),
        "bound": bound,
        "source_href": reverse("metrics-public-metric", args=[ctx.municipality.code, metric.key])
        if metric is not None and metric.public
        else "",
        "former": [
            (version, text) for version, text in sorted(said.items()) if metric and version != metric.version
        ],
        "lines": lines,
        "with_parts": any(one.parts for one in lines),
        "operands": [
            (str(operand.get("label", "")), provenance.measured(measures.found[key], "", {}))
            for operand in (bound.operands if bound is not None and not bound.key else ())
            if (key := (str(operand.get("source", "")), str(operand.get("key", "")))) in measures.found
        ],
        "printed": provenance.printed(indicator),
        "changes_href": reverse("plan-changes", args=[ctx.municipality.code]),
        "data_href": reverse(
            "plan-figure-sheet", args=[ctx.municipality.code, year, identity, number, "csv"]
        ),
    }
    return serving.keepable(render(request, "plan/portal/figure.html", context), tag)


def _elsewhere(ctx: Context, identity: UUID) -> Problem:
    """Why an edition does not hold an initiative; one that stands in another year is asked for there."""
    found = public.elsewhere(ctx, identity)
    return Missing() if isinstance(found, public.Moved) else found


def _names(metric: Metric | None, found: Sequence[Figure]) -> dict[str, str]:
    """What the parts of figures are called."""
    if metric is None:
        return {}
    return {key: metric.name_of(key) for one in found for key in one.parts}


@public_page
def figure_sheet(
    request: HttpRequest, ctx: Context, year: int, identity: UUID, number: int, name: str
) -> HttpResponseBase:
    """The lines of a figure's page as a file: what was measured, then what the plan prints."""
    known(request.GET)
    publication = public.publication(ctx, year)
    measures = released.measures(ctx, publication, identity)
    tag = serving.page_etag(ctx, "figure", name, number, publication.stamp, measures.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    row = public.whole_rows(ctx, [publication], [identity]).get((publication.pk, identity))
    if row is None:
        raise _elsewhere(ctx, identity)
    if not 0 < number <= len(row.form["indicators"]):
        raise Missing
    indicator = row.form["indicators"][number - 1]
    place = (identity, number - 1)
    bound = measures.bindings.get(place)
    lines = provenance.measured(measures.all_of(place), measures.unit(place), {})
    table = sheets.figure_table(
        public_figures.name_of(indicator),
        lines,
        provenance.printed(indicator),
        municipality=ctx.municipality.name,
        as_of=publication.published_at,
        definition=bound.definition if bound is not None else indicator.get("definition") or "",
        source=bound.title if bound is not None else "",
    )
    filename = f"{ctx.municipality.name}_{row.number}_{number}".replace(" ", "_").replace("/", "_")
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


def legend() -> list[tuple[object, str]]:
    """What each sign means, by which rule."""
    return [
        (
            standing.sign("on"),
            _(
                "進捗状況が「順調」「おおむね順調」の取組。言葉がないときは、指標が目標に届いたか、近づいている取組です。"
            ),
        ),
        (
            standing.sign("still"),
            _(
                "進捗状況が「遅れ」「停滞」の取組。言葉がないときは、指標が2年以上、目標に近づいていない取組です。"
            ),
        ),
        (standing.sign("over"), _("完了・終了・廃止・統合・移行した取組です。")),
        (
            standing.sign("open"),
            _("進捗状況の言葉がなく、指標の値もくらべられない取組と、まだ始まっていない取組です。"),
        ),
        (
            standing.sign("unmeasured"),
            _("このシステムのサービスで計測できる主題なのに、計測値と結び付けた指標が1つもない取組です。"),
        ),
    ]
