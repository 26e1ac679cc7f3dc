"""Reads of a day's filings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet, Sum

from yakuba.engines.casework.models import Case
from yakuba.engines.casework.queries.reach import offices
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import JAPAN, japan_date
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import office_names
from yakuba.services.procedures.access.desk import VIEW_FILING
from yakuba.services.procedures.models import Attachment, Bundle, Filing


def own_offices(ctx: Context) -> Mapping[UUID, str]:
    """The offices whose filings the actor works on, as they are called today."""
    found = offices(ctx)
    return office_names(found, japan_date(ctx.now)) if found else {}


def office(ctx: Context, office_id: UUID) -> Office:
    """One of them. Raises :class:`Missing`."""
    found = Office.objects.for_actor(ctx).filter(pk=office_id, pk__in=offices(ctx)).first()
    if found is None:
        raise Missing
    return found


def of_day(ctx: Context, office_id: UUID, day: dt.date) -> QuerySet[Filing]:
    """What an office registered on a day (Japan), in the order of its numbers; trials are no filings. The reader logs what it shows."""
    begin, end = (dt.datetime.combine(day, time, JAPAN) for time in (dt.time.min, dt.time.max))
    return (
        Filing.unscoped.filter(
            VIEW_FILING.own(ctx),
            municipality=ctx.municipality.id,
            case__office=office_id,
            case__office__in=offices(ctx),
            case__test=False,
            case__registered_at__gte=begin,
            case__registered_at__lte=end,
        )
        .select_related("case", "procedure")
        .order_by("case__registered_at", "case__pk")
    )


def by_ids(ctx: Context, ids: Iterable[str]) -> list[Filing]:
    """Filings of this municipality for the worker that binds them, in the order of their numbers."""
    found = Filing.unscoped.filter(municipality=ctx.municipality.id, pk__in=list(ids))
    return list(found.select_related("case", "procedure").order_by("case__registered_at", "case__pk"))


def held_of(ctx: Context, filings: Sequence[Filing]) -> frozenset[UUID]:
    """The filings among these on whose case 支援措置 stands."""
    by_case = {one.case_id: one.pk for one in filings if one.case_id is not None}
    stopped = held(ctx, [SubjectRef("case", case) for case in by_case])
    return frozenset(by_case[one.id] for one in stopped)


def cases(filings: Sequence[Filing]) -> list[Case]:
    """The cases of filings, in their order."""
    return [one.case for one in filings if one.case is not None]


def attached_bytes(filings: Sequence[Filing]) -> int:
    """How large the files are that came with filings which the caller has."""
    here = Attachment.unscoped.filter(filing__in=[one.pk for one in filings], dropped_at__isnull=True)
    return int(here.aggregate(size=Sum("file__size"))["size"] or 0)


def bundle(ctx: Context, bundle_id: UUID) -> Bundle:
    """One bundle that this actor may see. Raises :class:`Missing`."""
    found = Bundle.objects.for_actor(ctx).filter(pk=bundle_id).select_related("file", "office").first()
    if found is None:
        raise Missing
    return found


def ordered(ctx: Context, bundle_id: UUID) -> Bundle | None:
    """A bundle of this municipality that waits to be made, for the worker."""
    here = Bundle.unscoped.filter(municipality=ctx.municipality.id, pk=bundle_id, state="waiting")
    return here.select_related("office").first()


def old(ctx: Context, before: dt.datetime) -> list[Bundle]:
    """Bundles of this municipality that were asked for before a moment and are not gone."""
    here = Bundle.unscoped.filter(municipality=ctx.municipality.id, asked_at__lt=before)
    return list(here.exclude(state="gone"))
