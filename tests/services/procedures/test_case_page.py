"""A filing on the desk: the panel of its case, the filing as it was made, its files, and what came on paper."""

from __future__ import annotations

import copy
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.services.procedures.offers import ANSWERS, SHEET, definition, procedure, submission
from tests.services.procedures.specimens_receiving import POSTED, filing
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.publishing.store import Copy, freeze
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import Filing, Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(mihon: Town, client: Client) -> Client:
    sign_in(client, mihon.account("case_worker"))
    return client


def of(made: Filing) -> str:
    return f"/990019/desk/cases/{made.case_id}/"


def test_the_panel_shows_what_was_handed_in(mihon: Town, worker: Client) -> None:
    made = filing(mihon)
    page = worker.get(of(made)).content.decode()
    for part in ("手本", "くみこ", "昭和33年4月1日", grouped(made.receipt), "第1版", "無料"):
        assert part in page
    assert TrailEntry.unscoped.filter(kind="read").exists()


def test_an_old_filing_looks_as_it_did_after_the_procedure_changed(mihon: Town, worker: Client) -> None:
    kept = procedure(mihon)
    made = submission(mihon, of=kept)
    receive(mihon.ctx("cli"), made, NoData())
    before = Filing.unscoped.get(receipt=made.receipt)
    address = f"/990019/desk/filings/{before.pk}/as-made/"
    first = worker.get(address).content.decode()
    for number in range(2, 7):
        change(mihon, kept, number)
    assert body_of(worker.get(address).content.decode()) == body_of(first)
    assert "はじめのため" in first
    assert "第1版" in worker.get(of(before)).content.decode()


def change(town: Town, kept: Procedure, number: int) -> None:
    """Another version, with another title and other labels."""
    sheet = document.write(definition(title={"ja": f"ちがう申請{number}"}))
    text = str(sheet).replace("理由", f"わけ{number}")
    assert "わけ" in text
    ctx = town.ctx("cli").begin()
    freeze(ctx, Copy("procedure", kept.pk, FiscalYear.of(clock.now()), "ちがう申請", head=sheet, parts=()))


def body_of(page: str) -> str:
    """The page's own content, without keys that every answer has anew."""
    return page.partition("<main")[2].partition("</main")[0]


def test_nobody_of_another_office_reads_it(mihon: Town, client: Client) -> None:
    made = filing(mihon)
    sign_in(client, mihon.account("case_worker", "other"))
    assert client.get(of(made)).status_code == 404
    assert client.get(f"/990019/desk/filings/{made.pk}/as-made/").status_code == 404


def test_what_came_over_the_counter_stands_in_the_same_list(mihon: Town, worker: Client) -> None:
    kept = procedure(mihon)
    address = f"/990019/desk/cases/enter/{kept.pk}/"
    assert "氏名" in worker.get(address).content.decode()
    answer = worker.post(address, {**POSTED, "result": "counter"})
    assert answer.status_code == 303
    case = Case.unscoped.get()
    assert (case.channel, case.state, case.result) == ("counter", "arrived", "counter")
    assert answer["Location"].endswith(f"/cases/{case.pk}/")


def test_who_recorded_it_stands_with_its_arrival(mihon: Town, worker: Client) -> None:
    worker.post(f"/990019/desk/cases/enter/{procedure(mihon).pk}/", POSTED)
    arrived = Case.unscoped.get().moves.get()
    person = mihon.account("case_worker").person
    assert person is not None
    assert arrived.by_label.startswith("申請者（記録：")
    assert person.name in arrived.by_label
    online = filing(mihon)
    assert Case.unscoped.get(pk=online.case_id).moves.get().by_label == "申請者"


def test_whoever_comes_to_the_counter_lives_here(mihon: Town, worker: Client) -> None:
    address = {"key": "home", "kind": "address", "label": {"ja": "住所"}, "required": True}
    other = {"key": "other", "kind": "address", "label": {"ja": "前の住所"}, "required": False}
    steps = copy.deepcopy(SHEET["steps"])
    steps[0]["sections"][0]["questions"] += [address, other]
    Municipality.unscoped.filter(pk=mihon.ref.id).update(prefecture="群馬県")
    page = worker.get(f"/990019/desk/cases/enter/{procedure(mihon, steps=steps).pk}/").content.decode()
    assert page.count('<option value="群馬県" selected') == 1
    assert re.search(r'name="q.home.city"[^>]* value="みほん市"', page)
    assert re.search(r'name="q.other.city"[^>]* value=""', page)


def test_what_the_paper_lacks_is_pointed_out_once_and_then_taken(mihon: Town, worker: Client) -> None:
    kept = procedure(mihon)
    address = f"/990019/desk/cases/enter/{kept.pk}/"
    lacking = {**POSTED, "q.birth": ""}
    told = worker.post(address, lacking)
    assert told.status_code == 422
    assert "生年月日" in told.content.decode()
    assert 'value="手本"' in told.content.decode(), "what was typed is kept"
    assert not Case.unscoped.exists()
    assert worker.post(address, {**lacking, "as_is": "1"}).status_code == 303
    assert Filing.unscoped.get().answers.keys() == ANSWERS.keys() - {"birth", "reason"}


@pytest.mark.parametrize("when", ["令和99年1月1日 10:00", "あした", ""])
def test_a_wrong_moment_is_told_at_its_field(when: str, mihon: Town, worker: Client) -> None:
    kept = procedure(mihon)
    told = worker.post(f"/990019/desk/cases/enter/{kept.pk}/", {**POSTED, "arrived_at": when})
    assert told.status_code == 422
    assert 'id="id_arrived_at-error"' in told.content.decode()
    more = worker.post(
        f"/990019/desk/cases/enter/{kept.pk}/", {**POSTED, "arrived_at": when, "q.birth": "R8.1.32"}
    ).content.decode()
    assert "「生年月日」に「R8.1.32」は使えません" in more, "all mistakes at once"
    assert ('id="id_arrived_at-error"' in more) == (when != "令和99年1月1日 10:00")


def test_a_scanned_paper_is_kept_and_read_by_the_office_alone(mihon: Town, worker: Client) -> None:
    made = filing(mihon)
    page = SimpleUploadedFile("紙.pdf", pdf(), content_type="application/pdf")
    assert worker.post(f"/990019/desk/filings/{made.pk}/scan/", {"scan": page}).status_code == 303
    kept = made.attachments.get()
    address = f"/990019/desk/filings/{made.pk}/files/{kept.pk}/"
    served = worker.get(address)
    assert served.status_code == 200
    assert b"".join(served.streaming_content) == pdf()
    other = Client()
    sign_in(other, mihon.account("case_worker", "other"))
    assert other.get(address).status_code == 404


def pdf() -> bytes:
    """One empty page."""
    from io import BytesIO

    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
