"""Features as lines, areas and marks on a sheet, in SVG of our own making, in the colours and forms of the map on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.ledger.layers import KeptLayer
from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.queries import in_box
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.values import value
from yakuba.engines.protection.queries import stands_on
from yakuba.kernel.actions import Context
from yakuba.services.maps.printing.naming import Names
from yakuba.services.maps.printing.sheet import Sheet
from yakuba.services.maps.reading import shown, title_of
from yakuba.services.maps.views.canvas import FORMS, PLAIN, Legend, legend

#: What one sheet holds of all its layers together: features, and corners of their outlines.
MOST_FEATURES: Final = 5_000
MOST_CORNERS: Final = 150_000

# Millimetres: outlines, lines, the side of a mark, what is drawn beyond the edge so that no cut shows, and what no eye tells apart.
_OUTLINE, _LINE, _MARK, _SPARE, _FINE = 0.35, 0.6, 3.4, 3.0, 0.03
_VIEW: Final = 18  # the square in which the forms are drawn
_SORTS: Final = {"Point": "point", "LineString": "line", "LinearRing": "line", "Polygon": "area"}


@dataclass
class Line:
    """A line of the legend: how its features look, what they are, how many are on the map, and of which sorts."""

    look: Legend
    count: int = 0
    sorts: Counter[str] = field(default_factory=Counter)

    def sign(self) -> str:
        """Its sign, as SVG: a mark, a stroke or a field of colour, whichever is most frequent on the map."""
        sort = self.sorts.most_common(1)[0][0] if self.sorts else "point"
        colour = self.look.colour
        if sort == "point":
            inside = _marked(self.look.form, colour)
        elif sort == "line":
            inside = f'<path d="M1 9H17" fill="none" stroke="{colour}" stroke-width="3"/>'
        else:
            inside = f'<path d="M2 4H16V14H2Z" fill="{colour}" fill-opacity="0.35" stroke="{colour}" stroke-width="1.5"/>'
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_VIEW} {_VIEW}">{inside}</svg>'


@dataclass
class Drawn:
    """One layer on the sheet: its legend, and how many of the features on the map are missing because there are too many."""

    layer: Layer
    lines: list[Line]
    missing: int = 0

    @property
    def count(self) -> int:
        """How many features are on the map."""
        return sum(line.count for line in self.lines)


@dataclass
class Picture:
    """What is on the sheet: parts of an SVG by the order in which they lie over one another, and what each layer brought."""

    areas: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    layers: list[Drawn] = field(default_factory=list)
    features: int = 0
    corners: int = 0
    names: Names | None = None

    def svg(self, sheet: Sheet) -> str:
        """The map, with the crosses of the grid and its frame: a unit is a millimetre."""
        width, height = sheet.size
        body = "".join([*self.areas, *self.lines, *self.marks])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
            f'<clipPath id="map"><path d="M0 0H{width}V{height}H0Z"/></clipPath>'
            f'<g clip-path="url(#map)">{body}{"".join(_crosses(sheet))}</g>'
            f'<path d="M0 0H{width}V{height}H0Z" fill="none" stroke="#1a1a1a" stroke-width="0.3"/></svg>'
        )


def draw(ctx: Context, layers: Sequence[Layer], sheet: Sheet, *, names: bool = False) -> Picture:
    """The layers on a sheet, as this actor may see them, with their names where asked for. What does not fit is counted, never left out unsaid."""
    picture = Picture(names=Names(*sheet.size) if names else None)
    for layer in layers:
        _draw(ctx, layer, sheet, picture)
    return picture


def _draw(ctx: Context, layer: Layer, sheet: Sheet, picture: Picture) -> None:
    lines = [Line(one) for one in legend(layer)]
    by, classes = layer.style.get("by"), layer.style.get("classes") or []
    assert isinstance(classes, list)  # noqa: S101 – as styles are checked
    known = {_said(one[0]): lines[place] for place, one in enumerate(classes) if isinstance(one, list)}
    other = Line(Legend(str(layer.style.get("colour") or PLAIN), _("そのほか"), FORMS[0]))
    drawn = Drawn(layer, lines)
    properties = layer.properties(ctx)
    title = title_of(layer, properties) if picture.names is not None else None
    found, beyond = _features(ctx, layer, sheet, str(by or ""), title)
    drawn.missing = beyond
    for (shape, said, called), laid in zip(
        found, sheet.laid([shape.geometry for shape, *_said_of in found], _SPARE), strict=True
    ):
        if laid is None:
            continue
        # What no eye tells apart on paper.
        fine = shapely.simplify(laid, _FINE)
        corners = int(shapely.count_coordinates(fine))
        if picture.features >= MOST_FEATURES or picture.corners + corners > MOST_CORNERS:
            drawn.missing += 1
            continue
        line = known.get(_said(said), other) if known else lines[0]
        line.count += 1
        line.sorts[shape.kind] += 1
        picture.features += 1
        picture.corners += corners
        _add(picture, fine, line.look)
        if picture.names is not None and title is not None:
            at = fine.representative_point()
            picture.names.add(at.x, at.y, shown(title, called))
    if other.count:
        drawn.lines.append(other)
    picture.layers.append(drawn)


def _features(
    ctx: Context, layer: Layer, sheet: Sheet, by: str, title: Property | None
) -> tuple[list[tuple[Shape, object, object]], int]:
    """What meets the sheet's box, each with what it is drawn by and what it is called, and how many more there are.

    Those that stay longest when a map is thinned out come first, so that what is left out is spread evenly. Entries whose output is
    stopped (支援措置) go onto no paper.
    """
    found = layer.features(ctx)
    if isinstance(layer, KeptLayer):
        found = found.filter(~stands_on(layer.ledger.key, "pk"))
    found = in_box(found, *sheet.box())
    columns: dict[str, Any] = {}  # Any: expressions of any sort
    prop = next((one for one in layer.properties(ctx) if one.key == by), None)
    if prop is not None:
        columns["print_by"] = value(prop)
    if title is not None:
        columns["print_name"] = value(title)
    rows = list(
        found.annotate(**columns).order_by("-rank", "pk").values("place", *columns)[: MOST_FEATURES + 1]
    )
    beyond = found.count() - MOST_FEATURES if len(rows) > MOST_FEATURES else 0
    return [
        (row["place"], row.get("print_by"), row.get("print_name")) for row in rows[:MOST_FEATURES]
    ], beyond


def _said(found: object) -> str:
    """A value as scripts write it, by which classes are told apart on the screen."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return "" if found is None else str(found)


def _add(picture: Picture, laid: BaseGeometry, look: Legend) -> None:
    parts = list(_parts(laid))
    areas = "".join(_ring(one.exterior) + "".join(_ring(hole) for hole in one.interiors) for one in parts if isinstance(one, shapely.Polygon))  # fmt: skip
    if areas:
        picture.areas.append(
            f'<path d="{areas}" fill="{look.colour}" fill-opacity="0.35" fill-rule="evenodd" stroke="{look.colour}" stroke-width="{_OUTLINE}" stroke-linejoin="round"/>'
        )
    lines = "".join(_path(one.coords) for one in parts if isinstance(one, shapely.LineString))
    if lines:
        picture.lines.append(
            f'<path d="{lines}" fill="none" stroke="{look.colour}" stroke-width="{_LINE}" stroke-linejoin="round" stroke-linecap="round"/>'
        )
    picture.marks += [
        f'<g transform="translate({one.x:.3f} {one.y:.3f}) scale({_MARK / _VIEW:.4f}) translate(-9 -9)">{_marked(look.form, look.colour)}</g>'
        for one in parts
        if isinstance(one, shapely.Point)
    ]


def _marked(form: str, colour: str) -> str:
    return f'<path d="{form}" fill="{colour}" stroke="#ffffff" stroke-width="1"/>'


def _parts(laid: BaseGeometry) -> Iterator[BaseGeometry]:
    if hasattr(laid, "geoms"):
        for one in laid.geoms:
            yield from _parts(one)
    elif not laid.is_empty and laid.geom_type in _SORTS:
        yield laid


def _ring(ring: shapely.LinearRing) -> str:
    return _path(list(ring.coords)[:-1]) + "Z"


def _path(coords: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y, *_rest in coords)


def _crosses(sheet: Sheet) -> Iterator[str]:
    """A cross where two lines of the grid meet, and a tick where one meets the frame."""
    _step, easts, norths = sheet.grid()
    width, height = sheet.size
    drawn: list[str] = []
    for east in easts:
        for north in norths:
            x, y = sheet.on_paper(np.array([[east, north]], dtype=np.float64))[0]
            drawn.append(f"M{x - 1.5:.3f} {y:.3f}h3M{x:.3f} {y - 1.5:.3f}v3")
    drawn += [
        f"M{x:.3f} 0v2M{x:.3f} {height}v-2"
        for x in (sheet.on_paper(np.array([[one, 0.0]]))[0][0] for one in easts)
    ]
    drawn += [
        f"M0 {y:.3f}h2M{width} {y:.3f}h-2"
        for y in (sheet.on_paper(np.array([[0.0, one]]))[0][1] for one in norths)
    ]
    yield f'<path d="{"".join(drawn)}" fill="none" stroke="#1a1a1a" stroke-width="0.15"/>'
