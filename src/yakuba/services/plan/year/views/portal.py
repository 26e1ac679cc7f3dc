"""What the public reads of the plan's year: the report of a year, and what stood published on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import published_on
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.errors import InvalidFiscalYearError
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.dates.wareki import FIRST_DATE
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.sheets.respond import exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.kernel.ui.components import Link, Share, shares
from yakuba.kernel.ui.formats import moment, wareki, year_name
from yakuba.kernel.ui.lists import BadQuery, ListView, known
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.plan import labels, public, public_history, public_list, public_overview, shown
from yakuba.services.plan.models import NEXT_ACTIONS
from yakuba.services.plan.published import EDITION, state_of
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.portal import initiative as public_initiative
from yakuba.services.plan.views.portal.frame import file_format, home_crumbs, public_page, shell
from yakuba.services.plan.year import front
from yakuba.services.plan.year.report import REPORT

_ACTIONS: Final = dict(NEXT_ACTIONS)


# --- the report of a year ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """An initiative of the report as the page shows it."""

    row: shown.Row
    review: Form
    action: str
    href: str = ""


def report_context(
    head: Form, parts: Sequence[tuple[UUID, int, Form]], hrefs: dict[UUID, str] | None = None
) -> dict[str, object]:
    """What a report is drawn from: its words counted with their denominators, then every initiative."""
    edition = shown.edition(head, parts)
    tallies = shown.tallies(edition.rows)
    return {
        "head": head,
        "year": FiscalYear(int(head["year"])),
        "count": len(edition.rows),
        "bar": shares(
            [Share(word, number, meaning) for word, meaning, number in tallies], label=_("取組の進捗状況")
        ),
        "tallies": tallies,
        "silent": shown.silent(edition.rows),
        "grouped": shown.count(edition.rows) != len(edition.rows),
        "rates": public_overview.rates(edition),
        "entries": [
            Entry(
                row,
                row.form["review"],
                _course(row.form["review"]),
                (hrefs or {}).get(UUID(row.form["initiative"]), ""),
            )
            for row in edition.rows
        ],
        "statuses": labels.STATUSES,
        "by": "、".join(head["by"]),
        "decided_on": dt.date.fromisoformat(head["decided_on"]) if head["decided_on"] else None,
    }


def _report(ctx: Context, year: int) -> Publication:
    """The standing report of a year. :class:`public.Gone` where it was taken back, :class:`Missing` where none ever was."""
    try:
        wanted = FiscalYear(year)
    except InvalidFiscalYearError:
        raise Missing from None
    found = publishing.standing_in(ctx, REPORT, wanted)
    if found is None:
        tombstone = publishing.taken_back(ctx, REPORT, wanted)
        if tombstone is not None:
            raise public.Gone(tombstone.title, tombstone.note)
        raise Missing
    return found


def _parts(ctx: Context, of: Publication) -> list[tuple[UUID, int, Form]]:
    return list(publishing.parts(ctx, of).values_list("object", "position", "body"))


@public_page
def report(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The report of a year: only what a body decided."""
    known(request.GET)
    found = _report(ctx, year)
    tag = serving.page_etag(ctx, "report", found.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    parts = _parts(ctx, found)
    standing = publishing.standing_parts(ctx, [UUID(form["initiative"]) for _one, _position, form in parts])
    hrefs = {
        part.object: public.address(ctx, part.publication, part.object)
        for part in standing
        if part.publication.kind == EDITION
    }
    context = report_context(found.head, parts, hrefs) | {
        "page": shell(ctx, found.title, home_crumbs(ctx), lang="ja"),
        "publication": found,
        "published_on": published_on(found),
        "exports": exports("plan-report-sheet", ctx.municipality.code, year),
        "record": [
            (one, japan_date(one.published_at))
            for one in publishing.history(ctx, REPORT, found.subject).defer("head")
        ],
        "record_href": reverse("plan-record", args=[ctx.municipality.code]),
    }
    return serving.keepable(render(request, "plan/year/report.html", context), tag)


@public_page
def report_sheet(request: HttpRequest, ctx: Context, year: int, name: str) -> HttpResponseBase:
    """The report as a table: one line for each indicator, one for an initiative without any."""
    found = _report(ctx, year)
    tag = serving.page_etag(ctx, "report", found.stamp, name)
    if (same := serving.unchanged(request, tag)) is not None:
        return same

    def column(key: str, label: str) -> Column:
        return Column(key, fields.prose(label=label, classification=PUBLIC, max_length=4000).spec)

    columns = [
        column("number", _("番号")),
        column("title", _("取組")),
        column("office", _("担当部署")),
        column("progress", _("進捗状況")),
        column("result", _("取組の結果")),
        column("name", _("指標")),
        column("target", _("目標")),
        column("actual", _("実績")),
        column("status", _("確度")),
        column("final", _("確定値")),
        column("difference", _("見込との差")),
        column("action", _("翌年度の方針")),
        column("reason", _("方針の理由")),
    ]
    rows = []
    for row in shown.edition(found.head, _parts(ctx, found)).rows:
        review = row.form["review"]
        own = {
            "number": row.number,
            "title": row.title,
            "office": "、".join(row.offices) or None,
            "progress": row.progress or None,
            "result": review["result"] or None,
            "action": _course(review) or None,
            "reason": review["reason"] or None,
        }
        for figure in review["figures"] or [{}]:
            cells = {
                key: figure.get(key) or None for key in ("name", "target", "actual", "final", "difference")
            }
            status = labels.of(labels.STATUSES, figure.get("status")) or None
            rows.append(Row({**own, **cells, "status": status}))
    table = Table(_("進捗報告"), ctx.municipality.name, columns, rows, found.published_at)
    filename = f"{ctx.municipality.name}_{found.title}".replace(" ", "_")
    return serving.keepable(respond(table, file_format(name), filename, public=True), tag)


# --- what was public on a day -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood on a day: since when, and until when where it stands no more; ``now``: it is what the public reads today."""

    publication: Publication
    href: str
    since: str
    until: str
    now: bool


@public_page
def record(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What stood published when a day ended (``day``; today without); what was taken back since is not shown again."""
    known(request.GET, "day")
    today = japan_date(ctx.now)
    day = _day(request.GET.get("day", ""), today)
    told = [*publishing.told(ctx, EDITION), *publishing.told(ctx, REPORT)]
    tag = serving.page_etag(ctx, "record", day.isoformat(), *(one.stamp for one in told))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = [one for kind in (EDITION, REPORT) for one in publishing.stood_on(ctx, kind, day).defer("head")]
    context = {
        "page": shell(ctx, _("公表の記録"), home_crumbs(ctx)),
        "day": day,
        "day_words": wareki(day),
        "is_today": day == today,
        "here": reverse("plan-record", args=[ctx.municipality.code]),
        "stood": [_stood(ctx, one, told) for one in found],
        "entries": [(one, wareki(japan_date(one.published_at))) for one in sorted(told, key=lambda one: one.published_at, reverse=True)],
        "changes_href": reverse("plan-changes", args=[ctx.municipality.code]),
        "first": min((japan_date(one.published_at) for one in told), default=None),
    }  # fmt: skip
    return serving.keepable(render(request, "plan/year/record.html", context), tag)


def _day(text: str, today: dt.date) -> dt.date:
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadQuery("day", text, _("2026-03-31のような日")) from None
    if not FIRST_DATE <= day <= today:
        raise BadQuery("day", text, _("%(day)sまでの日") % {"day": wareki(today)})
    return day


def _stood(ctx: Context, one: Publication, told: Sequence[Publication]) -> Stood:
    after = sorted(
        (
            other
            for other in told
            if (other.kind, other.subject) == (one.kind, one.subject) and other.number > one.number
        ),
        key=lambda other: other.number,
    )
    if not after:
        href = public.address(ctx, one) if one.kind == EDITION else front.address(ctx, one)
    else:
        href = past_address(ctx, one)
    until = moment(after[0].published_at) if after else ""
    return Stood(one, href, moment(one.published_at), until, not after)


def past_address(ctx: Context, one: Publication) -> str:
    """Where a publication that is not the newest can be read again."""
    return reverse("plan-record-one", args=[ctx.municipality.code, one.kind, one.subject, one.number])


def _numbered(ctx: Context, kind: str, subject: UUID, number: int) -> Publication:
    found = publishing.numbered(ctx, kind, subject, number) if kind in (EDITION, REPORT) else None
    if found is None or found.withdrawn:
        raise Missing
    return found


def _past_shell(ctx: Context, found: Publication, title: str) -> PortalPage:
    crumbs = [
        *home_crumbs(ctx),
        Link(_("公表の記録"), reverse("plan-record", args=[ctx.municipality.code])),
    ]
    return shell(ctx, title, crumbs, lang="ja")


@public_page
def record_one(request: HttpRequest, ctx: Context, kind: str, subject: UUID, number: int) -> HttpResponseBase:
    """A publication as it was: its list, or the report whole; with the days on which it stood."""
    found = _numbered(ctx, kind, subject, number)
    following = publishing.told(ctx, kind).filter(subject=subject, number=number + 1).first()
    tag = serving.page_etag(ctx, "record", found.stamp, following.stamp if following else "")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    here = past_address(ctx, found)
    context: dict[str, object] = {
        "page": _past_shell(ctx, found, found.title),
        "publication": found,
        "published_on": published_on(found),
        "since": moment(found.published_at),
        "until": moment(following.published_at) if following else "",
        "now_href": public.address(ctx, found) if kind == EDITION else front.address(ctx, found),
        "year_words": year_name(found.year),
    }
    if kind == REPORT:
        known(request.GET)
        context |= report_context(found.head, _parts(ctx, found))
        return serving.keepable(render(request, "plan/year/record_report.html", context), tag)
    state = state_of(ctx, found)
    rows = enumerate(state.forms.items(), start=1)
    frozen = shown.edition(state.head, ((key, position, form) for position, (key, form) in rows))
    spec = public_list.spec(frozen, lambda row: f"{here}{row.id}/")
    asked = spec.parse(request.GET)
    context["list"] = ListView(
        key="initiatives",
        caption=_("取組の一覧"),
        spec=spec,
        state=asked,
        page=public_list.page(frozen, spec, asked),
        path=here,
    )
    return serving.keepable(render(request, "plan/year/record_edition.html", context), tag)


@public_page
def record_initiative(
    request: HttpRequest, ctx: Context, kind: str, subject: UUID, number: int, identity: UUID
) -> HttpResponseBase:
    """An initiative as a publication had it: the public page, drawn from the frozen part."""
    if kind != EDITION:
        raise Missing
    found = _numbered(ctx, kind, subject, number)
    tag = serving.page_etag(ctx, "record", found.stamp, identity)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    if not PublishedPart.objects.for_actor(ctx).filter(publication=found, object=identity).exists():
        raise Missing
    history = public_history.load(ctx, [found])
    place = next(n for n, row in enumerate(history.rows[0]) if row.id == identity)
    whole = public.whole_rows(ctx, [found], [identity])
    path = past_address(ctx, found)
    context = public_initiative.initiative_page(request, ctx, found, history, place, whole, path)
    page = context["page"]
    assert isinstance(page, PortalPage)  # noqa: S101  # every public page of the plan has this shell
    back = _("%(title)s（%(number)d回目の公表）に戻る") % {"title": found.title, "number": found.number}
    context |= {
        "page": replace(
            page,
            crumbs=[*_past_shell(ctx, found, "").crumbs, Link(found.title, path, lang="ja")],
            former=Link(back, path),
        ),
        # What leads to today's content (files, code for other sites) is left out.
        "indicators": public_initiative.without_links(context["indicators"]),
        "history": [],
        "values_exports": {},
        "answer_href": "",
        "data_href": "",
    }
    return serving.keepable(render(request, "plan/portal/initiative.html", context), tag)


def _course(review: Form) -> str:
    """What is to become of it next year, in words; empty where nobody said so."""
    words = _ACTIONS.get(review["action"], "")
    return _(words) if words else ""
