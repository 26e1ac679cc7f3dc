"""The list of a draft as a sheet: out, changed, looked at, in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from openpyxl import load_workbook

from tests.services.plan.forms import document, indicator, initiative, value
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets.cells import letters
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.actions import (
    CorrectField,
    CreateEdition,
    ImportDocument,
    LinkOffice,
    correct_field,
    create_edition,
    import_document,
    link_office,
)
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(mihon: Town) -> Edition:
    two = [
        indicator("①件数", [value("75手続", 2023), value("90手続", 2024)]),
        indicator("②率", [value("12%", 2024)]),
    ]
    rows = [
        initiative("1", "電子申請の拡大", indicators=two, texts={"approach": "受付を\n広げる"}),
        initiative("2", "=1+1", values=["14"], progress="順調"),
    ]
    return import_document(mihon.ctx("cli"), None, ImportDocument(document(rows)))


@pytest.fixture
def client(mihon: Town, parsed_here: None) -> Client:
    return signed_in(mihon, "plan_secretariat")


def sheet(client: Client, edition: Edition, file_format: str = "csv", name: str = "initiatives") -> bytes:
    answer = client.get(f"/990019/desk/plan/editions/{edition.pk}/{name}.{file_format}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # both answers stream


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_bytes(rows: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


def send(client: Client, edition: Edition, data: bytes, name: str = "list.csv") -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(f"/990019/desk/plan/editions/{edition.pk}/sheet/", {"file": file})


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A workbook as a clerk edits it."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell_of(sheet: Any, row: int, label: str) -> Any:
    """A cell by the head of its column."""
    place = next(cell.column for cell in sheet[1] if cell.value == label)
    return sheet.cell(row, place)


def confirm(client: Client, edition: Edition, preview: Any) -> Any:
    return client.post(confirming(edition), hidden(preview))


def confirming(edition: Edition) -> str:
    return f"/990019/desk/plan/editions/{edition.pk}/sheet/confirm/"


def hidden(preview: Any) -> dict[str, str]:
    """What the form of a preview sends."""
    text = preview.content.decode()
    return {
        name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', text)[1])  # type: ignore[index]  # it is there
        for name in ("changes", "idempotency_key")
    }


def test_out_and_in_unchanged(mihon: Town, edition: Edition) -> None:
    client = signed_in(mihon, "plan_secretariat")  # here the parser's child is started
    for file_format in ("csv", "xlsx"):
        preview = send(client, edition, sheet(client, edition, file_format), f"list.{file_format}")
        assert preview.status_code == 200
        assert "変わる所がありません" in preview.content.decode()


def test_a_row_for_each_initiative_and_a_row_for_each_indicator(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    assert rows[2][rows[0].index("取組名")] == "'=1+1"
    assert "令和5年度 実績値" not in rows[0]
    rows = lines(sheet(client, edition, name="indicators"))
    head = rows[0]
    assert [row[head.index("指標名")] for row in rows[1:]] == ["①件数", "②率", "件数"]
    assert [row[head.index("令和6年度 実績値")] for row in rows[1:]] == ["90手続", "12%", ""]
    assert [row[head.index("令和8年度 目標値")] for row in rows[1:]] == ["", "", ""], (
        "the years of the plan are open"
    )


def test_changed_cells_go_in_together(client: Client, edition: Edition) -> None:
    def change(book: Any) -> None:
        first, second = book.worksheets[:2]
        cell_of(first, 2, "取組名").value = "電子申請の普及"
        cell_of(first, 3, "進捗状況").value = None
        cell_of(second, 2, "令和6年度 実績値").value = "95手続"

    preview = send(client, edition, edited(sheet(client, edition, "xlsx"), change), "list.xlsx")
    text = preview.content.decode()
    assert "2件の取組、3か所が変わります" in text
    assert "<ins>95手続" in text
    assert "指標!" in text, "a cell is named with its sheet"
    assert confirm(client, edition, preview).status_code == 303
    first, second = Initiative.unscoped.filter(edition=edition).order_by("position")
    assert (first.title, first.version, second.progress) == ("電子申請の普及", 2, "")
    cell = first.indicators.get(position=0).values.get(position=1)
    assert (cell.raw, cell.number) == ("95手続", Decimal(95))
    assert set(first.corrected) == {"title", "indicators[0].values[1].raw"}
    history = client.get(f"/990019/desk/plan/initiatives/{first.pk}/").content.decode()
    assert "<del>90手続" in history, "the grid's corrections stand in the row's own history"


def test_the_preview_says_how_a_value_is_read(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition, name="indicators"))
    rows[1][rows[0].index("令和6年度 実績値")] = "約1,234手続"
    rows[2][rows[0].index("令和6年度 実績値")] = "0.12"
    preview = send(client, edition, as_bytes(rows))
    text = preview.content.decode()
    assert "<td>約1234" in text
    assert "単位を確かめてください" in text
    assert confirm(client, edition, preview).status_code == 303
    first = Initiative.unscoped.get(edition=edition, number="1")
    assert [doubt["field"] for doubt in first.doubts] == ["indicators[1].values[0].raw"]


def test_problems_name_row_and_cell_and_nothing_changes(
    mihon: Town, client: Client, edition: Edition
) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = ""
    rows[2][rows[0].index("進捗の意味")] = "よい"
    rows[2][rows[0].index("位置")] = "9＞9-9"
    rows[2][rows[0].index("令和7年度 工程")] = "長" * 301
    rows[2][rows[0].index("番号")] = "22"
    preview = send(client, edition, as_bytes(rows))
    text = preview.content.decode()
    assert preview.status_code == 422
    for row, label in ((2, "取組名"), (3, "進捗の意味"), (3, "位置"), (3, "令和7年度 工程")):
        assert f">{letters(rows[0].index(label))}{row}</b>" in text, label
    assert "この変更を取り込む" not in text


def test_a_row_that_changed_meanwhile_is_told(mihon: Town, client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = "電子申請の普及"
    preview = send(client, edition, as_bytes(rows))
    row = Initiative.unscoped.get(edition=edition, number="1")
    correct_field(mihon.ctx("cli"), row, CorrectField("title", "先の題名"))
    late = confirm(client, edition, preview)
    assert late.status_code == 422
    assert "取組1：ほかの人が先に変更しました" in late.content.decode()
    assert "書き出した後に、ほかの人が" in send(client, edition, as_bytes(rows)).content.decode()
    row.refresh_from_db()
    assert row.title == "先の題名"


def test_an_editor_changes_only_rows_of_the_own_office(mihon: Town, client: Client, edition: Edition) -> None:
    editor = signed_in(mihon, "plan_editor")
    draft = f"/990019/desk/plan/editions/{edition.pk}/"
    assert "sheet/" not in editor.get(draft).content.decode(), "there is no row to correct yet"
    assert lines(sheet(editor, edition))[0][0] == "番号"
    offices = [{"name": name, "role": "lead", "doubtful": False} for name in ("見本課", "例示課")]
    again = [initiative(str(n), f"取組{n}", offices=[office]) for n, office in enumerate(offices, 1)]
    import_document(mihon.ctx("cli"), None, ImportDocument(document(again)))
    link_office(mihon.ctx("cli"), edition, LinkOffice("見本課", str(mihon.offices["own"].pk)))
    assert "自分が直せる取組" in editor.get(draft).content.decode()
    listed = editor.get(draft, {"filter.mine": "yes"}).content.decode()
    assert "取組1" in listed
    assert "取組2" not in listed
    for file_format in ("csv", "xlsx"):
        back = send(editor, edition, sheet(editor, edition, file_format), f"list.{file_format}")
        assert "変わる所がありません" in back.content.decode(), "the sheet as it was handed out is taken back"
    rows = lines(sheet(editor, edition))
    rows[1][rows[0].index("取組名")] = "電子申請の普及"
    preview = send(editor, edition, as_bytes(rows))
    assert preview.status_code == 200
    rows[2][rows[0].index("取組名")] = "ほかの課の取組"
    refused = send(editor, edition, as_bytes(rows))
    assert refused.status_code == 422
    assert "取組2は「例示課」の担当です" in refused.content.decode()
    assert confirm(editor, edition, preview).status_code == 303
    assert list(Initiative.unscoped.order_by("position").values_list("title", flat=True)) == [
        "電子申請の普及",
        "取組2",
    ]


def test_nonsense_in_the_confirmation_is_refused(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = "題名"
    form = hidden(send(client, edition, as_bytes(rows)))
    own = form["changes"]
    row = Initiative.unscoped.get(edition=edition, number="1")
    good = [{"initiative": str(row.pk), "version": 1, "path": "title", "value": "題名"}]
    other = signing.dumps(good, salt="another form")
    for text in ("", "[", "[]", json.dumps(good), "x" * 100_000, other, own[:-1], f"x{own}"):
        answer = client.post(confirming(edition), {**form, "changes": text})
        assert answer.status_code == 422, text[:200]
    keyless = client.post(confirming(edition), {"changes": own})
    assert keyless.status_code == 422
    assert "確認の画面から送られた内容ではありません" in keyless.content.decode()
    assert not Initiative.unscoped.exclude(version=1).exists()
    assert client.post(confirming(edition), form).status_code == 303


def test_a_preview_is_of_one_edition_one_person_and_one_day(
    mihon: Town, client: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = "題名"
    form = hidden(send(client, edition, as_bytes(rows)))
    unread = "変更の内容を読み取れません"
    assert unread in signed_in(mihon, "plan_editor").post(confirming(edition), form).content.decode()
    about = CreateEdition("ほかの計画", FiscalYear(2026), FiscalYear(2028))
    other = create_edition(mihon.ctx("cli"), None, about)
    assert unread in client.post(confirming(other), form).content.decode()
    start = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: start + 24 * 60 * 60 + 60)
    late = client.post(confirming(edition), form)
    assert late.status_code == 422
    assert "確認の画面を開いてから1日が過ぎました" in late.content.decode()
    assert not Initiative.unscoped.exclude(version=1).exists()
    monkeypatch.setattr("django.core.signing.time.time", lambda: start + 23 * 60 * 60)
    assert client.post(confirming(edition), form).status_code == 303


def test_the_same_confirmation_twice_changes_once(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = "電子申請の普及"
    preview = send(client, edition, as_bytes(rows))
    assert confirm(client, edition, preview).status_code == 303
    assert confirm(client, edition, preview).status_code == 303, "what stands here already is no conflict"
    assert TrailEntry.unscoped.filter(action="plan.correct_rows").count() == 1


def test_staff_get_a_sheet_to_read(mihon: Town, edition: Edition) -> None:
    staff = signed_in(mihon, "staff")
    assert lines(sheet(staff, edition))[0][0] == "番号"
    assert send(staff, edition, b"x").status_code == 403
