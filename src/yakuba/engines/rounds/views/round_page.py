"""A round: how far it is, its days, and the board of who is late. And its letter, to be printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.rounds import actions, rules, states
from yakuba.engines.rounds.access import COLLECT, PLAN, VIEW_ROUND
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.models import Round
from yakuba.engines.rounds.queries import board as boards
from yakuba.engines.rounds.queries import rounds
from yakuba.engines.rounds.views import board_list
from yakuba.engines.rounds.views.frame import (
    milestone_lines,
    of_round,
    phase_words,
    round_badge,
    show,
    top,
)
from yakuba.engines.rounds.views.index import text
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, NoData, Problem, ports
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table
from yakuba.kernel.town.queries import office_name
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import moment, plain_day, year_name
from yakuba.kernel.ui.lists import ListView, slice_rows
from yakuba.kernel.ui.shells import PrintPage

_ALL: Final = 1000  # offices: no town has as many, and the board is looked at as a whole


@require_safe
@desk_page
def show_round(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """The round with its board."""
    need(VIEW_ROUND, ctx)
    return _page(request, ctx, rounds.round_of(ctx, round_id))


def _page(
    request: HttpRequest,
    ctx: Context,
    round_: Round,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    spec = board_list.spec(ctx, round_)
    state = spec.parse(request.GET)
    rows = boards.board(ctx, round_)
    counts = rounds.totals(ctx, round_)
    view = ListView(
        key="board",
        caption=_("各課の状況"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, [board_list.line(one) for one in rows], size=_ALL),
        path=address("rounds-round", ctx, round_.pk),
        exports=exports("rounds-board-sheet", ctx.municipality.code, round_.pk) if rows else {},
        read_only=True,
        empty_title=_("まだ照会していません"),
        empty_body=_("「照会をはじめる」を押すと、各課の項目がここに並びます。"),
    )
    days = rounds.days(ctx, round_)
    asking, words = (ASKINGS.get(round_.kind) if round_.kind in ASKINGS else None), dict(states.ROUND_STATES)
    plans, collects = PLAN.may(ctx, round_).allowed, COLLECT.may(ctx, round_).allowed
    return show(
        request,
        ctx,
        "round",
        round_.title,
        crumbs=[top(ctx)],
        problem=problem,
        round=round_,
        state=round_badge(round_.state),
        list=view,
        facts=[
            Fact(_("種類"), asking.label if asking else round_.kind),
            Fact(_("年度"), year_name(round_.year)),
            *([Fact(_("見込・確定"), phase_words(round_))] if phase_words(round_) else []),
            Fact(_("事務局"), office_name(round_.office_id, japan_date(ctx.now))),
        ],
        days=milestone_lines(days),
        tally=_tally(counts),
        late=sum(1 for one in rows if one.late_days),
        without_mailbox=[one.name for one in rows if one.without_mailbox and one.outstanding],
        live=round_.state in {"open", "collected"},
        overview_href=asking.overview_href(ctx, round_) if asking and round_.opened_at else "",
        steps=[
            replace(one, label=_(one.label))
            for one in states.ROUND_STEPS
            if one.come_from == round_.state and _may(one.key, plans=plans, collects=collects)
        ],
        unfinished=sum(counts.values()) - rules.share(counts, tuple(states.SETTLED)),
        outstanding=rules.share(counts, states.OUTSTANDING),
        to_accept=rules.share(counts, ("confirmed", "not_applicable")),
        plans=plans and round_.state not in states.ROUND_FINAL,
        typed=typed or {},
        moves=[
            (moment(one.at), _(words[one.to_state]), one.by_label, one.reason)
            for one in rounds.moves(ctx, round_)
        ],
    )


def _may(key: str, *, plans: bool, collects: bool) -> bool:
    return plans if key in {"open", "call_off"} else collects


def _tally(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many items stand where, and how many there are; nothing before anybody was asked."""
    found = [(_(label), counts.get(key, 0)) for key, label in states.ITEM_STATES]
    return [*found, (_("計"), sum(counts.values()))] if counts else []


_Act = Callable[[Context, Round, dict[str, str]], object]
_ACTS: Final[Mapping[str, _Act]] = {
    "open": lambda ctx, one, _post: actions.open_round(ctx, one, NoData()),
    "call_off": lambda ctx, one, post: actions.call_off(ctx, one, actions.call_off.read_text(post)),
    "collect": lambda ctx, one, _post: actions.collect(ctx, one, NoData()),
    "set_back": lambda ctx, one, post: actions.set_back(ctx, one, actions.set_back.read_text(post)),
    "close": lambda ctx, one, post: actions.close(ctx, one, actions.close.read_text(post)),
}


def _unknown(_ctx: Context, _round: Round, _post: dict[str, str]) -> object:
    raise Problem("do", _("何をするかが分かりません。画面を開き直してください。"))


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """One step of the round."""
    round_ = rounds.round_of(ctx, round_id)
    do = request.POST.get("do", "")
    post = {key: request.POST[key] for key in ("reason", "unfinished") if key in request.POST}
    if do == "close" and "unfinished" in post:
        post["unfinished"] = "true"
    try:
        version_of(request)  # a form that shows no round is none of ours
        _ACTS.get(do, _unknown)(ctx, round_, post)
    except Problem as problem:
        return _page(request, ctx, rounds.round_of(ctx, round_id), problem, {"do": do, **post})
    return see("rounds-round", ctx, round_.pk)


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, round_id: UUID, file_format: Format) -> HttpResponseBase:
    """The board as a file to be read, as narrowed on the page."""
    need(VIEW_ROUND, ctx)
    round_ = rounds.round_of(ctx, round_id)
    spec = board_list.spec(ctx, round_)
    state = spec.parse(request.GET)
    rows = slice_rows(
        spec, state, [board_list.line(one) for one in boards.board(ctx, round_)], size=_ALL
    ).rows
    numbers = (
        ("open", _("未入力")),
        ("entered", _("入力済み")),
        ("confirmed", _("確認済み")),
        ("accepted", _("受理")),
        ("total", _("件数")),
    )
    columns = (
        text("code", _("所属コード")),
        text("name", _("所属")),
        text("by", _("現在の所属")),
        SheetColumn("head", fields.text(label=_("所属長"), classification=PERSONAL, required=False).spec),
        *(
            SheetColumn(key, fields.integer(label=label, classification=INTERNAL, unit="件").spec)
            for key, label in numbers
        ),
        SheetColumn("due", fields.date(label=_("期限"), classification=INTERNAL).spec),
        SheetColumn("late", fields.integer(label=_("遅れ"), classification=INTERNAL, unit="日").spec),
        SheetColumn("reminded", fields.moment(label=_("最後の督促"), classification=INTERNAL).spec),
    )
    sheet = Table(
        name=_("各課の状況"),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=[Row({one.key: getattr(row, one.key) for one in columns}) for row in rows],
        as_of=ctx.now,
        notes=((_("照会"), round_.title), (_("編集"), _("読み取り専用"))),
    )
    ports.trail().read(ctx, "rounds.save_board", "round", [round_.pk])
    return respond(sheet, file_format, f"{ctx.municipality.name}_{round_.title}_{sheet.name}")


# --- the letter -------------------------------------------------------------------------------------------------------
@require_safe
@desk_page
def letter(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """The letter to the offices as a page for paper, with the days and what each office is asked for."""
    need(VIEW_ROUND, ctx)
    round_ = rounds.round_of(ctx, round_id)
    rows = boards.board(ctx, round_)
    days = rounds.days(ctx, round_)
    page = PrintPage(
        title=round_.title,
        title_lang="ja",
        municipality=ctx.municipality,
        day=japan_date(round_.opened_at or ctx.now),
        about=_("依頼文"),
        back=of_round(ctx, round_),
    )
    return render(
        request,
        "rounds/letter.html",
        {
            "page": page,
            "round": round_,
            "sender": office_name(round_.office_id, japan_date(round_.opened_at or ctx.now)),
            "days": milestone_lines(days),
            "offices": [(one.name, one.total, plain_day(one.due)) for one in rows],
        },
    )
