"""The list of rounds, and above it what the reader's own office has to answer."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.rounds import rules, states
from yakuba.engines.rounds.access import PLAN, VIEW_ROUND
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.models import Round
from yakuba.engines.rounds.queries import rounds
from yakuba.engines.rounds.views.frame import late_badge, phase_words, round_badge, show
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
from yakuba.kernel.ui.formats import plain_day, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_PAGE: Final = 50


def _spec(ctx: Context) -> ListSpec[dict[str, object]]:
    def link(row: dict[str, object]) -> str:
        return address("rounds-round", ctx, row["id"])

    kinds = tuple(Choice(key, asking.label) for key, asking in ASKINGS.items())
    return ListSpec(
        columns=(
            Column("title", _("件名"), main=True, link=link),
            Column("kind_label", _("種類")),
            Column("year", _("年度"), narrow=True, show=lambda row: row["year_label"]),
            Column("phase", _("見込・確定"), narrow=True),
            Column("due", _("提出期限"), narrow=True, show=lambda row: row["due_label"]),
            Column("state", _("状態"), narrow=True, show=lambda row: round_badge(str(row["state"]))),
        ),
        filters=(
            Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in states.ROUND_STATES)),
            *([Filter("kind", _("種類"), kinds)] if len(kinds) > 1 else []),
        ),
        search=_("件名で探す"),
    )


def _rows(ctx: Context) -> list[dict[str, object]]:
    due = rounds.due_days(ctx)
    labels = {key: str(asking.label) for key, asking in ASKINGS.items()}
    return [
        {
            "id": one.pk,
            "title": one.title,
            "kind": one.kind,
            "kind_label": labels.get(one.kind, one.kind),
            "year": one.year,
            "year_label": year_name(one.year),
            "phase": phase_words(one),
            "due": due.get(one.pk),
            "due_label": plain_day(due.get(one.pk)),
            "state": one.state,
        }
        for one in rounds.rounds(ctx)
    ]


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All rounds, the newest year first."""
    need(VIEW_ROUND, ctx)
    spec = _spec(ctx)
    state = spec.parse(request.GET)
    plans = PLAN.holds_anywhere(ctx)
    new_href = address("rounds-new", ctx) if plans and len(ASKINGS) else ""
    view = ListView(
        key="rounds",
        caption=_("照会"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, _rows(ctx), size=_PAGE),
        path=address("rounds-index", ctx),
        exports=exports("rounds-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("照会はまだありません"),
        empty_body=_("計画の事務局が照会を作ると、ここに並びます。"),
        empty_action=_("照会を作る") if new_href else "",
        empty_href=new_href,
    )
    return show(request, ctx, "index", _("照会"), list=view, mine=_mine(ctx), new_href=new_href)


def _mine(ctx: Context) -> list[dict[str, object]]:
    """The parts that the reader's own offices answer for, with what they owe."""
    parts = rounds.my_parts(ctx)
    names = office_names({one.part.office_id for one in parts}, japan_date(ctx.now)) if parts else {}
    return [
        {
            "href": address("rounds-part", ctx, one.part.round_id, one.part.pk),
            "title": one.part.round.title,
            "office": names.get(one.part.office_id, ""),
            "open": one.waiting.open,
            "entered": one.waiting.entered,
            "until": one.waiting.until,
            "late": late_badge(days) if (days := one.late(ctx)) else "",
            "total": sum(one.counts.values()),
            "done": rules.share(
                one.counts, [key for key, _l in states.ITEM_STATES if key not in states.OUTSTANDING]
            ),
        }
        for one in parts
    ]


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file to be read, as narrowed on the page."""
    need(VIEW_ROUND, ctx)
    spec = _spec(ctx)
    rows = slice_rows(spec, spec.parse(request.GET), _rows(ctx), size=10_000).rows
    name = _("照会の一覧")
    states_by_key = dict(states.ROUND_STATES)
    shown = []
    for row in rows:
        state = states_by_key[str(row["state"])]
        shown.append(Row({**row, "state": _(state)}))
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Round, "title"),
            text("kind_label", _("種類")),
            *columns_of(Round, "year"),
            text("phase", _("見込・確定")),
            SheetColumn("due", fields.date(label=_("提出期限"), classification=INTERNAL).spec),
            text("state", _("状態")),
        ),
        rows=shown,
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


def text(key: str, label: str) -> SheetColumn:
    """A column of plain text."""
    return SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)
