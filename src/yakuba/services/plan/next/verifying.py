"""検証 on the desk and on the portal: the same table, from working copies here and from frozen copies there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Table, field_spec
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.town.records import Record
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.plan import access, desk_list, public, public_overview, public_sheet, queries
from yakuba.services.plan.actions import write_verification
from yakuba.services.plan.models import Edition, Indicator, Initiative, InitiativeOffice, Node, Value
from yakuba.services.plan.next.contrast import WORDS, contrast
from yakuba.services.plan.next.former import earlier as earlier_drafts
from yakuba.services.plan.next.former import kin
from yakuba.services.plan.next.portal import earlier as earlier_public
from yakuba.services.plan.next.shares import counted, stated
from yakuba.services.plan.next.verification import (
    Checked,
    Verification,
    former_of,
    heading,
    verify,
    words,
)
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.shown import Edition as Shown
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of
from yakuba.services.plan.views.portal.frame import edition_crumbs, file_format, public_page, shell

TAB: Final = "plan-desk-contrast"


def facts(found: Verification) -> dict[str, object]:
    """What the page says in numbers, each with its denominator."""
    former = found.former
    return {
        "found": found,
        "all": counted(former.rows, former.span[1].year),
        "claims": stated(former.head, found.contrast.after.head),
        "stated": found.stated,
        "bar": public_overview.bar(found.tallies, _("前の計画の取組の進捗状況")),
        "outcomes": [
            (_("引き継いだ取組") if word == "kept" else WORDS[word], number)
            for word, number in found.outcomes.items()
        ],
        "rows": found.rows,
        "measured": any(one.measures for one in found.rows),
    }


# --- the sheet --------------------------------------------------------------------------------------------------------

_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("kind", Initiative, "kind", ""),
    ("number", Initiative, "number", ""),
    ("title", Initiative, "title", ""),
    ("offices", InitiativeOffice, "name", ""),
    ("place", Node, "title", "区分"),
    ("progress", Initiative, "progress", ""),
    ("outcome", Node, "text", "この計画での扱い"),
    ("remark", Node, "text", "結果・理由"),
    ("indicator", Indicator, "name", ""),
    ("unit", Indicator, "unit", ""),
    ("goal", Value, "raw", "目標（記載のとおり）"),
    ("goal_year", Value, "year", "目標の年度"),
    ("reached", Value, "raw", "実績（記載のとおり）"),
    ("reached_number", Value, "number", "実績（数）"),
    ("reached_year", Value, "year", "実績の年度"),
    ("met", Node, "title", "目標に届いたか"),
)


def table(found: Verification, *, municipality: str, as_of: dt.datetime, plans: tuple[str, str]) -> Table:
    """One row for each indicator of each initiative of the former plan, one for an initiative without."""
    return Table(
        name=_("前の計画の検証"),
        municipality=municipality,
        columns=[Column(key, field_spec(model, name, label)) for key, model, name, label in _COLUMNS],
        rows=(row for one in found.rows for row in _cells(found, one)),
        as_of=as_of,
        notes=((_("前の計画"), plans[0]), (_("この計画"), plans[1]), (_("編集"), _("読み取り専用"))),
    )


def _cells(found: Verification, one: Checked) -> Iterator[SheetRow]:
    row = one.line.before
    if row is None:
        return
    own: dict[str, object] = {
        "kind": row.form["kind"],
        "number": row.form["number"],
        "title": row.title,
        "offices": "、".join(row.leads),
        "place": public_sheet.place(found.former, row),
        "progress": row.progress,
        "outcome": one.line.standing,
        "remark": one.remark,
    }
    for measure in one.measures or (None,):
        if measure is None:
            yield SheetRow(own)
            continue
        goal, reached = measure.goal, measure.reached
        yield SheetRow(
            {
                **own,
                "indicator": measure.name,
                "unit": measure.unit,
                "goal": goal["raw"] if goal else None,
                "goal_year": FiscalYear(goal["year"]) if goal and goal["year"] else None,
                "reached": reached["raw"] if reached else None,
                "reached_number": Decimal(reached["number"]) if reached and reached["number"] else None,
                "reached_year": FiscalYear(reached["year"]) if reached and reached["year"] else None,
                "met": "" if measure.met is None else _("届いた") if measure.met else _("届かなかった"),
            }
        )


# --- for the public ---------------------------------------------------------------------------------------------------


def _between(
    request: HttpRequest, ctx: Context, after: Publication
) -> tuple[Publication, Verification] | None:
    """The former plan that ``?from=`` names, or the one that this plan follows, verified (three queries)."""
    others = sorted(
        (one for one in publishing.standing(ctx, EDITION) if one.year < after.year), key=lambda one: one.year
    )
    if not others:
        return None
    wanted = request.GET.get("from", "")
    if wanted:
        before = next((one for one in others if str(one.year.year) == wanted), None)
        if before is None:
            raise BadQuery("from", wanted, "・".join(str(one.year.year) for one in others))
    else:
        place = former_of(Shown(after.head, ()), [Shown(one.head, ()) for one in others])
        before = others[place or 0]
    found = contrast(public.edition(ctx, before), public.edition(ctx, after))
    return before, verify(found)


@public_page
def public_table(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The verification of the former plan; ``?from=`` names another earlier edition."""
    known(request.GET, "from")
    after = public.publication(ctx, year)
    others = earlier_public(ctx, after)
    tag = serving.page_etag(ctx, "verification", after.stamp, *(one.stamp for one in others))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    code = ctx.municipality.code
    path = reverse("plan-verification", args=[code, year])
    found = _between(request, ctx, after)
    context: dict[str, object] = {
        "page": shell(ctx, _("前の計画の検証"), edition_crumbs(ctx, after)),
        "after": after,
        "before": None,
        "after_href": public.address(ctx, after),
    }
    if found is not None:
        before, verified = found
        query = f"?from={before.year.year}" if request.GET.get("from") else ""
        context |= facts(verified) | {
            "page": shell(ctx, heading(before.title), edition_crumbs(ctx, after)),
            "before": before,
            "before_href": public.address(ctx, before),
            "earlier": [
                Link(one.title, f"{path}?from={one.year.year}", current=one.pk == before.pk, lang="ja")
                for one in reversed(others)
            ],
            "exports": {
                label: f"{href}{query}"
                for label, href in exports("plan-verification-sheet", code, year).items()
            },
            "contrast_href": f"{reverse('plan-contrast', args=[code, year])}?from={before.year.year}",
        }
    return serving.keepable(render(request, "plan/portal/verification.html", context), tag)


@public_page
def public_sheet_of(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The same as XLSX or CSV."""
    known(request.GET, "from")
    after = public.publication(ctx, year)
    others = earlier_public(ctx, after)
    tag = serving.page_etag(ctx, "verification", name, after.stamp, *(one.stamp for one in others))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = _between(request, ctx, after)
    if found is None:
        raise Missing
    before, verified = found
    sheet = table(
        verified,
        municipality=ctx.municipality.name,
        as_of=after.published_at,
        plans=(before.title, after.title),
    )
    filename = f"{ctx.municipality.name}_{before.year.year}-{after.year.year}_verification"
    return serving.keepable(respond(sheet, file_format(name), filename, public=True), tag)


# --- on the desk ----------------------------------------------------------------------------------------------------------


def _of(request: HttpRequest, ctx: Context, edition: Edition) -> tuple[Edition, Verification] | None:
    """The former plan on the desk: a predecessor before an earlier edition of the same plan."""
    others = earlier_drafts(ctx, edition)
    if not others:
        return None
    wanted = request.GET.get("from", "")
    if wanted:
        before = next((one for one in others if str(one.pk) == wanted), None)
        if before is None:
            raise BadQuery("from", wanted, _("前の年度の版"))
    else:
        before = next((one for one in others if kin(edition, one) == 1), others[0])
    return before, verify(contrast(desk_list.of(ctx, before), desk_list.of(ctx, edition)))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def desk_table(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The verification, and its words to be put into the plan's text."""
    known(request.GET, "from")
    edition = queries.edition(ctx, edition_id)
    found = _of(request, ctx, edition)
    crumbs = [*crumbs_of(ctx, edition), Link(_("新旧対照"), address(TAB, ctx, edition.pk))]
    if found is None:
        return show(
            request, ctx, "verification", _("前の計画の検証"), crumbs=crumbs, status=200, edition=edition,
            tabs=tabs_of(ctx, edition, TAB), before=None, back=address(TAB, ctx, edition.pk),
        )  # fmt: skip
    before, verified = found
    typed = {"title": heading(before.plan.title), "text": words(verified, name_of(before))}
    errors, status = [], 200
    if request.method == "POST":
        need(access.SHAPE, ctx)
        typed = {key: request.POST.get(key, "") for key in ("title", "text")}
        try:
            data = write_verification.read_text(typed)
            write_verification(ctx, edition, data, expected_version=version_of(request))
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
        else:
            return see("plan-desk-prose", ctx, edition.pk, fragment="sections")
    return show(
        request,
        ctx,
        "verification",
        heading(name_of(before)),
        crumbs=crumbs,
        status=status,
        edition=edition,
        tabs=tabs_of(ctx, edition, TAB),
        before=before,
        before_name=name_of(before),
        before_href=address("plan-desk-edition", ctx, before.pk),
        may_shape=access.SHAPE.holds_anywhere(ctx),
        exports=saves("plan-desk-verification-sheet", ctx, edition.pk),
        typed=typed,
        written=any(one["title"] == typed["title"] for one in edition.prose.get("sections", ())),
        errors=errors,
        said={error.key: error.message for error in errors},
        **facts(verified),
    )


@require_safe
@desk_page
def desk_sheet(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """The same as a file."""
    known(request.GET, "from")
    edition = queries.edition(ctx, edition_id)
    found = _of(request, ctx, edition)
    if found is None:
        raise Missing
    before, verified = found
    sheet = table(
        verified,
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        plans=(name_of(before), name_of(edition)),
    )
    return respond(sheet, file_format, f"{ctx.municipality.name}_{name_of(edition)}_{_('検証')}")
