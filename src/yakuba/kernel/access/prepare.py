"""Every command works on an empty home: the embedded database is made and migrated first (MECHANISMS §12)."""

from __future__ import annotations

import sys

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from yakuba.kernel.access.actors import cli_actor, cli_on_behalf_of
from yakuba.kernel.actions import Context, Face, MunicipalityRef, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import is_municipality_code, uuid7
from yakuba.kernel.town.actions import FoundMunicipality, found_municipality
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.vocabulary import shipped

_done = False


def done() -> bool:
    """Whether this process has made sure of its database."""
    return _done


def begin() -> None:
    """A new command begins: nothing is made sure of yet."""
    global _done  # noqa: PLW0603 – as below
    _done = False


def database() -> None:
    """Create and migrate the database where that is still to do."""
    global _done  # noqa: PLW0603 – one process, one database
    _done = True
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    if not executor.migration_plan(targets):
        return
    print("データベースを準備しています…", file=sys.stderr)
    if executor.loader.applied_migrations:
        call_command("migrate", verbosity=0, interactive=False)
    else:
        create(executor.loader)


def create(loader: MigrationLoader) -> None:
    """Make the tables of an empty database from the models, and note every migration as applied.

    Walking through all migrations ends with the same tables (a test compares them) and takes ten times as long.
    """
    with connection.schema_editor() as editor:  # one transaction
        for config in apps.get_app_configs():
            if config.label in loader.migrated_apps:
                for model in router.get_migratable_models(config, connection.alias):
                    editor.create_model(model)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in loader.disk_migrations:
            recorder.record_applied(app, name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def municipality(code: str, *, make: bool = True, name: str = "") -> Context:
    """The operator's context in a municipality; one of the shipped table, or with a right check digit, is made on first use.

    ``name`` is what a document calls it, for a code that the shipped table does not have.
    Raises :class:`Problem` for a code that cannot be one.
    """
    found = Municipality.unscoped.filter(code=code).first()
    if found is None:
        if not make:
            raise Problem("municipality", f"自治体 {code} はまだ登録されていません。", found=code)
        found = _found(code, name)
    return operator(found.ref)


def operator(ref: MunicipalityRef) -> Context:
    """The operator's context."""
    return Context(
        cli_actor(),
        ref,
        clock.now(),
        request_id=str(uuid7()),
        face=Face.NONE,
        on_behalf_of=cli_on_behalf_of(),
    )


def check_code(code: str) -> None:
    """Raises :class:`Problem` for a code that no municipality can have."""
    if not is_municipality_code(code):
        raise Problem(
            "municipality",
            f"「{code}」は自治体コードではありません。6桁の全国地方公共団体コード（例：990019）を指定してください。",
            found=code,
            expected="6桁の全国地方公共団体コード",
        )


def known_name(code: str) -> str:
    """What a municipality is called: as registered here, else as in the shipped table, else its code."""
    found = Municipality.unscoped.filter(code=code).first()
    known = shipped().get(code)
    return found.name if found else known.name if known else code


def _found(code: str, name: str) -> Municipality:
    check_code(code)
    known = shipped().get(code)
    called = known.name if known else name or code
    # A municipality comes into being through the action like everything else; its context names what it is about to make.
    nascent = MunicipalityRef(uuid7(), code, called)
    return found_municipality(
        operator(nascent), None, FoundMunicipality(code=code, name="" if known else called)
    )
