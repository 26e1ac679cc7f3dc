"""Handing filings over as a file: which procedure, which days, in which form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.casework.access import WORK
from yakuba.kernel.access.desk import desk_shell
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Missing, Problem, ports
from yakuba.kernel.dates import InvalidDateError, format_date, parse_date
from yakuba.kernel.ids import read_id
from yakuba.kernel.sheets.respond import respond
from yakuba.kernel.sheets.table import Table
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.lists import known
from yakuba.services.procedures import exports
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.models import Procedure

_ASKED = ("procedure", "first", "last", "form", "part", "encoding")
FORMS = ("xlsx", "csv", "json")
ENCODINGS = ("utf8", "cp932")


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The form; once it says what is wanted, how many that are, and the files."""
    _need(ctx)
    known(request.GET, *_ASKED)
    errors: list[FieldError] = []
    found: exports.Gathered | None = None
    asked: exports.Asked | None = None
    if request.GET.get("procedure"):
        try:
            asked = _asked(request, ctx)
            found = exports.gather(ctx, asked)
        except Problem as problem:
            if isinstance(problem, Missing | Denied):
                raise
            errors = [FieldError(problem.field, problem.message)]
    return _page(request, ctx, asked, found, errors)


def _need(ctx: Context) -> None:
    if not WORK.holds_anywhere(ctx):
        raise Denied


def _asked(request: HttpRequest, ctx: Context) -> exports.Asked:
    procedure = _procedure(ctx, request.GET.get("procedure", ""))
    first, last = (_day(request, key) for key in ("first", "last"))
    if last < first:
        raise Problem(
            "days", _("「終わりの日」は、「はじめの日」より前にできません。"), field="last", found=str(last)
        )
    return exports.Asked(procedure, first, last)


def _procedure(ctx: Context, text: str) -> Procedure:
    found = queries.enterable(ctx).filter(pk=read_id(text)).first()
    if found is None:
        raise Missing
    return found


def _day(request: HttpRequest, key: str) -> dt.date:
    text = request.GET.get(key, "")
    try:
        return parse_date(text)
    except InvalidDateError as error:
        raise Problem("day", str(error), field=key, found=text[:40]) from error


def _page(
    request: HttpRequest,
    ctx: Context,
    asked: exports.Asked | None,
    found: exports.Gathered | None,
    errors: Sequence[FieldError],
) -> HttpResponse:
    code = ctx.municipality.code
    first, last = exports.default_days(ctx)
    context = {
        "page": desk_shell(
            request,
            ctx,
            _("提出の書き出し"),
            [Link(_("案件"), reverse("casework-inbox", args=[code]))],
        ),
        "errors": errors,
        "said": {one.key: one.message for one in errors},
        "procedures": [(str(one.pk), one.title) for one in queries.enterable(ctx)],
        "procedure": request.GET.get("procedure", ""),
        "first": request.GET.get("first", format_date(first)),
        "last": request.GET.get("last", format_date(last)),
        "found": found,
        "count": len(found.rows) if found else 0,
        "files": _files(ctx, asked, found) if asked and found and found.rows else [],
    }
    return render(request, "procedures/desk/exporting.html", context, status=422 if errors else 200)


def _files(ctx: Context, asked: exports.Asked, found: exports.Gathered) -> list[tuple[str, str]]:
    """(words, address) of each file."""
    here = reverse("procedures-export-file", args=[ctx.municipality.code])

    def href(form: str, part: str = "", encoding: str = "utf8") -> str:
        pairs = [
            ("procedure", str(asked.procedure.pk)),
            ("first", asked.first.isoformat()),
            ("last", asked.last.isoformat()),
            ("form", form),
            *([("part", part)] if part else []),
            *([("encoding", encoding)] if encoding != "utf8" else []),
        ]
        return f"{here}?{urlencode(pairs)}"

    links = [
        (_("Excel（XLSX、くり返す項目は別のシート）"), href("xlsx")),
        (_("CSV（UTF-8）"), href("csv")),
        (_("CSV（Shift_JIS・CP932。表せない文字は〓になります）"), href("csv", encoding="cp932")),
        (_("JSON"), href("json")),
    ]
    for key, group in found.groups.items():
        if group.rows:
            links += [
                (_("「%(name)s」のCSV（UTF-8）") % {"name": group.label}, href("csv", key)),
                (_("「%(name)s」のCSV（CP932）") % {"name": group.label}, href("csv", key, "cp932")),
            ]
    return links


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """One file. What is handed over is logged with its ids."""
    _need(ctx)
    known(request.GET, *_ASKED)
    form, encoding = request.GET.get("form", ""), request.GET.get("encoding", "utf8")
    if form not in FORMS or encoding not in ENCODINGS:
        raise Missing
    asked = _asked(request, ctx)
    made = exports.gather(ctx, asked)
    tables = exports.tables(ctx, asked, made)
    part = dict(tables).get(request.GET.get("part", ""))
    if part is None:
        raise Missing
    ports.trail().read(
        ctx,
        "procedures.export",
        "filing",
        [one.pk for one in made.filings],
        procedure=asked.procedure.title,
        first=asked.first.isoformat(),
        last=asked.last.isoformat(),
        form=form,
        part=request.GET.get("part", ""),
        left_out=made.held,
    )
    name = f"{asked.procedure.title}_{asked.first:%Y%m%d}-{asked.last:%Y%m%d}"
    if form == "json":
        return _attached([exports.as_json(ctx, asked, made)], "application/json", f"{name}.json")
    if form == "csv" and encoding == "cp932":
        return _attached(exports.cp932_lines(part), "text/csv; charset=shift_jis", f"{name}_cp932.csv")
    if form == "csv":
        return respond(part, "csv", _named(name, part, main=part is tables[0][1]))
    return respond(tables[0][1], "xlsx", name, *(table for _key, table in tables[1:]))


def _named(name: str, part: Table, *, main: bool) -> str:
    return name if main else f"{name}_{part.name}"


def _attached(parts: Iterable[bytes], content_type: str, filename: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(parts, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
