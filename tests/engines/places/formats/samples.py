"""Files of places, built byte by byte, and what is asked of a reader."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

import pytest

from yakuba.engines.places.formats.drawn import Drawn, Hints
from yakuba.engines.places.formats.reading import read, unwired
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import wire
from yakuba.kernel.files.wire import Fault, Wire

Pair = tuple[float, float]

ZONE_9 = (
    'PROJCS["JGD_2011_Japan_Zone_9",GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",0.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",139.8333333333333],PARAMETER["Scale_Factor",0.9999],'
    'PARAMETER["Latitude_Of_Origin",36.0],UNIT["Meter",1.0]]'
)


def here(function: Callable[..., Mapping[str, Wire]], data: bytes, *args: str) -> Drawn:
    """What a parser finds, without its child process."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        kept = wire.unpack(json.loads(json.dumps(wire.pack(function(file.name, *args)))))
    assert isinstance(kept, dict)
    return unwired(kept)


def faulty(function: Callable[..., Mapping[str, Wire]], data: bytes, *args: str) -> Fault:
    with pytest.raises(Fault) as caught:
        here(function, data, *args)
    return caught.value


def drawn(data: bytes, hints: Hints = Hints()) -> Drawn:  # noqa: B008 – frozen
    return read(io.BytesIO(data), hints)


def refused(data: bytes, hints: Hints = Hints()) -> Problem:  # noqa: B008 – frozen
    with pytest.raises(Problem) as caught:
        drawn(data, hints)
    return caught.value


def zipped(parts: Mapping[str, bytes | None]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if data is not None:
                archive.writestr(name, data)
    return made.getvalue()


def shp(sort: int, contents: Sequence[bytes]) -> bytes:
    """A .shp of records' contents."""
    records = b"".join(struct.pack(">ii", n, len(c) // 2) + c for n, c in enumerate(contents, 1))
    return (
        struct.pack(">i20xi", 9994, (100 + len(records)) // 2) + struct.pack("<ii64x", 1000, sort) + records
    )


def shx(count: int) -> bytes:
    return b"\x00" * (100 + 8 * count)


def point(x: float, y: float) -> bytes:
    return struct.pack("<idd", 1, x, y)


def parts(sort: int, rings: Sequence[Sequence[Pair]], *, heights: bool = False) -> bytes:
    """A line's or an area's record."""
    flat = [pair for ring in rings for pair in ring]
    starts = list(accumulate((len(ring) for ring in rings[:-1]), initial=0))
    made = struct.pack("<i32xii", sort, len(rings), len(flat)) + struct.pack(f"<{len(starts)}i", *starts)
    made += b"".join(struct.pack("<dd", *pair) for pair in flat)
    return made + struct.pack(f"<dd{len(flat)}d", 0, 9, *([5.0] * len(flat))) if heights else made


def dbf(
    columns: Sequence[tuple[bytes, str, int, int]], rows: Sequence[Sequence[bytes]], mark: int = 0
) -> bytes:
    size = 1 + sum(column[2] for column in columns)
    head = struct.pack("<B3BIHH17xB2x", 3, 124, 4, 1, len(rows), 33 + 32 * len(columns), size, mark)
    described = b"".join(struct.pack("<11sc4xBB14x", n, t.encode(), s, d) for n, t, s, d in columns)
    records = b"".join(
        b" " + b"".join(cell.ljust(column[2]) for cell, column in zip(row, columns, strict=True))
        for row in rows
    )
    return head + described + b"\r" + records + b"\x1a"


def shapefile(
    contents: Sequence[bytes], table: bytes | None = None, prj: str | None = ZONE_9, **more: bytes
) -> bytes:
    return zipped(
        {
            "例.shp": shp(1, contents),
            "例.shx": shx(len(contents)),
            "例.dbf": table,
            "例.prj": None if prj is None else prj.encode(),
            **{f"例.{ending}": data for ending, data in more.items()},
        }
    )
