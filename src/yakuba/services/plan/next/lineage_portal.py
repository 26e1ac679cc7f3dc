"""計画の歩み for the public: across all editions and plans that stand published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.sheets.table import Column, Table, field_spec
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.town.records import Record
from yakuba.kernel.ui.lists import known
from yakuba.services.plan import public, public_overview, shown
from yakuba.services.plan.models import Edition, Node, Plan, Value
from yakuba.services.plan.next.contrast import WORDS
from yakuba.services.plan.next.lineage import CHANGES, Stage, Step, named_only, stages
from yakuba.services.plan.next.shares import Counted, counted
from yakuba.services.plan.published import EDITION, lean_forms
from yakuba.services.plan.views.portal.frame import file_format, home_crumbs, public_page, shell


@dataclass(frozen=True, slots=True)
class Issue:
    """An edition as the page tells it."""

    step: Step
    publication: Publication
    href: str
    counted: Counted
    bar: object
    changes: tuple[tuple[str, int, str], ...]
    contrast_href: str
    verification_href: str
    """The verification of the plan before, where this is another plan's first edition."""


@dataclass(frozen=True, slots=True)
class Told:
    """A plan as the page tells it."""

    stage: Stage
    issues: tuple[Issue, ...]


def load(ctx: Context) -> tuple[list[Publication], list[Stage]]:
    """The standing editions, oldest first, and their plans, newest first (two queries)."""
    found = sorted(publishing.standing(ctx, EDITION), key=lambda one: (one.year, one.title))
    rows = lean_forms(ctx, found)
    return found, stages([(one.year, shown.edition(one.head, rows[one.pk])) for one in found])


@public_page
def page(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Plans and editions from the newest to the oldest, then plans that are only named."""
    known(request.GET)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, "lineage", *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    publications, found = load(ctx)
    context = {
        "page": shell(ctx, _("計画の歩み"), home_crumbs(ctx)),
        "told": [_told(ctx, stage, publications) for stage in found],
        "named": named_only(found),
        "exports": exports("plan-lineage-sheet", ctx.municipality.code),
        "editions_href": public.home(ctx),
    }
    return serving.keepable(render(request, "plan/portal/lineage.html", context), tag)


def _told(ctx: Context, stage: Stage, publications: Sequence[Publication]) -> Told:
    return Told(
        stage,
        tuple(_issue(ctx, step, publications, first=step is stage.oldest) for step in stage.steps),
    )


def _issue(ctx: Context, step: Step, publications: Sequence[Publication], *, first: bool) -> Issue:
    own = publications[step.place]
    code, year = ctx.municipality.code, own.year.year
    contrast_href, verification_href = "", ""
    if step.before is not None:
        before = publications[step.place - 1].year.year
        contrast_href = f"{reverse('plan-contrast', args=[code, year])}?from={before}"
        if first:
            verification_href = f"{reverse('plan-verification', args=[code, year])}?from={before}"
    count = counted(step.edition.rows, year)
    return Issue(
        step,
        own,
        public.address(ctx, own),
        count,
        public_overview.bar(count.tallies, own.title),
        tuple(
            (str(WORDS[word]), number, f"{contrast_href}&filter.outcome={word}")
            for word, number in step.changes
        ),
        contrast_href,
        verification_href,
    )


# --- the sheet --------------------------------------------------------------------------------------------------------

_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("plan", Plan, "title", ""),
    ("label", Edition, "label", ""),
    ("year", Edition, "year", "版の年度"),
    ("first_year", Plan, "first_year", ""),
    ("last_year", Plan, "last_year", ""),
    ("published_on", Value, "as_of", "公表日"),
    ("goals", Node, "text", "目標"),
    ("initiatives", Value, "revision", "取組"),
    ("told", Value, "revision", "進捗状況の記載がある取組"),
    ("good", Value, "revision", "順調・おおむね順調"),
)


@public_page
def sheet(request: HttpRequest, ctx: Context, name: str) -> HttpResponseBase:
    """The editions as XLSX or CSV, oldest first."""
    known(request.GET)
    standing = public.standing(ctx)
    tag = serving.page_etag(ctx, "lineage", name, *(one.stamp for one in standing))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    publications, found = load(ctx)
    columns = [Column(key, field_spec(model, field, label)) for key, model, field, label in _COLUMNS]
    columns += [Column(word, field_spec(Value, "revision", str(WORDS[word]))) for word in CHANGES]
    table = Table(
        name=_("計画の歩み"),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=_rows(publications, found),
        as_of=max((one.published_at for one in publications), default=ctx.now),
        notes=((_("編集"), _("読み取り専用")),),
    )
    filename = f"{ctx.municipality.name}_lineage"
    return serving.keepable(respond_sheet(table, file_format(name), filename, public=True), tag)


def _rows(publications: Sequence[Publication], found: Sequence[Stage]) -> Iterator[SheetRow]:
    steps = sorted((step for stage in found for step in stage.steps), key=lambda step: step.place)
    for step in steps:
        own = publications[step.place]
        plan = step.edition.plan
        first, last = step.edition.span
        count = counted(step.edition.rows, own.year.year)
        goals = (node.label for node in step.edition.outline if node.depth == 1)
        yield SheetRow(
            {
                "plan": plan["title"],
                "label": plan["edition"],
                "year": own.year,
                "first_year": first,
                "last_year": last,
                "published_on": japan_date(own.published_at),
                "goals": "\n".join(goals),
                "initiatives": count.whole,
                "told": count.told,
                "good": count.good if count.known else None,
                **(dict(step.changes) if step.before is not None else {}),
            }
        )
