"""Reads of maps: files on their way, views that somebody keeps, how often layers were opened, and which values a layer has."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.models import LayerState, UploadedLayer
from yakuba.engines.places.values import value
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import Office
from yakuba.services.maps.models import LayerDraft, LayerViews, MapView


def draft_of(ctx: Context, draft_id: UUID) -> LayerDraft:
    """One file on its way. Raises :class:`Missing`."""
    own = LayerDraft.objects.for_actor(ctx).select_related("file", "replaces__state")
    found = own.filter(pk=draft_id).first()
    if found is None:
        raise Missing
    return found


def drafts(ctx: Context) -> QuerySet[LayerDraft]:
    """Those that wait for somebody or for the worker, the newest first."""
    own = LayerDraft.objects.for_actor(ctx).filter(state__in=("asking", "loading"))
    return own.order_by("-begun_at", "-pk")


def uploaded(ctx: Context, layer_id: UUID) -> UploadedLayer:
    """One uploaded layer. Raises :class:`Missing`."""
    own = UploadedLayer.objects.for_actor(ctx).select_related("state", "edition")
    found = own.filter(pk=layer_id).first()
    if found is None:
        raise Missing
    return found


def state(ctx: Context, key: str) -> LayerState:
    """The state of a layer. Raises :class:`Missing` where nothing was ever written on it."""
    found = LayerState.objects.for_actor(ctx).filter(key=key).first()
    if found is None:
        raise Missing
    return found


def states(ctx: Context) -> dict[str, LayerState]:
    """Those that the actor may see, by the key of their layer."""
    return {one.key: one for one in LayerState.objects.for_actor(ctx)}


def values_of(ctx: Context, layer: Layer, by: Property, most: int) -> list[tuple[JsonValue, int]]:
    """The commonest values of a property with their counts; features without one are left out."""
    rows = layer.features(ctx).annotate(shown_value=value(by)).order_by()
    counted = rows.values_list("shown_value").annotate(many=Count("pk")).order_by("-many", "shown_value")
    found = counted.exclude(shown_value=None)[:most]
    return [(one, int(many)) for one, many in found if one != ""]


def own_offices(ctx: Context) -> frozenset[UUID]:
    """The offices at which the actor works."""
    here = [one for one in ctx.actor.grants if one.municipality_id in (None, ctx.municipality.id)]
    return frozenset(pk for one in here if one.role == "staff" for pk in one.office_ids or ())


def own_office(ctx: Context, office: UUID) -> Office:
    """One of them. Raises :class:`Missing`."""
    found = Office.objects.for_actor(ctx).filter(pk=office).first() if office in own_offices(ctx) else None
    if found is None:
        raise Missing
    return found


def kept_views(ctx: Context) -> QuerySet[MapView]:
    """The actor's own views, and those that were saved for the office."""
    own = Q(owner=ctx.actor.id) | Q(shared=True)
    return MapView.objects.for_actor(ctx).filter(own).order_by("name", "pk")


def kept_view(ctx: Context, view_id: UUID) -> MapView:
    """One of them. Raises :class:`Missing`."""
    found = kept_views(ctx).select_related("office").filter(pk=view_id).first()
    if found is None:
        raise Missing
    return found


def views_by_month(ctx: Context, since: dt.date, until: dt.date) -> dict[str, dict[dt.date, int]]:
    """Layer → first day of a month → openings of the public map with it, from ``since`` until before ``until``."""
    found: dict[str, dict[dt.date, int]] = defaultdict(dict)
    own = LayerViews.objects.for_actor(ctx).filter(day__gte=since, day__lt=until)
    for layer, month, many in (
        own.annotate(month=TruncMonth("day"))
        .values_list("layer", "month")
        .annotate(many=Sum("views"))
        .order_by()
    ):
        found[layer][month] = int(many)
    return found
