"""What PostgreSQL knows of the filters of a ledger."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from yakuba.engines.ledger import planning
from yakuba.engines.ledger.registering import installed

LEDGERS = {one.ledger.key: one.ledger for one in installed()}


def test_what_a_list_is_narrowed_by() -> None:
    lights = LEDGERS["street_lights_mirrors"]
    assert planning.together(lights) == ["state", "kind", "manager", "pole", "lamp", "grade"]
    for ledger in LEDGERS.values():
        columns = planning.together(ledger)
        assert len(set(columns)) == len(columns) <= planning.MOST
        assert columns[0] == "state"


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("key", sorted(LEDGERS))
def test_the_statistics_are_there_and_follow_the_declaration(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = LEDGERS[key]
    table, wanted = ledger.model._meta.db_table, planning.together(ledger)
    app = apps.get_app_config(ledger.model._meta.app_label)
    assert planning.columns_of("default", table) == (set(wanted) if len(wanted) > 1 else set())
    monkeypatch.setattr(planning, "together", lambda _ledger: ["state", "number"])
    planning.after_migrate(app, using="default")
    assert planning.columns_of("default", table) == {"state", "number"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stxstattarget FROM pg_statistic_ext WHERE stxname = %s", [planning.name_of(table)]
        )
        assert cursor.fetchall() == [(planning.COMBINATIONS,)]
