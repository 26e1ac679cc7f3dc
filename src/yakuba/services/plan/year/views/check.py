"""The answers of a round read one below the other: the head confirms, the secretariat checks, with every question and its answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.rounds import access as rounds_access
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Item, OfficePart, Round
from yakuba.engines.rounds.states import ITEM_STATES
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan.year import access, queries, report
from yakuba.services.plan.year.views.frame import (
    ACTIONS,
    RATINGS,
    TONES,
    FigureLine,
    crumbs_of,
    figure_lines,
    round_of,
    show,
    state_label,
)

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Card:
    """One review in the list; ``chosen`` while it can be confirmed or accepted by this person."""

    whole: queries.Whole
    href: str
    office: str
    state: str
    tone: str
    rating: str
    action: str
    lines: Sequence[FigureLine]
    can: str


@require_safe
@desk_page
def check(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """The reviews of a round; ``state`` and ``office`` narrow them, ``page`` turns them over."""
    return _page(request, ctx, round_of(ctx, round_id), request.GET)


def default_state(ctx: Context, counts: Mapping[str, int]) -> str:
    """What waits for this person: the secretariat's check, or the head's confirmation; everything where nothing does."""
    if rounds_access.ACCEPT.holds_anywhere(ctx) and counts.get("confirmed"):
        return "confirmed"
    if rounds_access.CONFIRM.holds_anywhere(ctx) and counts.get("entered"):
        return "entered"
    return ""


def _page(
    request: HttpRequest,
    ctx: Context,
    round_: Round,
    query: QueryDict,
    *,
    errors: Sequence[FieldError] = (),
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    own = queries.reviews(ctx).filter(item__round=round_)
    offices = _offices(ctx, round_)
    counts = dict(
        Item.objects.for_actor(ctx)
        .filter(round=round_)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    state = query.get("state", default_state(ctx, counts))
    if state not in dict(ITEM_STATES):
        state = ""
    office = query.get("office", "")
    found = own.filter(item__state=state) if state else own
    if office in {str(one) for one in offices.values()}:
        found = found.filter(item__part__office=office)
    total = found.count()
    wanted = str(query.get("page", ""))
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 else 1
    pages = max((total + PAGE - 1) // PAGE, 1)
    number = min(max(number, 1), pages)
    wholes = queries.wholes(found[(number - 1) * PAGE : number * PAGE], ctx=ctx)
    names = office_names(offices.values(), japan_date(ctx.now))
    acting = _acting(ctx, round_)
    cards = [_card(ctx, whole, offices, names, acting) for whole in wholes]
    here = address("plan-year-check", ctx, round_.pk)
    standing = publishing.standing_of(ctx, report.REPORT, round_.pk)
    return show(
        request,
        ctx,
        "check",
        _("回答の確認"),
        crumbs=crumbs_of(ctx, round_),
        status=status,
        round=round_,
        cards=cards,
        errors=errors,
        reason=reason,
        total=total,
        asked=sum(len(card.whole.unanswered) for card in cards),
        can_confirm=any(card.can == "confirm" for card in cards),
        can_accept=any(card.can == "accept" for card in cards),
        tabs=[
            Link(
                label,
                f"{here}?state={code}" + (f"&office={office}" if office else ""),
                current=code == (state or "all"),
                count=count,
            )
            for code, label, count in [
                ("all", _("すべて"), sum(counts.values())),
                *((code, _(label), counts.get(code, 0)) for code, label in ITEM_STATES),
            ]
            if count or code == state
        ],
        state=state,
        office=office,
        offices=[(str(pk), names.get(pk, "")) for pk in dict.fromkeys(offices.values())],
        here=here,
        act_href=address("plan-year-check-act", ctx, round_.pk),
        query=f"state={state or 'all'}&office={office}&page={number}",
        previous=f"{here}?state={state or 'all'}&office={office}&page={number - 1}" if number > 1 else "",
        following=f"{here}?state={state or 'all'}&office={office}&page={number + 1}" if number < pages else "",
        saves=exports("plan-year-sheet", ctx.municipality.code, round_.pk),
        grid_href=address("plan-year-grid", ctx, round_.pk) if access.REVIEW_MANY.holds_anywhere(ctx) else "",
        report_href=address("plan-year-report", ctx, round_.pk)
        if access.REPORT.may(ctx, round_).allowed
        else "",
        published=standing,
    )  # fmt: skip


def _offices(ctx: Context, round_: Round) -> dict[UUID, UUID]:
    """The office of each part of a round."""
    parts = OfficePart.objects.for_actor(ctx).filter(round=round_).order_by("pk")
    return dict(parts.values_list("pk", "office"))


def _acting(ctx: Context, round_: Round) -> tuple[frozenset[UUID], bool]:
    """The parts that this person may confirm, and whether he may accept."""
    if round_.state not in ("open", "collected"):
        return frozenset(), False
    mine = OfficePart.objects.for_actor(ctx).filter(rounds_access.CONFIRM.q(ctx), round=round_)
    parts = frozenset(mine.values_list("pk", flat=True))
    return parts, rounds_access.ACCEPT.may(ctx, round_).allowed


def _card(
    ctx: Context,
    whole: queries.Whole,
    offices: Mapping[UUID, UUID],
    names: Mapping[UUID, str],
    acting: tuple[frozenset[UUID], bool],
) -> Card:
    review, item = whole.review, whole.review.item
    parts, accepts = acting
    can = ""
    if item.state == "entered" and item.part_id in parts:
        can = "confirm"
    elif item.state in ("confirmed", "not_applicable") and accepts:
        can = "accept"
    return Card(
        whole,
        address("plan-year-review", ctx, review.pk),
        names.get(offices.get(item.part_id, UUID(int=0)), ""),
        state_label(item),
        TONES[item.state],
        _(RATINGS[review.self_rating]) if review.self_rating else "",
        _(ACTIONS[review.next_action]) if review.next_action else "",
        figure_lines(whole),
        can,
    )


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Confirm, accept or send back the chosen ones; those that cannot go keep all of them here, with what stands in the way."""
    round_ = round_of(ctx, round_id)
    chosen = request.POST.getlist("item")
    reason = request.POST.get("reason", "")
    try:
        _act(ctx, round_, request.POST.get("do", ""), _items(ctx, round_, chosen), reason)
    except Problem as problem:
        errors = [
            FieldError(one.key if one.key == "reason" else "", one.message) for one in errors_of(problem)
        ]
        return _page(
            request, ctx, round_, QueryDict(request.POST.get("query", "")), errors=errors, reason=reason,
            status=problem.status,
        )  # fmt: skip
    return see("plan-year-check", ctx, round_.pk)


def _items(ctx: Context, round_: Round, chosen: Iterable[str]) -> list[Item]:
    wanted = set(chosen)
    own = (
        Item.objects.for_actor(ctx).filter(round=round_).select_related("part").order_by("number_sort", "id")
    )
    return [one for one in own if str(one.pk) in wanted]


def _act(ctx: Context, round_: Round, do: str, items: Sequence[Item], reason: str) -> None:
    if not items:
        raise Problem("nothing", _("1件以上を選んでください。"))
    ids = [str(one.pk) for one in items]
    if do == "accept":
        rounds.accept(ctx, round_, rounds.Chosen(ids))
        return
    if do == "return" and all(one.state in ("confirmed", "accepted", "not_applicable") for one in items):
        rounds.return_items(ctx, round_, rounds.return_items.read_json({"items": ids, "reason": reason}))
        return
    by_part: dict[UUID, list[Item]] = defaultdict(list)
    for one in items:
        by_part[one.part_id].append(one)
    problems: list[Problem] = []
    for several in by_part.values():
        part, own = several[0].part, [str(one.pk) for one in several]
        # A key per office: several forms' worth of work is sent by one button.
        mine = _keyed(ctx, str(part.pk))
        try:
            if do == "return":
                rounds.send_back(
                    mine, part, rounds.send_back.read_json({"items": own, "reason": reason})
                )  # fmt: skip
            else:
                rounds.confirm(mine, part, rounds.Chosen(own))
        except Problem as problem:
            if isinstance(problem, Problems):
                problems += problem.problems
            else:
                raise
    if problems:
        raise Problems(problems)


def _keyed(ctx: Context, key: str) -> Context:
    return replace(ctx, idempotency_key=f"{ctx.idempotency_key}:{key}"[:100] if ctx.idempotency_key else None)
