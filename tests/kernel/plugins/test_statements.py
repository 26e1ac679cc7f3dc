"""Statements that stand ready do what Django's own would do."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from tests.world import Town
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.plugins import statements
from yakuba.kernel.town.models import Office, OfficeName

pytestmark = pytest.mark.django_db


def message(town: Town, key: str = "a", **columns: object) -> OutboxMessage:
    return OutboxMessage(
        municipality_id=town.ref.id,
        kind="effect",
        topic="stage.happened",
        handler="stage.effect",
        payload={"text": "見本「'\"%s", "list": [1, None, True]},
        payload_version=1,
        idempotency_key=key,
        zone="desk",
        not_before=clock.now(),
        priority=50,
        state="queued",
        created_at=clock.now(),
        **columns,
    )


def test_a_written_row_is_as_it_was(mihon: Town) -> None:
    row = message(mihon, subject_kind="case", subject_id=uuid7())
    statements.insert_row(row)
    found = OutboxMessage.unscoped.get(pk=row.pk)
    assert model_to_dict(found) == model_to_dict(row)
    assert (found.payload, found.not_before) == (row.payload, row.not_before)
    assert not row._state.adding
    row.state = "done"
    row.save()
    assert OutboxMessage.unscoped.get().state == "done"


def test_several_rows_go_in_one_statement(mihon: Town) -> None:
    rows = [message(mihon, key) for key in "abc"]
    with CaptureQueriesContext(connection) as asked:
        statements.insert_rows(rows)
        statements.insert_rows([])
    assert len(asked) == 1
    assert set(OutboxMessage.unscoped.values_list("idempotency_key", flat=True)) == set("abc")


def test_what_the_database_refuses_is_refused(mihon: Town) -> None:
    statements.insert_row(message(mihon))
    with pytest.raises(IntegrityError):
        statements.insert_row(message(mihon))


def test_a_row_is_taken_away(mihon: Town) -> None:
    rows = [message(mihon, key) for key in "ab"]
    statements.insert_rows(rows)
    statements.delete_row(rows[0])
    assert OutboxMessage.unscoped.get().pk == rows[1].pk


def test_a_prepared_query_finds_what_the_queryset_finds(mihon: Town, karina: Town) -> None:
    named = statements.Prepared(
        lambda blank: OfficeName.unscoped.filter(
            municipality=blank["municipality"], code=blank["code"], office__in=Office.unscoped.filter(
                municipality=blank["municipality"]
            )
        ).select_related("office"),
        municipality=UUID,
        code=str,
    )  # fmt: skip
    for town in (mihon, karina):
        with CaptureQueriesContext(connection) as asked:
            found = named.first(municipality=town.ref.id, code="own-1")
            assert found is not None
            assert found.office == town.offices["own"]
            assert model_to_dict(found) == model_to_dict(OfficeName.unscoped.get(office=town.offices["own"]))
        assert len(asked) == 2, (
            "the one that stands ready, with its office, and the one that it is compared with"
        )
        assert named.first(municipality=town.ref.id, code="nobody") is None
    assert named.all(municipality=uuid7(), code="own-1") == []


def test_moments_numbers_and_left_out_columns(mihon: Town) -> None:
    statements.insert_rows([message(mihon, key) for key in "ab"])
    due = statements.Prepared(
        lambda blank: OutboxMessage.unscoped.filter(
            not_before__lte=blank["now"], priority=blank["priority"]
        ).order_by("-idempotency_key").only("idempotency_key"),
        now=dt.datetime,
        priority=int,
    )  # fmt: skip
    found = due.all(now=clock.now(), priority=50)
    assert [one.idempotency_key for one in found] == ["b", "a"]
    assert found[0].payload["list"] == [1, None, True], "what was left out is read when it is asked for"
    assert due.all(now=clock.now() - dt.timedelta(days=1), priority=50) == []
    assert due.all(now=clock.now(), priority=51) == []


def test_a_blank_that_is_not_asked_for_is_a_fault() -> None:
    query = statements.Prepared(lambda _blank: OutboxMessage.unscoped.all(), key=str)
    with pytest.raises(LookupError, match="key"):
        query.all(key="a")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(mihon: Town) -> None:
    statements.insert_rows([message(mihon, key) for key in "ab"])
    query = statements.Prepared(
        lambda blank: OutboxMessage.unscoped.filter(idempotency_key=blank["key"]), key=str
    )

    def ask(key: str) -> str:
        try:
            (found,) = query.all(key=key)
            return found.idempotency_key
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, "abababab")) == list("abababab")


def test_a_row_that_stands_already_is_left_out(mihon: Town) -> None:
    unique = ("municipality", "idempotency_key")
    statements.insert_rows([message(mihon, "a")], unless=unique)
    statements.insert_rows([message(mihon, "a"), message(mihon, "b")], unless=unique)
    assert set(OutboxMessage.unscoped.values_list("idempotency_key", flat=True)) == {"a", "b"}
    broken = message(mihon, "c")
    broken.handler = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError):
        statements.insert_rows([broken], unless=unique)


def test_what_is_written_together_is_one_statement_where_a_way_leads_to_the_database(mihon: Town) -> None:
    gone = message(mihon, "gone")
    statements.insert_row(gone)
    with CaptureQueriesContext(connection) as asked, statements.together():
        statements.insert_row(message(mihon, "d"))
        statements.insert_rows(
            [message(mihon, key) for key in "abc"], unless=("municipality", "idempotency_key")
        )
        statements.delete_row(gone)
    assert len(asked) == (1 if connection.vendor == "postgresql" else 3)
    assert sorted(OutboxMessage.unscoped.values_list("idempotency_key", flat=True)) == ["a", "b", "c", "d"]


def test_what_was_to_be_written_together_is_not_after_an_error(mihon: Town) -> None:
    def fail() -> None:
        with statements.together():
            statements.insert_row(message(mihon, "a"))
            raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        fail()
    statements.insert_row(message(mihon, "b"))
    assert [row.idempotency_key for row in OutboxMessage.unscoped.all()] == ["b"]


@pytest.mark.postgres
def test_postgresql_keeps_the_plan(mihon: Town) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    for key in "ab":
        statements.insert_row(message(mihon, key))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE 'INSERT INTO \"outbox_outboxmessage\"%%'"
        )
        assert [row[0] for row in cursor.fetchall()] == [2]


def test_a_row_that_has_changed_since_it_was_read_is_not_taken_away(mihon: Town) -> None:
    row = message(mihon)
    statements.insert_row(row)
    row.version += 1

    def write() -> None:
        statements.insert_row(message(mihon, "b"))
        statements.delete_row(row)

    with pytest.raises(statements.Meanwhile), transaction.atomic():
        write()
    with pytest.raises(statements.Meanwhile), transaction.atomic(), statements.together():
        write()
    assert [one.idempotency_key for one in OutboxMessage.unscoped.all()] == ["a"]


def test_what_waits_need_not_be_much(mihon: Town) -> None:
    with statements.gathered() as nothing:
        OutboxMessage.unscoped.exists()
    nothing.carry_out()
    with statements.gathered() as new:
        statements.insert_row(message(mihon, "a"))
        assert not OutboxMessage.unscoped.exists()
    new.carry_out()
    assert OutboxMessage.unscoped.get().idempotency_key == "a"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_request_after_postgresql_was_restarted_finds_a_new_connection(mihon: Town) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    query = statements.Prepared(
        lambda blank: Office.unscoped.filter(municipality=blank["municipality"]), municipality=UUID
    )
    there = len(query.all(municipality=mihon.ref.id))

    def end_others() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(end_others).result()
    connection.close_if_unusable_or_obsolete()  # as at the beginning of a request
    assert len(query.all(municipality=mihon.ref.id)) == there == 2
