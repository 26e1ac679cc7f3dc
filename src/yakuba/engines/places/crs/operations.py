"""From any system to JGD2011 and back, and what each way is called and how exact it is.

The library is asked for projections alone, each as an explicit pipeline. Which datum operation is used is said here: left to choose, it
takes JGD2000 for JGD2011 moved by 0.0 m even where the ground moved by metres, and calls that the best available.
Heights are not handled: only the two horizontal coordinates are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.moved import LARGEST, PREFECTURES, moved
from yakuba.engines.places.crs.parameters import MOVED_FILE, NONE, Grid, Parameters
from yakuba.engines.places.crs.systems import SYSTEMS, TRUTH, Axis, System
from yakuba.kernel.actions import Problem

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Operation:
    """A way from a system to JGD2011: key, Japanese name, both EPSG codes, accuracy in metres (None: not known) and what to know."""

    key: str
    label: str
    source: int
    target: int
    accuracy: float | None
    note: str = ""

    @property
    def exactness(self) -> str:
        """The accuracy in words."""
        if self.accuracy is None:
            return _("精度は分かりません")
        if self.accuracy == 0:
            return _("変換による誤差はありません")
        return _("精度はおよそ%gm") % self.accuracy


@dataclass(frozen=True, slots=True)
class Use:
    """How many points went which way."""

    operation: Operation
    count: int


@dataclass(frozen=True, slots=True)
class Transformed:
    """(n, 2) points, longitude and latitude in JGD2011 degrees; what was used, the least exact first; what a person must be told."""

    points: Floats
    uses: tuple[Use, ...]
    warnings: tuple[str, ...]

    @property
    def operation(self) -> Operation:
        """The least exact of the operations used."""
        return self.uses[0].operation


@dataclass(frozen=True, slots=True)
class _Way:
    key: str
    label: str
    accuracy: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """One change of datum: for each point which of its ways was taken (index into ``ways``)."""

    ways: tuple[_Way, ...]
    taken: npt.NDArray[np.int64]


# 測地成果2000: the three parameters of TKY2JGD where it has no mesh (ΔX −146.414, ΔY +507.337, ΔZ +680.507 m).
_TRANSLATION: Final = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart +ellps=bessel "
    "+step +proj=helmert +x=-146.414 +y=507.337 +z=680.507 +step +inv +proj=cart +ellps=GRS80 +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


# The accuracies are those of the EPSG registry's operations.
def _three() -> _Way:
    """Operation 15483."""
    return _Way(
        "tokyo_3", _("旧日本測地系→JGD2000（3パラメータ）"), 9.0, _("数メートル、所により9mほどずれます。")
    )


def _tky2jgd(version: str) -> _Way:
    """Operation 15484."""
    return _Way("tky2jgd", _("旧日本測地系→JGD2000（TKY2JGD）"), 0.2, version)


def _patch(version: str) -> _Way:
    """Operation 6713."""
    return _Way("patchjgd", _("JGD2000→JGD2011（PatchJGD）"), 0.2, version)


def _kept() -> _Way:
    return _Way(
        "jgd2000_kept",
        _("JGD2000→JGD2011（座標値を変えずに読み替え）"),
        0.0,
        _(
            "2011年の地震による成果の改定がない地域です。ほかの地震などで改定された成果は、その改定の前後を確かめてください。"
        ),
    )


def _unsure() -> _Way:
    return _Way(
        "jgd2000_unsure",
        _("JGD2000→JGD2011（座標値を変えずに読み替え）"),
        None,
        _("2011年に成果が改定された地域で、最大%gmのずれが残っています。") % LARGEST,
    )


def _wgs84() -> _Way:
    """What satellites and web maps call WGS 84 is read as JGD2011: operation "JGD2011 to WGS 84 (1)"."""
    return _Way("wgs84", _("WGS 84→JGD2011（同じ値とみなす）"), 1.0)


def system(epsg: int) -> System:
    """The system of a code. Raises :class:`Problem` for one that is not read."""
    found = SYSTEMS.get(epsg)
    if found is None:
        raise Problem(
            "crs_unknown",
            _(
                "座標系 EPSG:%d は扱えません。JGD2011・JGD2000・旧日本測地系の緯度経度か、平面直角座標系に変換してから選んでください。"
            )
            % epsg,
            field="crs",
            found=f"EPSG:{epsg}",
            expected="EPSG:6668, 6669-6687, 4612, 2443-2461, 4301, 30161-30179, 4326, 3857",
        )
    return found


def transform(points: Floats, source: int, axis: Axis = "east", parameters: Parameters = NONE) -> Transformed:
    """(n, 2) points of a system, in the order that ``axis`` tells, in JGD2011: longitude and latitude in degrees.

    Raises :class:`Problem` for an unknown system. A point beyond what its projection can tell becomes infinite.
    """
    found = system(source)
    pairs = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if axis == "north":
        pairs = pairs[:, ::-1]
    degrees = _degrees(found)(pairs)
    steps: list[_Step] = []
    warnings: list[str] = []
    if found.datum == "tokyo":
        degrees, step = _from_tokyo(degrees, parameters.tokyo)
        steps.append(step)
    if found.datum in {"tokyo", "jgd2000"}:
        degrees, step, unsure = _from_2000(degrees, parameters.moved)
        steps.append(step)
        if unsure:
            warnings.append(_warning(unsure, len(degrees)))
    if found.datum == "wgs84":
        steps.append(_Step((_wgs84(),), np.zeros(len(degrees), np.int64)))
    return Transformed(degrees, _uses(found, steps, len(degrees)), tuple(warnings))


def _from_tokyo(degrees: Floats, grid: Grid | None) -> tuple[Floats, _Step]:
    whole = _through(Transformer.from_pipeline(_TRANSLATION))(degrees)
    if grid is None:
        return whole, _Step((_three(),), np.zeros(len(degrees), np.int64))
    shift, covered = grid.at(degrees)
    taken = covered.astype(np.int64)
    return np.where(covered[:, None], degrees + shift, whole), _Step(
        (_three(), _tky2jgd(grid.version)), taken
    )


def _from_2000(degrees: Floats, grid: Grid | None) -> tuple[Floats, _Step, int]:
    inside = moved(degrees)
    if grid is None:
        return degrees, _Step((_unsure(), _kept()), (~inside).astype(np.int64)), int(inside.sum())
    shift, covered = grid.at(degrees)
    taken = np.where(covered, 2, np.where(inside, 0, 1)).astype(np.int64)
    unsure = int((inside & ~covered).sum())
    return degrees + shift, _Step((_unsure(), _kept(), _patch(grid.version)), taken), unsure


def _warning(unsure: int, count: int) -> str:
    return _(
        "%(count)s点のうち%(unsure)s点は、2011年の東北地方太平洋沖地震で成果が改定された地域（%(first)sから%(last)sまで1都19県のおおよその範囲）に"
        "あります。座標値をそのまま読み替えるため、最大%(largest)gmずれている場合があります。国土地理院のパラメータファイル %(file)s を置くと"
        "補正します。改定後の成果で測ったものなら、JGD2011の座標系を選んでください。"
    ) % {
        "count": f"{count:,}",
        "unsure": f"{unsure:,}",
        "first": PREFECTURES[0],
        "last": PREFECTURES[-1],
        "largest": LARGEST,
        "file": MOVED_FILE,
    }


def _uses(source: System, steps: Sequence[_Step], count: int) -> tuple[Use, ...]:
    """Every combination of ways that points took, as operations; the least exact first."""
    if not steps:
        return (Use(_projected(source), count),)
    code = np.zeros(count, np.int64)
    for step in steps:
        code = code * 10 + step.taken
    uses = []
    for value, times in zip(*np.unique(code, return_counts=True), strict=True):
        digits = f"{int(value):0{len(steps)}d}"
        ways = [step.ways[int(digit)] for step, digit in zip(steps, digits, strict=True)]
        uses.append(Use(_operation(source, ways), int(times)))
    uses.sort(key=lambda use: (use.operation.accuracy is not None, -(use.operation.accuracy or 0)))
    return tuple(uses) or (Use(_operation(source, [steps[0].ways[0]]), 0),)


def _operation(source: System, ways: Sequence[_Way]) -> Operation:
    """Ways one after another, with their projection before them."""
    known = [way.accuracy for way in ways if way.accuracy is not None]
    label = "、".join(way.label for way in ways)
    if source.kind != "degrees":
        label = _("%(system)sから緯度経度、%(rest)s") % {"system": source.label, "rest": label}
    return Operation(
        "+".join(way.key for way in ways),
        label,
        source.epsg,
        TRUTH,
        # Two steps add up, as the registry counts them.
        sum(known) if len(known) == len(ways) else None,
        " ".join([*(way.note for way in ways if way.note), heights()]),
    )


def _projected(source: System) -> Operation:
    if source.kind == "plane":
        return Operation("plane", _("%sから緯度経度") % source.label, source.epsg, TRUTH, 0.0, heights())
    return Operation("same", _("変換なし（JGD2011）"), source.epsg, TRUTH, 0.0, heights())


def heights() -> str:
    """What is said of the third coordinate."""
    return _("高さは変換しません（水平位置だけを扱います）。")


def to_system(points: Floats, target: int, axis: Axis = "east") -> Floats:
    """(n, 2) points, longitude and latitude in JGD2011, in another system of the same datum or WGS 84, in the order ``axis`` tells.

    Raises :class:`Problem` for an unknown system; ValueError for one of an older datum: nothing new is written in those.
    """
    found = system(target)
    if found.datum not in {"jgd2011", "wgs84"}:
        raise ValueError(f"EPSG:{target} is of an older datum")
    pairs = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if found.kind != "degrees":
        pairs = _through(_projection(found), inverse=True)(pairs)
    return pairs[:, ::-1] if axis == "north" else pairs


def transform_shapes(
    shapes: Sequence[BaseGeometry | None], source: int, axis: Axis = "east", parameters: Parameters = NONE
) -> tuple[list[BaseGeometry | None], Transformed]:
    """Geometries of a system in JGD2011 (longitude, latitude), None where there is none; otherwise like :func:`transform`.

    A geometry with a point that its projection cannot tell becomes None.
    """
    array = np.array(shapes, dtype=object)
    done: list[Transformed] = []

    def change(points: Floats) -> Floats:
        done.append(transform(points, source, axis, parameters))
        return done[-1].points

    known = np.array([shape is not None for shape in shapes], dtype=bool)
    out = np.full(len(array), None, dtype=object)
    moved_shapes = _transformed(array[known], change)
    moved_shapes[~_finite(moved_shapes)] = None
    out[known] = moved_shapes
    return list(out), done[0] if done else transform(np.empty((0, 2)), source, axis, parameters)


def shapes_to_system(shapes: Sequence[BaseGeometry], target: int) -> list[BaseGeometry]:
    """Geometries in JGD2011 in another system, x east and y north; otherwise like :func:`to_system`."""
    return list(_transformed(np.array(shapes, dtype=object), lambda points: to_system(points, target)))


def _transformed(
    shapes: npt.NDArray[np.object_], change: Callable[[Floats], Floats]
) -> npt.NDArray[np.object_]:
    moved_shapes: npt.NDArray[np.object_] = shapely.transform(shapely.force_2d(shapes), change)
    return moved_shapes


def _finite(shapes: npt.NDArray[np.object_]) -> Mask:
    bounds: Floats = shapely.bounds(shapes)
    finite: Mask = np.isfinite(bounds).all(axis=1) | shapely.is_empty(shapes)
    return finite


def _degrees(found: System) -> Callable[[Floats], Floats]:
    if found.kind == "degrees":
        return lambda pairs: pairs.copy()
    return _through(_projection(found))


def _through(transformer: Transformer, *, inverse: bool = False) -> Callable[[Floats], Floats]:
    def change(pairs: Floats) -> Floats:
        x, y = transformer.transform(pairs[:, 0], pairs[:, 1], direction="INVERSE" if inverse else "FORWARD")
        return np.column_stack([x, y])

    return change


@lru_cache(maxsize=64)
def _projection(found: System) -> Transformer:
    """From metres, east first, to degrees, longitude first, on the system's own ellipsoid."""
    if found.zone is None:
        projection = "+proj=webmerc +ellps=WGS84"
    else:
        ellipsoid = "bessel" if found.datum == "tokyo" else "GRS80"
        projection = f"+proj=tmerc +lat_0={found.zone.latitude!r} +lon_0={found.zone.longitude!r} +k=0.9999 +x_0=0 +y_0=0 +ellps={ellipsoid}"
    return Transformer.from_pipeline(
        f"+proj=pipeline +step +inv {projection} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
