"""PostGIS: on PostgreSQL each table of placed rows has its shapes once more, projected for maps, in a column that the database keeps.

``place_3857`` is a stored generated column: it cannot differ from ``place``. Django knows nothing of it; it is put in place after each
migration and looked for by the checks. Shapes beyond the square of the world (85 degrees) have none.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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


def tables(app: AppConfig | None = None) -> list[str]:
    """The tables of placed rows, of one app or of all."""
    return [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Placed) and (app is None or model._meta.app_label == app.label)
    ]


def after_migrate(sender: AppConfig, using: str, **_kwargs: object) -> None:
    """Receiver of post_migrate: the columns of the migrated app's tables."""
    connection = connections[using]
    if connection.vendor != "postgresql" or not (wanted := tables(sender)):
        return
    there = connection.introspection.table_names()
    try:
        install(using, [table for table in wanted if table in there])
    except DatabaseError as error:
        print(f"{how()}（{error}）".replace("\n", " "), file=sys.stderr)


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
    if connection.vendor != "postgresql":
        return False
    key = (str(connection.settings_dict["NAME"]), model._meta.db_table)
    if key not in _found:
        if not has_column(connection, key[1]):
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
            missing = [table for table in tables() if table in there and not has_column(connection, table)]
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
    return found
