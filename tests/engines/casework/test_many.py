"""Many cases at once, and two thousand of them in a list."""

from __future__ import annotations

import pytest
from django.db import connection, models

from tests.engines.casework.specimens import checking, examining, returned
from tests.engines.casework.test_protection import body_of, client_of
from tests.engines.casework.trying import a_case
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case, Disposition, Move
from yakuba.engines.casework.queries import inbox
from yakuba.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
BATCH = "/990019/desk/cases/batch/"


def test_each_row_is_done_or_says_why_not(mihon: Town) -> None:
    rows = [a_case(mihon), a_case(mihon), returned(mihon)]
    client = client_of(mihon)
    ids = [str(row.pk) for row in rows]
    shown = body_of(client.post(BATCH, {"do": "start", "case": ids}))
    assert "2件に行います" in shown
    assert shown.count("見本 花子") == 3, "whose cases they are"
    assert "「補正待ち」の案件にはできません" in shown
    assert {row.state for row in Case.unscoped.all()} == {"arrived", "returned"}, "nothing changed yet"
    done = client.post(f"{BATCH}do/", {"do": "start", "case": ids, "idempotency_key": "k"}, follow=True)
    assert done.redirect_chain == [(f"{BATCH}done/", 303)]
    assert "2件に行いました" in body_of(done)
    assert "できませんでした" in body_of(done)
    assert sorted(Case.unscoped.values_list("state", flat=True)) == ["checking", "checking", "returned"]


def test_sent_twice_is_done_once(mihon: Town) -> None:
    case, client = a_case(mihon), client_of(mihon)
    sent = {"do": "start", "case": [str(case.pk)], "idempotency_key": "once"}
    for _again in range(2):
        assert "1件に行いました" in body_of(client.post(f"{BATCH}do/", sent, follow=True))
    assert Move.unscoped.filter(case=case, step="start").count() == 1


def test_assigning_many(mihon: Town) -> None:
    rows, client = [a_case(mihon), a_case(mihon)], client_of(mihon)
    person = mihon.account("case_worker").person_id
    sent = {"do": "assign", "person": str(person), "case": [str(row.pk) for row in rows]}
    client.post(f"{BATCH}do/", sent)
    assert set(Case.unscoped.values_list("assignee", flat=True)) == {person}


def test_one_outcome_for_many_is_asked_for_whole(mihon: Town) -> None:
    rows, client = [examining(mihon), examining(mihon), checking(mihon)], client_of(mihon)
    sent = {"do": "settle", "case": [str(row.pk) for row in rows]}
    assert body_of(client.post(BATCH, sent)).count('<option value="refused"') == 0
    assert client.post(f"{BATCH}do/", sent).status_code == 422
    client.post(f"{BATCH}do/", {**sent, "outcome": "granted", "content": "登録する。"})
    assert Disposition.unscoped.filter(decided_at__isnull=False).count() == 2
    assert sorted(Case.unscoped.values_list("state", flat=True)) == ["checking", "decided", "decided"]


def test_what_to_do_is_chosen_by_a_person(mihon: Town) -> None:
    case, client = a_case(mihon), client_of(mihon)
    sent = {"case": [str(case.pk)]}
    for do in ("", "delete"):
        assert client.post(BATCH, {**sent, "do": do}).status_code == 422
    assert client.post(f"{BATCH}do/", {**sent, "do": "assign"}).status_code == 422
    actions.assign(
        mihon.ctx("case_worker"), case, actions.Assign(str(mihon.account("case_worker").person_id))
    )
    client.post(f"{BATCH}do/", {**sent, "do": "assign", "person": "none"})
    assert Case.unscoped.get().assignee_id is None


def test_cases_of_others_are_not_there(mihon: Town) -> None:
    theirs = a_case(mihon, "other")
    client = client_of(mihon)
    for path in (BATCH, f"{BATCH}do/"):
        refused = client.post(path, {"do": "start", "case": [str(theirs.pk), "no id"]})
        assert refused.status_code == 422
        assert "案件が選ばれていません" in body_of(refused)
    assert Case.unscoped.get().state == "arrived"


def test_everything_that_the_address_leaves(mihon: Town) -> None:
    a_case(mihon, channel="paper")
    a_case(mihon)
    sent = {"do": "start", "all": "1", "query": "filter.channel=paper"}
    assert "1件に行います" in body_of(client_of(mihon).post(BATCH, sent))


def test_no_more_than_two_hundred(mihon: Town) -> None:
    many(mihon, 201)
    refused = client_of(mihon).post(BATCH, {"do": "start", "all": "1", "query": ""})
    assert refused.status_code == 422
    assert "200件まで" in body_of(refused)


def many(town: Town, count: int, **changed: object) -> None:
    """Copies of one case, as many as are asked for, without the rest of them; ``changed`` columns are those of all but one."""
    first = a_case(town)
    columns = {
        field.attname: getattr(first, field.attname)
        for field in Case._meta.concrete_fields
        if field.name != "id"
    }
    Case.unscoped.bulk_create(
        [
            Case(
                **{
                    **columns,
                    **changed,
                    "id": uuid7(),
                    "number": f"{first.number}-{n}",
                    "origin_id": uuid7(),
                }
            )
            for n in range(count - 1)
        ],
        batch_size=500,
    )


def test_many_cases_are_listed_through_an_index(mihon: Town) -> None:
    many(mihon, 1_960, state="completed", completed_at=mihon.ctx("cli").now)
    many(mihon, 40)
    page = body_of(client_of(mihon).get("/990019/desk/cases/?view=all&after=1900"))
    assert "2,000" in page
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for view, indexes in (
        ("", {"case_open"}),
        ("unassigned", {"case_open", "case_assignee"}),
        ("mine", {"case_open", "case_assignee"}),
        ("all", {"case_inbox"}),
    ):
        told = plan(inbox.cases(mihon.ctx("case_worker"), inbox.Asked(view=view))[:51])
        assert any(index in told for index in indexes), told


def plan(found: models.QuerySet[Case]) -> str:
    """How the database goes about it."""
    return found.explain()
