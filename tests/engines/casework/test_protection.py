"""支援措置: the alarm on a case's page, exports without names, no related cases, what a new entry in the register finds."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from tests.engines.casework.trying import HEARD, a_case
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.casework.queries.sweeps import with_persons
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Party
from yakuba.engines.protection.store import Held
from yakuba.engines.protection.subscriptions import look_at_all
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db
BORN = dt.date(1980, 1, 2)
NAME = "例示 月子"


def register(town: Town) -> None:
    Protected.unscoped.create(
        municipality_id=town.ref.id, name=NAME, birth=BORN, valid_from=dt.date(2020, 1, 1)
    )


def held_case(town: Town) -> Case:
    """A case of somebody who is in the register."""
    from tests.engines.casework.trying import opening
    from yakuba.engines.casework.store import open_case

    given = opening(town, applicant=NAME, receipt="H-1")
    HEARD.people[given.origin.id] = (Party(name=NAME, birth=BORN),)
    return open_case(town.ctx("cli").begin(), given)


def client_of(town: Town, role: str = "case_worker", office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def body_of(answer: HttpResponse) -> str:
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer).decode("utf-8-sig")
    return answer.content.decode()


def test_the_alarm_stands_on_top_of_the_page(mihon: Town) -> None:
    register(mihon)
    case = held_case(mihon)
    page = body_of(client_of(mihon).get(f"/990019/desk/cases/{case.pk}/"))
    assert "支援措置の対象かもしれない人がいます" in page
    assert page.index("支援措置の対象") < page.index("次にすること")
    assert "支援措置の対象" not in body_of(client_of(mihon).get(f"/990019/desk/cases/{a_case(mihon).pk}/"))


def test_an_export_leaves_the_names_of_held_cases_out_and_says_so(mihon: Town) -> None:
    register(mihon)
    held_case(mihon)
    a_case(mihon, applicant="見本 花子")
    client = client_of(mihon)
    text = body_of(client.get("/990019/desk/cases/list.csv"))
    assert NAME not in text
    assert "見本 花子" in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["申請者"] for row in rows].count("（支援措置の確認が済むまで載せません）") == 1
    read = TrailEntry.unscoped.filter(action="casework.save", kind="read")
    assert read.count() == 1


def test_related_cases_are_not_looked_for_where_somebody_is_held(mihon: Town) -> None:
    register(mihon)
    case = held_case(mihon)
    other = a_case(mihon, applicant=NAME)
    ctx = mihon.ctx("case_worker")
    with pytest.raises(Held):
        reading.proposed(ctx, case)
    assert not reading.proposed(ctx, other), "a held case is proposed to nobody"
    for one, number in ((case, other.number), (other, case.number)):
        with pytest.raises(Held):
            actions.link(ctx, one, actions.LinkCase(number))
    page = body_of(client_of(mihon).get(f"/990019/desk/cases/{case.pk}/"))
    assert other.number not in page
    assert "自動の出力（関連する案件）を止めています" in page


def test_the_same_name_is_proposed_however_it_is_written(mihon: Town) -> None:
    case = a_case(mihon, applicant="髙橋　見本")
    same, other = a_case(mihon, applicant="高橋見本"), a_case(mihon, applicant="高橋例示")
    found = {one.case.pk for one in reading.proposed(mihon.ctx("case_worker"), case)}
    assert same.pk in found
    assert other.pk not in found
    actions.link(mihon.ctx("case_worker"), case, actions.LinkCase(same.number))
    assert not reading.proposed(mihon.ctx("case_worker"), case)


def test_a_new_entry_in_the_register_finds_cases_that_are_here(mihon: Town) -> None:
    case = held_case(mihon)
    assert not Hold.unscoped.exists()
    register(mihon)
    assert ("case", case.pk) in {(ref.kind, ref.id) for ref, _parties in with_persons(mihon.ctx("cli"))}
    look_at_all(mihon.ctx("cli"))
    assert Hold.unscoped.get().subject_id == case.pk


def test_the_keeper_reads_the_cases_that_are_held_and_no_others(mihon: Town) -> None:
    register(mihon)
    case, free = held_case(mihon), a_case(mihon)
    client = client_of(mihon, "protection_keeper", "other")
    assert client.get(f"/990019/desk/cases/{case.pk}/").status_code == 200
    assert client.get(f"/990019/desk/cases/{free.pk}/").status_code == 404
    refused = client.post(f"/990019/desk/cases/{case.pk}/", {"do": "start"})
    assert refused.status_code == 403
    assert Case.unscoped.get(pk=case.pk).state == "arrived"


def test_the_list_marks_who_is_held(mihon: Town) -> None:
    register(mihon)
    held_case(mihon)
    a_case(mihon)
    page = body_of(client_of(mihon).get("/990019/desk/cases/"))
    assert page.count("<span>支援措置</span>") <= 1
    assert "支援措置" in page
