"""The list of a draft coming back as a sheet: looked at cell by cell, then taken in as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read_all
from yakuba.kernel.sheets.table import Table
from yakuba.kernel.text import fold
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, desk_list, grid, queries, shown
from yakuba.services.plan.actions import CorrectRows, RowChange, correct_rows
from yakuba.services.plan.actions.many import known_of
from yakuba.services.plan.applying import Known, tried
from yakuba.services.plan.models import Edition
from yakuba.services.plan.parts import blank
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import crumbs_of, show

_SHOWN: Final = 300
_LASTS: Final = 24 * 60 * 60
"""How long a preview can be confirmed, in seconds."""
_HEADS: Final = 20


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
    """What the sheets of the file would change. Raises :class:`Problem` where none of them is one of ours."""
    sheets = read_all(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
    drafted = desk_list.of(ctx, edition)
    there = queries.forms(queries.initiatives(ctx, edition))
    versions = {row.pk: row.version for row, _form in there}
    ids = queries.indicator_ids(ctx, edition)
    locked = {row.id: _why_locked(row) for row in drafted.rows if row.id not in drafted.mine}
    initiatives, indicators = grid.tables(
        drafted, drafted.rows, versions, ids, municipality="", as_of=ctx.now, editable=True
    )
    found = _told_apart(sheets, {"initiatives": initiatives, "indicators": indicators})
    of_row = {pk: locked[row] for (row, _place), pk in ids.items() if row in locked}
    adds = access.ARRANGE.holds_anywhere(ctx)
    here = grid.Here(
        {str(row.pk): grid.Standing(form, row.version) for row, form in there},
        {pk: (str(row), place) for (row, place), pk in ids.items()},
        [tuple(node.path) for node in queries.tree(ctx, edition)],
        known_of(edition, there, japan_date(ctx.now)),
        lambda: blank("", edition.year.year),
        {str(pk): why for pk, why in locked.items()},
    )
    return grid.corrections(
        _compared(found.get("initiatives"), initiatives, locked, here, fresh=adds),
        _compared(found.get("indicators"), indicators, of_row, here, fresh=True),
        here,
    )


def _told_apart(
    sheets: Sequence[tuple[str, Grid]], tables: Mapping[str, Table]
) -> dict[str, tuple[str, Grid]]:
    """Which sheet is which table: the one more of whose heads it has. Raises :class:`Problem` for none, and for two of one."""
    found: dict[str, tuple[str, Grid]] = {}
    for name, cells in sheets:
        heads = {fold(str(cell)) for row in cells.rows[:_HEADS] for cell in row if cell is not None}
        if not heads & {fold("ID（変えない）"), "id"}:
            continue  # 「この表について」, or a sheet of the clerk's own
        which = max(
            tables,
            key=lambda one: sum(not of.fixed and fold(of.label) in heads for of in tables[one].columns),
        )
        if which in found:
            raise Problem(
                "twice",
                _("シート「%(one)s」と「%(other)s」は同じ表です。どちらかを消してください。")
                % {"one": found[which][0], "other": name},
                field="file",
            )
        found[which] = (name if len(sheets) > 1 else "", cells)
    if not found:
        raise Problem(
            "head_missing",
            _("見出しに「%s」がありません。書き出した表の見出しを残してください。") % "ID",
            field="file",
            expected="ID",
        )
    return found


def _compared(
    found: tuple[str, Grid] | None, table: Table, locked: Mapping[UUID, str], here: grid.Here, *, fresh: bool
) -> grid.Sheet | None:
    """A sheet beside the table as it is now."""
    if found is None:
        return None
    name, cells = found
    preview = compare(
        cells,
        table.columns,
        table.rows,
        locked=locked,
        fresh=fresh,
        restated=lambda change: grid.restated(change, here),
    )
    return grid.Sheet(preview, name)


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
        limit=limits.in_mb(LIMITS.size),
        back=address("plan-desk-edition", ctx, edition.pk),
        here=address("plan-desk-grid", ctx, edition.pk),
        sheet_href=address("plan-desk-sheet", ctx, edition.pk, "xlsx"),
        adds=access.ARRANGE.holds_anywhere(ctx),
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
        changes=signing.dumps(found.changes, salt=_salt(ctx, edition), compress=True),
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
        if changes := _changing(ctx, edition, _changes(ctx, edition, request.POST.get("changes", ""))):
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


def _salt(ctx: Context, edition: Edition) -> str:
    """A preview is of one edition, for whoever looked at it."""
    return f"plan.grid:{edition.pk}:{ctx.actor.id}"


def _changes(ctx: Context, edition: Edition, text: str) -> list[RowChange]:
    """The changes that the preview put into its form, signed. Raises :class:`Problem` for anything else.

    Without the form's key the same rows could come twice.
    """
    if not ctx.idempotency_key:
        raise Problem(
            "idempotency",
            _("確認の画面から送られた内容ではありません。表をもう一度選んでください。"),
            field="file",
        )
    try:
        found: list[RowChange] = signing.loads(text, salt=_salt(ctx, edition), max_age=_LASTS)
    except signing.SignatureExpired as exc:
        raise Problem(
            "expired", _("確認の画面を開いてから1日が過ぎました。表をもう一度選んでください。"), field="file"
        ) from exc
    except (signing.BadSignature, ValueError) as exc:
        raise Problem(
            "changes", _("変更の内容を読み取れません。表をもう一度選んでください。"), field="file"
        ) from exc
    return found


def _changing(ctx: Context, edition: Edition, changes: list[RowChange]) -> list[RowChange]:
    """The changes without those of rows that say what stands here already: there is nothing to write for them."""
    there = queries.forms(queries.initiatives(ctx, edition))
    forms = {str(row.pk): form for row, form in there}
    known = known_of(edition, there, japan_date(ctx.now))
    by_row: dict[str, list[RowChange]] = {}
    for change in changes:
        by_row.setdefault(change["initiative"], []).append(change)
    return [
        change
        for key, own in by_row.items()
        if key not in forms or not _same(key, forms[key], own, known)
        for change in own
    ]


def _same(key: str, form: Form, changes: Sequence[RowChange], known: Known) -> bool:
    try:
        return not tried(key, form, changes, known).told
    except Problem:
        return False  # the action says what is wrong, together with everything else
