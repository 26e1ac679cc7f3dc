"""The book on the desk, for the public and on the command line, from ordering to fetching; the worker between."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from tests.services.plan.book.looking import faults, look
from tests.services.plan.edition_sample import edition_document, large_document, publish, take_in
from tests.services.plan.test_desk import signed_in
from tests.world import Town, make_town
from yakuba.cli import main
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.worker import Worker
from yakuba.services.plan.actions import PublishEdition, WithdrawEdition, publish_edition, withdraw_edition
from yakuba.services.plan.book import template_sheets
from yakuba.services.plan.book.printing import KEPT
from yakuba.services.plan.book.sample_form import sample
from yakuba.services.plan.book.templates import SHIPPED, Part, Template, TemplateColumn
from yakuba.services.plan.models import Book, BookTemplate, Edition, PublishedBook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("parsed_here")]
TEMPLATES = "/990019/desk/plan/book-templates/"


@pytest.fixture
def town(tmp_path: Path, settings: Any, transactional_db: None) -> Town:
    settings.HOME = tmp_path
    return make_town("990019", "みほん市")


@pytest.fixture
def client(town: Town) -> Client:
    return signed_in(town, "plan_secretariat")


def desk(edition: Edition) -> str:
    return f"/990019/desk/plan/editions/{edition.pk}/book/"


def body(answer: HttpResponse) -> bytes:
    """What came, and the file behind it closed."""
    with closing(answer):
        return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def status(answer: HttpResponse) -> int:
    """How it was answered; the file behind it closed."""
    answer.close()
    return answer.status_code


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def send(client: Client, name: str, kind: str, data: bytes) -> HttpResponse:
    """What a browser sends to register a template."""
    return client.post(TEMPLATES, {"name": name, "kind": kind, "file": named(data, "見本.xlsx")})


def test_a_small_book_comes_at_once_and_says_that_it_is_a_draft(client: Client, town: Town) -> None:
    edition = take_in(town, edition_document())
    assert "まだ公表していないため" in client.get(desk(edition)).content.decode()
    answer = client.post(desk(edition), {"template": "standard", "format": "pdf"})
    found = look(body(answer))
    assert faults(found, "みほん市情報化推進計画 令和8年度版") == []
    assert "下書き" in found.tree.whole
    assert "no-store" in answer["Cache-Control"]
    wrong = client.post(desk(edition), {"template": "なし", "format": "pdf"})
    assert wrong.status_code == 422
    assert "「なし」というひな形はありません" in wrong.content.decode()


def test_a_large_one_is_the_workers_and_is_kept_by_what_it_was_made_from(client: Client, town: Town) -> None:
    edition = take_in(town, large_document(45))
    asked = {"template": "one-table", "format": "xlsx"}
    place = client.post(desk(edition), asked)["Location"]
    assert "冊子を作っています" in client.get(place).content.decode()
    assert client.post(desk(edition), asked)["Location"] == place, "it is on its way already"
    Worker().run(once=True)
    assert "できました" in client.get(place).content.decode()
    four = client.post(desk(edition), {"template": "four-tables", "format": "xlsx"})["Location"]
    Worker().run(once=True)
    assert "載せなかったもの：① 推進取組" in client.get(four).content.decode()
    made = Book.unscoped.get(template="one-table")
    rows = load_workbook(io.BytesIO(body(client.get(f"{place}file"))))["個別取組"]
    assert sum(row[0].value is not None and str(row[0].value).isdecimal() for row in rows.iter_rows()) == 45
    assert client.post(desk(edition), asked)["Location"] == place
    assert client.post(desk(edition), {**asked, "large": "1"})["Location"] != place
    assert (made.state, made.draft, made.publication) == ("made", True, None)
    refused = client.post(f"{place}release/", {"version": made.version + 1})
    assert refused.status_code in {409, 422}
    assert not PublishedBook.unscoped.exists(), "what is a draft's stays at the desk"


def test_a_publication_brings_its_books_and_they_go_with_it(client: Client, town: Town) -> None:
    visitor = Client()
    edition = publish(town)
    place = "/990019/plan/2026/"
    before = visitor.get(place)
    assert "計画の冊子" not in before.content.decode()
    assert visitor.get(f"{place}book.pdf").status_code == 404
    Worker().run(once=True)
    page = visitor.get(place, headers={"If-None-Match": before["ETag"]})
    assert page.status_code == 200, "the page changed with its books"
    assert f'href="{place}book.pdf"' in page.content.decode()
    for ending in ("pdf", "docx", "xlsx"):
        answer = visitor.get(f"{place}book.{ending}")
        assert status(answer) == 200
        assert answer["Cache-Control"] == "no-cache"
    found = look(body(visitor.get(f"{place}book.pdf")))
    assert faults(found, "みほん市情報化推進計画 令和8年度版") == []
    assert "公表第1号" in found.tree.whole
    assert "下書き（" not in found.tree.whole
    assert visitor.get(f"{place}book.exe").status_code == 404
    ctx = town.ctx("plan_secretariat")
    publish_edition(ctx, Edition.unscoped.get(pk=edition.pk), PublishEdition(note="正誤"))
    Worker().run(once=True)
    assert "公表第2号" in look(body(visitor.get(f"{place}book.pdf"))).tree.whole
    withdraw_edition(ctx, Edition.unscoped.get(pk=edition.pk), WithdrawEdition("確認のため"))
    assert visitor.get(f"{place}book.pdf").status_code == 410


def test_the_desks_copies_go_and_the_publics_stay(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = publish(town)
    Worker().run(once=True)
    assert client.get(desk(edition)).content.decode().count("受け取る<") == 3
    later = clock.now() + KEPT * 2
    monkeypatch.setattr(clock, "now", lambda: later)
    Worker().run(once=True)
    assert {one.state for one in Book.unscoped.all()} == {"gone"}
    assert status(Client().get("/990019/plan/2026/book.pdf")) == 200
    # Asked for again, it is made again.
    again = signed_in(town, "plan_secretariat")
    assert again.post(f"{desk(edition)}public/").status_code == 303
    Worker().run(once=True)
    assert Book.unscoped.filter(state="made", release=True).count() == 3


def test_a_citys_template_is_taken_in_chosen_and_retired(client: Client, town: Town) -> None:
    own = Template(
        "市のひな形",
        "",
        (Part("table", "{{年度}}の取組（{{件数}}件）", columns=(TemplateColumn("件名", "{{取組名}}"),)),),
    )
    assert "ひな形" in client.get(TEMPLATES).content.decode()
    assert send(client, "市のひな形", "book", template_sheets.write(own)).status_code == 303
    kept = BookTemplate.unscoped.get()
    assert client.post(f"{TEMPLATES}{kept.pk}/choose/", {"version": kept.version}).status_code == 303
    edition = publish(town)
    Worker().run(once=True)
    sheet = load_workbook(io.BytesIO(body(Client().get("/990019/plan/2026/book.xlsx"))))
    assert sheet.sheetnames == ["目次", "令和8年度の取組（5件）"]
    assert [row[0].value for row in sheet.worksheets[1].iter_rows()][-1] == "犬の登録の台帳"
    answer = client.get(f"{TEMPLATES}{kept.pk}.xlsx")
    assert template_sheets.read(io.BytesIO(body(answer)), "市のひな形").parts == own.parts
    kept.refresh_from_db()
    assert client.post(f"{TEMPLATES}{kept.pk}/retire/", {"version": kept.version}).status_code == 303
    assert "市のひな形" not in client.get(desk(edition)).content.decode().split('id="books"')[0]


def test_faults_of_an_upload_are_told_by_cell_and_nothing_is_kept(client: Client, town: Town) -> None:
    book = load_workbook(io.BytesIO(sample()))
    book["様式"]["C4"] = "{{担当部所}}"
    target = io.BytesIO()
    book.save(target)
    answer = send(client, "様式1", "form", target.getvalue())
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "シート「様式」のC4：「担当部所」という項目はありません" in html
    assert 'value="様式1"' in html, "what was typed stays"
    assert send(client, "標準", "form", sample()).status_code == 422, "the name of a shipped one"
    assert send(client, "", "form", sample()).status_code == 422
    assert not BookTemplate.unscoped.exists()


def test_a_citys_form_is_filled_and_is_excel_alone(client: Client, town: Town) -> None:
    edition = publish(town)
    assert send(client, "様式第1号", "form", sample()).status_code == 303
    key = str(BookTemplate.unscoped.get().pk)
    refused = client.post(desk(edition), {"template": key, "format": "pdf"})
    assert refused.status_code == 422
    assert "「様式第1号」は Excel の様式です" in refused.content.decode()
    answer = client.post(desk(edition), {"template": key, "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(body(answer)))["様式"]
    assert [sheet[f"A{row}"].value for row in range(4, 10)] == ["1", "2-1", "2-2", "10", "1", "計"]
    assert sheet["B9"].value == '=COUNTA(A4:A8)&"件"'


def test_whoever_reads_makes_books_and_keeps_no_templates(town: Town) -> None:
    edition = take_in(town, edition_document())
    staff = signed_in(town, "staff")
    assert staff.post(desk(edition), {"template": "one-table", "format": "xlsx"}).status_code == 200
    assert "確かめて登録する" not in staff.get(TEMPLATES).content.decode()
    assert send(staff, "市の", "form", sample()).status_code == 403
    assert staff.post(f"{desk(edition)}public/").status_code == 403


def test_the_command_writes_a_file_and_says_what_there_is(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(town, edition_document())
    target = tmp_path / "book.docx"
    command = ["plan", "book", "--municipality", "990019", "--output", str(target)]
    assert main([*command, "--format", "docx", "--edition", "R8"]) == 0
    assert target.read_bytes().startswith(b"PK")
    assert "下書きから、「みほん市情報化推進計画 令和8年度版」の冊子（取組5件" in capsys.readouterr().err
    assert main([*command, "--edition", "R1"]) == 1
    assert main([*command, "--template", "なし"]) == 1
    told = capsys.readouterr().err
    assert "「R1」という版はありません" in told
    assert all(one.name in told for one in SHIPPED.values())
