"""From a file as it was found to places in JGD2011, or to the question that a person has to answer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.guessing import Landmark, Reading, order, readings
from yakuba.engines.places.crs.operations import Transformed, transform_shapes
from yakuba.engines.places.crs.parameters import NONE, Parameters
from yakuba.engines.places.crs.systems import JAPAN
from yakuba.engines.places.formats.drawn import Drawn, Feature, Hints, RowFault

Floats = npt.NDArray[np.float64]

_SAMPLE: Final = 1000
_OFFERED: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be known before a file can be read: why, and the readings that are possible, the most likely first."""

    why: str
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Settled:
    """A file's features with geometries in JGD2011 (longitude, latitude), and how they came there.

    ``how``: operations used, with their accuracies; ``warnings`` and ``notes`` are for the person who imports; ``faults`` by row.
    """

    features: Sequence[Feature]
    how: Transformed
    warnings: Sequence[str]
    notes: Sequence[str]
    faults: Sequence[RowFault]


def settle(
    drawn: Drawn,
    landmarks: Sequence[Landmark] = (),
    parameters: Parameters = NONE,
    hints: Hints = Hints(),  # noqa: B008 – frozen
) -> Settled | Question:
    """The features where they are in JGD2011.

    A :class:`Question` where the file does not say its system, or where its numbers lie elsewhere than that system is used, or nearer a
    landmark in the other order: unless ``hints`` says that a person has chosen. Rows outside Japan are faults and lose their geometry.
    """
    sample = _sample(drawn)
    if drawn.crs is None:
        return Question(
            _("座標系が分かりません。ファイルの位置が合うものを選んでください。"),
            readings(sample, landmarks)[:_OFFERED],
        )
    axis, note = drawn.axis, ""
    if hints.axis is None and len(sample):
        asked = order(sample, drawn.crs, axis or "east", landmarks)
        if axis is None or asked.axis is None:
            why = asked.note if asked.axis is None else _("どちらの座標が先か、選んでください。")
            return Question(why, asked.readings)
        note = asked.note
    shapes, how = transform_shapes(
        [one.geometry for one in drawn.features], drawn.crs, axis or "east", parameters
    )
    faults = list(drawn.faults)
    features = []
    for one, shape, outside in zip(drawn.features, shapes, _outside(shapes), strict=True):
        lost = one.geometry is not None and shape is None
        if lost or outside:
            faults.append(
                RowFault(
                    one.row,
                    "shape_outside",
                    _("%d件目の図形は日本の範囲の外にあります。座標系と座標を確かめてください。") % one.row,
                    found="" if one.geometry is None else _middle(one.geometry.bounds),
                )
            )
        features.append(Feature(one.row, None if outside else shape, one.properties))
    faults.sort(key=lambda fault: fault.row)
    return Settled(features, how, how.warnings, [*drawn.notes, *([note] if note else [])], faults)


def _sample(drawn: Drawn) -> Floats:
    """The first point of some of its geometries, spread over the file."""
    placed = [one.geometry for one in drawn.features if one.geometry is not None]
    chosen = placed[:: max(1, len(placed) // _SAMPLE)]
    found: Floats = np.array([shapely.get_coordinates(one)[0] for one in chosen], dtype=np.float64).reshape(
        -1, 2
    )
    return found


def _outside(shapes: Sequence[object]) -> npt.NDArray[np.bool_]:
    west, south, east, north = JAPAN
    box: Floats = shapely.bounds(np.array(shapes, dtype=object)).reshape(-1, 4)
    with np.errstate(invalid="ignore"):  # NaN: no geometry, and so not outside
        outside: npt.NDArray[np.bool_] = (
            (box[:, 0] < west) | (box[:, 1] < south) | (box[:, 2] > east) | (box[:, 3] > north)
        )
    return outside


def _middle(bounds: tuple[float, float, float, float]) -> str:
    return f"{(bounds[0] + bounds[2]) / 2:.6g}, {(bounds[1] + bounds[3]) / 2:.6g}"
