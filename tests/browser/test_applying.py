"""Somebody applies on a phone without JavaScript, corrects, and opens the notice; axe, large letters, the keyboard."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import DESKTOP, PHONE, Look, Visitor
from tests.services.procedures.portal.sheets import offered, picture
from tests.world import Town
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.files import store as files
from yakuba.services.procedures.citizens import numbers
from yakuba.services.procedures.models import Release, Reply, Submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("YAKUBA_PICTURES", "")


def fill_applicant(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("[name='q.name.family']").fill("手本")
    page.locator("[name='q.name.given']").fill("くみこ")
    page.locator("[name='q.name.family_kana']").fill("テホン")
    page.locator("[name='q.name.given_kana']").fill("クミコ")
    page.locator("[name='q.birth']").fill("昭和33年4月1日")


def go(way: Locator) -> None:
    """Press something that leads to another page, and wait until that page is there."""
    with way.page.expect_navigation():
        way.click()


def look(visitor: Visitor, name: str) -> None:
    """What holds on every page: nothing hangs over, and axe is content."""
    assert visitor.faults((Look(PHONE), Look(PHONE, dark=True))) == [], name
    if PICTURES:
        visitor.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_every_page_on_a_phone(visitor: Visitor, town: Town, tmp_path: Path) -> None:
    offered(town, summary={"ja": "犬を飼い始めた方の届け出です。"}, who={"ja": "市内で犬を飼う方"})
    photo = tmp_path / "ぽち.png"
    photo.write_bytes(picture().getvalue())
    page = visitor.open("/990019/")
    go(page.get_by_role("link", name=re.compile("ペット")))
    look(visitor, "01-list")
    go(page.get_by_role("link", name="見本の申請").first)
    look(visitor, "02-procedure")
    go(page.get_by_role("link", name="手続をはじめる"))
    look(visitor, "03-start")
    go(page.get_by_role("button", name="記入をはじめる"))
    look(visitor, "04-page")
    page.locator("[name='q.birth']").fill("いつか")
    go(page.get_by_role("button", name="次へ", exact=True).last)
    assert page.get_by_role("alert").is_visible()
    look(visitor, "05-errors")
    fill_applicant(visitor)
    go(page.get_by_role("button", name="次へ", exact=True).last)
    page.get_by_label("いいえ").check()
    page.locator("[name='q.dog.0.call']").fill("ぽち")
    go(page.get_by_role("button", name="「犬」を増やす"))
    look(visitor, "06-rows")
    go(page.get_by_role("button", name="次へ", exact=True).last)
    page.locator("input[type=file]").set_input_files(photo)
    go(page.get_by_role("button", name="このファイルを付ける"))
    assert page.get_by_role("link", name="ぽち.png").is_visible()
    look(visitor, "07-files")
    go(page.get_by_role("button", name="あとで続ける"))
    look(visitor, "08-keep")
    go(page.get_by_role("button", name="保存する"))
    look(visitor, "09-kept")
    go(page.get_by_role("link", name="記入に戻る"))
    go(page.get_by_role("button", name="次へ", exact=True).last)
    page.get_by_label("ダウンロード").check()
    look(visitor, "10-reach")
    go(page.get_by_role("button", name="次へ"))
    look(visitor, "11-check")
    go(page.get_by_role("button", name="提出する"))
    look(visitor, "12-receipt")
    go(page.get_by_role("link", name="申請の状況を見る", exact=True).first)
    made = Submission.unscoped.get()
    Release.unscoped.create(
        municipality_id=town.ref.id,
        submission=made,
        kind="correction",
        title="補正のお願い",
        text="生年月日を確かめてください。",
        body={"questions": ["birth"], "answers": {"birth": "1958-04-01"}},
        at=clock.now(),
    )
    page.reload()
    look(visitor, "13-application")
    go(page.get_by_role("link", name="補正のお願いを開く"))
    look(visitor, "14-correct")
    go(page.get_by_role("button", name="直しはじめる"))
    page.locator("[name='q.birth']").fill("昭和34年4月2日")
    look(visitor, "15-correction")
    go(page.get_by_role("button", name="次へ", exact=True).last)
    go(page.get_by_role("button", name="補正を送る"))
    assert Reply.unscoped.get().body["answers"] == {"birth": "1959-04-02"}
    stored = files.keep(
        town.ctx("cli").begin(),
        b"%PDF-1.4 notice",
        "通知書.pdf",
        classification=PERSONAL,
        retention_class="notice",
    )
    Release.unscoped.create(
        municipality_id=town.ref.id,
        submission=made,
        kind="notice",
        title="見本の決定通知書",
        file=stored,
        at=clock.now(),
    )
    page.reload()
    go(page.get_by_role("link", name="通知書のページへ"))
    look(visitor, "16-notice")
    go(page.get_by_role("button", name="開いて確認する"))
    assert page.get_by_role("link", name="通知書をダウンロードする").is_visible()
    visitor.open(f"/990019/procedures/applications/{made.pk}/withdraw/")
    look(visitor, "17-withdraw")
    visitor.open(f"/990019/procedures/applications/{made.pk}/copy/")
    go(page.get_by_role("button", name="取り寄せる"))
    look(visitor, "18-copy-asked")
    body = {"answers": made.body["answers"], "files": {}}
    Release.unscoped.create(
        municipality_id=town.ref.id, submission=made, kind="copy", title="写し", body=body, at=clock.now()
    )
    go(page.get_by_role("link", name="もう一度開く"))
    assert page.get_by_text("昭和33年4月1日").is_visible()
    look(visitor, "19-copy")
    assert [one for one in visitor.errors if "422" not in one] == []


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_without_script(visitor: Visitor, town: Town) -> None:
    subject = offered(town)
    page = visitor.open(f"/990019/procedures/{subject.pk}/")
    go(page.get_by_role("link", name="手続をはじめる"))
    go(page.get_by_role("button", name="記入をはじめる"))
    fill_applicant(visitor)
    go(page.get_by_role("button", name="次へ", exact=True).last)
    page.get_by_label("はい").check()
    page.locator("[name='q.dog.0.call']").fill("ぽち")
    go(page.get_by_role("button", name="次へ", exact=True).last)
    assert page.get_by_text("質問が増えました").is_visible(), "the number of the chip is asked now"
    page.locator("[name='q.number']").fill("392000000000000")
    go(page.get_by_role("button", name="次へ", exact=True).last)
    go(page.get_by_role("button", name="次へ", exact=True).last)
    page.get_by_label("郵送").check()
    go(page.get_by_role("button", name="次へ"))
    go(page.get_by_role("button", name="提出する"))
    made = Submission.unscoped.get()
    assert page.get_by_text(numbers.grouped(made.receipt)).is_visible()
    page.go_back()
    page.go_back()
    assert Submission.unscoped.count() == 1


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["keyboard"])
def test_with_the_keyboard_alone_and_large_letters(visitor: Visitor, town: Town) -> None:
    subject = offered(town)
    page = visitor.open(f"/990019/procedures/{subject.pk}/start/")
    page.get_by_role("button", name="記入をはじめる").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/applicant/")
    visitor.enlarge()
    assert visitor.overflow() <= 0
    page.locator("[name='q.name.family']").focus()
    for text in ("手本", "くみこ", "テホン", "クミコ", "昭和33年4月1日"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.locator("[name='q.birth']").press("Enter")
    page.wait_for_url("**/pages/dogs/")
