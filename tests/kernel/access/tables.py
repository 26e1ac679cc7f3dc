"""What a database has, told by a process of :mod:`tests.children` that made it in one of the two ways."""

from __future__ import annotations

import json
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from yakuba.kernel.access import prepare


def known(name: str, facts: dict[str, Any]) -> str:
    # SQLite numbers what has no name in the order of the columns.
    return str(("" if name.startswith(("__unnamed", "fk_")) else name, sorted(facts.items(), key=str)))


def create() -> None:
    prepare.database()
    tell()


def migrate() -> None:
    # Django draws nearly every model anew for each that is made; nothing points yet at one that is new.
    whole = ProjectState.reload_model

    def drawn(state: ProjectState, app: str, model: str, delay: bool = False) -> None:
        if model in state.apps.all_models[app]:
            whole(state, app, model, delay)
        else:
            state.apps.render_multiple([state.models[app, model].clone()])

    ProjectState.reload_model = drawn
    call_command("migrate", verbosity=0)
    tell()


def tell() -> None:
    told: dict[str, Any] = {}
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


COMMANDS = {"create": create, "migrate": migrate}
