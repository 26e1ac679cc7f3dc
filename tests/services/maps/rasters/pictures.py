"""Pictures for tests: drawn in the plane system, so that where each spot lies is known."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, TiffImagePlugin

from yakuba.engines.places.crs.operations import to_system

LON, LAT = 139.8, 36.3
PLANE = 6677
#: Metres to a pixel.
PIXEL = 0.5
SIZE = (900, 700)
# A red square of 40 m: columns and rows of its corners.
SQUARE = (400, 300, 480, 380)


def corner() -> tuple[float, float]:
    """East and north of the upper left corner."""
    east, north = to_system(np.array([[LON, LAT]]), PLANE)[0]
    return round(float(east)), round(float(north))


def picture(kind: str = "PNG", tags: dict[int, tuple[float, ...]] | None = None) -> bytes:
    """A white sheet with a red square, and a black edge."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle([0, 0, SIZE[0] - 1, SIZE[1] - 1], outline="black", width=4)
    left, top, right, bottom = SQUARE
    pen.rectangle([left, top, right - 1, bottom - 1], fill="#d00000")
    made = io.BytesIO()
    if tags:
        info = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, values in tags.items():
            info.tagtype[tag] = 3 if tag == 34735 else 12
            info[tag] = values
        image.save(made, "TIFF", tiffinfo=info)
    else:
        image.save(made, kind)
    return made.getvalue()


def world() -> bytes:
    """Its world file."""
    east, north = corner()
    return f"{PIXEL}\n0.0\n0.0\n-{PIXEL}\n{east + PIXEL / 2}\n{north - PIXEL / 2}\n".encode()


def geotiff() -> bytes:
    """The same as a GeoTIFF."""
    east, north = corner()
    keys = (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, PLANE)
    return picture(
        tags={33550: (PIXEL, PIXEL, 0.0), 33922: (0.0, 0.0, 0.0, float(east), float(north), 0.0), 34735: keys}
    )
