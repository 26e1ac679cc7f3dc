"""What was public before: the desk's page of a number, its document, the command line, the public's list of corrections."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from uuid import UUID

import pytest
from django.test import Client

from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.cli import main
from yakuba.kernel.dates import JAPAN, clock
from yakuba.services.plan.actions import (
    ImportDocument,
    PublishEdition,
    WithdrawEdition,
    import_document,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.differences import State, compare
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.rows import public_form

pytestmark = pytest.mark.django_db

FIRST = dt.datetime(2026, 9, 3, 10, 0, tzinfo=JAPAN)
SECOND = dt.datetime(2026, 10, 2, 9, 30, tzinfo=JAPAN)


def plan(title: str, figure: str, *more: Form) -> Form:
    figures = [indicator("件数", [value(figure, 2024, number=figure.removesuffix("手続"))])]
    return document(
        [initiative("1", title, indicators=figures), initiative("2", "公開地図の充実"), *more],
        edition="令和6年度版",
    )


def publish(town: Town, given: Form, at: dt.datetime, note: str = "") -> Edition:
    """Take a document in and publish it at a moment."""
    with clock.frozen(at):
        edition = import_document(town.ctx("cli"), None, ImportDocument(given))
        publish_edition(town.ctx("cli"), edition, PublishEdition(note))
    return edition


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 with an edition that was published twice."""
    town = make_town("990019", "みほん市")
    publish(town, plan("電子申請の拡大", "75手続"), FIRST)
    added = initiative("3", "窓口の見直し")
    return town, publish(
        town, plan("電子申請の普及", "90手続", added), SECOND, "題名と件数の誤りを直しました。"
    )


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


@pytest.fixture
def auditor(mihon: Town) -> Client:
    return signed_in(mihon, "auditor")


def signed_in(town: Town, role: str) -> Client:
    client = Client()
    sign_in(client, town.account(role))
    return client


def page_of(edition: Edition, number: int) -> str:
    return f"/990019/desk/plan/editions/{edition.pk}/publish/{number}/"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def take_back(town: Town, edition: Edition, at: dt.datetime) -> None:
    edition.refresh_from_db()
    with clock.frozen(at):
        withdraw_edition(town.ctx("cli"), edition, WithdrawEdition("数値の誤りが見つかったため"))


class TestPage:
    @pytest.mark.parametrize("role", ["staff", "auditor", "plan_secretariat", "office_head"])
    def test_any_member_of_staff_reads_it(self, mihon: Town, edition: Edition, role: str) -> None:
        client = signed_in(mihon, role)
        for number in (1, 2):
            assert client.get(page_of(edition, number)).status_code == 200

    def test_nobody_else_does(self, karina: Town, edition: Edition, client: Client) -> None:
        other = signed_in(karina, "auditor")
        assert other.get(page_of(edition, 1)).status_code == 404
        assert other.get(page_of(edition, 1).replace("990019", "990027")).status_code == 404
        assert client.get(page_of(edition, 1)).status_code == 302, "the public is sent to sign in"

    @pytest.mark.parametrize("number", [0, 3, 10**30])
    def test_a_number_that_is_none(self, auditor: Client, edition: Edition, number: int) -> None:
        assert auditor.get(page_of(edition, number)).status_code == 404

    def test_the_first_number_is_shown_as_it_was(self, auditor: Client, edition: Edition) -> None:
        html = text_of(auditor, page_of(edition, 1))
        assert "電子申請の拡大" in html
        assert "75手続" in html
        assert "電子申請の普及" not in html
        assert "窓口の見直し" not in html
        assert "過去の公表" in html
        assert "はじめての公表です。" in html
        assert "令和8年9月3日 10:00から令和8年10月2日 09:30まで" in html
        assert "cli:tester" in html

    def test_what_the_second_one_changed(self, auditor: Client, edition: Edition) -> None:
        html = text_of(auditor, page_of(edition, 2))
        assert "題名と件数の誤りを直しました。" in html
        assert "<del>電子申請の拡大</del>" in html
        assert "<ins>電子申請の普及</ins>" in html
        assert "<del>75手続</del>" in html
        assert "<ins>90手続</ins>" in html
        assert "加わった取組：3 窓口の見直し" in html
        assert "なくなった取組：" not in html
        assert "<del>公開地図の充実" not in html

    def test_it_is_found_from_the_record_and_leads_on(self, auditor: Client, edition: Edition) -> None:
        record = text_of(auditor, f"/990019/desk/plan/editions/{edition.pk}/publish/")
        assert f'href="{page_of(edition, 1)}"' in record
        assert f'href="{page_of(edition, 2)}"' in record
        assert f'href="{page_of(edition, 2)}" rel="next"' in text_of(auditor, page_of(edition, 1))
        last = text_of(auditor, page_of(edition, 2))
        assert f'href="{page_of(edition, 1)}" rel="prev"' in last
        assert 'rel="next"' not in last

    def test_its_list_is_searched_and_refuses_what_it_does_not_know(
        self, auditor: Client, edition: Edition
    ) -> None:
        assert "公開地図の充実" not in text_of(auditor, f"{page_of(edition, 1)}?q=電子")
        for query in ("?format=xml", "?format=json&q=電子", "?wrong=1"):
            assert auditor.get(page_of(edition, 1) + query).status_code == 400, query

    def test_a_tombstone_and_what_came_after(self, mihon: Town, auditor: Client, edition: Edition) -> None:
        take_back(mihon, edition, SECOND + dt.timedelta(days=1))
        publish(mihon, plan("電子申請の推進", "90手続"), SECOND + dt.timedelta(days=3))
        third = text_of(auditor, page_of(edition, 3))
        assert "この号で公表を取り下げました" in third
        assert "数値の誤りが見つかったため" in third
        assert auditor.get(f"{page_of(edition, 3)}?format=json").status_code == 404
        assert "電子申請の普及" in text_of(auditor, page_of(edition, 2)), "taken back, and kept as evidence"
        fourth = text_of(auditor, page_of(edition, 4))
        assert "第2号から変わった所" in fourth, "a tombstone says nothing to compare with"
        assert "<del>電子申請の普及</del>" in fourth
        assert "なくなった取組：3 窓口の見直し" in fourth

    def test_the_document_of_a_number(self, auditor: Client, edition: Edition) -> None:
        answer = auditor.get(f"{page_of(edition, 1)}?format=json")
        assert answer["Content-Type"].startswith("application/json")
        found = answer.json()
        assert found["format"] == "yakuba-plan/1"
        assert [row["title"] for row in found["initiatives"]] == ["電子申請の拡大", "公開地図の充実"]


class TestInitiative:
    """A row of a past publication opens the initiative as it was."""

    def opened(self, client: Client, path: str) -> str:
        found = re.search(rf'href="({path}[0-9a-f-]{{36}}/)"', text_of(client, path))
        assert found
        return text_of(client, found[1])

    def test_it_is_shown_as_the_public_read_it(self, auditor: Client, edition: Edition) -> None:
        first = self.opened(auditor, page_of(edition, 1))
        assert "電子申請の拡大" in first
        assert "75手続" in first
        assert "90手続" not in first
        assert "公表した時の内容です" in first
        assert f'href="{page_of(edition, 1)}"' in first, "the way back"
        assert "/api/v1/" not in first, "nothing leads to today's content"
        assert "まだ公表していません" not in first
        assert "90手続" in self.opened(auditor, page_of(edition, 2))

    def test_what_is_not_there(self, mihon: Town, auditor: Client, client: Client, edition: Edition) -> None:
        row = Initiative.unscoped.get(edition=edition, number="3")
        assert auditor.get(f"{page_of(edition, 2)}{row.pk}/").status_code == 200
        assert auditor.get(f"{page_of(edition, 1)}{row.pk}/").status_code == 404, "it came with the second"
        assert client.get(f"{page_of(edition, 2)}{row.pk}/").status_code == 302, "for staff alone"
        take_back(mihon, edition, SECOND + dt.timedelta(days=1))
        assert auditor.get(f"{page_of(edition, 3)}{row.pk}/").status_code == 404
        assert auditor.get(f"{page_of(edition, 2)}{row.pk}/").status_code == 200, "kept as evidence"


class TestDay:
    """The list of editions tells what was public on a day."""

    HOME = "/990019/desk/plan/"

    @pytest.mark.parametrize(
        ("day", "number"),
        [
            ("2026-09-03", 1), ("2026-10-01", 1), ("令和8年10月1日", 1), ("R8.10.2", 2), ("2026-10-20", 2),
        ],
    )  # fmt: skip
    def test_what_was_in_force(self, auditor: Client, edition: Edition, day: str, number: int) -> None:
        with clock.frozen(SECOND + dt.timedelta(days=30)):
            found = text_of(auditor, f"{self.HOME}?day={day}").split('id="stood"')[1]
        assert f'href="{page_of(edition, number)}"' in found
        assert f'href="{page_of(edition, 3 - number)}"' not in found

    def test_a_day_without_any_and_days_that_are_none(self, auditor: Client, edition: Edition) -> None:
        with clock.frozen(SECOND + dt.timedelta(days=30)):
            assert "ありません。" in text_of(auditor, f"{self.HOME}?day=2026-09-02").split('id="stood"')[1]
            assert 'role="status"><p><b>' not in text_of(auditor, self.HOME).split('id="stood"')[1]
            for wrong, told in (("きのう", "id_day-error"), ("2027-01-01", "まだ来ていません")):
                answer = auditor.get(f"{self.HOME}?day={wrong}")
                assert answer.status_code == 422
                assert told in answer.content.decode()

    def test_what_was_taken_back_since_did_stand(
        self, mihon: Town, auditor: Client, edition: Edition
    ) -> None:
        take_back(mihon, edition, SECOND + dt.timedelta(days=1))
        with clock.frozen(SECOND + dt.timedelta(days=30)):
            before = text_of(auditor, f"{self.HOME}?day=2026-10-02").split('id="stood"')[1]
            after = text_of(auditor, f"{self.HOME}?day=2026-10-03").split('id="stood"')[1]
        assert f'href="{page_of(edition, 2)}"' in before
        assert f'href="{page_of(edition, 2)}"' not in after


class TestPublic:
    def test_the_corrections_are_told_and_the_earlier_content_is_not(
        self, client: Client, edition: Edition
    ) -> None:
        html = text_of(client, f"/990019/plan/{edition.year.year}/")
        record = html.split('id="record"')[1]
        assert record.index("第2号") < record.index("題名と件数の誤りを直しました。") < record.index("第1号")
        assert "令和8年9月3日" in record
        assert "電子申請の拡大" not in html
        assert "cli:tester" not in html

    def test_what_was_taken_back_is_not_in_the_record(
        self, mihon: Town, client: Client, edition: Edition
    ) -> None:
        take_back(mihon, edition, SECOND + dt.timedelta(days=1))
        publish(mihon, plan("電子申請の推進", "90手続"), SECOND + dt.timedelta(days=3))
        record = text_of(client, f"/990019/plan/{edition.year.year}/").split('id="record"')[1]
        assert "第4号" in record
        assert "第2号" not in record


class TestCommand:
    def export(self, *more: str) -> int:
        return main(["plan", "export", "--municipality", "990019", *more])

    @pytest.mark.parametrize(
        ("asked", "title"),
        [
            (("--number", "1"), "電子申請の拡大"),
            (("--number", "2", "--edition", "令和6年度版"), "電子申請の普及"),
            (("--on", "2026-10-01"), "電子申請の拡大"),
            (("--on", "令和8年10月2日"), "電子申請の普及"),
            (("--on", "2026-10-02", "--edition", "令和6年度版"), "電子申請の普及"),
            ((), "電子申請の普及"),
        ],
    )
    def test_what_was_public(
        self, edition: Edition, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], title: str
    ) -> None:
        with clock.frozen(SECOND + dt.timedelta(days=30)):
            assert self.export("--published", *asked) == 0
        assert json.loads(capsys.readouterr().out)["initiatives"][0]["title"] == title

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (("--number", "3"), "第3号はありません"),
            (("--number", str(10**30)), "ありません"),
            (("--number", "1", "--edition", "平成6年度版"), "「平成6年度版」という版はありません"),
            (("--on", "2026-09-02"), "令和8年9月2日に公表中だった計画はありません"),
            (("--on", "2026-12-31"), "まだ来ていません"),
        ],
    )
    def test_what_is_not_there(
        self, edition: Edition, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], told: str
    ) -> None:
        with clock.frozen(SECOND + dt.timedelta(days=30)):
            assert self.export("--published", *asked) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert told in err

    def test_nothing_stood_after_the_take_back(
        self, mihon: Town, edition: Edition, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gone = SECOND + dt.timedelta(days=1)
        take_back(mihon, edition, gone)
        with clock.frozen(gone + dt.timedelta(days=1)):
            assert self.export("--published", "--on", gone.date().isoformat()) == 1
            assert self.export("--published", "--number", "3") == 1
            assert "取下げ" in capsys.readouterr().err
            assert self.export("--published", "--on", SECOND.date().isoformat()) == 0

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--number", "1"),
            ("--on", "2026-10-01"),
            ("--published", "--on", "きのう"),
            ("--published", "--number", "1", "--on", "2026-10-01"),
        ],
    )
    def test_wrong_usage(self, wrong: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as caught:
            self.export(*wrong)
        assert caught.value.code == 2
        assert capsys.readouterr().err


def test_differences_of_two_states() -> None:
    one, two, three = (public_form(initiative(str(n), f"見本{n}")) for n in (1, 2, 3))
    first, second, third = (UUID(int=n) for n in (1, 2, 3))
    before = State({"levels": ["柱"], "nodes": []}, {first: one, second: two})
    after = State({"levels": ["区分"], "nodes": []}, {third: three, second: {**two, "title": "見本二"}})
    found = compare(before, after)
    assert found.new == ((third, "3", "見本3"),)
    assert found.removed == (("1", "見本1"),)
    assert [(row.id, [(c.key, c.before, c.after) for c in row.changes]) for row in found.edited] == [
        (second, [(("title",), "見本2", "見本二")])
    ]
    assert found.head == ("階層の名前",)
    assert found.count == 3
    assert compare(after, after).count == 0
    assert compare(None, after).count == 2
