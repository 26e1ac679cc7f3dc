"""A picture as it comes: looked at in the sandbox, with what it and its world file say of where it lies."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files import store as files
from yakuba.kernel.files.content import content_type
from yakuba.kernel.files.sandbox import MB, Bounds
from yakuba.services.maps.rasters import parsing
from yakuba.services.maps.rasters.fitting import MOST_BYTES, geotiff, world_file

_KINDS: Final = frozenset({"image/png", "image/jpeg", "image/tiff"})
# The largest picture unpacked, once more in colours, beside the interpreter.
BOUNDS: Final = Bounds(seconds=120, memory=2048 * MB, result=200 * MB)


@dataclass(frozen=True, slots=True)
class Found:
    """A picture in the store with its small copy: digests of both, size in pixels, and what is known of its place."""

    sha256: str
    preview: str
    width: int
    height: int
    known: Mapping[str, JsonValue]


def receive(stream: BinaryIO, world: BinaryIO | None) -> Found:
    """Look at a picture, then keep it. Raises :class:`Problem` for what is none, for too many pixels, and for a wrong world file."""
    limits.check(stream)
    kind = content_type(stream)
    if kind not in _KINDS:
        raise Problem(
            "raster_type",
            _(
                "画像として読めるファイルではありません。PNG・JPEG・TIFFから選んでください。PDFの図面は、画像で保存し直してください。"
            ),
            field="file",
            found=kind,
            expected="PNG・JPEG・TIFF",
        )
    affine = None if world is None else world_file(world.read(MOST_BYTES + 1))
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as small:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        told = sandbox.read(parsing.look, copy.fileno(), small.fileno(), bounds=BOUNDS, files=[copy, small])
        facts = _facts(told)
        small.seek(0)
        preview = files.put(small)
    own, system = geotiff(cast("Mapping[str, Sequence[float]]", told))
    stream.seek(0)
    return Found(
        files.put(stream),
        preview,
        *facts,
        {"affine": list(found) if (found := affine or own) else None, "system": system},
    )


def _facts(told: object) -> tuple[int, int]:
    """Width and height. Raises :class:`Problem`: for too many pixels, and for an answer that no picture of ours gives."""
    if not isinstance(told, Mapping):
        raise sandbox.unreadable()
    width, height = told.get("width"), told.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or width < 1 or height < 1:
        raise sandbox.unreadable()
    if told.get("fault") == "pixels":
        raise Problem(
            "raster_pixels",
            _(
                "画像が大きすぎます（%(width)s×%(height)s画素）。%(most)s万画素、1辺%(side)s画素までに分けるか、縮めてください。"
            )
            % {
                "width": f"{width:,}",
                "height": f"{height:,}",
                "most": f"{parsing.MAX_PIXELS // 10_000:,}",
                "side": f"{parsing.MAX_SIDE:,}",
            },
            field="file",
            found=f"{width}×{height}",
            expected=f"{parsing.MAX_PIXELS:,}",
        )
    numbers = [one for name in ("scale", "tie", "matrix", "keys") for one in told.get(name, ())]
    if len(numbers) > 100_000 or not all(isinstance(one, float) and math.isfinite(one) for one in numbers):
        raise sandbox.unreadable()
    return width, height
