"""The writers of proposals: services draft inside their own actions, which have asked for permission.

proposal = store.start(ctx, Draft(SubjectRef("case", case.pk), matter="交付決定", title="…", office=office.pk))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.approval import rules
from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.outcomes import OUTCOMES, Summary
from yakuba.engines.approval.queries import holding
from yakuba.engines.approval.queries.deciders import Decider, category, deciders
from yakuba.kernel.actions import Context, Denied, Problem, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import Assignment, Office, Person, Post
from yakuba.kernel.town.queries import valid_on
from yakuba.kernel.trail.vouching import moment, vouch


@dataclass(frozen=True, slots=True)
class Planned:
    """A step before or after the decision: ``approve``, ``concur`` or ``circulate``, asked of a post."""

    kind: str
    post: UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be decided. ``title`` names no applicant (it stands in lists and in the trail); ``body`` may.

    ``decider`` is a post, None for the one that the city's rule names. The decision comes behind the last approval or concurrence
    of ``route``; circulations that stand behind it are read afterwards. With ``exception`` (the reason) the drafter decides
    himself. Without ``submit`` it stays a draft, and its page lets the drafter choose the route.
    """

    about: SubjectRef
    matter: str
    title: str
    office: UUID
    body: str = ""
    amount: int | None = None
    route: Sequence[Planned] = ()
    decider: UUID | None = None
    exception: str = ""
    submit: bool = True


def start(ctx: Context, draft: Draft) -> Proposal:
    """Write a proposal, and send it on its way unless the draft says otherwise; in the caller's transaction.

    Raises :class:`Problem`: no such office, no post of the drafter, no rule that names a decider, a route that is none, or a
    subject that has an open proposal already. Raises :class:`Denied` for whoever is no member of staff.
    """
    person = _demand_person(ctx)
    if draft.about.kind not in OUTCOMES:
        raise LookupError(f"no outcome registered for {draft.about.kind}")
    office = Office.unscoped.filter(municipality=ctx.municipality.id, pk=draft.office).first()
    if office is None:
        raise Problem("office", _("起案する所属が見つかりません。"), field="office")
    if open_about(ctx, draft.about) is not None:
        raise Problem(
            "open", _("この件は、もう起案されています。今の起案を引き戻してから、起案し直してください。")
        )
    proposal = Proposal(
        municipality_id=ctx.municipality.id,
        subject_kind=draft.about.kind,
        subject=draft.about.id,
        office=office,
        drafter=person,
        drafter_post=_post_of(ctx, person, office),
        state="drafting",
        round=1,
        drafted_at=ctx.now,
    )
    _describe(proposal, draft.matter, draft.title, draft.body, draft.amount, draft.exception)
    proposal.save(force_insert=True)
    lay(ctx, proposal, draft.route, draft.decider, strict=draft.submit)
    return submit(ctx, proposal) if draft.submit else proposal


def open_about(ctx: Context, about: SubjectRef, *, lock: bool = False) -> Proposal | None:
    """The proposal about a thing that is not decided and not withdrawn."""
    rows = Proposal.unscoped.select_for_update() if lock else Proposal.unscoped.all()
    return rows.filter(
        municipality=ctx.municipality.id,
        subject_kind=about.kind,
        subject=about.id,
        state__in=rules.OPEN_STATES,
    ).first()


def redraft(
    ctx: Context,
    proposal: Proposal,
    *,
    title: str,
    body: str,
    amount: int | None,
    exception: str,
    route: Sequence[Planned],
    decider: UUID | None,
) -> Proposal:
    """The drafter's changes to a draft or to what came back. Raises :class:`Problem`."""
    if proposal.state not in {"drafting", "returned"}:
        raise not_now(proposal)
    _take_over(ctx, proposal)
    _describe(proposal, proposal.matter, title, body, amount, exception)
    lay(ctx, proposal, route, decider, strict=False)
    proposal.save()
    return proposal


def _describe(
    proposal: Proposal, matter: str, title: str, body: str, amount: int | None, exception: str
) -> None:
    if not title.strip():
        raise Problem("required", _("「件名」が空です。入力してください。"), field="title")
    proposal.matter, proposal.title = matter.strip(), title.strip()
    proposal.body, proposal.amount, proposal.exception = body.strip(), amount, exception.strip()


def lay(
    ctx: Context, proposal: Proposal, route: Sequence[Planned], decider: UUID | None, *, strict: bool
) -> None:
    """Write the steps of the present round anew. Not ``strict``: a draft may still be without a decider."""
    if len(route) > rules.MOST_STEPS:
        raise Problem(
            "steps", _("経路は%(most)d段階までにしてください。") % {"most": rules.MOST_STEPS}, field="route"
        )
    planned = list(route)
    allowed = {"approve", "concur", "circulate"}
    known = set(
        Post.unscoped.filter(
            municipality=ctx.municipality.id, pk__in=[one.post for one in planned]
        ).values_list("pk", flat=True)
    )
    if any(one.kind not in allowed or one.post not in known for one in planned):
        raise Problem("steps", _("経路の職が見つかりません。選び直してください。"), field="route")
    if len({(one.kind, one.post) for one in planned}) < len(planned):
        raise Problem("twice", _("同じ職に同じことを2度求めています。片方を消してください。"), field="route")
    chosen = _chosen(ctx, proposal, decider, strict=strict)
    Step.unscoped.filter(proposal=proposal, round=proposal.round).delete()
    last = max((n for n, one in enumerate(planned) if one.kind != "circulate"), default=-1) + 1
    rows = [Step(kind=one.kind, post_id=one.post) for one in planned]
    if chosen is not None:
        rows.insert(last, _decision(chosen))
    for position, row in enumerate(rows, start=1):
        row.municipality_id, row.proposal = proposal.municipality_id, proposal
        row.round, row.position, row.state = proposal.round, position, "waiting"
    Step.unscoped.bulk_create(rows)
    proposal.rule = chosen.rule if chosen else None
    proposal.save(update_fields=["rule"])


def _decision(chosen: Decider) -> Step:
    stand_ins = [*chosen.stand_ins, None, None]
    return Step(kind="decide", post=chosen.post, stand_in=stand_ins[0], second_stand_in=stand_ins[1])


def _chosen(ctx: Context, proposal: Proposal, wanted: UUID | None, *, strict: bool) -> Decider | None:
    """Who decides: the post that was chosen, else the first one that is not the drafter's alone. Raises :class:`Problem`."""
    if proposal.exception:
        return _exceptional(ctx, proposal)
    try:
        found = deciders(ctx, proposal.office, proposal.matter, proposal.amount)
    except Problem:
        if strict:
            raise
        return None
    if wanted is not None:
        chosen = next((one for one in found if one.post.pk == wanted), None)
        if chosen is None:
            raise Problem(
                "decider",
                _("選んだ職は、この事項を決裁できません。決裁規程の表が示す職から選んでください。"),
                field="decider",
            )
        return chosen
    return next((one for one in found if not _own(ctx, proposal, one)), found[0])


def _own(ctx: Context, proposal: Proposal, decider: Decider) -> bool:
    """Whether nobody but the drafter could decide there."""
    step = _decision(decider)
    seat = holding.seat_of(ctx, step)
    return bool(seat.holders) and not seat.holders - drafters_of(proposal)


def _exceptional(ctx: Context, proposal: Proposal) -> Decider:
    objection = rules.exception_objection(category(ctx, proposal.office, proposal.matter), proposal.amount)
    words = {
        "money": _("金額のある件は、起案者が自分で決裁できません。"),
        "access": _("利用権限の件は、起案者が自分で決裁できません。"),
        "unknown": _("決裁規程の表に「一般」として載っている事項だけ、起案者が自分で決裁できます。"),
    }
    if objection:
        raise Problem("exception", words[objection], field="exception", found=proposal.matter)
    return Decider(proposal.drafter_post, None)


def submit(ctx: Context, proposal: Proposal) -> Proposal:
    """Send a draft, or what came back, on its way. The rule and who decides are asked for again, as of today."""
    if proposal.state not in {"drafting", "returned"}:
        raise not_now(proposal)
    _take_over(ctx, proposal)
    steps = steps_of(proposal)
    decision = next((one for one in steps if one.kind == "decide"), None)
    planned = [Planned(one.kind, one.post_id) for one in steps if one.kind != "decide"]
    wanted = decision.post_id if decision is not None and not proposal.exception else None
    lay(ctx, proposal, planned, wanted, strict=True)
    steps = steps_of(proposal)
    decision = next(one for one in steps if one.kind == "decide")
    seat = holding.seat_of(ctx, decision)
    if not proposal.exception and seat.holders and not seat.holders - drafters_of(proposal):
        raise Problem(
            "own_decision",
            _("「%(post)s」は起案者本人です。自分の起案は決裁できません。上位の職を選んでください。")
            % {"post": decision.post.title},
            field="decider",
        )
    apply(proposal, steps, rules.submit(route_of(proposal, steps)))
    proposal.submitted_at = ctx.now
    proposal.save(update_fields=["state", "submitted_at", "rule", "drafter", "predecessor"])
    OUTCOMES.get(proposal.subject_kind).on_submitted(ctx, proposal)
    ctx.publish("approval.submitted", told(proposal))
    return proposal


def withdraw(ctx: Context, proposal: Proposal) -> None:
    """Take a proposal back; what it is about is not told. Raises :class:`Problem` once it is decided."""
    steps = steps_of(proposal)
    try:
        route = rules.withdrawn(route_of(proposal, steps))
    except rules.NotNow:
        raise not_now(proposal) from None
    apply(proposal, steps, route)
    proposal.save(update_fields=["state"])
    ctx.publish("approval.withdrawn", told(proposal))


def cancel(ctx: Context, about: SubjectRef) -> Proposal | None:
    """Take back the open proposal about a thing that needs no decision any more (an application was withdrawn, say).

    For the room whose thing it is, inside its own action; its outcome is not called. None where nothing is open.
    """
    proposal = open_about(ctx, about, lock=True)
    if proposal is not None:
        withdraw(ctx, proposal)
        proposal.version += 1
        proposal.save(update_fields=["version"])
    return proposal


# --- what actions share ---------------------------------------------------------------------------------------------
def drafters_of(proposal: Proposal) -> set[UUID]:
    """Who drafted it: none of them approves or decides it."""
    return {one for one in (proposal.drafter_id, proposal.predecessor_id) if one is not None}


def _take_over(ctx: Context, proposal: Proposal) -> None:
    """Whoever changes or sends it is its drafter from now on (the permission let him: the former one has left the post)."""
    person = _demand_person(ctx)
    if person.pk == proposal.drafter_id:
        return
    if proposal.predecessor_id is not None:
        raise Problem(
            "taken_over",
            _("この起案は、すでに一度引き継がれています。引き戻して、起案し直してください。"),
        )
    proposal.predecessor_id, proposal.drafter = proposal.drafter_id, person


def steps_of(proposal: Proposal) -> list[Step]:
    """The steps of the present round, in order."""
    return list(
        Step.unscoped.filter(proposal=proposal, round=proposal.round)
        .select_related("post", "proposal")
        .order_by("position")
    )


def route_of(proposal: Proposal, steps: Sequence[Step]) -> rules.Route:
    """As the rules see it."""
    return rules.Route(proposal.state, tuple(rules.Place(one.kind, one.state) for one in steps))


def apply(proposal: Proposal, steps: Sequence[Step], route: rules.Route) -> None:
    """Write the states that a move led to; the proposal itself is saved by the caller.

    What ends is written before what begins: no moment has two current steps.
    """
    proposal.state = route.state
    changed = [
        (step, place.state)
        for step, place in zip(steps, route.places, strict=True)
        if step.state != place.state
    ]
    for step, state in sorted(changed, key=lambda pair: pair[1] == "current"):
        step.state = state
        step.save()


def next_round(proposal: Proposal, steps: Sequence[Step]) -> None:
    """The same route once more, for the drafter to change and send again; the steps of the round that ended stay."""
    proposal.round += 1
    Step.unscoped.bulk_create(
        Step(
            municipality_id=one.municipality_id,
            proposal=proposal,
            round=proposal.round,
            position=one.position,
            kind=one.kind,
            post_id=one.post_id,
            stand_in_id=one.stand_in_id,
            second_stand_in_id=one.second_stand_in_id,
            state="waiting",
        )
        for one in steps
    )


def keep_shown(proposal: Proposal, summary: Summary) -> None:
    """What the decider read, kept as it was (DESIGN §4 rule 3)."""
    proposal.shown = {"sections": [_section(asdict(one)) for one in summary.sections]}


def vouch_for(ctx: Context, proposal: Proposal) -> None:
    """A decided proposal never changes: the trail keeps the digest of what was asked and of what the decider read."""
    vouch(ctx, "proposal", proposal.pk, _facts(proposal))
    ctx.note(about=f"{proposal.subject_kind}/{proposal.subject}")


def proposals(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """Proposals as they stand, for the trail's check."""
    return {one.pk: _facts(one) for one in Proposal.unscoped.filter(pk__in=ids)}


def _facts(proposal: Proposal) -> JsonValue:
    return {
        "subject": f"{proposal.subject_kind}/{proposal.subject}",
        "matter": proposal.matter,
        "title": proposal.title,
        "body": proposal.body,
        "amount": proposal.amount,
        "state": proposal.state,
        "drafter": str(proposal.drafter_id),
        "exception": proposal.exception,
        "shown": proposal.shown,
        "decided_at": moment(proposal.decided_at),
    }


def _section(section: dict[str, JsonValue]) -> dict[str, JsonValue]:
    facts = section["facts"]
    assert isinstance(facts, list | tuple)  # noqa: S101 – of Section
    return {**section, "facts": [list(one) for one in facts if isinstance(one, list | tuple)]}


def told(proposal: Proposal) -> dict[str, JsonValue]:
    """What an event says: ids and the subject, nothing of anybody."""
    return {
        "proposal": str(proposal.pk),
        "subject_kind": proposal.subject_kind,
        "subject": str(proposal.subject),
        "round": proposal.round,
    }


def not_now(proposal: Proposal) -> Problem:
    """That the state does not allow it."""
    return Problem(
        "state",
        _("「%(state)s」の起案には、この操作はできません。画面を開き直してください。")
        % {"state": dict(rules.STATES)[proposal.state]},
        found=proposal.state,
    )


def _demand_person(ctx: Context) -> Person:
    person = holding.person_of(ctx)
    if person is None:
        raise Denied(_("起案は、職員の利用者IDで行います。"))
    return person


def _post_of(ctx: Context, person: Person, office: Office) -> Post:
    """The post in which somebody drafts: one of the office, else the main one."""
    held = list(
        Assignment.unscoped.filter(
            valid_on(japan_date(ctx.now)), person=person, municipality=ctx.municipality.id
        )
        .select_related("post")
        .order_by("valid_from", "id")
    )
    held.sort(key=lambda one: (one.post.office_id != office.pk, one.kind != "main"))
    if not held:
        raise Problem("no_post", _("今日の時点で職に就いていないため、起案できません。"))
    return held[0].post
