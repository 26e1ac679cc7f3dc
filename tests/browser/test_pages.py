"""Every type of page: axe finds nothing, nothing overflows, nothing comes from elsewhere, no script fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client

from tests.browser.conftest import LARGE, LOOKS, PHONE, Look, Visitor
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan.actions import CorrectField, PublishEdition, correct_field, publish_edition
from yakuba.services.plan.models import Edition, Initiative

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def portal_pages(edition: Edition) -> list[str]:
    """An address for each type of public page."""
    first = Initiative.unscoped.filter(edition=edition).order_by("position").first()
    assert first is not None
    return [
        "/",
        "/990019/",
        "/990019/plan/",
        "/990019/plan/2024/",
        "/990019/plan/2024/?q=電子&filter.progress=順調",
        "/990019/plan/2024/?q=ありえない言葉",
        "/990019/plan/2024/text/",
        "/990019/plan/2024/changes/",
        "/990019/plan/changes/",
        f"/990019/plan/2024/{first.pk}/indicators/1/embed/",
        f"/990019/plan/2024/{first.pk}/",
        f"/990019/plan/2024/{first.pk}/answer/",
        "/990019/plan/2024/sheets/",
        "/990019/plan/2024/scoreboard/",
        f"/en/990019/plan/2024/{first.pk}/",
        f"/ja-simple/990019/plan/2024/{first.pk}/",
        "/990019/search/?q=電子申請",
        "/api/",
        "/style",
        "/style?shell=print-a3",
        "/style?shell=embed",
        "/desk/sign-in/",
        "/no-such-page/",
    ]


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_portal(visitor: Visitor, published: Edition) -> None:
    pages = portal_pages(published)
    # The specimens are no reader's pages: nobody needs them in large letters.
    specimens = [path for path in pages if path.startswith("/style")]
    check(visitor, [path for path in pages if path not in specimens], (*LOOKS, LARGE))
    check(visitor, specimens)


def check(visitor: Visitor, paths: list[str], looks: Sequence[Look] = LOOKS) -> None:
    """Open every page and look."""
    wrong: list[str] = []
    for path in paths:
        page = visitor.open(path)
        wrong += [f"{path}: {fault}" for fault in visitor.faults(looks)]
        if not page.title().strip():
            wrong.append(f"{path}: no title")
        if page.locator("h1").count() != 1:
            wrong.append(f"{path}: {page.locator('h1').count()} headings of the first level")
    expected = [e for e in visitor.errors if "404" in e or "400" in e]  # the pages that are asked for in vain
    wrong += [f"script: {e}" for e in visitor.errors if e not in expected]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["no-script"])
def test_the_public_finds_an_initiative_without_script(
    visitor: Visitor, published: Edition, town: Town
) -> None:
    page = visitor.open("/")
    page.get_by_role("link", name="みほん市").first.click()
    page.get_by_role("searchbox").first.fill("その7")
    page.get_by_role("button", name="さがす").first.click()
    page.get_by_role("link", name="見本の取組その7").first.click()
    assert "見本の取組その7" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_role("table").count() >= 1, "every chart has its table"


def test_keyboard_alone_reaches_an_initiative(visitor: Visitor, published: Edition) -> None:
    page = visitor.open("/990019/plan/2024/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop skips to the content"
    for _step in range(120):
        page.keyboard.press("Tab")
        if "見本の取組その1：" in page.evaluate("document.activeElement.textContent"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "見本の取組その1" in page.title()


def test_escape_leaves_an_opened_field(visitor: Visitor, published: Edition, town: Town) -> None:
    client = Client()
    sign_in(client, town.account("plan_secretariat"))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])
    second = Initiative.unscoped.get(edition=published, number="2")
    page = visitor.open(f"/990019/desk/plan/initiatives/{second.pk}/?edit=title")
    form = page.locator("form[data-edit]")
    form.locator(".input").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert form.count() == 0


def test_a_list_of_the_desk_tells_its_keys(visitor: Visitor, published: Edition, town: Town) -> None:
    client = Client()
    sign_in(client, town.account("plan_secretariat"))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])
    page = visitor.open(f"/990019/desk/plan/editions/{published.pk}/")
    page.get_by_role("button", name="キー操作").click()
    assert page.get_by_role("dialog").get_by_text("次の行").is_visible()


def desk_pages(edition: Edition) -> list[tuple[str, str]]:
    """(role, address) for each type of page of the desk."""
    second = Initiative.unscoped.get(edition=edition, number="2")
    draft = f"/990019/desk/plan/editions/{edition.pk}/"
    row = f"/990019/desk/plan/initiatives/{second.pk}/"
    return [
        ("plan_secretariat", "/990019/desk/"),
        ("plan_secretariat", "/990019/desk/plan/"),
        ("plan_secretariat", draft),
        ("plan_secretariat", f"{draft}?filter.state=doubt"),
        ("plan_secretariat", f"{draft}notes/"),
        ("plan_secretariat", f"{draft}sheet/"),
        ("plan_secretariat", f"{draft}offices/"),
        ("plan_secretariat", f"{draft}publish/"),
        ("plan_secretariat", f"{draft}publish/1/"),
        ("plan_secretariat", f"{draft}publish/2/"),
        ("plan_secretariat", row),
        ("plan_secretariat", f"{row}?edit=title"),
        *(("plan_secretariat", f"{row}edit/{part}/") for part in ("head", "placements", "texts", "values-0")),
        ("plan_secretariat", f"{row}revise/?path=indicators[0].values[3]"),
        ("plan_secretariat", f"{row}history/"),
        ("plan_secretariat", f"{row}remove/"),
        ("plan_secretariat", f"{row}answer/?notes=1"),
        ("plan_secretariat", f"{draft}print/"),
        ("plan_secretariat", f"{draft}as-public/"),
        ("plan_secretariat", f"{draft}as-public/text/"),
        ("plan_secretariat", f"{draft}as-public/{second.pk}/"),
        ("plan_secretariat", f"{draft}initiatives/new/"),
        ("plan_secretariat", f"{draft}ask/"),
        ("plan_secretariat", f"{draft}ask/?about=definition"),
        ("plan_secretariat", f"{draft}themes/"),
        ("plan_secretariat", f"{draft}memos/"),
        *(
            ("plan_secretariat", f"{draft}{page}/")
            for page in ("tree", "text", "text/bodies", "about", "next")
        ),
        ("plan_secretariat", "/990019/desk/plan/new/"),
        ("plan_secretariat", "/990019/desk/plan/calendar/"),
        ("plan_secretariat", "/990019/desk/plan/calendar/import/"),
        ("plan_secretariat", "/990019/desk/plan/imports/"),
        ("plan_secretariat", "/990019/desk/plan/imports/new/"),
        ("plan_secretariat", "/desk/account/"),
        ("municipality_admin", "/990019/desk/people/"),
        ("municipality_admin", "/990019/desk/people/import/"),
        ("municipality_admin", "/990019/desk/accounts/"),
        ("auditor", "/990019/desk/trail/"),
    ]


def corrected_and_published(town: Town, edition: Edition) -> None:
    """A second number of the edition, which differs from the first in a title and a long text."""
    third = Initiative.unscoped.get(edition=edition, number="3")
    correct_field(town.ctx("cli"), third, CorrectField("title", "見本の取組その3：公開地図の充実"))
    third.refresh_from_db()
    correct_field(town.ctx("cli"), third, CorrectField("texts.approach", "見直した方針です。" * 30))
    edition.refresh_from_db()
    publish_edition(town.ctx("cli"), edition, PublishEdition("題名と方針の誤りを直しました。"))


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_desk(visitor: Visitor, published: Edition, town: Town) -> None:
    corrected_and_published(town, published)
    pages = desk_pages(published)
    for role in dict.fromkeys(role for role, _path in pages):
        client = Client()
        sign_in(client, town.account(role))
        cookie = client.cookies["yakuba_staff"]
        visitor.context.clear_cookies()
        visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])
        check(visitor, [path for of, path in pages if of == role])
