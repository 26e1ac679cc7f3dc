"""Reads over whole municipalities, for machines: comparing with the register of protected persons, checking the moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from yakuba.engines.casework.models import Case, Disposition, Move
from yakuba.engines.casework.origins import ORIGINS
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, SubjectRef

_PAGE = 500


def with_persons(ctx: Context) -> Iterator[tuple[SubjectRef, Sequence[Party]]]:
    """Every case of the municipality with its persons: a new protection finds old cases, closed ones too (they are exported)."""
    rows = Case.unscoped.filter(municipality=ctx.municipality.id).defer("sought").order_by("pk")
    cases = rows.iterator(_PAGE)
    while page := list(islice(cases, _PAGE)):
        for kind in sorted({case.origin_kind for case in page}):
            if kind in ORIGINS:
                same = [case for case in page if case.origin_kind == kind]
                people = ORIGINS.get(kind).parties(ctx, same)
                yield from ((SubjectRef("case", case.pk), people.get(case.pk, ())) for case in same)


def strayed() -> QuerySet[Case]:
    """The cases of this installation whose state is not where their last move led (MECHANISMS §7)."""
    last = Move.unscoped.filter(case=OuterRef("pk")).order_by("-seq").values("to_state")[:1]
    return (
        Case.unscoped.annotate(led_to=Subquery(last))
        .filter(Q(led_to__isnull=True) | ~Q(state=F("led_to")))
        .select_related("municipality")
        .order_by("municipality__code", "number")
    )


def misdated() -> QuerySet[Case]:
    """The cases of this installation whose times are not those of their moves, which nobody can change."""
    moves = Move.unscoped.filter(case=OuterRef("pk"))
    of_decision = moves.filter(to_state="decided").order_by("-seq").values("at")[:1]
    newest = moves.order_by("-seq").values("at")[:1]
    return (
        Case.unscoped.annotate(
            came=Subquery(moves.order_by("seq").values("at")[:1]),
            decision=Subquery(of_decision),
            newest=Subquery(newest),
        )
        .filter(
            Q(came__lt=F("arrived_at"))
            | Q(came__gt=F("arrived_at"))
            | Q(decision__isnull=False, decided_at__isnull=True)
            | Q(decision__isnull=True, decided_at__isnull=False)
            | Q(decision__lt=F("decided_at"))
            | Q(decision__gt=F("decided_at"))
            | Q(newest__lt=F("completed_at"))
            | Q(newest__gt=F("completed_at"))
        )
        .select_related("municipality")
        .order_by("municipality__code", "number")
    )


def dispositions(ids: Sequence[UUID]) -> QuerySet[Disposition]:
    """Decisions of this installation by their ids, each with its case."""
    return Disposition.unscoped.filter(pk__in=ids).select_related("case")
