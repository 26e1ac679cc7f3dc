"""Tiles made by PostGIS, each in one statement over the rows that the layer's own query finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections
from django.db.models import BooleanField, CharField, F, QuerySet, TextField
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast

from yakuba.engines.places.postgis import COLUMN
from yakuba.engines.places.tiles.mvt import EXTENT

# The last 53 bits of a UUID, as by hand.
_NUMBER: Final = "('x00' || right(replace({id}::text, '-', ''), 14))::bit(64)::bigint & 9007199254740991"
# To compile such a statement, or to start other processes for it, takes longer than most tiles do. For this statement alone.
_ALONE: Final = "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; "


@dataclass(frozen=True)
class _Blank:
    """A parameter that each tile fills in: 0 its zoom, 1 its column, 2 its row."""

    place: int


_TILE: Final = (_Blank(0), _Blank(1), _Blank(2))


@dataclass(frozen=True)
class Statement:
    """What makes a tile of one layer, with blanks among its parameters."""

    using: str
    text: str
    parameters: Sequence[Any]  # Any: as the database's driver takes them

    def make(self, where: tuple[int, int, int]) -> bytes:
        """The tile ``where`` (z, x, y), not compressed."""
        connection = connections[self.using]
        filled = [where[one.place] if isinstance(one, _Blank) else one for one in self.parameters]
        with connection.cursor() as cursor:
            if connection.settings_dict["OPTIONS"].get("server_side_binding"):
                cursor.execute(self.text, filled)  # such a connection takes one statement at a time
            else:
                cursor.execute(_ALONE + self.text, filled)
                while cursor.nextset():
                    pass
            (made,) = cursor.fetchone()
        return bytes(made or b"")


def around(rows: QuerySet[Any], buffer: int) -> QuerySet[Any]:  # Any: rows of the layer's model
    """The rows whose boxes meet a tile with ``buffer`` units around it, by the spatial index."""
    meets = f"{_column(rows)} && ST_TileEnvelope(%s, %s, %s, margin => {buffer / EXTENT})"
    return rows.filter(RawSQL(meets, _TILE, output_field=BooleanField()))  # noqa: S611 – names and numbers of our own


def statement(
    rows: QuerySet[Any],  # Any: rows of the layer's model
    shown: Mapping[str, Combinable],
    name: str,
    buffer: int,
) -> Statement:
    """The statement for tiles of these rows."""
    quote = connections[rows.db].ops.quote_name
    table = quote(rows.model._meta.db_table)
    # Nothing but names of our own stands in these texts.
    cut = f"ST_AsMVTGeom({_column(rows)}, ST_TileEnvelope(%s, %s, %s), {EXTENT}, {buffer}, true)"
    inner: dict[str, Combinable] = {
        "tile_geom": RawSQL(cut, _TILE, output_field=TextField()),  # noqa: S611 – as above
        "tile_fid": RawSQL(_NUMBER.format(id=f"{table}.{quote('id')}"), (), output_field=TextField()),  # noqa: S611 – as above
        "tile_id": Cast(F("pk"), CharField()),
        **{f"tile_p_{key}": expression for key, expression in shown.items()},
    }
    sql, params = rows.order_by().annotate(**inner).values_list(*inner).query.sql_with_params()
    names = ["geom", "fid", "id", *shown]
    columns = ", ".join(f"c{number} AS {quote(key)}" for number, key in enumerate(names))
    numbered = ", ".join(f"c{number}" for number in range(len(names)))
    text = (
        f"SELECT ST_AsMVT(tile.*, %s, {EXTENT}, 'geom', 'fid')"  # noqa: S608 – as above
        f" FROM (SELECT {columns} FROM ({sql}) AS found({numbered})) AS tile"
    )
    return Statement(rows.db, text, [name, *params])


def _column(rows: QuerySet[Any]) -> str:  # Any: as above
    quote = connections[rows.db].ops.quote_name
    return f"{quote(rows.model._meta.db_table)}.{COLUMN}"
