"""One office's part: what it is asked for, by state, and everything that the office, its head and the secretariat do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.rounds import access, actions, states, store
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.models import Item, OfficePart
from yakuba.engines.rounds.queries import reach, reminders, rounds
from yakuba.engines.rounds.views.frame import item_badge, late_badge, of_round, show, top
from yakuba.engines.rounds.views.items import pick_box, possible, some_can
from yakuba.engines.rounds.views.reminders import drawn
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.formats import moment, plain_day


@dataclass(frozen=True, slots=True)
class Line:
    """An item on the page: its box where something can be done with it, what it lacks, why it came back."""

    item: Item
    href: str
    box: SafeString | str
    lacking: Sequence[str]
    sent_back: str
    who: str
    history: str


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done with the ticked items of a group."""

    step: str
    label: str
    filled: bool = False
    reason: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one state. ``form`` is the id of the form that its boxes belong to."""

    key: str
    label: str
    mark: SafeString
    form: str
    lines: Sequence[Line]
    ways: Sequence[Way]


#: Which moves stand under which state: of the office, and of its head.
_OF_OFFICE: Final[Mapping[str, tuple[tuple[str, str, bool], ...]]] = {
    "open": (
        ("enter", gettext_noop("入力を終える"), False),
        ("mark_not_applicable", gettext_noop("選んだものを該当なしにする"), True),
    ),
    "entered": (("take_back", gettext_noop("入力に戻す"), False),),
    "not_applicable": (("take_back", gettext_noop("入力に戻す"), False),),
}
_OF_HEAD: Final[Mapping[str, tuple[tuple[str, str, bool], ...]]] = {
    "entered": (("confirm", gettext_noop("確認する"), False), ("send_back", gettext_noop("差し戻す"), True)),
}
#: The step of the state table behind each of them, and whose act it is.
_STEPS: Final[Mapping[str, tuple[str, states.By]]] = {
    "enter": ("enter", "office"),
    "mark_not_applicable": ("not_applicable", "office"),
    "take_back": ("take_back", "office"),
    "confirm": ("confirm", "head"),
    "send_back": ("return", "head"),
}


@require_safe
@desk_page
def show_part(request: HttpRequest, ctx: Context, round_id: UUID, part_id: UUID) -> HttpResponseBase:
    """What the office is asked for."""
    need(access.VIEW_PART, ctx)
    return _page(request, ctx, rounds.part_of(ctx, round_id, part_id))


def _page(
    request: HttpRequest,
    ctx: Context,
    part: OfficePart,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    picked: Sequence[str] = (),
) -> HttpResponse:
    round_, today = part.round, japan_date(ctx.now)
    items = rounds.items_of_part(ctx, part)
    live = round_.state in {"open", "collected"}
    answers = live and rounds.may_answer(ctx, part)
    confirms = live and rounds.may_confirm(ctx, part)
    extends = round_.state == "open" and access.EXTEND.may(ctx, part).allowed
    owes = rounds.owing(ctx, [part])[0]
    answering = reach.answering(ctx, part.office_id)
    names = office_names({part.office_id, *answering}, today)
    heads = rounds.heads(ctx, answering)
    by = [names[one] for one in answering if one != part.office_id and one in names]
    head = "、".join(name for one in answering for name in heads.get(one, ()))
    late = owes.late(ctx)
    open_items = [one for one in items if one.state == "open"]
    return show(
        request,
        ctx,
        "part",
        names.get(part.office_id, ""),
        crumbs=[top(ctx), of_round(ctx, round_)],
        problem=problem,
        part=part,
        round=round_,
        facts=[
            Fact(_("期限"), _due_words(part)),
            *([Fact(_("現在の所属"), "、".join(by))] if by else []),
            Fact(_("所属長"), head or _("（登録がありません）")),
            Fact(_("件数"), len(items)),
        ],
        late=late_badge(late) if late else "",
        groups=_groups(ctx, items, answers=answers, confirms=confirms, picked=picked),
        act_href=address("rounds-part-act", ctx, round_.pk, part.pk),
        answers=answers,
        asks=answers and round_.state == "open" and bool(owes.outstanding),
        none_applies=answers
        and bool(open_items)
        and not any(one.state in {"entered", "confirmed"} for one in items),
        open_count=len(open_items),
        applies=answers and part.not_applicable_at is not None,
        extends=extends,
        reminds=extends and bool(owes.outstanding),
        reminded=drawn(ctx, reminders.of_part(ctx, part.pk)),
        typed=typed or {},
        some=some_can(problem, picked),
        letter_href=address("rounds-letter", ctx, round_.pk),
        overview_href=ASKINGS.get(round_.kind).overview_href(ctx, round_, part.office_id)
        if round_.kind in ASKINGS
        else "",
    )


def _due_words(part: OfficePart) -> str:
    if part.extension is None:
        return plain_day(part.due)
    return _("%(extension)s（%(due)sから延長、%(by)s）") % {
        "extension": plain_day(part.extension),
        "due": plain_day(part.due),
        "by": part.extension_by,
    }


def _groups(
    ctx: Context, items: Sequence[Item], *, answers: bool, confirms: bool, picked: Sequence[str]
) -> list[Group]:
    kind = items[0].round.kind if items else ""
    asking = ASKINGS.get(kind) if kind in ASKINGS else None
    lacking = asking.missing(ctx, [one for one in items if one.state == "open"]) if asking else {}
    last = rounds.last_moves(ctx, items)
    found = []
    for state, label in states.ITEM_STATES:
        ways = [
            *(
                [Way(key, _(word), key == "confirm", why) for key, word, why in _OF_HEAD.get(state, ())]
                if confirms
                else []
            ),
            *(
                [Way(key, _(word), key == "enter", why) for key, word, why in _OF_OFFICE.get(state, ())]
                if answers
                else []
            ),
        ]
        form = f"of-{state}"
        lines = []
        for item in (one for one in items if one.state == state):
            move = last.get(item.pk)
            lines.append(
                Line(
                    item,
                    asking.href(ctx, item) if asking else "",
                    pick_box(item, form, checked=str(item.pk) in picked) if ways else "",
                    lacking.get(item.pk, ()),
                    move.reason if move and item.sent_back else "",
                    f"{move.by_label} {moment(move.at)}" if move else "",
                    address("rounds-item", ctx, item.round_id, item.part_id, item.pk),
                )
            )
        if lines:
            found.append(Group(state, _(label), item_badge(state), form, lines, ways))
    return found


# --- acting -----------------------------------------------------------------------------------------------------------
_Act = Callable[[Context, OfficePart, dict[str, str]], object]
_ACTS: Final[Mapping[str, _Act]] = {
    "not_applicable": lambda ctx, part, post: actions.not_applicable(
        ctx, part, actions.not_applicable.read_text(post)
    ),
    "applicable_after_all": lambda ctx, part, _post: actions.applicable_after_all(ctx, part, NoData()),
    "ask_extension": lambda ctx, part, post: actions.ask_extension(
        ctx, part, actions.ask_extension.read_text(post)
    ),
    "grant_extension": lambda ctx, part, post: actions.grant_extension(
        ctx, part, actions.grant_extension.read_text({"until": post.get("until", "")})
    ),
    "refuse_extension": lambda ctx, part, post: actions.refuse_extension(
        ctx, part, actions.refuse_extension.read_text({"reason": post.get("reason", "")})
    ),
    "remind_now": lambda ctx, part, _post: actions.remind_now(ctx, part, NoData()),
    "write_note": lambda ctx, part, post: actions.write_note(
        ctx, part, actions.write_note.read_text({"note": post.get("note", "")})
    ),
}
_SENT: Final = ("reason", "until", "note")


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, round_id: UUID, part_id: UUID) -> HttpResponseBase:
    """One thing done with the part, or with ticked items of it: all of them, or with ``partly`` those that can be."""
    part = rounds.part_of(ctx, round_id, part_id)
    do = request.POST.get("do", "")
    post = {key: request.POST[key] for key in _SENT if key in request.POST}
    picked = request.POST.getlist("item")
    try:
        if do in _STEPS:
            _move(ctx, part, do, picked, post.get("reason", ""), partly=bool(request.POST.get("partly")))
        else:
            _ACTS.get(do, _unknown)(ctx, part, post)
    except Problem as problem:
        typed = {"do": do, **post}
        return _page(request, ctx, rounds.part_of(ctx, round_id, part_id), problem, typed, picked)
    return see("rounds-part", ctx, part.round_id, part.pk)


def _unknown(_ctx: Context, _part: OfficePart, _post: dict[str, str]) -> object:
    raise Problem("do", _("何をするかが分かりません。画面を開き直してください。"))


def _move(
    ctx: Context, part: OfficePart, do: str, picked: Sequence[str], reason: str, *, partly: bool
) -> None:
    chosen = list(picked)
    step, by = _STEPS[do]
    if partly:
        chosen = possible(ctx, store.of_part(part, chosen), step, reason, by)
    if do in {"mark_not_applicable", "send_back"}:
        action = actions.mark_not_applicable if do == "mark_not_applicable" else actions.send_back
        action(ctx, part, action.read_json({"items": list(chosen), "reason": reason}))
        return
    plain = {"enter": actions.enter, "take_back": actions.take_back, "confirm": actions.confirm}[do]
    plain(ctx, part, actions.Chosen(chosen))


# --- one item ---------------------------------------------------------------------------------------------------------
@require_safe
@desk_page
def history(
    request: HttpRequest, ctx: Context, round_id: UUID, part_id: UUID, item_id: UUID
) -> HttpResponseBase:
    """What became of one item: every move, by whom, and why."""
    need(access.VIEW_ITEM, ctx)
    part = rounds.part_of(ctx, round_id, part_id)
    item = next((one for one in rounds.items_of_part(ctx, part) if one.pk == item_id), None)
    if item is None:
        raise Missing
    labels = dict(states.ITEM_STATES)
    asking = ASKINGS.get(part.round.kind) if part.round.kind in ASKINGS else None
    names = office_names({part.office_id}, japan_date(ctx.now))
    return show(
        request,
        ctx,
        "item",
        str(item),
        crumbs=[
            top(ctx),
            of_round(ctx, part.round),
            Link(names.get(part.office_id, ""), address("rounds-part", ctx, round_id, part_id)),
        ],
        item=item,
        state=item_badge(item.state),
        answer_href=asking.href(ctx, item) if asking else "",
        moves=[
            (
                moment(one.at),
                next(
                    _(step.label)
                    for step in states.ITEM_STEPS
                    if (step.key, step.come_from) == (one.step, one.from_state)
                ),
                _(labels[one.to_state]),
                one.by_label,
                one.reason,
            )
            for one in rounds.moves_of(ctx, item)
        ],
    )
