"""Notices, seals, number books, the intake list, exports and hand-overs: every page in axe's eyes, and one notice from the decision to its download."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.test_casework import come_in, look_at
from tests.engines.casework import papers
from tests.engines.casework.specimens import decided
from tests.services.procedures.offers import procedure
from tests.services.procedures.specimens_papers import stuck
from tests.services.procedures.test_bundle import hold
from tests.services.procedures.test_paper import case_of
from tests.world import Town
from yakuba.engines.casework.models import Notice
from yakuba.services.procedures.models import Webhook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON_A_PHONE = pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])


@ON_A_PHONE
def test_pages_of_notices_are_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    adverse = papers.refused(town)
    papers.seal(town)
    thin = papers.draft(
        town,
        papers.refused(town),
        body=f"{papers.BODY}\n2　理由\n　　市外のため。",
        remedies="市長に審査請求ができます。",
    )
    pages = [
        ("notice-form", f"cases/{adverse.pk}/notice/"),
        ("notice-draft", f"notices/{thin.pk}/"),
        ("notice-released", f"notices/{papers.issued(town).pk}/"),
        ("notice-to-print", f"notices/{papers.to_print(town).pk}/"),
        ("notices", "notices/"),
        ("notices-all", "notices/?view=all"),
        ("notices-none", "notices/?view=stopped"),
    ]
    for name, path in pages:
        visitor.open(f"/990019/desk/{path}")
        look_at(visitor, name)


@ON_A_PHONE
def test_pages_of_books_and_seals_are_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town, "records_keeper")
    book, seal = papers.book(town), papers.seal(town)
    for name, path in (
        ("books", "number-books/"),
        ("book", f"number-books/{book.pk}/"),
        ("seals", "seals/"),
        ("seal", f"seals/{seal.pk}/"),
    ):
        visitor.open(f"/990019/desk/{path}")
        for fold in visitor.page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        look_at(visitor, name)


@ON_A_PHONE
def test_pages_of_lists_and_exports_are_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    of = procedure(town)
    case_of(town, of=of)
    hold(town, case_of(town, of=of))
    days = "first=2020-01-01&last=2035-01-01"
    for name, path in (
        ("intake", "cases/bundle/"),
        ("intake-none", "cases/bundle/?day=2020-04-01"),
        ("export", "cases/export/"),
        ("export-found", f"cases/export/?procedure={of.pk}&{days}"),
    ):
        visitor.open(f"/990019/desk/{path}")
        look_at(visitor, name)


@ON_A_PHONE
def test_pages_of_handovers_are_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town, "procedure_secretariat")
    row = stuck(town)
    hook = Webhook.unscoped.get()
    for name, path in (
        ("handovers", "handovers/"),
        ("handover", f"handovers/{row.pk}/"),
        ("receivers", "handovers/receivers/"),
        ("receiver", f"handovers/receivers/{hook.pk}/"),
    ):
        visitor.open(f"/990019/desk/{path}")
        for fold in visitor.page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        look_at(visitor, name)


@pytest.mark.parametrize("visitor", [{"width": PHONE}, {"width": DESKTOP, "js": False}], indirect=True)
def test_from_the_decision_to_the_download(visitor: Visitor, town: Town) -> None:
    papers.seal(town)
    case = decided(town)
    come_in(visitor, town)
    page = visitor.open(f"/990019/desk/cases/{case.pk}/")
    page.get_by_role("link", name="通知書を書く・施行する").click()
    page.get_by_role("button", name="保存して印刷の姿を見る").click()
    page.get_by_role("heading", name="施行する").wait_for()
    seen = page.request.get(
        visitor.base + str(page.get_by_role("link", name="印刷の姿を見る").get_attribute("href"))
    )
    assert seen.body().startswith(b"%PDF-")
    page.get_by_role("button", name="施行する", exact=True).click()
    dialog = page.get_by_role("dialog")
    if dialog.count():
        dialog.get_by_role("button", name="施行する", exact=True).click()
    page.get_by_text("ダウンロード待ち").first.wait_for()
    got = page.request.get(
        visitor.base + str(page.get_by_role("link", name="通知書を開く").get_attribute("href"))
    )
    assert got.headers["content-type"] == "application/pdf"
    assert got.body().startswith(b"%PDF-")
    notice = Notice.unscoped.get(case=case)
    assert (notice.state, notice.sealing) == ("released", "image")
    page.get_by_role("link", name="案件に戻る").click()
    page.get_by_text(notice.document_number).first.wait_for()
