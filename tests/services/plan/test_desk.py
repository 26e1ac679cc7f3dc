"""The staff's pages: correcting beside the source, conflicts, the same form twice, publishing."""

from __future__ import annotations

import copy
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan import queries
from yakuba.services.plan.actions import (
    CorrectField,
    ImportDocument,
    LinkOffice,
    PublishEdition,
    correct_field,
    import_document,
    link_office,
    publish_edition,
)
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, object]]:
    office = [{"name": "見本課", "role": "lead", "doubtful": False}]
    return [
        initiative(
            "1",
            "電子申請の拡大",
            values=["75手続", "約90手続"],
            texts={"approach": "受付を広げる"},
            offices=office,
            doubts=[
                {
                    "field": "indicators[0].values[1].number",
                    "code": "several-numbers",
                    "candidates": ["90", "91", "九十"],
                    "note": "一つの欄に数が複数あります。",
                },
                {
                    "field": "title",
                    "code": "odd-content",
                    "candidates": ["電子申請の普及"],
                    "note": "題名の確認",
                },
            ],
        ),
        initiative("2", "公開地図の充実", values=["14"], offices=office),
    ]


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 with a draft."""
    town = make_town("990019", "みほん市")
    return town, import_document(town.ctx("cli"), None, ImportDocument(document(rows())))


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


@pytest.fixture
def secretariat(mihon: Town) -> Client:
    return signed_in(mihon, "plan_secretariat")


def signed_in(town: Town, role: str, office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def page_of(row: Initiative) -> str:
    return f"/990019/desk/plan/initiatives/{row.pk}/"


def hidden(page: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, name
    return found[1]


def form_of(client: Client, row: Initiative, path: str) -> dict[str, str]:
    """What the form of a field would send, unchanged."""
    page = client.get(page_of(row), {"edit": path})
    assert page.status_code == 200
    text = page.content.decode()
    form = re.search(r"<form class=\"form\"[^>]*data-edit>(.*?)</form>", text, re.DOTALL)
    assert form
    names = dict(re.findall(r'name="(path|version|was|idempotency_key)" value="([^"]*)"', form[1]))
    return {**names, "reason": ""}


def test_pages_answer(secretariat: Client, edition: Edition, row: Initiative) -> None:
    draft = f"/990019/desk/plan/editions/{edition.pk}/"
    for address in (
        "/990019/desk/plan/",
        draft,
        f"{draft}?filter.state=doubt&q=電子",
        f"{draft}notes/",
        f"{draft}offices/",
        f"{draft}publish/",
        f"{draft}sheet/",
        page_of(row),
        "/990019/desk/plan/imports/",
        "/990019/desk/plan/imports/new/",
    ):
        assert secretariat.get(address).status_code == 200, address


def test_another_city_finds_nothing(karina: Town, edition: Edition, row: Initiative) -> None:
    client = signed_in(karina, "plan_secretariat")
    for address in (f"editions/{edition.pk}/", f"initiatives/{row.pk}/", f"editions/{edition.pk}/publish/"):
        assert client.get(f"/990027/desk/plan/{address}").status_code == 404, address
        assert client.get(f"/990019/desk/plan/{address}").status_code == 404, address


def test_staff_see_no_way_to_change_anything(mihon: Town, edition: Edition, row: Initiative) -> None:
    text = signed_in(mihon, "staff").get(page_of(row)).content.decode()
    assert "見るだけの画面" in text
    assert "?edit=" not in text
    assert "このとおりでよい" not in text
    draft = signed_in(mihon, "staff").get(f"/990019/desk/plan/editions/{edition.pk}/").content.decode()
    assert "公表の準備をする" not in draft
    assert "訂正した表を取り込む" not in draft


def test_a_field_is_corrected_and_says_by_whom(mihon: Town, secretariat: Client, row: Initiative) -> None:
    form = form_of(secretariat, row, "title")
    done = secretariat.post(f"{page_of(row)}correct/", {**form, "value": "電子申請の普及", "reason": "誤読"})
    assert done.status_code == 303
    assert done.url == f"{page_of(row)}#field-title"
    row.refresh_from_db()
    assert row.title == "電子申請の普及"
    assert all(doubt["field"] != "title" for doubt in row.doubts)
    text = secretariat.get(page_of(row)).content.decode()
    assert f"訂正 {mihon.account('plan_secretariat').person.name}" in text
    assert "理由：誤読" in text
    assert "<del>電子申請の拡大</del>" in text


def test_the_same_form_twice_changes_once(secretariat: Client, row: Initiative) -> None:
    form = {**form_of(secretariat, row, "title"), "value": "電子申請の普及"}
    assert secretariat.post(f"{page_of(row)}correct/", form).status_code == 303
    assert secretariat.post(f"{page_of(row)}correct/", form).status_code == 303
    row.refresh_from_db()
    assert row.version == 2
    assert TrailEntry.unscoped.filter(action="plan.correct_field", kind="done").count() == 1


def test_a_form_that_does_not_say_what_it_saw_is_refused(
    secretariat: Client, edition: Edition, row: Initiative
) -> None:
    draft = f"/990019/desk/plan/editions/{edition.pk}/"
    correcting = (f"{page_of(row)}correct/", {"path": "title", "value": "題名"})
    tried = [(*correcting, {"version": version}) for version in ("", "x", "１", "-1", "1" * 10)]
    for address, sent in (
        correcting,
        (f"{draft}publish/now/", {"note": ""}),
        (f"{draft}publish/withdraw/", {"withdraw_note": "わけ"}),
        (f"{draft}offices/link/", {"name": "見本課", "office": ""}),
    ):
        tried += [(address, sent, {}), (address, sent, {"version": "x"})]
    for address, sent, seen in tried:
        told = secretariat.post(address, {**sent, **seen})
        assert told.status_code == 422, (address, seen)
        assert "画面を開き直して" in told.content.decode(), (address, seen)
    row.refresh_from_db()
    assert row.title == "電子申請の拡大"


def test_a_correction_that_changes_nothing_leaves_no_trace(secretariat: Client, row: Initiative) -> None:
    form = form_of(secretariat, row, "title")
    done = secretariat.post(f"{page_of(row)}correct/", {**form, "value": " 電子申請の拡大 "})
    assert done.status_code == 303
    row.refresh_from_db()
    assert row.version == 1
    assert row.corrected == {}
    assert not TrailEntry.unscoped.filter(action="plan.correct_field").exists()


@pytest.mark.parametrize(
    "path", ["id", "sources", "indicators[00].name", "indicators[０].name", "title.x", "a" * 9000]
)
def test_only_a_cell_that_can_be_corrected_opens(secretariat: Client, row: Initiative, path: str) -> None:
    page = secretariat.get(page_of(row), {"edit": path})
    assert page.status_code == 200
    assert "data-edit" not in page.content.decode()


def test_the_second_clerk_is_told_and_loses_nothing(
    mihon: Town, secretariat: Client, row: Initiative
) -> None:
    first, second = form_of(secretariat, row, "title"), form_of(secretariat, row, "title")
    assert secretariat.post(f"{page_of(row)}correct/", {**first, "value": "先の題名"}).status_code == 303
    told = secretariat.post(f"{page_of(row)}correct/", {**second, "value": "後の題名", "reason": "わけ"})
    text = told.content.decode()
    assert told.status_code == 409
    assert "先の題名" in text
    assert "後の題名" in text
    assert 'value="わけ"' in text
    assert "自分の入力で上書きする" in text
    row.refresh_from_db()
    assert row.title == "先の題名"
    again = {name: hidden(told, name) for name in ("version", "was", "idempotency_key")}
    answer = secretariat.post(f"{page_of(row)}correct/", {**again, "path": "title", "value": "後の題名"})
    assert answer.status_code == 303
    row.refresh_from_db()
    assert row.title == "後の題名"


def test_another_field_of_the_row_is_no_conflict(secretariat: Client, row: Initiative) -> None:
    title, text = form_of(secretariat, row, "title"), form_of(secretariat, row, "texts.approach")
    assert secretariat.post(f"{page_of(row)}correct/", {**title, "value": "題名"}).status_code == 303
    assert secretariat.post(f"{page_of(row)}correct/", {**text, "value": "本文"}).status_code == 303
    row.refresh_from_db()
    assert (row.title, row.texts["approach"]) == ("題名", "本文")


def test_a_refused_text_stays_in_the_form(secretariat: Client, row: Initiative) -> None:
    form = form_of(secretariat, row, "title")
    told = secretariat.post(f"{page_of(row)}correct/", {**form, "value": " ", "reason": "わけ"})
    assert told.status_code == 422
    assert "空にはできません" in told.content.decode()
    assert 'value="わけ"' in told.content.decode()


def test_doubts_stand_first_with_the_candidates_that_can_be_taken(
    secretariat: Client, row: Initiative
) -> None:
    text = secretariat.get(page_of(row)).content.decode()
    assert text.index("確認が要る項目（2）") < text.index("<h2>基本</h2>")
    assert "「91」にする" in text
    assert "「九十」にする" not in text, "what could not be saved is not offered"
    path = "indicators[0].values[1].number"
    done = secretariat.post(
        f"{page_of(row)}correct/", {"path": path, "value": "91", "version": "1", "was": ""}
    )
    assert done.status_code == 303
    form = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))
    assert form["indicators"][0]["values"][1]["number"] == "91"
    assert form["indicators"][0]["values"][1]["raw"] == "約90手続", "what is printed stays"


def test_a_reading_is_confirmed(secretariat: Client, row: Initiative) -> None:
    assert secretariat.post(f"{page_of(row)}confirm/", {"path": "title"}).status_code == 303
    row.refresh_from_db()
    assert row.title == "電子申請の拡大"
    assert "title" in row.corrected
    assert [doubt["field"] for doubt in row.doubts] == ["indicators[0].values[1].number"]
    page = secretariat.get(page_of(row)).content.decode()
    assert "読み取りのとおりと確かめました" in page
    assert row.corrected["title"]["confirmed"] is True
    assert f"読み取りのとおり {row.corrected['title']['by']}" in page
    assert f"訂正 {row.corrected['title']['by']}" not in page
    assert secretariat.post(f"{page_of(row)}confirm/", {"path": "title"}).status_code == 422


def test_offices_are_linked_and_their_editors_may_correct(
    mihon: Town, secretariat: Client, edition: Edition, row: Initiative
) -> None:
    editor = signed_in(mihon, "plan_editor")
    assert "?edit=" not in editor.get(page_of(row)).content.decode()
    offices = f"/990019/desk/plan/editions/{edition.pk}/offices/"
    assert "見本課" in secretariat.get(offices).content.decode()
    unit = str(mihon.offices["own"].pk)
    linked = secretariat.post(f"{offices}link/", {"name": "見本課", "office": unit, "version": "1"})
    assert linked.status_code == 303
    assert "?edit=" in editor.get(page_of(row)).content.decode()
    wrong = secretariat.post(f"{offices}link/", {"name": "ない課", "office": unit, "version": "2"})
    assert wrong.status_code == 422
    assert editor.post(f"{offices}link/", {"name": "見本課", "office": "", "version": "2"}).status_code == 403


def test_a_slip_stays_in_what_is_to_be_checked_until_somebody_decides(
    secretariat: Client, row: Initiative
) -> None:
    path = "indicators[0].values[0].raw"
    form = {**form_of(secretariat, row, path), "value": "ななじゅうご"}
    assert secretariat.post(f"{page_of(row)}correct/", form).status_code == 303
    row.refresh_from_db()
    assert [doubt["code"] for doubt in row.doubts if doubt["field"] == path] == ["unread-value"]
    assert "値なし" in secretariat.get(page_of(row)).content.decode()
    assert secretariat.post(f"{page_of(row)}confirm/", {"path": path}).status_code == 303
    row.refresh_from_db()
    assert not [doubt for doubt in row.doubts if doubt["field"] == path]


def test_a_progress_word_means_what_the_edition_means_by_it(mihon: Town, row: Initiative) -> None:
    Initiative.unscoped.filter(number="2").update(progress="星ふたつ", progress_meaning="behind")
    correct_field(mihon.ctx("cli"), row, CorrectField("progress", "星ふたつ"))
    row.refresh_from_db()
    assert row.progress_meaning == "behind"


def test_an_office_with_another_name_is_linked_to_the_unit_of_that_name(
    mihon: Town, secretariat: Client, edition: Edition, row: Initiative
) -> None:
    own, other = mihon.offices["own"].pk, mihon.offices["other"].pk
    link_office(mihon.ctx("cli"), edition, LinkOffice("見本課", str(own)))
    names = office_names([own, other], japan_date(clock.now()))
    opened = secretariat.get(page_of(row), {"edit": "offices[0].name"}).content.decode()
    assert f"「{names[own]}」に結ばれています" in opened
    correct_field(mihon.ctx("cli"), row, CorrectField("offices[0].name", names[other]))
    assert row.offices.get().office_id == other
    correct_field(mihon.ctx("cli"), row, CorrectField("offices[0].name", "どこにもない課"))
    assert row.offices.get().office_id is None
    assert (
        "に結ばれています" not in secretariat.get(page_of(row), {"edit": "offices[0].name"}).content.decode()
    )


def test_publishing_shows_what_changes_and_withdrawing_asks_why(
    mihon: Town, secretariat: Client, edition: Edition, row: Initiative
) -> None:
    page = f"/990019/desk/plan/editions/{edition.pk}/publish/"
    first = secretariat.get(page)
    assert "はじめて公表されます" in first.content.decode()
    assert "はじめて公表する" in secretariat.get("/990019/desk/").content.decode()
    assert "公表されたものは、まだありません" in Client().get("/990019/").content.decode()
    assert "<summary>同じ内容" not in first.content.decode()
    form = {
        "version": hidden(first, "version"),
        "note": "",
        "idempotency_key": hidden(first, "idempotency_key"),
    }
    assert secretariat.post(f"{page}now/", form).status_code == 303
    assert secretariat.post(f"{page}now/", form).status_code == 303
    assert Publication.unscoped.count() == 1, "the same form twice publishes once"
    assert "<summary>同じ内容をもう一度公表する</summary>" in secretariat.get(page).content.decode()
    correct_field(mihon.ctx("cli"), row, CorrectField("title", "電子申請の普及"))
    text = secretariat.get(page).content.decode()
    assert "<del>電子申請の拡大</del>" in text
    assert "<ins>電子申請の普及</ins>" in text
    stale = secretariat.post(f"{page}now/", {**form, "idempotency_key": "another"})
    assert stale.status_code == 409
    version = hidden(secretariat.get(page), "version")
    refused = secretariat.post(f"{page}withdraw/", {"withdraw_note": "", "version": version})
    assert refused.status_code == 422
    assert "「取り下げる理由」が空です" in refused.content.decode()
    assert (
        secretariat.post(f"{page}withdraw/", {"withdraw_note": "確認のため", "version": version}).status_code
        == 303
    )
    withdrawn = secretariat.get(page).content.decode()
    assert "取下げ" in withdrawn
    assert "もう一度公表されます" in withdrawn
    work = secretariat.get("/990019/desk/").content.decode()
    assert "もう一度公表する" in work
    assert "はじめて公表する" not in work
    front = Client().get("/990019/").content.decode()
    assert "いま公表している計画はありません" in front


def test_the_list_of_editions_counts(mihon: Town, secretariat: Client, edition: Edition) -> None:
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    text = secretariat.get("/990019/desk/plan/").content.decode()
    assert "みほん市情報化推進計画 令和6年度" in text
    assert "第1号" in text
    assert "公表中" in text
    assert secretariat.get("/990019/desk/plan/editions.csv").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    mihon: Town, django_assert_max_num_queries: object
) -> None:
    many = [initiative(str(n), f"取組{n}", values=["1"]) for n in range(60)]
    found = import_document(mihon.ctx("cli"), None, ImportDocument(document(many)))
    client = signed_in(mihon, "plan_secretariat")
    draft = f"/990019/desk/plan/editions/{found.pk}/"
    row = Initiative.unscoped.filter(edition=found).first()
    client.get(draft)
    for address in (draft, f"{draft}publish/", f"/990019/desk/plan/initiatives/{row.pk}/"):
        with django_assert_max_num_queries(40):  # type: ignore[operator]  # a fixture that is called
            client.get(address)
