"""An initiative: who, how far and since when, the figures by year, the texts, what it was in other years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.framing import framable
from yakuba.kernel.ui.lists import known
from yakuba.kernel.ui.shells import EmbedPage
from yakuba.services.plan import (
    public,
    public_changes,
    public_figures,
    public_history,
    public_initiative,
    public_list,
    public_sheet,
)
from yakuba.services.plan.public_figures import IndicatorView
from yakuba.services.plan.public_history import Editions, Past
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard import public as released
from yakuba.services.plan.scoreboard.drawing import Chart
from yakuba.services.plan.scoreboard.public import NOTHING, Measures
from yakuba.services.plan.shown import Edition, Row
from yakuba.services.plan.themes.vocabulary import THEMES, label
from yakuba.services.plan.views.portal.frame import edition_crumbs, file_format, narrowed, public_page, shell


@dataclass(frozen=True, slots=True)
class IndicatorShown:
    """An indicator on the page: its chart, the code for other sites, the page of its figure."""

    one: IndicatorView
    chart: Chart
    embed: str = ""
    figure_href: str = ""


def without_links(found: object) -> list[IndicatorShown]:
    """The indicators of a page as they stand where nothing of today is led to."""
    assert isinstance(found, list)  # noqa: S101  # what initiative_page put there
    return [replace(one, embed="", figure_href="") for one in found]


@public_page
def initiative(request: HttpRequest, ctx: Context, year: int, identity: UUID) -> HttpResponseBase:
    """The page of an initiative in one edition."""
    try:
        publication = public.publication(ctx, year)
        standing = public.standing(ctx)
        measures = released.measures(ctx, publication, identity)
        tag = serving.page_etag(ctx, publication.stamp, measures.stamp, *(one.stamp for one in standing))
        if (same := serving.unchanged(request, tag)) is not None:
            return same
        history = public_history.load(ctx, standing)
        here = history.index(publication)
        place = _place(ctx, history.rows[here], identity)
    except public.Moved as moved:
        return HttpResponsePermanentRedirect(
            reverse("plan-initiative", args=[ctx.municipality.code, moved.year.year, identity])
        )
    lives = history.life(here, place)
    whole_rows = public.whole_rows(ctx, [past.publication for past in lives], [past.row.id for past in lives])
    path = public.address(ctx, publication)
    context = initiative_page(request, ctx, publication, history, place, whole_rows, path, measures)
    return serving.keepable(render(request, "plan/portal/initiative.html", context), tag)


def initiative_page(
    request: HttpRequest,
    ctx: Context,
    publication: Publication,
    history: Editions,
    place: int,
    whole_rows: dict[tuple[UUID, UUID], Row],
    path: str,
    measures: Measures = NOTHING,
) -> dict[str, object]:
    """What the page of the initiative at a place of an edition is drawn from; ``path`` is the address of the edition's page.

    ``publication`` comes with its head, which those of the history lack. ``measures``: what its figures are measured by
    today; nothing for a page of what once stood.
    """
    here = history.index(publication)
    identity, year = history.rows[here][place].id, publication.year.year
    lives = history.life(here, place)
    row = whole_rows[publication.pk, identity]
    whole = Edition(publication.head, ())
    way = public_initiative.way(whole, row)
    crumbs = [
        *edition_crumbs(ctx, publication),
        *(
            Link(node.label, narrowed(path, node), lang="ja")
            for node in way
            if node.depth <= public_list.FILTERED_DEPTH
        ),
    ]
    run = history.run(here, place)
    code = ctx.municipality.code
    return {
        "page": shell(ctx, row.title, crumbs, contact="、".join(row.leads), lang="ja"),
        "publication": publication,
        "published_on": published_on(publication),
        "row": row,
        "corrected": bool(publication.note)
        and public_changes.changed_row(ctx, publication, identity, row.form),
        "late_since": public_list.since(run) if run.years else "",
        "flags": public_list.flag_badges(row),
        "facts": public_initiative.facts(row),
        "indicators": [
            IndicatorShown(
                one,
                measures.chart(one, row.form["indicators"][one.number - 1], identity),
                _embed(request, ctx, publication, row, one.number),
                reverse("plan-figure", args=[code, year, identity, one.number]),
            )
            for one in public_figures.indicators(row.form, _earlier(lives, whole_rows, publication))
        ],
        "texts": public_initiative.texts(row.form),
        "items": row.form["items"],
        "stages": public_initiative.stages(row.form),
        "now": FiscalYear.of(ctx.now).year,
        "way": way,
        "others": [
            Link(node.label, narrowed(path, node)) for node in public_initiative.cross_listings(whole, row)
        ],
        "history": _history(ctx, history, lives, whole_rows, publication),
        "themes": [
            (label(THEMES[theme]), reverse("nation-theme", args=[theme]), _compare(theme, code))
            for theme in row.themes
            if theme in THEMES
        ],
        "before": _neighbour(path, history.rows[here], place - 1),
        "after": _neighbour(path, history.rows[here], place + 1),
        "edition_href": path,
        "answer_href": reverse("plan-answer", args=[code, year, identity]),
        "values_exports": exports("plan-initiative-values", code, year, identity),
        "data_href": f"/api/v1/{code}/plan/initiatives/{identity}",
    }


def _earlier(
    lives: Sequence[Past], whole_rows: dict[tuple[UUID, UUID], Row], here: Publication
) -> list[tuple[FiscalYear, Form]]:
    """The initiative as the editions before this one have it, with their years, the newest first."""
    return [
        (past.publication.year, whole_rows[past.publication.pk, past.row.id].form)
        for past in reversed(lives)
        if past.publication.year < here.year
    ]


def _place(ctx: Context, rows: Sequence[Row], identity: UUID) -> int:
    """Where in its edition the initiative stands. Raises what :func:`public.elsewhere` finds where it does not."""
    found = next((place for place, row in enumerate(rows) if row.id == identity), None)
    if found is None:
        raise public.elsewhere(ctx, identity)
    return found


def _neighbour(path: str, rows: Sequence[Row], place: int) -> Link | None:
    if not 0 <= place < len(rows):
        return None
    row = rows[place]
    return Link(f"{row.number} {row.title}".strip(), f"{path}{row.id}/")


def _compare(theme: str, code: str) -> str:
    return f"{reverse('nation-compare')}?{urlencode({'theme': theme, 'city': code})}"


def _embed(request: HttpRequest, ctx: Context, publication: Publication, row: Row, number: int) -> str:
    """What another site puts into its page to show the chart."""
    path = reverse(
        "plan-indicator-embed", args=[ctx.municipality.code, publication.year.year, row.id, number]
    )
    return public_initiative.embed_code(
        request.build_absolute_uri(path), f"{ctx.municipality.name} {row.title}"
    )


def _history(
    ctx: Context,
    history: Editions,
    lives: Sequence[Past],
    whole_rows: dict[tuple[UUID, UUID], Row],
    here: Publication,
) -> list[public_initiative.YearView]:
    """The initiative in every edition, the newest first; nothing where there is one edition alone."""
    if len(history.publications) < 2:
        return []
    return public_initiative.years(
        history.publications,
        [(past, whole_rows[past.publication.pk, past.row.id]) for past in lives],
        here,
        lambda publication, row: public.address(ctx, publication, row.id),
    )


@public_page
def values(request: HttpRequest, ctx: Context, year: int, identity: UUID, name: str) -> HttpResponseBase:
    """Every value of an initiative's indicators, as XLSX or CSV."""
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, "values", name)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    row = public.whole_rows(ctx, [publication], [identity]).get((publication.pk, identity))
    if row is None:
        raise Missing
    table = public_sheet.values_table(
        row,
        name=_("指標の値"),
        municipality=ctx.municipality.name,
        plan=publication.title,
        as_of=publication.published_at,
    )
    filename = f"{ctx.municipality.name}_{row.number}_{row.title}".replace(" ", "_").replace("/", "_")
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


@framable
@public_page
def embed(request: HttpRequest, ctx: Context, year: int, identity: UUID, number: int) -> HttpResponseBase:
    """One indicator's chart for another site's frame."""
    known(request.GET)
    publication = public.publication(ctx, year)
    tag = serving.page_etag(ctx, publication.stamp, "embed")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    row = public.whole_rows(ctx, [publication], [identity]).get((publication.pk, identity))
    found = public_figures.indicator(row.form, number) if row else None
    if row is None or found is None:
        raise Missing
    page = EmbedPage(
        title=row.title,
        title_lang="ja",
        municipality=ctx.municipality,
        source=Link(publication.title, public.address(ctx, publication, row.id), lang="ja"),
        day=japan_date(publication.published_at),
    )
    return serving.keepable(render(request, "plan/portal/embed.html", {"page": page, "one": found}), tag)
