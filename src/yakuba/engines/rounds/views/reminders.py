"""The ledger of reminders: what was sent to whom on which occasion, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.delivery.models import STATES as DELIVERY_STATES
from yakuba.engines.rounds.access import VIEW_REMINDER
from yakuba.engines.rounds.models import RECIPIENTS, Reminder
from yakuba.engines.rounds.queries import reminders, rounds
from yakuba.engines.rounds.rules import TOLD
from yakuba.engines.rounds.views.frame import of_round, show, top
from yakuba.engines.rounds.views.index import text
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.formats import moment, plain_day
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_PAGE: Final = 100
_RESULTS: Final = (*DELIVERY_STATES, ("skipped", "見送り"), ("nobody", "宛先なし"))


@dataclass(frozen=True, slots=True)
class Line:
    """A reminder as it is read. ``result`` is what became of the mail, or why there is none."""

    reminder: Reminder
    office: str
    occasion: str
    recipient: str
    result: str

    @property
    def result_label(self) -> str:
        """送信済み, 未確認, 宛先なし …"""
        return _(dict(_RESULTS)[self.result])


def drawn(ctx: Context, rows: Iterable[Reminder]) -> list[Line]:
    """Reminders with their words; one query for the names of offices."""
    found = list(rows)
    names = office_names({one.part.office_id for one in found}, japan_date(ctx.now)) if found else {}
    recipients = dict(RECIPIENTS)
    return [
        Line(
            one,
            names.get(one.part.office_id, ""),
            occasion_words(one.occasion),
            _(recipients[one.recipient]) if one.recipient else "",
            one.delivery.state if one.delivery else one.state,
        )
        for one in found
    ]


def occasion_words(occasion: str) -> str:
    """お知らせ, 7日前, 当日, 1日後, 事務局から."""
    if occasion.startswith("asked"):
        return _("事務局から")
    if occasion == TOLD:
        return _("お知らせ")
    days = int(occasion)
    if days == 0:
        return _("当日")
    return _("%(days)d日前") % {"days": -days} if days < 0 else _("%(days)d日後") % {"days": days}


def _spec() -> ListSpec[dict[str, object]]:
    return ListSpec(
        columns=(
            Column("at", _("日時"), main=True, narrow=True, show=lambda row: moment(row["at"])),
            Column("office", _("所属")),
            Column("until", _("期限"), narrow=True, show=lambda row: plain_day(row["until"])),
            Column("occasion", _("時期"), narrow=True),
            Column("outstanding", _("残り"), kind="number"),
            Column("recipient", _("宛先")),
            Column("result_label", _("結果"), narrow=True),
        ),
        filters=(Filter("result", _("結果"), tuple(Choice(key, _(label)) for key, label in _RESULTS)),),
        search=_("所属で探す"),
    )


def _rows(ctx: Context, round_id: UUID) -> list[dict[str, object]]:
    round_ = rounds.round_of(ctx, round_id)
    return [
        {
            "at": line.reminder.at,
            "office": line.office,
            "until": line.reminder.until,
            "occasion": line.occasion,
            "outstanding": line.reminder.outstanding,
            "recipient": line.recipient,
            "result": line.result,
            "result_label": line.result_label,
            "state": line.reminder.state,
        }
        for line in drawn(ctx, reminders.of_round(ctx, round_))
    ]


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """What was sent, newest first."""
    need(VIEW_REMINDER, ctx)
    round_ = rounds.round_of(ctx, round_id)
    spec = _spec()
    state = spec.parse(request.GET)
    view = ListView(
        key="reminders",
        caption=_("督促の記録"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, _rows(ctx, round_id), size=_PAGE),
        path=address("rounds-reminders", ctx, round_.pk),
        exports=exports("rounds-reminders-sheet", ctx.municipality.code, round_.pk),
        read_only=True,
        empty_title=_("督促はまだありません"),
        empty_body=_(
            "期限が近づくと、毎朝8時30分に課のメールへ送ります。送ったものと送れなかったものが、ここに並びます。"
        ),
    )
    return show(
        request, ctx, "reminders", _("督促の記録"), crumbs=[top(ctx), of_round(ctx, round_)], list=view
    )


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, round_id: UUID, file_format: Format) -> HttpResponseBase:
    """The ledger as a file to be read, as narrowed on the page."""
    need(VIEW_REMINDER, ctx)
    round_ = rounds.round_of(ctx, round_id)
    spec = _spec()
    rows = slice_rows(spec, spec.parse(request.GET), _rows(ctx, round_id), size=100_000).rows
    table = Table(
        name=_("督促の記録"),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Reminder, "at"),
            text("office", _("所属")),
            *columns_of(Reminder, "until"),
            text("occasion", _("時期")),
            SheetColumn(
                "outstanding",
                fields.integer(label=_("残り"), classification=INTERNAL, unit=_("件")).spec,
            ),
            text("recipient", _("宛先")),
            text("result_label", _("結果")),
        ),
        rows=[Row(row) for row in rows],
        as_of=ctx.now,
        notes=((_("照会"), round_.title), (_("編集"), _("読み取り専用"))),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{round_.title}_{table.name}")
