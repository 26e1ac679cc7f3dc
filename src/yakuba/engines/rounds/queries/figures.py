"""How rounds went, in figures, over all municipalities at once."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from yakuba.engines.rounds.models import Item, ItemMove
from yakuba.kernel.dates.clock import JAPAN

#: Before its first move an item waits for its office.
_WAITS = "open"


def due_between(first: dt.date, last: dt.date, which: Q) -> QuerySet[Item]:
    """The items whose office's day (the granted extension where there is one) fell from ``first`` to ``last``.

    ``until`` is that day, ``stood`` the state in which the item was when the day ended in Japan.
    """
    rows = Item.unscoped.filter(which).annotate(until=Coalesce(F("part__extension"), F("part__due")))
    moved = (
        ItemMove.unscoped.filter(municipality=OuterRef("municipality"), item=OuterRef("pk"))
        .annotate(day=TruncDate("at", tzinfo=JAPAN))
        .filter(day__lte=OuterRef("until"))
        .order_by("-seq")
    )
    stood = Subquery(moved.values("to_state")[:1])
    return rows.filter(until__gte=first, until__lte=last).annotate(stood=stood).order_by()


def answered_in_time(first: dt.date, last: dt.date, which: Q) -> list[tuple[UUID, int, int]]:
    """(municipality, items that were answered when their day ended, all items whose day fell between); one statement.

    Answered is what the office had entered or called 該当なし, whatever was said of it later.
    """
    rows = due_between(first, last, which).values_list("municipality")
    told = rows.annotate(
        answered=Count("pk", filter=Q(stood__isnull=False) & ~Q(stood=_WAITS)), asked=Count("pk")
    )
    return [(town, int(answered), int(asked)) for town, answered, asked in told.order_by()]
