"""The list of a draft as a sheet: out, changed, looked at, in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.services.plan.forms import document, indicator, initiative, value
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.actions import (
    CorrectField,
    ImportDocument,
    LinkOffice,
    correct_field,
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
def client(mihon: Town) -> Client:
    return signed_in(mihon, "plan_secretariat")


def sheet(client: Client, edition: Edition, file_format: str = "csv") -> bytes:
    answer = client.get(f"/990019/desk/plan/editions/{edition.pk}/initiatives.{file_format}")
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


def confirm(client: Client, edition: Edition, preview: Any) -> Any:
    found = re.search(r'name="changes" value="([^"]*)"', preview.content.decode())
    assert found
    return client.post(
        f"/990019/desk/plan/editions/{edition.pk}/sheet/confirm/", {"changes": html.unescape(found[1])}
    )


def test_out_and_in_unchanged(client: Client, edition: Edition) -> None:
    for file_format in ("csv", "xlsx"):
        preview = send(client, edition, sheet(client, edition, file_format), f"list.{file_format}")
        assert preview.status_code == 200
        assert "変わる所がありません" in preview.content.decode()


def test_cells_by_indicator_and_year(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    head = rows[0]
    assert "指標1 令和5年度 実績値" in head
    assert "指標2 令和6年度 実績値" in head
    assert rows[1][head.index("指標2 指標名")] == "②率"
    assert rows[2][head.index("取組名")] == "'=1+1"


def test_changed_cells_go_in_together(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("取組名")] = "電子申請の普及"
    rows[1][rows[0].index("指標1 令和6年度 実績値")] = "95手続"
    rows[2][rows[0].index("進捗状況")] = ""
    preview = send(client, edition, as_bytes(rows))
    text = preview.content.decode()
    assert "2件の取組、3か所が変わります" in text
    assert "<ins>95手続" in text
    assert confirm(client, edition, preview).status_code == 303
    first, second = Initiative.unscoped.filter(edition=edition).order_by("position")
    assert (first.title, first.version, second.progress) == ("電子申請の普及", 2, "")
    cell = first.indicators.get(position=0).values.get(position=1)
    assert (cell.raw, cell.number) == ("95手続", Decimal(95))
    assert set(first.corrected) == {"title", "indicators[0].values[1].raw"}
    history = client.get(f"/990019/desk/plan/initiatives/{first.pk}/").content.decode()
    assert "<del>90手続" in history, "the grid's corrections stand in the row's own history"


def test_the_preview_says_how_a_value_is_read(client: Client, edition: Edition) -> None:
    rows = lines(sheet(client, edition))
    rows[1][rows[0].index("指標1 令和6年度 実績値")] = "約1,234手続"
    rows[1][rows[0].index("指標2 令和6年度 実績値")] = "0.12"
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
    rows[2][rows[0].index("指標2 令和6年度 実績値")] = "3%"
    rows[2][rows[0].index("番号")] = "22"
    preview = send(client, edition, as_bytes(rows))
    text = preview.content.decode()
    assert preview.status_code == 422
    assert re.search(r">D2</b>", text)
    assert "の欄がありません" in text
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


def hostile(edition: Edition) -> list[str]:
    row = Initiative.unscoped.filter(edition=edition).first()
    assert row
    good = {"initiative": str(row.pk), "version": 1, "path": "title", "value": "題名"}
    made = [
        {**good, **wrong}
        for wrong in (
            {"initiative": "x"},
            {"initiative": None},
            {"version": float("inf")},
            {"version": True},
            {"version": "1"},
            {"version": 0},
            {"version": 10**30},
            {"path": "indicators[" + "1" * 5000 + "].name"},
            {"path": None},
            {"value": None},
            {"value": 3},
            {"value": "\x00"},
            {"value": "\ud800"},
            {"value": ["題名"]},
        )
    ]
    return ["", "[", "[]", "{}", "[1]", "[null]", '"x"', "[" * 100_000, *(json.dumps([one]) for one in made)]


def test_nonsense_in_the_confirmation_is_refused(client: Client, edition: Edition) -> None:
    here = f"/990019/desk/plan/editions/{edition.pk}/sheet/confirm/"
    for text in hostile(edition):
        answer = client.post(here, {"changes": text})
        assert answer.status_code == 422, text[:200]
    assert not Initiative.unscoped.exclude(version=1).exists()


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
