"""The worker's part: a picture that was laid is cut into one PMTiles file, a few hundred tiles at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import BinaryIO, Final, cast
from uuid import UUID

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from yakuba.engines.places.crs.parameters import configured
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.files import sandbox
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.outbox.handlers import Payload, Settle, work
from yakuba.services.maps.rasters import parsing
from yakuba.services.maps.rasters.actions import PLACED, FinishRaster, finish_raster, progressed
from yakuba.services.maps.rasters.fitting import Affine
from yakuba.services.maps.rasters.laying import Laid, lay
from yakuba.services.maps.rasters.models import RasterLayer
from yakuba.services.maps.rasters.queries import ordered
from yakuba.services.maps.rasters.receiving import BOUNDS

#: Each time the picture is unpacked anew, which takes as long as thirty tiles of the largest one.
_AT_ONCE: Final = 200
_E7: Final = 10_000_000
Tile = tuple[int, int, int]


@work(topic=PLACED, name="maps.cut_raster", lease_seconds=3600)
def cut_raster(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """Cut it. A second time, after a crash, it is cut anew."""
    pk, cut = UUID(str(payload["raster"])), int(str(payload["cut"]))
    raster = ordered(ctx, pk, cut)
    if raster is None:
        return None
    try:
        done = made(ctx, raster)
    except Problem as problem:
        done = FinishRaster(cut, trouble=problem.message)
    return lambda: _finish(ctx, pk, done)


def _finish(ctx: Context, pk: UUID, done: FinishRaster) -> None:
    raster = ordered(ctx, pk, done.cut)
    if raster is not None:
        finish_raster(ctx, raster, done)


def made(ctx: Context, raster: RasterLayer) -> FinishRaster:
    """The tiles of a picture, put into the store. Raises :class:`Problem`, and :class:`Missing` where its file is gone."""
    if raster.file is None:
        raise Missing
    placing = raster.placing
    affine = cast("Affine", tuple(placing["affine"]))
    laid = lay(affine, int(placing["system"]), (raster.width, raster.height), configured())
    with tempfile.TemporaryFile() as whole:
        _write(ctx, raster, raster.file, laid, whole)
        whole.seek(0)
        # Our own making, which no parser opens: the limit of what people send does not hold for it.
        sha256 = files.backend().put(whole)
    return FinishRaster(raster.cut, sha256, list(laid.box), laid.max_zoom)


def _write(ctx: Context, raster: RasterLayer, file: StoredFile, laid: Laid, target: BinaryIO) -> None:
    writer = Writer(target)
    sharp = raster.sort == "drawing"
    done = 0
    # What the writer keeps beside its target is closed too where a tile cannot be cut.
    with closing(writer.tile_f), files.open(file) as stored, tempfile.TemporaryFile() as source:
        shutil.copyfileobj(stored, source)
        every = laid.tiles()
        while tiles := list(islice(every, _AT_ONCE)):
            source.seek(0)
            for tile, data in zip(tiles, _cut(source, laid, tiles, sharp=sharp), strict=True):
                writer.write_tile(zxy_to_tileid(*tile), data)
            done += len(tiles)
            progressed(ctx, raster, done)
        west, south, east, north = (round(side * _E7) for side in laid.box)
        writer.finalize(
            {
                "tile_type": TileType.PNG if sharp else TileType.WEBP,
                "tile_compression": Compression.NONE,
                "min_lon_e7": west,
                "min_lat_e7": south,
                "max_lon_e7": east,
                "max_lat_e7": north,
                "center_zoom": laid.max_zoom,
                "center_lon_e7": (west + east) // 2,
                "center_lat_e7": (south + north) // 2,
            },
            {},
        )


def _cut(source: BinaryIO, laid: Laid, tiles: Sequence[Tile], *, sharp: bool) -> list[bytes]:
    with tempfile.TemporaryFile() as target:
        corners = [[float(one) for one in tile.ravel()] for tile in laid.corners(tiles)]
        told = sandbox.read(
            parsing.cut,
            source.fileno(),
            target.fileno(),
            corners,
            sharp,
            bounds=BOUNDS,
            files=[source, target],
        )
        if (
            not isinstance(told, list)
            or len(told) != len(tiles)
            or not all(isinstance(one, int) and one > 0 for one in told)
        ):
            raise sandbox.unreadable()
        target.seek(0)
        return [target.read(int(str(one))) for one in told]
