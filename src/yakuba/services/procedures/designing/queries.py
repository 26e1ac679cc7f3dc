"""Reads of procedures at the desk, for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_names
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.models import InventoryRow, Offer, Procedure
from yakuba.services.procedures.published.queries import KIND, TRIAL


@dataclass(frozen=True, slots=True)
class Listed:
    """A procedure of the list. ``differs``: the draft is not what stands published."""

    procedure: Procedure
    office: str
    mine: bool
    differs: bool


def procedures(ctx: Context) -> list[Listed]:
    """Every procedure, those that the actor may change first; four queries however many there are."""
    found = list(Procedure.objects.for_actor(ctx).order_by("title", "id"))
    names = office_names({one.office_id for one in found}, japan_date(ctx.now))
    mine = set(Procedure.objects.for_actor(ctx).filter(access.DESIGN.q(ctx)).values_list("pk", flat=True))
    heads = {one.subject: one.head for one in publishing.standing(ctx, KIND)}
    listed = [
        Listed(
            one,
            names.get(one.office_id, ""),
            one.pk in mine,
            bool(one.published) and heads.get(one.pk) != one.draft,
        )
        for one in found
    ]
    return sorted(listed, key=lambda one: not one.mine)


def procedure(ctx: Context, procedure_id: UUID) -> Procedure:
    """One procedure. Raises :class:`Missing`."""
    found = Procedure.objects.for_actor(ctx).filter(pk=procedure_id).first()
    if found is None:
        raise Missing
    return found


def versions(ctx: Context, one: Procedure) -> QuerySet[Publication]:
    """Every published version, the newest first."""
    return publishing.history(ctx, KIND, one.pk)


def version(ctx: Context, one: Procedure, number: int) -> Publication:
    """One version. Raises :class:`Missing`."""
    found = publishing.numbered(ctx, KIND, one.pk, number)
    if found is None:
        raise Missing
    return found


def trial(ctx: Context, one: Procedure) -> Publication | None:
    """The newest copy that was frozen for trying out."""
    return publishing.standing_of(ctx, TRIAL, one.pk)


def offer(ctx: Context, one: Procedure) -> Offer | None:
    """What the portal shows of it."""
    return Offer.unscoped.filter(municipality=ctx.municipality.id, procedure=one.pk).first()


def inventory_row(ctx: Context, one: Procedure) -> InventoryRow | None:
    """Its row of the inventory."""
    return InventoryRow.objects.for_actor(ctx).filter(procedure=one).first()


def own_offices(ctx: Context) -> Sequence[UUID]:
    """The offices whose procedures this actor designs; none for whoever designs those of all."""
    held: set[UUID] = set()
    for grant in ctx.actor.grants:
        if grant.role == "procedure_editor" and grant.municipality_id in (None, ctx.municipality.id):
            held |= grant.office_ids or set()
    return sorted(held)
