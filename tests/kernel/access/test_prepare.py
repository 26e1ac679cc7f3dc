"""An empty database is made from the models; one that exists is migrated. Both have to end with the same tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TELL = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from yakuba.kernel.access import prepare


def known(name, facts):
    # SQLite numbers what has no name in the order of the columns.
    return str(("" if name.startswith(("__unnamed", "fk_")) else name, sorted(facts.items(), key=str)))


prepare.database() if sys.argv[1] == "create" else call_command("migrate", verbosity=0)
told = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        columns = connection.introspection.get_table_description(cursor, table)
        rules = connection.introspection.get_constraints(cursor, table)
        told[table] = [sorted(str(one) for one in columns), sorted(known(*one) for one in rules.items())]
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE type = 'trigger'")
    told["triggers"] = sorted(cursor.fetchall())
    cursor.execute("SELECT app_label, model FROM django_content_type")
    told["content types"] = sorted(cursor.fetchall())
told["migrations"] = sorted(map(str, MigrationRecorder(connection).applied_migrations()))
print(json.dumps(told))
"""


def made(way: str, home: Path) -> Any:
    """What a database made in one of the two ways has."""
    home.mkdir()
    environment = {**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "yakuba.settings"
    done = subprocess.run(
        [sys.executable, "-c", TELL, way], env=environment, capture_output=True, check=True, text=True
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_made_database_has_what_a_migrated_one_has(tmp_path: Path) -> None:
    created, migrated = (made(way, tmp_path / way) for way in ("create", "migrate"))
    assert len(created) > 50
    assert [name for name in {**created, **migrated} if created.get(name) != migrated.get(name)] == []
