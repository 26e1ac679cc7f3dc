"""The list: what waits for me, what I read, what I drafted, what I decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yakuba.engines.approval.models import Proposal
from yakuba.engines.approval.queries import box as boxes
from yakuba.engines.approval.views.frame import show
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, ports
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import moment, yen
from yakuba.kernel.ui.lists import BadQuery, Column, ListSpec, ListState, ListView, Slice, sliced, start_of

_NAMES: Final[Mapping[str, Text]] = {
    "turn": gettext_lazy("自分の番"),
    "circulated": gettext_lazy("供覧"),
    "after": gettext_lazy("後閲"),
    "drafted": gettext_lazy("起案したもの"),
    "decided": gettext_lazy("決裁したもの"),
    "all": gettext_lazy("すべて"),
}
_EMPTY: Final[Mapping[str, Text]] = {
    "turn": gettext_lazy("自分の番の起案はありません"),
    "circulated": gettext_lazy("供覧を待つ起案はありません"),
    "after": gettext_lazy("後閲を待つ起案はありません"),
    "drafted": gettext_lazy("決裁を待つ自分の起案はありません"),
    "decided": gettext_lazy("自分が決裁した起案はまだありません"),
    "all": gettext_lazy("起案はまだありません"),
}


def _spec(ctx: Context) -> ListSpec[boxes.Line]:
    def link(line: boxes.Line) -> str:
        return address("approval-proposal", ctx, line.id)

    columns: tuple[Column[boxes.Line], ...] = (
        Column("title", _("件名"), main=True, link=link),
        Column("matter", _("事項")),
        Column("office", _("起案した所属")),
        Column("drafter", _("起案者")),
        Column("amount", _("金額"), kind="number", show=lambda line: yen(line.amount)),
        Column("state", _("状態"), narrow=True, show=lambda line: line.state_label),
        Column("turn", _("今の番")),
        Column("submitted_at", _("回した日時"), show=lambda line: moment(line.submitted_at)),
    )
    return ListSpec(columns=columns, search=_("件名・事項で探す"), extra=frozenset({"box"}))


def _asked(request: HttpRequest, spec: ListSpec[boxes.Line]) -> tuple[ListState, str]:
    state = spec.parse(request.GET)
    box = state.extra.get("box", "turn")
    if box not in boxes.BOXES:
        raise BadQuery("box", box, "・".join(boxes.BOXES))
    return state, box


@require_safe
@desk_page
def box(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """One box, fifty proposals a page."""
    spec = _spec(ctx)
    state, name = _asked(request, spec)
    rows = boxes.ordered(boxes.found_by(boxes.in_box(ctx, name), state.q), name)
    page = sliced(rows.select_related("drafter"), start_of(state, boxes.PAGE), boxes.PAGE)
    found = boxes.lines(ctx, page.rows)
    view = ListView(
        key="approvals",
        caption=str(_NAMES[name]),
        spec=spec,
        state=state,
        page=Slice(found, page.count, page.previous, page.following),
        path=address("approval-box", ctx),
        exports=exports("approval-box-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_EMPTY[name],
        empty_body=_("各業務の画面で「決裁に回す」と、決裁する職の箱に入ります。"),
        saved=_views(ctx, name),
    )
    if found:
        ports.trail().read(ctx, "approval.box", "proposal", [line.id for line in found])
    return show(request, ctx, "box", _("決裁箱"), list=view, absences_href=address("approval-absences", ctx))


def _views(ctx: Context, current: str) -> list[Link]:
    waiting = boxes.counts(ctx)
    here = address("approval-box", ctx)
    return [
        Link(
            label,
            here if key == "turn" else f"{here}?box={key}",
            current=key == current,
            count=waiting.get(key) or None,
        )
        for key, label in _NAMES.items()
    ]


def _text(key: str, label: str) -> SheetColumn:
    return SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)


@require_safe
@desk_page
def box_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same box as a file, whole."""
    state, name = _asked(request, _spec(ctx))
    rows = boxes.ordered(boxes.found_by(boxes.in_box(ctx, name), state.q), name)
    found = boxes.lines(ctx, rows.select_related("drafter"))
    table = Table(
        name=str(_NAMES[name]),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Proposal, "title", "matter"),
            _text("office", _("起案した所属")),
            SheetColumn(
                "drafter", fields.text(label=_("起案者"), classification=fields.PERSONAL, required=False).spec
            ),
            *columns_of(Proposal, "amount", "state"),
            _text("turn", _("今の番")),
            *columns_of(Proposal, "submitted_at", "decided_at"),
        ),
        rows=[
            Row(
                {
                    key: getattr(line, key)
                    for key in (
                        "title",
                        "matter",
                        "office",
                        "drafter",
                        "amount",
                        "state",
                        "turn",
                        "submitted_at",
                        "decided_at",
                    )
                }
            )
            for line in found
        ],
        as_of=ctx.now,
    )
    if found:
        ports.trail().read(ctx, "approval.box", "proposal", [line.id for line in found])
    return respond(table, file_format, f"{ctx.municipality.name}_{_('決裁箱')}_{_NAMES[name]}")
