"""The keeper's pages: the register, the sheet, the holds."""

from __future__ import annotations

import io
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client

from tests.engines.protection.specimens import hold, protected
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(mihon: Town) -> Client:
    client = Client()
    sign_in(client, mihon.account("protection_keeper"))
    return client


def desk(mihon: Town, rest: str = "") -> str:
    return f"/{mihon.ref.code}/desk/protection/{rest}"


def reads() -> list[tuple[str, object]]:
    return list(TrailEntry.unscoped.filter(kind="read").values_list("action", "subject_id"))


def test_an_empty_register_says_what_to_do(mihon: Town, keeper: Client) -> None:
    page = keeper.get(desk(mihon)).content.decode()
    assert "この条件の登録はありません" in page
    assert desk(mihon, "new/") in page
    assert "止めているものはありません" in keeper.get(desk(mihon, "holds/")).content.decode()
    assert reads() == []


def test_write_down_change_and_find(mihon: Town, keeper: Client) -> None:
    typed = {
        "name": "𠮷田󠄀 花子",
        "kana": "よしだ はなこ",
        "birth": "S55.5.5",
        "valid_from": "R8.4.1",
        "former_names": "古姓 花子\n旧姓 花子",
    }
    answer = keeper.post(desk(mihon, "new/"), typed)
    assert answer.status_code == 303, answer.content.decode()
    row = Protected.unscoped.get()
    assert (row.name, row.kana, row.former_names) == ("𠮷田󠄀 花子", "ヨシダ ハナコ", "古姓 花子\n旧姓 花子")
    page = keeper.get(desk(mihon) + "?q=ヨシダ").content.decode()
    assert "昭和55年5月5日" in page
    assert reads() == [("protection.entries", row.pk)]
    form = keeper.get(desk(mihon, f"{row.pk}/")).content.decode()
    assert "旧姓 花子" in form
    answer = keeper.post(desk(mihon, f"{row.pk}/"), {**typed, "version": 1, "valid_to": "R9.3.31"})
    assert answer.status_code == 303, answer.content.decode()
    row.refresh_from_db()
    assert (row.version, str(row.valid_to)) == (2, "2027-03-31")


def test_what_was_typed_stays_beside_what_was_wrong(mihon: Town, keeper: Client) -> None:
    answer = keeper.post(desk(mihon, "new/"), {"name": "見本", "birth": "昨日ごろ", "valid_from": "R8.4.1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("昨日ごろ") >= 2
    assert "id_birth-error" in page


def test_somebody_else_was_faster(mihon: Town, keeper: Client) -> None:
    row = protected(mihon)
    answer = keeper.post(desk(mihon, f"{row.pk}/"), {"name": "別名", "version": 9, "valid_from": "R8.4.1"})
    assert answer.status_code == 409
    answer = keeper.post(desk(mihon, f"{row.pk}/"), {"name": "別名", "version": "x", "valid_from": "R8.4.1"})
    assert answer.status_code == 422


def test_strike_out(mihon: Town, keeper: Client) -> None:
    row = protected(mihon)
    assert keeper.post(desk(mihon, f"{row.pk}/"), {"do": "remove", "version": 1}).status_code == 303
    assert keeper.get(desk(mihon, f"{row.pk}/")).status_code == 404


def as_file(book: openpyxl.Workbook) -> io.BytesIO:
    """The workbook, to be sent."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "支援措置.xlsx"
    return file


def test_the_sheet_goes_out_and_comes_back(mihon: Town, keeper: Client) -> None:
    row = protected(mihon)
    answer = keeper.get(desk(mihon, "list.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a file response streams
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert "個人情報" in str([[cell.value for cell in line] for line in book.worksheets[1]])
    sheet.cell(2, heads.index("住所") + 1, "みほん市例示9-9")
    sheet.cell(3, heads.index("氏名") + 1, "例示 太郎")
    sheet.cell(3, heads.index("開始日") + 1, "2026-04-01")
    early = keeper.post(desk(mihon, "import/"), {"file": as_file(book)})
    assert early.status_code == 422
    birth = sheet.cell(3, heads.index("生年月日") + 1).coordinate
    assert [(one.address, one.problem.code) for one in early.context["found"].problems] == [
        (birth, "too_little")
    ]
    sheet.cell(3, heads.index("住所") + 1, "みほん市例示1-1")
    preview = keeper.post(desk(mihon, "import/"), {"file": as_file(book)})
    assert preview.status_code == 200, preview.content.decode()
    shown = preview.content.decode()
    assert "みほん市例示9-9" in shown
    assert "例示 太郎" in shown
    assert Protected.unscoped.count() == 1, "a preview changes nothing"
    sent = {key: preview.context[key] for key in ("changes", "places")}
    assert keeper.post(desk(mihon, "import/confirm/"), sent).status_code == 303
    row.refresh_from_db()
    assert row.address == "みほん市例示9-9"
    assert Protected.unscoped.count() == 2
    again = keeper.post(desk(mihon, "import/confirm/"), sent)
    assert again.status_code == 422
    assert "A2：" in again.content.decode()
    csv = b"".join(keeper.get(desk(mihon, "list.csv")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streams
    assert "例示 太郎" in csv


def test_a_file_that_is_no_sheet(mihon: Town, keeper: Client) -> None:
    file = io.BytesIO(b"%PDF-1.7 not a sheet")
    file.name = "x.pdf"
    answer = keeper.post(desk(mihon, "import/"), {"file": file})
    assert answer.status_code == 422
    assert "XLSX" in answer.content.decode()


def test_release(mihon: Town, keeper: Client) -> None:
    found = hold(mihon)
    listed = keeper.get(desk(mihon, "holds/")).content.decode()
    assert "見本課" in listed
    assert "氏名と生年月日" in listed
    page = keeper.get(desk(mihon, f"holds/{found.pk}/")).content.decode()
    assert "見本 花子" in page
    assert set(reads()) == {
        ("protection.holds", found.protected_id),
        ("protection.hold", found.protected_id),
    }
    refused = keeper.post(desk(mihon, f"holds/{found.pk}/"), {"reason": ""})
    assert refused.status_code == 422
    assert "解除の理由" in refused.content.decode()
    answer = keeper.post(desk(mihon, f"holds/{found.pk}/"), {"reason": "電話で確かめた", "resume": "1"})
    assert answer.status_code == 303
    found.refresh_from_db()
    assert (found.state, found.release_note) == ("released", "電話で確かめた")
    assert "電話で確かめた" in keeper.get(desk(mihon, f"holds/{found.pk}/")).content.decode()
    csv = b"".join(keeper.get(desk(mihon, "holds/list.csv")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streams
    assert "電話で確かめた" in csv


def test_the_first_page_of_the_desk_says_that_holds_wait(mihon: Town, keeper: Client) -> None:
    hold(mihon)
    home = keeper.get(f"/{mihon.ref.code}/desk/").content.decode()
    assert "支援措置で止めたものを確かめる" in home
    client = Client()
    sign_in(client, mihon.account("staff"))
    assert "支援措置" not in client.get(f"/{mihon.ref.code}/desk/").content.decode()


@pytest.mark.parametrize("role", ["staff", "municipality_admin", "auditor", "case_worker", "platform_admin"])
def test_nobody_else_reads_it(mihon: Town, role: str) -> None:
    row, found = protected(mihon), hold(mihon)
    client = Client()
    sign_in(client, mihon.account(role))
    for rest in (
        "",
        "new/",
        "import/",
        "list.csv",
        f"{row.pk}/",
        "holds/",
        "holds/list.xlsx",
        f"holds/{found.pk}/",
    ):
        assert client.get(desk(mihon, rest)).status_code == 403, rest


def test_another_municipality_sees_nothing(mihon: Town, karina: Town, keeper: Client) -> None:
    row, found = protected(karina), hold(karina)
    assert keeper.get(desk(mihon, f"{row.pk}/")).status_code == 404
    assert keeper.get(desk(mihon, f"holds/{found.pk}/")).status_code == 404
    assert keeper.get(desk(mihon, f"holds/{uuid4()}/")).status_code == 404
    assert keeper.get(desk(karina)).status_code == 404
    assert Hold.unscoped.get(pk=found.pk).state == "standing"
