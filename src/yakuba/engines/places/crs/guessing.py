"""Which system a file is in and which of its numbers comes first, where nobody has said so: every reading, with where it would lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.operations import system, transform
from yakuba.engines.places.crs.systems import SYSTEMS, Axis, System

Floats = npt.NDArray[np.float64]

_EARTH: Final = 6_371_008.8  # metres: mean radius of GRS 80 (IUGG)
_MARGIN: Final = 0.3  # degrees: data of a zone may reach into its neighbours'
_SAMPLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that people know, such as the town hall: name, longitude and latitude in JGD2011."""

    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file would mean in one system with one order of its numbers.

    ``longitude``, ``latitude``: the middle (median) of its points; ``inside``: whether that lies where the system is used;
    ``landmark``, ``distance``: the nearest landmark and how far it is in metres, None without landmarks.
    """

    system: System
    axis: Axis
    longitude: float
    latitude: float
    inside: bool
    landmark: Landmark | None
    distance: float | None

    @property
    def label(self) -> str:
        """For a person who chooses: the system, the order, and near what it would be."""
        if self.system.kind == "degrees":
            order = _("経度・緯度の順") if self.axis == "east" else _("緯度・経度の順")
        else:
            order = _("東・北の順") if self.axis == "east" else _("北（X）・東（Y）の順")
        if self.landmark is None or self.distance is None:
            near = _("北緯%(lat).4f度・東経%(lon).4f度付近") % {"lat": self.latitude, "lon": self.longitude}
        else:
            near = _("%(name)sから%(km).1fkm") % {"name": self.landmark.name, "km": self.distance / 1000}
        return _("%(system)s、%(order)sなら%(near)s") % {
            "system": self.system.label,
            "order": order,
            "near": near,
        }


# Datums of Japan lie no further apart, in metres.
_DATUM: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Order:
    """The order of numbers in a file of a known system: ``axis`` None when a person has to choose among ``readings``."""

    axis: Axis | None
    readings: tuple[Reading, ...]
    note: str


def readings(
    points: Floats, landmarks: Sequence[Landmark] = (), systems: Iterable[int] = SYSTEMS
) -> list[Reading]:
    """Every reading of (n, 2) points that lies where its system is used, the nearest to a landmark first.

    Readings in JGD2011 and JGD2000 differ by metres, in the old datum by some 450 m: this tells the kind, the zone and the order of
    numbers, not a datum from a newer one. Of readings that lie so near to one another the newest datum comes first.
    """
    found = [
        reading
        for epsg in systems
        for axis in _AXES
        if (reading := _reading(points, SYSTEMS[epsg], axis, landmarks)) is not None and reading.inside
    ]
    return _by_distance(found) if landmarks else found


def _by_distance(found: Sequence[Reading]) -> list[Reading]:
    """The nearest first; those that only their datum parts stay in the order of :data:`SYSTEMS`, the newest first."""
    rank = {id(one): place for place, one in enumerate(found)}
    left = sorted(found, key=lambda one: one.distance or 0.0)
    ordered: list[Reading] = []
    while left:
        nearest = left[0].distance or 0.0
        near = [one for one in left if (one.distance or 0.0) - nearest <= _DATUM]
        ordered += sorted(near, key=lambda one: rank[id(one)])
        left = left[len(near) :]
    return ordered


def order(points: Floats, epsg: int, usual: Axis, landmarks: Sequence[Landmark] = ()) -> Order:
    """Which of its numbers comes first in a file of system ``epsg``; ``usual`` is what its format does.

    Asked (``axis`` None) when the usual reading lies where the system is not used, or the other lies nearer a landmark.
    Raises :class:`Problem` for an unknown system.
    """
    found = system(epsg)
    other: Axis = "north" if usual == "east" else "east"
    first, second = (_reading(points, found, axis, landmarks) for axis in (usual, other))
    offered = tuple(one for one in (first, second) if one is not None)
    if first is None or not first.inside:
        return Order(
            None, offered, _("座標の並びがこの座標系の範囲に合いません。東と北が逆か、別の座標系です。")
        )
    if second is not None and second.inside and _nearer(second, first):
        return Order(
            None,
            offered,
            _("東と北を入れ替えたほうが%sに近くなります。どちらか選んでください。") % _name(second),
        )
    return Order(usual, offered, _("%sとして読みました。") % first.label)


_AXES: Final[tuple[Axis, ...]] = ("east", "north")


def _nearer(one: Reading, other: Reading) -> bool:
    return one.distance is not None and other.distance is not None and one.distance < other.distance


def _name(reading: Reading) -> str:
    return reading.landmark.name if reading.landmark else ""


def _reading(points: Floats, found: System, axis: Axis, landmarks: Sequence[Landmark]) -> Reading | None:
    """None where the numbers mean no place at all."""
    sample = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    sample = sample[:: max(1, len(sample) // _SAMPLE)]
    if not len(sample) or not np.isfinite(sample).all():
        return None
    middle = np.median(sample, axis=0).reshape(1, 2)
    if found.kind == "degrees" and (np.abs(middle) > 180).any():
        return None
    longitude, latitude = transform(middle, found.epsg, axis).points[0]
    if not np.isfinite((longitude, latitude)).all() or abs(latitude) > 90:
        return None
    west, south, east, north = found.area
    margin = _MARGIN if found.zone else 0.0
    inside = west - margin <= longitude <= east + margin and south - margin <= latitude <= north + margin
    near = min(landmarks, key=lambda one: distance(longitude, latitude, one), default=None)
    away = None if near is None else distance(longitude, latitude, near)
    return Reading(found, axis, float(longitude), float(latitude), bool(inside), near, away)


def distance(longitude: float, latitude: float, landmark: Landmark) -> float:
    """Metres to a landmark along a sphere (haversine), within half a per cent."""
    east = np.radians(landmark.longitude - longitude)
    south, north = np.radians((latitude, landmark.latitude))
    half = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * np.sin(east / 2) ** 2
    return float(2 * _EARTH * np.arcsin(np.sqrt(half)))
