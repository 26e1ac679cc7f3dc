"""Triggers that refuse UPDATE and DELETE on tables that only grow, and INSERT over a row that stands.

A room declares ``guard(Model)`` in its ``AppConfig.ready``. After each migration the triggers of its tables are put back when
they are missing or differ (SQLite drops them when it rebuilds a table), and ``yakuba trail verify`` reports any that is not as
declared. PostgreSQL's TRUNCATE fires no row trigger and stays possible for the tables' owner: like dropping a trigger it is an act
of the database's operator, which the chain of blocks and the heads outside the database show.

SQLite's INSERT OR REPLACE takes away the row in its way without firing a DELETE trigger, so there an INSERT with an id or a unique
key that exists is refused as well. On PostgreSQL ON CONFLICT DO UPDATE is an UPDATE, and refused as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_FUNCTION = "yakuba_guard"
_BODY = (
    " BEGIN RAISE EXCEPTION 'yakuba: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '23000'; END "
)
_PLAIN = re.compile(r"[a-z_]{1,40}")
_WHEN = re.compile(r" WHEN (.*) EXECUTE FUNCTION ", re.DOTALL)
_ADDED = re.compile(r"::(?:text|character varying)|[()\" ]")
# pg_trigger.tgtype: 1 for each row, 2 before, 8 delete, 16 update.
_BITS = {"DELETE": 1 + 2 + 8, "UPDATE": 1 + 2 + 16}


@dataclass(frozen=True)
class Guard:
    """One refused operation on one table. ``columns`` are the frozen ones; empty: all. INSERT: over a key that exists.

    ``free`` is a column and its value: rows that have it may still change and go (a draft). None is a value as well: NULL.
    """

    model: type[models.Model]
    operation: str
    columns: tuple[str, ...] = ()
    free: tuple[str, str | None] | None = None

    @property
    def table(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        """The trigger's name, unique in a database."""
        return f"guard_{self.table}_{self.operation.lower()}"


_GUARDS: list[Guard] = []


def guard(
    model: type[models.Model],
    *,
    update: bool = True,
    delete: bool = True,
    but: tuple[str, ...] = (),
    free: tuple[str, str | None] | None = None,
) -> None:
    """Make a table refuse UPDATE, DELETE or both from the next migration on. Columns named in ``but`` may change.

    ``free`` (a column and one of its values, plain letters, or None for NULL) leaves alone the rows that have the value:
    ``("state", "draft")``, ``("decided_at", None)``.
    RuntimeError for a model that is guarded already, LookupError for a column that it does not have.
    """
    if any(found.model is model for found in _GUARDS):
        raise RuntimeError(f"{model.__name__} is guarded already")
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    if unknown := (set(but) | ({free[0]} if free else set())) - set(columns):
        raise LookupError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    if free and free[1] is not None and not _PLAIN.fullmatch(free[1]):
        raise ValueError(f"no plain value: {free[1]}")
    kept = (columns[free[0]], free[1]) if free else None
    if update:
        frozen = tuple(column for name, column in columns.items() if name not in but) if but else ()
        _GUARDS.append(Guard(model, "UPDATE", frozen, kept))
    if delete:
        _GUARDS.extend((Guard(model, "DELETE", free=kept), Guard(model, "INSERT")))


def guards(using: str = "default") -> tuple[Guard, ...]:
    """All that were declared and that this database needs."""
    replaces = connections[using].vendor == "sqlite"
    return tuple(one for one in _GUARDS if replaces or one.operation != "INSERT")


def install(using: str = "default", app: AppConfig | None = None) -> None:
    """Put triggers in place, of one app or of all; those that stand as declared are left alone."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    wanted = [
        one
        for one in guards(using)
        if one.table in tables and (app is None or one.model._meta.app_label == app.label)
    ]
    missing = [one for one in wanted if not _stands(connection, one)]
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
            )
        for one in missing:
            cursor.execute(_drop(connection, one))
            cursor.execute(_create(connection, one))


def remove(using: str = "default") -> None:
    """Take all triggers away. For tests that empty tables, and for nothing else."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for one in guards(using):
            if one.table in tables:
                cursor.execute(_drop(connection, one))


def verify(using: str = "default") -> Iterator[Guard]:
    """The declared guards that do not stand in the database as they should."""
    connection = connections[using]
    return (one for one in guards(using) if not _stands(connection, one))


def _drop(connection: BaseDatabaseWrapper, one: Guard) -> str:
    quote = connection.ops.quote_name
    on = f" ON {quote(one.table)}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {quote(one.name)}{on}"


def _create(connection: BaseDatabaseWrapper, one: Guard) -> str:
    quote = connection.ops.quote_name
    of = f" OF {', '.join(quote(column) for column in one.columns)}" if one.columns else ""
    head = f"CREATE TRIGGER {quote(one.name)} BEFORE {one.operation}{of} ON {quote(one.table)}"
    when = f" WHEN (OLD.{quote(one.free[0])} {_is_not(one.free[1])})" if one.free else ""
    if connection.vendor == "postgresql":
        return f"{head} FOR EACH ROW{when} EXECUTE FUNCTION {_FUNCTION}()"
    if one.operation == "INSERT":
        when = f" WHEN {_in_the_way(connection, one.model)}"
    return f"{head}{when} BEGIN SELECT RAISE(ABORT, 'yakuba: {one.operation} on {one.table} is refused'); END"


def _is_not(value: str | None) -> str:
    """SQL that holds for rows without the value that is free."""
    return "IS NOT NULL" if value is None else f"<> '{value}'"


def _in_the_way(connection: BaseDatabaseWrapper, model: type[models.Model]) -> str:
    """SQL for whether a row stands that a REPLACE would take away: by its id, by a unique key or by SQLite's own row number."""
    quote = connection.ops.quote_name
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    keys = [(["rowid"], "")]
    keys += [([field.column], "") for field in model._meta.concrete_fields if field.unique]
    keys += [
        ([columns[name] for name in constraint.fields], _where(connection, model, constraint))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    same = (
        " AND ".join(
            [*(f"{quote(column)} = NEW.{quote(column)}" for column in key), *([where] if where else [])]
        )
        for key, where in keys
    )
    table = quote(model._meta.db_table)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)  # noqa: S608 – our models' names


def _where(
    connection: BaseDatabaseWrapper, model: type[models.Model], constraint: models.UniqueConstraint
) -> str:
    """Which rows a unique constraint is about; empty for all."""
    found = constraint._get_condition_sql(model, connection.schema_editor())  # type: ignore[attr-defined]  # noqa: SLF001 – Django's own words for it
    return f"({found})" if found else ""


def _stands(connection: BaseDatabaseWrapper, one: Guard) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [one.name])
            return bool(cursor.fetchone() == (_create(connection, one),))
        cursor.execute(
            "SELECT t.tgtype, t.tgenabled, p.proname, p.prosrc,"
            " ARRAY(SELECT a.attname::text FROM pg_attribute a"
            "       WHERE a.attrelid = t.tgrelid AND a.attnum = ANY(t.tgattr::int2[])) AS columns,"
            " pg_get_triggerdef(t.oid)"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgname = %s AND t.tgrelid = to_regclass(%s)",
            [one.name, connection.ops.quote_name(one.table)],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    bits, enabled, function, body, columns, text = row
    # tgenabled is "char": O fires in ordinary sessions, A always; D (disabled) and R (replicas only) do not guard.
    return (
        (bits, function, body) == (_BITS[one.operation], _FUNCTION, _BODY)
        and str(enabled) in {"O", "A"}
        and set(columns) == set(one.columns)
        and _condition(text)
        == (_ADDED.sub("", f"old.{one.free[0]} {_is_not(one.free[1])}") if one.free else "")
    )


def _condition(text: str) -> str:
    """A trigger's WHEN as PostgreSQL tells it, without the types and brackets that it adds; empty for none."""
    found = _WHEN.search(text)
    return _ADDED.sub("", found[1]) if found else ""


def after_migrate(sender: AppConfig, using: str, **_kwargs: object) -> None:
    """Receiver of post_migrate: the migrated app's triggers."""
    install(using, sender)
