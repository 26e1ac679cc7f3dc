"""A layer's features as people read them: lists beside the map, and everything that is known of one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import ExpressionWrapper, F, FloatField, Model, Q, QuerySet, Value
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.guessing import Landmark, distance
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
#: So many things that are yes or no are told together.
_SEVERAL_YES: Final = 3
#: So many features tell where an address is.
_LANDMARKS: Final = 50
_PAIR: Final = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*[,、\s]\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*\Z")
_NARROW: Final = str.maketrans("０１２３４５６７８９－", "0123456789-")


@dataclass(frozen=True, slots=True)
class Row:
    """One feature in a list; ``at`` is a point in it (lon, lat), ``yes`` what is yes of it, ``metres`` how far it is from where one asked."""

    id: UUID
    title: str
    more: str
    at: tuple[float, float] | None
    yes: tuple[str, ...] = ()
    metres: float | None = None

    @property
    def distance(self) -> str:
        """How far it is, as people say it; empty where nobody asked."""
        if self.metres is None:
            return ""
        return f"{self.metres / 1000:.1f}km" if self.metres >= 1000 else f"{round(self.metres, -1):.0f}m"


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
    shown |= {f"{_PREFIX}{one.key}": one for one in _several_yes(properties)}
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


def _several_yes(properties: Sequence[Property]) -> list[Property]:
    """What is yes or no of a layer, where that is several things of one sort (the eight hazards of a shelter); a single one is a fact."""
    found = [
        one for one in properties if one.spec.filterable and one.spec.kind and one.spec.kind.key == "yes_no"
    ]
    return found if len(found) >= _SEVERAL_YES else []


def near(
    rows: QuerySet[Model],
    at: tuple[float, float],
) -> QuerySet[Model]:
    """The same rows, the nearest to a point (lon, lat) first, by the middle of their boxes; what has no place comes last.

    Degrees of longitude are as wide as they are at that latitude, which orders what lies within a city as a ruler would.
    """
    lon, lat = at
    wide = math.cos(math.radians(lat))
    east = ((F("west") + F("east")) / 2.0 - Value(lon)) * Value(wide)
    north = (F("south") + F("north")) / 2.0 - Value(lat)
    away = ExpressionWrapper(east * east + north * north, output_field=FloatField())
    ordered: QuerySet[Model] = rows.annotate(away=away).order_by(F("away").asc(nulls_last=True), "pk")
    return ordered


def landmark(ctx: Context, layers: Sequence[Layer], words: str) -> tuple[tuple[float, float], int] | None:
    """Where somebody is who types an address or the name of a place: a point (lon, lat), and of how many features it is the middle.

    Two numbers are latitude and longitude. Otherwise the features of the layers tell: those that are called so, else those that lie at such
    an address. None where nothing tells.
    """
    pair = _PAIR.match(unicodedata.normalize("NFKC", words))
    if pair:
        lat, lon = float(pair[1]), float(pair[2])
        return ((lon, lat), 0) if abs(lat) <= 90 and abs(lon) <= 180 else None
    for at in (0, 1):
        points: list[tuple[float, float]] = []
        for layer in layers:
            properties = layer.properties(ctx)
            title = title_of(layer, properties)
            one = (title, second_of(layer, properties, title))[at]
            if one is None:
                continue
            found = layer.features(ctx).annotate(said=value(one)).filter(said__icontains=words)
            points += [
                point_of(place)
                for place in found.order_by("pk").values_list("place", flat=True)[:_LANDMARKS]
                if place
            ]
        if points:
            east = sum(lon for lon, _lat in points) / len(points)
            return (east, sum(lat for _lon, lat in points) / len(points)), len(points)
    return None


def _holding(properties: Sequence[Property], q: str) -> Q:
    """Any text holds any spelling of what is looked for. Nothing holds it where there is no text."""
    spellings = {q, unicodedata.normalize("NFKC", q), q.translate(_WIDE), q.translate(_NARROW)}
    texts = [one.path for one in properties if one.spec.kind is not None and one.spec.kind.key in _TEXTS]
    return reduce(or_, (Q(**{f"{path}__icontains": one}) for path in texts for one in spellings), NOTHING)


def row(
    ctx: Context,
    layer: Layer,
    found: Any,  # Any: as above
    start: tuple[float, float] | None = None,
) -> Row:
    """A row of :func:`rows` as a list shows it; with how far it is from ``start`` (lon, lat)."""
    properties = layer.properties(ctx)
    title = title_of(layer, properties)
    second = second_of(layer, properties, title)
    return Row(
        found.pk,
        shown(title, getattr(found, _TITLE, None)) or layer.label,
        shown(second, getattr(found, "shown_more", None)),
        at := None if found.place is None else point_of(found.place),
        tuple(
            one.spec.label for one in _several_yes(properties) if getattr(found, f"{_PREFIX}{one.key}", None)
        ),
        None if start is None or at is None else distance(*at, Landmark("", *start)),
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
    several = _several_yes(properties)
    facts = [
        Fact(one.spec.label, _with_unit(one, texts[one.key]))
        for one in properties
        if texts[one.key] and one is not title and one not in several
    ]
    for words, wanted in ((_("当てはまるもの"), True), (_("当てはまらないもの"), False)):
        labels = [
            one.spec.label
            for one in several
            if (said := getattr(found, f"{_PREFIX}{one.key}")) is not None and bool(said) is wanted
        ]
        if labels:
            facts.append(Fact(words, "・".join(labels)))
    return Feature(found.pk, (texts[title.key] if title else "") or layer.label, tuple(facts), found.place)


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
