"""The inbox and the page of a case."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.engines.casework import specimens
from tests.engines.casework.specimens import checking, drafted, notified, returned, routed, told
from tests.engines.casework.test_protection import body_of, client_of
from tests.engines.casework.trying import a_case
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case, CaseNote
from yakuba.engines.casework.queries import inbox
from yakuba.kernel.dates import japan_date
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db
HERE = "/990019/desk/cases/"


def numbers(page: str) -> list[str]:
    """The cases of a list, as they stand."""
    return re.findall(r'href="/990019/desk/cases/[0-9a-f-]{36}/">([^<]+)</a>', page)


def due_in(case: Case, days: int) -> Case:
    """The same case, due in so many days."""
    today = japan_date(case.registered_at)
    Case.unscoped.filter(pk=case.pk).update(due_on=today + dt.timedelta(days=days))
    return case


def test_the_most_urgent_stand_first_in_words(mihon: Town) -> None:
    later, late, soon = (due_in(a_case(mihon), days) for days in (20, -2, 1))
    page = body_of(client_of(mihon).get(HERE))
    assert numbers(page) == [late.number, soon.number, later.number]
    for words in ("2日超過", "あと1日"):
        assert words in page


def test_a_stopped_clock_is_said_in_words(mihon: Town) -> None:
    returned(mihon)
    assert "補正中は止まっています" in body_of(client_of(mihon).get(HERE))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?filter.due=late", 1),
        ("?filter.due=soon&filter.due=late", 2),
        ("?filter.due=later", 1),
        ("?filter.state=arrived", 3),
        ("?filter.state=examining", 0),
        ("?filter.channel=paper", 1),
        ("?filter.kind=notification", 0),
        ("?q=見本花子", 3),
        ("?q=ミホン", 3),
        ("?q=2345-6789-ABCD", 3),
        ("?q=２３４５６７８９ａｂｃｄ", 3),
        ("?q=２３４５－６７８９－ＡＢＣＤ", 3),
        ("?q=6789-ab", 3),
        ("?q=例示", 0),
        ("?view=unassigned", 3),
        ("?view=closed", 0),
        ("?view=moved", 0),
        ("?view=all", 3),
        ("?sort=-number", 3),
        ("?sort=title", 3),
        ("?sort=-due", 3),
        ("?sort=-state", 3),
    ],
)
def test_filters_search_and_orders(mihon: Town, query: str, found: int) -> None:
    due_in(a_case(mihon), 20)
    due_in(a_case(mihon), -2)
    due_in(a_case(mihon, channel="paper"), 1)
    assert len(numbers(body_of(client_of(mihon).get(HERE + query)))) == found


@pytest.mark.parametrize("query", ["?view=everything", "?view=mine", "?filter.due=never", "?nothing=1"])
def test_an_address_that_says_nothing_is_refused(mihon: Town, query: str) -> None:
    assert client_of(mihon).get(HERE + query).status_code == 400


def test_the_inbox_is_the_offices_own(mihon: Town, karina: Town) -> None:
    ours, _theirs = a_case(mihon), a_case(mihon, "other")
    a_case(karina)
    assert numbers(body_of(client_of(mihon).get(HERE))) == [ours.number]
    assert client_of(mihon, "staff").get(HERE).status_code == 403
    assert Client().get(HERE).status_code == 302


def test_the_page_says_how_it_arrived_and_the_receipt_as_the_applicant_has_it(mihon: Town) -> None:
    page = body_of(client_of(mihon).get(f"{HERE}{a_case(mihon, channel='counter').pk}/"))
    assert "2345-6789-ABCD" in page
    assert "<b>到達</b> （窓口）" in page


def test_a_closed_case_is_found_by_its_number(mihon: Town) -> None:
    case = a_case(mihon, kind="notification", accept=True)
    client = client_of(mihon)
    assert numbers(body_of(client.get(HERE))) == []
    assert numbers(body_of(client.get(f"{HERE}?q={case.number}"))) == [case.number]
    assert numbers(body_of(client.get(f"{HERE}?view=closed"))) == [case.number]


def test_the_counts_are_true(mihon: Town) -> None:
    mine, waiting, _nobodys = a_case(mihon), returned(mihon), due_in(a_case(mihon), -1)
    ctx = mihon.ctx("case_worker")
    own = actions.Assign(str(mihon.account("case_worker").person_id))
    for case in (mine, waiting):
        actions.assign(ctx, case, own)
    found = inbox.counts(ctx)
    assert (found.open, found.mine, found.unassigned, found.urgent) == (3, 1, 1, 1)
    assert inbox.counts(mihon.ctx("staff")) == inbox.Counts()
    client = client_of(mihon)
    assert set(numbers(body_of(client.get(f"{HERE}mine/")))) == {mine.number, waiting.number}
    desk = body_of(client.get("/990019/desk/"))
    for words in ("自分の案件を進める", "担当者を決める", "期限の近い案件を見る"):
        assert words in desk


def test_names_on_the_list_are_logged_once_with_their_ids(mihon: Town) -> None:
    case = a_case(mihon)
    client = client_of(mihon)
    client.get(HERE)
    client.get(f"{HERE}{case.pk}/")
    kept = TrailEntry.unscoped.filter(kind="read").values_list("action", flat=True)
    assert sorted(kept) == ["casework.list", "casework.page"]


# --- the page of a case ---------------------------------------------------------------------------------------------
MADE = ("arrived", "checking", "returned", "examining", "drafted", "routed", "decided", "told", "notified")


@pytest.mark.parametrize("name", MADE)
def test_the_next_action_is_the_only_filled_button(mihon: Town, name: str) -> None:
    case = getattr(specimens, name)(mihon)
    page = body_of(client_of(mihon).get(f"{HERE}{case.pk}/"))
    filled = re.findall(r'<(?:button|a)[^>]* class="button filled[^"]*"', page)
    assert len(filled) == (0 if name == "returned" else 1)


def test_what_nobody_checked_is_told_before_it_is_decided(mihon: Town) -> None:
    case, client = drafted(mihon), client_of(mihon)
    here = f"{HERE}{case.pk}/"
    assert "「確かめること」が2件、「まだ」のままです" in body_of(client.get(here))
    client.post(here, {"do": "check", "mark.1": "right", "mark.2": "needless"})
    assert "「まだ」のままです" not in body_of(client.get(here))
    early = checking(mihon)
    assert "「まだ」のままです" not in body_of(client.get(f"{HERE}{early.pk}/")), "there is time"


def test_what_nobody_has_is_taken_on_by_one_press(mihon: Town) -> None:
    case, client = a_case(mihon), client_of(mihon)
    here = f"{HERE}{case.pk}/"
    taken = re.search(r'name="person" value="([0-9a-f-]{36})"', body_of(client.get(here)))
    assert taken
    client.post(here, {"do": "assign", "person": taken[1]})
    case.refresh_from_db()
    assert case.assignee_id == mihon.account("case_worker").person_id
    assert "自分が担当する" not in body_of(client.get(here))


@pytest.mark.parametrize(("days", "words"), [(0, "期限内"), (-1, "期限を過ぎました")])
def test_once_decided_the_term_says_whether_it_was_kept(mihon: Town, days: int, words: str) -> None:
    case = specimens.decided(mihon)
    Case.unscoped.filter(pk=case.pk).update(decided_at=case.registered_at)
    due_in(case, days)
    head = body_of(client_of(mihon).get(f"{HERE}{case.pk}/")).partition("page-head")[2].partition("</div>")[0]
    assert words in head


@pytest.mark.parametrize("name", MADE)
def test_ids_stand_once_and_every_field_has_a_label(mihon: Town, name: str) -> None:
    case = getattr(specimens, name)(mihon)
    page = body_of(client_of(mihon).get(f"{HERE}{case.pk}/"))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for key in re.findall(r'<(?:input|textarea|select)[^>]*\sid="(id_[^"]+)"', page):
        assert f'for="{key}"' in page or re.search(
            rf"<label[^>]*>\s*<input[^>]*id=\"{re.escape(key)}\"", page
        ), key


def test_what_is_typed_stays_with_what_was_wrong(mihon: Town) -> None:
    case = drafted(mihon)
    typed = {
        "do": "draft",
        "outcome": "refused",
        "content": "登録しない。",
        "reasons": "",
        "remedies": "教示",
    }
    answer = client_of(mihon).post(f"{HERE}{case.pk}/", typed)
    page = body_of(answer)
    assert answer.status_code == 422
    assert "登録しない。" in page
    assert "理由が要ります" in page
    assert 'href="#id_draft-reasons"' in page


def test_a_form_sent_twice_changes_once(mihon: Town) -> None:
    case, client = a_case(mihon), client_of(mihon)
    sent = {"do": "note", "body": "電話した。", "idempotency_key": "same"}
    for _again in range(2):
        answer = client.post(f"{HERE}{case.pk}/", sent)
        assert answer.status_code == 303
    assert CaseNote.unscoped.filter(case=case).count() == 1


def test_who_only_looks_gets_no_forms(mihon: Town) -> None:
    case = routed(mihon)
    moving = actions.TransferCase(str(mihon.offices["other"].pk), "所管が違う")
    actions.transfer(mihon.ctx("case_worker"), case, moving)
    client = client_of(mihon)
    page = body_of(client.get(f"{HERE}{case.pk}/"))
    assert "見るだけの画面です" in page
    assert 'name="do"' not in page
    assert numbers(body_of(client.get(f"{HERE}?view=moved"))) == [case.number]
    assert client.post(f"{HERE}{case.pk}/", {"do": "start"}).status_code == 403


def test_after_a_transfer_the_page_stays_open_to_the_office_that_had_it(mihon: Town) -> None:
    case, client = a_case(mihon), client_of(mihon)
    sent = {"do": "transfer", "office": str(mihon.offices["other"].pk), "reason": "所管が違う"}
    answer = client.post(f"{HERE}{case.pk}/", sent, follow=True)
    assert answer.redirect_chain == [(f"{HERE}{case.pk}/", 303)]
    assert "移送：見本課 → 例示課" in body_of(answer)


def test_the_page_tells_the_whole_story(mihon: Town) -> None:
    case = notified(mihon)
    ctx = mihon.ctx("case_worker")
    actions.write(ctx, case, actions.Write("answer", "鑑札は窓口で渡します。"))
    actions.hear(ctx, case, actions.Hear("phone", "question", "いつ取りに行けますか。"))
    page = body_of(client_of(mihon).get(f"{HERE}{case.pk}/"))
    for words in (
        "到達",
        "決定：承認",
        "鑑札は窓口で渡します。",
        "（電話）いつ取りに行けますか。",
        "登録する。",
    ):
        assert words in page


@pytest.mark.parametrize("do", ["", "nothing", "delete"])
def test_what_is_no_form_is_not_found(mihon: Town, do: str) -> None:
    assert client_of(mihon).post(f"{HERE}{a_case(mihon).pk}/", {"do": do}).status_code == 404


# --- budgets --------------------------------------------------------------------------------------------------------
def asked(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_pages_ask_the_same_however_many_there_are(mihon: Town) -> None:
    client, first = client_of(mihon), told(mihon)
    paths = [HERE, f"{HERE}mine/", f"{HERE}list.csv", f"{HERE}{first.pk}/", "/990019/desk/"]
    ctx = mihon.ctx("case_worker")

    def more() -> None:
        """What a case's page does not ask for where there is none of it."""
        actions.note(ctx, first, actions.WriteNote("もう一つ"))
        actions.write(ctx, first, actions.Write("answer", "はい"))
        actions.link(ctx, first, actions.LinkCase(checking(mihon).number))

    more()
    few = {path: asked(client, path) for path in paths}
    for _once_more in range(4):
        more()
    assert {path: asked(client, path) for path in paths} == few


# --- mailboxes ------------------------------------------------------------------------------------------------------
def test_mailboxes_are_set_by_the_administration_and_each_head(mihon: Town) -> None:
    page = body_of(client_of(mihon, "municipality_admin").get("/990019/desk/case-mailboxes/"))
    assert page.count('name="mail"') == 2
    head = client_of(mihon, "office_head")
    assert body_of(head.get("/990019/desk/case-mailboxes/")).count('name="mail"') == 1
    wrong = head.post(
        "/990019/desk/case-mailboxes/", {"office": str(mihon.offices["own"].pk), "mail": "係のメール"}
    )
    assert wrong.status_code == 422
    assert "係のメール" in body_of(wrong)
    assert "kakari" not in body_of(head.get("/990019/desk/case-mailboxes/list.csv"))
