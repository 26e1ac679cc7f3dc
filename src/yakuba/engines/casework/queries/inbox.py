"""The lists of cases: of an office, of a person; what waits, in numbers. The same few queries however many cases there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from yakuba.engines.approval.queries.holding import me
from yakuba.engines.casework.access import VIEW_CASE
from yakuba.engines.casework.models import Case
from yakuba.engines.casework.queries.reach import handed_on, offices
from yakuba.engines.casework.rules import ELSEWHERE, SOON, words_of
from yakuba.engines.casework.states import FINAL
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, Missing, SubjectRef, once
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.lists import Slice, sliced

PAGE: Final = 50
#: Ways to look at the inbox, by the address's ``view``; without one the open cases of the office.
VIEWS: Final = ("", "mine", "unassigned", "closed", "moved", "all")
_OVER: Final = ("decided", "notified", *sorted(FINAL))
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("registered_at", "pk"),
    "title": ("title", "arrived_at", "pk"),
    "state": ("state", "arrived_at", "pk"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see; empty is everything of the view."""

    view: str = ""
    states: Sequence[str] = ()
    due: Sequence[str] = ()
    channels: Sequence[str] = ()
    offices: Sequence[str] = ()
    kinds: Sequence[str] = ()
    words: str = ""
    sort: str = ""


def cases(ctx: Context, asked: Asked) -> QuerySet[Case]:
    """The cases that the actor may see and asked for, the most urgent first. The reader logs what it shows."""
    found = _viewed(ctx, asked).select_related("assignee").defer("sought")
    for column, values in (
        ("state", asked.states),
        ("channel", asked.channels),
        ("office", asked.offices),
        ("kind", asked.kinds),
    ):
        if values:
            found = found.filter(**{f"{column}__in": values})
    if asked.due:
        found = found.filter(_due(asked.due, japan_date(ctx.now)))
    for word in words_of(asked.words):
        found = found.filter(sought__contains=word)
    return _ordered(found, asked.sort)


def _viewed(ctx: Context, asked: Asked) -> QuerySet[Case]:
    if asked.view in {"moved", "mine"}:
        # The permission says it in each of its branches; said once for all, the indexes can be used.
        seen = Case.objects.for_actor(ctx).filter(municipality=ctx.municipality.id)
        if asked.view == "mine":
            return seen.filter(_open(), assignee__in=me(ctx).person)
        return seen.filter(pk__in=handed_on(ctx)).exclude(office__in=offices(ctx))
    found = _own(ctx)
    if asked.view == "unassigned":
        return found.filter(_open(), assignee__isnull=True)
    if asked.view == "closed":
        return found.filter(~_open())
    # Whoever looks for a number or a name looks for it among all.
    return found if asked.view == "all" or asked.words else found.filter(_open())


def _own(ctx: Context) -> QuerySet[Case]:
    """The cases of the offices for which the actor works."""
    return Case.unscoped.filter(VIEW_CASE.own(ctx), municipality=ctx.municipality.id, office__in=offices(ctx))


def _open() -> Q:
    return Q(completed_at__isnull=True)  # as the index of open cases says it


def _due(asked: Sequence[str], today: dt.date) -> Q:
    running = ~Q(state__in=_OVER)
    stopped = Q(state="returned")
    each = {
        "late": running & Q(due_on__lt=today),
        "soon": running & Q(due_on__gte=today, due_on__lte=today + SOON),
        "later": running & Q(due_on__gt=today + SOON),
        "stopped": running & stopped & ~Q(clock={}),
        "none": running & Q(clock={}),
    }
    wanted = Q()
    for key in asked:
        wanted |= each[key]
    return wanted


def _ordered(found: QuerySet[Case], sort: str) -> QuerySet[Case]:
    key = sort.removeprefix("-")
    if key in _ORDERS:
        return found.order_by(*(f"-{one}" if sort.startswith("-") else one for one in _ORDERS[key]))
    due = F("due_on").desc(nulls_last=True) if sort == "-due" else F("due_on").asc(nulls_last=True)
    return found.order_by(due, "arrived_at", "pk")


def page(ctx: Context, asked: Asked, start: int) -> Slice[Case]:
    """One page of them from a position on."""
    return sliced(cases(ctx, asked), start, PAGE)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits in the actor's offices and for himself. ``urgent``: past their term, or due within three days."""

    mine: int = 0
    unassigned: int = 0
    urgent: int = 0
    open: int = 0


def counts(ctx: Context) -> Counts:
    """One query, once for a page. ``mine`` are those where it is the actor's turn: no applicant and no decider is asked."""
    return once(ctx, "casework.counts", lambda: _counts(ctx)) if offices(ctx) else Counts()


def _counts(ctx: Context) -> Counts:
    running = ~Q(state__in=_OVER)
    found = (
        _own(ctx)
        .filter(_open())
        .order_by()
        .aggregate(
            open=Count("pk"),
            mine=Count("pk", filter=Q(assignee__in=me(ctx).person) & ~Q(state__in=ELSEWHERE)),
            unassigned=Count("pk", filter=Q(assignee__isnull=True)),
            urgent=Count("pk", filter=running & Q(due_on__lte=japan_date(ctx.now) + SOON)),
        )
    )
    return Counts(**found)


def my_turn(ctx: Context) -> int:
    """How many of the actor's own cases wait for him."""
    return counts(ctx).mine


def unassigned(ctx: Context) -> int:
    """How many cases of his offices nobody has taken on."""
    return counts(ctx).unassigned


def open_of(ctx: Context, person_id: UUID) -> list[SubjectRef]:
    """The open cases that somebody has, of those that the actor may see: what a mover leaves behind."""
    found = Case.objects.for_actor(ctx).filter(_open(), municipality=ctx.municipality.id, assignee=person_id)
    return [
        SubjectRef("case", key) for key in found.order_by("arrived_at", "pk").values_list("pk", flat=True)
    ]


def case(ctx: Context, case_id: UUID) -> Case:
    """One case. Raises :class:`Missing`."""
    found = Case.objects.for_actor(ctx).filter(pk=case_id).select_related("assignee", "office").first()
    if found is None:
        raise Missing
    return found


def those(ctx: Context, ids: Iterable[UUID]) -> list[Case]:
    """Cases by their ids, of those that the actor may see, in the order of their numbers."""
    found = Case.objects.for_actor(ctx).filter(pk__in=list(ids)).select_related("assignee")
    return list(found.order_by("registered_at", "pk"))


def held_of(ctx: Context, rows: Iterable[Case]) -> frozenset[UUID]:
    """Those whose automatic output stops because of 支援措置."""
    return frozenset(one.id for one in held(ctx, [SubjectRef("case", row.pk) for row in rows]))
