"""The forms of an initiative's parts as a browser without JavaScript uses them."""

from __future__ import annotations

import copy
import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.services.plan.forms import document, indicator, initiative, value
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan import queries
from yakuba.services.plan.actions import (
    CorrectField,
    EditPart,
    ImportDocument,
    correct_field,
    edit_part,
    import_document,
)
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice, Revision

pytestmark = pytest.mark.django_db

PARTS = (
    *("head", "offices", "placements", "tags", "texts", "items", "stages", "lineage", "indicators"),
    *("values-0", "values-1"),
)


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 with a draft."""
    rows = [
        initiative(
            "1",
            "電子申請の拡大",
            progress="順調",
            progress_meaning="on_track",
            offices=[
                {"name": "見本課", "role": "lead", "doubtful": False},
                {"name": "例示課", "role": "related", "doubtful": False},
            ],
            placements=[{"path": ["市民"], "primary": True}],
            tags={"SDGs": ["9", "11"]},
            texts={"purpose": "目的です。\n二行目。", "target_state": ["一つ目", "二つ目"]},
            items=[{"number": "①", "text": "洗い出し", "offices": ["見本課"]}],
            stages={"2024": "検討", "2025": "試行"},
            lineage=[
                {"event": "moved", "year": 2024, "from": {"year": 2023, "kind": "advance", "number": "14"}}
            ],
            indicators=[
                indicator(
                    "手続の数",
                    [value("38手続", 2023, number="38"), value("110手続", 2026, "target", number="110")],
                    unit="手続",
                ),
                indicator("調査", [value("検討", 2024, state="検討")]),
            ],
        ),
        initiative("2", "地図", placements=[{"path": ["安全"], "primary": True}]),
    ]
    town = make_town("990019", "みほん市")
    made = import_document(town.ctx("cli"), None, ImportDocument(document(rows)))
    InitiativeOffice.unscoped.filter(name="見本課").update(office=town.offices["own"])
    return town, made


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


def signed_in(town: Town, role: str, office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


@pytest.fixture
def editor(mihon: Town) -> Client:
    return signed_in(mihon, "plan_editor")


def address(row: Initiative, slug: str) -> str:
    return f"/990019/desk/plan/initiatives/{row.pk}/edit/{slug}/"


def form_of(page: HttpResponse) -> dict[str, str]:
    """What the form of a part would send, unchanged (single values)."""
    text = page.content.decode()
    form = re.search(r'<form class="form repeat".*?</form>', text, re.DOTALL)
    assert form
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form[0]):
        name = re.search(r'name="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        assert name
        if kind and kind[1] == "checkbox" and " checked" not in tag:
            continue
        given = re.search(r'value="([^"]*)"', tag)
        found[name[1]] = unescape(given[1]) if given else ""
    for name, inside in re.findall(r'<select [^>]*name="([^"]*)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, inside in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL
    ):
        found[name] = unescape(inside)
    found.pop("csrfmiddlewaretoken", None)
    return {**found, "do": "save"}


def current(row: Initiative) -> dict[str, object]:
    row.refresh_from_db()
    return queries.initiative_form(row)


@pytest.mark.parametrize("slug", PARTS)
def test_a_form_saved_as_it_is_changes_nothing(editor: Client, row: Initiative, slug: str) -> None:
    before = current(row)
    page = editor.get(address(row, slug))
    assert page.status_code == 200
    done = editor.post(address(row, slug), form_of(page))
    assert done.status_code == 303, done.content.decode()[:3000]
    assert current(row) == before
    assert row.version == 1
    assert not TrailEntry.unscoped.filter(action="plan.edit_part").exists()


def test_every_part_is_reached_from_the_page(editor: Client, row: Initiative) -> None:
    text = editor.get(f"/990019/desk/plan/initiatives/{row.pk}/").content.decode()
    for slug in PARTS:
        assert f'href="{address(row, slug)}"' in text, slug


def test_a_row_is_added_another_goes_and_they_change_places(editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "offices")))
    form |= {"r0-gone": "1", "r1-role": "lead", "r2-name": "新設課", "r2-role": "related", "r2-order": "1"}
    form["r1-order"], form["reason"] = "2", "組織改正"
    assert editor.post(address(row, "offices"), form).status_code == 303
    found = current(row)["offices"]
    assert found == [
        {"name": "新設課", "role": "related", "doubtful": False},
        {"name": "例示課", "role": "lead", "doubtful": False},
    ]
    assert TrailEntry.unscoped.get(action="plan.edit_part", kind="done").reason == "組織改正"


def test_more_rows_keep_what_was_typed(editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "items")))
    form |= {"r1-text": "新しい事項", "do": "more"}
    page = editor.post(address(row, "items"), form)
    assert page.status_code == 200
    again = form_of(page)
    assert again["r1-text"] == "新しい事項"
    assert int(again["rows"]) == int(form["rows"]) + 2
    assert len(current(row)["items"]) == 1  # type: ignore[arg-type]  # a list
    assert editor.post(address(row, "items"), again).status_code == 303
    assert [one["text"] for one in current(row)["items"]] == ["洗い出し", "新しい事項"]  # type: ignore[attr-defined]  # a list


def test_a_refused_field_says_so_where_it_is_and_keeps_the_rest(editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "values-0")))
    form |= {
        "r0-year": "いつか",
        "r2-kind": "actual",
        "r2-year": "R6",
        "r1-number": "百十",
        "r1-raw": "百十手続",
    }
    page = editor.post(address(row, "values-0"), form)
    assert page.status_code == 422
    text = page.content.decode()
    for key in ("r0-year", "r1-number", "r2-raw"):
        assert f'href="#id_{key}"' in text, key
        assert f'id="id_{key}-error"' in text, key
    assert 'value="いつか"' in text
    assert 'aria-invalid="true"' in text


def test_a_check_points_to_the_row_it_means(editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "values-0")))
    form |= {"r0-gone": "1", "r2-kind": "target", "r2-year": "R8", "r2-raw": "120手続"}
    page = editor.post(address(row, "values-0"), form)
    assert page.status_code == 422
    assert 'href="#id_r2-year"' in page.content.decode(), "the second of what stays, the third of the page"
    places = form_of(editor.get(address(row, "placements")))
    places |= {"r1-path": '["安全"]', "r1-primary": "1"}
    page = editor.post(address(row, "placements"), places)
    assert 'href="#id_r1-primary"' in page.content.decode()


def test_a_new_print_is_read_and_figures_by_hand_are_kept(editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "values-0")))
    form |= {
        "r0-raw": "約40手続",
        "r1-number": "111",
        "r2-kind": "actual",
        "r2-year": "R6",
        "r2-raw": "39.1%（39/99）",
    }
    assert editor.post(address(row, "values-0"), form).status_code == 303
    values = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))["indicators"][0]["values"]
    found = [(one["raw"], one["number"], one["approximate"], one["numerator"]) for one in values]
    assert found == [
        ("約40手続", "40", True, None),
        ("110手続", "111", False, None),
        ("39.1%（39/99）", "39.1", False, "39"),
    ]


def test_texts_stages_and_tags_follow_their_fields(editor: Client, row: Initiative) -> None:
    texts = form_of(editor.get(address(row, "texts")))
    texts |= {
        "r0-effect": "待つ時間が短くなります。",
        "r0-purpose": "",
        "r0-target_state": "一つ目\r\n三つ目",
    }
    assert editor.post(address(row, "texts"), texts).status_code == 303
    stages = form_of(editor.get(address(row, "stages")))
    stages |= {"r1-gone": "1", "r2-year": "令和8年度", "r2-text": "運用"}
    assert editor.post(address(row, "stages"), stages).status_code == 303
    tags = form_of(editor.get(address(row, "tags")))
    tags |= {"r0-words": "9", "r1-name": "自治体DX", "r1-words": "(3)、(4)"}
    assert editor.post(address(row, "tags"), tags).status_code == 303
    found = current(row)
    assert found["texts"] == {"effect": "待つ時間が短くなります。", "target_state": ["一つ目", "三つ目"]}
    assert found["stages"] == {"2024": "検討", "2026": "運用"}
    assert found["tags"] == {"SDGs": ["9"], "自治体DX": ["(3)", "(4)"]}


def test_the_head_takes_codes_years_and_marks(editor: Client, row: Initiative) -> None:
    form = {
        **form_of(editor.get(address(row, "head"))),
        "r0-kind": "operate",
        "r0-year": "R7",
        "r0-progress": "遅れ",
    }
    assert editor.post(address(row, "head"), {**form, "r0-flags": ["new", "priority"]}).status_code == 303
    row.refresh_from_db()
    assert (row.kind, row.year.year, row.flags) == ("operate", 2025, ["new", "priority"])
    assert (row.progress, row.progress_meaning) == ("遅れ", "behind"), "a new word means what it means"


def test_who_saves_another_part_is_not_in_the_way(mihon: Town, editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "tags")))
    correct_field(mihon.ctx("plan_secretariat"), row, CorrectField("title", "先に直した題名"))
    assert editor.post(address(row, "tags"), {**form, "r0-words": "9"}).status_code == 303
    found = current(row)
    assert (found["title"], found["tags"]) == ("先に直した題名", {"SDGs": ["9"]})


def test_who_comes_second_sees_both_and_decides(mihon: Town, editor: Client, row: Initiative) -> None:
    form = form_of(editor.get(address(row, "indicators")))
    heads = [{"of": 1}, {"of": 0, "direction": "increase"}]
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("indicators", heads))
    page = editor.post(address(row, "indicators"), {**form, "r0-unit": "件"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "ほかの人が先に、この部分を変えました" in text
    again = form_of(page)
    assert again["r0-unit"] == "件"
    assert again["r0-of"] == "1", "the row finds its indicator where the other clerk put it"
    assert editor.post(address(row, "indicators"), again).status_code == 303
    found = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))["indicators"]
    by_name = {one["name"]: one for one in found}
    assert by_name["手続の数"]["unit"] == "件"
    assert [one["raw"] for one in by_name["手続の数"]["values"]] == ["38手続", "110手続"]
    assert [one["raw"] for one in by_name["調査"]["values"]] == ["検討"]


def test_the_same_form_twice_changes_once(editor: Client, row: Initiative) -> None:
    form = {**form_of(editor.get(address(row, "tags"))), "r0-words": "9"}
    for _again in range(2):
        assert editor.post(address(row, "tags"), form).status_code == 303
    assert TrailEntry.unscoped.filter(action="plan.edit_part", kind="done").count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"rows": "x"}, {"rows": "9999999"}, {"rows": "1", "r0-of": "７", "version": "1"}]
)
def test_a_form_that_is_none_is_refused(editor: Client, row: Initiative, sent: dict[str, str]) -> None:
    page = editor.post(address(row, "offices"), {"do": "save", **sent})
    assert page.status_code in {422, 303, 409}
    if "version" not in sent:
        assert page.status_code == 422
        assert "画面を開き直して" in page.content.decode()


def test_only_who_may_correct_opens_a_form(mihon: Town, karina: Town, row: Initiative) -> None:
    assert signed_in(mihon, "staff").get(address(row, "offices")).status_code == 403
    assert signed_in(mihon, "plan_editor", "other").get(address(row, "offices")).status_code == 403
    assert signed_in(karina, "plan_secretariat").get(address(row, "offices")).status_code == 404
    for slug in ("nothing", "values-9", "values-x", "values-"):
        assert signed_in(mihon, "plan_secretariat").get(address(row, slug)).status_code == 404, slug


# --- revising -----------------------------------------------------------------------------------------------------------


def test_a_target_is_revised_from_its_line(editor: Client, row: Initiative) -> None:
    home = f"/990019/desk/plan/initiatives/{row.pk}/"
    text = editor.get(home).content.decode()
    assert f'href="{home}revise/?path=indicators[0].values[1]"' in text
    assert "書き間違いを直す" in text
    page = editor.get(f"{home}revise/", {"path": "indicators[0].values[1]"})
    assert "110手続" in page.content.decode()
    sent = {
        "path": "indicators[0].values[1]",
        "version": "1",
        "value": "120手続",
        "reason": "",
        "status": "",
        "as_of": "",
    }
    refused = editor.post(f"{home}revise/", sent)
    assert refused.status_code == 422
    assert 'id="id_reason-error"' in refused.content.decode()
    assert 'value="120手続"' in refused.content.decode()
    done = editor.post(f"{home}revise/", {**sent, "reason": "見直し", "status": "final", "as_of": "R9.3.31"})
    assert done.status_code == 303
    last = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))["indicators"][0]["values"][-1]
    assert (last["raw"], last["revision"], last["status"], last["as_of"]) == (
        "120手続",
        1,
        "final",
        "2027-03-31",
    )
    late = editor.post(f"{home}revise/", {**sent, "reason": "見直し"})
    assert late.status_code == 409, "the row that was looked at is not the newest any more"


def test_a_stage_is_revised_with_a_row(mihon: Town, editor: Client, row: Initiative) -> None:
    home = f"/990019/desk/plan/initiatives/{row.pk}/revise/"
    assert (
        editor.post(
            home, {"path": "stages.2025", "version": "1", "value": "導入", "reason": "前倒し"}
        ).status_code
        == 303
    )
    assert Revision.unscoped.get(initiative=row).after == "導入"
    assert editor.get(home, {"path": "title"}).status_code == 404
    assert signed_in(mihon, "staff").get(home, {"path": "stages.2025"}).status_code == 403
