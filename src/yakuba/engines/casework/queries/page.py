"""What a case's page shows besides the case itself, and what its forms offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from yakuba.engines.approval.models import Proposal
from yakuba.engines.approval.rules import OPEN_STATES
from yakuba.engines.casework.models import (
    Case,
    CaseLink,
    CaseMessage,
    CaseNote,
    CheckMark,
    ClockStop,
    Disposition,
    Move,
    Notice,
    OfficeMailbox,
    Transfer,
)
from yakuba.engines.casework.queries.inbox import held_of
from yakuba.engines.casework.rules import Facts
from yakuba.engines.casework.store import TOLD
from yakuba.engines.protection.store import demand_free
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.town.models import Assignment, Person
from yakuba.kernel.town.queries import valid_on

MOST_RELATED = 10


@dataclass(frozen=True)
class Parts:
    """Everything that belongs to one case, in the order in which it happened."""

    moves: Sequence[Move]
    messages: Sequence[CaseMessage]
    notes: Sequence[CaseNote]
    marks: Sequence[CheckMark]
    stops: Sequence[ClockStop]
    transfers: Sequence[Transfer]
    dispositions: Sequence[Disposition]
    notices: Sequence[Notice]
    proposal: Proposal | None

    @property
    def draft(self) -> Disposition | None:
        """What is drafted and not decided."""
        return next((one for one in reversed(self.dispositions) if one.decided_at is None), None)

    @property
    def decided(self) -> Disposition | None:
        """What stands."""
        return next((one for one in self.dispositions if one.decided_at is not None), None)

    @property
    def facts(self) -> Facts:
        """What decides what is next."""
        return Facts(
            drafted=self.draft is not None,
            proposed=self.proposal is not None,
            told=any(one.state in TOLD for one in self.notices),
        )


def parts(ctx: Context, case: Case) -> Parts:
    """What the actor may see of a case; nine queries."""
    return Parts(
        moves=list(Move.objects.for_actor(ctx).filter(case=case).order_by("seq")),
        messages=list(CaseMessage.objects.for_actor(ctx).filter(case=case).order_by("at", "id")),
        notes=list(CaseNote.objects.for_actor(ctx).filter(case=case).order_by("at", "id")),
        marks=list(CheckMark.objects.for_actor(ctx).filter(case=case).order_by("position")),
        stops=list(ClockStop.objects.for_actor(ctx).filter(case=case).order_by("since", "id")),
        transfers=list(Transfer.objects.for_actor(ctx).filter(case=case).order_by("at", "id")),
        dispositions=list(Disposition.objects.for_actor(ctx).filter(case=case).order_by("drafted_at", "id")),
        notices=list(Notice.objects.for_actor(ctx).filter(case=case).order_by("id")),
        proposal=Proposal.unscoped.filter(
            municipality=ctx.municipality.id,
            subject_kind="case",
            subject=case.pk,
            state__in=OPEN_STATES,
        ).first(),
    )


@dataclass(frozen=True, slots=True)
class Related:
    """A case that belongs to this one; ``link`` is None for one that is only proposed."""

    case: Case
    note: str
    link: CaseLink | None


def related(ctx: Context, case: Case) -> list[Related]:
    """The cases that somebody linked, whichever way round, of those that the actor may see."""
    links = list(CaseLink.unscoped.filter(case=case)) + list(CaseLink.unscoped.filter(other=case))
    by_case = {one.other_id if one.case_id == case.pk else one.case_id: one for one in links}
    found = Case.objects.for_actor(ctx).filter(pk__in=by_case).order_by("registered_at", "pk")
    return [Related(one, by_case[one.pk].note, by_case[one.pk]) for one in found]


def proposed(ctx: Context, case: Case) -> list[Related]:
    """Other cases of somebody who is called the same, newest first, for a person to judge.

    Raises :class:`~yakuba.engines.protection.store.Held` where 支援措置 stops it; cases that are held themselves are left out.
    """
    demand_free(ctx, SubjectRef("case", case.pk), "related")
    if not case.applicant_key:
        return []
    known = {one.case.pk for one in related(ctx, case)} | {case.pk}
    same = (
        Case.objects.for_actor(ctx)
        .filter(applicant_key=case.applicant_key, test=case.test)
        .exclude(pk__in=known)
        .order_by("-arrived_at", "-pk")
    )
    rows = list(same[:MOST_RELATED])
    stopped = held_of(ctx, rows)
    return [Related(one, "", None) for one in rows if one.pk not in stopped]


def colleagues(ctx: Context, office_id: UUID, day: dt.date) -> list[Person]:
    """Who holds a post of an office on a day, in the order of readings."""
    held = Assignment.unscoped.filter(
        valid_on(day), municipality=ctx.municipality.id, post__office=office_id
    ).values("person")
    return list(Person.unscoped.filter(pk__in=held).order_by("kana", "staff_number"))


def mailboxes(ctx: Context) -> dict[UUID, str]:
    """The group mailbox of each office that has one."""
    return dict(OfficeMailbox.objects.for_actor(ctx).values_list("office", "mail"))
