"""What is held back: the list, one hold with its release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.protection import access, queries
from yakuba.engines.protection.actions import release
from yakuba.engines.protection.models import STATES, Hold
from yakuba.engines.protection.rules import REASONS
from yakuba.engines.protection.views.frame import show, tabs
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import SUBJECTS, Context, Problem, SubjectRef, ports, resolve
from yakuba.kernel.dates import format_date, format_moment
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.trail.labels import titles
from yakuba.kernel.ui.components import Fact, FieldError, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_STATES = dict(STATES)
_REASONS = dict(REASONS)


@dataclass(frozen=True, slots=True)
class Line:
    """A hold in the list."""

    id: UUID
    protected: UUID
    raised_at: str
    subject: str
    name: str
    reasons: str
    state: str
    released: str


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What is held back, and what was released."""
    need(access.VIEW_HOLD, ctx)
    spec = _list(ctx)
    state = spec.parse(request.GET)
    page = slice_rows(spec, state, _lines(ctx))
    ports.trail().read(
        ctx, "protection.holds", "protected", dict.fromkeys(row.protected for row in page.rows)
    )
    view = ListView(
        key="holds",
        caption=_("支援措置による停止"),
        spec=spec,
        state=state,
        page=page,
        path=address("protection-desk-holds", ctx),
        exports=exports("protection-desk-holds-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("止めているものはありません"),
        empty_body=_("登録された人と一致する申請などが届くと、自動の出力を止めて、ここに並べます。"),
    )
    return show(
        request,
        ctx,
        "holds",
        _("支援措置"),
        view=view,
        tabs=tabs(ctx, "holds", queries.standing_count(ctx)),
    )


def _list(ctx: Context) -> ListSpec[Line]:
    return ListSpec(
        columns=(
            Column("raised_at", _("止めた日時"), narrow=True),
            Column(
                "subject",
                _("対象"),
                main=True,
                link=lambda row: address("protection-desk-hold", ctx, row.id),
            ),
            Column("name", _("一致した登録")),
            Column("reasons", _("一致した項目")),
            Column("state", _("状態"), narrow=True, show=lambda row: _(_STATES[row.state])),
            Column("released", _("解除")),
        ),
        filters=(Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in STATES)),),
        search=_("対象・氏名で探す"),
    )


def _lines(ctx: Context) -> list[Line]:
    found = list(queries.holds(ctx))
    called = _called(ctx, found)
    return [
        Line(
            one.pk,
            one.protected_id,
            format_moment(one.raised_at),
            called[one.pk],
            one.protected.name,
            _reasons(one),
            one.state,
            f"{format_moment(one.released_at)} {one.released_by}" if one.released_at else "",
        )
        for one in found
    ]


def _called(ctx: Context, found: Iterable[Hold]) -> dict[UUID, str]:
    """What the held things are called, of those that the keeper may see; the kind alone of others."""
    by_kind: dict[str, list[Hold]] = defaultdict(list)
    for one in found:
        by_kind[one.subject_kind].append(one)
    words: dict[UUID, str] = {}
    for kind, own in by_kind.items():
        label = _(SUBJECTS[kind].label) if kind in SUBJECTS else kind
        known = titles(ctx, kind, {one.subject_id for one in own})
        words |= {one.pk: f"{label} {known.get(one.subject_id, str(one.subject_id)[-12:])}" for one in own}
    return words


def _reasons(hold: Hold) -> str:
    return "・".join(_(_REASONS.get(one, one)) for one in hold.reasons.split(","))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def hold(request: HttpRequest, ctx: Context, hold_id: UUID) -> HttpResponseBase:
    """One hold: what is held, who matched, and the form that releases it."""
    need(access.VIEW_HOLD, ctx)
    found = queries.hold(ctx, hold_id)
    typed = {"reason": request.POST.get("reason", ""), "resume": request.POST.get("resume", "")}
    problem: Problem | None = None
    if request.method == "POST":
        try:
            data = release.read_text({key: text for key, text in typed.items() if text})
            release(ctx, found, data)
        except Problem as refused:
            problem = refused
        else:
            return see("protection-desk-holds", ctx)
    return _page(request, ctx, found, typed, problem)


def _page(
    request: HttpRequest, ctx: Context, found: Hold, typed: dict[str, str], problem: Problem | None
) -> HttpResponse:
    ports.trail().read(ctx, "protection.hold", "protected", [found.protected_id])
    errors: list[FieldError] = errors_of(problem) if problem else []
    person = found.protected
    return show(
        request,
        ctx,
        "hold",
        _("支援措置による停止"),
        crumbs=[Link(_("支援措置"), address("protection-desk-holds", ctx))],
        status=problem.status if problem else 200,
        facts=[
            Fact(_("対象"), _called(ctx, [found])[found.pk]),
            Fact(_("状態"), _(_STATES[found.state])),
            Fact(_("止めた日時"), format_moment(found.raised_at)),
            Fact(_("一致した項目"), _reasons(found)),
            *(
                [
                    Fact(_("解除"), f"{format_moment(found.released_at)} {found.released_by}"),
                    Fact(_("解除の理由"), found.release_note),
                ]
                if found.released_at
                else []
            ),
        ],
        person=[
            Fact(_("氏名"), person.name, person.kana),
            Fact(_("生年月日"), format_date(person.birth) if person.birth else _("登録なし")),
            Fact(_("住所"), person.address or _("登録なし")),
            Fact(_("期間"), _period(found)),
        ],
        subject_href=_subject_href(ctx, found),
        entry_href=address("protection-desk-entry", ctx, person.pk),
        standing=found.state == "standing",
        typed=typed,
        errors=errors,
        said={error.key: error.message for error in errors},
        back=address("protection-desk-holds", ctx),
    )


def _period(found: Hold) -> str:
    until = found.protected.valid_to
    return f"{format_date(found.protected.valid_from)}〜{format_date(until) if until else ''}"


def _subject_href(ctx: Context, found: Hold) -> str:
    """The page of what is held; it decides itself who may see it."""
    kind = SUBJECTS.get(found.subject_kind)
    thing = resolve(SubjectRef(found.subject_kind, found.subject_id)) if kind else None
    return kind.url(ctx, thing) if kind is not None and thing is not None else ""


@require_safe
@desk_page
def save(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The holds as a file to be read."""
    need(access.VIEW_HOLD, ctx)
    lines = _lines(ctx)
    ports.trail().read(ctx, "protection.holds", "protected", dict.fromkeys(row.protected for row in lines))
    found = {one.pk: one for one in queries.holds(ctx)}
    table = Table(
        name=_("支援措置による停止"),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Hold, "raised_at"),
            _text("subject", _("対象")),
            SheetColumn("name", _personal(_("一致した登録"))),
            _text("reasons", _("一致した項目")),
            *columns_of(Hold, "state", "released_at", "released_by", "release_note"),
        ),
        rows=[
            Row(
                {
                    **{
                        key: getattr(found[line.id], key)
                        for key in ("raised_at", "state", "released_at", "released_by", "release_note")
                    },
                    "subject": line.subject,
                    "name": line.name,
                    "reasons": line.reasons,
                }
            )
            for line in lines
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


def _text(key: str, label: str) -> SheetColumn:
    return SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)


def _personal(label: str) -> fields.Spec:
    return fields.text(label=label, classification=fields.PERSONAL, required=False).spec
