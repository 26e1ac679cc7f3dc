"""One proposal with its route, as its page shows it; and the table of rules and the absences that an actor sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.approval import access
from yakuba.engines.approval.models import Absence, DecisionRule, Proposal, Step
from yakuba.engines.approval.outcomes import OUTCOMES, Section, Summary
from yakuba.engines.approval.queries import holding
from yakuba.engines.approval.queries.box import post_names
from yakuba.engines.approval.rules import BLOCKING, CAPACITIES, KINDS, OPEN_STATES, STEP_STATES, may_act
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import AUTHORITIES, Assignment, Person
from yakuba.kernel.town.queries import valid_on


def proposal(ctx: Context, proposal_id: UUID) -> Proposal:
    """A proposal that the actor sees. Raises :class:`Missing`."""
    found = (
        Proposal.objects.for_actor(ctx)
        .filter(pk=proposal_id)
        .select_related("office", "drafter", "drafter_post", "rule")
        .first()
    )
    if found is None:
        raise Missing
    return found


def about(ctx: Context, ref: SubjectRef) -> list[Proposal]:
    """The proposals about a thing that the actor sees, the newest first; for the page of that thing."""
    return list(
        Proposal.objects.for_actor(ctx)
        .filter(subject_kind=ref.kind, subject=ref.id)
        .select_related("drafter")
        .order_by("-drafted_at", "-pk")
    )


def shown(ctx: Context, found: Proposal) -> Summary:
    """What the decider reads: as it is now, or once decided as it was then."""
    summary = OUTCOMES.get(found.subject_kind).summary(ctx, found)
    if found.state != "decided":
        return summary
    kept = tuple(
        Section(one["heading"], tuple((label, text) for label, text in one["facts"]), one["text"])
        for one in found.shown["sections"]
    )
    return Summary(kept, summary.href, summary.reads)


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words. ``people`` hold the post now, while it waits; ``by`` is who acted, with ``capacity`` where as another."""

    position: int
    kind: str
    kind_label: str
    post: str
    state: str
    state_label: str
    people: Sequence[str]
    by: str
    capacity: str
    absent: str
    read_after_at: dt.datetime | None
    owes_reading: bool
    comment: str
    at: dt.datetime | None


def rounds(ctx: Context, found: Proposal) -> list[list[Told]]:
    """The steps of every round, the present one first (four queries)."""
    steps = list(
        Step.unscoped.filter(proposal=found)
        .select_related("post", "person", "absent")
        .order_by("-round", "position")
    )
    names = post_names(ctx, [step.post for step in steps])
    open_posts = {step.post_id for step in steps if step.state in {"waiting", "current"}}
    holders: dict[UUID, list[str]] = {}
    away = set(holding.away(ctx))
    for one in Assignment.unscoped.filter(
        valid_on(japan_date(ctx.now)), post__in=open_posts, kind__in=(*holding.HOLDING, *holding.ACTING)
    ).select_related("person"):
        holders.setdefault(one.post_id, []).append(
            f"{one.person.name}（{'不在' if one.person_id in away else dict(CAPACITIES).get(one.kind, '')}）"
            if one.person_id in away or one.kind in holding.ACTING
            else one.person.name
        )
    told: dict[int, list[Told]] = {}
    for step in steps:
        told.setdefault(step.round, []).append(
            _told(step, names[step.post_id], holders.get(step.post_id, []))
        )
    return list(told.values())


def _told(step: Step, post: str, people: Sequence[str]) -> Told:
    open_ = step.state in {"waiting", "current"}
    return Told(
        step.position,
        step.kind,
        dict(KINDS)[step.kind],
        post,
        step.state,
        dict(STEP_STATES)[step.state],
        people if open_ else (),
        step.person.name if step.person else "",
        dict(CAPACITIES)[step.capacity] if step.as_deputy else "",
        step.absent.name if step.absent else "",
        step.read_after_at,
        step.absent_id is not None and step.read_after_at is None,
        step.comment,
        step.done_at,
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """What the actor may do with a proposal now.

    ``turn`` is the kind of the step that is his, ``capacity`` as what he would act on it (empty as the post's own holder).
    """

    turn: str = ""
    capacity: str = ""
    post: str = ""
    reads: UUID | None = None
    reads_after: UUID | None = None
    drafts: bool = False
    withdraws: bool = False
    skips: bool = False


def mine(ctx: Context, found: Proposal) -> Mine:
    """What the actor may do with a proposal; the actions ask again."""
    person = holding.person_of(ctx)
    if person is None:
        return Mine()
    steps = Step.unscoped.filter(proposal=found, municipality=ctx.municipality.id).select_related("post")
    turn = steps.filter(holding.mine_to_act(ctx, *BLOCKING)).first()
    as_what = "holder"
    if turn is not None:
        as_what = may_act(
            person.pk,
            turn.kind,
            holding.seat_of(ctx, turn),
            drafters={found.drafter_id, found.predecessor_id},
            exceptional=bool(found.exception),
        )
    drafter = access.SUBMIT.may(ctx, found).allowed
    reads = steps.filter(holding.mine_to_act(ctx, "circulate")).first()
    after = steps.filter(holding.to_read_after(ctx)).first()
    return Mine(
        turn=turn.kind if turn else "",
        capacity=dict(CAPACITIES)[as_what] if as_what != "holder" else "",
        post=turn.post.title if turn else "",
        reads=reads.pk if reads else None,
        reads_after=after.pk if after else None,
        drafts=drafter and found.state in {"drafting", "returned"},
        withdraws=drafter and found.state in OPEN_STATES,
        skips=drafter and found.state == "circulating" and _nobody_there(ctx, steps),
    )


def _nobody_there(ctx: Context, steps: QuerySet[Step]) -> bool:
    """Whether the proposal waits for an approval or concurrence, and nobody of that post is there."""
    waits = steps.filter(state="current", kind__in=("approve", "concur")).first()
    return waits is not None and holding.seat_of(ctx, waits).is_empty


def present_steps(found: Proposal) -> list[Step]:
    """The steps of the present round, in order."""
    return list(
        Step.unscoped.filter(proposal=found, round=found.round).select_related("post").order_by("position")
    )


def step(ctx: Context, proposal_id: UUID, step_id: UUID) -> Step:
    """A step of a proposal that the actor sees. Raises :class:`Missing`."""
    found = Step.objects.for_actor(ctx).filter(pk=step_id, proposal=proposal_id).first()
    if found is None:
        raise Missing
    return found


def decision_rules(ctx: Context) -> list[DecisionRule]:
    """The table of decision rules, in the order in which people read it."""
    found = DecisionRule.objects.for_actor(ctx)
    order = {key: place for place, (key, _label) in enumerate(AUTHORITIES)}
    return sorted(
        found,
        key=lambda one: (
            order[one.authority],
            not one.matter,
            one.matter,
            one.up_to_yen is None,
            one.up_to_yen or 0,
            one.valid_from,
        ),
    )


def decision_rule(ctx: Context, rule_id: UUID) -> DecisionRule:
    """One line of the table. Raises :class:`Missing`."""
    found = DecisionRule.objects.for_actor(ctx).filter(pk=rule_id).first()
    if found is None:
        raise Missing
    return found


def absences(ctx: Context) -> list[Absence]:
    """The absences of today and later that the actor keeps or has himself."""
    return list(
        Absence.objects.for_actor(ctx)
        .filter(valid_to__gte=japan_date(ctx.now), ended_at__isnull=True)
        .select_related("person")
        .order_by("valid_from", "pk")
    )


def people_to_note(ctx: Context) -> list[Person]:
    """Those whose absence the actor may note: himself first."""
    me = holding.person_of(ctx)
    found = list(Person.unscoped.filter(access.NOTE_ABSENCE.q(ctx)).order_by("kana", "staff_number"))
    return sorted(found, key=lambda one: me is None or one.pk != me.pk)


def matters(ctx: Context) -> list[str]:
    """The matters that the city's table names, for choosing one."""
    rows = DecisionRule.objects.for_actor(ctx).exclude(matter="")
    return list(rows.order_by("matter").values_list("matter", flat=True).distinct())
