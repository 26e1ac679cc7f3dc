"""An office puts a procedure online in the browser, from the empty page to the public; every page in axe's eyes, without script too."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Locator

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Look, Visitor
from tests.services.procedures.desk.test_inventory import put
from tests.services.procedures.specimens_designing import desk, published
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.procedures.actions.designing import ChangeDraft, change_draft
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import InventoryRow, Offer, Procedure
from yakuba.services.procedures.ready import all_ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL, BOTH = (Look(PHONE), Look(NARROW)), (Look(PHONE), Look(DESKTOP))
PICTURES = os.environ.get("YAKUBA_PICTURES", "")
#: What docs/procedures.md tells.
PRESSES, ENTRIES = 42, 15


def come_in(visitor: Visitor, town: Town, role: str = "procedure_editor") -> None:
    """Signed in, as after password and second factor."""
    client = Client()
    sign_in(client, town.account(role))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


def look(visitor: Visitor, name: str, looks: Sequence[Look] = (Look(DESKTOP),)) -> None:
    """What holds on every page: nothing hangs over, axe is content, no script has failed."""
    assert visitor.faults(looks) == [], name
    assert [one for one in visitor.errors if "422" not in one] == [], name
    if PICTURES:
        size = visitor.page.viewport_size
        assert size is not None
        visitor.page.screenshot(path=str(Path(PICTURES) / f"{name}-{size['width']}.png"), full_page=True)
        visitor.errors.clear()  # hiding the cursor for the picture is no style of ours


class Clerk:
    """Somebody whose presses and entries are counted."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.presses = 0
        self.entries = 0

    def go(self, way: Locator) -> None:
        """Press something that leads to another page."""
        self.presses += 1
        with self.page.expect_navigation():
            way.click()

    def button(self, name: str) -> None:
        """Press a button."""
        self.go(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """Follow a link."""
        self.go(self.page.get_by_role("link", name=name).first)

    def tick(self, name: str) -> None:
        """Choose a box or a radio button."""
        self.presses += 1
        self.page.get_by_label(name, exact=True).check()

    def choose(self, name: str, label: str) -> None:
        """Choose from a list: opening it and pressing the line."""
        self.presses += 2
        self.page.locator(f"select[name='{name}']").select_option(label=label)

    def write(self, name: str, text: str) -> None:
        """Type into a field."""
        self.entries += 1
        self.page.locator(f"[id='id_{name}']").fill(text)

    def ask(self, label: str, kind: str, options: str = "") -> None:
        """One more question on the page."""
        self.write("label", label)
        self.choose("kind", kind)
        if options:
            self.write("options", options)
        self.button("質問を加える")


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True)
def test_from_the_empty_page_to_the_public(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    page = visitor.open(desk(town, "procedures"))
    clerk = Clerk(visitor)
    look(visitor, "design-01-empty")
    clerk.link("手続を作る")
    look(visitor, "design-02-new")
    clerk.tick("何もないところから始める")
    clerk.write("title", "犬の死亡・引っ越しの届出")
    clerk.choose("kind", "届出")
    clerk.button("下書きを作る")
    clerk.write("step1-title", "犬のこと")
    clerk.button("ページを加える")
    clerk.ask("犬の名前", "1行の文字")
    clerk.ask("登録番号", "1行の文字")
    clerk.ask("何がありましたか", "1つ選ぶ", "犬が死亡した\n犬と引っ越した")
    clerk.ask("死亡した日", "日付")
    clerk.ask("新しい住所", "住所（郵便番号つき）")
    look(visitor, "design-03-page")
    asked = {one.label["ja"]: one.key for one in document.read(Procedure.unscoped.get().draft).questions()}
    what = asked["何がありましたか"]
    for label, code in (("死亡した日", "c1"), ("新しい住所", "c2")):
        clerk.go(page.locator(f"#question-{asked[label]}").get_by_role("link", name="直す"))
        clerk.write("when", f"{what} = '{code}'")
        if label == "死亡した日":
            look(visitor, "design-04-question")
        clerk.button("保存する")
    clerk.link("犬の死亡・引っ越しの届出")
    look(visitor, "design-05-outline")
    clerk.link("全体の内容")
    clerk.link("名称と探し方")
    clerk.write("summary", "飼い犬が死亡したとき、飼い主や犬の住所が変わったときの届出です。")
    clerk.write("words", "犬が死んだ\n犬と引っ越した")
    clerk.tick("ペット")
    clerk.button("保存する")
    clerk.link("根拠と期間")
    clerk.choose("grounds.0.kind", "法律")
    clerk.write("grounds.0.name", "狂犬病予防法")
    clerk.write("grounds.0.article", "第4条第4項")
    clerk.write("form_number", "様式第2号")
    clerk.button("保存する")
    look(visitor, "design-06-facts")
    clerk.link("審査と決定")
    clerk.tick("到達で完了とする（届出）")
    clerk.button("保存する")
    clerk.link("市民に見える形")
    look(visitor, "design-07-as-public")
    clerk.link("確かめて公開")
    look(visitor, "design-08-check")
    clerk.button("試行リンクを作る")
    clerk.presses += 1
    page.get_by_role("button", name="公開して受付をはじめる").click()
    clerk.go(page.get_by_role("dialog").get_by_role("button", name=re.compile("公開")))
    look(visitor, "design-09-published")
    assert Offer.unscoped.get().open
    assert InventoryRow.unscoped.get().online == "yakuba"
    visitor.open("/990019/procedures/")
    page.get_by_role("link", name="犬の死亡・引っ越しの届出").first.click()
    assert page.get_by_role("link", name="手続をはじめる").is_visible()
    assert (clerk.presses, clerk.entries) == (PRESSES, ENTRIES), "docs/procedures.md tells these"


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True)
def test_the_preview_follows_what_is_typed(visitor: Visitor, town: Town) -> None:
    made = published(town)
    come_in(visitor, town)
    page = visitor.open(desk(town, "procedures", made.pk, "questions", "reason"))
    page.locator("[name='label']").press("End")
    page.locator("[name='label']").press_sequentially("と方法", delay=10)
    page.locator("#preview").get_by_text("理由と方法").wait_for()
    assert Procedure.unscoped.get().draft == made.draft, "nothing is saved by looking"
    assert visitor.axe() == []
    page.locator("[name='label']").press("Control+A")
    page.locator("[name='label']").press_sequentially("わけ", delay=10)
    page.locator("#preview").get_by_text("わけ", exact=False).first.wait_for()


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_without_script(visitor: Visitor, town: Town) -> None:
    made = published(town)
    come_in(visitor, town)
    page = visitor.open(desk(town, "procedures", made.pk, "pages", "applicant"))
    page.locator("[name='label']").fill("電話番号")
    page.locator("select[name='kind']").select_option("phone")
    page.get_by_role("button", name="質問を加える").click()
    page.get_by_role("button", name="上へ：電話番号").click()
    keys = [one.key for one in document.read(Procedure.unscoped.get().draft).questions()]
    assert keys[-2:] == ["q1", "reason"]
    page.locator("#question-q1").get_by_role("link", name="直す").click()
    page.locator("[name='label']").fill("連絡のとれる電話番号")
    page.get_by_role("button", name="保存せずに見る").click()
    assert page.locator("#preview").get_by_text("連絡のとれる電話番号").first.is_visible()
    page.get_by_role("button", name="保存する", exact=True).click()
    page.locator("#question-q1").get_by_role("button", name="消す").click()
    assert [one.key for one in document.read(Procedure.unscoped.get().draft).questions()] == [
        *keys[:-2],
        "reason",
    ]


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_every_page_on_small_screens(visitor: Visitor, town: Town) -> None:
    """With the longest ready procedure in it."""
    made = published(town)
    after_school = next(one for one in all_ready() if one.key == "after-school-club")
    change_draft(town.ctx("cli"), made, ChangeDraft(document.write(after_school.definition)))
    put(town, {"title": "見本の届出", "office": "見本課", "yearly_count": 1200, "number": "1-2"})
    come_in(visitor, town, "procedure_secretariat")
    first = next(after_school.definition.sections())
    parts: list[tuple[object, ...]] = [
        (),
        ("facts",),
        ("facts", "ground"),
        ("facts", "rules"),
        ("as-public",),
        ("publish",),
    ]
    parts += [("manage",), ("versions", 1), ("pages", first.key), ("questions", first.questions[0].key)]
    for one in parts:
        visitor.open(desk(town, "procedures", made.pk, *one))
        look(visitor, f"small-{'-'.join(str(part) for part in one)}", SMALL)
    for path in ("procedures", "procedures/new", "inventory", "inventory/new", "inventory/import"):
        visitor.open(desk(town, *path.split("/")))
        look(visitor, f"small-{path.replace('/', '-')}", SMALL)
    visitor.open(desk(town, "inventory", InventoryRow.unscoped.exclude(number="").get().pk))
    look(visitor, "small-row", SMALL)


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_the_inventory_for_the_public(visitor: Visitor, town: Town) -> None:
    put(
        town,
        {"title": "見本の届出", "office": "見本課", "why_not": "対面で確かめるため"},
        {"title": "見本の申込", "online": "joint"},
    )
    come_in(visitor, town, "procedure_secretariat")
    page = visitor.open(desk(town, "inventory"))
    look(visitor, "inventory", BOTH)
    page.get_by_role("button", name="台帳を公開する").click()
    visitor.open("/990019/procedures/all/")
    look(visitor, "inventory-public", BOTH)
    assert page.get_by_text("対面で確かめるため").is_visible()
