"""A sheet of paper over the ground: millimetres on it, metres in the municipality's plane system, degrees for asking.

One millimetre of the sheet is ``scale / 1000`` metres of the plane system, whose lengths differ from those on the ground by at most one
part in ten thousand within its zone (平成14年国土交通省告示第9号). Up is the system's north.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.operations import shapes_to_system, to_system, transform
from yakuba.engines.places.crs.systems import ZONES, System, plane
from yakuba.engines.places.rules import Box
from yakuba.kernel.town.vocabulary import prefecture_of

Floats = npt.NDArray[np.float64]
Paper = Literal["a4", "a3"]
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
SCALES: Final = (250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 200_000)
LEAST, MOST = SCALES[0], SCALES[-1]

# Width and height of upright paper, in millimetres (ISO 216).
_SIZES: Final[dict[Paper, tuple[int, int]]] = {"a4": (210, 297), "a3": (297, 420)}
MARGIN: Final = 10
BOTTOM: Final = 14
_TITLE: Final = 14
#: Beside a map that lies across; below an upright one, on A4 and A3.
PANEL: Final = 66
_GAP: Final = 4
_BELOW: Final[dict[Paper, int]] = {"a4": 76, "a3": 90}
# On the sheet: how far grid lines stand apart at least, and how long the scale bar is at most.
_GRID, _BAR = 35, 60


@dataclass(frozen=True)
class Sheet:
    """A map of ``width`` × ``height`` millimetres round a place (``lon``, ``lat`` in JGD2011) at 1:``scale`` in a plane ``system``."""

    lon: float
    lat: float
    scale: int
    system: System
    paper: Paper = "a4"
    across: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the map on the paper, in millimetres."""
        short, long = _SIZES[self.paper]
        if self.across:
            return long - 2 * MARGIN - PANEL - _GAP, short - MARGIN - BOTTOM - _TITLE
        return short - 2 * MARGIN, long - MARGIN - BOTTOM - _TITLE - _BELOW[self.paper]

    @property
    def metres(self) -> float:
        """Of the plane system in a millimetre of the sheet."""
        return self.scale / 1000

    @cached_property
    def corner(self) -> tuple[float, float]:
        """East and north of the map's upper left corner, in metres of the plane system."""
        east, north = to_system(np.array([[self.lon, self.lat]]), self.system.epsg)[0]
        width, height = self.size
        return float(east) - width / 2 * self.metres, float(north) + height / 2 * self.metres

    def on_paper(self, metres: Floats) -> Floats:
        """(n, 2) points of the plane system, east and north, in millimetres from the upper left corner, right and down."""
        return (metres - self.corner) * (1, -1) / self.metres

    def in_degrees(self, paper: Floats) -> Floats:
        """(n, 2) points of the sheet in millimetres as longitude and latitude."""
        found: Floats = transform(
            np.array(self.corner) + paper * (1, -1) * self.metres, self.system.epsg
        ).points
        return found

    def laid(self, shapes: Sequence[BaseGeometry], spare: float) -> list[BaseGeometry | None]:
        """Shapes in degrees on the paper, cut off ``spare`` millimetres outside of the map; None for what does not meet the map."""
        width, height = self.size
        flat = np.array(shapes_to_system(shapes, self.system.epsg), dtype=object)
        placed = shapely.transform(flat, self.on_paper)
        met = ~shapely.is_empty(shapely.clip_by_rect(placed, 0, 0, width, height))
        cut = shapely.clip_by_rect(placed, -spare, -spare, width + spare, height + spare)
        return [one if on else None for one, on in zip(cut, met, strict=True)]

    def box(self) -> Box:
        """West, south, east, north in degrees of the ground below the map: its edges are bent there."""
        width, height = self.size
        share = np.linspace(0, 1, 9)
        edge = np.concatenate(
            [np.column_stack([share * width, np.full(9, y)]) for y in (0, height)]
            + [np.column_stack([np.full(9, x), share * height]) for x in (0, width)]
        )
        found = self.in_degrees(edge)
        (west, south), (east, north) = found.min(axis=0), found.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def grid(self) -> tuple[int, list[int], list[int]]:
        """Metres between grid lines, and the eastings and northings at which they cross the map."""
        width, height = self.size
        step = round_up(_GRID * self.metres)
        west, north = self.corner
        return (
            step,
            _multiples(west, west + width * self.metres, step),
            _multiples(north - height * self.metres, north, step),
        )

    def bar(self) -> int:
        """How many metres the scale bar is long: the longest round number that fits, divisible by four or by five."""
        most = _BAR * self.metres
        step = int(10 ** math.floor(math.log10(most)))
        return max(times * step for times in (1, 2, 4, 5) if times * step <= most)

    def convergence(self) -> float:
        """Degrees by which true north lies to the right (negative: to the left) of up in the middle of the map (真北方向角)."""
        ends = to_system(
            np.array([[self.lon, self.lat - 0.005], [self.lon, self.lat + 0.005]]), self.system.epsg
        )
        east, north = ends[1] - ends[0]
        return math.degrees(math.atan2(east, north))


def round_up(metres: float) -> int:
    """The next number 1, 2 or 5 times a power of ten, at least 1."""
    step = int(10 ** max(0, math.floor(math.log10(metres))))
    return next(times * step for times in (1, 2, 5, 10) if times * step >= metres)


def _multiples(low: float, high: float, step: int) -> list[int]:
    return list(range(math.ceil(low / step) * step, math.floor(high / step) * step + 1, step))


def system_of(code: str, lon: float, lat: float) -> System:
    """The plane system of a municipality by its prefecture; of several that of the place (告示の別表「適用区域」).

    Where the code names no prefecture it is the system in use at the place whose origin is nearest.
    """
    prefecture = prefecture_of(code)
    own = [
        zone
        for zone in ZONES
        if prefecture and any(part.startswith(prefecture) for part in zone.places.split("・"))
    ]
    found = [
        zone
        for zone in own or ZONES
        if zone.area[0] <= lon <= zone.area[2] and zone.area[1] <= lat <= zone.area[3]
    ]
    nearest = min(
        found or own or ZONES, key=lambda zone: math.hypot(zone.longitude - lon, zone.latitude - lat)
    )
    return plane(nearest.number)
