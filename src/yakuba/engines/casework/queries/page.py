"""What a case's page shows besides the case itself, and what its forms offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

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
from yakuba.engines.casework.rules import Facts
from yakuba.engines.casework.store import TOLD
from yakuba.engines.delivery.queries import left_about
from yakuba.engines.protection.queries import stands_on
from yakuba.engines.protection.store import demand_free
from yakuba.kernel.actions import Context, Missing, SubjectRef, once
from yakuba.kernel.dates import japan_date
from yakuba.kernel.plugins import statements
from yakuba.kernel.town.models import Assignment, Person
from yakuba.kernel.town.queries import OfficeOn, office_names, offices_on, valid_on
from yakuba.kernel.town.records import Record

MOST_RELATED = 10
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Parts:
    """Everything that belongs to one case, in the order in which it happened.

    ``held``: 支援措置 stops what would leave by itself. ``linked``: somebody linked cases to it. ``mailed``: messages left.
    """

    moves: Sequence[Move]
    messages: Sequence[CaseMessage]
    notes: Sequence[CaseNote]
    marks: Sequence[CheckMark]
    stops: Sequence[ClockStop]
    transfers: Sequence[Transfer]
    dispositions: Sequence[Disposition]
    notices: Sequence[Notice]
    proposal: Proposal | None
    held: bool
    linked: bool
    mailed: bool

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
    """What belongs to a case that the actor was found to see: who sees a case sees all of it.

    Most cases have little of it, so that one query asks what there is, and none asks for what there is not: three to ten.
    """
    which = {"municipality": ctx.municipality.id, "case": case.pk}
    row = _THERE.first(**which)
    if row is None:
        raise Missing
    there = vars(row)

    def of(part: _Part[R]) -> list[R]:
        return part.statement.all(**which) if there[part.flag] else []

    return Parts(
        moves=of(_MOVES),
        messages=of(_MESSAGES),
        notes=of(_NOTES),
        marks=of(_MARKS),
        stops=of(_STOPS),
        transfers=of(_TRANSFERS),
        dispositions=of(_DISPOSITIONS),
        notices=of(_NOTICES),
        proposal=next(iter(of(_PROPOSAL)), None),
        held=there["is_held"],
        linked=there["is_linked"],
        mailed=there["is_mailed"],
    )


class _Part(Generic[R]):
    """One sort of rows that belong to a case; ``column`` holds the case's id."""

    def __init__(self, rows: QuerySet[R], column: str = "case") -> None:
        self._rows, self._column = rows, column
        self.flag = f"has_{rows.model._meta.model_name}"
        self.statement: statements.Prepared[R] = statements.Prepared(
            lambda blank: rows.filter(**{"municipality": blank["municipality"], column: blank["case"]}),
            municipality=UUID,
            case=UUID,
        )

    @property
    def there(self) -> Exists:
        """Whether the row of a case has any."""
        here = {"municipality": OuterRef("municipality"), self._column: OuterRef("pk")}
        return Exists(self._rows.filter(**here).order_by())


_MOVES = _Part(Move.unscoped.order_by("seq"))
_MESSAGES = _Part(CaseMessage.unscoped.order_by("at", "id"))
_NOTES = _Part(CaseNote.unscoped.order_by("at", "id"))
_MARKS = _Part(CheckMark.unscoped.order_by("position"))
_STOPS = _Part(ClockStop.unscoped.order_by("since", "id"))
_TRANSFERS = _Part(Transfer.unscoped.order_by("at", "id"))
_DISPOSITIONS = _Part(Disposition.unscoped.order_by("drafted_at", "id"))
_NOTICES = _Part(Notice.unscoped.order_by("id"))
_PROPOSAL = _Part(Proposal.unscoped.filter(subject_kind="case", state__in=OPEN_STATES), "subject")
_FLAGS: Mapping[str, Exists] = {
    _MOVES.flag: _MOVES.there,
    _MESSAGES.flag: _MESSAGES.there,
    _NOTES.flag: _NOTES.there,
    _MARKS.flag: _MARKS.there,
    _STOPS.flag: _STOPS.there,
    _TRANSFERS.flag: _TRANSFERS.there,
    _DISPOSITIONS.flag: _DISPOSITIONS.there,
    _NOTICES.flag: _NOTICES.there,
    _PROPOSAL.flag: _PROPOSAL.there,
    "is_held": stands_on("case", "pk"),
    "is_linked": Exists(CaseLink.unscoped.filter(Q(case=OuterRef("pk")) | Q(other=OuterRef("pk")))),
    "is_mailed": left_about("case", "pk"),
}
_THERE: statements.Prepared[Case] = statements.Prepared(
    lambda blank: (
        Case.unscoped.filter(municipality=blank["municipality"], pk=blank["case"])
        .only("pk")
        .annotate(**_FLAGS)
    ),
    municipality=UUID,
    case=UUID,
)


@dataclass(frozen=True, slots=True)
class Related:
    """A case that belongs to this one; ``link`` is None for one that is only proposed."""

    case: Case
    note: str
    link: CaseLink | None


def related(ctx: Context, case: Case) -> list[Related]:
    """The cases that somebody linked, whichever way round, of those that the actor may see (two queries, once for a page)."""
    return once(ctx, ("casework.related", case.pk), lambda: _related(ctx, case))


def _related(ctx: Context, case: Case) -> list[Related]:
    links = list(CaseLink.unscoped.filter(Q(case=case) | Q(other=case)))
    by_case = {one.other_id if one.case_id == case.pk else one.case_id: one for one in links}
    found = Case.objects.for_actor(ctx).filter(pk__in=by_case).order_by("registered_at", "pk")
    return [Related(one, by_case[one.pk].note, by_case[one.pk]) for one in found]


def proposed(ctx: Context, case: Case, known: Parts | None = None) -> list[Related]:
    """Other cases of somebody who is called the same, newest first, for a person to judge; but for those that are linked.

    Raises :class:`~yakuba.engines.protection.store.Held` where 支援措置 stops it; cases that are held themselves are left out.
    ``known``: what was found of the case a moment ago, which saves asking for holds and links that there are not.
    """
    if known is None or known.held:
        demand_free(ctx, SubjectRef("case", case.pk), "related")
    if not case.applicant_key:
        return []
    linked = related(ctx, case) if known is None or known.linked else []
    same = (
        Case.objects.for_actor(ctx)
        .filter(municipality=ctx.municipality.id, applicant_key=case.applicant_key, test=case.test)
        .exclude(pk__in={case.pk, *(one.case.pk for one in linked)})
        .annotate(held=stands_on("case", "pk"))
        .order_by("-arrived_at", "-pk")
    )
    return [Related(one, "", None) for one in same[:MOST_RELATED] if not one.held]


def colleagues(ctx: Context, office_id: UUID, day: dt.date) -> list[Person]:
    """Who holds a post of an office on a day, in the order of readings (one query, once for a page)."""
    return once(ctx, ("casework.colleagues", office_id, day), lambda: _colleagues(ctx, office_id, day))


def _colleagues(ctx: Context, office_id: UUID, day: dt.date) -> list[Person]:
    held = Assignment.unscoped.filter(
        valid_on(day), municipality=ctx.municipality.id, post__office=office_id
    ).values("person")
    return list(Person.unscoped.filter(pk__in=held).order_by("kana", "staff_number"))


def offices_today(ctx: Context) -> list[OfficeOn]:
    """The offices that exist today, by code (one query, once for a page)."""
    day = japan_date(ctx.now)
    return once(ctx, ("casework.offices", day), lambda: offices_on(ctx.municipality.id, day))


def names_of(ctx: Context, offices: Collection[UUID]) -> Mapping[UUID, str]:
    """What offices are called today; only where one of them is gone is there a query for it."""
    today = {one.id: one.name for one in offices_today(ctx)}
    return today if set(offices) <= set(today) else office_names(offices, japan_date(ctx.now))


def mailboxes(ctx: Context) -> dict[UUID, str]:
    """The group mailbox of each office that has one."""
    return dict(OfficeMailbox.objects.for_actor(ctx).values_list("office", "mail"))
