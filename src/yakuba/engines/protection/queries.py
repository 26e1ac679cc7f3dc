"""Reads of the register. What is held is told to whoever asks for an output; whose protection it is, to its keeper alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.text import sort_key_kana
from yakuba.kernel.town.models import Municipality

_PAGE = 500


def in_force(ctx: Context, day: dt.date) -> QuerySet[Protected]:
    """The protections in force on a day, for comparing with; never for showing."""
    return Protected.unscoped.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), municipality=ctx.municipality.id, valid_from__lte=day
    ).order_by("pk")


def held(ctx: Context, subjects: Iterable[SubjectRef]) -> set[SubjectRef]:
    """Those of the things whose automatic output stops. One query for each kind and 500 things."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    found: set[SubjectRef] = set()
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _PAGE):
            rows = Hold.unscoped.filter(
                municipality=ctx.municipality.id,
                state="standing",
                subject_kind=kind,
                subject_id__in=ids[start : start + _PAGE],
            )
            found.update(SubjectRef(kind, one) for one in rows.values_list("subject_id", flat=True))
    return found


def stands_on(kind: str, column: str) -> Exists:
    """Whether the automatic output of the row's thing, whose id is in ``column``, stops; to be asked along with the rows."""
    return Exists(
        Hold.unscoped.filter(
            municipality=OuterRef("municipality"),
            state="standing",
            subject_kind=kind,
            subject_id=OuterRef(column),
        )
    )


def municipality(ctx: Context) -> Municipality | None:
    """The municipality of the context, as the subject of the machine's own actions."""
    return Municipality.unscoped.filter(pk=ctx.municipality.id).first()


def entries(ctx: Context) -> list[Protected]:
    """The register for its keeper, in the order of readings. The reader logs what it shows."""
    found = Protected.objects.for_actor(ctx)
    return sorted(found, key=lambda one: (sort_key_kana(one.kana or one.name), one.name, str(one.pk)))


def entry(ctx: Context, entry_id: UUID) -> Protected:
    """One entry. Raises :class:`Missing`."""
    found = Protected.objects.for_actor(ctx).filter(pk=entry_id).first()
    if found is None:
        raise Missing
    return found


def holds(ctx: Context) -> QuerySet[Hold]:
    """The holds for the register's keeper, those that stand and are new first."""
    return Hold.objects.for_actor(ctx).select_related("protected").order_by("-state", "-raised_at", "-pk")


def hold(ctx: Context, hold_id: UUID) -> Hold:
    """One hold. Raises :class:`Missing`."""
    found = holds(ctx).filter(pk=hold_id).first()
    if found is None:
        raise Missing
    return found


def standing_count(ctx: Context) -> int:
    """How many holds wait for somebody to look at them."""
    return Hold.objects.for_actor(ctx).filter(state="standing").count()
