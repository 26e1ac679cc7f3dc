"""What a filter asks of the database beyond Django's own lookups; the answers are the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import shapely
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, BooleanField, CharField, DecimalField, F, Field, Func, Value
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.cql2.tree import Wildcard, pattern_parts
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import DECIMAL_PLACES, MAX_DIGITS

_with_postgis: set[str] = set()


class NoPostGIS(Problem):
    """A question about shapes to a PostgreSQL that knows of none (501)."""

    status = HTTPStatus.NOT_IMPLEMENTED

    def __init__(self) -> None:
        super().__init__(
            "postgis",
            _("図形の条件には、データベースの PostGIS が必要です。yakuba check が、入れ方を示します。"),
            expected="PostGIS",
        )


def _has_postgis(connection: BaseDatabaseWrapper) -> bool:
    """Whether the extension is there; once found so, the process asks no more."""
    name = str(connection.settings_dict["NAME"])
    if name not in _with_postgis:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
            if cursor.fetchone() is None:
                return False
        _with_postgis.add(name)
    return True


_SQLITE_NAME = "yakuba_intersects"
_KNOWN = "_yakuba_intersects"


class Intersects(Func):
    """Whether a column of WKB has a point in common with a shape; NULL for none.

    PostGIS answers with its own GEOS, SQLite through a function that asks shapely's.
    """

    output_field = BooleanField()
    arity = 2

    def __init__(self, path: str, shape: Shape) -> None:
        super().__init__(F(path), Value(shape.wkb, output_field=BinaryField()))

    def as_postgresql(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        if not _has_postgis(connection):
            raise NoPostGIS
        return super().as_sql(
            compiler,
            connection,
            template="ST_Intersects(ST_GeomFromWKB(%(expressions)s::bytea))",
            arg_joiner="), ST_GeomFromWKB(",
        )

    def as_sqlite(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: Any,  # Any: as above
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        connection.ensure_connection()
        # Once for each connection: SQLite refuses to define a function anew while a statement runs.
        if connection.__dict__.get(_KNOWN) is not connection.connection:
            connection.connection.create_function(_SQLITE_NAME, 2, _intersects, deterministic=True)
            connection.__dict__[_KNOWN] = connection.connection
        return super().as_sql(compiler, connection, function=_SQLITE_NAME)


def _intersects(place: bytes | None, shape: bytes) -> bool | None:
    return None if place is None else bool(_prepared(shape).intersects(shapely.from_wkb(place)))


@lru_cache(maxsize=64)
def _prepared(wkb: bytes) -> BaseGeometry:
    geometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry


class Member(Func):
    """A value kept in a JSON object under its key, as the type it is compared as; NULL where it is absent, null or no such value.

    Numbers are kept as JSON numbers or as text, days and moments as ISO 8601 in UTC, which compares as text.
    """

    arity = 1
    _POSTGRESQL = {
        "text": "{0}",
        # Another layer's rows may keep words under the same key, and PostgreSQL may look at them first: CASE asks in order.
        "number": "CASE WHEN {0} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN {0}::numeric END",
        "yes_no": "CASE {0} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",
    }
    _SQLITE = {"text": "{0}", "number": "CAST({0} AS NUMERIC)", "yes_no": "{0}"}

    def __init__(self, path: str, key: str, as_: type) -> None:
        self._sort = "number" if as_ is Decimal else "yes_no" if as_ is bool else "text"
        fields: dict[str, Field[Any, Any]] = {  # Any: of every value
            "number": DecimalField(max_digits=MAX_DIGITS + DECIMAL_PLACES, decimal_places=DECIMAL_PLACES),
            "yes_no": BooleanField(),
            "text": CharField(),
        }
        self._key = key
        super().__init__(F(path), output_field=fields[self._sort])

    def as_postgresql(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        return self._written(compiler, self._POSTGRESQL[self._sort], "({0} ->> %s)", self._key)

    def as_sqlite(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        path = (
            f"$.{json.dumps(self._key)}"  # SQLite compares keys as they are written, and Django writes ASCII
        )
        return self._written(compiler, self._SQLITE[self._sort], "JSON_EXTRACT({0}, %s)", path)

    def _written(self, compiler: Any, around: str, inner: str, key: str) -> tuple[str, Any]:  # Any: as above
        lhs, params = compiler.compile(self.get_source_expressions()[0])
        once = around.format(inner.format(lhs))
        return f"({once})", [*params, key] * around.count("{0}")


class CodePoints(Func):
    """Text that compares by code point, whatever collation a database was made with."""

    arity = 1
    output_field = CharField()
    template = "(%(expressions)s)"

    def as_postgresql(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        return super().as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"')


class Matches(Func):
    """Text against a CQL2 pattern, capitals and small letters apart."""

    output_field = BooleanField()
    arity = 2

    def __init__(self, text: F | Func, pattern: str) -> None:
        super().__init__(text, Value(pattern))
        self._pattern = pattern

    def as_postgresql(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        lhs, params = compiler.compile(self.get_source_expressions()[0])
        return f"({lhs})::text LIKE %s ESCAPE '\\'", [*params, _written(self._pattern, "%", "_", "\\")]

    def as_sqlite(
        self,
        compiler: Any,  # Any: Django's own signature, as below
        connection: BaseDatabaseWrapper,
        **_context: Any,  # Any: as above
    ) -> tuple[str, Any]:  # Any: as above
        lhs, params = compiler.compile(self.get_source_expressions()[0])
        # SQLite's LIKE takes a for A; its GLOB does not.
        return f"{lhs} GLOB %s", [*params, _written(self._pattern, "*", "?", "")]


def _written(pattern: str, run: str, one: str, escape: str) -> str:
    """A pattern in the signs of a database; without an escape a sign stands in square brackets for itself."""
    parts = []
    for part in pattern_parts(pattern):
        if isinstance(part, Wildcard):
            parts.append(run if part is Wildcard.RUN else one)
        else:
            special = {run, one, escape or "["}
            parts += [
                (f"{escape}{sign}" if escape else f"[{sign}]") if sign in special else sign for sign in part
            ]
    return "".join(parts)
