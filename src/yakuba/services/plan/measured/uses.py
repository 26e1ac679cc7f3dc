"""What a plan says of a metric or series that its indicators rest on: on the desk of newest editions, in public of those that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.metrics.sources import SOURCES, Operand
from yakuba.engines.metrics.uses import USES, Use, Uses
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.services.plan import public
from yakuba.services.plan.measured import queries
from yakuba.services.plan.models import Binding, Edition, Indicator, PublicBinding


def indicators(ctx: Context, operand: Operand) -> list[Use]:
    """The indicators of each plan's newest edition that are bound to it, alone or in a formula (three queries)."""
    current = _newest_editions(ctx)
    rows = Binding.objects.for_actor(ctx).filter(edition__in=list(current)).order_by("revision", "id")
    bound = [one for one in queries.newest(rows) if _rests_on(ctx, one, operand)]
    if not bound:
        return []
    names: dict[UUID, list[str]] = defaultdict(list)
    indicators_ = Indicator.objects.for_actor(ctx).filter(initiative__in=[one.initiative for one in bound])
    for initiative, name in indicators_.order_by("position").values_list("initiative", "name"):
        names[initiative].append(name)
    return [
        Use(
            one.name,
            str(current[one.edition_id]),
            address("plan-desk-figure", ctx, one.initiative, place + 1),
            "" if one.source == operand.source else _("計算式の中で使っています"),
        )
        for one in sorted(bound, key=lambda each: (each.edition_id, each.initiative, each.position))
        if (place := queries.place_of(names[one.initiative], one.position, one.name)) is not None
    ]


def _newest_editions(ctx: Context) -> dict[UUID, Edition]:
    found: dict[UUID, Edition] = {}
    for edition in Edition.objects.for_actor(ctx).select_related("plan").order_by("year", "label"):
        found[edition.plan_id] = edition
    return {edition.pk: edition for edition in found.values()}


def _rests_on(ctx: Context, one: Binding, operand: Operand) -> bool:
    return one.source in SOURCES and operand in SOURCES.get(one.source).operands(ctx, one.said)


def published(ctx: Context, operand: Operand) -> list[Use]:
    """The indicators of standing editions that are measured by it (two queries)."""
    bound = [one for one in PublicBinding.objects.for_actor(ctx) if operand in set(_operands(one))]
    if not bound:
        return []
    stand = {one.subject: one for one in public.standing(ctx)}
    return [
        Use(
            one.name,
            stand[one.edition].title,
            reverse(
                "plan-figure",
                args=[ctx.municipality.code, stand[one.edition].year.year, one.initiative, one.position + 1],
            ),
        )
        for one in bound
        if one.edition in stand
    ]


def _operands(one: PublicBinding) -> Iterable[Operand]:
    found = [(one.source, one.key), *((each.get("source"), each.get("key")) for each in one.operands)]
    for source, key in found:
        if key and source == "metric":
            yield Operand("metric", str(key))
        elif key and source == "series":
            yield Operand("series", str(key))


USES.register("plan", Uses(desk=indicators, public=published))
