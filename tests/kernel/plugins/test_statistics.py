"""SQLite is told to look through its large tables, and plans by what it found."""

from __future__ import annotations

import pytest
from django.db import connection

from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.models import ScheduleRun
from yakuba.kernel.outbox.schedules import SCHEDULES
from yakuba.kernel.plugins import statistics
from yakuba.kernel.town.models import Municipality

pytestmark = pytest.mark.django_db


def known() -> set[str]:
    """The tables whose statistics there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchall():
            return set()
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {name for (name,) in cursor.fetchall()}


def runs(count: int) -> None:
    now = clock.now()
    ScheduleRun.unscoped.bulk_create(
        [ScheduleRun(rule="x.y", period=f"{number:05}", at=now) for number in range(count)]
    )


def test_large_tables_alone_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MANY", 5)
    table, one = ScheduleRun._meta.db_table, Municipality._meta.db_table
    runs(5)
    assert table not in statistics.renew()
    ScheduleRun(rule="x.y", period="one more", at=clock.now()).save(force_insert=True)
    found = statistics.renew(ScheduleRun, Municipality)
    if connection.vendor == "sqlite":
        assert found == [table]
        assert table in known()
        assert one not in known()
        assert table in statistics.renew()  # of all
    else:
        assert found == []


def test_each_night_where_it_is_needed() -> None:
    rule = SCHEDULES["outbox.statistics"]
    assert rule.when() == (connection.vendor == "sqlite")
    assert (rule.every, rule.at.isoformat("minutes")) == ("day", "03:20")
