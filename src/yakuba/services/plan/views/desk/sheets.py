"""The list of a draft coming back as a sheet: looked at cell by cell, then taken in as a whole."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.files import limits
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, grid, queries, rules, shown
from yakuba.services.plan.actions import CorrectRows, RowChange, correct_field, correct_rows
from yakuba.services.plan.models import Edition
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import address, crumbs_of, errors_of, need, see, show

_SHOWN = 300
_VERSIONS = 10**9


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Send a corrected sheet; the answer shows what it would change."""
    need(access.CORRECT_MANY, ctx)
    edition = queries.edition(ctx, edition_id)
    if request.method == "POST":
        try:
            found = _corrections(request, ctx, edition)
        except Problem as problem:
            return _form(
                request, ctx, edition, [FieldError("file", one.message) for one in errors_of(problem)]
            )
        return _preview(request, ctx, edition, found)
    return _form(request, ctx, edition, [])


def _corrections(request: HttpRequest, ctx: Context, edition: Edition) -> grid.Corrections:
    uploaded = received(request, "file")
    cells = read(uploaded)  # type: ignore[arg-type]  # an uploaded file reads and seeks like any binary stream
    own = queries.forms(queries.initiatives(ctx, edition))
    of = grid.columns([form for _row, form in own])
    listed = [shown.Row(row.pk, row.position, form) for row, form in own]
    mine = queries.correctable(ctx, edition)
    locked = {row.id: _why_locked(row) for row in listed if row.id not in mine}
    current = grid.rows(listed, {row.pk: row.version for row, _form in own}, of)
    return grid.corrections(compare(cells, of, current, locked=locked), {row.id: row.form for row in listed})


def _why_locked(row: shown.Row) -> str:
    if row.offices:
        return _(
            "取組%(number)sは「%(office)s」の担当です。あなたは直せません。元の内容に戻してください。"
        ) % {
            "number": row.form["number"],
            "office": "、".join(row.offices),
        }
    return _("取組%(number)sは担当が決まっていません。直せるのは事務局です。元の内容に戻してください。") % {
        "number": row.form["number"]
    }


def _form(request: HttpRequest, ctx: Context, edition: Edition, errors: list[FieldError]) -> HttpResponse:
    return show(
        request,
        ctx,
        "grid",
        _("訂正した表を取り込む"),
        crumbs=crumbs_of(ctx, edition),
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(limits.LIMITS.size),
        back=address("plan-desk-edition", ctx, edition.pk),
        here=address("plan-desk-grid", ctx, edition.pk),
        sheet_href=address("plan-desk-sheet", ctx, edition.pk, "xlsx"),
        status=422 if errors else 200,
    )


def _preview(request: HttpRequest, ctx: Context, edition: Edition, found: grid.Corrections) -> HttpResponse:
    return show(
        request,
        ctx,
        "grid_preview",
        _("訂正した表の確認"),
        crumbs=crumbs_of(ctx, edition),
        found=found,
        wanted=found.wanted[:_SHOWN],
        more=max(len(found.wanted) - _SHOWN, 0),
        rows=len({change["initiative"] for change in found.changes}),
        changes=json.dumps(found.changes, ensure_ascii=False),
        confirm_href=address("plan-desk-grid-confirm", ctx, edition.pk),
        again_href=address("plan-desk-grid", ctx, edition.pk),
        status=422 if found.problems else 200,
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Take the corrections in: all of them or none."""
    need(access.CORRECT_MANY, ctx)
    edition = queries.edition(ctx, edition_id)
    try:
        if changes := _changing(ctx, edition, _changes(request.POST.get("changes", ""))):
            correct_rows(ctx, edition, CorrectRows(changes))
    except Problem as problem:
        numbers = {str(row.pk): row.number for row in queries.initiatives(ctx, edition)}
        errors = [
            FieldError(
                "file",
                _("取組%(number)s：%(message)s") % {"number": numbers[one.key], "message": one.message},
            )
            if one.key in numbers
            else FieldError("file", one.message)
            for one in errors_of(problem)
        ]
        return _form(request, ctx, edition, errors)
    return see("plan-desk-edition", ctx, edition.pk)


def _changes(text: str) -> list[RowChange]:
    """The changes that the preview put into its form. Raises :class:`Problem` for anything else."""
    broken = Problem("changes", _("変更の内容を読み取れません。表をもう一度選んでください。"), field="file")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise broken from exc
    if not isinstance(found, list) or not found:
        raise broken
    changes = [_change(one) for one in found]
    if any(change is None for change in changes):
        raise broken
    return [change for change in changes if change is not None]


def _change(found: object) -> RowChange | None:
    """One change, read like a single correction; None for what the preview never writes. Raises :class:`Problem`."""
    if not isinstance(found, dict):
        return None
    row, version = found.get("initiative"), found.get("version")
    path, value = found.get("path"), found.get("value")
    if not (isinstance(row, str) and isinstance(path, str) and isinstance(value, str)):
        return None
    if not (type(version) is int and 0 < version < _VERSIONS):
        return None
    try:
        initiative = UUID(row)
        value.encode()  # half of a pair of surrogates is no text
    except ValueError:
        return None
    data = correct_field.read_json({"path": path, "value": value})
    return {"initiative": str(initiative), "version": version, "path": data.path, "value": data.value}


def _changing(ctx: Context, edition: Edition, changes: list[RowChange]) -> list[RowChange]:
    """The changes without those that say what stands here already: there is nothing to write for them."""
    rows = queries.initiatives(ctx, edition).filter(pk__in={change["initiative"] for change in changes})
    forms = {str(row.pk): form for row, form in queries.forms(rows)}
    return [
        change
        for change in changes
        if change["initiative"] not in forms
        or not _same(forms[change["initiative"]], change["path"], change["value"])
    ]


def _same(form: Form, path: str, value: str) -> bool:
    try:
        return rules.same(form, path, value)
    except Problem:
        return False  # the action says what is wrong, together with everything else
