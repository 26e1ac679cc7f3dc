"""The plan in figures for the public: shares with their denominators, their course over the editions, by goal and by office.

As a page, in parts for the frames of other sites, as a sheet and as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.sheets.table import Column, Table, field_spec
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.town.records import Record
from yakuba.kernel.ui.charts import NOTHING, Point, Series
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.framing import framable
from yakuba.kernel.ui.lists import known
from yakuba.kernel.ui.shells import EmbedPage
from yakuba.services.plan import public, public_initiative, public_overview, shown
from yakuba.services.plan.models import Initiative, Node, Value
from yakuba.services.plan.next.shares import Counted, Figures, Share, stated
from yakuba.services.plan.published import EDITION, Lean
from yakuba.services.plan.views.portal.frame import edition_crumbs, file_format, public_page, shell

_UNREAD: Final = ("texts", "items", "stages", "more", "tags", "themes")
PARTS: Final[dict[str, str | Promise]] = {
    "progress": gettext_lazy("取組の進捗状況"),
    "trend": gettext_lazy("順調な取組の割合の移り変わり"),
    "goals": gettext_lazy("目標ごとの進捗状況"),
    "offices": gettext_lazy("担当ごとの進捗状況"),
}
"""What may stand in the frame of another site: its key in the address, its heading."""


def load(ctx: Context, year: int) -> tuple[Publication, list[tuple[Publication, Figures]]]:
    """The edition of a year, and every standing edition up to it in figures, oldest first (three queries)."""
    own = public.publication(ctx, year)
    upto = sorted(
        (one for one in publishing.standing(ctx, EDITION) if one.year <= own.year), key=lambda one: one.year
    )
    rows: dict[UUID, list[tuple[UUID, int, object]]] = {one.pk: [] for one in upto}
    parts = publishing.parts_of(ctx, upto).annotate(lean=Lean("body", _UNREAD))
    for key, identity, position, form in parts.values_list("publication_id", "object", "position", "lean"):
        rows[key].append((identity, position, form))
    found = []
    for place, one in enumerate(upto):
        later = upto[place + 1].head if place + 1 < len(upto) else None
        edition = shown.edition(one.head, rows[one.pk])
        found.append((one, Figures(edition, one.year, stated(one.head, later))))
    return own, found


# --- drawn ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One goal or office: its bar and its numbers."""

    label: str
    bar: object
    counted: Counted


def lines(found: Sequence[tuple[str, Counted]], nobody: str) -> list[Line]:
    """Goals or offices; ``nobody`` is what stands for no name."""
    return [
        Line(label or nobody, public_overview.bar(one.tallies, label or nobody), one) for label, one in found
    ]


def trend(found: Sequence[tuple[Publication, Figures]]) -> tuple[Series, Series]:
    """The share on track by edition: as counted, and as the documents state it."""
    counted, claimed = [], []
    for publication, figures in found:
        if (one := figures.all.of_told) is not None:
            counted.append(_point(publication.year.year, one))
        if figures.claims is not None and figures.claims.share is not None:
            claimed.append(_point(publication.year.year, figures.claims.share))
    return (
        Series(pgettext("series", "数えた割合"), tuple(counted)),
        Series(pgettext("series", "計画書の割合"), tuple(claimed)) if claimed else NOTHING,
    )


def goals_trend(found: Sequence[tuple[Publication, Figures]]) -> Series:
    """The share of targets that were reached, by edition."""
    points = [
        _point(publication.year.year, one)
        for publication, figures in found
        if (one := figures.all.of_goals) is not None
    ]
    return Series(pgettext("series", "目標に届いた割合"), tuple(points))


def _point(year: int, one: Share) -> Point:
    return Point(
        year,
        f"{one.percent}%",
        number=one.number,
        numerator=Decimal(one.part),
        denominator=Decimal(one.whole),
    )


def drawn(found: Sequence[tuple[Publication, Figures]]) -> dict[str, object]:
    """What page and frames are drawn from."""
    figures = found[-1][1]
    counted, claimed = trend(found)
    return {
        "figures": figures,
        "all": figures.all,
        "claims": figures.claims,
        "bar": public_overview.bar(figures.all.tallies, _("取組の進捗状況")),
        "goals": lines(figures.goals, _("目標の下に置かれていない取組")),
        "offices": lines(figures.offices, _("担当の記載なし")),
        "counted": counted,
        "claimed": claimed,
        "has_trend": bool(counted.points or claimed.points),
        "goals_trend": goals_trend(found),
        "nothing": NOTHING,
    }


# --- pages ------------------------------------------------------------------------------------------------------------


def _tag(ctx: Context, name: str, found: Sequence[tuple[Publication, Figures]]) -> str:
    return serving.page_etag(ctx, "figures", name, *(one.stamp for one, _figures in found))


@public_page
def page(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """Everything on one page, each part with the code that puts it into another site."""
    known(request.GET)
    own, found = load(ctx, year)
    tag = _tag(ctx, "page", found)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    code = ctx.municipality.code
    context = drawn(found) | {
        "page": shell(ctx, _("数字で見る計画"), edition_crumbs(ctx, own)),
        "publication": own,
        "published_on": published_on(own),
        "edition_href": public.address(ctx, own),
        "exports": exports("plan-figures-sheet", code, year),
        "json_href": reverse("plan-figures-data", args=[code, year]),
        "embeds": [
            (
                part,
                label,
                public_initiative.embed_code(
                    request.build_absolute_uri(reverse("plan-figures-embed", args=[code, year, part])),
                    f"{ctx.municipality.name} {label}",
                ),
            )
            for part, label in PARTS.items()
        ],
    }
    return serving.keepable(render(request, "plan/portal/figures.html", context), tag)


@framable
@public_page
def embed(request: HttpRequest, ctx: Context, year: int, part: str) -> HttpResponseBase:
    """One part for another site's frame."""
    known(request.GET)
    if part not in PARTS:
        raise Missing
    own, found = load(ctx, year)
    tag = _tag(ctx, f"embed {part}", found)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    context = drawn(found) | {
        "page": EmbedPage(
            title=str(PARTS[part]),
            municipality=ctx.municipality,
            source=Link(own.title, reverse("plan-figures", args=[ctx.municipality.code, year]), lang="ja"),
            day=japan_date(own.published_at),
        ),
        "part": part,
    }
    return serving.keepable(render(request, "plan/portal/figures_embed.html", context), tag)


# --- data -------------------------------------------------------------------------------------------------------------


@public_page
def data(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The same as JSON. Shares are decimals in text, in percent, each with its part and its whole."""
    known(request.GET)
    own, found = load(ctx, year)
    tag = _tag(ctx, "json", found)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    figures = found[-1][1]
    body = {
        "municipality": {"code": ctx.municipality.code, "name": ctx.municipality.name},
        "title": own.title,
        "year": own.year.year,
        "publication": {
            "number": own.number,
            "published_at": own.published_at.isoformat(),
            "stamp": own.stamp,
        },
        "page": request.build_absolute_uri(reverse("plan-figures", args=[ctx.municipality.code, year])),
        "counted": _counted(figures.all),
        "stated": _stated(figures),
        "trend": [
            {"year": one.year.year, "title": one.title, "counted": _counted(of.all), "stated": _stated(of)}
            for one, of in found
        ],
        "goals": [{"name": name or None, **_counted(one)} for name, one in figures.goals],
        "offices": [{"name": name or None, **_counted(one)} for name, one in figures.offices],
    }
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    return serving.keepable(HttpResponse(text, content_type="application/json; charset=utf-8"), tag)


def _share(one: Share | None) -> dict[str, object] | None:
    return None if one is None else {"percent": str(one.number), "part": one.part, "whole": one.whole}


def _words(tallies: Sequence[tuple[str, str, int]]) -> list[dict[str, object]]:
    return [{"word": word, "meaning": meaning or None, "count": number} for word, meaning, number in tallies]


def _counted(one: Counted) -> dict[str, object]:
    return {
        "initiatives": one.whole,
        "with_progress": one.told,
        "late": one.late,
        "progress": _words(one.tallies),
        "on_track_of_all": _share(one.of_told),
        "on_track_of_going": _share(one.of_going),
        "completed": _share(one.done),
        "targets_reached": _share(one.of_goals),
    }


def _stated(figures: Figures) -> dict[str, object] | None:
    claims = figures.claims
    if claims is None:
        return None
    return {
        "progress": _words(claims.tallies),
        "on_track": _share(claims.share),
        "percentage_printed": claims.printed,
    }


_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("sort", Node, "title", "数え方"),
    ("name", Node, "title", "名前"),
    ("year", Initiative, "year", "版の年度"),
    ("whole", Value, "revision", "取組"),
    ("told", Value, "revision", "進捗状況の記載がある取組"),
    ("good", Value, "revision", "順調・おおむね順調"),
    ("late", Value, "revision", "遅れ・停滞"),
    ("percent", Value, "number", "記載がある取組に占める順調の割合（％）"),
    ("going", Value, "revision", "終わった取組を除いた数"),
    ("going_percent", Value, "number", "終わった取組を除いた順調の割合（％）"),
    ("judged", Value, "revision", "目標と実績を比べられる指標"),
    ("met", Value, "revision", "目標に届いた指標"),
    ("met_percent", Value, "number", "目標に届いた割合（％）"),
)


@public_page
def sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The same as XLSX or CSV: one row for each edition, goal and office."""
    known(request.GET)
    own, found = load(ctx, year)
    tag = _tag(ctx, name, found)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    table = Table(
        name=_("数字で見る計画"),
        municipality=ctx.municipality.name,
        columns=[Column(key, field_spec(model, field, label)) for key, model, field, label in _COLUMNS],
        rows=_rows(found),
        as_of=own.published_at,
        notes=((_("計画"), own.title), (_("編集"), _("読み取り専用"))),
    )
    filename = f"{ctx.municipality.name}_{own.year.year}_figures"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


def _rows(found: Sequence[tuple[Publication, Figures]]) -> Iterator[SheetRow]:
    for publication, figures in found:
        yield SheetRow(
            {
                "sort": _("数えた数"),
                "name": publication.title,
                "year": publication.year,
                **_cells(figures.all),
            }
        )
        claims = figures.claims
        if claims is not None:
            told = sum(number for _word, _meaning, number in claims.tallies)
            one = claims.share
            yield SheetRow(
                {
                    "sort": _("計画書の数"), "name": publication.title, "year": publication.year, "told": told,
                    "good": one.part if one else None, "percent": one.number if one else None,
                }
            )  # fmt: skip
    publication, figures = found[-1]
    for sort, groups in ((_("目標ごと"), figures.goals), (_("担当ごと"), figures.offices)):
        for label, counted in groups:
            yield SheetRow({"sort": sort, "name": label, "year": publication.year, **_cells(counted)})


def _cells(one: Counted) -> dict[str, object]:
    found: dict[str, object] = {"whole": one.whole, "told": one.told, "judged": one.judged, "met": one.met}
    if one.known:
        found |= {"good": one.good, "late": one.late}
    for key, share in (
        ("percent", one.of_told),
        ("going_percent", one.of_going),
        ("met_percent", one.of_goals),
    ):
        found[key] = share.number if share is not None else None
    found["going"] = one.of_going.whole if one.of_going is not None else None
    return found
