"""Rounds, their days, their items, and the parts that wait for somebody. A constant number of queries however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.engines.rounds import rules, states
from yakuba.engines.rounds.access import ANSWER, CONFIRM
from yakuba.engines.rounds.models import Item, ItemMove, Milestone, OfficePart, Round, RoundMove
from yakuba.engines.rounds.queries import reach
from yakuba.kernel.access.models import RoleGrant
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.town.models import Assignment
from yakuba.kernel.town.queries import valid_on


def rounds(ctx: Context) -> QuerySet[Round]:
    """The rounds that the actor sees, the newest year first."""
    return Round.objects.for_actor(ctx).order_by("-year", "-planned_at", "pk")


def round_of(ctx: Context, round_id: UUID) -> Round:
    """One round. Raises :class:`Missing`."""
    found = Round.objects.for_actor(ctx).filter(pk=round_id).first()
    if found is None:
        raise Missing
    return found


def part_of(ctx: Context, round_id: UUID, part_id: UUID) -> OfficePart:
    """One office's part, with its round. Raises :class:`Missing`."""
    found = (
        OfficePart.objects.for_actor(ctx).filter(pk=part_id, round=round_id).select_related("round").first()
    )
    if found is None:
        raise Missing
    return found


def item_about(ctx: Context, round_id: UUID, subject: SubjectRef) -> Item | None:
    """The item of a round that asks for this thing, with its part and round."""
    return (
        Item.objects.for_actor(ctx)
        .filter(round=round_id, subject_kind=subject.kind, subject=subject.id)
        .select_related("part", "round")
        .first()
    )


def items_of(ctx: Context, round_: Round, office: UUID | None = None) -> list[Item]:
    """The items of a round, of one office's part, or of all, in the order of their numbers."""
    found = Item.objects.for_actor(ctx).filter(round=round_).select_related("part")
    if office is not None:
        found = found.filter(part__office=office)
    items = list(found.order_by("number_sort", "id"))
    for item in items:
        item.round = round_
    return items


def items_of_part(ctx: Context, part: OfficePart) -> list[Item]:
    """The items of one office's part, in the order of their numbers."""
    items = list(Item.objects.for_actor(ctx).filter(part=part).order_by("number_sort", "id"))
    for item in items:
        item.part, item.round = part, part.round
    return items


def days(ctx: Context, round_: Round) -> dict[str, dt.date]:
    """The milestones of a round by key, in the order of the year."""
    found = dict(Milestone.objects.for_actor(ctx).filter(round=round_).values_list("key", "day"))
    return {key: found[key] for key, _label in rules.MILESTONES if key in found}


def due_days(ctx: Context) -> dict[UUID, dt.date]:
    """The day of the offices in every round (one query)."""
    found = Milestone.objects.for_actor(ctx).filter(key=rules.NEEDED)
    return dict(found.values_list("round_id", "day"))


def moves(ctx: Context, round_: Round) -> list[RoundMove]:
    """What became of a round, oldest first."""
    return list(RoundMove.objects.for_actor(ctx).filter(round=round_).order_by("seq"))


def last_moves(ctx: Context, items: Iterable[Item]) -> dict[UUID, ItemMove]:
    """The last move of each item that moved (one query)."""
    found: dict[UUID, ItemMove] = {}
    rows = ItemMove.objects.for_actor(ctx).filter(item__in=[one.pk for one in items])
    for one in rows.order_by("item", "seq"):
        found[one.item_id] = one
    return found


def moves_of(ctx: Context, item: Item) -> list[ItemMove]:
    """What became of one item, oldest first."""
    return list(ItemMove.objects.for_actor(ctx).filter(item=item).order_by("seq"))


def former(ctx: Context, kind: str, phase: str, year: FiscalYear) -> Round | None:
    """The latest round of that kind and phase before a year, to take days and letter from."""
    return rounds(ctx).filter(kind=kind, phase=phase, year__lt=year).exclude(state="cancelled").first()


# --- what waits -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One office's part of an open round, with what it owes."""

    part: OfficePart
    counts: Mapping[str, int]
    waiting: rules.Waiting

    @property
    def outstanding(self) -> int:
        """How many things the office or its head still have to do something about."""
        return rules.share(self.counts, states.OUTSTANDING)

    def late(self, ctx: Context) -> int:
        """By how many days it is late; nobody is while the round is not open."""
        if self.part.round.state != "open":
            return 0
        return self.waiting.late_days(japan_date(ctx.now))


def my_parts(ctx: Context) -> list[Part]:
    """The parts of open rounds that the actor's own office answers for, the earliest day first (three queries).

    Not those that a secretariat could answer for everybody.
    """
    offices = {
        office
        for grant in ctx.actor.grants
        if grant.role in {"plan_editor", "office_head"}
        and grant.municipality_id in {None, ctx.municipality.id}
        for office in grant.office_ids or ()
    }
    return parts_of_offices(ctx, offices)


def parts_of_offices(ctx: Context, offices: Iterable[UUID]) -> list[Part]:
    """The parts of open and collected rounds that these offices answer for, the earliest day first."""
    mine = reach.answered_for(ctx, offices)
    if not mine:
        return []
    rows = (
        OfficePart.objects.for_actor(ctx)
        .filter(office__in=mine, round__state__in=("open", "collected"))
        .select_related("round")
    )
    return sorted(
        owing(ctx, list(rows)), key=lambda one: (one.waiting.until or dt.date.max, str(one.part.pk))
    )


def owing(ctx: Context, parts: Sequence[OfficePart]) -> list[Part]:
    """What each of these parts owes (two queries)."""
    counts = counts_of(Q(part__in=[one.pk for one in parts]), ctx)
    head_due = {
        one.round_id: one.day
        for one in Milestone.objects.for_actor(ctx).filter(
            round__in={part.round_id for part in parts}, key="head_due"
        )
    }
    return [
        Part(
            part,
            counts.get(part.pk, {}),
            rules.Waiting(
                counts.get(part.pk, {}).get("open", 0),
                counts.get(part.pk, {}).get("entered", 0),
                part.until,
                head_due.get(part.round_id),
            ),
        )
        for part in parts
    ]


def counts_of(which: Q, ctx: Context) -> dict[UUID, dict[str, int]]:
    """How many items of each part stand in each state (one query)."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Item.objects.for_actor(ctx).filter(which).order_by()
    for part, state, count in rows.values_list("part", "state").annotate(Count("pk")):
        found[part][state] = count
    return dict(found)


def totals(ctx: Context, round_: Round) -> dict[str, int]:
    """How many items of a round stand in each state (one query)."""
    rows = Item.objects.for_actor(ctx).filter(round=round_).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class ToCheck:
    """What waits for the secretariat: items to accept, extensions to answer."""

    accept: int
    extensions: int


def to_check(ctx: Context) -> ToCheck:
    """What waits for the secretariat in all rounds that are not over (one query while there is none, else three)."""
    if not Round.objects.for_actor(ctx).filter(state__in=("open", "collected")).exists():
        return ToCheck(0, 0)
    live = Q(round__state__in=("open", "collected"))
    return ToCheck(
        Item.objects.for_actor(ctx).filter(live, state__in=("confirmed", "not_applicable")).count(),
        OfficePart.objects.for_actor(ctx).filter(round__state="open", asked_until__isnull=False).count(),
    )


def may_answer(ctx: Context, part: OfficePart) -> bool:
    """Whether the actor answers in this part."""
    return ANSWER.may(ctx, part).allowed


def may_confirm(ctx: Context, part: OfficePart) -> bool:
    """Whether the actor confirms in this part."""
    return CONFIRM.may(ctx, part).allowed


# --- who --------------------------------------------------------------------------------------------------------------
def heads(ctx: Context, offices: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Who heads each office today (role ``office_head``), by name; no entry where nobody does. Two queries.

    Nothing for an actor who may not see colleagues.
    """
    wanted, day = set(offices), japan_date(ctx.now)
    granted = RoleGrant.unscoped.filter(
        valid_on(day),
        Q(office__in=wanted) | Q(post__office__in=wanted),
        municipality=ctx.municipality.id,
        role="office_head",
    )
    posts: set[UUID] = set()
    whole: set[UUID] = set()
    for grant in granted:
        if grant.post_id is not None:
            posts.add(grant.post_id)
        elif grant.office_id is not None:
            whole.add(grant.office_id)
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    held = (
        Assignment.objects.for_actor(ctx)
        .filter(valid_on(day))
        .filter(Q(post__in=posts) | Q(post__office__in=whole))
        .select_related("person", "post")
        .order_by("valid_from", "id")
    )
    for one in held:
        found[one.post.office_id][one.person.name] = None
    return {office: tuple(names) for office, names in found.items()}


def open_of(ctx: Context, person_id: UUID) -> list[SubjectRef]:
    """The parts that a person's offices still owe and that he answers for or confirms, by the posts that he holds today."""
    day = japan_date(ctx.now)
    held = Assignment.unscoped.filter(valid_on(day), municipality=ctx.municipality.id, person=person_id)
    posts = dict(held.values_list("post_id", "post__office_id"))
    granted = RoleGrant.unscoped.filter(
        valid_on(day),
        Q(post__in=posts) | Q(office__in=set(posts.values())),
        municipality=ctx.municipality.id,
        role__in=("plan_editor", "office_head"),
    )
    offices = {
        posts[grant.post_id] if grant.post_id is not None else grant.office_id for grant in granted
    } - {None}
    found = parts_of_offices(ctx, {office for office in offices if office is not None})
    return [SubjectRef("round_part", one.part.pk) for one in found if one.outstanding]
