"""From the pixels of a picture to the ground: six numbers, out of a world file, the tags of a GeoTIFF, or control points.

A pixel's place is counted from the picture's upper left corner, right and down, so that the middle of the first pixel is 0.5, 0.5. The
ground is east and north in a coordinate system.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.operations import Operation, to_system, transform
from yakuba.engines.places.crs.parameters import Parameters
from yakuba.engines.places.crs.systems import JAPAN, SYSTEMS
from yakuba.kernel.actions import Problem
from yakuba.services.maps.printing.sheet import system_of

Floats = npt.NDArray[np.float64]
#: east = a·column + b·row + c, north = d·column + e·row + f
Affine = tuple[float, float, float, float, float, float]

#: A world file is six short lines.
MOST_BYTES: Final = 2000
LEAST_POINTS, MOST_POINTS = 3, 8
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# Control points within so small a share of the picture say nothing of the rest of it.
_SPREAD: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Point:
    """A place that is known on the picture (``column``, ``row`` in pixels) and on the ground (``east``, ``north`` in a system)."""

    column: float
    row: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture laid by control points: the six numbers in a plane system, and by how many metres each point is off.

    With three points all are met exactly, whatever they say: only a fourth one tells how good they are.
    """

    affine: Affine
    system: int
    off: tuple[float, ...]
    operation: Operation

    @property
    def mean(self) -> float:
        """Root of the mean square, in metres."""
        return float(np.sqrt(np.mean(np.square(self.off))))


def world_file(data: bytes) -> Affine:
    """A world file (.pgw, .jgw, .tfw): six numbers, one on a line, of the middle of the first pixel. Raises :class:`Problem`.

    The lines are A, D, B, E, C, F of Esri's description of the format.
    """
    words = data[: MOST_BYTES + 1].decode("ascii", "replace").split()
    if len(data) > MOST_BYTES or len(words) != 6 or not all(_NUMBER.fullmatch(word) for word in words):
        raise Problem(
            "world_file",
            _(
                "ワールドファイル（.pgw・.jgw・.tfw）は、6行の数字です。ほかのファイルを選んでいないか確かめてください。"
            ),
            field="world",
            found=" ".join(words)[:40],
            expected=_("6行の数字"),
        )
    a, d, b, e, c, f = (float(word) for word in words)
    return whole((a, b, c - (a + b) / 2, d, e, f - (d + e) / 2), "world")


def geotiff(tags: Mapping[str, Sequence[float]]) -> tuple[Affine | None, int | None]:
    """The six numbers and the EPSG code in a GeoTIFF's tags, as far as they are there (OGC 19-008r4, 7.1–7.3 and B.1).

    ``tags`` by name: ``scale`` (33550), ``tie`` (33922), ``matrix`` (34264), ``keys`` (34735). Raises :class:`Problem` for tags that
    say nothing sensible.
    """
    keys = _keys(tags.get("keys", ()))
    half = 0.5 if keys.get(1025) == 2 else 0.0  # PixelIsPoint: the place is of a pixel's middle
    matrix, scale, tie = (tags.get(name, ()) for name in ("matrix", "scale", "tie"))
    affine: Affine | None = None
    if len(matrix) == 16:
        a, b, c, d, e, f = (matrix[n] for n in (0, 1, 3, 4, 5, 7))
        affine = (a, b, c - (a + b) * half, d, e, f - (d + e) * half)
    elif len(scale) >= 2 and len(tie) == 6:
        column, row, _depth, east, north, _height = tie
        affine = (
            scale[0],
            0.0,
            east - scale[0] * (column + half),
            0.0,
            -scale[1],
            north + scale[1] * (row + half),
        )
    code = keys.get(3072) if keys.get(1024) == 1 else keys.get(2048) if keys.get(1024) == 2 else None
    return (None if affine is None else whole(affine, "file")), code if code in SYSTEMS else None


def _keys(found: Sequence[float]) -> dict[int, int]:
    """The keys of the directory whose values stand in it."""
    return {
        int(found[at]): int(found[at + 3])
        for at in range(4, len(found) - 3, 4)
        if found[at + 1] == 0 and found[at + 2] == 1
    }


def whole(affine: Affine, field: str) -> Affine:
    """The same numbers. Raises :class:`Problem` where they lay the picture onto a line, or with its back up."""
    a, b, _c, d, e, _f = affine
    if not np.isfinite(affine).all() or a * e - b * d >= 0:
        raise Problem(
            "turned",
            _(
                "位置の数字のままでは、画像が裏返しになるか、つぶれます。東（右）と北（上）の向きを確かめてください。"
            ),
            field=field,
            found=" ".join(f"{one:g}" for one in affine)[:60],
        )
    return affine


def fit(
    points: Sequence[Point], source: int, code: str, size: tuple[int, int], parameters: Parameters
) -> Fitted:
    """Lay a picture of ``size`` pixels by points whose ground is in the system ``source``: least squares in the plane system of the place.

    Raises :class:`Problem` for too few points, points on one line, and points outside of Japan.
    """
    if not LEAST_POINTS <= len(points) <= MOST_POINTS:
        raise Problem(
            "points",
            _("位置の分かる点を、%(least)d点から%(most)d点まで入れてください。")
            % {"least": LEAST_POINTS, "most": MOST_POINTS},
            field="points",
            found=str(len(points)),
            expected=f"{LEAST_POINTS}-{MOST_POINTS}",
        )
    ground = transform(np.array([(one.east, one.north) for one in points]), source, "east", parameters)
    demand_japan(ground.points, "points")
    lon, lat = ground.points.mean(axis=0)
    plane = system_of(code, float(lon), float(lat)).epsg
    metres = to_system(ground.points, plane)
    pixels = np.array([(one.column, one.row) for one in points])
    shares = (pixels - pixels.mean(axis=0)) / max(size)
    if np.linalg.svd(shares, compute_uv=False)[-1] < _SPREAD:
        raise Problem(
            "points_line",
            _(
                "点が1本の線の上に並んでいるか、近すぎます。画像の隅のほうで、三角形になるように選んでください。"
            ),
            field="points",
        )
    terms = np.column_stack([pixels, np.ones(len(points))])
    found, *_rest = np.linalg.lstsq(terms, metres, rcond=None)
    off = np.linalg.norm(terms @ found - metres, axis=1)
    (a, d), (b, e), (c, f) = found.tolist()
    return Fitted(
        whole((a, b, c, d, e, f), "points"), plane, tuple(float(one) for one in off), ground.operation
    )


def demand_japan(degrees: Floats, field: str) -> None:
    """Raises :class:`Problem` for longitudes and latitudes of which one is not in Japan."""
    west, south, east, north = JAPAN
    inside = (degrees >= (west, south)).all(axis=1) & (degrees <= (east, north)).all(axis=1)
    if not inside.all():
        lon, lat = degrees[np.argmin(inside)]
        raise Problem(
            "outside",
            _("この読み方では、画像が日本の外になります。座標系と、東・北の順を確かめてください。"),
            field=field,
            found=f"{lat:.4f}, {lon:.4f}" if np.isfinite((lon, lat)).all() else "",
            expected=_("緯度20〜46度、経度122〜155度"),
        )


def applied(affine: Affine, pixels: Floats) -> Floats:
    """(n, 2) places on a picture as east and north."""
    a, b, c, d, e, f = affine
    return np.column_stack([a * pixels[:, 0] + b * pixels[:, 1] + c, d * pixels[:, 0] + e * pixels[:, 1] + f])
