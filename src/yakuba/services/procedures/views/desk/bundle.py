"""What an office registered on a day: the intake list, and everything bound into one PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.casework.access import WORK
from yakuba.kernel import fields
from yakuba.kernel.access.desk import desk_shell, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Missing, Problem, ports
from yakuba.kernel.dates import InvalidDateError, format_date, japan_date, parse_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files.archives import MB
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table
from yakuba.kernel.ui.components import FieldError, Link, badge
from yakuba.kernel.ui.lists import Column, ListSpec, ListState, ListView, Slice, known
from yakuba.services.procedures.access.desk import VIEW_BUNDLE
from yakuba.services.procedures.actions.bundling import OrderBundle, order_bundle
from yakuba.services.procedures.bundling import making, queries
from yakuba.services.procedures.models import BUNDLE_STATES, Filing

#: What is bound while one waits; more is the worker's.
AT_ONCE, AT_ONCE_BYTES = 20, 20 * MB
_COLUMNS = ("number", "arrived", "procedure", "applicant", "channel", "state")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which day of which office."""

    day: dt.date
    office: UUID
    name: str

    @property
    def query(self) -> str:
        """As it stands in the address."""
        return urlencode({"day": self.day.isoformat(), "office": str(self.office)})


@dataclass(frozen=True, slots=True)
class Line:
    """A filing in the list."""

    filing: Filing
    shown: making.Line
    held: bool


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The day's list; a button binds what stands in it."""
    _need(ctx)
    known(request.GET, "day", "office")
    errors: list[FieldError] = []
    try:
        asked = _asked(request, ctx)
    except Problem as problem:
        if isinstance(problem, Denied | Missing):
            raise
        errors = [FieldError("day", problem.message)]
        asked = Asked(japan_date(ctx.now), *_first(ctx))
    if request.method != "POST" or errors:
        return _page(request, ctx, asked, errors, 422 if errors else 200)
    try:
        return _bound(request, ctx, asked)
    except Problem as problem:
        if isinstance(problem, Denied | Missing):
            raise
        return _page(request, ctx, asked, [FieldError("", problem.message)], problem.status)


def _need(ctx: Context) -> None:
    if not WORK.holds_anywhere(ctx):
        raise Denied


def _first(ctx: Context) -> tuple[UUID, str]:
    offices = queries.own_offices(ctx)
    if not offices:
        raise Denied
    return min(offices.items(), key=lambda one: (one[1], one[0]))


def _asked(request: HttpRequest, ctx: Context) -> Asked:
    """What the address says; today and the first of one's offices where it says nothing. Raises :class:`Problem` for no date."""
    text = request.GET.get("day", "").strip()
    try:
        day = parse_date(text) if text else japan_date(ctx.now)
    except InvalidDateError as error:
        raise Problem("day", str(error), field="day", found=text[:40]) from error
    wanted = request.GET.get("office", "")
    if not wanted:
        return Asked(day, *_first(ctx))
    found = next(((pk, name) for pk, name in queries.own_offices(ctx).items() if str(pk) == wanted), None)
    if found is None:
        raise Missing
    return Asked(day, *found)


def _bound(request: HttpRequest, ctx: Context, asked: Asked) -> HttpResponseBase:
    """The PDF, or the way to where the worker's stands. Raises :class:`Problem` that names what is held."""
    filings = list(queries.of_day(ctx, asked.office, asked.day))
    held = queries.held_of(ctx, filings)
    without = frozenset(request.POST.getlist("without"))
    kept = [one for one in filings if str(one.pk) not in without]
    stopped = [one for one in kept if one.pk in held]
    if stopped:
        raise Problem(
            "held",
            _(
                "支援措置で止めている書類があるので、束ねられません：%(numbers)s。外すものに印を付けるか、支援措置の担当に確認してください。"
            )
            % {"numbers": "、".join(case.number for case in queries.cases(stopped))},
        )
    if not kept:
        raise Problem("none", _("束ねる書類がありません。"))
    if len(kept) > AT_ONCE or queries.attached_bytes(kept) > AT_ONCE_BYTES:
        office = queries.office(ctx, asked.office)
        made = order_bundle(ctx, office, OrderBundle(asked.day, [str(one.pk) for one in kept]))
        return see("procedures-bundle-made", ctx, made.pk)
    ports.trail().read(ctx, "procedures.bundle", "filing", [one.pk for one in kept])
    return _pdf(making.bind(ctx, kept, asked.name, asked.day).data, f"bundle-{asked.day.isoformat()}")


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _lines(ctx: Context, asked: Asked) -> list[Line]:
    filings = list(queries.of_day(ctx, asked.office, asked.day))
    held = queries.held_of(ctx, filings)
    return [
        Line(one, making.line(one, one.case, held=False), one.pk in held)
        for one in filings
        if one.case is not None
    ]


def _spec(ctx: Context) -> ListSpec[Line]:
    return ListSpec(
        columns=(
            Column(
                "number",
                _("収受番号"),
                main=True,
                narrow=True,
                show=lambda row: row.shown.number,
                link=lambda row: reverse("casework-case", args=[ctx.municipality.code, row.filing.case_id]),
            ),
            Column("arrived", _("到達"), narrow=True, show=lambda row: row.shown.arrived),
            Column("procedure", _("手続"), show=lambda row: row.shown.procedure),
            Column("applicant", _("申請者"), show=_applicant),
            Column("channel", _("受付の方法"), narrow=True, show=lambda row: row.shown.channel),
            Column("state", _("状態"), narrow=True, show=lambda row: row.shown.state),
        )
    )


def _applicant(row: Line) -> object:
    if not row.held:
        return row.shown.applicant
    return format_html("{} {}", row.shown.applicant, badge(_("支援措置"), tone="bad", mark="stop"))


def _page(
    request: HttpRequest, ctx: Context, asked: Asked, errors: Sequence[FieldError], status: int
) -> HttpResponse:
    lines = _lines(ctx, asked)
    ports.trail().read(ctx, "procedures.intake", "filing", [line.filing.pk for line in lines])
    here = reverse("procedures-bundle", args=[ctx.municipality.code])
    offices = queries.own_offices(ctx)
    view = ListView(
        key="intake",
        caption=_("受付簿"),
        spec=_spec(ctx),
        state=ListState(),
        page=Slice(lines, len(lines)),
        path=here,
        empty_title=_("この日に収受した書類はありません"),
        empty_body=_("ほかの日を選んでください。"),
    )
    context = {
        "page": desk_shell(request, ctx, _("一日分の受付簿と書類"), _crumbs(ctx)),
        "new_key": str(uuid7()),
        "view": view,
        "lines": lines,
        "errors": errors,
        "said": {one.key: one.message for one in errors},
        "day": request.GET.get("day") or format_date(asked.day),
        "office": str(asked.office),
        "offices": [(str(pk), name) for pk, name in sorted(offices.items(), key=lambda one: one[1])],
        "held": [
            (str(line.filing.pk), f"{line.shown.number}　{line.shown.procedure}")
            for line in lines
            if line.held
        ],
        "without": request.POST.getlist("without"),
        "action": f"{here}?{asked.query}",
        "files": [
            (label, f"{reverse('procedures-intake', args=[ctx.municipality.code, ending])}?{asked.query}")
            for ending, label in (("pdf", "PDF"), ("xlsx", "XLSX"), ("csv", "CSV"))
        ]
        if lines
        else [],
    }
    return render(request, "procedures/desk/bundle.html", context, status=status)


def _crumbs(ctx: Context) -> list[Link]:
    return [Link(_("案件"), reverse("casework-inbox", args=[ctx.municipality.code]))]


@require_safe
@desk_page
def intake(request: HttpRequest, ctx: Context, ending: str) -> HttpResponseBase:
    """The list as PDF, XLSX or CSV; those on whom 支援措置 stands without their names."""
    _need(ctx)
    known(request.GET, "day", "office")
    if ending not in {"pdf", "xlsx", "csv"}:
        raise Missing
    asked = _asked(request, ctx)
    filings = list(queries.of_day(ctx, asked.office, asked.day))
    held = queries.held_of(ctx, filings)
    ports.trail().read(ctx, "procedures.intake", "filing", [one.pk for one in filings if one.pk not in held])
    if ending == "pdf":
        return _pdf(making.intake(filings, held, asked.name, asked.day), f"intake-{asked.day.isoformat()}")
    return respond(
        _table(ctx, asked, filings, held), _format(ending), f"{asked.name}_受付簿_{asked.day.isoformat()}"
    )


def _format(ending: str) -> Format:
    return "xlsx" if ending == "xlsx" else "csv"


def _table(ctx: Context, asked: Asked, filings: Sequence[Filing], held: frozenset[UUID]) -> Table:
    labels = {
        "number": _("収受番号"),
        "arrived": _("到達"),
        "procedure": _("手続"),
        "applicant": _("申請者"),
        "channel": _("受付の方法"),
        "state": _("状態"),
    }
    lines = [making.line(one, one.case, held=one.pk in held) for one in filings if one.case is not None]
    return Table(
        name=_("受付簿"),
        municipality=ctx.municipality.name,
        columns=tuple(
            SheetColumn(
                key,
                fields.text(
                    label=labels[key],
                    classification=PERSONAL if key == "applicant" else INTERNAL,
                    required=False,
                ).spec,
            )
            for key in _COLUMNS
        ),
        rows=[Row({key: getattr(line, key) for key in _COLUMNS}) for line in lines],
        as_of=ctx.now,
        notes=(
            (_("担当課"), asked.name),
            (_("収受した日"), format_date(asked.day)),
            (_("編集"), _("読み取り専用")),
        ),
    )


@require_safe
@desk_page
def made(request: HttpRequest, ctx: Context, bundle_id: UUID) -> HttpResponseBase:
    """How far the worker is, and the way to what it made."""
    found = queries.bundle(ctx, bundle_id)
    code = ctx.municipality.code
    context = {
        "page": desk_shell(
            request,
            ctx,
            _("%(day)sの書類") % {"day": format_date(found.day)},
            [*_crumbs(ctx), Link(_("一日分の受付簿と書類"), reverse("procedures-bundle", args=[code]))],
        ),
        "bundle": found,
        "state": _(dict(BUNDLE_STATES)[found.state]),
        "count": len(found.filings),
        "here": reverse("procedures-bundle-made", args=[code, found.pk]),
        "file_href": reverse("procedures-bundle-file", args=[code, found.pk]),
        "back": reverse("procedures-bundle", args=[code]),
    }
    return render(request, "procedures/desk/bundle_made.html", context)


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, bundle_id: UUID) -> HttpResponseBase:
    """What the worker made."""
    found = queries.bundle(ctx, bundle_id)
    if found.file is None:
        raise Missing
    ports.trail().read(ctx, "procedures.bundle", "filing", [UUID(str(one)) for one in found.filings])
    return serve(request, ctx, found.file, owner=found, permission=VIEW_BUNDLE)
