"""Staging: chunks of their own, one commit, nothing left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection

from yakuba.kernel.actions import ANYONE, Actor, ActorKind, Context, Missing, MunicipalityRef, Problem
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets import store
from yakuba.kernel.sheets.models import StagingBatch, StagingRow
from yakuba.kernel.town.models import Municipality

NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
CLERK = Actor(ActorKind.STAFF, "clerk", "見本 一子")


def context(actor: Actor = CLERK) -> Context:
    town = Municipality.unscoped.create(code="990019", name="みほん市")
    return Context(actor, MunicipalityRef(town.pk, town.code, town.name), NOW, "request")


def rows(count: int) -> Iterator[dict[str, JsonValue]]:
    for number in range(1, count + 1):
        yield {"title": f"取組{number}"}


@pytest.mark.django_db
def test_rows_come_back_in_order() -> None:
    batch = store.stage(context(), "plan", rows(2_500), name="表.xlsx")
    assert (batch.state, batch.count) == ("ready", 2_500)
    found = list(store.changes(batch))
    assert [one.number for one in found] == list(range(1, 2_501))
    assert found[-1].data == {"title": "取組2500"}


@pytest.mark.django_db
def test_only_its_own_actor_finds_a_batch() -> None:
    ctx = context()
    batch = store.stage(ctx, "plan", rows(1))
    assert store.find(ctx, "plan", batch.pk) == batch
    with pytest.raises(Missing):
        store.find(ctx, "people", batch.pk)
    with pytest.raises(Missing):
        store.find(Context(ANYONE, ctx.municipality, NOW, "request"), "plan", batch.pk)


@pytest.mark.django_db
def test_a_batch_is_committed_once() -> None:
    ctx = context()
    batch = store.stage(ctx, "plan", rows(1))
    again = store.find(ctx, "plan", batch.pk)
    store.finish(batch)
    with pytest.raises(Problem) as caught:
        store.finish(again)
    assert caught.value.code == "staging_done"
    with pytest.raises(Missing):
        store.find(ctx, "plan", batch.pk)


@pytest.mark.django_db
def test_the_sweep_takes_what_is_done_or_old() -> None:
    ctx = context()
    done, waiting = (store.stage(ctx, "plan", rows(1_500)) for _ in range(2))
    store.finish(done)
    assert store.sweep(NOW) == 1_500
    assert list(StagingBatch.unscoped.values_list("pk", flat=True)) == [waiting.pk]
    assert StagingRow.unscoped.count() == 1_500
    assert store.sweep(NOW + store.KEPT + dt.timedelta(seconds=1)) == 1_500
    assert not StagingBatch.unscoped.exists()
    assert not StagingRow.unscoped.exists()


@pytest.mark.django_db
def test_a_large_sweep_goes_on_with_the_next() -> None:
    batch = store.stage(context(), "plan", rows(2_500))
    store.finish(batch)
    assert store.sweep(NOW, most=store.CHUNK) == store.CHUNK
    assert [one.number for one in store.changes(batch)] == list(range(1_001, 2_501))
    assert store.sweep(NOW) == 1_500
    assert not StagingBatch.unscoped.exists()


@pytest.mark.django_db
def test_an_import_that_breaks_leaves_only_what_the_sweep_takes() -> None:
    def broken() -> Iterator[dict[str, JsonValue]]:
        yield from rows(1_001)
        raise ValueError("the file ended")

    ctx = context()
    with pytest.raises(ValueError, match="ended"):
        store.stage(ctx, "plan", broken())
    batch = StagingBatch.unscoped.get()
    assert batch.state == "staging"
    with pytest.raises(Missing):
        store.find(ctx, "plan", batch.pk)
    store.sweep(NOW + store.KEPT + dt.timedelta(seconds=1))
    assert not StagingBatch.unscoped.exists()


@pytest.mark.django_db(transaction=True)
def test_another_writer_commits_between_two_chunks() -> None:
    ctx = context()
    other = connection.copy()
    seen = []

    def meanwhile() -> Iterator[dict[str, JsonValue]]:
        yield from rows(store.CHUNK)
        with other.cursor() as cursor:
            # On SQLite this would wait for its lock in vain if the import held one transaction.
            cursor.execute("UPDATE town_municipality SET kana = 'ミホンシ' WHERE code = '990019'")
            cursor.execute("SELECT count(*) FROM sheets_stagingrow")
            seen.append(cursor.fetchone()[0])
        yield from rows(5)

    try:
        batch = store.stage(ctx, "plan", meanwhile())
    finally:
        other.close()
    assert seen == [store.CHUNK]
    assert batch.count == store.CHUNK + 5
    assert Municipality.unscoped.get(code="990019").kana == "ミホンシ"
