"""The grid for everything: every field that a sheet can carry, new rows, both tables of a workbook, who may, how many queries."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.sample import published_edition
from tests.services.plan.forms import document, indicator, initiative, value
from tests.services.plan.test_desk import signed_in
from tests.services.plan.test_desk_sheet import (
    as_bytes,
    cell_of,
    confirm,
    confirming,
    edited,
    hidden,
    lines,
    send,
    sheet,
)
from tests.world import Town
from yakuba.kernel.actions import Denied, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import queries
from yakuba.services.plan.actions import (
    CorrectRows,
    CreateEdition,
    ImportDocument,
    LinkOffice,
    RowChange,
    correct_rows,
    create_edition,
    import_document,
    link_office,
)
from yakuba.services.plan.grid import cells
from yakuba.services.plan.models import Edition, Indicator, Initiative, InitiativeOffice

FORM = initiative(
    "1",
    "電子申請",
    offices=[
        {"name": "DX推進課", "role": "lead", "doubtful": True},
        {"name": "市民課、税務課", "role": "related", "doubtful": False},
        {"name": "関係各課", "role": "group", "doubtful": False},
    ],
    placements=[{"path": ["1", "1-1"], "primary": True}, {"path": ["2", "2-1"], "primary": False}],
    items=[
        {"number": "①", "text": "様式の\n見直し", "offices": ["総務課"]},
        {"number": None, "text": "番号のない事項", "offices": []},
    ],
    flags=["new"],
)
NODES = [("1",), ("1", "1-1"), ("2",), ("2", "2-1")]


# --- single cells, pure ---------------------------------------------------------------------------------------------------


def test_a_name_with_a_separator_in_it_stays_whole() -> None:
    assert cells.names("市民課、税務課、総務課\n 財政課 ", ["市民課、税務課"]) == [
        "市民課、税務課",
        "総務課",
        "財政課",
    ]
    assert cells.names("市民課、税務課") == ["市民課", "税務課"]
    assert cells.names("、 、\n、") == []
    assert cells.names("甲、乙、甲") == ["甲", "乙"]


def test_an_office_that_stays_keeps_what_hangs_on_it() -> None:
    found = cells.offices(FORM, ["市民課、税務課", "財政課"], ["DX推進課", "関係各課", "全課"])
    assert found == [
        {"of": 1, "name": "市民課、税務課", "role": "lead"},
        {"doubtful": False, "of": None, "name": "財政課", "role": "lead"},
        {"of": 0, "name": "DX推進課", "role": "related"},
        {"of": 2},
        {"doubtful": False, "of": None, "name": "全課", "role": "group"},
    ]
    silent = initiative("1", "取組", offices=[{"name": "", "role": "not_stated", "doubtful": False}])
    assert cells.offices(silent, [], ["総務課"])[-1] == {"of": 0}
    assert [one["of"] for one in cells.offices(silent, ["総務課"], [])] == [None], "now it is stated"


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("1＞1-1", ["1", "1-1"]),
        (" 1 > 1-1 ", ["1", "1-1"]),
        ("１＞１-１", ["1", "1-1"]),
        ("2-1", ["2", "2-1"]),
        ("2", ["2"]),
    ],
)
def test_a_place_is_found_by_its_codes(typed: str, path: list[str]) -> None:
    assert cells.place(typed, NODES, "place") == path


@pytest.mark.parametrize("typed", ["3", "1＞2-1", "＞", "1-1＞1"])
def test_a_place_that_there_is_not(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        cells.place(typed, NODES, "again")
    assert refused.value.field == "again"
    with pytest.raises(Problem):
        cells.place("x", [], "place")


def test_listed_actions_are_lines_and_untouched_ones_stay_as_they_are() -> None:
    text = cells.items_text(FORM)
    assert text == "① 様式の 見直し（担当：総務課）\n番号のない事項"
    assert cells.items(FORM, text) == [{"of": 0}, {"of": 1}]
    fresh = cells.items(FORM, "番号のない事項\n② 受付を広げる（担当：市民課、税務課）;③ 広報する\n(1) 様式")
    assert fresh == [
        {"of": 1},
        {"of": None, "number": "②", "text": "受付を広げる", "offices": ["市民課", "税務課"]},
        {"of": None, "number": "③", "text": "広報する", "offices": []},
        {"of": None, "number": "(1)", "text": "様式", "offices": []},
    ]


def test_words_stand_for_codes() -> None:
    assert cells.flags("新規、 重点") == ["new", "priority"]
    assert cells.flags("") == []
    with pytest.raises(Problem):
        cells.flags("新しい")
    assert cells.themes("電子申請、計画の進行管理") == ["online-applications", "plan-management"]
    assert cells.themes("online-applications\nOnline Applications") == ["online-applications"]
    with pytest.raises(Problem) as refused:
        cells.themes("どこにもない主題")
    assert "主題の一覧" in refused.value.message


# --- the sheet -----------------------------------------------------------------------------------------------------------------


def rich() -> list[dict[str, Any]]:
    figures = indicator(
        "手続の数",
        [
            value("38手続", 2023, "baseline", number="38"),
            value("57手続", 2024, number="57"),
            value("60手続", 2024, number="60", revision=1, reason="締め直し"),
        ],
        unit="手続",
    )
    return [
        {**FORM, "kind": "advance", "tags": {"SDGs": ["9"]}, "indicators": [figures], "year": 2024},
        initiative("2", "地図", kind="operate", placements=[{"path": ["2", "2-1"], "primary": True}]),
    ]


@pytest.fixture
def edition(mihon: Town) -> Edition:
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document(rich())))
    return Edition.unscoped.get(pk=made.pk)


@pytest.fixture
def client(mihon: Town, parsed_here: None) -> Client:
    return signed_in(mihon, "plan_secretariat")


def form_of(edition: Edition, number: str) -> dict[str, Any]:
    return queries.initiative_form(Initiative.unscoped.get(edition=edition, number=number))


def sent(client: Client, edition: Edition, change: Callable[[Any], None]) -> Any:
    return send(client, edition, edited(sheet(client, edition, "xlsx"), change), "list.xlsx")


@pytest.mark.django_db
def test_every_field_of_an_initiative_goes_in(client: Client, edition: Edition) -> None:
    wanted = {
        "番号": "10",
        "区別": "運用",
        "年度": "令和7年度",
        "組": "2",
        "位置": "2-1",
        "再掲": "1＞1-1\n1",
        "主管": "DX推進課、情報課",
        "関係": "関係各課",
        "進捗状況": "順調",
        "印": "重点",
        "目的": "目的です。",
        "目指す姿": "一つ目\n二つ目",
        "主な取組": "① 様式の 見直し（担当：総務課）\n② 受付",
        "令和8年度 工程": "運用",
        "タグ：SDGs": "9、11",
        "主題": "電子申請",
    }

    def change(book: Any) -> None:
        for label, text in wanted.items():
            cell_of(book.worksheets[0], 2, label).value = text

    preview = sent(client, edition, change)
    assert preview.status_code == 200, preview.content.decode()
    assert f"1件の取組、{len(wanted)}か所が変わります" in preview.content.decode()
    assert confirm(client, edition, preview).status_code == 303
    form = form_of(edition, "10")
    assert (form["kind"], form["year"], form["group"]) == ("operate", 2025, "2")
    assert form["placements"] == [
        {"path": ["2", "2-1"], "primary": True},
        {"path": ["1", "1-1"], "primary": False},
        {"path": ["1"], "primary": False},
    ]
    assert [(one["name"], one["role"]) for one in form["offices"]] == [
        ("DX推進課", "lead"),
        ("情報課", "lead"),
        ("関係各課", "group"),
    ]
    assert form["offices"][0]["doubtful"], "an office that stays keeps its doubt"
    assert (form["progress"], form["progress_meaning"]) == ("順調", "on_track")
    assert form["flags"] == ["priority"]
    assert form["texts"] == {"purpose": "目的です。", "target_state": ["一つ目", "二つ目"]}
    assert form["items"][0]["text"] == "様式の\n見直し", "an item that nobody touched stays as it was printed"
    assert form["items"][1] == {"number": "②", "text": "受付", "offices": []}
    assert form["stages"] == {"2026": "運用"}
    assert form["tags"] == {"SDGs": ["9", "11"]}
    assert form["themes"] == cells.themes("電子申請")
    assert "themes" in form["corrected"]


@pytest.mark.django_db
def test_indicators_and_values_go_in_and_a_year_without_a_value_gets_one(
    client: Client, edition: Edition
) -> None:
    def change(book: Any) -> None:
        two = book.worksheets[1]
        cell_of(two, 2, "番号").value = "①"
        cell_of(two, 2, "望ましい向き").value = "増やす"
        cell_of(two, 2, "数え方").value = "受け付けた件数"
        cell_of(two, 2, "令和6年度 実績値").value = "61手続"
        cell_of(two, 2, "令和8年度 目標値").value = "75%（30/40）"

    preview = sent(client, edition, change)
    assert "1件の取組、5か所が変わります" in preview.content.decode()
    assert confirm(client, edition, preview).status_code == 303
    (found,) = form_of(edition, "1")["indicators"]
    assert (found["number"], found["direction"], found["definition"]) == ("①", "increase", "受け付けた件数")
    told = [(one["kind"], one["year"], one["raw"], one["revision"]) for one in found["values"]]
    assert told == [
        ("baseline", 2023, "38手続", 0),
        ("actual", 2024, "57手続", 0),
        ("actual", 2024, "61手続", 1),
        ("target", 2026, "75%（30/40）", 0),
    ], "the newest revision is the one that stands in the cell"
    assert (found["values"][3]["numerator"], found["values"][3]["denominator"]) == ("30", "40")


@pytest.mark.django_db
def test_new_rows_are_new_initiatives_and_indicators(mihon: Town, client: Client, edition: Edition) -> None:
    link_office(mihon.ctx("cli"), edition, LinkOffice("DX推進課", str(mihon.offices["own"].pk)))

    def change(book: Any) -> None:
        one, two = book.worksheets[:2]
        given = {
            "番号": "3", "取組名": "=新しい取組", "区別": "推進", "位置": "1-1", "主管": "DX推進課",
            "進捗状況": "順調", "令和7年度 工程": "検討", "主題": "電子申請",
        }  # fmt: skip
        for label, text in given.items():
            cell = cell_of(one, 4, label)
            cell.value, cell.data_type = text, "s"
        for row, number, name in ((3, "3", "新しい指標"), (4, "2", "地図の数")):
            cell_of(two, row, "取組の番号").value = number
            cell_of(two, row, "指標名").value = name
            cell_of(two, row, "単位").value = "件"
            cell_of(two, row, "望ましい向き").value = "増やす"
            cell_of(two, row, "令和8年度 目標値").value = "120件"

    preview = sent(client, edition, change)
    text = preview.content.decode()
    assert preview.status_code == 200, text
    assert "うち1件は新しい取組です" in text
    assert confirm(client, edition, preview).status_code == 303
    made = Initiative.unscoped.get(edition=edition, number="3")
    form = queries.initiative_form(made)
    assert (made.title, made.position, form["kind"], form["year"]) == ("=新しい取組", 2, "advance", 2024)
    assert form["progress_meaning"] == "on_track"
    assert "title" in form["corrected"], "a second reading leaves it"
    assert made.placements.get().node is not None
    printed = InitiativeOffice.unscoped.get(initiative=made)
    assert (printed.name, printed.office_id) == ("DX推進課", mihon.offices["own"].pk)
    for number, name in (("3", "新しい指標"), ("2", "地図の数")):
        (found,) = form_of(edition, number)["indicators"]
        assert (found["name"], found["unit"], found["direction"]) == (name, "件", "increase")
        assert [(one["kind"], one["year"], one["number"]) for one in found["values"]] == [
            ("target", 2026, "120")
        ]
    assert confirm(client, edition, preview).status_code == 303, "the same form again changes nothing"
    again = client.post(confirming(edition), {**hidden(preview), "idempotency_key": "another"})
    assert again.status_code == 422, "the same rows are not added twice"
    assert Initiative.unscoped.filter(edition=edition).count() == 3
    history = client.get(f"/990019/desk/plan/initiatives/{made.pk}/history/").content.decode()
    assert "検討" in history, "what was written for a new row stands in its own history"


@pytest.mark.django_db
def test_what_is_wrong_is_named_by_sheet_and_cell(client: Client, edition: Edition) -> None:
    def change(book: Any) -> None:
        one, two = book.worksheets[:2]
        cell_of(one, 2, "再掲").value = "どこか"
        cell_of(one, 3, "年度").value = "令和99年度"
        cell_of(one, 4, "取組名").value = "番号が同じ"
        cell_of(one, 4, "番号").value = "2"
        cell_of(one, 4, "区別").value = "運用"
        cell_of(one, 5, "番号").value = "9"
        cell_of(two, 2, "望ましい向き").value = "上へ"
        cell_of(two, 3, "指標名").value = "だれのものでもない"
        cell_of(two, 4, "指標名").value = "ない取組のもの"
        cell_of(two, 4, "取組の番号").value = "77"

    before = queries.document(edition, "990019", "みほん市")
    preview = sent(client, edition, change)
    text = preview.content.decode()
    assert preview.status_code == 422
    book = load_workbook(io.BytesIO(sheet(client, edition, "xlsx")))
    for place, row, label in (
        (0, 2, "再掲"),
        (0, 3, "年度"),
        (0, 4, "番号"),
        (0, 5, "取組名"),
        (1, 2, "望ましい向き"),
        (1, 4, "取組の番号"),
    ):
        tab = book.worksheets[place]
        assert f">{tab.title}!{cell_of(tab, row, label).coordinate}</b>" in text, label
    assert "どの取組の指標か" in text
    assert queries.document(edition, "990019", "みほん市") == before


@pytest.mark.django_db
def test_a_stale_row_is_named_and_nothing_of_the_book_goes_in(
    mihon: Town, client: Client, edition: Edition
) -> None:
    def change(book: Any) -> None:
        cell_of(book.worksheets[0], 3, "取組名").value = "新しい題名"
        cell_of(book.worksheets[1], 2, "令和8年度 目標値").value = "100手続"

    preview = sent(client, edition, change)
    Initiative.unscoped.filter(number="1").update(version=2)
    late = confirm(client, edition, preview)
    assert late.status_code == 422
    assert "取組1：ほかの人が先に変更しました" in late.content.decode()
    assert Initiative.unscoped.get(number="2").title == "地図"


def progressed(mihon: Town) -> Edition:
    row = initiative("1", "電子申請", kind="advance", progress="順調", progress_meaning="on_track")
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document([row, initiative("2", "地図")])))
    return Edition.unscoped.get(pk=made.pk)


@pytest.mark.django_db
def test_a_meaning_that_stays_filled_beside_another_word_holds(mihon: Town, client: Client) -> None:
    edition = progressed(mihon)
    book = edited(
        sheet(client, edition, "xlsx"),
        lambda book: setattr(cell_of(book.worksheets[0], 2, "進捗状況"), "value", "遅れ"),
    )
    preview = send(client, edition, book, "list.xlsx")
    assert "進捗の意味：順調" in preview.content.decode(), "it is shown before it goes in"
    assert confirm(client, edition, preview).status_code == 303
    form = form_of(edition, "1")
    assert (form["progress"], form["progress_meaning"]) == ("遅れ", "on_track")
    again = send(client, edition, book, "list.xlsx")
    assert again.status_code == 200
    assert "変わる所がありません" in again.content.decode()


@pytest.mark.django_db
def test_a_meaning_that_the_sheet_does_not_say_follows_from_the_word(mihon: Town, client: Client) -> None:
    edition = progressed(mihon)

    def change(book: Any) -> None:
        one = book.worksheets[0]
        cell_of(one, 2, "進捗状況").value = "遅れ"
        cell_of(one, 3, "進捗状況").value = "そこそこ"
        one.delete_cols(cell_of(one, 2, "進捗の意味").column)

    preview = sent(client, edition, change)
    text = preview.content.decode()
    assert "進捗の意味：遅れ" in text
    assert "進捗の意味：未定" in text, "a word that nobody knows the meaning of"
    assert confirm(client, edition, preview).status_code == 303
    assert form_of(edition, "1")["progress_meaning"] == "behind"
    assert form_of(edition, "2")["progress_meaning"] is None


@pytest.mark.django_db
def test_a_sheet_sent_a_second_time_changes_nothing(mihon: Town, client: Client) -> None:
    edition = progressed(mihon)

    def change(book: Any) -> None:
        one = book.worksheets[0]
        cell_of(one, 3, "進捗状況").value = "順調"  # its meaning stays empty in the sheet
        cell_of(one, 3, "主管").value = "市民課 、 税務課"
        cell_of(one, 2, "主題").value = "online-applications"
        cell_of(one, 2, "主な取組").value = "(1) 様式 ; (2) 広報"

    book = edited(sheet(client, edition, "xlsx"), change)
    assert confirm(client, edition, send(client, edition, book, "list.xlsx")).status_code == 303
    assert form_of(edition, "2")["progress_meaning"] == "on_track"
    again = send(client, edition, book, "list.xlsx")
    assert again.status_code == 200, again.content.decode()
    assert "変わる所がありません" in again.content.decode()
    other = edited(book, lambda book: setattr(cell_of(book.worksheets[0], 3, "取組名"), "value", "別"))
    late = send(client, edition, other, "list.xlsx")
    assert late.status_code == 422, "what is new in an old row is still somebody's to look at"
    assert "ほかの人がこの行を変更しました" in late.content.decode()


@pytest.mark.django_db
def test_sheets_that_are_none_of_ours(client: Client, edition: Edition) -> None:
    assert "見出しに「ID」がありません" in send(client, edition, b"a,b\n1,2\n").content.decode()
    twice = edited(sheet(client, edition, "xlsx"), lambda book: book.copy_worksheet(book.worksheets[0]))
    assert "は同じ表です" in send(client, edition, twice, "list.xlsx").content.decode()
    alone = edited(sheet(client, edition, "xlsx"), lambda book: book.remove(book.worksheets[0]))
    assert "変わる所がありません" in send(client, edition, alone, "list.xlsx").content.decode()


@pytest.mark.django_db
def test_an_empty_plan_is_filled_from_a_sheet(mihon: Town, client: Client) -> None:
    made = create_edition(mihon.ctx("cli"), None, CreateEdition("新計画", FiscalYear(2026), FiscalYear(2028)))

    def change(book: Any) -> None:
        for row, title in ((2, "一つ目"), (3, "二つ目")):
            cell_of(book.worksheets[0], row, "取組名").value = title

    assert confirm(client, made, sent(client, made, change)).status_code == 303
    found = Initiative.unscoped.filter(edition=made).order_by("position").values_list("title", "year")
    assert [(title, year.year) for title, year in found] == [("一つ目", 2026), ("二つ目", 2026)]


@pytest.mark.django_db
def test_a_new_row_without_a_number_is_added_once(mihon: Town, client: Client, edition: Edition) -> None:
    def change(book: Any) -> None:
        cell_of(book.worksheets[0], 4, "取組名").value = "番号のない取組"
        cell_of(book.worksheets[0], 4, "位置").value = "1-1"

    book = edited(sheet(client, edition, "xlsx"), change)
    preview = send(client, edition, book, "list.xlsx")
    assert confirm(client, edition, preview).status_code == 303
    again = send(client, edition, book, "list.xlsx")
    text = again.content.decode()
    assert again.status_code == 422
    tab = load_workbook(io.BytesIO(book)).worksheets[0]
    assert f">{tab.title}!{cell_of(tab, 4, '取組名').coordinate}</b>" in text
    assert "同じ取組名の行がもうあります" in text
    place = {"of": None, "path": ["1", "1-1"], "primary": True}
    same: list[RowChange] = [
        {"initiative": "new-1", "version": 0, "path": "title", "value": "番号のない取組 "},
        {"initiative": "new-1", "version": 0, "part": "placements", "value": [place]},
    ]
    with pytest.raises(Problem, match="同じ取組名"):
        correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows(same))
    assert Initiative.unscoped.filter(edition=edition).count() == 3
    elsewhere = edited(book, lambda one: setattr(cell_of(one.worksheets[0], 4, "位置"), "value", "2-1"))
    assert send(client, edition, elsewhere, "list.xlsx").status_code == 200, "another place is another row"

    def twice(book: Any) -> None:
        for row in (5, 6):
            cell_of(book.worksheets[0], row, "取組名").value = "二度書いた取組"

    assert sent(client, edition, twice).status_code == 422


# --- who may ------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("parsed_here")
def test_an_editor_adds_indicators_to_the_own_rows_and_no_initiatives(mihon: Town, edition: Edition) -> None:
    link_office(mihon.ctx("cli"), edition, LinkOffice("DX推進課", str(mihon.offices["own"].pk)))
    editor = signed_in(mihon, "plan_editor")
    rows = lines(sheet(editor, edition))
    blank = [""] * len(rows[0])
    fresh = list(blank)
    fresh[rows[0].index("取組名")] = "自分で加える"
    refused = send(editor, edition, as_bytes([*rows, fresh]))
    assert refused.status_code == 422
    assert "新しい行はここからは加えられません" in refused.content.decode()
    rows = lines(sheet(editor, edition, name="indicators"))
    for number, status in (("1", 200), ("2", 422)):
        fresh = [""] * len(rows[0])
        fresh[rows[0].index("取組の番号")] = number
        fresh[rows[0].index("指標名")] = "加えた指標"
        assert send(editor, edition, as_bytes([*rows, fresh])).status_code == status
    forged: list[RowChange] = [{"initiative": "new-1", "version": 0, "path": "title", "value": "加える"}]
    with pytest.raises(Denied):
        correct_rows(mihon.ctx("plan_editor"), edition, CorrectRows(forged))
    other = Initiative.unscoped.get(edition=edition, number="2")
    foreign: list[RowChange] = [
        {"initiative": str(other.pk), "version": 1, "part": "head", "value": {"title": "他課"}}
    ]
    with pytest.raises(Denied) as denied:
        correct_rows(mihon.ctx("plan_editor"), edition, CorrectRows(foreign))
    assert "取組2" in denied.value.message
    salt = f"plan.grid:{edition.pk}:{mihon.ctx('plan_editor').actor.id}"
    late = {"changes": signing.dumps(forged, salt=salt), "idempotency_key": "1"}
    assert editor.post(confirming(edition), late).status_code == 403


# --- how many queries ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_queries_for_four_rows_as_for_forty(mihon: Town, karina: Town) -> None:
    counts = []
    for town, count in ((karina, 4), (mihon, 40)):
        edition = published_edition(town, count)
        rows = Initiative.unscoped.filter(edition=edition).order_by("position")
        changes: list[RowChange] = []
        for row in rows:
            key: RowChange = {"initiative": str(row.pk), "version": row.version, "value": ""}
            changes += [
                {**key, "path": "title", "value": f"改めた{row.number}"},
                {**key, "path": "progress", "value": "停滞"},
                {**key, "part": "offices", "value": [{"name": "見本課", "role": "lead"}, {"name": "新課", "role": "related"}]},
            ]  # fmt: skip
        ctx = town.ctx("plan_secretariat")
        with CaptureQueriesContext(connection) as found:
            correct_rows(ctx, edition, CorrectRows(changes))
        counts.append(len(found))
        assert Indicator.unscoped.filter(initiative__edition=edition).count() == 2 * count
    assert counts[1] <= counts[0] + 3, counts
    assert counts[1] < 60, counts
