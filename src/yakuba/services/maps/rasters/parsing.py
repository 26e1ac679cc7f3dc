"""What opens pictures that nobody has checked: looked at, made smaller to be looked at, cut into tiles. In the sandbox's child alone.

The orientation that a camera or scanner wrote is not followed: world files and control points count pixels as they are stored.
"""

from __future__ import annotations

import io
import math
import os
from typing import Any, Final

from PIL import Image, ImageDraw

from yakuba.kernel.files.wire import Wire, bare

#: One sheet of 400 dpi on A1, or a square kilometre of an aerial photograph in pixels of ten centimetres.
MAX_PIXELS: Final = 100_000_000
MAX_SIDE: Final = 40_000
_PREVIEW: Final = 1400
_QUALITY: Final = 82
_FORMATS: Final = ("PNG", "JPEG", "TIFF")
# OGC 19-008r4, 7.1: the tags of a GeoTIFF.
_TAGS: Final = {33550: "scale", 33922: "tie", 34264: "matrix", 34735: "keys"}


@bare
def look(source: int, target: int) -> Wire:
    """The picture in the open file ``source``: ``width``, ``height``, ``format``, and what GeoTIFF tags it has by name.

    A small copy with a net of pixel numbers is written to ``target`` as a PNG. Too many pixels are told as ``fault``, before
    anything is unpacked. Raises whatever Pillow does for what it cannot read.
    """
    Image.MAX_IMAGE_PIXELS = None  # counted here
    with os.fdopen(source, "rb", closefd=False) as stream, Image.open(stream, formats=_FORMATS) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            return {"fault": "pixels", "width": width, "height": height}
        tags: Any = getattr(opened, "tag_v2", {})  # Any: Pillow's directory of whatever it found
        told = {name: [float(one) for one in tags[tag]] for tag, name in _TAGS.items() if tag in tags}
        facts: dict[str, Wire] = {"width": width, "height": height, "format": str(opened.format), **told}
        opened.draft("RGB", (_PREVIEW, _PREVIEW))
        picture = _alone(_eight_bits(opened))
    picture.thumbnail((_PREVIEW, _PREVIEW), reducing_gap=2.0)
    with os.fdopen(target, "wb", closefd=False) as made:
        _netted(picture.convert("RGB"), width, height).save(made, "PNG")
    return facts


@bare
def cut(source: int, target: int, corners: list[list[float]], sharp: bool) -> Wire:
    """Tiles of the picture in ``source``, one behind the other in ``target``: WebP of a photograph, PNG where it has to be ``sharp``.

    ``corners``: for each tile the places on the picture of the corners of its four by four cells, row by row, x and y. Answers how many
    bytes each tile has. Smaller scales are taken from a picture made smaller before, so that no line is lost between pixels.
    """
    Image.MAX_IMAGE_PIXELS = None  # counted when it was looked at
    with os.fdopen(source, "rb", closefd=False) as stream, Image.open(stream, formats=_FORMATS) as opened:
        if opened.size[0] * opened.size[1] > MAX_PIXELS:
            raise ValueError("pixels")
        whole = _alone(_eight_bits(opened).convert("RGBA"))
    smaller: dict[int, Image.Image] = {1: whole}
    sizes: list[int] = []
    with os.fdopen(target, "wb", closefd=False) as made:
        for flat in corners:
            factor = _factor(flat, whole.size)
            if factor not in smaller:
                smaller = {1: whole, factor: whole.reduce(factor)}
            tile = _tile(smaller[factor], [one / factor for one in flat])
            data = io.BytesIO()
            if sharp:
                tile.save(data, "PNG")
            else:
                tile.save(data, "WEBP", quality=_QUALITY, method=2)
            sizes.append(made.write(data.getvalue()))
    return sizes


def _factor(flat: list[float], size: tuple[int, int]) -> int:
    """How many pixels of the picture, as a power of two, lie below one of the tile."""
    xs, ys = flat[0::2], flat[1::2]
    # The first and the last corner of the first row, and of the first column.
    across = ((xs[4] - xs[0]) ** 2 + (ys[4] - ys[0]) ** 2) ** 0.5
    down = ((xs[20] - xs[0]) ** 2 + (ys[20] - ys[0]) ** 2) ** 0.5
    factor = 1
    while factor * 2 <= min(across, down) / 256 and factor * 2 <= min(size):
        factor *= 2
    return factor


def _tile(picture: Image.Image, flat: list[float]) -> Image.Image:
    """A tile, from the part of the picture alone that it shows: Pillow weighs colours by their transparency in a copy of all it is given."""
    left, top = (max(0, math.floor(min(flat[n::2])) - 2) for n in (0, 1))
    right, bottom = (
        min(side, math.ceil(max(flat[n::2])) + 3) for n, side in zip((0, 1), picture.size, strict=True)
    )
    if left >= right or top >= bottom:
        return Image.new("RGBA", (256, 256))

    def at(row: int, column: int) -> tuple[float, float]:
        place = 2 * (row * 5 + column)
        return flat[place] - left, flat[place + 1] - top

    # For each cell its box in the tile, and its corners on the picture: upper left, lower left, lower right, upper right.
    mesh = [
        (
            (64 * column, 64 * row, 64 * column + 64, 64 * row + 64),
            (*at(row, column), *at(row + 1, column), *at(row + 1, column + 1), *at(row, column + 1)),
        )
        for row in range(4)
        for column in range(4)
    ]
    part = picture.crop((left, top, right, bottom))
    return part.transform((256, 256), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Eight bits, grey or in colours, see-through only where it was."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _alone(image: Image.Image) -> Image.Image:
    """Without what came along with it: Pillow would write a profile of half a megabyte into each tile, and a camera's facts."""
    image.info = {}
    return image


def _netted(picture: Image.Image, width: int, height: int) -> Image.Image:
    """With lines and numbers every so many pixels of the picture itself: control points are read off here."""
    pen = ImageDraw.Draw(picture)
    step = next(
        size * 10**power
        for power in range(6)
        for size in (1, 2, 5)
        if size * 10**power * 10 >= max(width, height)
    )
    scale = picture.width / width
    for x in range(0, width + 1, step):
        pen.line([(x * scale, 0), (x * scale, picture.height)], fill="#d0006f", width=1)
        _number(pen, x * scale + 2, 1, x)
    for y in range(0, height + 1, step):
        pen.line([(0, y * scale), (picture.width, y * scale)], fill="#d0006f", width=1)
        _number(pen, 2, y * scale + 1, y)
    return picture


def _number(pen: ImageDraw.ImageDraw, x: float, y: float, number: int) -> None:
    pen.rectangle([x, y, x + 7 * len(str(number)), y + 11], fill="#ffffff")
    pen.text((x, y), str(number), fill="#7a0042")
