"""The public pages made for paper: one initiative on one page, the sheets of an office."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import known
from yakuba.kernel.ui.shells import PrintPage
from yakuba.services.plan import public, public_history
from yakuba.services.plan.nation import queries as nation
from yakuba.services.plan.nation.others import others
from yakuba.services.plan.printed import answer as answers
from yakuba.services.plan.printed.sheets import chosen_sheets
from yakuba.services.plan.views.portal.frame import public_page


@public_page
def answer(request: HttpRequest, ctx: Context, year: int, identity: UUID) -> HttpResponseBase:
    """An initiative on one page."""
    known(request.GET)
    publication = public.publication(ctx, year)
    standing = [one for one in public.standing(ctx) if one.year <= publication.year]
    tag = serving.page_etag(
        ctx, "answer", publication.stamp, *nation.stamp(), *(one.stamp for one in standing)
    )
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    history = public_history.load(ctx, standing)
    here = history.index(publication)
    rows = history.rows[here]
    place = next((n for n, row in enumerate(rows) if row.id == identity), None)
    if place is None:
        return _moved(ctx, identity)
    lives = history.life(here, place)
    whole = public.whole_rows(ctx, [past.publication for past in lives], [past.row.id for past in lives])
    found = [(past.publication.year, whole[past.publication.pk, past.row.id]) for past in lives]
    row = found[-1][1]
    path = public.address(ctx, publication, identity)
    context = {
        "page": print_page(ctx, publication, row.title, Link(row.title, path, lang="ja"), lang="ja"),
        "row": row,
        "answer": answers.answer(found, rows),
        "themes": others(ctx, row.themes),
        "now": FiscalYear.of(ctx.now).year,
        "source": f"{published_on(publication)} {request.build_absolute_uri(path)}",
    }
    return serving.keepable(render(request, "plan/print/answer.html", context), tag)


def print_page(
    ctx: Context,
    publication: Publication,
    title: str,
    back: Link,
    *,
    sheet: Literal["a3", "a4"] = "a4",
    lang: str = "",
) -> PrintPage:
    """The shell of a page of a publication: what stood on the day it was published."""
    return PrintPage(
        title=title,
        title_lang=lang,
        municipality=ctx.municipality,
        day=japan_date(publication.published_at),
        sheet=sheet,
        about=publication.title,
        back=back,
    )


def _moved(ctx: Context, identity: UUID) -> HttpResponseBase:
    """The way to the edition that holds the initiative. Raises what tells that none does."""
    found = public.elsewhere(ctx, identity)
    if isinstance(found, public.Moved):
        code = ctx.municipality.code
        return HttpResponsePermanentRedirect(reverse("plan-answer", args=[code, found.year.year, identity]))
    raise found


@public_page
def sheets(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """課別シート: the initiatives of each office beside what the edition before said; ``?office=`` leaves one office."""
    known(request.GET, "office")
    publication = public.publication(ctx, year)
    earlier = [one for one in public.standing(ctx) if one.year < publication.year]
    before = earlier[-1] if earlier else None
    tag = serving.page_etag(ctx, "sheets", publication.stamp, before.stamp if before else "")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    now_rows = public.edition(ctx, publication).rows
    before_rows = public.edition(ctx, before).rows if before else ()
    here = reverse("plan-sheets", args=[ctx.municipality.code, year])
    path = public.address(ctx, publication)
    context = {
        "page": print_page(
            ctx, publication, _("課別シート"), Link(publication.title, path, lang="ja"), sheet="a3"
        ),
        **chosen_sheets(now_rows, before_rows, request.GET.get("office"), here),
        "before_title": before.title if before else "",
    }
    return serving.keepable(render(request, "plan/print/sheets.html", context), tag)
