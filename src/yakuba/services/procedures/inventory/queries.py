"""Reads of the inventory, for whoever may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.queries import office_names
from yakuba.services.procedures.inventory import rules
from yakuba.services.procedures.inventory.row import public_body
from yakuba.services.procedures.models import InventoryCount, InventoryRow, InventorySpan


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A row as the public reads it. ``procedure``: its id where it is taken here."""

    id: UUID
    number: str
    title: str
    kind: str
    office: str
    online: str
    url: str
    why_not: str
    procedure: UUID | None
    body: dict[str, JsonValue]


#: The kind of publication that the public's copy is; its subject is the municipality.
KIND = "procedure_inventory"


def rows(ctx: Context) -> QuerySet[InventoryRow]:
    """Every row in the order of its number."""
    return InventoryRow.objects.for_actor(ctx).order_by("sort_key", "title", "id")


def row(ctx: Context, row_id: UUID) -> InventoryRow:
    """One row. Raises :class:`Missing`."""
    found = rows(ctx).filter(pk=row_id).select_related("procedure").first()
    if found is None:
        raise Missing
    return found


def offices(ctx: Context, found: list[InventoryRow]) -> Mapping[UUID, str]:
    """What the offices of rows are called today."""
    return office_names({one.office_id for one in found if one.office_id}, japan_date(ctx.now))


def online_on(day: dt.date) -> Q:
    """The rows that were online at the end of a day: the rule of :func:`.rules.is_online`, and what is known of earlier times."""
    earlier = InventorySpan.unscoped.filter(row=OuterRef("pk"), since__lte=day, until__gte=day)
    return (
        Q(online__in=rules.CHANNELS) & (Q(since__isnull=True) | Q(since__lte=day))
        | ~Q(online__in=rules.CHANNELS) & Q(since__lte=day, until__gte=day)
        | Q(Exists(earlier))
    )


def online_earlier(ctx: Context, found: Iterable[InventoryRow], day: dt.date) -> list[InventoryRow]:
    """Which of these rows were online on a day before they came online again."""
    spans = InventorySpan.objects.for_actor(ctx).filter(since__lte=day, until__gte=day)
    known = set(spans.values_list("row_id", flat=True))
    return [row for row in found if row.pk in known]


def past_of(ctx: Context, row: InventoryRow) -> tuple[list[InventorySpan], list[InventoryCount]]:
    """What is known of a row beside what it says now: earlier days online, and the years that were counted, in order."""
    spans = InventorySpan.objects.for_actor(ctx).filter(row=row).order_by("since")
    return list(spans), list(InventoryCount.objects.for_actor(ctx).filter(row=row).order_by("year"))


def figures(ctx: Context, on: dt.date | None = None) -> rules.Figures:
    """What is counted from the inventory at the end of a day, today's without one; two queries."""
    day, found = on or japan_date(ctx.now), list(rows(ctx))
    return rules.figures(found, day, online_earlier(ctx, found, day))


def online_count(ctx: Context, on: dt.date | None = None) -> int:
    """How many procedures of the city are online (オンライン化手続数) at the end of a day, on whichever channel.

    The figure of the plan's indicator: `rules.is_online` says what counts on which day.
    """
    return figures(ctx, on).online


def public_copy(ctx: Context, on: dt.date | None = None) -> Publication | None:
    """What the public reads of the inventory, or read when a day ended; None where it was not published (yet)."""
    if on is None:
        return publishing.standing_of(ctx, KIND, ctx.municipality.id)
    return publishing.standing_on(ctx, KIND, ctx.municipality.id, on)


def public_rows(ctx: Context, copy: Publication) -> list[PublicRow]:
    """The rows of the public's copy, in their order."""
    return [
        PublicRow(
            part.object,
            str(part.body["number"]),
            part.title,
            str(part.body["kind"]),
            str(part.body["office"]),
            str(part.body["online"]),
            str(part.body["online_url"]),
            str(part.body["why_not"]),
            UUID(found) if isinstance(found := part.body.get("procedure"), str) else None,
            part.body,
        )
        for part in publishing.parts(ctx, copy)
    ]


def differs(ctx: Context, copy: Publication, found: list[InventoryRow]) -> bool:
    """Whether the public reads something else than these rows say."""
    names = offices(ctx, found)
    now = [(one.pk, public_body(one, names)) for one in found]
    return now != [(part.object, part.body) for part in publishing.parts(ctx, copy)]
