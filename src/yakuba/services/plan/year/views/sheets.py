"""The answers of a round as sheets: out, one for each office, and back, looked at cell by cell, then taken in as a whole."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.rounds.models import OfficePart, Round
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read_all
from yakuba.kernel.sheets.respond import FORMATS, respond
from yakuba.kernel.sheets.table import Table
from yakuba.kernel.text import fold
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.year import access, grid, queries
from yakuba.services.plan.year.actions import ReviewRow, SaveReviews, save_reviews
from yakuba.services.plan.year.views.frame import crumbs_of, round_of, show, state_label

_LASTS: Final = 24 * 60 * 60
"""How long a preview can be confirmed, in seconds."""
_SHOWN: Final = 300
_HEADS: Final = 20


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, round_id: UUID, file_format: str) -> HttpResponseBase:
    """The answers as a workbook with a sheet for each office (CSV: one table). ``?mine``: of the own office alone."""
    round_ = round_of(ctx, round_id)
    wholes = _wholes(ctx, round_, mine="mine" in request.GET)
    made = _tables(ctx, round_, wholes)
    kind = next(one for one in FORMATS if one == file_format)
    filename = f"{ctx.municipality.name}_{round_.title}".replace(" ", "_")
    if not made:
        made = [Table(_("取組"), ctx.municipality.name, grid.columns([], round_.phase), [], ctx.now)]
    if kind == "csv" and len(made) > 1:
        rows = [row for one in made for row in one.rows]
        made = [Table(_("取組"), ctx.municipality.name, made[0].columns, rows, ctx.now, editable=True)]
    return respond(made[0], kind, filename, *made[1:])


def _wholes(ctx: Context, round_: Round, *, mine: bool = False) -> list[queries.Whole]:
    found = queries.reviews(ctx).filter(item__round=round_)
    return queries.wholes(found.filter(access.REVIEW.q(ctx)) if mine else found, ctx=ctx)


def _tables(ctx: Context, round_: Round, wholes: list[queries.Whole]) -> list[Table]:
    parts = dict(OfficePart.objects.for_actor(ctx).filter(round=round_).values_list("pk", "office"))
    names = office_names(parts.values(), japan_date(ctx.now))
    return grid.tables(
        wholes,
        phase=round_.phase,
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        offices={part: names.get(office, "") for part, office in parts.items()},
        states={one.review.pk: state_label(one.review.item) for one in wholes},
        words=[word for word, _meaning in queries.progress_choices(ctx, queries.edition_of(round_))],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Send a filled sheet; the answer shows what it would change."""
    need(access.REVIEW_MANY, ctx)
    round_ = round_of(ctx, round_id)
    if request.method != "POST":
        return _form(request, ctx, round_, [])
    try:
        found = _wanted(request, ctx, round_)
    except Problem as problem:
        return _form(request, ctx, round_, [FieldError("file", one.message) for one in errors_of(problem)])
    return show(
        request,
        ctx,
        "grid_preview",
        _("書いた表の確認"),
        crumbs=_crumbs(ctx, round_),
        found=found,
        lines=found.lines[:_SHOWN],
        more=max(len(found.lines) - _SHOWN, 0),
        changes=signing.dumps(found.rows, salt=_salt(ctx, round_), compress=True),
        confirm_href=address("plan-year-grid-confirm", ctx, round_.pk),
        again_href=address("plan-year-grid", ctx, round_.pk),
        status=422 if found.problems else 200,
    )


def _wanted(request: HttpRequest, ctx: Context, round_: Round) -> grid.Wanted:
    """What the sheets of the file would change. Raises :class:`Problem` where none of them is one of ours."""
    sheets = read_all(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
    wholes = _wholes(ctx, round_)
    made = _tables(ctx, round_, wholes)
    rows = [row for one in made for row in one.rows]
    columns = made[0].columns if made else grid.columns([], round_.phase)
    mine = set(
        Review.objects.for_actor(ctx)
        .filter(access.REVIEW.q(ctx), item__round=round_)
        .values_list("pk", flat=True)
    )
    locked = {one.review.pk: why for one in wholes if (why := _why_locked(one, mine))}
    previews = []
    for name, cells in sheets:
        heads = {fold(str(cell)) for row in cells.rows[:_HEADS] for cell in row if cell is not None}
        if heads & {fold("ID（変えない）"), "id"}:
            previews.append((name, compare(cells, columns, rows, locked=locked)))
    if not previews:
        raise Problem(
            "head_missing",
            _("見出しに「%s」がありません。書き出した表の見出しを残してください。") % "ID",
            field="file",
            expected="ID",
        )
    return grid.wanted(previews, {one.review.pk: one for one in wholes})


def _why_locked(whole: queries.Whole, mine: set[UUID]) -> str:
    item = whole.review.item
    if whole.review.pk not in mine:
        return _("「%(item)s」は、あなたの課の取組ではありません。元の内容に戻してください。") % {
            "item": item
        }
    if item.state != "open" or not (item.round.state == "open" or item.sent_back):
        return _("「%(item)s」は、いま「%(state)s」です。書き直せません。") % {
            "item": item,
            "state": state_label(item),
        }
    return ""


def _crumbs(ctx: Context, round_: Round) -> list[Link]:
    return [
        *crumbs_of(ctx, round_),
        Link(_("回答の確認"), address("plan-year-check", ctx, round_.pk)),
    ]


def _form(request: HttpRequest, ctx: Context, round_: Round, errors: list[FieldError]) -> HttpResponse:
    return show(
        request,
        ctx,
        "grid",
        _("表で書く"),
        crumbs=_crumbs(ctx, round_),
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        back=address("plan-year-check", ctx, round_.pk),
        here=address("plan-year-grid", ctx, round_.pk),
        sheet_href=address("plan-year-sheet", ctx, round_.pk, "xlsx"),
        status=422 if errors else 200,
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Take the answers in: all of them or none."""
    need(access.REVIEW_MANY, ctx)
    round_ = round_of(ctx, round_id)
    try:
        if rows := _rows(ctx, round_, request.POST.get("changes", "")):
            save_reviews(ctx, round_, SaveReviews(rows))
    except Problem as problem:
        names = {str(one.pk): str(one) for one in queries.reviews(ctx).filter(item__round=round_)}
        errors = [
            FieldError("file", f"{names.get(one.key.partition('.')[0], '')} {one.message}".strip())
            for one in errors_of(problem)
        ]
        return _form(request, ctx, round_, errors)
    return see("plan-year-check", ctx, round_.pk)


def _salt(ctx: Context, round_: Round) -> str:
    """A preview is of one round, for whoever looked at it."""
    return f"plan.year.grid:{round_.pk}:{ctx.actor.id}"


def _rows(ctx: Context, round_: Round, text: str) -> list[ReviewRow]:
    """The rows that the preview put into its form, signed. Raises :class:`Problem` for anything else."""
    try:
        return cast("list[ReviewRow]", signing.loads(text, salt=_salt(ctx, round_), max_age=_LASTS))
    except signing.SignatureExpired as exc:
        raise Problem(
            "expired", _("確認の画面を開いてから1日が過ぎました。表をもう一度選んでください。"), field="file"
        ) from exc
    except (signing.BadSignature, ValueError) as exc:
        raise Problem(
            "changes", _("変更の内容を読み取れません。表をもう一度選んでください。"), field="file"
        ) from exc
