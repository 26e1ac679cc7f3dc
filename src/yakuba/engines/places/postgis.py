"""PostGIS: on PostgreSQL each table of placed rows has its shapes once more, projected for maps, in a column that the database keeps.

``place_3857`` is a stored generated column: it cannot differ from ``place``. Django knows nothing of it, nor of the spatial index over it;
both are put in place after each migration and looked for by the checks. Shapes beyond the square of the world (85 degrees) have none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Final

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage
from django.core.checks import Error as Refusal
from django.core.checks import Warning as Remark
from django.db import DatabaseError, OperationalError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from yakuba.engines.places.mercator import LIMIT
from yakuba.engines.places.records import Placed

COLUMN: Final = "place_3857"
# JGD2011 as WGS 84, see mercator.py; 3857 from 4326 needs no grid and no network.
_EXPRESSION: Final = (
    f"CASE WHEN north <= {LIMIT} AND south >= -{LIMIT}"
    " THEN ST_Transform(ST_GeomFromWKB(place, 4326), 3857) END"
)


def how() -> str:
    """What somebody has to do where PostGIS is missing."""
    return _(
        "PostGISが使えません。サーバーに postgresql-<版>-postgis-3 を入れ、データベースの管理者が CREATE EXTENSION postgis; を"
        "実行してから、migrate をもう一度実行してください。それまで、地図のタイルは遅い方法で作られます。"
    )


def how_fast() -> str:
    """What somebody has to do where the spatial indexes are missing."""
    return _(
        "サーバーに postgresql-contrib を入れ、データベースの所有者が CREATE EXTENSION btree_gist; を実行してから、"
        "migrate をもう一度実行してください。それまで、混んだ地図のタイルは時間がかかります。"
    )


def placed(app: AppConfig | None = None) -> list[type[Placed]]:
    """The models of placed rows, of one app or of all."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Placed) and (app is None or model._meta.app_label == app.label)
    ]


def tables(app: AppConfig | None = None) -> list[str]:
    """The tables of placed rows, of one app or of all."""
    return [model._meta.db_table for model in placed(app)]


def after_migrate(sender: AppConfig, using: str, **_kwargs: object) -> None:
    """Receiver of post_migrate: the columns of the migrated app's tables, and their indexes."""
    connection = connections[using]
    if connection.vendor != "postgresql" or not (wanted := placed(sender)):
        return
    there = connection.introspection.table_names()
    wanted = [model for model in wanted if model._meta.db_table in there]
    try:
        install(using, [model._meta.db_table for model in wanted])
    except DatabaseError as error:
        print(f"{how()}（{error}）".replace("\n", " "), file=sys.stderr)
        return
    try:
        install_indexes(using, wanted)
    except DatabaseError as error:
        print(f"{how_fast()}（{error}）".replace("\n", " "), file=sys.stderr)


def install(using: str, wanted: list[str]) -> None:
    """Make the extension and the columns where they are missing. Raises DatabaseError where that is not possible or not permitted."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for table in wanted:
            if not has_column(connection, table):
                quoted = connection.ops.quote_name(table)
                cursor.execute(
                    f"ALTER TABLE {quoted} ADD COLUMN {COLUMN} geometry(Geometry, 3857)"
                    f" GENERATED ALWAYS AS ({_EXPRESSION}) STORED"
                )


def index_of(model: type[Placed]) -> tuple[str, list[str]]:
    """Name and columns of a model's spatial index: what chooses a layer's rows, as the index of its cells has it, and the shape.

    LookupError for a model without an index that ends with ``cell``, which every placed one has (:class:`Placed`).
    """
    for index in model._meta.indexes:
        *before, last = index.fields
        if last == "cell" and "rank" not in before:
            columns = {one.name: one.column for one in model._meta.concrete_fields}
            return f"{index.name}_gist", [*(columns[name] for name in before), COLUMN]
    raise LookupError(model._meta.label)


def install_indexes(using: str, wanted: Sequence[type[Placed]]) -> None:
    """Make the spatial indexes where they are missing; ``btree_gist``, which PostgreSQL brings along, lets ids stand in them.

    Raises DatabaseError where that is not possible or not permitted.
    """
    connection = connections[using]
    quote = connection.ops.quote_name
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for model in wanted:
            name, columns = index_of(model)
            if not has_index(connection, name):
                listed = ", ".join(map(quote, columns))
                cursor.execute(
                    f"CREATE INDEX {quote(name)} ON {quote(model._meta.db_table)} USING gist ({listed})"
                )


def has_index(connection: BaseDatabaseWrapper, name: str) -> bool:
    """Whether an index of that name is there and whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid",
            [connection.ops.quote_name(name)],
        )
        return cursor.fetchone() is not None


def has_column(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether a table's column stands as declared: generated, and of PostGIS's type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE a.attrelid = to_regclass(%s) AND a.attname = %s AND NOT a.attisdropped"
            " AND a.attgenerated = 's' AND t.typname = 'geometry'",
            [connection.ops.quote_name(table), COLUMN],
        )
        return cursor.fetchone() is not None


_found: set[tuple[str, str]] = set()


def usable(connection: BaseDatabaseWrapper, model: type[models.Model]) -> bool:
    """Whether tiles of this model can be made by the database; once found so, the process asks no more."""
    return connection.vendor == "postgresql" and _there(connection, model._meta.db_table, has_column)


def indexed(connection: BaseDatabaseWrapper, model: type[Placed]) -> bool:
    """Whether what lies in a tile is found by the shapes themselves; asked as :func:`usable`."""
    return connection.vendor == "postgresql" and _there(connection, index_of(model)[0], has_index)


def _there(
    connection: BaseDatabaseWrapper, name: str, look: Callable[[BaseDatabaseWrapper, str], bool]
) -> bool:
    key = (str(connection.settings_dict["NAME"]), name)
    if key not in _found:
        if not look(connection, name):
            return False
        _found.add(key)
    return True


def check(databases: Sequence[str] | None = None, **_kwargs: object) -> list[CheckMessage]:
    """A check of Django's for the databases that are named (``yakuba check`` names them): what to install where PostGIS is missing."""
    found: list[CheckMessage] = []
    for using in databases or ():
        connection = connections[using]
        if connection.vendor != "postgresql":
            continue
        try:
            there = set(connection.introspection.table_names())
            here = [model for model in placed() if model._meta.db_table in there]
            missing = [
                model._meta.db_table for model in here if not has_column(connection, model._meta.db_table)
            ]
            slow = [name for name, _columns in map(index_of, here) if not has_index(connection, name)]
        except OperationalError as error:
            words = _("データベースに接続できません。YAKUBA_DATABASE_URLを確かめてください。")
            found.append(Refusal(f"{words}（{str(error).splitlines()[0]}）", id="places.E001"))
            continue
        if missing:
            words = _("%(tables)s に %(column)s の列がありません。") % {
                "tables": "、".join(missing),
                "column": COLUMN,
            }
            found.append(Remark(words + how(), id="places.W001"))
        elif slow:
            words = _("空間の索引（%(indexes)s）がありません。") % {"indexes": "、".join(slow)}
            found.append(Remark(words + how_fast(), id="places.W002"))
    return found
