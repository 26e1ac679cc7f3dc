from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.kernel.town.people import APRIL, office, person
from tests.signin import sign_in
from yakuba.kernel.access import actions as access
from yakuba.kernel.dates import frozen
from yakuba.kernel.town import actions as town_actions
from yakuba.kernel.town.models import Assignment

PEOPLE = "/990019/desk/people/"
IMPORT = "/990019/desk/people/import/"
HEADER = "職員番号,氏名,カナ,所属コード,職,区分,発令日,終了日"
NOW = dt.datetime(2026, 3, 25, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def town(cli):
    office(cli, "0101", "総務課")
    office(cli, "0112", "DX推進課")
    made = person(cli, "1004", "架空よつば", "0101", "主査", dt.date(2023, 4, 1), kana="カクウ ヨツバ")
    person(cli, "1005", "雛形いつき", "0112", "係長", dt.date(2023, 4, 1))
    return made


@pytest.fixture
def desk(client, admin, town):
    sign_in(client, admin)
    return client


def upload(client, *rows: str, encoding: str = "cp932"):
    content = "\r\n".join((HEADER, *rows, "")).encode(encoding)
    return client.post(IMPORT, {"file": SimpleUploadedFile("発令.csv", content)})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_the_list_logs_who_was_shown(desk, town, remembered):
    remembered.read_.clear()
    page = desk.get(f"{PEOPLE}?q=よつば").content.decode()
    assert "架空よつば" in page
    assert "雛形いつき" not in page
    assert "1004" in page
    assert remembered.read_ == [("town.people", "person", [town.pk])]


def test_the_list_is_of_a_day_and_of_an_office(desk, cli, town):
    town_actions.assign(cli, town, town_actions.Assign("0112", "課長", "main", APRIL))
    with frozen(NOW):
        today = desk.get(PEOPLE).content.decode()
        later = desk.get(f"{PEOPLE}?on=R8.4.1").content.decode()
        dx = str(Assignment.unscoped.get(post__title="係長").post.office_id)
        before = desk.get(f"{PEOPLE}?on=R8.3.31&filter.office={dx}").content.decode()
        after = desk.get(f"{PEOPLE}?on=R8.4.1&filter.office={dx}").content.decode()
        wrong = desk.get(f"{PEOPLE}?on=きのう")
        assert desk.get(f"{PEOPLE}?from=1").status_code == 400
    assert "総務課 主査" in today
    assert "DX推進課 課長" in later
    assert "架空よつば" not in before
    assert "架空よつば" in after
    assert wrong.status_code == 200
    assert "きのう" in wrong.content.decode()


def test_staff_see_names_without_numbers(client, cli, town, remembered):
    account = access.create_account(cli, None, access.CreateAccount("yotsuba", "1004"))
    sign_in(client, account)
    page = client.get(PEOPLE).content.decode()
    assert "雛形いつき" in page
    assert "1005" not in re.sub(r"<[^>]*>", "", page)  # what is read of it: an id may have these digits in it
    assert "発令を取り込む" not in page
    assert client.get(IMPORT).status_code == 403
    assert client.get("/990019/desk/accounts/").status_code == 403
    told = [action for action, _reason in remembered.denied_]
    assert told == ["town.import_personnel", "access.accounts"], "each is told once"


def test_choose_see_confirm(desk, remembered):
    assert desk.get(IMPORT).status_code == 200
    page = upload(desk, "1004,架空よつば,,0112,課長,本務,R8.4.1,").content.decode()
    assert "DX推進課 課長（本務）を発令（令和8年4月1日〜）" in page
    assert "総務課 → DX推進課" in page
    assert Assignment.unscoped.count() == 2
    form = hidden(page)
    done = desk.post(IMPORT, {**form, "confirm": "1"})
    assert done.status_code == 200
    assert "取り込みました" in done.content.decode()
    assert Assignment.unscoped.count() == 3
    assert remembered.done_[-1].action == "town.import_personnel"
    again = desk.post(IMPORT, {**form, "confirm": "1"})
    assert Assignment.unscoped.count() == 3
    assert again.status_code == 422


def test_errors_by_line_change_nothing(desk):
    page = upload(desk, "1004,架空よつば,,0112,課長,専任,R8.4.1,", ",だれか,,0101,主事,本務,R8.4.1,")
    assert page.status_code == 422
    text = page.content.decode()
    assert "2行目「区分」の「専任」" in text
    assert "3行目「職員番号」が空" in text
    assert "この内容で取り込む" not in text
    assert Assignment.unscoped.count() == 2


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"a,b\n1,2\n", bytes(2_000_001)])
def test_a_file_that_is_none_gets_a_message(desk, content):
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("発令.csv", content)})
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.content.decode()
    assert desk.post(IMPORT, {}).status_code == 422


def test_accounts_page(desk):
    page = desk.get("/990019/desk/accounts/").content.decode()
    assert "kanri" in page
    assert "自治体の管理" in page
