"""A meeting on its page: agenda, who sits, what was decided, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.bodies import access, actions, public, rules
from yakuba.engines.bodies.models import AgendaItem, Answer, Attendance, Meeting, Minutes, Paper
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import reach, sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.engines.bodies.views.frame import (
    STATE_TONES,
    full,
    keeps,
    may_confirm,
    presided_by_me,
    show,
    to_body,
    unknown_move,
    when,
)
from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, NoData, Problem, ports
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_name
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import moment


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the agenda in the list."""

    item: AgendaItem
    what: str
    href: str
    papers: int
    tally: queries.Objections | None
    decide_href: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat and what became of it at this meeting. ``answers``: (item, answer, words) of one by circulation."""

    seat: Sitting
    who: str
    presence: str
    answers: Sequence[tuple[str, str, str]]
    enter_href: str


@dataclass(frozen=True, slots=True)
class Next:
    """The one filled button: a link, or with ``do`` a form."""

    label: str
    href: str
    do: str = ""
    question: str = ""


@require_safe
@desk_page
def meeting(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Read it."""
    return page(request, ctx, queries.meeting(ctx, meeting_id))


def page(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what was typed where something was refused."""
    items = queries.items(ctx, found)
    papers = queries.papers(ctx, found)
    seats = sitting.of_meeting(ctx, found)
    there = queries.attendances(found)
    answers = queries.answers(ctx, found) if found.way == rules.CIRCULAR else {}
    tallies = queries.tallies(found, seats) if found.way == rules.CIRCULAR else {}
    written = queries.all_minutes(ctx, found)
    reads = access.READ_PAPERS.may(ctx, found).allowed
    may = keeps(ctx)
    following = _next(ctx, found, items, written[0] if written else None, seats)
    guests = sitting.guests(ctx, found)
    standing = publishing.standing_of(ctx, public.KIND, found.pk)
    outsiders = [one.key for one in seats if one.seat.outsider]
    if outsiders:
        ports.trail().read(ctx, "bodies.meeting", "body_seat", outsiders)
    if any(guest.name for guest, _post, _name in guests):
        ports.trail().read(
            ctx, "bodies.meeting", "meeting_guest", [guest.pk for guest, _post, _name in guests if guest.name]
        )
    return show(
        request,
        ctx,
        "meeting",
        full(found),
        crumbs=to_body(ctx, found.body),
        problem=problem,
        meeting=found,
        state=rules.state_label(found.way, found.state),
        tone=STATE_TONES[found.state],
        facts=_facts(ctx, found, seats, there),
        following=following,
        items=[_item(ctx, found, one, papers, tallies) for one in items],
        seats=[_seat(ctx, found, one, there, answers, items) for one in seats],
        guests=guests,
        minutes=written,
        minutes_states=dict(rules.MINUTES_STATES),
        reports=queries.reports(ctx, found),
        moves=[(one, _words(found, one.step, one.to_state)) for one in queries.moves(ctx, found)],
        reads=reads,
        keeps=may,
        preparing=found.state in rules.PREPARING,
        over=found.state in rules.OVER,
        circular=found.way == rules.CIRCULAR,
        ways=_ways(found) if may else [],
        standing=standing,
        silent=queries.silent(found, seats) if found.way == rules.CIRCULAR and found.state == "called" else 0,
        public_href=public.address_from_desk(ctx, standing),
        typed=typed or {},
        act_href=address("bodies-act", ctx, found.pk),
    )


def _facts(
    ctx: Context, found: Meeting, seats: Sequence[Sitting], there: Mapping[UUID, Attendance]
) -> list[Fact]:
    count = queries.count_of(found, seats, there)
    over = found.state in rules.OVER
    circular = found.way == rules.CIRCULAR
    rows = [
        Fact(_("期間") if circular else _("日時"), _hours(found)),
        Fact(_("開き方"), dict(rules.WAYS)[found.way]),
        Fact(_("場所"), found.place),
        Fact(_("定足数"), _quorum(found, count, over=over, circular=circular)),
        Fact(_("招集者") if circular else _("議長"), _presider(found, seats)),
        Fact(_("庶務"), office_name(found.body.office_id, sitting.day_of(found))),
        Fact(_("招集"), moment(found.called_at) if found.called_at else ""),
    ]
    return [one for one in rows if one.value]


def _hours(found: Meeting) -> str:
    if found.ends_at is None or found.way == rules.CIRCULAR:
        return when(found)
    same = japan_date(found.ends_at) == sitting.day_of(found)
    last = moment(found.ends_at)
    return f"{moment(found.starts_at)}～{last.rpartition(' ')[2] if same else last}"


def _quorum(found: Meeting, count: rules.Count, *, over: bool, circular: bool) -> str:
    words = {
        "rule": dict(rules.QUORUMS)[found.body.quorum],
        "members": count.members,
        "there": count.there,
        "needed": count.needed,
    }
    if not over:
        return _("%(rule)s（委員%(members)d人、必要%(needed)d人）") % words
    text = (
        _("%(rule)s（委員%(members)d人、回答%(there)d人、必要%(needed)d人）")
        if circular
        else _("%(rule)s（委員%(members)d人、出席%(there)d人、必要%(needed)d人）")
    )
    return text % words + ("" if count.enough else _("　足りません"))


def _presider(found: Meeting, seats: Sequence[Sitting]) -> str:
    one = next((one for one in seats if one.key == found.seat_id), None)
    if one is None:
        return ""
    who = f"{one.post} {found.presider.name if found.presider else one.names}".strip()
    return _("%(who)s（職務代理）") % {"who": who} if found.presided_as == "vice" else who


def _item(
    ctx: Context,
    found: Meeting,
    one: AgendaItem,
    papers: Mapping[UUID, Sequence[Paper]],
    tallies: Mapping[UUID, queries.Objections],
) -> ItemLine:
    decide = keeps(ctx) and found.state == "held"
    return ItemLine(
        one,
        dict(rules.WHATS)[one.what],
        address("bodies-item", ctx, found.pk, one.pk),
        len(papers.get(one.pk, ())),
        tallies.get(one.pk),
        address("bodies-decide", ctx, found.pk, one.pk) if decide else "",
    )


def _seat(
    ctx: Context,
    found: Meeting,
    one: Sitting,
    there: Mapping[UUID, Attendance],
    answers: Mapping[tuple[UUID, UUID], Answer],
    items: Sequence[AgendaItem],
) -> SeatLine:
    attended = there.get(one.key)
    said = [
        (item.title, dict(rules.ANSWERS)[answer.answer], answer.words)
        for item in items
        if (answer := answers.get((item.pk, one.key))) is not None
    ]
    presence = ""
    if attended is not None and found.way != rules.CIRCULAR:
        presence = dict(rules.PRESENCES)[attended.presence]
        presence += f"（{attended.proxy}）" if attended.proxy else ""
    enters = (
        keeps(ctx)
        and found.way == rules.CIRCULAR
        and found.state == "called"
        and one.votes
        and not one.vacant
    )
    return SeatLine(
        one,
        attended.person.name if attended and attended.person else one.names,
        presence,
        said,
        address("bodies-enter", ctx, found.pk, one.key) if enters else "",
    )


def _words(found: Meeting, key: str, to_state: str) -> str:
    step = next((one for one in rules.TABLE if one.key == key), None)
    if step is None:
        return _("予定した")
    if found.way == rules.CIRCULAR and step.circular:
        return step.circular
    return step.label or dict(rules.STATES)[to_state]


def _ways(found: Meeting) -> list[tuple[str, str]]:
    """What the secretariat can do beside the next thing, each with a reason: (key, label)."""
    return [
        (one.key, one.label) for one in rules.TABLE if one.come_from == found.state and "reason" in one.needs
    ]


# --- the next thing -------------------------------------------------------------------------------------------------


def _next(
    ctx: Context,
    found: Meeting,
    items: Sequence[AgendaItem],
    minutes: Minutes | None,
    seats: Sequence[Sitting],
) -> Next | None:
    """The one thing that this reader does next; None where there is nothing for him."""
    mine = _as_member(ctx, found, minutes, seats)
    if mine is not None or not keeps(ctx):
        return mine
    if found.state == "called":
        return _called(ctx, found, seats)
    kind = {"planned": _planned, "held": _held, "minuted": _minuted}.get(found.state)
    return kind(ctx, found, items, minutes) if kind else None


def _as_member(
    ctx: Context, found: Meeting, minutes: Minutes | None, seats: Sequence[Sitting]
) -> Next | None:
    if access.ANSWER.may(ctx, found).allowed:
        own = set(reach.of_body(ctx, found.body).values_list("pk", flat=True))
        if any(one.key in own and one.votes for one in seats):
            return Next(_("回答する"), address("bodies-answer", ctx, found.pk))
    if minutes is not None and may_confirm(ctx, minutes):
        return Next(_("議事録を確認する"), address("bodies-minutes", ctx, found.pk))
    return None


def _planned(ctx: Context, found: Meeting, items: Sequence[AgendaItem], _minutes: Minutes | None) -> Next:
    if not items:
        return Next(_("議題を加える"), address("bodies-agenda", ctx, found.pk))
    if found.way == rules.CIRCULAR:
        question = _("委員に議題と資料が見えるようになり、回答を受け付けます。")
        return Next(_("持ち回りをはじめる"), "", "call", question)
    return Next(_("招集する"), "", "call", _("委員の「自分の仕事」に、この会議が出ます。"))


def _called(ctx: Context, found: Meeting, seats: Sequence[Sitting]) -> Next | None:
    if found.way != rules.CIRCULAR:
        return (
            None
            if found.starts_at > ctx.now
            else Next(_("出欠を記録する"), address("bodies-hold", ctx, found.pk))
        )
    over = found.due is not None and japan_date(ctx.now) > found.due
    if queries.silent(found, seats) and not over:
        return None
    return Next(_("回答を締め切る"), "", "close", _("締め切ると、回答は変えられません。"))


def _held(ctx: Context, found: Meeting, items: Sequence[AgendaItem], minutes: Minutes | None) -> Next | None:
    undecided = next((one for one in items if one.what == "decide" and one.decided_at is None), None)
    if undecided is not None:
        return Next(_("決定を記録する"), address("bodies-decide", ctx, found.pk, undecided.pk))
    if presided_by_me(ctx, found) or (minutes is not None and minutes.state == "proposed"):
        return None
    return Next(_("議事録を書く"), address("bodies-minutes", ctx, found.pk))


def _minuted(ctx: Context, found: Meeting, _items: Sequence[AgendaItem], _minutes: Minutes | None) -> Next:
    return Next(_("結果を報告する"), address("bodies-report", ctx, found.pk))


# --- moves ----------------------------------------------------------------------------------------------------------

Move = Callable[[Context, Meeting, Mapping[str, str], int], object]
_MOVES: dict[str, Move] = {
    "call": lambda ctx, found, _typed, version: actions.call(ctx, found, NoData(), expected_version=version),
    "close": lambda ctx, found, _typed, version: actions.hold(
        ctx, found, actions.Attended([]), expected_version=version
    ),
    "call_back": lambda ctx, found, typed, version: actions.call_back(
        ctx, found, actions.call_back.read_text(dict(typed)), expected_version=version
    ),
    "cancel": lambda ctx, found, typed, version: actions.cancel(
        ctx, found, actions.cancel.read_text(dict(typed)), expected_version=version
    ),
    "unhold": lambda ctx, found, typed, version: actions.unhold(
        ctx, found, actions.unhold.read_text(dict(typed)), expected_version=version
    ),
    "reopen": lambda ctx, found, typed, version: actions.reopen_minutes(
        ctx, found, actions.reopen_minutes.read_text(dict(typed)), expected_version=version
    ),
    "withdraw": lambda ctx, found, typed, version: actions.withdraw_minutes(
        ctx,
        found,
        actions.withdraw_minutes.read_text({"note": typed.get("reason", "")}),
        expected_version=version,
    ),
}


def _move(name: str) -> Move:
    """What a button means. Raises :class:`Problem`."""
    if name not in _MOVES:
        raise unknown_move()
    return _MOVES[name]


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Move it; refused, the page comes again with what was typed."""
    found = queries.meeting(ctx, meeting_id)
    typed = {"do": request.POST.get("do", ""), "reason": request.POST.get("reason", "")}
    try:
        _move(typed["do"])(ctx, found, {"reason": typed["reason"]}, version_of(request))
    except Problem as problem:
        return page(request, ctx, queries.meeting(ctx, meeting_id), problem, typed)
    return see("bodies-meeting", ctx, meeting_id)
