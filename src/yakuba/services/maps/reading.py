"""A layer's features as people read them: lists beside the map, and everything that is known of one."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.values import value
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.fields import Invalid
from yakuba.kernel.ui.components import Fact

_TITLE = "shown_title"
_PREFIX = "known_"
_TEXTS: Final = frozenset({"text", "prose", "kana"})
_WIDE: Final = str.maketrans("0123456789-", "０１２３４５６７８９－")
_NARROW: Final = str.maketrans("０１２３４５６７８９－", "0123456789-")


@dataclass(frozen=True, slots=True)
class Row:
    """One feature in a list; ``at`` is a point in it (lon, lat)."""

    id: UUID
    title: str
    more: str
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature with all that the reader may know of it."""

    id: UUID
    title: str
    facts: tuple[Fact, ...]
    place: Shape | None


def title_of(layer: Layer, properties: Sequence[Property]) -> Property | None:
    """What a feature is called by: what the style names, or else the first text."""
    named = layer.style.get("label")
    found = next((one for one in properties if one.key == named), None)
    return found or next((one for one in properties if one.spec.kind and one.spec.kind.key == "text"), None)


def second_of(layer: Layer, properties: Sequence[Property], title: Property | None) -> Property | None:
    """What a list says beside the title: an address where there is one, or what the layer is drawn by."""
    rest = [one for one in properties if one is not title]
    address = next(
        (one for one in rest if one.key in {"address", "location"} or "所在" in one.spec.label), None
    )
    return address or next((one for one in rest if one.key == layer.style.get("by")), None)


def rows(
    ctx: Context, layer: Layer, q: str = "", *, wide: bool = False, only: Collection[str] = ()
) -> QuerySet[Any]:  # Any: rows of the layer's model
    """The features with their titles, in the layer's own order; ``q`` narrows them to titles that hold it.

    ``wide``: to those of which any text holds it (number, name, address), digits in either width. ``only`` names properties of
    :func:`yes_or_no` that have to be yes.
    """
    properties = layer.properties(ctx)
    title = title_of(layer, properties)
    second = second_of(layer, properties, title)
    shown = {_TITLE: title, "shown_more": second}
    found: QuerySet[Any] = layer.features(ctx).annotate(  # Any: as above
        **{key: value(one) for key, one in shown.items() if one is not None}
    )
    if q and wide:
        found = found.filter(_holding(properties, q))
    elif q:
        found = found.filter(**{f"{_TITLE}__icontains": q}) if title is not None else found.none()
    for one in properties:
        if one.key in only:
            found = found.filter(**{one.path: True})
    order = [name for name in ("order", "number_order") if _has(layer, name)]
    return found.order_by(*order, "pk")


def yes_or_no(ctx: Context, layer: Layer) -> dict[str, str]:
    """What is yes or no of a layer's features, for narrowing its list: key → label. Whoever flees asks which shelter is for floods."""
    return {
        one.key: one.spec.label
        for one in layer.properties(ctx)
        if one.spec.filterable and one.spec.kind is not None and one.spec.kind.key == "yes_no"
    }


def _holding(properties: Sequence[Property], q: str) -> Q:
    """Any text holds any spelling of what is looked for. Nothing holds it where there is no text."""
    spellings = {q, unicodedata.normalize("NFKC", q), q.translate(_WIDE), q.translate(_NARROW)}
    texts = [one.path for one in properties if one.spec.kind is not None and one.spec.kind.key in _TEXTS]
    return reduce(or_, (Q(**{f"{path}__icontains": one}) for path in texts for one in spellings), NOTHING)


def row(ctx: Context, layer: Layer, found: Any) -> Row:  # Any: as above
    """A row of :func:`rows` as a list shows it."""
    properties = layer.properties(ctx)
    title = title_of(layer, properties)
    second = second_of(layer, properties, title)
    return Row(
        found.pk,
        shown(title, getattr(found, _TITLE, None)) or layer.label,
        shown(second, getattr(found, "shown_more", None)),
        None if found.place is None else point_of(found.place),
    )


def feature(ctx: Context, layer: Layer, feature_id: UUID) -> Feature:
    """One feature. Raises :class:`Missing`."""
    properties = layer.properties(ctx)
    known = {f"{_PREFIX}{one.key}": value(one) for one in properties}
    found = layer.features(ctx).annotate(**known).filter(pk=feature_id).first()
    if found is None:
        raise Missing
    texts = {one.key: shown(one, getattr(found, f"{_PREFIX}{one.key}")) for one in properties}
    title = title_of(layer, properties)
    return Feature(
        found.pk,
        (texts[title.key] if title else "") or layer.label,
        tuple(
            Fact(one.spec.label, _with_unit(one, texts[one.key]))
            for one in properties
            if texts[one.key] and one is not title
        ),
        found.place,
    )


def shown(one: Property | None, raw: object) -> str:
    """A value for a person, empty for none."""
    if one is None or one.spec.kind is None or raw is None or raw == "":
        return ""
    text = ("1" if raw else "0") if isinstance(raw, bool) else str(raw)
    try:
        return one.spec.kind.format(one.spec.kind.parse(text))
    except Invalid:  # what a file brought before its kind was known
        return text


def point_of(place: Shape) -> tuple[float, float]:
    """A point in a shape (lon, lat): for a label, and for the way to it."""
    at = place.geometry.representative_point()
    return round(at.x, 7), round(at.y, 7)


def _with_unit(one: Property, text: str) -> str:
    return f"{text}{one.spec.unit}" if one.spec.unit and not text.endswith(one.spec.unit) else text


def _has(layer: Layer, name: str) -> bool:
    return any(one.name == name for one in layer.model._meta.concrete_fields)
