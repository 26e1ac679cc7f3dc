"""The triggers refuse, and show when they are not there."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from yakuba.kernel.ids import uuid7
from yakuba.kernel.trail import guards, store
from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailPayload, TrailSeal

from .conftest import Write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [TrailEntry, TrailBlock, TrailSeal])
def test_what_stands_is_neither_changed_nor_deleted(model: type[TrailEntry], done: Write) -> None:
    done()
    store.seal()
    before = model.unscoped.get()
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        model.unscoped.update(version=2)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.unscoped.get() == before


@pytest.mark.parametrize("how", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT"])
@pytest.mark.parametrize("model", [TrailEntry, TrailBlock, TrailSeal])
@pytest.mark.parametrize("way", ["id", "key", "rowid"])
def test_nothing_is_put_over_what_stands(model: type[TrailEntry], way: str, how: str, done: Write) -> None:
    if connection.vendor != "sqlite" or (way == "key" and model is TrailEntry):
        return  # PostgreSQL has no REPLACE, and an entry no key but its id
    done()
    store.seal()
    before = model.unscoped.get()
    columns = [field.column for field in model._meta.concrete_fields]
    taken = {"version": "7"} | ({} if way == "id" else {"id": f"'{uuid7().hex}'"})
    if way == "rowid":
        keys = {"number": "99", "entry_id": "lower(hex(randomblob(16)))"}
        taken |= {name: value for name, value in keys.items() if name in columns}
        taken["rowid"] = "rowid"
        columns.append("rowid")
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    values = ", ".join(taken.get(column, column) for column in columns)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{how} INTO {into} SELECT {values} FROM {model._meta.db_table}")
    assert model.unscoped.get() == before
    assert model.unscoped.get().version == before.version


def test_payloads_may_be_erased(done: Write) -> None:
    done()
    assert TrailPayload.unscoped.all().delete()[0] == 1


def test_missing_and_forged_triggers_show_and_are_put_back() -> None:
    assert list(guards.verify()) == []
    one = next(
        found for found in guards.guards() if found.model is TrailEntry and found.operation == "UPDATE"
    )
    harmless = {
        "sqlite": f"CREATE TRIGGER {one.name} BEFORE UPDATE ON {one.table} BEGIN SELECT 1; END",
        "postgresql": f"CREATE TRIGGER {one.name} BEFORE UPDATE OF version ON {one.table}"
        " FOR EACH ROW EXECUTE FUNCTION yakuba_guard()",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(guards._drop(connection, one))
        assert list(guards.verify()) == [one]
        cursor.execute(harmless)
    assert list(guards.verify()) == [one]
    guards.after_migrate(apps.get_app_config("town"), "default")
    assert list(guards.verify()) == [one]
    guards.after_migrate(apps.get_app_config("trail"), "default")
    assert list(guards.verify()) == []


def test_a_disabled_or_hollow_guard_shows_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite can neither disable a trigger nor call a function from one
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_trailentry DISABLE TRIGGER guard_trail_trailentry_delete")
        assert [one.name for one in guards.verify()] == ["guard_trail_trailentry_delete"]
        cursor.execute("ALTER TABLE trail_trailentry ENABLE TRIGGER guard_trail_trailentry_delete")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION yakuba_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )
    assert len(list(guards.verify())) == len(guards.guards())
    guards.install()
    assert list(guards.verify()) == []


@pytest.fixture
def partly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Payloads guarded for a while, but for two columns."""
    monkeypatch.setattr(guards, "_GUARDS", [*guards._GUARDS])
    guards.guard(TrailPayload, delete=False, but=("version", "salt"))
    guards.install()


@pytest.mark.usefixtures("partly")
def test_columns_may_be_left_free(done: Write) -> None:
    done()
    TrailPayload.unscoped.update(version=2)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        TrailPayload.unscoped.update(text="")
    assert list(guards.verify()) == []
    assert TrailPayload.unscoped.all().delete()[0] == 1


def test_wrong_declarations_are_refused() -> None:
    with pytest.raises(RuntimeError, match="already"):
        guards.guard(TrailEntry)
    with pytest.raises(LookupError, match="no column"):
        guards.guard(TrailPayload, but=("nonsense",))
