"""The auditor's pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.access.actors import system_actor
from yakuba.kernel.actions import ports
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.models import OfficeName
from yakuba.kernel.trail import queries, store
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.queries import payload_of
from yakuba.kernel.trail.store import read_personal

from .conftest import Write

pytestmark = pytest.mark.django_db
LIST = "/990019/desk/trail/"


@pytest.fixture
def auditor(mihon: Town, client: Client) -> Client:
    sign_in(client, mihon.account("auditor"))
    return client


def test_the_list_shows_this_town_alone_and_notes_the_reading(
    auditor: Client, mihon: Town, karina: Town, done: Write
) -> None:
    entry = done()
    done(karina)
    page = auditor.get(LIST)
    assert page.status_code == 200
    text = page.content.decode()
    assert f"{LIST}{entry.pk}/" in text
    assert "組織改正" in text
    reading = TrailEntry.unscoped.get(kind="read")
    payload = payload_of(reading)
    assert payload is not None
    assert payload["ids"] == [str(entry.pk)]
    assert reading.actor_id == str(mihon.account("auditor").pk)


def test_an_entry_shows_before_and_after_and_its_seal(auditor: Client, done: Write) -> None:
    entry = done(data={"name": "見本課"})
    store.seal()
    text = auditor.get(f"{LIST}{entry.pk}/").content.decode()
    for word in ("名称", "見本係", "見本課", "組織改正", "ブロック1", entry.digest):
        assert word in text
    assert TrailEntry.unscoped.get(kind="read").subject_id == entry.pk


def test_references_readings_and_machine_work_have_names(auditor: Client, mihon: Town, done: Write) -> None:
    ctx = dataclasses.replace(mihon.ctx("cli"), actor=system_actor("trail.head"))
    office = mihon.offices["own"]
    name = OfficeName.unscoped.filter(office=office).first()
    assert name is not None
    with transaction.atomic():
        after: dict[str, JsonValue] = {"office": str(office.pk)}
        ports.trail().done(
            ctx, ports.Done("town.rename_office", "office_name", name.pk, "", {}, after, {}, "")
        )
    entry = TrailEntry.unscoped.get(action="town.rename_office")
    text = auditor.get(LIST).content.decode()
    assert "証跡の先頭の控え" in text
    text = auditor.get(f"{LIST}{entry.pk}/").content.decode()
    assert f"（{office.pk}）" in text
    assert "証跡の先頭の控え（システム）" in text
    text = auditor.get(LIST).content.decode()
    assert "証跡の一覧を見る" in text
    assert "trail.list" not in text


def test_an_erased_entry_says_so(auditor: Client, mihon: Town, done: Write) -> None:
    entry = done()
    store.erase(mihon.ctx("cli"), entry, "保存期間の満了")
    text = auditor.get(f"{LIST}{entry.pk}/").content.decode()
    assert "内容は消去されています" in text
    assert "見本係" not in text


@pytest.mark.parametrize(
    "role", ["staff", "plan_editor", "plan_secretariat", "office_head", "municipality_admin"]
)
def test_nobody_else_reads_it(client: Client, mihon: Town, done: Write, role: str) -> None:
    entry = done()
    sign_in(client, mihon.account(role))
    for address in (LIST, f"{LIST}{entry.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "組織改正" not in answer.content.decode()
    assert not TrailEntry.unscoped.filter(kind="read").exists()
    denied = TrailEntry.unscoped.filter(kind="denied").order_by("pk")
    assert [(one.action, one.subject_label) for one in denied] == [
        ("trail-entries", LIST),
        ("trail-entry", f"{LIST}{entry.pk}/"),
    ]
    assert {one.actor_id for one in denied} == {str(mihon.account(role).pk)}


def test_another_towns_entry_is_not_there(auditor: Client, karina: Town, done: Write) -> None:
    entry = done(karina)
    assert auditor.get(f"{LIST}{entry.pk}/").status_code == 404
    assert auditor.get("/990027/desk/trail/").status_code == 404
    assert auditor.get(f"/990027/desk/trail/{entry.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("day=R6.4.1", 200),
        ("day=2024-04-01", 200),
        ("day=9999-12-31", 200),
        ("day=2月30日", 422),
        ("subject=office", 400),
        ("after=3", 400),
        ("nonsense=1", 400),
        ("filter.kind=nonsense", 400),
        ("filter.kind=denied", 200),
    ],
)
def test_bad_questions_are_told(auditor: Client, query: str, status: int) -> None:
    assert auditor.get(f"{LIST}?{query}").status_code == status


def test_narrowing_by_day_actor_subject_and_kind(mihon: Town, done: Write) -> None:
    day = dt.date(2026, 4, 1)
    with clock.frozen(dt.datetime(2026, 3, 31, 15, 0, tzinfo=dt.UTC)):  # midnight in Japan
        first = done(ctx=mihon.ctx("cli"))
    with clock.frozen(dt.datetime(2026, 4, 1, 15, 0, tzinfo=dt.UTC)):
        second = done(ctx=mihon.ctx("staff"))
    ctx = mihon.ctx("auditor")

    def found(asked: queries.Asked) -> list[UUID]:
        return [one.pk for one in queries.page(ctx, asked).entries]

    assert found(queries.Asked()) == [second.pk, first.pk]
    assert found(queries.Asked(day=day)) == [first.pk]
    assert found(queries.Asked(actor="cli:tester")) == [first.pk]
    assert found(queries.Asked(kind="denied")) == []
    subject = queries.SubjectRef("office_name", mihon.offices["own"].pk)
    assert found(queries.Asked(subject=subject)) == [second.pk, first.pk]
    assert found(queries.Asked(subject=queries.SubjectRef("office", subject.id))) == []


def test_everything_that_mentions_a_thing_is_found(auditor: Client, mihon: Town, done: Write) -> None:
    thing, other = uuid7(), uuid7()
    noted = done(vouched=f"filing/{thing}")
    done(vouched=f"filing/{other}")
    seen = mihon.ctx("staff")
    read_personal(seen, "town.people", "person", [other, thing])
    ctx = mihon.ctx("auditor")
    found = queries.page(ctx, queries.Asked(mentions=thing)).entries
    assert [(one.kind, one.action) for one in found] == [("read", "town.people"), ("done", noted.action)]
    page = auditor.get(f"{LIST}{noted.pk}/").content.decode()
    assert f"?mentions={thing}" in page, "from one record to the next"
    assert f"?mentions={noted.subject_id}" in page
    assert auditor.get(f"{LIST}?mentions={thing}").status_code == 200
    assert auditor.get(f"{LIST}?mentions=7").status_code == 400


def test_pages_go_back_and_forth(mihon: Town, done: Write) -> None:
    made = [done().pk for _ in range(7)][::-1]
    ctx = mihon.ctx("auditor")
    first = queries.page(ctx, queries.Asked(), size=3)
    second = queries.page(ctx, queries.Asked(), older_than=first.older, size=3)
    third = queries.page(ctx, queries.Asked(), older_than=second.older, size=3)
    shown = [[one.pk for one in page.entries] for page in (first, second, third)]
    assert shown == [made[:3], made[3:6], made[6:]]
    assert (first.newer, third.older, first.count) == (None, None, 7)
    back = queries.page(ctx, queries.Asked(), newer_than=third.newer, size=3)
    assert [one.pk for one in back.entries] == made[3:6]
    begin = queries.page(ctx, queries.Asked(), newer_than=back.newer, size=3)
    assert [one.pk for one in begin.entries] == made[:3]
    assert begin.newer is None
    assert begin.older is not None


def test_the_list_costs_the_same_however_long_it_is(
    auditor: Client, done: Write, django_assert_max_num_queries
) -> None:
    for _ in range(5):
        done()
    auditor.get(LIST)
    with django_assert_max_num_queries(18):
        auditor.get(LIST)
