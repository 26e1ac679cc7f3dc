"""A picture opened, turned upright and made anew."""

from __future__ import annotations

import io
import os
import re
from typing import Any, Final

from PIL import Image, ImageCms

from yakuba.kernel.files.wire import Wire, bare

#: The longest side in pixels; a panorama of a telephone has about 16,000.
MAX_SIDE: Final = 20_000
_QUALITY: Final = 90
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SIXTEEN_BITS: Final = 257  # 65535 / 255
_MAX_PROFILE: Final = 4 * 1024 * 1024
# Exif 2.3, 4.6.4: how the camera was held, and how the picture is turned to stand upright.
_ORIENTATION: Final = 0x0112
# The same, 4.6.3, 4.6.5 and 4.6.6: where the camera's own facts and its place begin; when the picture was taken, or last changed.
_EXIF: Final = 0x8769
_GPS: Final = 0x8825
_TAKEN: Final = 0x9003
_CHANGED: Final = 0x0132
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@bare
def look(source: int, content_type: str, max_pixels: int, target: int | None, camera: bool = False) -> Wire:
    """The picture in the open file ``source`` as facts: ``width`` and ``height`` in pixels as a person sees it.

    Only with ``camera`` also what the camera wrote, as texts, as far as it did: ``taken`` (2026-05-01), ``latitude`` and ``longitude`` in
    degrees, ``direction`` in degrees from north (Exif 2.3, 4.6.5 and 4.6.6).

    With ``target``, an open file, the picture is written there anew: a JPEG, or a PNG where it was one or is see-through in places.
    Nothing else of the file goes over: no Exif, XMP, comments, thumbnails, second pictures, nor what was hung on behind.

    A fault is told as ``fault``: ``pixels`` (too many; before anything is unpacked) or ``moves``. Raises whatever Pillow does for
    what it cannot read.
    """
    Image.MAX_IMAGE_PIXELS = None  # counted below, before anything is unpacked
    with (
        os.fdopen(source, "rb", closefd=False) as stream,
        Image.open(stream, formats=[_FORMATS[content_type]]) as opened,
    ):
        width, height = opened.size
        if width * height > max_pixels or max(width, height) > MAX_SIDE:
            return {"fault": "pixels", "width": width, "height": height}
        # Several pictures in a JPEG are the camera's own extras (depth, brightness, preview); the first is the photograph.
        if opened.format in {"PNG", "WEBP"} and getattr(opened, "n_frames", 1) > 1:
            return {"fault": "moves"}
        # Place, date and direction that a camera wrote are known up to here, and do not go over into the new picture.
        wrote = _camera(opened) if camera else {}
        opened.load()
        upright = _upright(opened)
    width, height = upright.size
    if target is not None:
        with os.fdopen(target, "wb", closefd=False) as made:
            _write(_plain(upright), made, keep_exactly=content_type == "image/png")
    return {"width": width, "height": height, **wrote}


def _camera(image: Image.Image) -> dict[str, str]:
    """What a camera wrote of where, when and in which direction; nothing of what it wrote badly."""
    found: dict[str, str] = {}
    try:
        exif = image.getexif()
        taken = str(exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(_CHANGED) or "")
        if day := re.match(r"([12]\d{3}):(\d{2}):(\d{2})(?!\d)", taken):
            found["taken"] = "-".join(day.groups())
        place: Any = exif.get_ifd(_GPS)  # Any: Pillow's dictionary of whatever it found
        for name, least, sign in (("latitude", 1, "S"), ("longitude", 3, "W")):
            if least + 1 in place:
                degrees, minutes, seconds = (float(part) for part in place[least + 1])
                value = degrees + minutes / 60 + seconds / 3600
                found[name] = f"{-value if place.get(least) == sign else value:.6f}"
        # 方位 of magnetic north is off by some seven degrees in Japan: it is not taken for the true one.
        if 17 in place and place.get(16, "T") == "T":
            found["direction"] = f"{float(place[17]):.1f}"
    except Exception:  # noqa: BLE001 – what a camera wrote badly is no reason to refuse its picture
        return found
    return found


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 – what a camera wrote badly is no reason to refuse its picture
        turn = None
    return image.copy() if turn is None else image.transpose(turn)


def _write(image: Image.Image, target: io.BufferedWriter, *, keep_exactly: bool) -> None:
    # Pillow writes what it finds here (profile, comment, resolution) into the new file.
    image.info = {}
    if keep_exactly or image.mode in {"RGBA", "LA"}:
        image.save(target, "PNG")
    else:
        image.save(target, "JPEG", quality=_QUALITY)


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits, grey or sRGB, see-through only where it was: what every browser and printer shows alike."""
    if image.mode.startswith("I") or image.mode == "F":
        # Sixteen bits of grey; converting alone would cut them off instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / _SIXTEEN_BITS)).convert("L")
    if image.has_transparency_data:
        return _in_srgb(image.convert("LA" if image.mode in {"L", "LA"} else "RGBA"))
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return _in_srgb(image if image.mode == "CMYK" else image.convert("RGB")).convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours by the picture's own profile, which then need not go with it; as they are where it has none or a broken one."""
    profile: Any = image.info.get("icc_profile")  # Any: Pillow's dictionary of whatever it found
    if (
        not isinstance(profile, bytes)
        or len(profile) > _MAX_PROFILE
        or image.mode not in {"RGB", "RGBA", "CMYK"}
    ):
        return image
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        made = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return made or image
