"""Pages of plans without a document, of the tree and of the plan's own words, as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition
from yakuba.services.plan.models import Edition, Initiative, Placement, Plan

pytestmark = pytest.mark.django_db

HERE = "/990019/desk/plan/"
INPUT = re.compile(r"<input\b[^>]*>")
VALUE = re.compile(r'\bvalue="([^"]*)"')
NAME = re.compile(r'\bname="([^"]*)"')


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [
        initiative("1", "電子申請", kind="advance", placements=[{"path": ["1", "1-1"], "primary": True}]),
        initiative("2", "閉じた窓口", kind="advance", flags=["abolished"], progress="廃止"),
        initiative("3", "地図", kind="operate", placements=[{"path": ["2"], "primary": True}]),
    ]
    given = document(rows, edition="令和6年度版")
    given["levels"] = ["基本目標", "基本施策"]
    given["stated"] = {"progress": {"廃止": 1}, "counts": {"advance": 3}}
    given["bodies"] = [
        {"name": "本部", "members": [{"role": "本部長", "post": "副市長"}], "duties": ["調整"], "rule": None}
    ]
    given["plan"]["sections"] = [{"number": "1", "title": "目的", "text": "一行目\n二行目"}]
    made = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    return Edition.unscoped.get(pk=made.pk)


@pytest.fixture
def client(mihon: Town) -> Client:
    made = Client()
    sign_in(made, mihon.account("plan_secretariat"))
    return made


def fields(answer: HttpResponse) -> dict[str, str]:
    """Every field of the first repeating form with what stands in it."""
    text = answer.content.decode()
    found = {}
    for tag in INPUT.findall(text):
        name, value = NAME.search(tag), VALUE.search(tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        found[name[1]] = unescape(value[1]) if value else "1"
    for name, body in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        found[name] = unescape(body)
    for name, body in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


# --- plans and editions ---------------------------------------------------------------------------------------------------


def test_a_plan_is_begun_in_a_form(client: Client, edition: Edition) -> None:
    page = client.get(f"{HERE}new/").content.decode()
    assert "みほん市情報化推進計画" in page, "a plan that may be the former one"
    sent = {
        "title": "みほん市DX推進計画", "first_year": "令和8年度", "last_year": "R11", "levels": "柱\r\n施策\r\n",
        "before": "みほん市情報化推進計画", "others": "第1次計画", "label": "", "year": "",
    }  # fmt: skip
    answer = client.post(f"{HERE}new/", sent)
    made = Edition.unscoped.get(plan__title="みほん市DX推進計画")
    assert (answer.status_code, answer.url) == (303, f"{HERE}editions/{made.pk}/tree/")
    assert made.levels == ["柱", "施策"]
    assert made.prose == {"predecessors": ["みほん市情報化推進計画", "第1次計画"]}


def test_what_was_typed_stays_beside_its_error(client: Client) -> None:
    sent = {"title": "計画", "first_year": "R8", "last_year": "R7", "levels": "柱\n施策"}
    answer = client.post(f"{HERE}new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_last_year-error"' in page
    assert "柱\n施策" in page
    assert client.post(f"{HERE}new/", {**sent, "first_year": "いつか"}).status_code == 422
    assert not Plan.unscoped.exists()


def test_a_year_that_is_taken_is_named_before_and_can_be_taken_all_the_same(
    client: Client, mihon: Town, edition: Edition
) -> None:
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    sent = {"title": "みほん市DX推進計画", "first_year": "R6", "last_year": "R11", "label": "", "year": ""}
    told = "令和6年度には「みほん市情報化推進計画 令和6年度版」が公表されています。"
    asked = client.post(f"{HERE}new/", sent)
    assert told in asked.content.decode()
    assert Edition.unscoped.count() == 1
    seen = fields(asked)["taken"]
    assert (
        client.post(f"{HERE}new/", {**sent, "first_year": "R5", "year": "R5", "taken": seen}).status_code
        == 303
    )
    Edition.unscoped.exclude(pk=edition.pk).delete()
    Plan.unscoped.filter(title="みほん市DX推進計画").delete()
    assert client.post(f"{HERE}new/", {**sent, "taken": seen}).status_code == 303
    made = Edition.unscoped.get(plan__title="みほん市DX推進計画")
    about = f"{HERE}editions/{made.pk}/about/"
    assert told in client.get(about).content.decode(), "it stays to be read"
    assert told not in client.get(f"{HERE}editions/{edition.pk}/about/").content.decode()
    free = {**sent, "last_year": "令和11年度", "version": "1", "year": "R7"}
    assert client.post(about, free).status_code == 303
    assert told not in client.get(about).content.decode()
    back = {**free, "version": "2", "year": "R6"}
    asked = client.post(about, back)
    assert told in asked.content.decode()
    made.refresh_from_db()
    assert made.year.year == 2025
    assert client.post(about, {**back, "taken": fields(asked)["taken"]}).status_code == 303


def test_the_next_edition_of_a_year_that_is_taken(client: Client, mihon: Town, edition: Edition) -> None:
    given = document([initiative("1", "別の取組")], edition="令和7年度版", title="別の計画", first_year=2025)
    other = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    publish_edition(mihon.ctx("cli"), other, PublishEdition())
    there = f"{HERE}editions/{edition.pk}/next/"
    sent = {"version": str(edition.version), "year": "R7", "label": "令和7年度版"}
    asked = client.post(there, sent)
    assert "令和7年度には「別の計画 令和7年度版」が公表されています。" in asked.content.decode()
    assert not Edition.unscoped.filter(plan=edition.plan_id, year=2025).exists()
    assert client.post(there, {**sent, "taken": fields(asked)["taken"]}).status_code == 303


def test_what_ended_is_named_before_the_next_edition_is_made(client: Client, edition: Edition) -> None:
    page = client.get(f"{HERE}editions/{edition.pk}/next/")
    text = page.content.decode()
    assert "終わる・移る取組（1件）" in text
    assert "続く取組（2件）" in text
    known = fields(page)
    assert (known["year"], known["label"]) == ("令和7年度", "令和7年度版")
    ways = {name: value for name, value in known.items() if name.startswith("way-")}
    assert sorted(ways.values()) == ["abolished", "continued", "continued"]
    answer = client.post(
        f"{HERE}editions/{edition.pk}/next/",
        {"version": known["version"], "year": "R7", "label": "令和7年度版", **ways},
    )
    made = Edition.unscoped.get(label="令和7年度版")
    assert answer.url == f"{HERE}editions/{made.pk}/contrast/"
    assert list(Initiative.unscoped.filter(edition=made).values_list("title", flat=True)) == [
        "電子申請",
        "地図",
    ]
    carried = Initiative.unscoped.get(edition=made, number="1")
    origin = Initiative.unscoped.get(edition=edition, number="1")
    shown = client.get(f"{HERE}initiatives/{carried.pk}/").content.decode()
    assert f'<a href="{HERE}initiatives/{origin.pk}/">令和6年度版 推進1から</a>' in shown
    assert 'id="came-from"' not in client.get(f"{HERE}initiatives/{origin.pk}/").content.decode()
    Initiative.unscoped.filter(pk=carried.pk).update(
        lineage=[{"event": "moved", "year": 2025, "from": {"year": 2020, "kind": None, "number": "9"}}]
    )
    assert "<span>令和2年度 9から</span>" in client.get(f"{HERE}initiatives/{carried.pk}/").content.decode()
    early = client.post(
        f"{HERE}editions/{edition.pk}/next/",
        {"version": known["version"], "year": "R6", "label": "もう一度", **ways},
    )
    assert early.status_code == 422
    assert 'id="id_year-error"' in early.content.decode()
    again = client.post(
        f"{HERE}editions/{edition.pk}/next/",
        {
            "version": known["version"],
            "year": "R7",
            "label": "令和7年度版",
            **dict.fromkeys(ways, "completed"),
        },
    )
    assert again.status_code == 422
    assert again.content.decode().count('value="completed" selected') == 3, "the choice stays"


def test_names_and_years_are_changed_and_a_draft_is_thrown_away(client: Client, edition: Edition) -> None:
    about = f"{HERE}editions/{edition.pk}/about/"
    sent = {
        "version": "1", "title": "新しい名前", "first_year": "R6", "last_year": "R9", "label": "第1版", "year": "R7",
    }  # fmt: skip
    assert client.post(about, {**sent, "version": "9"}).status_code == 409
    assert client.post(about, sent).status_code == 303
    edition.refresh_from_db()
    assert (edition.label, edition.year.year, edition.plan.title) == ("第1版", 2025, "新しい名前")
    away = f"{HERE}editions/{edition.pk}/delete/"
    refused = client.post(away, {"version": "2", "reason": ""})
    assert refused.status_code == 422
    assert 'id="id_reason-error"' in refused.content.decode()
    assert client.post(away, {"version": "2", "reason": "作り間違い"}).status_code == 303
    assert not Edition.unscoped.exists()


def test_whoever_only_reads_sees_no_forms(mihon: Town, edition: Edition) -> None:
    staff = Client()
    sign_in(staff, mihon.account("staff"))
    for page in ("about/", "tree/", "text/"):
        answer = staff.get(f"{HERE}editions/{edition.pk}/{page}")
        assert answer.status_code == 200
        assert 'method="post"' not in answer.content.decode().partition("<main")[2]
    for page in ("next/", "text/terms/"):
        assert staff.get(f"{HERE}editions/{edition.pk}/{page}").status_code == 403
    assert staff.get(f"{HERE}new/").status_code == 403


# --- the tree -----------------------------------------------------------------------------------------------------------


def test_the_outline_says_what_stands_where(client: Client, edition: Edition) -> None:
    text = client.get(f"{HERE}editions/{edition.pk}/tree/").content.decode()
    assert "基本目標 ＞ 基本施策" in text
    assert text.index('id="n0"') < text.index('class="depth-1" id="n1"') < text.index('id="n2"')
    assert text.count("取組1件") == 2


def test_nodes_come_change_and_go(client: Client, edition: Edition) -> None:
    here = f"{HERE}editions/{edition.pk}/tree/"
    add = {"do": "add", "version": "1", "parent": '["1"]', "code": "1-2", "title": "窓口", "text": ""}
    assert client.post(here, add).status_code == 303
    edit = {"do": "edit", "version": "2", "at": '["1"]', "code": "ア", "title": "市民", "text": "本文"}
    assert client.post(here, edit).status_code == 303
    assert client.post(here, {"do": "down", "version": "3", "at": '["ア"]'}).status_code == 303
    under = {"do": "under", "version": "4", "at": '["ア", "1-2"]', "parent": '["2"]'}
    assert client.post(here, under).status_code == 303
    found = [node.path for node in queries.Node.unscoped.filter(edition=edition).order_by("position")]
    assert found == [["2"], ["2", "1-2"], ["ア"], ["ア", "1-1"]]
    assert Placement.unscoped.get(initiative__number="1").path == ["ア", "1-1"]
    refused = client.post(here, {"do": "remove", "version": "5", "at": '["ア", "1-1"]'})
    assert refused.status_code == 422
    assert "「1 電子申請」" in refused.content.decode()


def test_a_wrong_node_is_shown_again_as_it_was_typed(client: Client, edition: Edition) -> None:
    here = f"{HERE}editions/{edition.pk}/tree/"
    sent = {"do": "edit", "version": "1", "at": '["2"]', "code": "1", "title": "地図と統計", "text": ""}
    answer = client.post(here, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_n2-code"' in text
    assert 'value="地図と統計"' in text
    for at in ("x", "[1]", '["9"]', ""):
        assert client.post(here, {**sent, "at": at}).status_code in (404, 422)
    assert client.post(here, {"do": "x", "version": "1"}).status_code == 422
    assert client.post(here, {**sent, "version": ""}).status_code == 422


# --- the plan's own words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["sections", "terms", "related", "predecessors", "bodies", "stated"])
def test_a_form_saved_as_it_is_changes_nothing(client: Client, edition: Edition, part: str) -> None:
    here = f"{HERE}editions/{edition.pk}/text/{part}/"
    before = queries.document(edition, "990019", "みほん市")
    assert client.post(here, {**fields(client.get(here)), "do": "save"}).status_code == 303
    fresh = Edition.unscoped.get(pk=edition.pk)
    assert queries.document(fresh, "990019", "みほん市") == before
    assert fresh.version == edition.version


def test_rows_are_added_changed_and_taken_out(client: Client, edition: Edition) -> None:
    here = f"{HERE}editions/{edition.pk}/text/bodies/"
    sent = fields(client.get(here))
    sent |= {
        "do": "save",
        "r0-duties": "調整\n決定",
        "r1-name": "部会",
        "r1-members": "部会長：DX推進課長\r\n各課の職員",
    }
    assert client.post(here, sent).status_code == 303
    edition.refresh_from_db()
    assert edition.bodies == [
        {
            "name": "本部",
            "members": [{"role": "本部長", "post": "副市長"}],
            "duties": ["調整", "決定"],
            "rule": None,
        },
        {
            "name": "部会",
            "members": [{"role": "部会長", "post": "DX推進課長"}, {"role": None, "post": "各課の職員"}],
            "duties": [],
            "rule": None,
        },
    ]
    sent = fields(client.get(here))
    assert client.post(here, {**sent, "do": "save", "r0-gone": "1"}).status_code == 303
    edition.refresh_from_db()
    assert [body["name"] for body in edition.bodies] == ["部会"]


def test_what_is_stated_stands_beside_what_is_counted(client: Client, edition: Edition) -> None:
    text = client.get(f"{HERE}editions/{edition.pk}/text/").content.decode()
    assert "計画書には3件、数えると2件です。" in text
    assert "計画書も、数えても、1件です。" in text
    here = f"{HERE}editions/{edition.pk}/text/stated/"
    sent = fields(client.get(here))
    sent |= {"do": "save", "r2-what": "total", "r2-number": "３"}
    assert client.post(here, sent).status_code == 303
    edition.refresh_from_db()
    assert edition.stated["counts"] == {"advance": 3, "total": 3}
    wrong = fields(client.get(here)) | {"do": "save", "r3-what": "total", "r3-number": "4"}
    refused = client.post(here, wrong)
    assert refused.status_code == 422
    assert 'id="id_r3-what-error"' in refused.content.decode()


def test_somebody_else_changed_the_same_part(client: Client, edition: Edition) -> None:
    here = f"{HERE}editions/{edition.pk}/text/terms/"
    first, second = fields(client.get(here)), fields(client.get(here))
    first |= {"do": "save", "r0-term": "DX", "r0-text": "変革"}
    assert client.post(here, first).status_code == 303
    second |= {"do": "save", "r0-term": "RPA", "r0-text": "自動化"}
    late = client.post(here, second)
    text = late.content.decode()
    assert late.status_code == 409
    assert "変革" in text
    assert 'value="RPA"' in text
    other = f"{HERE}editions/{edition.pk}/text/related/"
    sent = {**fields(client.get(other)), "do": "save", "r0-title": "総合計画", "version": "1"}
    assert client.post(other, sent).status_code == 303, "another part's change is no conflict"
    assert client.get(f"{HERE}editions/{edition.pk}/text/nothing/").status_code == 404
