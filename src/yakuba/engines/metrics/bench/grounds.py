"""What rooms above lay for the bench: their own rows, in the bench's own database.

A room's ``metrics_bench.py``, which only the bench imports::

    @GROUNDS.register("cases")
    def lay(places: Sequence[Place], events: int) -> int: ...
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from django.db import connection, models, transaction
from psycopg import Cursor

from yakuba.kernel.plugins import Registry

CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality and an office of it; ``number`` counts them from 0. ``today`` is the bench's day."""

    number: int
    municipality: UUID
    office: UUID
    today: dt.date


Lay = Callable[[Sequence[Place], int], int]
#: Each lays so many events over the places and says how many rows it wrote.
GROUNDS: Registry[Lay] = Registry("ground of the metrics bench")

Row = list[Any]  # Any: values as the database's driver takes them


class Filling:
    """Many rows of one model by the database's fastest way in: copies of a row, in which some columns differ."""

    def __init__(self, sample: models.Model) -> None:
        self._model = type(sample)
        self._columns: list[models.Field[object, object]] = list(sample._meta.concrete_fields)
        self._places = {one.attname: place for place, one in enumerate(self._columns)}
        self._sample: Row = [
            one.get_db_prep_save(one.pre_save(sample, add=True), connection) for one in self._columns
        ]

    def row(self, **differing: object) -> Row:
        """A row as the sample but for these attributes."""
        made = list(self._sample)
        for name, value in differing.items():
            place = self._places[name]
            made[place] = self._columns[place].get_db_prep_save(value, connection)
        return made

    def fill(self, rows: Iterable[Row]) -> int:
        """Write them, some thousands in a transaction; return how many."""
        count, waiting = 0, list[Row]()
        for row in rows:
            waiting.append(row)
            if len(waiting) == CHUNK:
                count += self._write(waiting)
                waiting = []
        return count + self._write(waiting)

    def _write(self, rows: list[Row]) -> int:
        quote = connection.ops.quote_name
        table = quote(self._model._meta.db_table)
        names = ", ".join(quote(one.column) for one in self._columns)
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Django's cursor passes everything on to psycopg's, under it.
                raw = cast("Cursor[tuple[object, ...]]", cursor.cursor)
                with raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            elif rows:
                marks = ", ".join(["%s"] * len(self._columns))
                # Names of our own tables and columns alone stand in the text.
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
        return len(rows)
