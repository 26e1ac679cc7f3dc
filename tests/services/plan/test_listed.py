"""Every list of the desk leaves as XLSX and CSV, as it stands on its page."""

from __future__ import annotations

import csv
import io

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from tests.sample import published_edition
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.services.plan.actions import WriteNote, receive_file, write_note
from yakuba.services.plan.actions.importing import ReceiveFile
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(mihon: Town) -> Edition:
    return published_edition(mihon, 5)


def read(answer: HttpResponse) -> list[list[str]]:
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # files stream
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_lists_leave_as_files(mihon: Town, edition: Edition, file_format: str) -> None:
    client = signed_in(mihon, "plan_secretariat")
    here = f"/990019/desk/plan/editions/{edition.pk}/"
    receive_file(mihon.ctx("cli"), None, ReceiveFile("計画書.txt", "0" * 32))
    row = Initiative.unscoped.filter(edition=edition).first()
    assert row is not None
    write_note(mihon.ctx("cli"), None, WriteNote(str(edition.pk), "=確かめる", str(row.pk)))
    wanted = {
        f"{here}offices.{file_format}": ("見本課", "5"),
        f"{here}memos.{file_format}": ("確かめる",),
        f"{here}publish/1/initiatives.{file_format}": ("見本の取組その3",),
        f"/990019/desk/plan/imports.{file_format}": ("計画書.txt", "順番待ち"),
        f"/990019/desk/plan/editions.{file_format}": ("みほん市情報化推進計画",),
        f"{here}initiatives.{file_format}": ("見本の取組その3",),
        f"{here}indicators.{file_format}": ("オンライン化した手続",),
    }
    for address, words in wanted.items():
        text = "\n".join("\t".join(cells) for cells in read(client.get(address)))
        for word in words:
            assert word in text, address
    for page, link in (
        ("offices/", "offices."),
        ("memos/", "memos."),
        ("publish/1/", "publish/1/initiatives."),
    ):
        assert f"{link}{file_format}" in client.get(here + page).content.decode()


def test_an_address_keeps_its_filters(mihon: Town, edition: Edition) -> None:
    client = signed_in(mihon, "plan_secretariat")
    here = f"/990019/desk/plan/editions/{edition.pk}/"
    late = {"filter.progress": "停滞"}
    for name in (f"{here}initiatives.csv", f"{here}publish/1/initiatives.csv", f"{here}indicators.csv"):
        assert len(read(client.get(name, late))) < len(read(client.get(name))), name
    page = client.get(here, late).content.decode()
    assert "initiatives.xlsx?filter.progress=" in page


def test_what_one_may_not_see_one_may_not_save(mihon: Town, karina: Town, edition: Edition) -> None:
    here = f"/desk/plan/editions/{edition.pk}/"
    staff, stranger = signed_in(mihon, "staff"), signed_in(karina, "plan_secretariat")
    assert staff.get("/990019/desk/plan/imports.csv").status_code == 403
    for name in ("offices.csv", "memos.csv", "publish/1/initiatives.csv", "indicators.csv"):
        assert staff.get(f"/990019{here}{name}").status_code == 200
        assert stranger.get(f"/990019{here}{name}").status_code == 404
        assert stranger.get(f"/990027{here}{name}").status_code == 404
        assert Client().get(f"/990019{here}{name}").status_code in {302, 403, 404}
    assert staff.get(f"/990019{here}publish/9/initiatives.csv").status_code == 404
