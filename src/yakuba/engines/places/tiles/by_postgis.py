"""Tiles made by PostGIS in one query over the rows that the layer's own query finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.db.models import CharField, F, QuerySet, TextField
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast

from yakuba.engines.places.postgis import COLUMN
from yakuba.engines.places.tiles.mvt import EXTENT

# The last 53 bits of a UUID, as by hand.
_NUMBER = "('x00' || right(replace({id}::text, '-', ''), 14))::bit(64)::bigint & 9007199254740991"


def make(
    rows: QuerySet[Any],  # Any: rows of the layer's model
    shown: Mapping[str, Combinable],
    name: str,
    where: tuple[int, int, int],
    buffer: int,
) -> bytes:
    """The tile ``where`` (z, x, y), not compressed."""
    connection = connections[rows.db]
    quote = connection.ops.quote_name
    table = quote(rows.model._meta.db_table)
    # Nothing but names of our own stands in these texts.
    cut = f"ST_AsMVTGeom({table}.{COLUMN}, ST_TileEnvelope(%s, %s, %s), {EXTENT}, %s, true)"
    inner: dict[str, Combinable] = {
        "tile_geom": RawSQL(cut, (*where, buffer), output_field=TextField()),  # noqa: S611 – as above
        "tile_fid": RawSQL(_NUMBER.format(id=f"{table}.{quote('id')}"), (), output_field=TextField()),  # noqa: S611 – as above
        "tile_id": Cast(F("pk"), CharField()),
        **{f"tile_p_{key}": expression for key, expression in shown.items()},
    }
    sql, params = rows.order_by().annotate(**inner).values_list(*inner).query.sql_with_params()
    names = ["geom", "fid", "id", *shown]
    columns = ", ".join(f"c{number} AS {quote(key)}" for number, key in enumerate(names))
    numbered = ", ".join(f"c{number}" for number in range(len(names)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsMVT(tile.*, %s, {EXTENT}, 'geom', 'fid')"  # noqa: S608 – as above
            f" FROM (SELECT {columns} FROM ({sql}) AS found({numbered})) AS tile",
            [name, *params],
        )
        (made,) = cursor.fetchone()
    return bytes(made or b"")
