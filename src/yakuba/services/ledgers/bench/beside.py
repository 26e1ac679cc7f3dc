"""The same tiles by tipg (https://github.com/developmentseed/tipg), from the same shapes in the same database, asked in turns with ours.

tipg gets what suits it best: a table of its own with the shapes as the map's projection has them, a spatial index over them, and the
properties that our tiles hold as columns. Both answer in this process, through all of their middleware, as gzip.
"""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import os
import time
from collections.abc import Iterable, MutableMapping, Sequence
from http import HTTPStatus
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.urls import reverse

from yakuba.engines.places.tiles import keeping
from yakuba.engines.places.uploads import Upload
from yakuba.services.ledgers.bench.cases import tiles
from yakuba.services.ledgers.bench.ground import CODE, Ground
from yakuba.services.ledgers.bench.measuring import PACKED, Browser, Case, percentile

if TYPE_CHECKING:
    from fastapi import FastAPI

TILES: Final = 30
ROUNDS: Final = 3
RATIO: Final = 1.0
_TABLE: Final = "bench_beside"
_EXTENT: Final = 4096
_MOST: Final = 1_000_000
Message = MutableMapping[str, Any]  # Any: as ASGI has it


def there() -> bool:
    """Whether tipg and what reads tiles are installed: the development extra."""
    return all(importlib.util.find_spec(name) for name in ("tipg", "asyncpg", "mapbox_vector_tile"))


def compared(ground: Ground, most: int = TILES) -> Case:
    """The time that our tiles take, divided by the time that tipg's take. ValueError where the two do not show the same features."""
    layer = Upload(ground.layer)
    full = layer.full_detail_zoom
    # Further out ours are thinned out and tipg's are not.
    wanted = [tile for tile in tiles(4 * most, full) if tile[0] >= full][:most]
    ours = [reverse("places-tile", args=[CODE, layer.key, *tile]) for tile in wanted]
    theirs = [f"/collections/public.{_TABLE}/tiles/WebMercatorQuad/{z}/{x}/{y}" for z, x, y in wanted]
    _table(ground)
    return _in_turns(ours, theirs)


def _table(ground: Ground) -> None:
    with connection.cursor() as cursor:
        # The ground may have been kept from an earlier run (``--folder``).
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        cursor.execute(
            f"CREATE TABLE {_TABLE} AS SELECT id::text AS id, properties->>'name' AS name,"  # noqa: S608 – names of our own
            " properties->>'use' AS use, place_3857 AS geom FROM places_uploadedfeature"
            " WHERE municipality_id = %s AND edition_id = %s",
            [ground.layer.municipality_id, ground.layer.edition_id],
        )
        cursor.execute(f"ALTER TABLE {_TABLE} ADD PRIMARY KEY (id)")
        cursor.execute(f"CREATE INDEX {_TABLE}_geom ON {_TABLE} USING gist (geom)")
        cursor.execute(f"VACUUM ANALYZE {_TABLE}")


def _app() -> FastAPI:
    """tipg as it comes, told of the database and of nothing else."""
    at = connection.settings_dict
    account = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    os.environ |= {
        "DATABASE_URL": f"postgresql://{account}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}",
        "TIPG_MAX_FEATURES_PER_TILE": str(_MOST),
        "TIPG_DB_TABLES": f'["public.{_TABLE}"]',
        "TIPG_CATALOG_TTL": "0",
    }
    from tipg.main import app

    return app


def _in_turns(ours: Sequence[str], theirs: Sequence[str]) -> Case:
    app, browser = _app(), Browser()
    mine: list[list[float]] = [[] for _ in ours]
    others: list[list[float]] = [[] for _ in ours]
    features = 0
    with asyncio.Runner() as runner:
        running = app.router.lifespan_context(app)
        runner.run(running.__aenter__())
        for turn in range(ROUNDS + 1):  # the first round warms both up, and tells whether they show the same
            for place, (own, other) in enumerate(zip(ours, theirs, strict=True)):
                keeping.TILES.clear()
                answer = browser.get(own)
                body, ms = runner.run(_ask(app, other, b"properties=id,name,use"))
                if turn:
                    mine[place].append(answer.ms)
                    others[place].append(ms)
                else:
                    features += _same(own, gzip.decompress(answer.body), body)
        runner.run(running.__aexit__(None, None, None))
    first, second = [median(one) for one in mine], [median(one) for one in others]
    ratio = round(sum(first) / sum(second), 3)
    return Case(
        name="tile-vs-tipg",
        database=connection.vendor,
        n=len(ours) * ROUNDS,
        p50_ms=percentile(first, 50),
        p95_ms=percentile(first, 95),
        figure=ratio,
        bar=RATIO,
        holds=ratio <= RATIO,
        more=f"tipg {percentile(second, 50)} / {percentile(second, 95)} ms, {features:,} features the same",
    )


async def _ask(app: FastAPI, path: str, query: bytes) -> tuple[bytes, float]:
    """The body, unpacked after the clock has stopped. ValueError for anything but 200."""
    parts: list[bytes] = []
    told: dict[str, Any] = {}  # Any: as ASGI has it

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.update(status=message["status"], headers=dict(message["headers"]))
        else:
            parts.append(message.get("body", b""))

    scope: Message = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query,
        "headers": [(b"host", b"localhost"), (b"accept-encoding", PACKED.encode())],
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    begun = time.perf_counter()
    await app(scope, receive, send)
    ms = (time.perf_counter() - begun) * 1000
    body = b"".join(parts)
    if told["status"] != HTTPStatus.OK:
        raise ValueError(f"{path}: {told['status']} {body[:200]!r}")
    packed = told["headers"].get(b"content-encoding") == PACKED.encode()
    return (gzip.decompress(body) if packed else body), ms


def _same(address: str, ours: bytes, theirs: bytes) -> int:
    """How many features both show. ValueError where one within the tile is missing from either.

    What lies on or beyond the edge may differ: ours are drawn 64 units further out, of tipg's only what touches the tile is.
    """
    own, other = _read(ours), _read(theirs)
    inside = {one for one, box in own.items() if min(box) > 0 and max(box) < _EXTENT}
    if missing := inside - other.keys():
        raise ValueError(f"{address}: {len(missing)} features are not in tipg's tile")
    if missing := other.keys() - own.keys():
        raise ValueError(f"{address}: {len(missing)} features are in tipg's tile alone")
    return len(inside)


def _read(tile: bytes) -> dict[str, tuple[float, ...]]:
    """Feature → its box in units of the tile."""
    import mapbox_vector_tile  # type: ignore[import-untyped]  # a library of the development extra
    import shapely.geometry

    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}
    features: Iterable[dict[str, Any]] = (  # Any: GeoJSON
        one for layer in layers.values() for one in layer["features"]
    )
    return {
        one["properties"]["id"]: tuple(shapely.geometry.shape(one["geometry"]).bounds) for one in features
    }
