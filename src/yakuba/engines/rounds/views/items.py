"""All items of a round, for the secretariat: what came in, to accept or to send back, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.rounds import actions, states, store
from yakuba.engines.rounds.access import ACCEPT, VIEW_ITEM
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.models import Item, Round
from yakuba.engines.rounds.queries import rounds
from yakuba.engines.rounds.views.frame import item_badge, of_round, show, top
from yakuba.engines.rounds.views.index import text
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.queries import office_names, offices_on
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, ListView, slice_rows

_PAGE: Final = 100
_FORM: Final = "many"
#: What the secretariat does with many: the step of the table, its words, and whether it needs a reason.
WAYS: Final = (
    ("accept", gettext_noop("受理する"), False),
    ("return", gettext_noop("各課に差し戻す"), True),
    ("reopen", gettext_noop("訂正のため戻す"), True),
    ("hand_over", gettext_noop("答える課を変える"), False),
)

#: What another office can be asked for.
_HANDED_OVER: Final = "open"
#: The states in which something waits for the secretariat, may be sent back by it, or may be another office's.
TAKEN_FROM: Final = frozenset(
    {_HANDED_OVER, *(one.come_from for one in states.ITEM_STEPS if one.by == "secretariat")}
)


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the list."""

    item: Item
    number: str
    label: str
    office: str
    office_id: str
    state: str

    @property
    def number_sort(self) -> str:
        """As it is ordered."""
        return self.item.number_sort


def _lines(ctx: Context, round_: Round) -> list[Line]:
    items = rounds.items_of(ctx, round_)
    names = office_names({one.part.office_id for one in items}, japan_date(ctx.now))
    return [
        Line(
            one,
            one.number,
            one.label,
            names.get(one.part.office_id, ""),
            str(one.part.office_id),
            one.state,
        )
        for one in items
    ]


def _spec(
    ctx: Context, round_: Round, lines: Sequence[Line], *, choose: bool, picked: Sequence[str] = ()
) -> ListSpec[Line]:
    asking = ASKINGS.get(round_.kind) if round_.kind in ASKINGS else None

    def link(line: Line) -> str:
        return asking.href(ctx, line.item) if asking else ""

    def state(line: Line) -> object:
        mark = item_badge(line.state)
        return format_html("{} {}", mark, badge(_("差戻し"), tone="warn")) if line.item.sent_back else mark

    def history(line: Line) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            address("rounds-item", ctx, round_.pk, line.item.part_id, line.item.pk),
            _("動き"),
        )

    def pick(line: Line) -> SafeString | str:
        if line.state not in TAKEN_FROM:  # its head's
            return ""
        return pick_box(line.item, _FORM, checked=str(line.item.pk) in picked)

    offices = {line.office_id: line.office for line in lines}
    columns: list[Column[Line]] = [
        Column("number", _("番号"), narrow=True, by_size=True),
        Column("label", _("名称"), main=True, link=link),
        Column("office", _("所属"), sortable=True),
        Column("state", _("状態"), narrow=True, show=state),
        Column("history", _("記録"), narrow=True, paper="drop", show=history),
    ]
    if choose:
        columns.append(Column("pick", _("選ぶ"), narrow=True, paper="drop", show=pick))
    return ListSpec(
        columns=tuple(columns),
        filters=(
            Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in states.ITEM_STATES)),
            Filter(
                "office_id",
                _("所属"),
                tuple(Choice(key, name) for key, name in sorted(offices.items(), key=lambda one: one[1])),
            ),
        ),
        search=_("番号・名称で探す"),
    )


def pick_box(item: Item, form: str, *, checked: bool = False) -> SafeString:
    """The box that chooses an item for a form that stands elsewhere on the page; an error of the item links to it."""
    return format_html(
        '<span class="choice"><input type="checkbox" form="{}" name="item" value="{}" id="id_{}" aria-label="{}"{}></span>',
        form,
        item.pk,
        item.pk,
        _("%(item)sを選ぶ") % {"item": item},
        SafeString(" checked") if checked else "",
    )


def _matching(spec: ListSpec[Line], state: ListState, lines: Sequence[Line]) -> list[Line]:
    return list(slice_rows(spec, state.first_page(), lines, size=len(lines) or 1).rows)


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """The items of a round; the secretariat ticks those that it accepts or sends back."""
    need(VIEW_ITEM, ctx)
    return _page(request, ctx, rounds.round_of(ctx, round_id), request.GET)


def _page(
    request: HttpRequest,
    ctx: Context,
    round_: Round,
    query: QueryDict,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    picked: Sequence[str] = (),
) -> HttpResponse:
    lines = _lines(ctx, round_)
    checks = ACCEPT.may(ctx, round_).allowed and round_.state in {"open", "collected"}
    spec = _spec(ctx, round_, lines, choose=checks, picked=picked)
    # The columns of a list are searched as they are shown: marks and boxes have no text of their own.
    state = spec.parse(query)
    view = ListView(
        key="items",
        caption=_("項目"),
        spec=spec,
        state=state,
        page=slice_rows(_searched(spec), state, lines, size=_PAGE),
        path=address("rounds-items", ctx, round_.pk),
        exports=exports("rounds-items-sheet", ctx.municipality.code, round_.pk),
        read_only=True,
        empty_title=_("まだ照会していません"),
        empty_body=_("照会をはじめると、各課に尋ねる項目がここに並びます。"),
    )
    return show(
        request,
        ctx,
        "items",
        _("すべての項目"),
        crumbs=[top(ctx), of_round(ctx, round_)],
        problem=problem,
        round=round_,
        list=view,
        ways=_ways(lines) if checks else [],
        form=_FORM,
        query=query.urlencode(),
        act_href=address("rounds-items-act", ctx, round_.pk),
        overview_href=ASKINGS.get(round_.kind).overview_href(ctx, round_) if round_.kind in ASKINGS else "",
        offices=[
            (str(one.id), f"{one.department} {one.name}".strip())
            for one in offices_on(ctx.municipality.id, japan_date(ctx.now))
        ]
        if checks
        else [],
        typed=typed or {"do": "accept"},
        some=some_can(problem, picked),
    )


def _ways(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """What can be done with any of them now."""
    there = {line.state for line in lines}
    can = {one.key for one in states.ITEM_STEPS if one.by == "secretariat" and one.come_from in there}
    if _HANDED_OVER in there:
        can.add("hand_over")
    return [(key, _(label)) for key, label, _reason in WAYS if key in can]


def _searched(spec: ListSpec[Line]) -> ListSpec[Line]:
    """The same list with the columns that have a value of their own."""
    return ListSpec(
        columns=tuple(one for one in spec.columns if one.key in {"number", "label", "office", "state"}),
        filters=spec.filters,
        search=spec.search,
    )


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Accept the ticked ones, or send them back: all of them, or with ``partly`` those that can be."""
    round_ = rounds.round_of(ctx, round_id)
    if not ACCEPT.may(ctx, round_).allowed:
        raise Denied
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    query = QueryDict(request.POST.get("query", "")[:4000])
    picked = request.POST.getlist("item")
    chosen: list[str] = []
    try:
        demand_way(do)
        chosen = _chosen(request, ctx, round_, query, picked)
        if request.POST.get("partly") and do != "hand_over":
            chosen = possible(ctx, store.of_round(round_, chosen), do, reason, "secretariat")
        if do == "hand_over":
            data = actions.HandOver(chosen, request.POST.get("office", ""))
            actions.hand_over(ctx, round_, data)
        else:
            run(do, ctx, round_, chosen, reason)
    except Problem as problem:
        typed = {"do": do, "reason": reason, **{key: request.POST.get(key, "") for key in ("all", "office")}}
        return _page(request, ctx, rounds.round_of(ctx, round_id), query, problem, typed, chosen or picked)
    return see("rounds-items", ctx, round_.pk)


def _chosen(
    request: HttpRequest, ctx: Context, round_: Round, query: QueryDict, picked: Sequence[str]
) -> list[str]:
    if not request.POST.get("all"):
        return list(picked)
    lines = _lines(ctx, round_)
    spec = _spec(ctx, round_, lines, choose=False)
    return [str(line.item.pk) for line in _matching(_searched(spec), spec.parse(query), lines)]


def demand_way(do: str) -> None:
    """Raises :class:`Problem` for what the secretariat does not do."""
    if do not in {key for key, _label, _reason in WAYS}:
        raise Problem("do", _("何をするかを選んで、もう一度押してください。"), field="do", found=do[:40])


def some_can(problem: Problem | None, picked: Sequence[str]) -> bool:
    """Whether only some of the ticked items were refused, so that the others could go on without them."""
    if not isinstance(problem, Problems):
        return False
    refused = {one.field for one in problem.problems} & set(picked)
    return bool(refused) and len(refused) < len(set(picked))


def possible(ctx: Context, items: Sequence[Item], step: str, reason: str, by: states.By | None) -> list[str]:
    """Those with which the step can be taken now. Raises :class:`Problem` where it is none."""
    refused = store.refusals(ctx, items, step, reason, by=by)
    left = [str(one.pk) for one in items if one.pk not in refused]
    if not left:
        raise Problems(refused.values())
    return left


def run(do: str, ctx: Context, round_: Round, chosen: list[str], reason: str) -> None:
    """One action of the secretariat."""
    if do == "accept":
        actions.accept(ctx, round_, actions.Chosen(chosen))
        return
    data = actions.return_items.read_json({"items": list(chosen), "reason": reason})
    (actions.return_items if do == "return" else actions.reopen)(ctx, round_, data)


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, round_id: UUID, file_format: Format) -> HttpResponseBase:
    """The list as a file to be read, as narrowed on the page."""
    need(VIEW_ITEM, ctx)
    round_ = rounds.round_of(ctx, round_id)
    lines = _lines(ctx, round_)
    spec = _spec(ctx, round_, lines, choose=False)
    words = dict(states.ITEM_STATES)
    table = Table(
        name=_("項目"),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Item, "number", "label"),
            text("office", _("所属")),
            text("state", _("状態")),
        ),
        rows=[
            Row(
                {
                    "number": line.number,
                    "label": line.label,
                    "office": line.office,
                    "state": _(words[line.state]),
                }
            )
            for line in _matching(_searched(spec), spec.parse(request.GET), lines)
        ],
        as_of=ctx.now,
        notes=((_("照会"), round_.title), (_("編集"), _("読み取り専用"))),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{round_.title}_{table.name}")
