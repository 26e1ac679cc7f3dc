"""Counting openings: no action of anybody, and nothing about whoever opened the map is written down."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.services.maps.models import LayerViews


def opened(ctx: Context, layers: Iterable[str]) -> None:
    """One more opening of each of these layers today."""
    day = japan_date(ctx.now)
    with transaction.atomic():
        for layer in sorted(set(layers)):
            own = LayerViews.unscoped.filter(municipality=ctx.municipality.id, layer=layer, day=day)
            if own.update(views=F("views") + 1):
                continue
            LayerViews.unscoped.bulk_create(
                [LayerViews(municipality_id=ctx.municipality.id, layer=layer, day=day)], ignore_conflicts=True
            )
            own.update(views=F("views") + 1)
