"""What the database knows of its large tables when it plans a query.

To SQLite that knows nothing, a tile's twenty small ranges look dearer than the whole layer.

PostgreSQL looks through its tables by itself, within a minute of many changes; SQLite does when it is told. A connection knows what was
found before it was opened: ours are opened anew every minute (``CONN_MAX_AGE``).
"""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.db import connection, models, transaction

#: Rows from which on a plan matters; below, every plan is quick.
MANY: Final = 1000


def needed() -> bool:
    """Whether this database has to be told."""
    return bool(connection.vendor == "sqlite")


def renew(*of: type[models.Model]) -> list[str]:
    """Look through the large ones of these models' tables, or of all; returns which. Nothing on PostgreSQL.

    Each in a transaction of its own, which takes a second for a million rows: other writers wait for no more than one table.
    """
    if not needed():
        return []
    quote = connection.ops.quote_name
    tables = sorted({model._meta.db_table for model in of or apps.get_models(include_auto_created=True)})
    # Names of our own tables.
    asked = (
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)} LIMIT 1 OFFSET {MANY})"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        large = [table for (table,) in cursor.fetchall()]
        for table in large:
            with transaction.atomic():
                cursor.execute(f"ANALYZE {quote(table)}")
    return large


def settle() -> None:
    """What each database does by itself within a day of many rows: for benches, which lay and ask within an hour."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    renew()
