"""Who may see, act on and keep what belongs to decisions. Acting hangs on posts, not on roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from yakuba.engines.approval.models import Absence, DecisionRule, Proposal, Step
from yakuba.engines.approval.queries import holding, standing
from yakuba.kernel.actions import Context, Everywhere, Own, Permission, viewed_by
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.town.models import Municipality, Person

_STAFF = {"staff": Everywhere()}
_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_RULES = {"records_keeper": Everywhere(), "cli": Everywhere()}


@dataclass(frozen=True)
class SeeProposals(Permission[Proposal]):
    """Whoever drafted it, stands on its route or stood on it, its office's deciders and workers once it is sent, and the auditor."""

    def q(self, ctx: Context) -> Q:
        return super().q(ctx) | (Q(municipality=ctx.municipality.id) & standing.seen(ctx))


@dataclass(frozen=True)
class SeeSteps(Permission[Step]):
    """The steps of the proposals that one sees."""

    def q(self, ctx: Context) -> Q:
        return Q(municipality=ctx.municipality.id) & standing.steps_seen(VIEW_PROPOSAL.q(ctx))


@dataclass(frozen=True)
class OnTheRoute(Permission[Proposal]):
    """The proposals whose current step of these kinds is the actor's, by the post that he holds or stands in for now."""

    kinds: tuple[str, ...] = ()

    def q(self, ctx: Context) -> Q:
        if not self.holds_anywhere(ctx):
            return NOTHING
        return Q(municipality=ctx.municipality.id) & standing.acts_on(ctx, *self.kinds)


@dataclass(frozen=True)
class Drafted(Permission[Proposal]):
    """What the actor drafted himself, or takes over from somebody who has moved on."""

    def q(self, ctx: Context) -> Q:
        if not self.holds_anywhere(ctx):
            return NOTHING
        return Q(municipality=ctx.municipality.id) & holding.drafted_by_me(ctx)


@dataclass(frozen=True)
class Reading(Permission[Step]):
    """The circulations that wait for the actor, or with ``afterwards`` the decisions that somebody else took in his place."""

    afterwards: bool = False

    def q(self, ctx: Context) -> Q:
        if not self.holds_anywhere(ctx):
            return NOTHING
        found = holding.to_read_after(ctx) if self.afterwards else holding.mine_to_act(ctx, "circulate")
        return Q(municipality=ctx.municipality.id) & found


@dataclass(frozen=True)
class NoteAbsence(Permission[Person]):
    """Oneself; the heads of an office and the keepers note it for others too."""

    def q(self, ctx: Context) -> Q:
        own = Q(pk__in=holding.me(ctx).person, municipality=ctx.municipality.id)
        return super().q(ctx) | own | standing.headed(ctx)


@dataclass(frozen=True)
class OfAbsence(Permission[Absence]):
    """The absences of those whose absences one notes."""

    people: Permission[Person] = field(kw_only=True)

    def q(self, ctx: Context) -> Q:
        return Q(municipality=ctx.municipality.id) & standing.of_people(self.people.q(ctx))


VIEW_PROPOSAL = viewed_by(
    SeeProposals(
        "approval.view",
        Proposal,
        {
            "auditor": Everywhere(),
            "office_head": Own("office", ~Q(state="drafting")),
            "case_worker": Own("office", ~Q(state="drafting")),
        },
    )
)
VIEW_STEP = viewed_by(SeeSteps("approval.view_step", Step, VIEW_PROPOSAL.roles))
VIEW_RULE = viewed_by(Permission("approval.view_rule", DecisionRule, {**_READERS, **_RULES}))
# Rules are changed many at a time, from a sheet: the municipality is the subject.
CHANGE_RULES = Permission("approval.change_rules", Municipality, _RULES, municipality="pk")

SUBMIT = Drafted("approval.submit", Proposal, _STAFF)
REDRAFT = Drafted("approval.redraft", Proposal, _STAFF)
WITHDRAW = Drafted("approval.withdraw", Proposal, _STAFF)
SKIP = Drafted("approval.skip", Proposal, _STAFF)
APPROVE = OnTheRoute("approval.approve", Proposal, _STAFF, kinds=("approve",))
CONCUR = OnTheRoute("approval.concur", Proposal, _STAFF, kinds=("concur",))
DECIDE = OnTheRoute("approval.decide", Proposal, _STAFF, kinds=("decide",))
RETURN = OnTheRoute("approval.return", Proposal, _STAFF, kinds=("approve", "concur", "decide"))
READ = Reading("approval.read", Step, _STAFF)
READ_AFTER = Reading("approval.read_after", Step, _STAFF, afterwards=True)

# Heads and staff reach persons by posts, which the permission's own query knows.
_BY_POST = Own("pk", NOTHING)
NOTE_ABSENCE = NoteAbsence(
    "approval.note_absence",
    Person,
    {
        "records_keeper": Everywhere(),
        "municipality_admin": Everywhere(),
        "office_head": _BY_POST,
        "staff": _BY_POST,
    },
)
VIEW_ABSENCE = viewed_by(OfAbsence("approval.view_absence", Absence, NOTE_ABSENCE.roles, people=NOTE_ABSENCE))
END_ABSENCE = OfAbsence("approval.end_absence", Absence, NOTE_ABSENCE.roles, people=NOTE_ABSENCE)
